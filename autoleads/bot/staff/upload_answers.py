"""What an owner's words do to an upload, at whichever step it is."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from autoleads.bot import texts_upload as texts
from autoleads.bot.gateway.base import Kind
from autoleads.bot.staff import numbers, publish, upload_steps, words
from autoleads.bot.staff.ask import UPLOAD
from autoleads.bot.staff.base import Done, Errand
from autoleads.bot.staff.draft import (
    FIELDS,
    MOST_FEATURE,
    MOST_FEATURES,
    MOST_NOTES,
    WHOLE,
    Draft,
)
from autoleads.bot.staff.upload_reading import plate_later, read_correction, read_data, read_features, read_field
from autoleads.bot.staff.upload_steps import accept, done, question
from autoleads.bot.texts_staff import SENT, SENT_OTHER
from autoleads.bot.understanding.command_base import Command
from autoleads.bot.understanding.normalize import clean
from autoleads.bot.understanding.plates import holds_plate
from autoleads.formats import legible
from autoleads.types import BranchId, CarStatus

_UPLOAD = re.compile(r"\s*/\s*upload\b", re.IGNORECASE)
_SKIP = re.compile(
    r"\W*(?:/?skip|lewat(?:i|in)?|(?:tidak|tdk|nggak|ngga|gak|gk|ga|belum|blm)(?: ?ada)?"
    r"|nanti|ntar|kosong(?:in|kan)?|no|none|udah|sudah|cukup|lanjut|next)?\W*"
    r"(?:(?:aja|saja|dulu|pak|bu|mas|kak|bos|skip|lanjut)\W*)*",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"\W*(?:halo+|hal+ow?|hai+|hi+|hey|hello|p|permisi|punten|tes|test|ass?alam\w*(?: ?alaikum)?|"
    r"(?:selamat |met )?(?:pagi|siang|sore|malam))\W*(?:pak|bu|mas|mbak|kak|min|gan|semua)?\W*",
    re.IGNORECASE,
)
_WAITS = re.compile(
    r"(?=.*(?:tunggu|bentar|bntr|wait))"
    r"\W*(?:(?:tunggu|(?:se)?bentar|s?bntr|wait|dulu|ya|pak|bu|mas|mbak|kak|min|saya|aku|cek|lihat)\b\W*)+",
    re.IGNORECASE,
)
_PUBLISH = re.compile(
    r"\W*(?:1|ya+|iya+|y|yes|ok(?:e|ey|ay)?|publish|publis|live|langsung live|gas|gaskan|lanjut|setuju|sip|siap)\W*"
    r"(?:publish|live|aja|saja|sekarang|pak|bu|mas|kak)?\W*",
    re.IGNORECASE,
)
_EDIT = re.compile(r"\W*(?:2|edit|ubah|ganti|revisi)\W*(?:dulu|aja|saja)?\W*", re.IGNORECASE)
_DRAFT = re.compile(r"\W*(?:3|(?:simpan\W+)?dra(?:f|ft)|simpan)\W*(?:dulu|aja|saja)?\W*", re.IGNORECASE)
_NUMBERED = re.compile(r"\W*(?:no(?:mor)?\W*)?(\d{1,2})\W*(?:ya|aja|saja|pak|bu|mas|kak|deh)?\W*")
_RECAP = re.compile(r"\W*(?:lanjut|recap|rekap|next|lihat)\W*", re.IGNORECASE)
_EDITABLE = (*FIELDS, "features", "notes", "photos")
_EDIT_WORDS = {
    "plate": "plat nopol", "model": "merek merk model mobil tipe", "year": "tahun thn", "price": "harga hrg",
    "km": "km kilometer odo", "transmission": "transmisi", "color": "warna", "fuel": "bbm bahan", "features": "fitur",
    "notes": "catatan kondisi", "photos": "foto gambar",
}  # fmt: skip
# By a car's code, or as a question, these are of no car that is being uploaded.
_OF_CARS = frozenset({Command.STATUS, Command.PRICE, Command.EDIT, Command.DELETE, Command.PHOTOS})
_FOR_ALL = frozenset({Command.LIST, Command.REPORT, Command.LEADS})
_SLASH = re.compile(r"\s*/\s*[a-z]", re.IGNORECASE)


def commands(errand: Errand, text: str) -> bool:
    """Whether it is another command, rather than a word about the upload."""
    if _SLASH.match(text):
        return not _UPLOAD.match(text) and not _SKIP.fullmatch(text)
    said = errand.shelf.read(text, errand.turn)
    of_another = said.command in _OF_CARS and "display_code" in said.entities and bool(said.cars)
    return of_another or (said.command in _FOR_ALL and text.rstrip().endswith("?"))


async def begin(errand: Errand, draft: Draft, text: str) -> Done:
    """What is said behind /upload, or of a car that nobody asked for."""
    values, problems = read_data(text, errand.turn.stock, errand.turn.now.year)
    if not values and not problems:
        asked = texts.DATA_UNREAD if len(text.split()) > 1 and _UPLOAD.match(text) else texts.SEND_PHOTOS
        return Done(text=asked, ask=errand.ask(UPLOAD, **draft.stored()))
    return await accept(errand, draft, values, problems)


async def answer(errand: Errand, draft: Draft, text: str) -> Done:
    """Whatever was asked last is what the words are taken for, if they can be."""
    kind = errand.turn.messages[-1].kind
    if kind is not Kind.TEXT and not text:
        what = SENT.get(kind, SENT_OTHER)
        return done(errand, draft, texts.NO_USE.format(what=what, question=question(errand, draft)))
    if _UPLOAD.match(text):
        return await _again(errand, draft, text)
    if _GREETING.fullmatch(text) or _WAITS.fullmatch(text) or not clean(text):  # no feature of the car
        return done(errand, draft, question(errand, draft))
    step = upload_steps.step_of(errand, draft)
    return await _STEPS.get(step, _field)(errand, draft, text)


async def _again(errand: Errand, draft: Draft, text: str) -> Done:
    """/upload in the middle of one."""
    if not draft.begun:
        return await begin(errand, draft, text)
    if not draft.said:
        values, problems = read_data(text, errand.turn.stock, errand.turn.now.year)
        if values or problems:
            return await accept(errand, draft, values, problems)
    return done(errand, draft, texts.RUNNING.format(what=draft.what, question=question(errand, draft)))


async def _data(errand: Errand, draft: Draft, text: str) -> Done:
    if _SKIP.fullmatch(text) or _RECAP.fullmatch(text):
        return done(errand, draft, texts.ASK_DATA)
    values, problems = read_data(text, errand.turn.stock, errand.turn.now.year)
    if not values and not problems:
        return done(errand, draft, texts.DATA_UNREAD)
    return await accept(errand, draft, values, problems)


async def _field(errand: Errand, draft: Draft, text: str) -> Done:
    name = upload_steps.step_of(errand, draft)
    values, problems, no_plate = read_field(name, text, errand.turn.stock, errand.turn.now.year)
    if no_plate:
        return await accept(errand, replace(draft.without("plate"), asked=""), {}, ())
    if not values and not problems:
        return done(errand, draft, texts.ASK[name])
    return _another(errand, draft, values) or await accept(errand, draft, values, problems)


async def _corrected(errand: Errand, draft: Draft, text: str) -> Done | None:
    if plate_later(text):
        return await accept(errand, draft.without("plate"), {}, ())
    values, problems = read_correction(text, errand.turn.stock, errand.turn.now.year)
    if not values and not problems:
        values, problems = read_data(text, errand.turn.stock, errand.turn.now.year)
        if "model" not in values or len(values) < WHOLE:
            return None
    return _another(errand, draft, values) or await accept(errand, draft, values, problems)


def _another(errand: Errand, draft: Draft, values: Mapping[str, Any]) -> Done | None:
    """The data of the next car, while this one is not done."""
    if not draft.other(values):
        return None
    return done(errand, draft, texts.RUNNING.format(what=draft.car, question=question(errand, draft)))


async def _not_told(errand: Errand, draft: Draft, text: str) -> Done | None:
    """What customers are not to read of the car."""
    if corrected := await _corrected(errand, draft, text):
        return corrected
    if holds_plate(text, draft.ref):
        return done(errand, draft, texts.PLATE_INSIDE.format(question=question(errand, draft)))
    # "ya" or "1" was meant for another question.
    meant_otherwise = not _SKIP.fullmatch(text) and (words.bare(text) or words.nods(text))
    return done(errand, draft, question(errand, draft)) if meant_otherwise else None


async def _features(errand: Errand, draft: Draft, text: str) -> Done:
    if instead := await _not_told(errand, draft, text):
        return instead
    features = () if _SKIP.fullmatch(text) else read_features(text)
    if features is None:
        return done(errand, draft, texts.TOO_MANY_FEATURES.format(most=MOST_FEATURES, length=MOST_FEATURE))
    first = draft.features is None and draft.notes is None
    draft = replace(draft, features=features, asked="")
    asked = await upload_steps.next_question(errand, draft)
    return done(errand, draft, (texts.PERFECT if first else "") + asked)


async def _notes(errand: Errand, draft: Draft, text: str) -> Done:
    if instead := await _not_told(errand, draft, text):
        return instead
    notes = "" if _SKIP.fullmatch(text) else legible(text).strip()
    if len(notes) > MOST_NOTES:
        return done(errand, draft, texts.TOO_LONG_NOTES.format(most=MOST_NOTES))
    draft = replace(draft, notes=notes, asked="")
    return done(errand, draft, await upload_steps.next_question(errand, draft))


async def _branch(errand: Errand, draft: Draft, text: str) -> Done:
    places, said = errand.turn.showroom.branches, text.strip().lower()
    number = int(match[1]) if (match := _NUMBERED.fullmatch(said)) else 0
    named = [place.id for place in places if said and (said in place.name.lower() or place.name.lower() in said)]
    found = places[number - 1].id if 1 <= number <= len(places) else (named[0] if len(named) == 1 else None)
    if found is None:
        return await _corrected(errand, draft, text) or done(errand, draft, question(errand, draft))
    draft = replace(draft, branch_id=BranchId(found))
    return done(errand, draft, await upload_steps.next_question(errand, draft))


async def _recap(errand: Errand, draft: Draft, text: str) -> Done:
    if _DRAFT.fullmatch(text):
        return await _stored(errand, draft, CarStatus.DRAFT)
    if _RECAP.fullmatch(text) and not _PUBLISH.fullmatch(text):
        return done(errand, draft, await upload_steps.recap(errand, draft))
    if _PUBLISH.fullmatch(text):
        return await _stored(errand, draft, CarStatus.AVAILABLE)
    if _EDIT.fullmatch(text):
        return done(errand, replace(draft, asked="edit"), texts.ASK_EDIT)
    values, problems = read_data(text, errand.turn.stock, errand.turn.now.year)
    if values or problems:
        return _another(errand, draft, values) or await accept(errand, draft, values, problems)
    if chosen := _chosen(text):
        return await _edit_of(errand, draft, chosen)
    return done(errand, draft, texts.CHOOSE.format(choices=texts.CHOICES))


async def _stored(errand: Errand, draft: Draft, status: CarStatus) -> Done:
    if stored := await publish.store(errand, draft, status):
        return replace(stored, ended=UPLOAD)
    return await accept(errand, draft, {"plate": draft.ref}, ())  # which names the car that has it


async def _edit(errand: Errand, draft: Draft, text: str) -> Done:
    number = numbers.picked(text) or 0
    if 1 <= number <= len(_EDITABLE):
        return await _edit_of(errand, draft, _EDITABLE[number - 1])
    values, problems = read_data(text, errand.turn.stock, errand.turn.now.year)
    if values or problems:
        return await accept(errand, replace(draft, asked=""), values, problems)
    if chosen := _chosen(text):
        return await _edit_of(errand, draft, chosen)
    if _RECAP.fullmatch(text):
        draft = replace(draft, asked="")
        return done(errand, draft, await upload_steps.recap(errand, draft))
    return done(errand, draft, texts.EDIT_UNREAD.format(question=texts.ASK_EDIT))


def _chosen(text: str) -> str:
    said = set(re.findall(r"[a-z]+", text.lower())) if len(text) < 40 else set()
    return next((name for name, forms in _EDIT_WORDS.items() if said & set(forms.split())), "")


async def _edit_of(errand: Errand, draft: Draft, name: str) -> Done:
    if name == "photos":
        return done(errand, replace(draft, photos=(), told=0, asked=""), texts.ASK_AGAIN_PHOTOS)
    draft = replace(draft, asked=name)
    return done(errand, draft, question(errand, draft))


_STEPS: Mapping[str, Callable[[Errand, Draft, str], Awaitable[Done]]] = {
    "data": _data,
    "features": _features,
    "notes": _notes,
    "branch": _branch,
    "recap": _recap,
    "edit": _edit,
}

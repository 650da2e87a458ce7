"""/upload: photos and words in any order become a car. Whatever is missing is asked for, one thing at a time; what was
understood is kept."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from autoleads.bot import texts_upload as texts
from autoleads.bot.gateway.base import Kind
from autoleads.bot.staff import album, car_photos, numbers, publish, upload_steps
from autoleads.bot.staff.ask import BULK, UPLOAD
from autoleads.bot.staff.base import Done, Errand, Orders
from autoleads.bot.staff.draft import (
    FIELDS,
    MOST_FEATURE,
    MOST_FEATURES,
    MOST_NOTES,
    Draft,
    plate_later,
    read_correction,
    read_data,
    read_features,
    read_field,
)
from autoleads.bot.staff.upload_steps import accept, done, question
from autoleads.bot.texts_staff import SENT, SENT_OTHER
from autoleads.bot.understanding.command_base import Command, Instruction
from autoleads.bot.understanding.plates import holds_plate
from autoleads.formats import legible
from autoleads.types import BranchId, CarStatus

KIND, LAPSED, ANEW = UPLOAD, texts.LAPSED, texts.ANEW  # see works.Work
_UPLOAD = re.compile(r"\s*/\s*upload\b", re.IGNORECASE)
_SLASH = re.compile(r"\s*/\s*[a-z]", re.IGNORECASE)
_SKIP = re.compile(
    r"\W*(?:/?skip|lewat(?:i|in)?|(?:tidak|tdk|nggak|ngga|gak|ga|belum|blm)(?: ada)?"
    r"|nanti|ntar|kosong|no|none|udah|sudah|cukup)?\W*"
    r"(?:aja|saja|dulu|pak|bu|mas|kak)?\W*",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"\W*(?:halo+|hal+ow?|hai+|hi+|hey|hello|p|permisi|punten|tes|test|ass?alam\w*(?: ?alaikum)?|"
    r"(?:selamat |met )?(?:pagi|siang|sore|malam))\W*(?:pak|bu|mas|mbak|kak|min|gan|semua)?\W*",
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
_WHOLE = 5  # values that are a whole car rather than a word about one
_RECAP = re.compile(r"\W*(?:lanjut|recap|rekap|next|lihat)\W*", re.IGNORECASE)
_EDITABLE = (*FIELDS, "features", "notes", "photos")
_EDIT_WORDS = {
    "plate": "plat nopol", "model": "merek merk model mobil tipe", "year": "tahun thn", "price": "harga hrg",
    "km": "km kilometer odo", "transmission": "transmisi", "color": "warna", "fuel": "bbm bahan", "features": "fitur",
    "notes": "catatan kondisi", "photos": "foto gambar",
}  # fmt: skip


# What starts or continues it -------------------------------------------------------------------------------------


async def start(errand: Errand, said: Instruction) -> Done:
    """/upload, or the data of a car that nobody asked for."""
    draft, text = draft_of(errand), errand.turn.text
    return await (_begun(errand, Draft(), text) if draft is None else _told(errand, draft, text))


async def _begun(errand: Errand, draft: Draft, text: str) -> Done:
    values, problems = read_data(text, errand.turn.stock, errand.turn.now.year)
    if not values and not problems:
        asked = texts.DATA_UNREAD if len(text.split()) > 1 and _UPLOAD.match(text) else texts.SEND_PHOTOS
        return Done(text=asked, ask=errand.ask(KIND, **draft.stored()))
    return await accept(errand, draft, values, problems)


async def sent(errand: Errand) -> Done | None:
    """A picture of somebody who may upload belongs to the upload that is under way, or begins one. None when the
    message is no such picture."""
    message, known = errand.turn.messages[-1], draft_of(errand)
    kinds = album.FILES if known is not None else {Kind.IMAGE}
    if not errand.manages or message.kind not in kinds:
        return None
    draft = known or Draft()
    if await album.heard(errand):
        draft = replace(draft, told=len(draft.photos))
    if len(draft.photos) < album.MOST_KEPT:
        draft = replace(draft, photos=(*draft.photos, message.id))
    if said := await _caption(errand, draft, message.text):
        await album.expect(errand, draft, question="", prefix=car_photos.over(errand))
        return said
    lapsed = errand.lapsed is not None and errand.lapsed.work(KIND) is not None
    asked = "" if errand.work(BULK) is not None else question(errand, draft, short=True)
    await album.expect(errand, draft, question=asked, prefix=LAPSED if lapsed else car_photos.over(errand))
    return Done(text="", ask=errand.ask(KIND, **draft.stored()))


def wants_photo(errand: Errand) -> bool:
    """Whether the message's photo is of the upload under way, or of a car that it names."""
    draft = draft_of(errand)
    return (draft is not None and draft.begun) or names_car(errand)


def names_car(errand: Errand) -> bool:
    text, stock, now = errand.turn.messages[-1].text, errand.turn.stock, errand.turn.now
    return "model" in read_data(text, stock, now.year)[0]


async def _caption(errand: Errand, draft: Draft, text: str) -> Done | None:
    """Only while data are missing: what else is written below a photo is seldom an answer."""
    if not text.strip() or not draft.missing:
        return None
    values, problems = read_data(text, errand.turn.stock, errand.turn.now.year)
    if "model" not in values and not (draft.said and values):
        return None
    return await accept(errand, draft, values, problems)


async def said(errand: Errand, text: str) -> Done | None:
    draft = draft_of(errand)
    if draft is None or (_SLASH.match(text) and not _UPLOAD.match(text) and not _SKIP.fullmatch(text)):
        return None  # another command
    return await _told(errand, draft, text)


async def _told(errand: Errand, draft: Draft, text: str) -> Done:
    reply = await _step(errand, draft, text)
    if not await album.heard(errand) and reply.ask is not None:  # they are still coming: their number, no question
        draft = Draft.recalled(reply.ask.given)
        if draft.photos:
            await album.expect(errand, draft, question="")
    return reply


async def _step(errand: Errand, draft: Draft, text: str) -> Done:
    kind = errand.turn.messages[-1].kind
    if kind is not Kind.TEXT and not text:
        what = SENT.get(kind, SENT_OTHER)
        return done(errand, draft, texts.NO_USE.format(what=what, question=question(errand, draft)))
    if _UPLOAD.match(text):
        return await _again(errand, draft, text)
    if _GREETING.fullmatch(text):  # no feature of the car
        return done(errand, draft, question(errand, draft))
    step = upload_steps.step_of(errand, draft)
    return await _STEPS.get(step, _field)(errand, draft, text)


async def _again(errand: Errand, draft: Draft, text: str) -> Done:
    """/upload in the middle of one."""
    if not draft.begun:
        return await _begun(errand, draft, text)
    if not draft.said:
        values, problems = read_data(text, errand.turn.stock, errand.turn.now.year)
        if values or problems:
            return await accept(errand, draft, values, problems)
    return done(errand, draft, texts.RUNNING.format(what=_what(draft), question=question(errand, draft)))


async def again(errand: Errand) -> Done:
    draft = draft_of(errand) or Draft()
    return done(errand, draft, question(errand, draft))


async def resumed(errand: Errand) -> str:
    draft = draft_of(errand) or Draft()
    if not draft.begun:
        return question(errand, draft)
    return texts.RESUMED.format(what=_what(draft), question=await upload_steps.next_question(errand, draft))


def aside(errand: Errand, reply: Done) -> str:
    """What is said of it while something else is asked: no numbers to choose from, for those would answer that."""
    draft = Draft.recalled(reply.ask.given) if reply.ask is not None else Draft()
    if not draft.begun:
        return ""
    numbered = upload_steps.step_of(errand, draft) in ("branch", "recap", "edit")
    return texts.LATER.format(what=_what(draft)) if numbered else reply.text


async def left(errand: Errand) -> Done:
    await album.heard(errand)
    return Done(text=texts.CANCELLED, ended=KIND)


async def alive(errand: Errand, given: Mapping[str, Any]) -> bool:
    try:
        Draft.recalled(given)
    except (TypeError, KeyError, ValueError):  # of another version of the program
        return False
    return True


def draft_of(errand: Errand) -> Draft | None:
    """Of the upload under way, whatever is asked."""
    given = errand.work(KIND)
    return None if given is None else Draft.recalled(given)


def _what(draft: Draft) -> str:
    return draft.car or texts.RUNNING_PHOTOS.format(count=len(draft.photos))


# The steps --------------------------------------------------------------------------------------------------------


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
    return await accept(errand, draft, values, problems)


async def _corrected(errand: Errand, draft: Draft, text: str) -> Done | None:
    if plate_later(text):
        return await accept(errand, draft.without("plate"), {}, ())
    values, problems = read_correction(text, errand.turn.stock, errand.turn.now.year)
    if not values and not problems:
        values, problems = read_data(text, errand.turn.stock, errand.turn.now.year)
        if "model" not in values or len(values) < _WHOLE:
            return None
    return _another(errand, draft, values) or await accept(errand, draft, values, problems)


def _another(errand: Errand, draft: Draft, values: Mapping[str, Any]) -> Done | None:
    """The data of the next car, while this one is not done."""
    if "model" not in values or len(values) < _WHOLE or values.get("plate", draft.ref) == draft.ref:
        return None
    return done(errand, draft, texts.RUNNING.format(what=draft.car, question=question(errand, draft)))


async def _features(errand: Errand, draft: Draft, text: str) -> Done:
    if corrected := await _corrected(errand, draft, text):
        return corrected
    if holds_plate(text, draft.ref):
        return done(errand, draft, texts.PLATE_INSIDE.format(question=question(errand, draft)))
    features = () if _SKIP.fullmatch(text) else read_features(text)
    if features is None:
        return done(errand, draft, texts.TOO_MANY_FEATURES.format(most=MOST_FEATURES, length=MOST_FEATURE))
    first = draft.features is None and draft.notes is None
    draft = replace(draft, features=features, asked="")
    asked = await upload_steps.next_question(errand, draft)
    return done(errand, draft, (texts.PERFECT if first else "") + asked)


async def _notes(errand: Errand, draft: Draft, text: str) -> Done:
    if corrected := await _corrected(errand, draft, text):
        return corrected
    if holds_plate(text, draft.ref):
        return done(errand, draft, texts.PLATE_INSIDE.format(question=question(errand, draft)))
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
        return replace(stored, ended=KIND)
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
    words = set(re.findall(r"[a-z]+", text.lower())) if len(text) < 40 else set()
    return next((name for name, forms in _EDIT_WORDS.items() if words & set(forms.split())), "")


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

COMMANDS: Mapping[Command, Orders] = {
    Command.UPLOAD: start,
    Command.CAR_DATA: start,
}

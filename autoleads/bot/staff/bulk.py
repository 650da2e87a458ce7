"""Many cars at once: a list is reviewed, corrected line by line, and enters the stock when its sender says so."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from autoleads.bot import inventory
from autoleads.bot import texts_bulk as texts
from autoleads.bot.gateway.base import Kind
from autoleads.bot.staff import bulk_file, bulk_fix, bulk_review, car_photos, numbers, upload, words
from autoleads.bot.staff.ask import BULK, UPLOAD
from autoleads.bot.staff.base import Done, Errand
from autoleads.bot.staff.bulk_reading import Sheet, data, is_list, read_sheet
from autoleads.bot.staff.bulk_review import Review
from autoleads.bot.understanding.command_base import Command
from autoleads.sql import car_changes, cars
from autoleads.stock_csv import CarRow
from autoleads.types import BranchId, CarStatus

KIND, LAPSED, ANEW = BULK, texts.LAPSED, texts.ANEW  # see works.Work

_PUBLISH = re.compile(
    r"\W*(?:1|ya+|iya+|y|ok(?:e|ey|ay)?|gas(?:kan)?|publish|tayang(?:kan)?|setuju|lanjut|masuk(?:k?an)?)\W*"
    r"(?:tayang(?:kan)?|publish|semua|semuanya|aja|saja|sekarang|pak|bu|mas|kak)?\W*",
    re.IGNORECASE,
)
_DRAFT = re.compile(
    r"\W*(?:2|(?:simpan\W+)?(?:sebagai\W+)?dra(?:f|ft)|simpan)\W*(?:dulu|aja|saja|semua)?\W*", re.IGNORECASE
)
_AGAIN = re.compile(r"\W*(?:lihat|cek|rekap|recap|review|daftar)\W*(?:lagi|semua)?\W*", re.IGNORECASE)


async def sent(errand: Errand) -> Done | None:
    """A list that was pasted or comes as a file, or a photo while a list waits. None when the message is none of
    these."""
    message = errand.turn.messages[-1]
    if not errand.manages:
        return None
    match message.kind:
        case Kind.TEXT:
            return await _pasted(errand) if is_list(message.text, errand.turn.now.year) else None
        case Kind.IMAGE:
            return await _photo(errand)
    return await _file(errand)


async def _pasted(errand: Errand) -> Done:
    text, given = errand.turn.messages[-1].text, errand.work(KIND)
    before = None if given is None else await _seen(errand, given)
    if isinstance(before, Review) and (fixed := await bulk_fix.all_of(errand, before, text)):
        return _corrected(errand, *fixed)
    sheet = await read_sheet(text, errand.turn.now.year, most=errand.lists.most_cars)
    if problem := bulk_review.unusable(sheet, errand.lists.most_cars):
        return Done(text=problem)
    await bulk_file.forget(errand)
    seen = await _reviewed(errand, sheet, bulk_file.home(errand))
    told = bulk_review.told(seen)
    return _on(errand, seen, told if given is None else f"{texts.REPLACED}\n\n{told}")


async def _file(errand: Errand) -> Done | None:
    message = errand.turn.messages[-1]
    refused = bulk_file.refused(message)
    if refused is None:
        return None
    if refused:
        return Done(text=refused)
    await bulk_file.expect(errand)
    told = "" if errand.work(KIND) is None else texts.REPLACED
    return Done(text=told, ask=errand.ask(KIND, file=message.id, branch=bulk_file.home(errand)))


async def _photo(errand: Errand) -> Done | None:
    """Photos do not push a list aside; of an album of ten that is said once. Those of an upload are its own."""
    given = errand.work(KIND)
    if given is None or errand.asked is None or errand.asked.kind == car_photos.KIND or upload.wants_photo(errand):
        return None
    if given.get("photos"):
        return Done(text="", ask=errand.ask(KIND, **given))
    seen = await _seen(errand, given)
    asked = bulk_review.choices(seen) if isinstance(seen, Review) else texts.FILE_WAITS
    return Done(text=texts.NO_PHOTOS.format(choices=asked), ask=errand.ask(KIND, **{**given, "photos": True}))


async def alive(errand: Errand, given: Mapping[str, Any]) -> bool:
    """A file that nothing will come of is not: its sender was told."""
    try:
        sheet = await _sheet(errand, given)
    except (TypeError, KeyError, ValueError):  # of another version of the program
        return False
    return isinstance(sheet, Sheet) or sheet == texts.FILE_WAITS


async def again(errand: Errand) -> Done:
    given = errand.work(KIND) or {}
    seen = await _seen(errand, given)
    return Done(text=seen, ask=errand.ask(KIND, **given)) if isinstance(seen, str) else _open(errand, seen)


async def resumed(errand: Errand) -> str:
    return texts.STILL_OPEN


async def left(errand: Errand) -> Done:
    await bulk_file.forget(errand)
    given = errand.work(KIND) or {}
    return Done(text=texts.CANCELLED_LEFT if given.get("stored") else texts.CANCELLED, ended=KIND)


# What is under review --------------------------------------------------------------------------------------------


async def _seen(errand: Errand, given: Mapping[str, Any]) -> Review | str:
    """The list as it is now against the stock as it is now; or why there is none."""
    sheet = await _sheet(errand, given)
    if isinstance(sheet, str):
        return sheet
    return await _reviewed(errand, sheet, given.get("branch"), stored=bool(given.get("stored")))


async def _sheet(errand: Errand, given: Mapping[str, Any]) -> Sheet | str:
    if "file" not in given:
        return Sheet.recalled(given)
    year = errand.turn.now.year
    return await bulk_file.sheet(errand.db, errand.tenant_id, given["file"], year, most=errand.lists.most_cars)


async def _reviewed(errand: Errand, sheet: Sheet, branch: int | None, *, stored: bool = False) -> Review:
    year, days = errand.turn.now.year, errand.lists.known_days
    seen = await bulk_review.review(errand.db, errand.tenant_id, sheet, branch, year, known_days=days)
    return replace(seen, stored=stored)


def _on(errand: Errand, seen: Review, text: str) -> Done:
    given: dict[str, Any] = {**seen.sheet.stored(), "branch": seen.branch, "stored": seen.stored}
    return Done(text=text, ask=errand.ask(KIND, **given))


async def said(errand: Errand, text: str) -> Done | None:
    """Asked about it, anything that is no command; else only what can be nothing but a word about it."""
    asked = errand.asked is not None and errand.asked.kind == KIND
    enters = asked and bool(_PUBLISH.fullmatch(text) or _DRAFT.fullmatch(text))
    if enters:
        await cars.lock_numbers(errand.db, errand.tenant_id)  # two who send the same list are seen one by one
    seen = await _seen(errand, errand.work(KIND) or {})
    if isinstance(seen, str):
        return await again(errand) if enters else None
    if asked and seen.homeless and (place := _place(seen, text)):
        return await _at(errand, seen, place)
    if enters:
        return await _entering(errand, seen, draft=bool(_DRAFT.fullmatch(text)))
    if _AGAIN.fullmatch(text):
        return _on(errand, seen, bulk_review.told(seen))
    if fixed := await bulk_fix.all_of(errand, seen, text):
        return _corrected(errand, *fixed)
    if not asked or text.startswith("/") or errand.shelf.read(text, errand.turn).command is not Command.NONE:
        return None
    return None if _for_upload(errand, seen, text) else _open(errand, seen)


async def _at(errand: Errand, seen: Review, place: BranchId) -> Done:
    """All of it belongs to that branch, where some of the cars may be already."""
    there = await _reviewed(errand, seen.sheet, place, stored=seen.stored)
    same = there.twins.keys() == seen.twins.keys()
    return _on(errand, there, bulk_review.choices(there) if same else bulk_review.told(there))


async def _entering(errand: Errand, seen: Review, *, draft: bool) -> Done:
    if not seen.good or seen.homeless:
        return _on(errand, seen, bulk_review.choices(seen))
    return await _stored(errand, seen, draft=draft)


def _for_upload(errand: Errand, seen: Review, text: str) -> bool:
    """While lines have to be corrected, values that the upload does not ask for are rather about them."""
    if errand.work(UPLOAD) is None:
        return False
    if seen.errors and not upload.lacks_data(errand) and any(data(text, errand.turn.now.year)):
        return False
    return "skip" in text.lower() or not (words.bare(text) or words.nods(text))


def _open(errand: Errand, seen: Review) -> Done:
    if not seen.good:
        return _on(errand, seen, bulk_review.told(seen))
    correct = [bulk_review.correct(seen)] if seen.errors else []
    asked = "\n\n".join([bulk_review.choices(seen), *correct])
    return _on(errand, seen, texts.OPEN.format(count=len(seen.sheet.lines), choices=asked))


def _place(seen: Review, text: str) -> BranchId | None:
    number = numbers.picked(text) or 0
    named = [place.id for place in seen.places if text.strip() and text.strip().lower() in place.name.lower()]
    if 1 <= number <= len(seen.places):
        return seen.places[number - 1].id
    return named[0] if len(named) == 1 else None


def _corrected(errand: Errand, seen: Review, said: str) -> Done:
    """What became of each line that was written again, and what is open."""
    if not seen.sheet.lines:
        return Done(text=f"{said}\n\n{texts.NOTHING_LEFT}", ended=KIND)
    wrong = f"{texts.BAD_HEAD}\n{bulk_review.bad(seen)}" if seen.errors else ""
    parts = [said, wrong, bulk_review.choices(seen)]
    return _on(errand, seen, "\n\n".join(part for part in parts if part))


# Into the stock ---------------------------------------------------------------------------------------------------


async def _stored(errand: Errand, seen: Review, *, draft: bool) -> Done:
    """Whatever can enter does; the others stay open to be corrected."""
    rows = [replace(row, status=CarStatus.DRAFT) if draft else row for row in seen.good]
    added = await inventory.add(errand.db, errand.tenant_id, rows, seen.by_name, default_branch=seen.branch)
    await car_changes.add_created(
        errand.db,
        errand.tenant_id,
        list(added.codes.values()),
        errand.author,
        what=car_changes.IMPORT,
    )
    errors = bulk_review.by_line([*(one for found in seen.errors.values() for one in found), *added.errors])
    parts = [_entered(errand, rows, added.codes, draft=draft)] if added.codes else []
    parts += [texts.TWINS_LEFT.format(count=len(seen.twins))] if seen.twins else []
    seen = replace(seen, sheet=seen.sheet.only(errors), good=(), twins={}, errors=errors, stored=True)
    if not errors:
        return Done(text="\n\n".join(parts), ended=KIND)
    left = texts.LEFT.format(count=len(errors), list=bulk_review.bad(seen), correct=bulk_review.correct(seen))
    return _on(errand, seen, "\n\n".join([*parts, left]))


def _entered(errand: Errand, rows: list[CarRow], codes: Mapping[int, str], *, draft: bool) -> str:
    head = (texts.DRAFTED if draft else texts.PUBLISHED).format(count=len(codes))
    lines = [texts.STORED.format(code=codes[row.line], **bulk_review.car(row)) for row in rows if row.line in codes]
    first = next(iter(codes.values()))
    after = texts.DRAFT_NEXT.format(code=first) if draft else texts.LINK.format(link=errand.turn.showroom.site_url)
    undo = texts.UNDO.format(minutes=round(errand.undo_within_s / 60))
    return "\n\n".join([head, "\n".join(lines), "\n".join([texts.PHOTOS.format(code=first), after, undo])])

"""Many cars at once: a list is reviewed, corrected line by line, and enters the stock when its sender says so."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from autoleads.bot import inventory
from autoleads.bot import texts_bulk as texts
from autoleads.bot.gateway.base import Kind
from autoleads.bot.staff import bulk_file, bulk_fix, bulk_review, car_photos, numbers
from autoleads.bot.staff.ask import Ask
from autoleads.bot.staff.base import Answers, Done, Errand
from autoleads.bot.staff.bulk_reading import Sheet, is_list, read_sheet
from autoleads.bot.staff.bulk_review import Review
from autoleads.bot.staff.upload_steps import KIND as UPLOAD
from autoleads.bot.understanding.command_base import Command
from autoleads.sql import car_changes, cars
from autoleads.stock_csv import CarRow
from autoleads.types import BranchId, CarStatus

KIND = "bulk"  # of Ask
_PARKED = "bulk"  # in what another command asks: the list that waits behind it

_PUBLISH = re.compile(
    r"\W*(?:1|ya+|iya+|y|ok(?:e|ey|ay)?|gas(?:kan)?|publish|tayang(?:kan)?|setuju|lanjut|masuk(?:k?an)?)\W*"
    r"(?:tayang(?:kan)?|publish|semua|semuanya|aja|saja|sekarang|pak|bu|mas|kak)?\W*",
    re.IGNORECASE,
)
_DRAFT = re.compile(
    r"\W*(?:2|(?:simpan\W+)?(?:sebagai\W+)?dra(?:f|ft)|simpan)\W*(?:dulu|aja|saja|semua)?\W*", re.IGNORECASE
)
_AGAIN = re.compile(r"\W*(?:lihat|cek|rekap|recap|review|daftar)\W*(?:lagi|semua)?\W*", re.IGNORECASE)


async def begun(errand: Errand, ask: Ask | None) -> Done | None:
    """A list of cars that was pasted; None when the message is none."""
    message, year = errand.turn.messages[-1], errand.turn.now.year
    if not errand.manages or message.kind is not Kind.TEXT or not is_list(message.text, year):
        return None
    waiting = await _under_way(errand, ask)
    before = await _seen(errand, waiting) if waiting else ""
    if isinstance(before, Review) and (fixed := await bulk_fix.all_of(errand, before, message.text)):
        return _corrected(errand, *fixed)
    sheet = await read_sheet(message.text, year, most=errand.most_cars)
    if problem := bulk_review.unusable(sheet, errand.most_cars):
        return Done(text=problem, ask=waiting)
    await bulk_file.forget(errand)
    seen = await _reviewed(errand, sheet, bulk_file.home(errand))
    text = bulk_review.told(seen)
    return _on(errand, seen, f"{texts.REPLACED}\n\n{text}" if waiting else text)


async def file(errand: Errand, ask: Ask | None) -> Done | None:
    """A file that may be a list of cars, or a photo while a list waits. None when it is neither."""
    message = errand.turn.messages[-1]
    if not errand.manages:
        return None
    refused = bulk_file.refused(message)
    if message.kind is not Kind.IMAGE and refused is None:
        return None
    waiting = await _under_way(errand, ask)
    if message.kind is Kind.IMAGE and waiting and ask is not None and ask.kind != car_photos.KIND:
        return await _no_photos(errand, waiting)
    if refused is None:
        return None
    if refused:
        return Done(text=refused, ask=waiting)
    await bulk_file.expect(errand)
    told = texts.REPLACED if waiting else ""
    return Done(text=told, ask=errand.ask(KIND, file=message.id, branch=bulk_file.home(errand)))


async def _no_photos(errand: Errand, waiting: Ask) -> Done:
    """Photos do not push a list aside; of an album of ten that is said once."""
    if waiting.given.get("photos"):
        return Done(text="", ask=waiting)
    ask = replace(waiting, given={**waiting.given, "photos": True})
    seen = await _seen(errand, waiting)
    asked = bulk_review.choices(seen) if isinstance(seen, Review) else texts.FILE_WAITS
    return Done(text=texts.NO_PHOTOS.format(choices=asked), ask=ask)


def waits(ask: Ask | None) -> bool:
    """Whether a list waits, for the answer to this question or until another command's is answered."""
    return ask is not None and (ask.kind == KIND or _PARKED in ask.given)


async def _under_way(errand: Errand, ask: Ask | None) -> Ask | None:
    """The list that waits, also behind what another command asks. A file that nothing will come of does not: its
    sender was told."""
    if ask is None or ask.expired(errand.turn.now) or not waits(ask):
        return None
    waiting = replace(ask, kind=KIND, ids=(), given=ask.given.get(_PARKED, ask.given))
    if "file" in waiting.given:
        seen = await _seen(errand, waiting)
        return None if isinstance(seen, str) and seen != texts.FILE_WAITS else waiting
    return waiting if "lines" in waiting.given else None  # of another version of the program


async def left(errand: Errand, ask: Ask | None) -> Done | None:
    """`batal`."""
    if ask is None or ask.kind != KIND:
        return None
    await bulk_file.forget(errand)
    return Done(text=texts.CANCELLED_LEFT if ask.given.get("stored") else texts.CANCELLED)


async def kept(errand: Errand, ask: Ask | None, reply: Done) -> Done:
    """Another command leaves the list as it is; what that command asks comes first. Only an upload, with questions of
    its own for longer, has to wait."""
    waiting = await _under_way(errand, ask)
    if waiting is None or ask is None or (reply.ask is not None and reply.ask.kind == KIND):
        return reply
    if reply.ask is None:
        text = reply.text if ask.kind == KIND else f"{reply.text}\n\n{texts.STILL_OPEN}"
        return replace(reply, text=text, ask=errand.ask(KIND, **waiting.given))
    if reply.ask.kind == UPLOAD:
        seen = await _seen(errand, waiting)
        return Done(text=seen, ask=waiting) if isinstance(seen, str) else _open(errand, seen)
    return replace(reply, ask=replace(reply.ask, given={**reply.ask.given, _PARKED: dict(waiting.given)}))


# What is under review --------------------------------------------------------------------------------------------


async def _seen(errand: Errand, ask: Ask) -> Review | str:
    """The list as it is now against the stock as it is now; or why there is none."""
    year = errand.turn.now.year
    if "file" in ask.given:
        sheet = await bulk_file.sheet(errand.db, errand.tenant_id, ask.given["file"], year, most=errand.most_cars)
        if isinstance(sheet, str):
            return sheet
    else:
        sheet = Sheet.recalled(ask.given)
    return await _reviewed(errand, sheet, ask.given.get("branch"), stored=bool(ask.given.get("stored")))


async def _reviewed(errand: Errand, sheet: Sheet, branch: int | None, *, stored: bool = False) -> Review:
    seen = await bulk_review.review(errand.db, errand.tenant_id, sheet, branch, errand.turn.now.year)
    return replace(seen, stored=stored)


def _on(errand: Errand, seen: Review, text: str) -> Done:
    given: dict[str, Any] = {**seen.sheet.stored(), "branch": seen.branch, "stored": seen.stored}
    return Done(text=text, ask=errand.ask(KIND, **given))


async def answered(errand: Errand, ask: Ask, text: str) -> Done | None:
    if await _under_way(errand, ask) is None:
        return None
    enters = bool(_PUBLISH.fullmatch(text) or _DRAFT.fullmatch(text))
    if enters:
        await cars.lock_numbers(errand.db, errand.tenant_id)  # two who send the same list are seen one by one
    seen = await _seen(errand, ask)
    if isinstance(seen, str):
        return Done(text=seen, ask=ask) if enters and seen == texts.FILE_WAITS else None
    if seen.homeless and (place := _place(seen, text)):
        there = await _reviewed(errand, seen.sheet, place, stored=seen.stored)
        same = there.twins.keys() == seen.twins.keys()
        return _on(errand, there, bulk_review.choices(there) if same else bulk_review.told(there))
    if enters:
        if not seen.good or seen.homeless:
            return _on(errand, seen, bulk_review.choices(seen))
        return await _stored(errand, seen, draft=bool(_DRAFT.fullmatch(text)))
    if _AGAIN.fullmatch(text):
        return _on(errand, seen, bulk_review.told(seen))
    if fixed := await bulk_fix.all_of(errand, seen, text):
        return _corrected(errand, *fixed)
    if text.startswith("/") or errand.shelf.read(text, errand.turn).command is not Command.NONE:
        return None
    return _open(errand, seen)


def _open(errand: Errand, seen: Review) -> Done:
    if not seen.good:
        return _on(errand, seen, bulk_review.told(seen))
    return _on(errand, seen, texts.OPEN.format(count=len(seen.sheet.lines), choices=bulk_review.choices(seen)))


def _place(seen: Review, text: str) -> BranchId | None:
    number = numbers.picked(text) or 0
    named = [place.id for place in seen.places if text.strip() and text.strip().lower() in place.name.lower()]
    if 1 <= number <= len(seen.places):
        return seen.places[number - 1].id
    return named[0] if len(named) == 1 else None


def _corrected(errand: Errand, seen: Review, said: str) -> Done:
    """What became of each line that was written again, and what is open."""
    if not seen.sheet.lines:
        return Done(text=f"{said}\n\n{texts.NOTHING_LEFT}")
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
        return Done(text="\n\n".join(parts))
    left = texts.LEFT.format(count=len(errors), list=bulk_review.bad(seen), correct=bulk_review.correct(seen))
    return _on(errand, seen, "\n\n".join([*parts, left]))


def _entered(errand: Errand, rows: list[CarRow], codes: Mapping[int, str], *, draft: bool) -> str:
    head = (texts.DRAFTED if draft else texts.PUBLISHED).format(count=len(codes))
    lines = [texts.STORED.format(code=codes[row.line], **bulk_review.car(row)) for row in rows if row.line in codes]
    first = next(iter(codes.values()))
    after = texts.DRAFT_NEXT.format(code=first) if draft else texts.LINK.format(link=errand.turn.showroom.site_url)
    undo = texts.UNDO.format(minutes=round(errand.undo_within_s / 60))
    return "\n\n".join([head, "\n".join(lines), "\n".join([texts.PHOTOS.format(code=first), after, undo])])


ANSWERS: Mapping[str, Answers] = {KIND: answered}

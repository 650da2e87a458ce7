"""Lines of a list under review that are written again, whole or only what was wrong with them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from autoleads import plates
from autoleads.bot import texts_bulk as texts
from autoleads.bot.staff import bulk_review
from autoleads.bot.staff.base import Errand
from autoleads.bot.staff.bulk_reading import Sheet, data, is_whole, values_of
from autoleads.bot.staff.bulk_review import Review
from autoleads.bot.staff.draft import FIELDS
from autoleads.bot.staff.upload_reading import read_field
from autoleads.stock import Stock
from autoleads.stock_table import Line

_NUMBERED = re.compile(
    r"\W*(?:(?:baris|brs|nomor|nomer|no|line)\W*)?(\d{1,4})(\s*[:=).|-]+\s*|\s+)(\S.*)", re.IGNORECASE
)
_DROP = re.compile(r"\W*(?:hapus|buang|lewati|lewat|skip|jangan|tidak jadi|ga(?:k)? jadi|drop)\W*", re.IGNORECASE)
_DROP_NUMBER = re.compile(r"\W*(hapus|buang|lewati|skip)\W+(?:(?:baris|nomor|no)\W*)?(\d{1,4})\W*", re.IGNORECASE)
_OTHER = re.compile(
    r"\W*(?:(?:tetap|memang|itu|mobil|unit)\W+)*(?:beda|berbeda|lain|baru|tetap(?:\W+masuk(?:k?an)?)?)\W*",
    re.IGNORECASE,
)
_ALL_OTHER = re.compile(rf"\W*(?:semua(?:nya)?|semwa)\b(?:{_OTHER.pattern})", re.IGNORECASE)
_ANY_STOCK = Stock()


async def all_of(errand: Errand, seen: Review, text: str) -> tuple[Review, str] | None:
    """The list with these lines, and what is said of each; None when the message is no correction."""
    if seen.twins and _ALL_OTHER.fullmatch(text):
        return await _with_others(errand, seen, seen.twins)
    written = [line.strip() for line in text.split("\n") if line.strip()]
    found: list[tuple[int, str]] = []
    for one in written:
        referred = _referred(seen, one, errand.turn.now.year, alone=len(written) == 1)
        if referred is None:
            return None
        found.append(referred)
    if not found:
        return None
    sheet, said, changed = seen.sheet, [], []
    for number, rest in found:
        line = next((line for line in sheet.lines if line.number == number), None)
        if number == 0:
            first = next(iter(seen.errors))
            said.append(texts.WHICH_LINE.format(line=first, example=bulk_review.example(seen, first)))
        elif line is None:
            said.append(texts.NO_LINE.format(line=number))
        elif _DROP.fullmatch(rest):
            sheet = sheet.only(one.number for one in sheet.lines if one is not line)
            said.append(texts.DROPPED.format(line=number))
        elif number in seen.twins and _OTHER.fullmatch(rest):
            sheet = sheet.with_others([number])
            said.append(texts.OTHER.format(line=number))
        elif (values := _values(seen, line, rest, errand.turn.now.year)) is None:
            said.append(texts.UNREAD_LINE.format(line=number, example=bulk_review.example(seen, number)))
        else:
            sheet = sheet.with_line(Line(number=number, values=values))
            changed.append(number)
    now = await _again(errand, seen, sheet)
    return now, "\n".join([*said, *(_told(now, number) for number in changed)])


async def _with_others(errand: Errand, seen: Review, numbers: Iterable[int]) -> tuple[Review, str]:
    """What looks like cars that are there are other cars."""
    now = await _again(errand, seen, seen.sheet.with_others(numbers))
    return now, "\n".join(texts.OTHER.format(line=number) for number in numbers)


async def _again(errand: Errand, seen: Review, sheet: Sheet) -> Review:
    year, days = errand.turn.now.year, errand.lists.known_days
    now = await bulk_review.review(errand.db, errand.tenant_id, sheet, seen.branch, year, known_days=days)
    return replace(now, stored=seen.stored)


def _referred(seen: Review, text: str, now_year: int, *, alone: bool) -> tuple[int, str] | None:
    """(number of the line, what is written for it). A line without its number is known by its plate; when it is the
    whole message, also by being the only one that is wrong. 0: several may be this car."""
    numbers = {line.number for line in seen.sheet.lines}
    if (match := _DROP_NUMBER.fullmatch(text)) and int(match[2]) in numbers:
        return int(match[2]), match[1]
    match = _NUMBERED.fullmatch(text)
    if match and (int(match[1]) in numbers or ":" in match[2]):
        return int(match[1]), match[3]
    said, problems = data(text, now_year)
    ordered = alone and text.startswith("/")  # "/upload ..." is another car
    if not seen.errors or ordered or not is_whole(said, problems):
        return None
    plate = said.get("plate", "")
    mine = [line.number for line in seen.sheet.lines if plate and plates.clean(line.values.get("plate", "")) == plate]
    wrong = [number for number in mine if number in seen.errors] or (list(seen.errors) if alone else [])
    if not mine and len(wrong) > 1:
        wrong = [line.number for line in seen.sheet.lines if line.number in wrong and _may_be(line, said)]
    if not wrong:
        return None
    return (wrong[0] if len(wrong) == 1 else 0), text


def _may_be(line: Line, said: Mapping[str, Any]) -> bool:
    """With another plate and another model it is another car."""
    plate, model = plates.clean(line.values.get("plate", "")), line.values.get("model", "").lower()
    return not plate or plate == said.get("plate", plate) or model == str(said["model"]).lower()


def _values(seen: Review, line: Line, text: str, now_year: int) -> Mapping[str, str] | None:
    """The line's values with the new ones; None when nothing was understood."""
    errors = seen.errors.get(line.number, ())
    field = errors[0].field if errors else ""
    no_plate = False
    said: dict[str, Any]
    if field in ("brand", *FIELDS):
        name = "model" if field == "brand" else field
        said, problems, no_plate = read_field(name, text.replace("\t", " | "), _ANY_STOCK, now_year)
    else:
        said, problems = data(text, now_year)
    if line.trouble and not is_whole(said, problems):
        return None
    new = values_of(said, problems)
    if no_plate:
        new["plate"] = ""
    if not new and field in ("branch", "status", "features", "notes", "display_code"):
        new = {field: text}
    if "model" in new and "variant" in line.values:
        new["variant"] = ""
    return {**line.values, **new} if new else None


def _told(seen: Review, number: int) -> str:
    if errors := seen.errors.get(number):
        return texts.STILL_BAD.format(line=number, problems=bulk_review.problems(errors))
    if number in seen.twins:
        return texts.IS_TWIN.format(twin=bulk_review.twin(*seen.twins[number]), line=number)
    row = next(row for row in seen.good if row.line == number)
    return texts.CORRECTED.format(line=number, **bulk_review.car(row))

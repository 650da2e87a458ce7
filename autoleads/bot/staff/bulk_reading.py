"""A list of cars as people send it: a spreadsheet with a heading, or a car a line in any of the forms of /upload."""

import asyncio
import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from autoleads import plates, stock_csv, stock_table
from autoleads.bot.staff.draft import FIELDS
from autoleads.bot.staff.upload_reading import read_data
from autoleads.bot.understanding.command_base import Problem
from autoleads.stock import Stock
from autoleads.stock_table import Line, Trouble

_ANY_STOCK = Stock()
_UPLOAD = re.compile(r"^\s*/\s*(?:upload|import)\b[^\S\n]*:?", re.IGNORECASE)
_BULLET = re.compile(r"^\s*(?:\d{1,3}\s*(?:[.)]\s|[|;,\t])|[-•*▪◦●]\s)\s*")
_ANYTHING = re.compile(r"[^\W_]")
_TOTAL = re.compile(r"\W*(?:grand\W*|sub\W*)?(?:total|jumlah)\b", re.IGNORECASE)
_MOST_BETWEEN = 30  # lines that are no cars: titles, remarks, sums
_WHOLE = 5  # values that are a whole car, its price among them
_CARS = 2  # lines that make a list
_LOOKED_AT = 6
_SHORTEST = 15  # characters that a whole car takes
_LEAST = 3  # values without which a line is no car
_SHOWN = 40  # characters of a line that is no car
_READ = ("brand", *FIELDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Cars are numbered from 1 in their order, as in the review. `strange`: lines between them that are no car.
    `lacking`, `unused` and `doubled`: columns. `surplus`: how many lines there are, when they are too many and none
    was read. `others`: lines that look like a car of the stock, and whose sender says that they are another."""

    lines: tuple[Line, ...] = ()
    others: tuple[int, ...] = ()
    strange: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    doubled: tuple[str, ...] = ()
    surplus: int = 0

    @classmethod
    def recalled(cls, given: Mapping[str, Any]) -> Self:
        lines = tuple(
            Line(number=number, values=values, trouble=Trouble(trouble) if trouble else None)
            for number, values, trouble in given["lines"]
        )
        return cls(lines=lines, others=tuple(given.get("others", ())))

    def stored(self) -> dict[str, Any]:
        lines = [[line.number, dict(line.values), line.trouble] for line in self.lines]
        return {"lines": lines, "others": list(self.others)}

    def with_line(self, line: Line) -> "Sheet":
        return replace(self, lines=tuple(line if one.number == line.number else one for one in self.lines))

    def with_others(self, numbers: Iterable[int]) -> "Sheet":
        return replace(self, others=tuple(dict.fromkeys([*self.others, *numbers])))

    def only(self, numbers: Iterable[int]) -> "Sheet":
        kept = set(numbers)
        return replace(self, lines=tuple(line for line in self.lines if line.number in kept), strange=())


def is_list(text: str, now_year: int) -> bool:
    """Whether a message is many cars rather than one on many lines."""
    text = _UPLOAD.sub("", text)
    if text.lstrip().startswith("/"):
        return False
    if stock_table.names_columns(text):
        return True
    if "\n" not in text:
        return False
    long = [line for line in text.split("\n") if len(line) >= _SHORTEST and any(ch.isdigit() for ch in line)]
    whole = 0
    for line in long[:_LOOKED_AT]:
        said, problems = data(line, now_year)
        whole += is_whole(said, problems)
        if whole == _CARS:
            return True
    return False


def is_whole(said: Mapping[str, Any], problems: Sequence[Problem]) -> bool:
    known = {*said, *(problem.field for problem in problems)}
    return "model" in said and "price" in known and len(known) >= _WHOLE


async def read_sheet(text: str, now_year: int, *, most: int) -> Sheet:
    """Raises nothing: what cannot be read is a line with its trouble."""
    text = _UPLOAD.sub("", text)
    if stock_table.names_columns(text):
        return await _headed(text, now_year, most)
    written = [line for line in text.split("\n") if _ANYTHING.search(line)]
    if len(written) > most + _MOST_BETWEEN:
        return Sheet(surplus=len(written))
    sheet = await _free(written, now_year)
    return sheet if len(sheet.lines) <= most else Sheet(surplus=len(sheet.lines))


async def _headed(text: str, now_year: int, most: int) -> Sheet:
    table = stock_table.read(text)
    named = "brand" in table.columns
    lacking = [name for name in stock_csv.missing(table.columns) if name != "brand"]
    doubled = stock_csv.twice(table.columns)
    if lacking or doubled:
        return Sheet(lacking=tuple(lacking), unused=table.unused, doubled=tuple(doubled))
    written = [line for line in table.lines if line.trouble or any(map(_ANYTHING.search, line.values.values()))]
    found = [line for line in written if not _no_car(line)]
    if len(found) > most:
        return Sheet(surplus=len(found))
    lines = []
    for number, line in enumerate(found, 1):
        line = line if named or line.trouble else _with_brand(line, now_year)
        lines.append(replace(line, number=number))
        if not named:
            await asyncio.sleep(0)  # a name takes some milliseconds, as a whole line does
    strange = (" ".join(" ".join(line.values.values()).split())[:_SHOWN] for line in written if _no_car(line))
    return Sheet(lines=tuple(lines), strange=tuple(strange))


def _no_car(line: Line) -> bool:
    """A sum below the cars, a remark between them: neither a name nor a plate, and hardly anything else."""
    values, name = line.values, line.values.get("model", "")
    if line.trouble or (name and not _TOTAL.match(name)) or plates.clean(values.get("plate", "")):
        return False
    filled = [value for value in values.values() if value]
    return len(filled) < _LEAST or any(map(_TOTAL.match, filled))


def _with_brand(line: Line, now_year: int) -> Line:
    """The name of the car stands in one cell: "Toyota Avanza 1.3 G"."""
    said, _ = data(line.values.get("model", ""), now_year)
    return replace(line, values={**line.values, **_named(said, line.values.get("model", ""))})


async def _free(written: Iterable[str], now_year: int) -> Sheet:
    lines: list[Line] = []
    strange: list[str] = []
    for line in written:
        values = values_of(*data(line, now_year))
        if len(values) < _LEAST:
            strange.append(" ".join(line.split())[:_SHOWN])
        else:
            lines.append(Line(number=len(lines) + 1, values=values))
        await asyncio.sleep(0)  # others get their turn: a line takes some milliseconds
    return Sheet(lines=tuple(lines), strange=tuple(strange))


def values_of(said: Mapping[str, Any], problems: Sequence[Problem]) -> dict[str, str]:
    """As cells of a table. What could not be taken stays as written, for the table's reader refuses it as well."""
    values = {name: str(said[name]) for name in _READ if name in said}
    values |= {problem.field: problem.said for problem in problems if problem.field in _READ}
    if "model" in values and "model" not in said:
        values |= _named(said, values["model"])
    return values


def _named(said: Mapping[str, Any], written: str) -> dict[str, str]:
    """Brand and model. A model that nobody knows is taken as written behind a brand that is known."""
    if "model" in said and "brand" in said:
        return {"brand": said["brand"], "model": said["model"]}
    if "brand" not in said:
        return {}
    words = written.split()
    of_brand = set(said["brand"].lower().replace("-", " ").split())
    behind = list(itertools.dropwhile(lambda word: word.lower() in of_brand, words[1:]))  # "Mercedes Benz R350"
    return {"brand": said["brand"], "model": " ".join(behind or words[:1])}


def data(line: str, now_year: int) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    return read_data(_BULLET.sub("", line).replace("\t", " | "), _ANY_STOCK, now_year)

"""Cars as a spreadsheet gives them, as a file or pasted: which cell of which line is which field of a car."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from unicodedata import category

from autoleads.formats import legible

# Letters and digits of the header cell, folded, without what stands in brackets ("Harga (Rp)").
_COLUMNS = {
    "display_code": "displaycode kode code kodemobil",
    "plate": "plate plat platnomor nopol nopolisi nomorpolisi nomorplat noplat platenumber",
    "brand": "brand merek merk",
    "model": "model mobil namamobil namaunit unit merektipe merktipe merktype merkmodel merekmodel merkdantipe",
    "variant": "variant varian tipe type",
    "year": "year tahun thn th tahunpembuatan thnpembuatan",
    "color": "color colour warna",
    "transmission": "transmission transmisi trans tranmisi gearbox persneling",
    "km": "km kilometer odometer odo jaraktempuh mileage mileagekm",
    "price": "price harga hargajual hargacash hargatunai priceidr",
    "fuel": "fuel fueltype bahanbakar bbm",
    "features": "features keyfeatures fitur kelengkapan",
    "notes": "notes conditionnotes catatan keterangan kondisi",
    "status": "status",
    "branch": "branch cabang",
}
_COLUMN_OF = {written: name for name, words in _COLUMNS.items() for written in words.split()}
_DELIMITERS = (",", ";", "\t", "|")
_TEXTS, _NAMES = frozenset({"features", "notes"}), frozenset({"plate", "brand", "model"})
_DECORATION = frozenset("*_~`•▪◦●")
_ROW_NUMBER = re.compile(r"^[0-9]{1,3}[.)]\s+(?=\S)", re.ASCII)
_BARE_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)*", re.ASCII)
_IN_MILLIONS, _IN_THOUSANDS = re.compile(r"\(.*\b(?:jt|juta)\b.*\)"), re.compile(r"\(.*\b(?:rb|ribu)\b.*\)")

_HEADING_AMONG = 6  # lines: a title or an address may stand above
_HEADING_CELLS = 4  # names of columns that no line but a heading has
# A record that goes on longer than this is a quotation mark somebody forgot.
_LINES_OF_A_RECORD = 20


class Trouble(StrEnum):
    """Why a line cannot be split."""

    QUOTE = "quote"
    SURPLUS = "surplus"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """`values` by field, as written. `number` counts from 1, of a record over several lines the first."""

    number: int
    values: Mapping[str, str] = field(default_factory=dict)
    trouble: Trouble | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """`columns`: the field of each, None for one we do not use; `unused` are their names. `line` is that of the
    heading; 0: nothing there."""

    line: int = 0
    columns: tuple[str | None, ...] = ()
    unused: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()


def text_of(content: bytes) -> str:
    """In whichever of the encodings that spreadsheets save in."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):  # Excel's "Unicode text"
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")  # Excel's plain "CSV"


def names_columns(text: str) -> bool:
    """Whether a line names columns, and so many that it is no sentence."""
    lines = _lines(text)
    return bool(lines) and _known(*_named(lines)) >= _HEADING_CELLS


def has_heading(text: str) -> bool:
    """Whether there is something below the line that names columns."""
    at, _ = _heading(_lines(text))
    return names_columns(text) and any(line.strip() for line in _lines(text)[at + 1 :])


def read(text: str) -> Table:
    """Blank lines are left out. What stands above the heading is, too."""
    lines = _lines(text)
    if not lines:
        return Table()
    start, delimiter = _heading(lines)
    records = _records(lines, delimiter, start)
    header_line, header = next(records, (start + 1, None))
    columns = _columns(header or [])
    units = [_unit(cell) for cell in header or []]
    found = tuple(_line(number, cells, columns, units, delimiter) for number, cells in records)
    unused = tuple(
        name for cell, column in zip(header or [], columns, strict=True) if column is None and (name := _tidy(cell))
    )
    return Table(line=header_line, columns=tuple(columns), unused=unused, lines=found)


def _line(number: int, cells: list[str] | None, columns: list[str | None], units: list[str], delimiter: str) -> Line:
    if cells is None:
        return Line(number=number, trouble=Trouble.QUOTE)
    if any(cell.strip() for cell in cells[len(columns) :]):
        return Line(number=number, trouble=Trouble.SURPLUS, detail=f"{len(cells)} values where the header has "
                    f"{len(columns)}")  # fmt: skip
    values = {}
    for at, (name, unit, cell) in enumerate(zip(columns, units, cells, strict=False)):
        if name is not None:
            value = _tidy(cell) if name in _TEXTS else _bare(_tidy(cell))
            value = _ROW_NUMBER.sub("", value) if at == 0 and name in _NAMES else value
            values[name] = f"{value} {unit}" if unit and _BARE_NUMBER.fullmatch(value) else value
    features = values.get("features", "")
    if delimiter != "," and not re.search(r"[;|\n]", features):  # a comma separates them where it is free to
        values |= {"features": features.replace(",", ";")} if features else {}
    return Line(number=number, values=values)


def _lines(text: str) -> list[str]:
    lines = list(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    return lines if any(line.strip() for line in lines) else []


def _heading(lines: list[str]) -> tuple[int, str]:
    """(index, delimiter) of the line that names the columns; the first there is when none does."""
    written = [index for index, line in enumerate(lines) if line.strip()]
    if written and lines[written[0]].casefold().startswith("sep="):  # Excel's hint to itself
        written = written[1:] or written
    found = [(index, _delimiter(lines[index])) for index in written[:_HEADING_AMONG]]
    sure = (one for one in found if _known(lines[one[0]], one[1]) >= _HEADING_CELLS)
    return next(sure, found[0] if found else (0, ","))


def _named(lines: list[str]) -> tuple[str, str]:
    at, delimiter = _heading(lines)
    return lines[at], delimiter


def _delimiter(header: str) -> str:
    """The one that gives the most columns we know."""
    return max(_DELIMITERS, key=lambda delimiter: _known(header, delimiter))


def _known(header: str, delimiter: str) -> int:
    return sum(_column(cell.strip('" \r\n')) is not None for cell in header.split(delimiter))


def _records(lines: list[str], delimiter: str, start: int) -> Iterator[tuple[int, list[str] | None]]:
    """(number of its first line, cells) of every record that is not blank; None for one that cannot be split.

    A quotation mark that is never closed must not swallow the cars below it, so a record is read
    line by line and given up after a few.
    """
    index = start
    while index < len(lines):
        cells, used = _record(lines, delimiter, index)
        if cells is None or any(cell.strip() for cell in cells):
            yield index + 1, cells
        index += used


def _record(lines: list[str], delimiter: str, index: int) -> tuple[list[str] | None, int]:
    for used in range(1, min(_LINES_OF_A_RECORD, len(lines) - index) + 1):
        try:
            reader = csv.reader(lines[index : index + used], delimiter=delimiter, strict=True)
            return next(reader, []), used
        except csv.Error as exc:
            if "unexpected end of data" not in str(exc):
                break
    return None, 1


def _column(cell: str) -> str | None:
    bare = re.sub(r"\(.*?\)", "", cell.casefold())
    return _COLUMN_OF.get(re.sub(r"[^a-z0-9]", "", bare))


def _columns(header: list[str]) -> list[str | None]:
    columns = [_column(cell) for cell in header]
    if "model" not in columns:
        columns = ["model" if name == "variant" else name for name in columns]
    return columns


def _unit(cell: str) -> str:
    """What bare numbers below "Harga (juta)" and "KM (ribu)" are counted in."""
    name, written = _column(cell), cell.casefold()
    if name == "price" and _IN_MILLIONS.search(written):
        return "jt"
    return "rb" if name in ("price", "km") and _IN_THOUSANDS.search(written) else ""


def _bare(value: str) -> str:
    """Without what a chat decorates it with ("*185jt*", "🚗 Avanza")."""
    marks = {ch for ch in value if ch in _DECORATION or category(ch) in ("So", "Sk", "Mn", "Cf")}
    return value.strip("".join({*marks, " "})) if marks else value


def _tidy(cell: str) -> str:
    """Without characters which neither the database nor a page can take."""
    return "\n".join(tidied for line in legible(cell).split("\n") if (tidied := " ".join(line.split())))

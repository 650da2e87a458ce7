"""The file of `autoleads car import`: one car a line, as people and their spreadsheets write it."""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from autoleads import plates
from autoleads.types import CarStatus, Transmission

FIRST_YEAR = 1980
PRICE_RANGE_IDR = (10_000_000, 20_000_000_000)
KM_RANGE = (0, 1_000_000)

REQUIRED = ("brand", "model", "year", "color", "transmission", "km", "price")
# Letters and digits of the header cell, folded, without what stands in brackets ("Harga (Rp)").
_COLUMNS = {
    "display_code": "displaycode kode code kodemobil",
    "plate": "plate plat platnomor nopol nopolisi nomorpolisi nomorplat platenumber",
    "brand": "brand merek merk",
    "model": "model mobil namamobil",
    "variant": "variant varian tipe type",
    "year": "year tahun thn th",
    "color": "color colour warna",
    "transmission": "transmission transmisi",
    "km": "km kilometer odometer odo jaraktempuh",
    "price": "price harga hargajual priceidr",
    "fuel": "fuel fueltype bahanbakar bbm",
    "features": "features keyfeatures fitur kelengkapan",
    "notes": "notes conditionnotes catatan keterangan kondisi",
    "status": "status",
    "branch": "branch cabang",
}
_COLUMN_OF = {written: name for name, words in _COLUMNS.items() for written in words.split()}

_TRANSMISSIONS = {
    **dict.fromkeys(("manual", "mt", "m/t", "m"), Transmission.MANUAL),
    **dict.fromkeys(("matic", "metic", "matik", "automatic", "otomatis", "auto"), Transmission.MATIC),
    **dict.fromkeys(("at", "a/t", "a", "cvt", "e-cvt", "ivt", "dct", "amt"), Transmission.MATIC),
}
_FUELS = {
    **dict.fromkeys(("bensin", "gasoline", "petrol", "premium", "pertalite", "pertamax"), "Bensin"),
    **dict.fromkeys(("diesel", "solar", "dexlite"), "Diesel"),
    **dict.fromkeys(("hybrid", "hev", "phev"), "Hybrid"),
    **dict.fromkeys(("listrik", "electric", "ev", "bev"), "Listrik"),
}
_STATUSES = {
    **dict.fromkeys(("", "available", "tersedia", "ready", "ada"), CarStatus.AVAILABLE),
    **dict.fromkeys(("booking", "booked", "dp", "dibooking"), CarStatus.BOOKING),
    **dict.fromkeys(("sold", "terjual", "laku"), CarStatus.SOLD),
    **dict.fromkeys(("draft", "draf", "konsep"), CarStatus.DRAFT),
}

_NO_PLATE = re.compile(r"[-\s]*|TEMP-?[0-9]+", re.IGNORECASE)
_CODE = re.compile(r"#?([A-Z])0*([0-9]{1,4})")
_NUMBER = re.compile(
    r"(?:(?:rp|idr)\.?\s*)?"
    r"(?P<digits>[0-9][0-9.,]*?)"
    r"(?:[.,]0{1,2}|,-{1,2})?\s*"
    r"(?P<unit>m|miliar|milyar|jt|juta|jt-?an|jutaan|rb|ribu|k|rban|ribuan)?\.?\s*(?:km|rupiah)?",
    re.IGNORECASE | re.ASCII,
)
_UNITS = {"m": 10**9, "j": 10**6, "r": 10**3, "k": 10**3}
_GROUPED = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]{1,3}(?:,[0-9]{3})+")
_DECIMAL = re.compile(r"[0-9]+(?:[.,][0-9]{1,3})?")

# A record that goes on longer than this is a quotation mark somebody forgot.
_LINES_OF_A_RECORD = 20
_MAX_LENGTH = {"brand": 50, "model": 100, "color": 50, "branch": 100, "notes": 2000}
_MAX_FEATURES, _MAX_FEATURE = 20, 100


@dataclass(frozen=True, slots=True, kw_only=True)
class CarRow:
    """`line` is that of the file, the header being 1. `plate` is in the written form `B 1234 XYZ`, "" when
    the car has none yet; `plate_clean` is `B1234XYZ`."""

    line: int
    plate: str
    plate_clean: str | None
    brand: str
    model: str
    year: int
    color: str
    transmission: Transmission
    km: int
    price_idr: int
    fuel: str | None
    features: tuple[str, ...]
    notes: str
    status: CarStatus
    branch: str | None
    display_code: str | None


@dataclass(frozen=True, slots=True)
class RowError:
    """`field` is a column's English name, or "row" and "header" when it is no single field."""

    line: int
    field: str
    reason: str


def read(text: str, *, this_year: int | None = None) -> tuple[list[CarRow], list[RowError]]:
    """Every line is a row or has errors, blank lines aside; a bad line costs no other line.

    Years run to the one after `this_year` (default: the current one), as dealers sell next year's models.
    """
    lines = _lines(text)
    if not lines:
        return [], [RowError(1, "header", "the file is empty")]
    start = 1 if lines[0].casefold().startswith("sep=") else 0  # Excel's hint to itself
    delimiter = _delimiter(lines[start] if start < len(lines) else "")
    records = _records(lines, delimiter, start)
    header_line, header = next(records, (start + 1, []))
    columns = _columns(header or [])
    if isinstance(columns, str):
        return [], [RowError(header_line, "header", columns)]
    reader = _Reader(columns, delimiter, this_year or datetime.now(UTC).year)
    rows: list[CarRow] = []
    errors: list[RowError] = []
    for line, cells in records:
        result = reader.row(line, cells)
        if isinstance(result, CarRow):
            rows.append(result)
        else:
            errors.extend(result)
    return rows, errors


class _Reader:
    """Turns the cells of a line into a row, and remembers what must not come twice in a file."""

    def __init__(self, columns: list[str | None], delimiter: str, this_year: int) -> None:
        self._columns = columns
        self._delimiter = delimiter
        self._last_year = this_year + 1
        self._seen: dict[tuple[str, str], int] = {}

    def row(self, line: int, cells: list[str] | None) -> CarRow | list[RowError]:
        if cells is None:
            return [RowError(line, "row", "a quotation mark is not closed or stands in the wrong place")]
        surplus = [cell for cell in cells[len(self._columns) :] if cell.strip()]
        if surplus:
            counts = f"{len(cells)} values where the header has {len(self._columns)}"
            return [RowError(line, "row", f"{counts}; a value that holds the separator needs quotation marks")]
        values = {name: _tidy(cell) for name, cell in zip(self._columns, cells, strict=False) if name is not None}
        if "variant" in values:
            values["model"] = f"{values['model']} {values['variant']}".strip()
        fields = _Fields(line, values)
        row = self._parse(fields, values)
        return fields.errors or row

    def _parse(self, fields: "_Fields", values: dict[str, str]) -> CarRow:
        plate = fields.take("plate", _plate_or_none) or ()
        code = fields.take("display_code", _display_code)
        clean = "".join(plate) or None
        row = CarRow(
            line=fields.line,
            plate=" ".join(part for part in plate if part),
            plate_clean=clean,
            brand=fields.take("brand", _text("brand")),
            model=fields.take("model", _text("model")),
            year=fields.take("year", self._year),
            color=fields.take("color", _text("color")),
            transmission=fields.take("transmission", _choice(_TRANSMISSIONS, "Manual, Matic")),
            km=fields.take("km", read_km),
            price_idr=fields.take("price", read_price),
            fuel=fields.take("fuel", _fuel),
            features=fields.take("features", self._features),
            notes=fields.take("notes", _text("notes", required=False)),
            status=fields.take("status", _choice(_STATUSES, "available, booking, sold, draft")),
            branch=fields.take("branch", _text("branch", required=False)) or None,
            display_code=code,
        )
        self._once(fields, "plate", clean)
        self._once(fields, "display_code", code)
        return row

    def _once(self, fields: "_Fields", name: str, value: str | None) -> None:
        """Only good lines count: a car whose line is corrected later must not block its own plate."""
        if value is None:
            return
        first = self._seen.get((name, value))
        if first is not None:
            fields.errors.append(RowError(fields.line, name, f"already on line {first}"))
        elif not fields.errors:
            self._seen[name, value] = fields.line

    def _year(self, value: str) -> int:
        year = int(value) if re.fullmatch(r"[0-9]{4}", value, re.ASCII) else 0
        if not FIRST_YEAR <= year <= self._last_year:
            raise ValueError(f"must be a year from {FIRST_YEAR} to {self._last_year}")
        return year

    def _features(self, value: str) -> tuple[str, ...]:
        """Between semicolons; where those separate the columns, also between commas."""
        separator = r"[;|\n]"
        if self._delimiter != "," and not re.search(separator, value):
            separator = ","
        features = tuple(part for piece in re.split(separator, value) if (part := piece.strip()))
        if len(features) > _MAX_FEATURES:
            raise ValueError(f"at most {_MAX_FEATURES} features")
        if any(len(feature) > _MAX_FEATURE for feature in features):
            raise ValueError(f"a feature has at most {_MAX_FEATURE} characters")
        return features


@dataclass(slots=True)
class _Fields:
    """Takes field after field, so that a line's errors are all reported at once."""

    line: int
    values: dict[str, str]
    errors: list[RowError] = field(default_factory=list)

    def take(self, name: str, parse: Callable[[str], Any]) -> Any:
        """None after an error: the row is not used then."""
        try:
            return parse(self.values.get(name, ""))
        except ValueError as exc:
            self.errors.append(RowError(self.line, name, str(exc)))
            return None


def _lines(text: str) -> list[str]:
    lines = list(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    return lines if any(line.strip() for line in lines) else []


def _delimiter(header: str) -> str:
    """The one that gives the most columns we know."""

    def known(delimiter: str) -> int:
        return sum(_column(cell.strip('" \r\n')) is not None for cell in header.split(delimiter))

    return max((",", ";", "\t"), key=known)


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


def _columns(header: list[str]) -> list[str | None] | str:
    """The field of each column, None for one we do not use; or what is wrong with the header."""
    columns = [_column(cell) for cell in header]
    if "model" not in columns:
        columns = ["model" if name == "variant" else name for name in columns]
    known = [name for name in columns if name is not None]
    missing = [name for name in REQUIRED if name not in known]
    if missing:
        return f"missing columns: {', '.join(missing)} (needed: {', '.join(REQUIRED)})"
    twice = sorted({name for name in known if known.count(name) > 1})
    return f"columns given twice: {', '.join(twice)}" if twice else columns


def _tidy(cell: str) -> str:
    """Without control characters, which neither the database nor a page can take."""
    kept = "".join(ch if ch == "\n" or unicodedata.category(ch) not in ("Cc", "Cs") else " " for ch in cell)
    return "\n".join(tidied for line in kept.split("\n") if (tidied := " ".join(line.split())))


def _text(name: str, *, required: bool = True) -> Callable[[str], str]:
    def parse(value: str) -> str:
        if required and not value:
            raise ValueError("is missing")
        if len(value) > _MAX_LENGTH[name]:
            raise ValueError(f"has more than {_MAX_LENGTH[name]} characters")
        return value if name == "notes" else value.replace("\n", " ")

    return parse


def _choice(choices: dict[str, Any], shown: str) -> Callable[[str], Any]:
    def parse(value: str) -> Any:
        try:
            return choices[value.casefold()]
        except KeyError:
            raise ValueError(f"must be one of {shown}" if value else "is missing") from None

    return parse


def _fuel(value: str) -> str | None:
    parse = _choice(_FUELS, "Bensin, Diesel, Hybrid, Listrik")
    return str(parse(value)) if value else None


def _plate_or_none(value: str) -> tuple[str, ...] | None:
    if _NO_PLATE.fullmatch(value):
        return None
    plate = plates.parts(value)
    if plate is None:
        raise ValueError("is not a plate such as B 1234 XYZ")
    return plate


def _display_code(value: str) -> str | None:
    if not value:
        return None
    match = _CODE.fullmatch(value.upper())
    if not match or int(match[2]) == 0:
        raise ValueError("is not a code such as #A01")
    return f"#{match[1]}{int(match[2]):02d}"


def read_km(value: str) -> int:
    return _in_range(_number(value), KM_RANGE, "45000, 45.000 or 45rb")


def read_price(value: str) -> int:
    """A bare number of up to three digits before the comma means million, as in speech: 185 is 185 juta."""
    number = _number(value)
    if number is not None and number < 1000 and not re.search(r"[a-z]", value, re.IGNORECASE):
        number *= 1_000_000
    return _in_range(number, PRICE_RANGE_IDR, "185000000, 185.000.000 or 185jt")


def _in_range(number: float | None, limits: tuple[int, int], example: str) -> int:
    if number is None:
        raise ValueError(f"must be a number such as {example}")
    low, high = limits
    if not low <= number <= high:
        raise ValueError(f"must be from {low} to {high}")
    return round(number)


def _number(value: str) -> float | None:
    match = _NUMBER.fullmatch(value)
    if match is None:
        return None
    digits, unit = match["digits"], match["unit"]
    scale = _UNITS[unit[0].lower()] if unit else 1
    if _GROUPED.fullmatch(digits) and scale < 10**9:  # 1.250jt is 1250 juta, but 1.250 M is 1,25 M
        return float(re.sub(r"[.,]", "", digits)) * scale
    if _DECIMAL.fullmatch(digits):
        return float(digits.replace(",", ".")) * scale
    return None

"""Many cars at once, one a line, as people and their spreadsheets write them."""

import dataclasses
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from autoleads import plates, stock_table
from autoleads.stock_table import Line, Trouble
from autoleads.types import CarStatus, Transmission

FIRST_YEAR = 1980
PRICE_RANGE_IDR = (10_000_000, 20_000_000_000)
KM_RANGE = (0, 1_000_000)
LEAST_IN_THOUSANDS = 20_000  # a bare price from here on leaves out three noughts: 20.000 is 20 juta

REQUIRED = ("brand", "model", "year", "color", "transmission", "km", "price")
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
# A bare "95" or "45,5" may be thousands as people speak, or the car is new.
UNCLEAR_KM = re.compile(r"[1-9][0-9]{0,2}(?:[.,][0-9]{1,2})?", re.ASCII)
_NUMBER = re.compile(
    r"(?:(?:rp|idr)\.?\s*)?"
    r"(?P<digits>[0-9][0-9.,]*?)"
    r"(?:[.,]0{1,2}|,-{1,2})?\s*"
    r"(?P<unit>m|miliar|milyar|jt|juta|jt-?an|jutaan|rb|ribu|k|rban|ribuan)?\.?\s*(?:km|rupiah)?",
    re.IGNORECASE | re.ASCII,
)
# "185jt500", "185 juta 500", "1 m 2", "1M200jt", "185 juta 500 ribu": the rest is counted in thousandths of the unit.
_IN_PARTS = re.compile(
    r"(?:(?:rp|idr)\.?\s*)?(?P<digits>[0-9]{1,3})\s*"
    r"(?:(?P<unit>m|miliar|milyar|jt|juta)(?P<rest>[0-9]{3}|\s+[1-9](?:00|50))"
    r"|(?:m|miliar|milyar)\s+(?P<tenths>[1-9])"
    r"|(?P<milliards>m|miliar|milyar)\s*(?P<millions>[0-9]{1,3})\s*(?:jt|juta)"
    r"|(?P<million>jt|juta)\s*(?P<thousands>[0-9]{1,3})\s*(?:rb|ribu|k))",
    re.IGNORECASE | re.ASCII,
)
_CURRENCY = re.compile("rupiah|rp|idr", re.IGNORECASE)
_LETTER = re.compile("[a-z]", re.IGNORECASE)
_UNITS = {"m": 10**9, "j": 10**6, "r": 10**3, "k": 10**3}
_GROUPED = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]{1,3}(?:,[0-9]{3})+")
_DECIMAL = re.compile(r"[0-9]+(?:[.,][0-9]{1,3})?")

_MAX_LENGTH = {"brand": 50, "model": 100, "color": 50, "branch": 100, "notes": 2000}
_LONGEST_ABBREVIATION = 3
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


class Fault(StrEnum):
    """What is wrong with a value, for who tells it in other words."""

    UNREAD = "unread"
    MISSING = "missing"
    RANGE = "range"
    TWICE = "twice"
    TAKEN = "taken"
    PLATE = "plate"
    LONG = "long"


@dataclass(frozen=True, slots=True)
class RowError:
    """`field` is a column's English name, or "row" and "header" when it is no single field. `said` is what was
    written there; `other` names what has the value already, a line or a car's code."""

    line: int
    field: str
    reason: str
    fault: Fault = dataclasses.field(default=Fault.UNREAD, compare=False)
    said: str = dataclasses.field(default="", compare=False)
    other: str = dataclasses.field(default="", compare=False)


class _Refused(ValueError):
    def __init__(self, reason: str, fault: Fault) -> None:
        super().__init__(reason)
        self.fault = fault


def read(text: str, *, this_year: int | None = None) -> tuple[list[CarRow], list[RowError]]:
    """Every line is a row or has errors, blank lines aside; a bad line costs no other line.

    Years run to the one after `this_year` (default: the current one), as dealers sell next year's models.
    """
    table = stock_table.read(text)
    if not table.line:
        return [], [RowError(1, "header", "the file is empty")]
    if problem := _unusable(table.columns):
        return [], [RowError(table.line, "header", problem)]
    return rows_of(table.lines, this_year=this_year)


def rows_of(lines: Iterable[Line], *, this_year: int | None = None) -> tuple[list[CarRow], list[RowError]]:
    """As `read`, of lines that are told apart already."""
    reader = _Reader(this_year or datetime.now(UTC).year)
    rows: list[CarRow] = []
    errors: list[RowError] = []
    for line in lines:
        result = reader.row(line)
        if isinstance(result, CarRow):
            rows.append(result)
        else:
            errors.extend(result)
    return rows, errors


def missing(columns: Iterable[str | None]) -> list[str]:
    """The required fields that no column has."""
    known = set(columns)
    return [name for name in REQUIRED if name not in known]


def twice(columns: Iterable[str | None]) -> list[str]:
    known = [name for name in columns if name is not None]
    return sorted({name for name in known if known.count(name) > 1})


def _unusable(columns: tuple[str | None, ...]) -> str:
    if lacking := missing(columns):
        return f"missing columns: {', '.join(lacking)} (needed: {', '.join(REQUIRED)})"
    return f"columns given twice: {', '.join(doubled)}" if (doubled := twice(columns)) else ""


class _Reader:
    """Turns the values of a line into a row, and remembers what must not come twice."""

    def __init__(self, this_year: int) -> None:
        self._last_year = this_year + 1
        self._seen: dict[tuple[str, str], int] = {}

    def row(self, line: Line) -> CarRow | list[RowError]:
        if line.trouble is Trouble.QUOTE:
            return [RowError(line.number, "row", "a quotation mark is not closed or stands in the wrong place")]
        if line.trouble is Trouble.SURPLUS:
            hint = f"{line.detail}; a value that holds the separator needs quotation marks"
            return [RowError(line.number, "row", hint)]
        values = dict(line.values)
        if "variant" in values:
            values["model"] = f"{values['model']} {values['variant']}".strip()
        fields = _Fields(line.number, values)
        row = self._parse(fields)
        return fields.errors or row

    def _parse(self, fields: "_Fields") -> CarRow:
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
            km=fields.take("km", _km),
            price_idr=fields.take("price", read_price),
            fuel=fields.take("fuel", _fuel),
            features=fields.take("features", _features),
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
            said = fields.values.get(name, "")
            reason = f"already on line {first}"
            fields.errors.append(RowError(fields.line, name, reason, Fault.TWICE, said, str(first)))
        elif not fields.errors:
            self._seen[name, value] = fields.line

    def _year(self, value: str) -> int:
        year = int(value) if re.fullmatch(r"[0-9]{4}", value, re.ASCII) else 0
        if not FIRST_YEAR <= year <= self._last_year:
            raise _Refused(
                f"must be a year from {FIRST_YEAR} to {self._last_year}", Fault.RANGE if year else Fault.UNREAD
            )
        return year


@dataclass(slots=True)
class _Fields:
    """Takes field after field, so that a line's errors are all reported at once."""

    line: int
    values: dict[str, str]
    errors: list[RowError] = dataclasses.field(default_factory=list)

    def take(self, name: str, parse: Callable[[str], Any]) -> Any:
        """None after an error: the row is not used then."""
        said = self.values.get(name, "")
        try:
            return parse(said)
        except ValueError as exc:
            fault = exc.fault if isinstance(exc, _Refused) else Fault.UNREAD
            self.errors.append(RowError(self.line, name, str(exc), fault if said else Fault.MISSING, said))
            return None


def _features(value: str) -> tuple[str, ...]:
    features = tuple(part for piece in re.split(r"[;|\n]", value) if (part := piece.strip()))
    if len(features) > _MAX_FEATURES:
        raise _Refused(f"at most {_MAX_FEATURES} features", Fault.LONG)
    if any(len(feature) > _MAX_FEATURE for feature in features):
        raise _Refused(f"a feature has at most {_MAX_FEATURE} characters", Fault.LONG)
    return features


def _text(name: str, *, required: bool = True) -> Callable[[str], str]:
    def parse(value: str) -> str:
        if required and not value:
            raise ValueError("is missing")
        if len(value) > _MAX_LENGTH[name]:
            raise _Refused(f"has more than {_MAX_LENGTH[name]} characters", Fault.LONG)
        if name == "color" and value.isdecimal():
            raise ValueError("is a number")
        if name == "notes":
            return value
        return _calm(value.replace("\n", " "), 1 if name == "color" else _LONGEST_ABBREVIATION)

    return parse


def _calm(value: str, longest: int) -> str:
    """A sheet in capitals is not to shout in the catalogue: "TOYOTA", "AVANZA 1.3 G". Words up to `longest` letters
    stay, as in "BMW" and "RUSH TRD"."""
    words = value.split(" ")
    if not value.isupper() or max(map(len, words)) <= longest:
        return value
    return " ".join(word.capitalize() if word.isalpha() and len(word) > longest else word for word in words)


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


def _km(value: str) -> int:
    if UNCLEAR_KM.fullmatch(value):
        raise ValueError(f"is not clear: {value} km or {value}rb")
    return read_km(value)


def read_km(value: str) -> int:
    return _in_range(_number(value), KM_RANGE, "45000, 45.000 or 45rb")


def read_price(value: str) -> int:
    number = _number(value)
    if number is not None and not _LETTER.search(_CURRENCY.sub("", value)):
        number *= _unsaid_unit(number)
    return _in_range(number, PRICE_RANGE_IDR, "185000000, 185.000.000 or 185jt")


def _unsaid_unit(price: float) -> int:
    """A bare number below a thousand means million, as in speech: 185 is 185 juta. One of five or six digits means
    thousands, for no car is told in single rupiahs: 185.500 is 185,5 juta."""
    if price < 1000:
        return 1_000_000
    return 1000 if LEAST_IN_THOUSANDS <= price < 1_000_000 else 1


def _in_range(number: float | None, limits: tuple[int, int], example: str) -> int:
    if number is None:
        raise ValueError(f"must be a number such as {example}")
    low, high = limits
    if not low <= number <= high:
        raise _Refused(f"must be from {low} to {high}", Fault.RANGE)
    return round(number)


def _number(value: str) -> float | None:
    if parts := _IN_PARTS.fullmatch(value):
        if parts["tenths"]:
            return (int(parts["digits"]) * 10 + int(parts["tenths"])) * 10**8
        unit = parts["unit"] or parts["milliards"] or parts["million"]
        rest = parts["rest"] or parts["millions"] or parts["thousands"]
        return (int(parts["digits"]) * 1000 + int(rest)) * _UNITS[unit[0].lower()] / 1000
    match = _NUMBER.fullmatch(value)
    if match is None:
        return None
    digits, unit = match["digits"], match["unit"]
    scale = _UNITS[unit[0].lower()] if unit else 1
    if _GROUPED.fullmatch(digits) and scale < 10**9:  # 1.250jt is 1250 juta, but 1.250 M is 1,25 M
        grouped = float(re.sub(r"[.,]", "", digits)) * scale
        return grouped if scale < 10**6 or grouped <= PRICE_RANGE_IDR[1] else grouped / 1000  # 185.500jt
    if _DECIMAL.fullmatch(digits):
        return float(digits.replace(",", ".")) * scale
    return None

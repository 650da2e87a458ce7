"""One number with its unit: what stands behind it that says how it is counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from autoleads.bot.understanding.normalize import Token
from autoleads.bot.understanding.rules import rules

MILLION = 1_000_000
FIRST_YEAR, LAST_YEAR = 1970, 2039

# What may be counted in thousands; "2019 tangan 1" and "2016 km 80rb" hold a year.
_MEASURED = frozenset({"cc", "watt", "meter", "hp", "ps", "kwh", "orang", "pcs", "kursi", "hari", "detik"})
_FIRST_USUAL_YEAR = 1985
_PICKING, _LAST_PICK = frozenset({"yang", "nomor", "pilih"}), 15
_LEAST_BEHIND = 10  # "1M200jt", but "7m3"
MOST_KM = 400  # thousand; more is a small sum of money
_NO_SUM = frozenset({"kilometer", "tahun", "bulan", "kali", "persen", "pct", "%"})
_BETWEEN = frozenset({"-", "/", "~"})
_SUMS = frozenset({"juta", "miliar", "ribu"})
_LESSER = {"miliar": "juta", "juta": "ribu", "ribu": ""}
_MOST_MILLIONS = 20_000  # "185.500 jt" and "185,500jt" are no 185 miliar
_LEAST_REST, _STEP = 100, 50  # thousands behind millions: "185jt 500rb"; "185jt 45rb" is a price and a distance
_TWO_PRICES = 500  # "1M 950jt" may be two, "1M 200jt" is one
_STOPS = frozenset({".", ":", "="})


@dataclass(slots=True)
class Measure:
    """`most` where nobody knows how much is meant: from `value` to that ("185jt50")."""

    value: float
    unit: str = ""  # juta, miliar, ribu, tahun, bulan, kali, kilometer, count, percent
    near: bool = False
    end: int = 0
    plain: bool = True  # written without a point or comma
    most: float = 0.0


def word_at(tokens: Sequence[Token], i: int) -> str:
    return tokens[i].word if 0 <= i < len(tokens) else ""


def measure(tokens: list[Token], i: int) -> Measure:
    """The number at i with the unit and the -an behind it."""
    token = tokens[i]
    read = Measure(token.value or 0.0, end=i + 1, plain=not any(ch in token.text for ch in ".,"))
    j = i + 1
    if word_at(tokens, j) == "-" and word_at(tokens, j + 1) in ("an", "juta", "ribu", "tahun"):
        j += 1
    if word_at(tokens, j) == "an" and word_at(tokens, j + 1) in _SUMS:
        read.near, j = True, j + 1  # "40an ribu"
    if j >= len(tokens) or tokens[j].role:
        return read
    word, text = tokens[j].word, tokens[j].text
    if usual_year(token) and word not in ("tahun", "an", "juta", "miliar", "ribu") and word not in _MEASURED:
        return read
    if word in _SUMS:
        if not (word == "miliar" and text == "m" and not _is_miliar(tokens, i)):
            read.value = _in_unit(token, word)
            read.unit, read.end = word, j + 1
            read.near = read.near or (text.endswith(("an", "n")) and text not in ("milyun", "million"))
            _add_rest(tokens, read)
    elif word == "kilometer" and read.value <= _LAST_PICK and word_at(tokens, i - 1) in _PICKING:
        return read  # "yang 3 km-nya berapa?"
    elif word == "kali" and j + 1 < len(tokens) and tokens[j + 1].kind == "num":
        pass  # "tdp 15 x 47": the times belong to the number behind
    elif word == "kilometer" and (_owns_the_next(tokens, read, j) or _ends_date(tokens, i)):
        return read  # "harga 330 km 28rb"
    elif word in ("bulan", "kali") and read.value >= 1000:
        return read  # "km 39.000 bulan 9"
    elif word in ("tahun", "bulan", "kali", "kilometer"):
        read.unit, read.end = word, j + 1
    elif word in ("%", "persen") or (word == "pct"):
        read.unit, read.end = "percent", j + 1
    elif (word in rules().counted and read.value < MILLION) or text in ("x4", "ton"):
        read.unit, read.end = "count", j + 1
    return _with_an(tokens, read)


def usual_year(token: Token) -> bool:
    """Written like a car's year. A round 2000 counts kilometres as often."""
    plain = len(token.text) == 4 and token.text.isdigit() and token.text != "2000"
    return plain and _FIRST_USUAL_YEAR <= (token.value or 0) <= LAST_YEAR


def _is_miliar(tokens: list[Token], i: int) -> bool:
    """`1,2 M` is money, `4 M` too; `2020 M` is not, nor what has a letter or a digit stuck to it (`M3 M4`, `7m3`)."""
    named = tokens[i].glued and tokens[i - 1].kind == "word" and tokens[i - 1].word not in rules().fields
    named = named and tokens[i - 1].word != "rp"
    behind = tokens[i + 2] if i + 2 < len(tokens) else None
    cubic = behind is not None and behind.glued and behind.kind == "num" and (behind.value or 0) < _LEAST_BEHIND
    return _in_unit(tokens[i], "miliar") < 100 and not named and not cubic


def _in_unit(token: Token, unit: str) -> float:
    """ "1.250 M" and "185,500jt" hold no thousands: no car costs so much."""
    value, most = token.value or 0.0, 999 if unit == "miliar" else _MOST_MILLIONS
    grouped = unit != "ribu" and any(ch in token.text for ch in ".,")
    return value / 1000 if grouped and value > most else value


class _Rest(NamedTuple):
    """What is added in the next smaller unit, up to which token, and whether that is sure."""

    value: float
    end: int
    sure: bool


def _add_rest(tokens: list[Token], read: Measure) -> None:
    """Adds what goes on in smaller units: "185jt500", "1 miliar 200 juta", "185 juta 500 ribu", "km 45rb500"."""
    unit, scale = read.unit, 1.0
    while not read.near and read.plain and not read.most and unit:
        if word_at(tokens, read.end) == "setengah" and word_at(tokens, read.end + 1) not in ("dari", "harga", "bulan"):
            read.value, read.end = read.value + scale / 2, read.end + 1
            return
        rest = _rest(tokens, read.end, unit)
        if rest is None:
            return
        scale /= 1000
        sum_ = read.value + rest.value * scale
        read.value, read.most = (sum_, 0.0) if rest.sure else (read.value, sum_)
        unit = _LESSER[unit] if tokens[rest.end - 1].kind == "word" else ""
        read.end = rest.end


def _rest(tokens: list[Token], j: int, unit: str) -> _Rest | None:
    stop = word_at(tokens, j) in (",", ".") and tokens[j].glued and j + 1 < len(tokens) and tokens[j + 1].glued
    j += stop
    token = tokens[j] if j < len(tokens) else None
    if token is None or token.kind != "num" or token.role:
        return None
    value, glued = token.value or 0.0, token.glued and not stop
    behind = word_at(tokens, j + 1)
    if behind and behind == _LESSER[unit] and value.is_integer() and value < 1000:
        return None if word_at(tokens, j + 2) in ("kilometer", "dp") else _named_rest(value, j + 2, behind, glued)
    if behind in _SUMS | _NO_SUM | _MEASURED or behind in rules().counted or (behind in _BETWEEN and not glued):
        return None
    if j + 1 < len(tokens) and tokens[j + 1].kind == "word" and tokens[j + 1].glued:
        return None  # "320i"
    return _bare_rest(tokens, j, unit, glued)


def _named_rest(value: float, end: int, unit: str, glued: bool) -> _Rest | None:
    """With its own unit behind it."""
    if unit == "juta":
        return _Rest(value, end, True) if glued or value < _TWO_PRICES else None
    if value < _LEAST_REST or (not glued and value <= MOST_KM and value % _STEP):
        return None
    return _Rest(value, end, glued or value > MOST_KM)


def _bare_rest(tokens: list[Token], j: int, unit: str, glued: bool) -> _Rest | None:
    """ "185jt500", "1M200"; of "185jt5" and "185jt 500" nobody knows."""
    token = tokens[j]
    value = token.value or 0.0
    if unit == "miliar" and tokens[j - 1].text == "m" and not (glued and tokens[j - 1].glued):
        return None  # "3.0 M 500"
    if unit == "juta" and glued and not token.text.isdigit() and 100_000 <= value < MILLION:
        return _Rest(value / 1000, j + 1, True)  # "185jt500.000"
    if not token.text.isalnum() or not value.is_integer() or not 0 < value < 1000:
        return None
    if value >= _LEAST_REST:
        apart = (unit == "ribu" and tokens[j - 1].text != unit) or value % _STEP  # "45rb 250" is a distance and a price
        return _Rest(value, j + 1, glued) if glued or not apart else None
    return _Rest(value * (100 if value < 10 else 10), j + 1, False) if glued else None


def _owns_the_next(tokens: list[Token], read: Measure, j: int) -> bool:
    """Whether "km" at j speaks of the number behind it: a small one before it is no distance, nor are millions."""
    while word_at(tokens, j + 1) in _STOPS:
        j += 1
    behind = tokens[j + 1] if j + 1 < len(tokens) else None
    if read.value >= MILLION:
        return True
    if behind is None or behind.kind != "num" or behind.role or read.value >= 1000:
        return False
    return ((behind.value or 0) >= 1000 and not usual_year(behind)) or word_at(tokens, j + 2) == "ribu"


def _ends_date(tokens: list[Token], i: int) -> bool:
    """ "pajak 12/4/27 km rendah"."""
    before = tokens[max(0, i - 2) : i]
    return len(before) == 2 and before[0].kind == "num" and before[1].text == "/"


def _with_an(tokens: list[Token], read: Measure) -> Measure:
    j = read.end
    if word_at(tokens, j) == "-" and word_at(tokens, j + 1) == "an":
        j += 1
    if word_at(tokens, j) == "an":
        read.near, read.end = True, j + 1
    if read.unit in ("", "ribu") and word_at(tokens, read.end) == "kilometer" and read.value < MILLION:
        # "km 45rb 170jt": the word before owns the number, not the one behind it.
        read.unit, read.end = ("kilometer", read.end + 1) if not read.unit else ("ribukm", read.end + 1)
    return read


def is_year(read: Measure) -> bool:
    return read.plain and read.unit in ("", "tahun") and FIRST_YEAR <= read.value <= LAST_YEAR

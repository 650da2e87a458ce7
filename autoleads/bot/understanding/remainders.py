"""What a sum goes on with in the next smaller unit: "185jt500", "1 m 2", "185 juta 500 ribu"."""

from collections.abc import Sequence
from typing import NamedTuple

from autoleads.bot.understanding.normalize import Token, lexicon, word_at
from autoleads.bot.understanding.rules import rules

SUMS = frozenset({"juta", "miliar", "ribu"})
LESSER = {"miliar": "juta", "juta": "ribu", "ribu": ""}
# What may be counted in thousands; "2019 tangan 1" and "2016 km 80rb" hold a year.
MEASURED = frozenset({"cc", "watt", "meter", "hp", "ps", "kwh", "orang", "pcs", "kursi", "hari", "detik"})
MOST_KM = 400  # thousand; more is a small sum of money
LEAST_PRICE = 20  # millions; a smaller sum is a difference

_NO_SUM = frozenset({"kilometer", "tahun", "bulan", "kali", "persen", "pct", "%"})
_BETWEEN = frozenset({"-", "/", "~", "sampai"})
_CLOSED = frozenset(".,;|?!\n") | {"nego", "nett", "cash", "plat", "warna", "otr"}
_PRICED = frozenset({"harga", "rp", "jadi", "ke", "otr", "cash", "nego", "nett", "turun", "naik", "ganti", "ubah"})
_LEAST_REST, _STEP = 100, 50  # thousands behind millions: "185jt 500rb"; "185jt 45rb" is a price and a distance
_FEW, _YEAR_DIGITS = 10, 4
_TWO_PRICES = 500  # "1M 950jt" may be two, "1M 200jt" is one


class Remainder(NamedTuple):
    """What is added in the next smaller unit, up to which token, and whether that is sure."""

    value: float
    end: int
    sure: bool


def remainder(tokens: Sequence[Token], start: int, j: int, unit: str) -> Remainder | None:
    """What the sum that begins at `start` and has its `unit` before j goes on with."""
    stop = word_at(tokens, j) in (",", ".") and tokens[j].glued and j + 1 < len(tokens) and tokens[j + 1].glued
    j += stop
    token = tokens[j] if j < len(tokens) else None
    if token is None or token.kind != "num" or token.role:
        return None
    value, glued = token.value or 0.0, token.glued and not stop
    behind = word_at(tokens, j + 1)
    if behind and behind == LESSER[unit] and value.is_integer() and value < 1000:
        own = ("dp", "kilometer") if behind == "ribu" and value <= MOST_KM else ("dp",)
        return None if word_at(tokens, j + 2) in own else _named(tokens, start, j, glued)
    if behind in _NO_SUM and glued and (value >= _LEAST_REST or _number_at(tokens, j + 2)):
        return _glued(tokens, j, unit)  # "185jt500 km 45rb": the word is about what follows it
    if not glued and _owned_by_next(tokens, j + 1, tenor=unit == "juta" and value < _LEAST_REST):
        return _apart(tokens, j, unit)
    if behind in SUMS | _NO_SUM | MEASURED or behind in rules().counted:
        return None
    if behind in _BETWEEN and not glued and word_at(tokens, j + 3) not in SUMS:
        return None
    if j + 1 < len(tokens) and tokens[j + 1].kind == "word" and tokens[j + 1].glued:
        return None  # "320i"
    return _glued(tokens, j, unit) if glued else _apart(tokens, j, unit)


def _number_at(tokens: Sequence[Token], i: int) -> bool:
    return i < len(tokens) and tokens[i].kind == "num"


def _owned_by_next(tokens: Sequence[Token], i: int, *, tenor: bool = False) -> bool:
    """Whether the word at i is about what stands behind it: "1 m 2 km 45rb", "185 juta 500 tahun 2020"; of a `tenor`
    that is not sure ("dp 30 juta 5 tahun 2 bulan")."""
    word, like_year = word_at(tokens, i), _number_at(tokens, i + 1) and len(tokens[i + 1].text) == _YEAR_DIGITS
    if word == "tahun":
        return like_year and not tenor
    return word == "kilometer" and _number_at(tokens, i + 1) and not like_year


def _named(tokens: Sequence[Token], start: int, j: int, glued: bool) -> Remainder | None:
    """With its own unit behind it."""
    value, end = tokens[j].value or 0.0, j + 2
    if word_at(tokens, j + 1) == "juta":
        return Remainder(value, end, True) if glued or value < _TWO_PRICES else None
    small = value < _FEW or (tokens[start].value or 0) < LEAST_PRICE  # "turun 2 juta 50 ribu"
    if small and _all_there_is(tokens, start, end):
        return Remainder(value, end, True)
    if value < _LEAST_REST or (not glued and value <= MOST_KM and value % _STEP):
        return None
    return Remainder(value, end, glued or value > MOST_KM)


def _all_there_is(tokens: Sequence[Token], start: int, end: int) -> bool:
    """Whether nothing but a price is told, so that "185 juta 5 ribu" is no price and a distance."""
    others = [*tokens[:start], *tokens[end:]]
    return all(token.role == "code" or token.kind == "mark" or token.word in _PRICED or token.text in lexicon().filler
               for token in others)  # fmt: skip


def _glued(tokens: Sequence[Token], j: int, unit: str) -> Remainder | None:
    """ "185jt500", "1M200"; of "185jt5" nobody knows."""
    token, value = tokens[j], tokens[j].value or 0.0
    if unit == "miliar" and tokens[j - 1].text == "m" and not tokens[j - 1].glued:
        return None  # "3.0 M500"
    if unit == "juta" and not token.text.isdigit() and 100_000 <= value < 1_000_000:
        return Remainder(value / 1000, j + 1, True)  # "185jt500.000"
    if not _is_figure(token):
        return None
    if value >= _LEAST_REST:
        return Remainder(value, j + 1, True)
    return Remainder(_thousandths(value), j + 1, False)


def _apart(tokens: Sequence[Token], j: int, unit: str) -> Remainder | None:
    """ "185 juta 500", "1 m 200", "1 m 2", where nothing behind it may be counted by it; "45rb 250" is a distance
    and a price. Of "185 juta 5", "185 juta 50" and "1 m 2 Alphard" nobody knows."""
    token, value = tokens[j], tokens[j].value or 0.0
    closed = _is_closed(tokens, j + 1, numbers_a_line=value < _LEAST_REST)
    if not _is_figure(token) or (unit == "ribu" and (tokens[j - 1].text != unit or value < _LEAST_REST)):
        return None
    if value >= _LEAST_REST:
        return None if value % _STEP else Remainder(value, j + 1, closed and unit != "ribu")
    tenths = unit == "miliar" and value < _FEW
    if token.text.startswith("0") or not (closed or tenths):
        return None
    return Remainder(_thousandths(value), j + 1, closed and tenths)


def _is_figure(token: Token) -> bool:
    value = token.value or 0.0
    return token.text.isalnum() and value.is_integer() and 0 < value < 1000


def _thousandths(value: float) -> float:
    return value * (100 if value < _FEW else 10)


def _is_closed(tokens: Sequence[Token], i: int, *, numbers_a_line: bool) -> bool:
    """Whether a sum is over before i, rather than counting what stands there; a small number before a point may begin
    the next line of a list."""
    behind = tokens[i] if i < len(tokens) else None
    if behind is None:
        return True
    if behind.word == "." and numbers_a_line:
        return word_at(tokens, i + 1) in ("", "\n")
    if _owned_by_next(tokens, i):
        return True
    return behind.word in _CLOSED | _BETWEEN or behind.text in lexicon().filler

"""Plates in a line of the showroom: where one stands, and which car of the stock has it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from autoleads.bot.understanding.command_base import command_words
from autoleads.bot.understanding.details import COLORS
from autoleads.bot.understanding.normalize import lexicon, plain
from autoleads.plates import REGIONS_IN_CHAT

_GAP = r"[ .-]{0,2}"
_SHAPE = re.compile(
    rf"(?<![a-z0-9#/])([a-z]{{1,2}}){_GAP}([1-9]\d{{0,3}}){_GAP}([a-z]{{1,3}})(?![a-z0-9])", re.IGNORECASE
)
# "B 12" is a plate and "L 300" a car: without letters behind it takes the word for it, or a car that has it.
_UNCLOSED = re.compile(
    rf"(?<![a-z0-9#/])([a-z]{{1,2}}){_GAP}([1-9]\d{{0,3}})(?![a-z0-9]|[.,]\d|{_GAP}[a-z](?![a-z0-9]))", re.IGNORECASE
)
_TEMPORARY = re.compile(r"(?<![a-z0-9])temp[ .-]?(\d{1,6})(?!\d)", re.IGNORECASE)  # cars without a plate
_TOLD = re.compile(
    r"\b(?:plat|plt|plate|nopol|nopolnya|platnya|pelat|polisi)\b\W{0,3}(?:nomor|nya)?\W{0,2}$", re.IGNORECASE
)
_LOOSE = re.compile(r"\W*(?=[a-z0-9]*\d{2})(?=[a-z0-9]*[a-z]{2})([a-z0-9]{5,10})(?![a-z0-9])", re.IGNORECASE)
_UNITS = frozenset({"jt", "rb", "km", "cc", "x", "i", "p", "u", "an", "m", "k", "th", "thn", "rban", "jtan"})
_NO_TAILS = frozenset({"matic", "manual", "kilometer", "juta", "ribu", "tahun", "dp"})  # "G 2019 MT"
_TRIMS = frozenset({"e", "g", "r", "s"})  # of the letters that plates begin with
_FARTHEST = 2
_LOOK_BACK = 20  # characters in which "nopol" stands before its plate
_SURE_DIGITS, _MOST_DIGITS = 3, 4
_COUNT = re.compile(r"(?<![\d.,])\d{1,2}(?:[.,]\d+)? ?$")
_YEARS = re.compile(r"19[89]\d|20[0-3]\d")


@dataclass(frozen=True, slots=True)
class Written:
    """A plate as typed, clean, with its place; `code` is the car's, `exact` whether it is that very plate."""

    clean: str
    start: int
    end: int
    code: str | None
    exact: bool


def spaced(clean: str) -> str:
    """`B1234XYZ` as people write it: `B 1234 XYZ`."""
    return " ".join(re.findall(r"[A-Z]+|\d+", clean))


def owner_of(clean: str, plates: Mapping[str, str]) -> tuple[str | None, bool]:
    """(display code, exact): the car with the plate, else the only nearest by at most two slips (a swap is one)."""
    best, codes = _FARTHEST + 1, []
    for code, plate in plates.items():
        if plate == clean:
            return code, True
        distance = OSA.distance(clean, plate, score_cutoff=_FARTHEST)
        if distance < best:
            best, codes = distance, [code]
        elif distance == best and best <= _FARTHEST:
            codes.append(code)
    return (codes[0], False) if best <= _FARTHEST and len(codes) == 1 else (None, False)


def _exactly(clean: str, plates: Mapping[str, str]) -> tuple[str | None, bool]:
    return next(((code, True) for code, plate in plates.items() if plate == clean), (None, False))


def holds_plate(text: str, own: str | None) -> bool:
    """Whether customers would read a plate in it; `own` is that of the car it is about, clean."""
    shown = plain(text)
    return _holds_own(shown, own) or find_plate(shown, {}) is not None


def name_holds_plate(name: str, own: str | None) -> bool:
    """For names of models, of which some look like plates: "L 300 PU", "S450L", "R 2011 SDN". Of others' plates only
    those with four figures that are no year can be told from them."""
    shown = plain(name)
    found = find_plate(shown, {})
    figures = "" if found is None else "".join(ch for ch in found.clean if ch.isdigit())
    return _holds_own(shown, own) or (len(figures) == _MOST_DIGITS and not _YEARS.fullmatch(figures))


def _holds_own(text: str, own: str | None) -> bool:
    return own is not None and own in "".join(ch for ch in text.upper() if ch.isalnum())


def find_plate(text: str, plates: Mapping[str, str], *, first: bool = False) -> Written | None:
    """The plate in a cleaned line. `first`: a plate is what a line like this begins with."""
    known = frozenset(plates.values())
    shouted = text.isupper()
    if match := _TEMPORARY.search(text):
        clean = f"TEMP-{int(match[1]):03d}"
        return Written(clean, match.start(), match.end(), *_exactly(clean, plates))
    at = 0
    while match := _SHAPE.search(text, at):
        at = match.start() + 1
        if _in_sum(text, match):
            continue
        clean = "".join(match.groups()).upper()
        told = _is_told(text, match) or (first and not text[: match.start()].strip())
        if clean in known or _is_plate(match, told=told, shouted=shouted, alone=_alone(text, match)):
            return Written(clean, match.start(), match.end(), *owner_of(clean, plates))
    for match in _UNCLOSED.finditer(text):
        clean = "".join(match.groups()).upper()
        told = match[1].lower() in REGIONS_IN_CHAT and _is_told(text, match)
        if clean in known or told:
            return Written(clean, match.start(), match.end(), *owner_of(clean, plates))
    loose = _LOOSE.match(text) if first else None
    if loose and (code := owner_of(loose[1].upper(), plates)[0]):
        return Written(loose[1].upper(), loose.start(1), loose.end(1), code, exact=False)
    return None


def _in_sum(text: str, match: re.Match[str]) -> bool:
    """ "1 m 200 B 1234 XYZ": the plate begins with the last letter."""
    counted = match[1].lower() == "m" and _COUNT.search(text, 0, match.start())
    return bool(counted and _SHAPE.match(text, match.start(3)))


def _is_told(text: str, match: re.Match[str]) -> bool:
    return bool(_TOLD.search(text[max(0, match.start() - _LOOK_BACK) : match.start()]))


def _alone(text: str, match: re.Match[str]) -> bool:
    """Whether the plate has a line or a field of the text to itself."""
    before, after = text[: match.start()].rstrip(" "), text[match.end() :].lstrip(" ")
    return (not before or before[-1] in "|\n,/;:") and (not after or after[0] in "|\n,/;")


def _is_trim_and_year(match: re.Match[str]) -> bool:
    """ "avanza g 2020 itm": the only year that the line has."""
    others = match.string[: match.start()] + match.string[match.end() :]
    return match[1].lower() in _TRIMS and bool(_YEARS.fullmatch(match[2])) and not _YEARS.search(others)


def _is_plate(match: re.Match[str], *, told: bool, shouted: bool, alone: bool) -> bool:
    head, digits, tail = (part.lower() for part in match.groups())
    if head not in REGIONS_IN_CHAT:
        return False
    if told or alone:
        return tail not in _UNITS or (len(tail) == 1 and match[3].isupper() and not shouted)  # "BA 7 K"
    word = lexicon().spelling.get(tail, tail)
    if tail in _UNITS or word in _NO_TAILS or word in COLORS or tail in command_words().car_state:
        return False
    upper = match[1].isupper() and match[3].isupper() and not shouted
    enough = len(digits) >= _SURE_DIGITS and (upper or not _is_trim_and_year(match))
    glued = len(match[0]) == len(head) + len(digits) + len(tail)
    if tail in lexicon().known:
        return enough and (upper or glued)
    return enough or upper

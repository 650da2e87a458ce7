"""Reads numbers out of any spelling: other scripts, spaced or look-alike digits, number words, units."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_LOOK_ALIKES = str.maketrans("аеіоорсухвкмнтѕјԁɡοινκзбч。․", "aeioopcyxbkmhtsjdgoivk364..")
_UNIT_WORDS = {
    "jt": 1_000_000, "jta": 1_000_000, "jeti": 1_000_000, "jut": 1_000_000, "juta": 1_000_000, "jutaan": 1_000_000,
    "jutan": 1_000_000, "jtan": 1_000_000, "yuto": 1_000_000, "mio": 1_000_000, "million": 1_000_000,
    "millions": 1_000_000, "mil": 1_000_000, "rb": 1_000, "rban": 1_000, "ribu": 1_000, "rebu": 1_000,
    "ribuan": 1_000, "k": 1_000, "ewu": 1_000, "thousand": 1_000, "m": 1_000_000_000, "miliar": 1_000_000_000,
    "milyar": 1_000_000_000, "miliaran": 1_000_000_000, "milyaran": 1_000_000_000, "billion": 1_000_000_000,
}  # fmt: skip
_UNIT = "|".join(sorted(_UNIT_WORDS, key=len, reverse=True))
_NUMBER = re.compile(
    rf"(?P<rp>\b(?:rp|idr|rupiah)\s*[.:]?\s*)?(?P<digits>\d(?:[\d.,]*\d)?)\s*-?\s*(?P<unit>(?:{_UNIT})(?![a-z]))?"
    r"(?P<rupiah>\s*rupiah)?"
)
_DIGIT_LOOKS = str.maketrans({"o": "0", "l": "1", "i": "1", "|": "1", "!": "1", "s": "5", "b": "8", "z": "2", "q": "9"})
# With a digit before any unit; without one only before a unit that is no letter of a word ("SIM" is no sum).
_LEET = re.compile(
    rf"(?<![a-z0-9])(?=[oli|!sbzq.,]*\d)[oli|!sbzq0-9][oli|!sbzq0-9.,]{{1,11}}(?=\s*(?:{_UNIT})(?![a-z]))"
    r"|(?<![a-z0-9])[oli|!sbzq]{2,6}(?=\s*(?:jt|juta|jutaan|ribu|miliar|milyar)(?![a-z]))"
)
_LEET_LONG = re.compile(r"(?<![a-z0-9#])(?=[a-z|!]*\d)[oli|!sbzq0-9.,]{5,}(?![a-z0-9])")
_LEET_AFTER_RP = re.compile(r"(?<=\brp)[\s.]*[oli|!sbzq0-9][oli|!sbzq0-9.,]{1,}(?![a-z])")
_SPACED = re.compile(r"(?<![\d.,])\d(?:(?:\s*[-_*/·•]\s*|\s+)\d)+(?![\d.,]*\d)")
_DOTTED = re.compile(r"(?<![\d.,])\d(?:[.,]\s?\d){2,}(?![\d.,]*\d)")
_SPACED_GROUPS = re.compile(r"(?<![\d.,])\d{1,3}(?:[ '_]\d{3})+(?!\d)")
_GROUPS = re.compile(r"[1-9]\d{0,2}(?:([.,])\d{3})(?:\1\d{3})*")
_LOOSE_TENS = re.compile(r"\b(ratus|puluh|belas)an\b")
_IDIOMS = re.compile(r"\bsejuta umat\b|\bseribu satu\b")

_ONES = {
    "nol": 0, "kosong": 0, "zero": 0, "satu": 1, "siji": 1, "one": 1, "dua": 2, "loro": 2, "rong": 2, "two": 2,
    "tiga": 3, "telu": 3, "telung": 3, "three": 3, "empat": 4, "papat": 4, "patang": 4, "four": 4, "lima": 5,
    "limo": 5, "limang": 5, "five": 5, "enam": 6, "enem": 6, "six": 6, "tujuh": 7, "pitu": 7, "pitung": 7,
    "seven": 7, "delapan": 8, "wolu": 8, "wolung": 8, "eight": 8, "sembilan": 9, "songo": 9, "sangang": 9, "nine": 9,
    "sepuluh": 10, "sedoso": 10, "ten": 10, "sebelas": 11, "eleven": 11, "twelve": 12, "thirteen": 13,
    "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20,
    "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
    "seratus": 100, "satus": 100, "selawe": 25, "seket": 50, "sewidak": 60,
}  # fmt: skip
_TENS = {"puluh": 10, "puloh": 10, "ratus": 100, "atus": 100, "hundred": 100}
_WITH_ONE = {
    "sejuta": "1 juta",
    "sejutaan": "1 juta",
    "sayuto": "1 juta",
    "seribu": "1 ribu",
    "seribuan": "1 ribu",
    "sewu": "1 ribu",
    "semiliar": "1 miliar",
    "semilyar": "1 miliar",
}
_WORD = re.compile(r"[a-z]+")
_SPELLED_SIGN = re.compile(
    rf"\b(?:{'|'.join([*_ONES, *_TENS, *_WITH_ONE, 'belas', 'koma', 'point', 'and', 'setengah'])})"
)
_NUMBER_WORDS = frozenset(_ONES) | frozenset(_TENS) | {"belas", "koma", "point", "and"}


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum of money in whole rupiah and where it stands in the plain text."""

    value: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Number:
    """`scale` is 1 without a unit; `money` when Rp or rupiah stands beside it."""

    value: float
    scale: int
    money: bool
    start: int
    end: int

    @property
    def total(self) -> int:
        return round(self.value * self.scale)


class _Fold(dict[int, str]):
    """What a character is read as, worked out once per character: str.translate then runs at its own speed."""

    def __missing__(self, codepoint: int) -> str:
        kept = []
        for ch in unicodedata.normalize("NFKD", chr(codepoint)):
            if unicodedata.category(ch) in ("Mn", "Cf", "Me"):
                continue
            digit = unicodedata.digit(ch, None)
            kept.append(ch if digit is None else str(digit))
        folded = self[codepoint] = "".join(kept).lower().translate(_LOOK_ALIKES)
        return folded


_FOLD = _Fold()


def skeleton(text: str) -> str:
    """Lower case, one script, plain digits, nothing invisible: what a reader would make of it."""
    return text.lower() if text.isascii() else text.translate(_FOLD)


def cased_skeleton(text: str) -> str:
    """The skeleton with the capitals of the text, character for character."""
    return "".join(_FOLD[ord(ch)].upper() if ch.isupper() else _FOLD[ord(ch)] for ch in text)


@lru_cache(maxsize=4096)  # the same lines about the same cars come again and again
def plain(text: str) -> str:
    """The skeleton with every number in plain digits."""
    result = skeleton(text)
    if _SPELLED_SIGN.search(result):
        result = _words_to_digits(_LOOSE_TENS.sub(r"\1", _IDIOMS.sub(" ", result)))
    result = _SPACED_GROUPS.sub(lambda m: re.sub(r"\D", "", m[0]), result)
    result = _SPACED.sub(_join_spaced, result)
    result = _DOTTED.sub(lambda m: re.sub(r"\D", "", m[0]), result)
    for pattern in (_LEET, _LEET_AFTER_RP, _LEET_LONG):
        result = pattern.sub(lambda m: m[0].translate(_DIGIT_LOOKS), result)
    return result


def _join_spaced(match: re.Match[str]) -> str:
    """`1 5 0` is 150 when a unit follows or it is long; `1 2 3` to choose from stays."""
    digits = re.sub(r"\D", "", match[0])
    after = match.string[match.end() : match.end() + 12]
    before = match.string[max(0, match.start() - 5) : match.start()]
    joined = len(digits) >= 7 or re.match(rf"\s*(?:{_UNIT})(?![a-z])", after) or re.search(r"\brp\W*$", before)
    return digits if joined else match[0]


@lru_cache(maxsize=4096)
def numbers(plain_text: str) -> tuple[Number, ...]:
    found = []
    for match in _NUMBER.finditer(plain_text):
        scale = _UNIT_WORDS.get(match["unit"] or "", 1)
        money = bool(match["rp"] or match["rupiah"])
        found.append(Number(_value(match["digits"]), scale, money, match.start(), match.end()))
    return tuple(_joined(found, plain_text))


@lru_cache(maxsize=4096)
def amounts(text: str) -> tuple[Sum, ...]:
    """The sums of money in a text: with a unit, with Rp, or too large to be anything else."""
    sums = []
    for number in numbers(plain(text)):
        if number.scale >= 1_000_000 or number.money or number.total >= 1_000_000:
            value = number.total
            if number.money and number.scale == 1 and value < 10_000:
                value *= 1_000_000
            sums.append(Sum(value, number.start, number.end))
    return tuple(sums)


def _joined(found: list[Number], text: str) -> list[Number]:
    """`185 juta 500 ribu` is one number."""
    result: list[Number] = []
    for number in found:
        last = result[-1] if result else None
        adjacent = last is not None and not text[last.end : number.start].strip(" ,&")
        if last is not None and adjacent and last.scale > number.scale > 1:
            result[-1] = Number(last.total + number.total, 1, last.money or number.money, last.start, number.end)
        else:
            result.append(number)
    return result


def _value(digits: str) -> float:
    if _GROUPS.fullmatch(digits):
        return float(re.sub(r"\D", "", digits))
    whole, *rest = re.split(r"[.,]", digits)
    if len(rest) == 1 and rest[0]:
        return float(f"{whole}.{rest[0]}")
    if len(rest) > 1 and len(rest[-1]) <= 2:  # 185.000.000,00
        return float("".join([whole, *rest[:-1]]))
    return float("".join([whole, *rest]) or 0)


def _words_to_digits(text: str) -> str:
    """`seratus lima puluh juta` becomes `150 juta`; `kosong delapan satu` becomes `081`."""
    out: list[str] = []
    run: list[str] = []
    at = 0
    for match in _WORD.finditer(text):
        gap, word = text[at : match.start()], match[0]
        if run and (word not in _NUMBER_WORDS or gap.strip(" -")):
            out.append(_spelled(run))
            run = []
        if not run:
            out.append(gap)
        if word in _NUMBER_WORDS:
            run.append(word)
        else:
            halved = word == "setengah" and _before_scale(text, match.end())
            out.append("0,5" if halved else _WITH_ONE.get(word, word))
        at = match.end()
    if run:
        out.append(_spelled(run))
    return "".join(out) + text[at:]


def _before_scale(text: str, at: int) -> bool:
    return re.match(r"\s*(?:juta|jt|miliar|milyar|m\b)", text[at : at + 10]) is not None


def _spelled(run: list[str]) -> str:
    """Words to digits; words that are no number on their own ("and", "koma") come back as they were."""
    if not any(word in _ONES for word in run):
        return " ".join(run)
    if "koma" in run or "point" in run:
        place = run.index("koma") if "koma" in run else run.index("point")
        whole, rest = run[:place], run[place + 1 :]
        if whole and rest:
            return f"{_spelled(whole)},{''.join(str(_ONES.get(word, '')) for word in rest)}"
    run = [word for word in run if word in _ONES or word in _TENS or word == "belas"]
    if len(run) > 1 and all(_ONES.get(word, 10) < 10 for word in run):
        return "".join(str(_ONES[word]) for word in run)
    return str(_added(run))


def _added(run: list[str]) -> int:
    total, last = 0, 0
    for word in run:
        if word == "belas":
            last += 10
        elif word in _TENS:
            last = (last or 1) * _TENS[word]
            total, last = total + last, 0
        else:
            total, last = total + last, _ONES[word]
    return total + last

"""One number with its unit: what stands behind it that says how it is counted."""

from dataclasses import dataclass

from autoleads.bot.understanding.normalize import Token, word_at
from autoleads.bot.understanding.remainders import LESSER, MEASURED, SUMS, remainder
from autoleads.bot.understanding.rules import rules

MILLION = 1_000_000
FIRST_YEAR, LAST_YEAR = 1970, 2039

_FIRST_USUAL_YEAR = 1985
_PICKING, _LAST_PICK = frozenset({"yang", "nomor", "pilih"}), 15
_LEAST_BEHIND = 10  # "1M200jt", but "7m3"
_MOST_MILLIONS = 20_000  # "185.500 jt" and "185,500jt" are no 185 miliar
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


def measure(tokens: list[Token], i: int) -> Measure:
    """The number at i with the unit and the -an behind it."""
    token = tokens[i]
    read = Measure(token.value or 0.0, end=i + 1, plain=not any(ch in token.text for ch in ".,"))
    j = i + 1
    if word_at(tokens, j) == "-" and word_at(tokens, j + 1) in ("an", "juta", "ribu", "tahun"):
        j += 1
    if word_at(tokens, j) == "an" and word_at(tokens, j + 1) in SUMS:
        read.near, j = True, j + 1  # "40an ribu"
    if j >= len(tokens) or tokens[j].role:
        return read
    word, text = tokens[j].word, tokens[j].text
    if usual_year(token) and word not in ("tahun", "an", "juta", "miliar", "ribu") and word not in MEASURED:
        return read
    if word in SUMS:
        if not (word == "miliar" and text == "m" and not _is_miliar(tokens, i)):
            read.value = _in_unit(token, word)
            read.unit, read.end = word, j + 1
            read.near = read.near or (text.endswith(("an", "n")) and text not in ("milyun", "million"))
            _add_rest(tokens, read, i)
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


def _add_rest(tokens: list[Token], read: Measure, start: int) -> None:
    """Adds what goes on in smaller units: "185jt500", "1 miliar 200 juta", "185 juta 500 ribu", "km 45rb500"."""
    unit, scale = read.unit, 1.0
    while not read.near and read.plain and not read.most and unit:
        if word_at(tokens, read.end) == "setengah" and word_at(tokens, read.end + 1) not in ("dari", "harga", "bulan"):
            read.value, read.end = read.value + scale / 2, read.end + 1
            return
        rest = remainder(tokens, start, read.end, unit)
        if rest is None:
            return
        scale /= 1000
        sum_ = read.value + rest.value * scale
        read.value, read.most = (sum_, 0.0) if rest.sure else (read.value, sum_)
        unit = LESSER[unit] if tokens[rest.end - 1].kind == "word" else ""
        read.end = rest.end


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

"""Numbers in a message: what each counts (money, km, year, tenor, DP) and which way it limits."""

from dataclasses import dataclass
from typing import NamedTuple

from autoleads.bot.understanding.measures import (
    FIRST_YEAR,
    LAST_YEAR,
    MILLION,
    Measure,
    is_year,
    measure,
)
from autoleads.bot.understanding.normalize import Token, lexicon, word_at
from autoleads.bot.understanding.remainders import MOST_KM
from autoleads.bot.understanding.rules import rules
from autoleads.stock_csv import LEAST_IN_THOUSANDS

MOST_BARE_PRICE = 999  # millions; a larger bare number is no price

_CLAUSE = frozenset("?.\n!;|")
_BRIDGE = frozenset({"-", "–", "—", "sampai", "sd", "to", "hingga", "~", "s/d"})
_EITHER = frozenset({"/", "dan", "sama", "atau", "&", ",", "ke"})
_MONEY_FIELDS = frozenset({"dp", "budget", "price", "instalment", "topup", "discount", "aside"})
_PARTS = frozenset({"dp", "instalment", "topup", "discount"})  # of a price
_LOOK_BACK = 6
_DUTIES = frozenset({"pajak", "stnk"})
_INTO = frozenset({"jadi", "menjadi", "ke"})  # "harga dari 190 jadi 185.500"
# "harga salah, harusnya 185.500", "harga baru Rp 185.500"
_BEFORE_SUM = _INTO | {"harus", "harusnya", "seharusnya", "salah", "beneran", "benar", "betul", "baru", "yang",
                       "sekarang", "tetap", "ganti", "ubah", "mobil", "nett", "nya", "rp"}  # fmt: skip
_MOVED = frozenset({"dari", "turun", "naik"})
_CLOCK, _LAST_HOUR = frozenset({"jam"}), 24.5


@dataclass(frozen=True, slots=True)
class Amount:
    """`kind`: money km year tenor pick time bare. `field` says whose sum (dp, budget, price, instalment, ...).

    Money in rupiah, distance in km, tenor in months. `limit`: "", min, max, near.
    """

    kind: str
    low: int
    high: int
    field: str
    limit: str
    at: int
    end: int


def amounts(tokens: list[Token]) -> list[Amount]:
    """Every number that means something here, in the order written."""
    found: list[Amount] = []
    words = {token.word for token in tokens}
    credit = bool(words & rules().credit)
    i = edge = 0
    while i < len(tokens):
        token = tokens[i]
        if token.kind == "num" and not token.role and token.value is not None:
            amount = _at(tokens, i, edge, credit)
            if amount:
                found.append(amount)
                for used in tokens[i : amount.end]:
                    used.role = used.role or amount.kind
                i = edge = amount.end
                continue
            edge = i + 1
        elif token.word == "setahun" and credit:
            found.append(Amount("tenor", 12, 12, "tenor", "", i, i + 1))
            token.role = "tenor"
        i += 1
    return found


def _of_duty(tokens: list[Token], i: int) -> bool:
    """Whether the year at i is the one the tax runs to ("pajak sampai mei 2026")."""
    before = tokens[max(0, i - 4) : i]
    at = max((n for n, token in enumerate(before) if token.word in _DUTIES), default=None)
    if at is None or before[-1].word == "tahun":
        return False
    return all((not token.role and token.kind == "word") or token.text == "'" for token in before[at + 1 :])


def _context(tokens: list[Token], i: int, edge: int) -> tuple[str, str, bool]:
    """(field, limit, whether the field stands right before) read leftwards from i."""
    field = limit = ""
    close = rupiah = False
    seen = 0
    j = i - 1
    while j >= edge and seen < _LOOK_BACK:
        token = tokens[j]
        word = token.word
        if (word in _CLAUSE and not (word == "." and j == i - 1)) or word == "berapa":
            break
        if not limit and not field and word in rules().limits:
            limit = rules().limits[word]
            if word == "sampai" and tokens[j - 1].word in ("bukak", "buka"):
                limit = ""
        if word == "rp":
            rupiah = True
        elif not field and word in rules().fields and not token.role:
            field, close = rules().fields[word], seen <= 1
            if field in ("pick", "aside", "year") and seen > 1:
                field = ""
            if limit or field not in ("price", "budget", "km", "year", ""):
                break
        elif field and word in rules().limits and not limit:
            limit = rules().limits[word]
        elif field == "price" and rules().fields.get(word) == "budget":
            field = "budget"
        seen += token.kind != "mark"
        j -= 1
    return field or ("price" if rupiah else ""), limit, close or rupiah


def _after(tokens: list[Token], read: Measure, field: str, limit: str) -> tuple[str, str, int]:
    """Field and limit that stand behind the number ("2018 ke atas", "30jt buat dp", "3jt per bulan")."""
    end = read.end
    nxt, second = word_at(tokens, end), word_at(tokens, end + 1)
    if nxt == "down" and not is_year(read) and field in ("", "price"):
        return "dp", limit, end + 1  # "40 million down"
    if not limit and nxt in rules().after_limits and not (nxt in rules().limits and _number_follows(tokens, end + 1)):
        limit, end = rules().after_limits[nxt], end + 1
        nxt, second = word_at(tokens, end), word_at(tokens, end + 1)
    if nxt in ("/", "per", "tiap", "sebulan", "perbulan") and (
        second in ("bulan", "bln") or nxt in ("sebulan", "perbulan")
    ):
        return "instalment", limit, end
    for k in (end, end + 1):
        allowed = ("", "budget", "price", "instalment") if k == end else ("", "budget", "price")
        if word_at(tokens, k) == "dp" and not _number_follows(tokens, k + 1) and field in allowed:
            if k == end + 1 and nxt not in ("untuk", "buat", "jadi", "bisa", "nya"):
                break
            return "dp", limit, end
    return field, limit, end


def _two_years(digits: str) -> bool:
    """ "20202021": more than twenty million rupiah is written with points or a unit."""
    return len(digits) == 8 and all(FIRST_YEAR <= int(half) <= LAST_YEAR for half in (digits[:4], digits[4:]))


def _number_follows(tokens: list[Token], i: int) -> bool:
    return any(t.kind == "num" for t in tokens[i : i + 2])


def _at(tokens: list[Token], i: int, edge: int, credit: bool) -> Amount | None:
    first = measure(tokens, i)
    field, limit, close = _context(tokens, i, edge)
    second = _range_end(tokens, first, limit)
    last = second or first
    field, limit, end = _after(tokens, last, field, limit)
    near = first.near or last.near
    kind, scale, kept = _kind(_Seen(tokens, i, first, last, second is not None, field, limit, close, credit))
    if not kind:
        return None
    low, high = round(first.value * scale[0]), round((last.most or last.value) * scale[1])
    if kind == "year":
        low, high = _year(low), _year(high)
        if not (FIRST_YEAR <= low <= LAST_YEAR and FIRST_YEAR <= high <= LAST_YEAR):
            return None
        if not limit and _of_duty(tokens, i):
            return None
    if kind == "tenor" and scale == (0.0, 0.0):
        low = high = _months(first)
    low, high = min(low, high), max(low, high)
    if near and limit in ("", "near"):
        limit = "near"
    if limit == "near" and low != high:
        limit = ""
    return Amount(kind, low, high, kept, limit, i, end)


def _range_end(tokens: list[Token], first: Measure, limit: str) -> Measure | None:
    j = first.end
    word = word_at(tokens, j)
    if word == "s" and word_at(tokens, j + 1) == "/" and word_at(tokens, j + 2) in ("d", "di"):
        word, j = "s/d", j + 2
    if word == "maksimal" and tokens[j].text == "up to":
        word = "to"
    if word not in _BRIDGE and word not in _EITHER:
        return None
    k = j + 1
    while word_at(tokens, k) in ("tahun", "rp", "dengan", "harga", "'", "yang", ".") and k < j + 3:
        k += 1
    if k >= len(tokens) or tokens[k].kind != "num" or tokens[k].role:
        return None
    second = measure(tokens, k)
    years = is_year(first) and is_year(second)
    if second.unit in ("count", "percent", "kali", "bulan", "tahun") and not years:
        return None
    if word in _EITHER and word != "ke" and years:
        return second
    if word in _EITHER and not (limit == "near" or word_at(tokens, first.end - 2) == "antara" or word == "ke"):
        antara = any(t.word == "antara" for t in tokens[max(0, first.end - 4) : first.end])
        if not antara:
            return None
    if word == "ke" and not (first.unit and second.unit):
        return None
    if is_year(first) != is_year(second):
        return None
    if first.unit and second.unit and first.unit != second.unit and {first.unit, second.unit} != {"juta", "miliar"}:
        return None
    return second if second.value != first.value else None


def _year(value: int) -> int:
    if value < 100:
        return 2000 + value if value < 40 else 1900 + value
    return value


def _months(read: Measure) -> int:
    return round(read.value * 12) if read.unit == "tahun" or (not read.unit and read.value <= 10) else round(read.value)


class _Seen(NamedTuple):
    """A number at i, or two that are `ranged`, with the field and limit told beside it; `close`: the field stands right
    before it. `credit`: the message is about one."""

    tokens: list[Token]
    i: int
    first: Measure
    last: Measure
    ranged: bool
    field: str
    limit: str
    close: bool
    credit: bool


# (kind, factor of both ends, field); the kind is "" when the number says nothing to us.
_Kind = tuple[str, tuple[float, float], str]
_SCALE = {"juta": MILLION, "miliar": 1000 * MILLION, "ribu": 1000, "ribukm": 1000}


def _kind(seen: _Seen) -> _Kind:
    """Of a number with a unit, and of any other as _plain_kind."""
    tokens, i, first, last, field, limit = seen.tokens, seen.i, seen.first, seen.last, seen.field, seen.limit
    unit = last.unit or first.unit
    value = last.value
    before = word_at(tokens, i - 1)
    if unit in ("percent", "count"):
        return "", (1, 1), ""
    if unit in ("juta", "miliar"):
        scale = (_SCALE[first.unit or unit], _SCALE[last.unit or unit])
        if field in _PARTS and unit == "juta" and value >= 1000 and not last.plain:
            scale = (1000, 1000)  # "angsuran 8,745jt"
        return "money", scale, field if field in _MONEY_FIELDS else "price" if limit else ""
    if unit in ("ribu", "ribukm"):
        if value >= 1000 and (field == "km" or unit == "ribukm"):
            return "km", (1, 1), "km"  # "km 45.000 rb"
        if field in _MONEY_FIELDS and unit == "ribu" and field != "price":
            return "money", (1000, 1000), field
        if field == "price" and unit == "ribu" and value < 1000 and _right_behind(tokens, i):
            return "", (1, 1), ""  # "harga 185rb"
        if value >= 10_000:
            return "money", (1000, 1000), field
        if value > MOST_KM and field != "km":
            return "", (1, 1), ""  # "booking 500 ribu"
        return "km", (1000, 1000), "km"
    if unit == "kilometer" and before == "range":
        return "bare", (1, 1), ""  # of an electric car
    if unit == "kilometer":
        # "brio 2019 km 45rb": the year is not a distance.
        year = first.plain and FIRST_YEAR <= first.value <= LAST_YEAR
        if year and (_number_follows(tokens, last.end) or (field != "km" and not limit)):
            last.end -= 1
            return "year", (1, 1), "year"
        scale_km = 1000.0 if value < 1000 and field != "aside" and limit else 1.0
        return "km", (scale_km, scale_km), "km"
    if before in ("'", "’", "`") and value < 100 and tokens[i].glued:
        return "year", (1, 1), "year"
    if unit == "tahun" and not is_year(last):
        return ("tenor", (0.0, 0.0), "tenor") if seen.credit and value <= 10 else ("", (1, 1), "")
    if unit in ("bulan", "kali") or before == "kali":
        fits = 6 <= value <= 120 and (seen.credit or unit == "kali" or before == "kali")
        return ("tenor", (0.0, 0.0), "tenor") if fits else ("", (1, 1), "")
    return _plain_kind(seen)


def _plain_kind(seen: _Seen) -> _Kind:
    """Of a number without a unit."""
    tokens, i, first, last, field, limit = seen.tokens, seen.i, seen.first, seen.last, seen.field, seen.limit
    value, plain = last.value, first.plain and last.plain
    before = word_at(tokens, i - 1)
    if value >= 10 * MILLION:
        if plain and _two_years(tokens[i].text):
            return "", (1, 1), ""
        phone = (
            plain
            and not (field == "price" and seen.close)
            and tokens[i].text.startswith(("0", "62"))
            and len(tokens[i].text) >= 9
        )
        return ("", (1, 1), "") if phone else ("money", (1, 1), field if field in _MONEY_FIELDS else "")
    of_car = i > 0 and tokens[i - 1].role == "car"  # "LOW KM XPANDER CROSS 2022"
    if is_year(first) and (of_car or not (field == "km" and seen.close and _right_behind(tokens, i))) and is_year(last):
        return "year", (1, 1), "year"
    if field == "km" and value >= 1000:
        return "km", (1, 1), "km"
    if value >= 1000:
        if value >= MILLION:
            return "money", (1, 1), field if field in _MONEY_FIELDS else "aside"
        if value >= LEAST_IN_THOUSANDS and _is_called_price(tokens, i):
            return "money", (1000, 1000), "price"  # "harga 185.500"
        if (field in _MONEY_FIELDS and seen.close) or before in rules().credit:
            return "", (1, 1), ""  # "Rp 65.000", "kredit 185.500"
        return ("km", (1, 1), "") if value >= 10_000 else ("", (1, 1), "")
    if not plain and value < 10:
        return "", (1, 1), ""
    if field == "year" and seen.close and value < 100:
        return "year", (1, 1), "year"
    if field == "km" and (seen.close or limit) and value != 1 and not (of_car or _of_name(tokens, i)):
        return "km", (1000, 1000), "km"
    if field == "tenor":
        return "tenor", (0.0, 0.0), "tenor"
    if field == "pick" and seen.close and value < 30:
        return "pick", (1, 1), "pick"
    if field == "dp":  # "dp 37,5" too
        return "money", (MILLION, MILLION), "dp"
    if before in _CLOCK and value <= _LAST_HOUR:
        return "time", (1, 1), ""
    if field in ("aside", "instalment", "pick", "discount", "topup"):
        return ("money", (MILLION, MILLION), field) if field != "pick" and value >= 2 else ("", (1, 1), "")
    money = value >= 20 and (field in ("budget", "price") or limit or first.near or last.near or seen.ranged)
    if money and not (seen.ranged and not field and not limit and value < 50):
        return "money", (MILLION, MILLION), field
    return "bare", (1, 1), field


def _right_behind(tokens: list[Token], i: int) -> bool:
    """Whether the word of its field stands directly before the number at i: "km 2024", but "km low 2024"."""
    words = (token.word for token in reversed(tokens[:i]) if token.kind != "mark")
    return next(words, "") in rules().fields


def _is_called_price(tokens: list[Token], i: int) -> bool:
    """Whether "harga" leads to the number at i, over its "Rp" and what says that it takes the place of another."""
    replaces = False
    for token in reversed(tokens[:i]):
        if token.word in _BEFORE_SUM:
            replaces = replaces or token.word in _INTO
        elif not (token.kind == "mark" or (replaces and (token.role == "money" or token.word in _MOVED))):
            return rules().fields.get(token.word) == "price"
    return False


def _of_name(tokens: list[Token], i: int) -> bool:
    """ "low odo W166", "low km lx 570"."""
    before = tokens[i - 1] if i else None
    if before is None or before.kind != "word" or before.word in rules().fields:
        return False
    return tokens[i].glued or before.word not in lexicon().known

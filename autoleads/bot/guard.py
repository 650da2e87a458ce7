"""The last look at every reply: nothing leaves that is not in this showroom's rows.

A model's text must account for every number and name in it; the rules' own texts (`Facts.ours`) are
checked for the things a row's free text could smuggle in.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from autoleads.bot.guard_claims import claims
from autoleads.bot.guard_facts import MASK, Facts, mask
from autoleads.bot.guard_numbers import Number, amounts, cased_skeleton, numbers, plain, skeleton
from autoleads.bot.guard_strangers import cars, strangers
from autoleads.formats import phone_digits
from autoleads.plates import REGIONS
from autoleads.stock import Car

_NAMES = "guard names"
_SMALL = 12  # counts up to here need no explanation
_LONGEST_REPLY = 3_500
_OLDEST_YEAR, _NEWEST_YEAR = 1980, 2039
_LEAST_MONEY = 1_000_000
_CLOCK_HOURS = 24
_THOUSAND = 1_000
_SPAN_MOST = 60

_CODE = re.compile(r"#\s?([a-z])\s?(\d{1,4})(?![\d.,]*\d)")
_NAMED_CODE = re.compile(r"\b(?:kode|unit|nomor|no)\s+([a-z])[\s-]?(\d{1,3})(?![\d.,]*\d)(?![a-z])")
_BARE_CODE = re.compile(r"(?<![a-z0-9#-])([a-z]\d{2})(?![a-z0-9])")
_MODEL_CODES = frozenset({"l300", "x30", "h10", "t120", "d22"})
_TLDS = "com|co|id|net|org|xyz|me|ly|link|shop|site|io|ee|my|sg|tv|ai|dev|page|info|biz|app|online|store|gl|cc|web"
# Without one of these signs there is no address, and the pattern proper, which is slow, need not look.
_URL_SIGN = re.compile(rf"://|/\s*/|www|@|\.\s?(?:{_TLDS})\b|dot|titik|\(\.\)|\[\.\]")
_URL = re.compile(
    r"(?:https?\s*:\s*/\s*/\s*|www\s*\.)\s*\S+|\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    rf"|\b(?:[a-z0-9-]+\s?\.\s?)+(?:{_TLDS})\b(?:/\S*)?"
    r"|\b[\w-]+\s*(?:\(dot\)|\[dot\]|\bdot\b|\btitik\b|\(\.\)|\[\.\])\s*(?:com|co|id|net|org|me|ly|store|shop|online|xyz|site)\b",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w.])@[a-z0-9_.]{3,}")
_REGIONS = "|".join(sorted(REGIONS))
_PLATE = re.compile(rf"(?<![a-z0-9#])({_REGIONS})([\s.\-_/]*)(\d{{1,4}})([\s.\-_/]*)([a-z]{{1,3}})(?![a-z0-9])")
_PLATE_HEAD = re.compile(rf"\b(?:plat|nopol|nomor polisi|plate)\w*\W+(?:\w+\W+){{0,3}}?({_REGIONS})\s*\d{{1,4}}\b")
_PLATE_SIGN = re.compile(r"plat|nopol|nomor polisi")
_PLATE_WORD = re.compile(r"\b(?:plat|pelat|nopol|nomor polisi|(?:license|number) plates?)(?:nya|e)?\b")
_PLATE_KEPT = re.compile(
    r"\b(?:tidak|tak|gak|ga|nggak|belum|cannot|can't|not)\b.*"
    r"\b(?:bagi|sebut|share|info|kirim|tampil|beri|give)\w*|\bdi(?:lihat|cek)\b"
)
_PLATE_SPELLED = re.compile(
    rf"(?<![a-z0-9#])({_REGIONS})((?:[\s.\-_/]+\d){{2,4}})((?:[\s.\-_/]+[a-z]){{1,3}})(?![a-z0-9])"
)
_NOT_A_SUFFIX = frozenset({
    "dan", "ini", "itu", "ada", "km", "rp", "jt", "ke", "di", "ya", "kak", "yg", "rb", "an", "cc", "pas", "jam",
    "bu", "pak", "mas", "gan", "min", "om", "per", "bln", "th", "thn", "at", "mt", "a", "t", "m", "k", "kg", "ps",
    "pk", "s", "d", "or", "up", "is", "in", "to", "no", "ok", "dr", "bs", "jg", "sm", "tp", "x",
})  # fmt: skip
_LONG_DIGITS = re.compile(r"\+?\(?\d(?:[\s().\-_/]{0,2}\d){6,17}")
_YEAR_RANGE = re.compile(r"(?:19|20)\d\d\s*\W\s*(?:19|20)\d\d")
# What WhatsApp shows as bold, italic, struck, code, quote, list, and what only other programs understand.
_MARKDOWN = re.compile(
    r"\*\*|__|`|~~|^\s*#{1,6}\s|\]\(|^\s*\|.*\||^\s*[-*>]\s+\S|(?<![\w*_~])([*_~])(?=\S)[^\n]*?(?<=\S)\1(?![\w*_~])",
    re.MULTILINE,
)
# A template variable of any language, a slot that was not filled, a tag.
_BRACES = re.compile(
    r"[{}]|\[\[|\]\]|<[a-z/!]|%\(?\w+\)?%|%\(\w+\)|\$\w|"
    r"\b[a-h]\.(?:name|code|price|km|transmission|year|color|fuel|state|features|notes|branch)\b",
    re.IGNORECASE,
)
_PERCENT_AFTER = re.compile(r"\s*(?:%|persen|percent|pct|prosen)")
_KM_AFTER = re.compile(r"\s*-?(?:km\b|kilo(?:meter)?\b|kilometer)")
_KM_BEFORE = re.compile(r"\b(?:km|kilometer|odo(?:meter)?)(?:nya|-nya| nya)?\W{0,3}(?:\w+\W){0,2}$")
_SPAN_AFTER = re.compile(
    r"\s*(?:menit|jam|hari|bulan|bln|tahun|thn|minggu|detik|minutes?|hours?|days?|months?|years?)\b"
)
_MONEY_BEFORE = re.compile(
    r"\b(?:t?dp|cicilan|angsuran|harga(?:nya)?|nett?|turun|kurang|potong(?:an)?|diskon|price|fix|admin"
    r"|dibuka|mulai|nego|deal|bayar|uang muka|tanda jadi|cashback|selisih|bunga)\W+(?:\w+\W+){0,2}$"
)
_COUNTED_AFTER = re.compile(
    r"\s*(?:unit|mobil|pilihan|opsi|cabang|orang|kursi|penumpang|seater|baris|pintu|hal|foto|tipe|varian|nomor|x\b|kali|menit|jam|"
    r"hari|bulan|tahun|minggu|cars?|units?|options?)"
)
_UNIT_ALONE = re.compile(r"(?:^|[^\d\s])\W*\b(?<!\d )(?:juta|jt|jutaan|ribu|ribuan|miliar|milyar|million|billion)\b")
_CLOCK_BEFORE = re.compile(r"\b(?:jam|pukul|pk|at)\W*$")
_YEAR_AFTER = re.compile(r"\W+(?:[\w.]+\W+){0,3}?((?:19|20)\d\d)\b")
_DENIED = re.compile(
    r"\b(?:tidak|tak|gak|ga|nggak|ngga|enggak|ndak|belum|blm|kosong|habis|maaf|bukan|tanpa|not|no|don't|sorry|ora|gaada|"
    r"(?:punya|milik)(?:nya)? (?:kakak|kak|anda|bapak|ibu)|mobil lama|ditukar|trade[- ]?in)\b"
)
_NOT_HERE = re.compile(
    r"\b(?:belum|blm|tidak|tdk|tak|gak|ga|nggak|ngga|enggak|ndak|durung|ora|mboten)\s+(?:\w+\s+)?"
    r"(?:ada|punya|tersedia|ready|masuk|wonten|ono|onok|jual|menjual|dijual|menyediakan)\b"
    r"(?!\s+(?:tanding\w*|lawan|masalah|kendala|dua\w*|yang))|\b(?:kosong|habis|gaada|sorry)\b"
    r"|\b(?:not|no|don't|doesn't|isn't|cannot|unfortunately)\b"
    r"|\b(?:punya|milik)(?:nya)? (?:kakak|kak|anda|bapak|ibu)\b|\bmobil lama\b|\bditukar\b|\btrade[- ]?in\b|\bbukan\b"
)
# Right behind the name: "Fortuner ready, tidak usah ragu" denies nothing.
_OFFERED = re.compile(r"\W*(?:(?!belum|tidak|gak|nggak|not)\w+\W+){0,2}?(?:ready|masih|siap|available)\b")
_SENTENCE = re.compile(r"[.!?;\n]+(?:\s|$)|\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """`rule` is one of: amount, pair, km, number, percent, code, car, name, year, phone, account, url, plate,
    promise, claim, showroom, leak, markdown, braces, long."""

    rule: str
    snippet: str


def check(text: str, facts: Facts) -> list[Violation]:
    """Every breach found in a reply, the plainest first; empty means it may leave."""
    if len(text) > _LONGEST_REPLY:
        return [Violation(rule="long", snippet=str(len(text)))]
    rest = seen = skeleton(text)
    found = list(_form(text, facts))
    if _URL_SIGN.search(seen):
        found += _links(seen, facts)
        rest = _URL.sub(MASK, seen)
    loose = mask(rest, facts)
    masked, codes = _codes(loose, facts)
    found += codes
    found += _plates(_codes(rest, facts)[0], facts)
    digits = plain(masked)
    found += _codes(digits, facts)[1]
    digits, long_numbers = _long_numbers(digits, facts)
    found += long_numbers
    for line in digits.split("\n"):
        found += _numbers(line, facts)
    if not facts.ours and (match := _UNIT_ALONE.search(digits)):
        found.append(Violation(rule="amount", snippet=match[0]))
    found += _pairs(seen, facts)
    if not facts.ours:
        found += [Violation(rule=rule, snippet=snippet) for rule, snippet in claims(loose)]
        found += _names(_URL.sub(MASK, cased_skeleton(text)), facts)
    return found


# -- form


def _form(text: str, facts: Facts) -> Iterator[Violation]:
    for rule, pattern in (("braces", _BRACES), ("markdown", _MARKDOWN)):
        if match := pattern.search(text):
            yield Violation(rule=rule, snippet=match[0])
    if not facts.ours and (match := re.search(r"[*_~]", text)):
        yield Violation(rule="markdown", snippet=match[0])


def _links(seen: str, facts: Facts) -> Iterator[Violation]:
    room = facts.showroom
    known = [room.site_url, room.maps_url, room.email, *(branch.maps_url for branch in room.branches)]
    allowed = [skeleton(address) for address in known if address]
    for match in _URL.finditer(seen):
        address = match[0].rstrip(".,!?) ")
        if not any(address == one or address.startswith(one.rstrip("/") + "/") for one in allowed):
            yield Violation(rule="url", snippet=address)
    for match in _HANDLE.finditer(_URL.sub(" ", seen)):
        yield Violation(rule="url", snippet=match[0])


# -- codes


def _codes(seen: str, facts: Facts) -> tuple[str, list[Violation]]:
    found: list[Violation] = []

    def known(match: re.Match[str], code: str) -> str:
        if facts.stock.by_code(code) is not None:
            return MASK
        if facts.ours and _letters(code) in _letters(facts.said):  # "Z99 is not on our list"
            return MASK
        if code.lower().lstrip("#") in _MODEL_CODES and not match[0].startswith("#"):
            return match[0]
        found.append(Violation(rule="code", snippet=match[0]))
        return MASK

    rest = _CODE.sub(lambda m: known(m, f"#{m[1].upper()}{m[2]}"), seen)
    if "#" in rest and not facts.ours:
        found.append(Violation(rule="code", snippet="#"))
    rest = _NAMED_CODE.sub(lambda m: known(m, f"#{m[1].upper()}{m[2]}"), rest)
    rest = _BARE_CODE.sub(lambda m: known(m, f"#{m[1].upper()}"), rest)
    return rest, found


# -- plates


def _plates(seen: str, facts: Facts) -> Iterator[Violation]:
    heads = _PLATE_HEAD.finditer(plain(seen)) if _PLATE_SIGN.search(seen) else ()
    for match in (*heads, *_PLATE_SPELLED.finditer(seen)):
        yield Violation(rule="plate", snippet=match[0])
    for sentence in () if facts.ours else _SENTENCE.split(seen):
        if (match := _PLATE_WORD.search(sentence)) and not _PLATE_KEPT.search(sentence):
            yield Violation(rule="plate", snippet=match[0])
    known = None
    for match in _PLATE.finditer(_unspaced(seen)):
        trim_and_year = _OLDEST_YEAR <= int(match[3]) <= _NEWEST_YEAR or match[1] + match[3] in _MODEL_CODES
        if match[5] in _NOT_A_SUFFIX and trim_and_year and (match[2] or match[4]):
            continue  # "Avanza G 2020 dan ...", "L 300 ada"
        # "A 200 AMG" is a model and "Blok B 12 C" a place: only free text can smuggle a plate in.
        known = known or _unspaced("\n".join(map(skeleton, (*_places(facts), *(car.model for car in facts.cars)))))
        if match[0] not in known:
            yield Violation(rule="plate", snippet=match[0])


def _unspaced(seen: str) -> str:
    """Digits apart are one number: `B 1 2 3 4 XY`."""
    return re.sub(r"(?<=\d)[\s\-_.](?=\d(?:[\s\-_.]\d)*[\s\-_.]+[a-z]{1,3}\b)", "", seen)


def _places(facts: Facts) -> Iterator[str]:
    yield facts.showroom.address
    for branch in facts.showroom.branches:
        yield branch.address


# -- names


def _names(text: str, facts: Facts) -> Iterator[Violation]:
    """Cars that are not in the stock, and other names that are nobody's here. A car that the customer asked for may
    be denied."""
    rows = _stock_names(facts)
    said = _letters(facts.said)
    for sentence in _SENTENCE.split(text):
        seen = sentence.lower()
        for named in cars(sentence):
            offered = _OFFERED.match(seen[named.end :])
            asked_for = any(name in said for name in (named.said, *named.names))
            denied = asked_for and not offered and _NOT_HERE.search(seen) is not None
            years = {year for row, year in rows if not row.isdisjoint(named.names)}
            if not years and not denied:
                yield Violation(rule="car", snippet=named.said)
                continue
            told = _YEAR_AFTER.match(seen[named.end :])
            if told and years and not denied and int(told[1]) not in years:
                yield Violation(rule="year", snippet=f"{named.said} {told[1]}")
        yield from (Violation(rule="name", snippet=word) for word in strangers(sentence, facts))


def _stock_names(facts: Facts) -> list[tuple[frozenset[str], int]]:
    """Of each car what it may be called, in letters and digits, and its year; worked out once per stock."""
    found: list[tuple[frozenset[str], int]] | None = facts.stock.derived.get(_NAMES)
    if found is None:
        found = facts.stock.derived[_NAMES] = [(frozenset(_called(car)), car.year) for car in facts.stock.cars]
    return found


def _called(car: Car) -> Iterator[str]:
    for text in (car.brand, f"{car.brand} {car.model}", car.public_name):
        words = re.findall(r"[a-z0-9]+", skeleton(text))
        for first in range(len(words)):
            yield from ("".join(words[first:last]) for last in range(first + 1, min(len(words), first + 4) + 1))


def _letters(text: str) -> str:
    return "".join(ch for ch in text.lower() if ch.isalnum())


# -- numbers


def _long_numbers(digits: str, facts: Facts) -> tuple[str, list[Violation]]:
    """Telephone and account numbers; those of the showroom are taken out."""
    room = facts.showroom
    phones = {phone_digits(p) or p for p in (room.phone, room.whatsapp, *(b.phone for b in room.branches)) if p}
    found: list[Violation] = []

    def judge(match: re.Match[str]) -> str:
        bare = re.sub(r"\D", "", match[0])
        if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+(?:[.,]00)?", match[0].strip()):
            return match[0]  # written as a sum
        if _YEAR_RANGE.fullmatch(match[0].strip()):
            return match[0]
        if re.search(r"\brp\W*$", match.string[: match.start()]) or set(bare[3:]) == {"0"}:
            return match[0]
        if (phone_digits(match[0]) or bare) in phones:
            return MASK
        phone = bare.startswith(("08", "628", "8", "02", "03", "622", "623", "021"))
        found.append(Violation(rule="phone" if phone else "account", snippet=match[0]))
        return MASK

    return _LONG_DIGITS.sub(judge, digits), found


def _numbers(line: str, facts: Facts) -> Iterator[Violation]:
    for number in numbers(line):
        rule = _number_rule(number, line[: number.start], line[number.end :], facts)
        if rule:
            yield Violation(rule=rule, snippet=line[max(0, number.start - 12) : number.end + 8].strip())


def _number_rule(number: Number, before: str, after: str, facts: Facts) -> str | None:
    """The rule that a number breaks, None when it is explained."""
    total = number.total
    if _PERCENT_AFTER.match(after):
        return None if facts.ours or number.value in facts.percents else "percent"
    distance = _KM_AFTER.match(after) or (_KM_BEFORE.search(before) and total > _SMALL)
    if distance and not number.money and number.scale <= _THOUSAND:
        return None if total in facts.distances else "km"
    if number.scale >= _LEAST_MONEY or number.money or total >= _LEAST_MONEY:
        scaled = total * _LEAST_MONEY if number.money and number.scale == 1 and total < 10_000 else total
        return None if scaled in facts.money else "amount"
    if number.scale > 1:
        return None if total in facts.distances | facts.money else "amount"
    if facts.ours:
        return None
    return _bare_number_rule(number, before, after, facts)


def _bare_number_rule(number: Number, before: str, after: str, facts: Facts) -> str | None:
    """A number without a unit in a model's text."""
    total = number.total
    if _OLDEST_YEAR <= total <= _NEWEST_YEAR and number.value == total:
        denied = total in facts.years_said and _DENIED.search(_around(before, after))
        return None if denied or total in facts.years else "year"
    if _MONEY_BEFORE.search(before) and not _COUNTED_AFTER.match(after):
        return None if total * _LEAST_MONEY in facts.money else "amount"
    if number.value != total:  # an engine size stands in the model
        return None if any(f"{number.value:g}" in car.model for car in facts.stock.cars) else "number"
    if total <= _SMALL:
        return None
    if _SPAN_AFTER.match(after) and total <= _SPAN_MOST:
        return None
    if _CLOCK_BEFORE.search(before) and total <= _CLOCK_HOURS:
        return None
    return None if total in facts.distances else "number"


def _around(before: str, after: str) -> str:
    """The sentence that a number stands in."""
    return _SENTENCE.split(before)[-1] + " " + _SENTENCE.split(after)[0]


def _pairs(seen: str, facts: Facts) -> Iterator[Violation]:
    """A price beside the code of another car is as wrong as an invented one."""
    for line in seen.split("\n"):
        codes = {f"#{letter.upper()}{digits}" for letter, digits in _CODE.findall(line)}
        car = facts.stock.by_code(next(iter(codes))) if len(codes) == 1 else None
        if car is None:
            continue
        for found in amounts(_CODE.sub(MASK, line)):
            others = facts.prices - {car.price_idr} - facts.sums - facts.quoted
            if found.value in others:
                yield Violation(rule="pair", snippet=line.strip()[:60])

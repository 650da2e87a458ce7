"""Names in a model's text that no row accounts for: a car that is not sold here, a person, a place.

Lists of what must not be named always miss something, a maker founded last year to begin with. So a word that is no
everyday word (guard_words.txt) and stands where a name stands is one.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from autoleads.bot.guard_facts import Facts
from autoleads.bot.guard_numbers import skeleton
from autoleads.bot.understanding.vocabulary import flat, guess, lookup, vocabulary

_TOKEN = re.compile(r"[a-z0-9]+", re.IGNORECASE)
_OWN_WORDS = "guard words"  # kept with the stock and the showroom as long as their rows stand
_MOST_PARTS = 3  # "land cruiser prado"
_ENDINGS = ("nya", "lah", "kah", "pun", "ku", "mu", "kan", "an", "in", "i", "ne", "e", "ipun", "s", "ed", "ing", "ly")
# A beginning swallows the first sound of the stem: `menulis` is `tulis`, `memilih` `pilih`, `nyari` `cari`.
_BEGINNINGS = (
    ("meny", ("s", "c")), ("meng", ("", "k")), ("mem", ("", "p")), ("men", ("", "t")), ("me", ("",)),
    ("peny", ("s", "c")), ("peng", ("", "k")), ("pem", ("", "p")), ("pen", ("", "t")), ("per", ("",)), ("pe", ("",)),
    ("di", ("",)), ("ter", ("",)), ("ber", ("",)), ("be", ("",)), ("ke", ("",)), ("se", ("",)), ("ny", ("s", "c")),
    ("nge", ("",)), ("ng", ("", "k")), ("n", ("t",)), ("m", ("p",)), ("dipun", ("",)), ("tak", ("",)),
)  # fmt: skip
_LEAST_STEM = 3
_MOST_CUTS = 3
_LETTER_LOOKS = str.maketrans("0134578", "oieastb")
_SAID_TWICE = re.compile(r"([a-z]{3,})2(?:nya|an)?")
# Behind these a word of unknown meaning is offered for sale, before those it is too.
_OFFERING = frozenset({"ada", "juga", "punya", "jual", "merek", "merk", "brand", "tipe", "mobil", "unit", "seri"})
_OFFERED = frozenset({"ready", "tersedia", "seharga", "harganya", "matic", "manual", "available"})
_OFFERED_BEHIND = re.compile(r"(?:\W+\w+){0,2}?\W+(?:ready|juga ada|tersedia|baru masuk|available)\b")
_TITLES = frozenset({"pak", "bu", "bapak", "ibu", "mas", "mbak", "kak", "kakak", "bang", "om", "tante", "owner", "bos"})
_TOWARDS = frozenset({"ke", "dari", "daerah", "arah", "area", "luar", "kota"})
_OWN_PLACE = re.compile(r"\b(?:showroom|cabang|kantor|alamat|lokasi|kami|pindah)\w*\b")
_YEAR = re.compile(r"(?:19|20)\d\d")
_FIGURE = re.compile(r"\d.*|(?:rp|idr)\d+")  # with its unit


@dataclass(frozen=True, slots=True)
class Named:
    """A car's name as written (`said`, letters and digits) and the names that it may have in the rows."""

    said: str
    names: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    start: int
    end: int
    begins: bool  # a sentence
    capital: bool


@cache
def _everyday() -> frozenset[str]:
    text = (resources.files(__package__) / "guard_words.txt").read_text("utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


def cars(cased: str) -> Iterator[Named]:
    """Every maker and model of the market that a text (letters folded, case kept) names."""
    words = _words(cased)
    at = 0
    while at < len(words):
        found = next((n for n in range(_MOST_PARTS, 0, -1) if _is_name(words, at, n)), 0)
        if not found:
            at += 1
            continue
        part = words[at : at + found]
        form = "".join(word.text for word in part)
        name = _market(form)
        assert name is not None
        yield Named(form, name, part[0].start, part[-1].end)
        at += found


def strangers(cased: str, facts: Facts) -> Iterator[str]:
    """Words that stand where a name stands and are nobody's of this showroom. Cars are left to cars()."""
    own = _own(facts)
    words = _words(cased)
    taken = {at for named in cars(cased) for at in range(named.start, named.end)}
    for at, word in enumerate(words):
        if word.start in taken or word.text.isdigit() or word.text in own or is_everyday(word.text):
            continue
        before, after = _neighbours(words, at)
        if before in _TITLES and word.text in facts.people:
            continue
        if _FIGURE.fullmatch(word.text):
            continue
        offered = _OFFERED_BEHIND.match(cased.lower(), word.end)
        if not word.text.isalpha() or offered or _as_name(word, before, after):
            towards = before in _TOWARDS and word.text in facts.said and not _OWN_PLACE.search(cased.lower())
            if not towards:
                yield word.text


def _as_name(word: _Word, before: str, after: str) -> bool:
    offered = before in _OFFERING or after in _OFFERED or _YEAR.fullmatch(after) is not None
    return (word.capital and not word.begins) or before in _TITLES or offered


def _neighbours(words: list[_Word], at: int) -> tuple[str, str]:
    before = words[at - 1].text if at and not words[at].begins else ""
    after = words[at + 1].text if at + 1 < len(words) and not words[at + 1].begins else ""
    return before, after


def _words(cased: str) -> list[_Word]:
    found = []
    for match in _TOKEN.finditer(cased):
        ahead = cased[: match.start()].rstrip(" '\"(")
        begins = not ahead or not (ahead[-1].isalnum() or ahead[-1] in ",-–/)&#+%¤")
        text = match[0].lower()
        found.append(_Word(text, match.start(), match.end(), begins, match[0][0].isupper()))
    return found


def _is_name(words: list[_Word], at: int, count: int) -> bool:
    """Whether `count` words from `at` name a car. A name that is an everyday word too must look like a name."""
    part = words[at : at + count]
    if len(part) < count or any(word.begins for word in part[1:]):
        return False
    form = "".join(word.text for word in part)
    if len(form) < 2 or form.isdigit() or _market(form) is None:
        return False
    if count > 1:  # put together they must be a name to the letter
        if lookup(vocabulary(), form) is None:
            return False
        return all(word.capital for word in part) or not all(is_everyday(word.text) for word in part)
    if not is_everyday(form):
        return _surely(form) or _as_name(part[0], *_neighbours(words, at))
    return part[0].capital and not part[0].begins


@lru_cache(maxsize=8192)
def _market(form: str) -> tuple[str, ...] | None:
    market = vocabulary()
    for spelled in dict.fromkeys((form, form.translate(_LETTER_LOOKS) if form[0].isalpha() else form)):
        name = lookup(market, spelled) or (None if is_everyday(spelled) else guess(market, spelled))
        if name is not None:
            return (spelled, flat(name.model or name.brand))
    return None


@lru_cache(maxsize=8192)
def _surely(form: str) -> bool:
    name = lookup(vocabulary(), form)
    return name is None or name.sure > 1


def _own(facts: Facts) -> frozenset[str]:
    """The words of the showroom and its stock, of the cars of this answer also their free text."""
    room, stock = facts.showroom, facts.stock
    ours: frozenset[str] | None = room.derived.get(_OWN_WORDS)
    if ours is None:
        told = [room.name, room.slug, room.address, room.city, room.email, room.site_url]
        told += [f"{branch.name} {branch.address} {branch.city}" for branch in room.branches]
        ours = room.derived[_OWN_WORDS] = _tokens(told)
    sold: frozenset[str] | None = stock.derived.get(_OWN_WORDS)
    if sold is None:
        told = [f"{car.brand} {car.model} {car.public_name} {car.color} {car.fuel}" for car in stock.cars]
        sold = stock.derived[_OWN_WORDS] = _tokens(told)
    return ours | sold | _tokens(" ".join((*car.features, car.condition_notes, car.branch or "")) for car in facts.cars)


def _tokens(told: Iterable[str]) -> frozenset[str]:
    return frozenset(word for text in told for word in _TOKEN.findall(skeleton(text)))


@lru_cache(maxsize=8192)
def is_everyday(word: str) -> bool:
    doubled = _SAID_TWICE.fullmatch(word)
    return any(stem in _everyday() for stem in _stems(doubled[1] if doubled else word))


def _stems(word: str) -> set[str]:
    """The word, and what is left of it without up to three endings and beginnings."""
    found = {word, re.sub(r"(.)\1{2,}", r"\1", word)}  # "siaaap"
    fresh = found
    for _ in range(_MOST_CUTS):
        fresh = {stem for form in fresh for stem in _cut(form)} - found
        found = found | fresh
    return found


def _cut(word: str) -> Iterator[str]:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST_STEM:
            yield word[: -len(ending)]
    for beginning, sounds in _BEGINNINGS:
        if word.startswith(beginning):
            rest = word[len(beginning) :]
            yield from (sound + rest for sound in sounds if len(sound + rest) >= _LEAST_STEM)

"""Brands, models and their spellings; those of the market, and those only this stock knows."""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from importlib import resources

from rapidfuzz import process
from rapidfuzz.distance import OSA

from autoleads.bot.understanding.normalize import lexicon, read_toml, squeeze, stem
from autoleads.stock import Stock


@dataclass(frozen=True, slots=True)
class Name:
    """A brand (model None) or a model.

    `sure`: 2 always a car, 1 an everyday word too, 0 only beside its brand.
    """

    brand: str
    model: str | None = None
    body: str = ""
    sure: int = 2


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """`names` by spelling without blanks; `spaced` are those that may be written in parts."""

    names: dict[str, Name]
    spaced: frozenset[str]
    sounds: dict[str, str]
    fuzzy: tuple[str, ...]
    guesses: dict[str, str | None] = field(default_factory=dict)


_KNOWN_GUESSES = 20_000


@lru_cache(maxsize=8192)
def flat(text: str) -> str:
    """Letters and digits only, small: how names are compared."""
    return re.sub(r"[^a-z0-9+]", "", text.lower())


_SOUNDS = (
    ("ph", "f"), ("eks", "x"), ("ex", "x"), ("ks", "x"), ("xs", "x"), ("cs", "x"), ("ck", "k"), ("dh",
    "d"), ("th", "t"),
    ("v", "p"), ("f", "p"), ("b", "p"), ("z", "s"), ("c", "k"), ("q", "k"), ("y", "i"), ("h", ""), ("j", "z"),
)  # fmt: skip


def sound(form: str) -> str:
    """A rough key of how a word sounds to an Indonesian ear: `afanza`, `avansa` and `apanza` share it."""
    for old, new in _SOUNDS:
        form = form.replace(old, new)
    return re.sub(r"(.)\1+", r"\1", form)


def _rows() -> Iterable[tuple[Name, list[str]]]:
    weak = set(read_toml("lists.toml")["weak_brands"].split())
    for brand, spellings in read_toml("brands.toml").items():
        yield Name(brand, sure=0 if brand in weak else 2), spellings.split(", ")
    with (resources.files(__package__) / "data" / "models.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            name = Name(row["brand"], row["model"], row["class"], int(row["sure"]))
            spellings = row["aliases"].split("|")
            lead = f"{row['brand'].lower()} "
            yield replace(name, sure=2), [spelling for spelling in spellings if spelling.startswith(lead)]
            yield name, [spelling for spelling in spellings if not spelling.startswith(lead)]


def _build(rows: Iterable[tuple[Name, list[str]]], base: Vocabulary | None = None) -> Vocabulary:
    names = dict(base.names) if base else {}
    spaced = set(base.spaced) if base else set()
    sounds = dict(base.sounds) if base else {}
    for name, spellings in rows:
        for spelling in spellings:
            key = flat(spelling)
            names.setdefault(key, name)
            if " " in spelling or (key.isalpha() and len(key) >= 5 and key == flat(name.model or name.brand)):
                spaced.add(key)
            if key.isalpha() and len(key) >= 4 and names[key].sure:
                sounds.setdefault(sound(key), key)
    fuzzy = tuple(key for key, name in names.items() if key.isalpha() and len(key) >= 5 and name.sure)
    return Vocabulary(names, frozenset(spaced), sounds, fuzzy)


@cache
def vocabulary() -> Vocabulary:
    return _build(_rows())


def lookup(words: Vocabulary, form: str) -> Name | None:
    """A name by its exact spelling, with or without an ending ("brionya", "xpandere")."""
    if name := words.names.get(form):
        return name
    for ending in ("nya", "ny", "ne", "e", "mu", "ku"):
        base = form[: -len(ending)]
        if len(base) >= 4 and form.endswith(ending) and (name := words.names.get(base)):
            return name
    return None


def guess(words: Vocabulary, form: str) -> Name | None:
    """A name behind a misspelling that no table lists; None for everyday words."""
    if form not in words.guesses:
        if len(words.guesses) > _KNOWN_GUESSES:
            words.guesses.clear()
        words.guesses[form] = _guess(words, form)
    key = words.guesses[form]
    return words.names[key] if key else None


def _guess(words: Vocabulary, form: str) -> str | None:
    if len(form) < 4 or not form.isalpha() or form in lexicon().known:
        return None
    form = squeeze(form)
    if form in words.names:
        return form
    if stem(form) or form in lexicon().known:
        return None
    bases = [form]
    bases += [form[: -len(end)] for end in ("nya", "ne", "e") if form.endswith(end) and len(form) - len(end) >= 5]
    for base in bases:
        if (key := words.sounds.get(sound(base))) and abs(len(key) - len(base)) <= 2:
            return key
    for base in bases:
        limit = 1 if len(base) < 8 else 2
        if len(base) < 5:
            continue
        found = process.extract(base, words.fuzzy, scorer=OSA.distance, score_cutoff=limit, limit=5)
        # A slip of the finger seldom hits the first letter; where it does the rest must be long.
        found = [hit for hit in found if hit[0][0] == base[0] or len(base) >= 6]
        if found:
            best = min(hit[1] for hit in found)
            keys = [hit[0] for hit in found if hit[1] == best]
            if len({words.names[key] for key in keys}) == 1:
                return str(keys[0])
            same = [key for key in keys if key[0] == base[0]]
            if len({words.names[key] for key in same}) == 1:
                return str(same[0])
    return None


@dataclass(frozen=True, slots=True)
class Lists:
    trims: frozenset[str]
    trade: frozenset[str]
    not_cars: frozenset[str]
    elsewhere: frozenset[str]
    debate: frozenset[str]
    plates: frozenset[str]
    given_names: frozenset[str]
    features: dict[tuple[str, ...], tuple[tuple[str, ...], ...]]


@cache
def lists() -> Lists:
    data = read_toml("lists.toml")

    def words(key: str) -> frozenset[str]:
        return frozenset(word.replace("_", " ") for word in data[key].split())

    features = {
        tuple(asked.split()): tuple(tuple(form.split()) for form in [asked, *same.split(", ")] if form)
        for asked, same in data["features"].items()
    }
    return Lists(
        trims=words("trims"),
        trade=words("trade"),
        not_cars=words("not_cars"),
        elsewhere=words("elsewhere"),
        debate=words("debate"),
        plates=words("plates"),
        given_names=words("names"),
        features=features,
    )


def model_of(words: Vocabulary, brand: str, model: str) -> tuple[Name | None, str]:
    """The name in a stock row's model column, and the rest of the column (engine, trim) in small letters."""
    parts = re.findall(r"[a-z]+\+?|\d+(?:[.,]\d+)*|\+", model.lower())
    best: tuple[Name | None, int, int] = (None, 0, 0)
    lead = flat(brand)
    for i in range(len(parts)):
        for size in range(min(4, len(parts) - i), 0, -1):
            key = "".join(parts[i : i + size])
            name = words.names.get(key) or words.names.get(lead + key)
            if name and name.model and flat(name.brand) == lead and size > best[2]:
                best = (name, i, size)
    name, at, size = best
    rest = parts[:at] + parts[at + size :] if name else parts
    return name, " ".join(rest)


def of_stock(stock: Stock) -> Vocabulary:
    """The market's names and those that only this stock has ("Esemka Garuda")."""
    base = vocabulary()
    rows: dict[Name, list[str]] = {}
    for brand, model in {(car.brand, car.model) for car in stock.cars}:
        name, _ = model_of(base, brand, model)
        if flat(brand) not in base.names:
            rows[Name(brand)] = [brand.lower()]
        if name is None and (own := _own_model(model)):
            own_name = Name(brand, own, "", 2 if len(own) >= 4 else 1)
            rows[own_name] = [own.lower(), f"{brand} {own}".lower()]
    return _build(rows.items(), base) if rows else base


def _own_model(model: str) -> str:
    """The words before the engine size or a trim: what people would call the model."""
    kept: list[str] = []
    for part in model.split():
        low = part.lower()
        if kept and (low in lists().trims or re.fullmatch(r"\d[.,]\d", low)):
            break
        kept.append(part)
    return " ".join(kept[:2])

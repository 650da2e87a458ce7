"""Brands, models and their spellings; those of the market, and those only this stock knows."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from autoleads.bot.understanding.names import Name, market
from autoleads.bot.understanding.normalize import lexicon, read_toml, squeeze, stem
from autoleads.stock import Stock


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """`names` by spelling without blanks; `spaced` are those that may be written in parts.

    `heads` are first words of such names that are none alone ("land", "grand"), `tails` their last words by key,
    `beginnings` what any name may begin with.
    """

    names: dict[str, Name]
    spaced: frozenset[str]
    sounds: dict[str, str]
    fuzzy: tuple[str, ...]
    heads: frozenset[str]
    tails: dict[str, str]
    beginnings: frozenset[str]
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
    return _once(form)


def _build(rows: Iterable[tuple[Name, list[str]]], base: Vocabulary | None = None) -> Vocabulary:
    names = dict(base.names) if base else {}
    spaced = set(base.spaced) if base else set()
    sounds = dict(base.sounds) if base else {}
    fuzzy = dict.fromkeys(base.fuzzy) if base else {}
    heads = set(base.heads) if base else set()
    tails = dict(base.tails) if base else {}
    for name, spellings in rows:
        own = flat(name.model or name.brand)
        for spelling in spellings:
            key = flat(spelling)
            names.setdefault(key, name)
            if " " in spelling or (key.isalpha() and len(key) >= 5 and key == own):
                spaced.add(key)
            if not (name.common and key.isalpha() and names[key].sure):
                continue
            if " " in spelling and key == own:
                first, last = spelling.split()[0], spelling.split()[-1]
                tails[key] = last
                heads |= {first} - names.keys()
            if len(key) >= 4:
                sounds.setdefault(sound(key), key)
            # A slip is measured from a right spelling, not from another slip.
            if len(key) >= 5 and (key == own or (" " not in spelling and OSA.distance(key, own) > 2)):
                fuzzy[key] = None
    new = names.keys() - base.names.keys() if base else names.keys()
    beginnings = {key[:size] for key in new for size in range(1, len(key) + 1)}
    if base:
        beginnings |= base.beginnings
    return Vocabulary(names, frozenset(spaced), sounds, tuple(fuzzy), frozenset(heads), tails, frozenset(beginnings))


@cache
def vocabulary() -> Vocabulary:
    return _build(market())


_ENDINGS = ("nya", "ny", "ne", "e", "mu", "ku")


def lookup(words: Vocabulary, form: str) -> Name | None:
    """A name by its exact spelling, with or without an ending ("brionya", "xpandere")."""
    if name := words.names.get(form):
        return name
    if not form.endswith(_ENDINGS):
        return None
    for ending in _ENDINGS:
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
    once = _once(form)
    if stem(form) or form in lexicon().known or once in lexicon().known:
        return None
    bases = [form] if not form.endswith("nya") else []
    bases += [form[: -len(end)] for end in ("nya", "ne", "e") if form.endswith(end) and len(form) - len(end) >= 4]
    return _alike(words, bases) or _near(words, bases)


def _once(form: str) -> str:
    return re.sub(r"(.)\1+", r"\1", form)


def _alike(words: Vocabulary, bases: list[str]) -> str | None:
    """A name that sounds the same. Short words sound like many, so they must also look like it."""
    for base in bases:
        key = words.sounds.get(sound(base))
        if key and OSA.distance(_once(base), _once(key)) <= (1 if len(base) <= 4 else 2 if len(base) <= 6 else 3):
            return key
    return None


def _near(words: Vocabulary, bases: list[str]) -> str | None:
    """The one name within a slip or two of the finger; None when two are as near."""
    for base in bases:
        found = process.extract(base, words.fuzzy, scorer=OSA.distance, score_cutoff=1 if len(base) < 8 else 2, limit=5)
        # A slip of the finger seldom hits the first letter; where it does the rest must be long.
        found = [hit for hit in found if hit[0][0] == base[0] or len(base) >= 6]
        if len(base) < 5:  # a letter left out
            found = [hit for hit in found if len(hit[0]) > len(base) and words.names[hit[0]].sure == 2]
        best = min((hit[1] for hit in found), default=0)
        keys = [hit[0] for hit in found if hit[1] == best]
        for some in (keys, [key for key in keys if key[0] == base[0]]):
            if len({words.names[key] for key in some}) == 1:
                return str(some[0])
    return None


@dataclass(frozen=True, slots=True)
class Lists:
    trims: frozenset[str]
    trade: frozenset[str]
    not_cars: frozenset[str]
    motorbikes: frozenset[str]
    word_brands: frozenset[str]
    elsewhere: frozenset[str]
    debate: frozenset[str]
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
        motorbikes=words("motorbikes"),
        word_brands=words("word_brands"),
        elsewhere=words("elsewhere"),
        debate=words("debate"),
        given_names=words("names"),
        features=features,
    )


def brand_of(words: Vocabulary, brand: str) -> str:
    """A stock row's brand as the maker writes it ("VW" -> Volkswagen); unknown ones stay."""
    name = lookup(words, flat(brand)) or guess(words, flat(brand))
    return name.brand if name else brand


def model_of(words: Vocabulary, brand: str, model: str) -> tuple[Name | None, str]:
    """The name in a stock row's model column, and the rest of the column (engine, trim) in small letters."""
    maker = brand_of(words, brand)
    parts = re.findall(r"[a-z]+\+?|\d+(?:[.,]\d+)*|\+", model.lower())
    best: tuple[Name | None, int, int] = (None, 0, 0)
    lead = flat(maker)
    for i in range(len(parts)):
        for size in range(min(4, len(parts) - i), 0, -1):
            key = "".join(parts[i : i + size])
            name = words.names.get(lead + key) or words.names.get(key)
            if name and name.model and name.brand == maker and size > best[2]:
                best = (name, i, size)
    for i, part in enumerate(parts if best[0] is None else ()):
        if (name := guess(words, part)) and name.model and name.brand == maker:
            best = (name, i, 1)
            break
    name, at, size = best
    rest = parts[:at] + parts[at + size :] if name else parts
    return name, " ".join(rest)


def of_stock(stock: Stock) -> Vocabulary:
    """The market's names, those that only this stock has ("Esemka Garuda"), and slips of all that it has."""
    base = vocabulary()
    rows: dict[Name, list[str]] = {}
    for brand, model in sorted({(car.brand, car.model) for car in stock.cars}):
        name, _ = model_of(base, brand, model)
        if flat(brand) not in base.names:
            rows[Name(brand, common=True)] = [brand.lower()]
        if name is None and (own := _own_model(model)):
            own_name = Name(brand, own, "", 2 if len(own) >= 4 else 1, common=True)
            rows[own_name] = [f"{brand} {own}".lower(), *([own.lower()] if _tells(own) else [])]
        elif name and name.model and not name.common and flat(name.model) in base.names:
            rows[replace(name, common=True)] = [name.model.lower()]
    return _build(rows.items(), base) if rows else base


def _tells(model: str) -> bool:
    """Whether a name is one without its brand; "3" and "manual" are not."""
    return len(flat(model)) >= 2 and not flat(model).isdigit() and model.lower() not in lexicon().known


def _own_model(model: str) -> str:
    """The words before the engine size or a trim: what people would call the model."""
    kept: list[str] = []
    for part in model.split():
        low = part.lower()
        if kept and (low in lists().trims or re.fullmatch(r"\d[.,]\d", low)):
            break
        kept.append(part)
    return " ".join(kept[:2])

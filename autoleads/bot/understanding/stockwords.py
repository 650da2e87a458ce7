"""What one version of a stock adds to the words: its models, trims, features, branches and codes."""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from functools import cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from autoleads.bot.understanding.names import Name
from autoleads.bot.understanding.normalize import Token, lexicon, translate
from autoleads.bot.understanding.vocabulary import Vocabulary, brand_of, flat, lists, model_of, of_stock
from autoleads.stock import Car, Stock
from autoleads.types import CarStatus

_PART = re.compile(r"[a-z]+|\d+(?:[.,]\d+)*")
_KNOWN_MENDS = 20_000


@dataclass(frozen=True, slots=True)
class CarWords:
    """One car's columns as retrieval compares them: `brand`, `model` (with the brand) and `color` flat.

    `brand` is the maker's own writing, whatever the column has ("VW", "Mercy").
    """

    car: Car
    brand: str
    model: str
    color: str
    name: Name | None
    rest: frozenset[str]
    trims: frozenset[str]
    features: tuple[frozenset[str], ...]
    branch: str
    fuel: str

    def named(self, brand: str | None, model: str | None) -> bool:
        """Of this brand, and the model's letters and digits stand in the column or it is that model otherwise written.

        "innova" fits every Innova, "c class" a C200.
        """
        if brand and flat(brand) != self.brand:
            return False
        if not model or flat(model) in self.model:
            return True
        return self.name is not None and model in (self.name.model, self.name.family)


def plain_words(text: str) -> tuple[str, ...]:
    """A column's text in the words of the rules ("Jok Kulit" -> jok kulit)."""
    out = []
    for part in _PART.findall(text.lower()):
        token = Token("word", part, part, False, 0)
        if part[0].isalpha():
            translate(token, lambda _: None)
        out.append(token.word)
    return tuple(out)


@dataclass(frozen=True, slots=True)
class StockWords:
    names: Vocabulary
    cars: tuple[CarWords, ...]
    available: tuple[CarWords, ...]
    brands: frozenset[str]
    models: frozenset[str]
    trims: frozenset[str]
    branches: dict[tuple[str, ...], str]
    feature_starts: dict[str, list[tuple[str, ...]]]
    codes: frozenset[str]
    by_price: tuple[CarWords, ...]
    mended: dict[str, str | None] = field(default_factory=dict)
    by_name: dict[tuple[str | None, str | None], tuple[CarWords, ...]] = field(default_factory=dict)

    def of(self, brand: str | None, model: str | None) -> tuple[CarWords, ...]:
        """Available cars of a brand and model, newest first; looked up once a name and stock version."""
        kept = self.by_name.get((brand, model))
        if kept is None:
            kept = tuple(entry for entry in self.available if entry.named(brand, model))
            self.by_name[brand, model] = kept
        return kept

    def priced(self, price: float, share: float) -> tuple[CarWords, ...]:
        """Available cars whose price is within a share of this one."""
        low = bisect_left(self.by_price, price * (1 - share), key=_price)
        return self.by_price[low : bisect_right(self.by_price, price * (1 + share), key=_price)]

    def code(self, letters: str, digits: str, *, told: bool, glued: bool) -> str | None:
        """The display code behind `a` and `01`; unmarked ones must look like this stock's codes."""
        exact = f"#{letters.upper()}{digits}"
        if exact in self.codes and (glued or told or digits.startswith("0")):
            return exact
        padded = f"#{letters.upper()}{digits.zfill(2)}"
        if told:
            return padded if padded in self.codes else exact
        if glued and len(digits) == 2 and digits.startswith("0") and len(letters) == 1:
            return exact
        return None

    def branch(self, words: list[str], i: int) -> str | None:
        for parts, name in self.branches.items():
            if tuple(words[i : i + len(parts)]) == parts:
                return name
        return None

    def feature(self, words: list[str], i: int) -> tuple[int, tuple[tuple[str, ...], ...]] | None:
        """(words used, all ways to say it) when a feature is named at i."""
        for parts in self.feature_starts.get(words[i], ()):
            if tuple(words[i : i + len(parts)]) == parts:
                return len(parts), lists().features.get(parts, (parts,))
        return None

    def mend(self, form: str) -> str | None:
        """The rule word behind a slip of the finger ("hrgaa", "cicilaan"); None when nothing is near."""
        if form not in self.mended:
            if len(self.mended) > _KNOWN_MENDS:
                self.mended.clear()
            self.mended[form] = _mend(form)
        return self.mended[form]


def _mend(form: str) -> str | None:
    if len(form) < 5 or not form.isalpha():
        return None
    found = process.extractOne(form, _mendable(), scorer=OSA.distance, score_cutoff=1)
    if found and (found[0][0] == form[0] or len(form) >= 7):
        return str(found[0])
    return None


@cache
def _mendable() -> tuple[str, ...]:
    return tuple(sorted({word for word in lexicon().spelling.values() if len(word) >= 5 and word.isalpha()}))


def _price(entry: CarWords) -> int:
    return entry.car.price_idr


def stock_words(stock: Stock) -> StockWords:
    """Made once a stock version and kept with it."""
    kept = stock.derived.get("words")
    if not isinstance(kept, StockWords):
        kept = stock.derived["words"] = _make(stock)
    return kept


def _make(stock: Stock) -> StockWords:
    names = of_stock(stock)
    cars = tuple(_car_words(names, car) for car in stock.cars)
    available = [entry for entry in cars if entry.car.status is CarStatus.AVAILABLE]
    available.sort(key=lambda entry: (-entry.car.year, entry.car.display_code))
    everyday = {"at", "mt", "up", "the", "new", "all", "type", "tipe", "plus"}
    trims = {t for c in cars for t in c.rest if t.isalpha() and len(t) >= 2} - everyday
    branches = {plain_words(c.car.branch): c.car.branch for c in cars if c.car.branch}
    features = {feature for car in stock.cars for feature in car.features}
    starts: dict[str, list[tuple[str, ...]]] = {}
    for parts in {*lists().features, *(p for feature in features for p in _grams(plain_words(feature)))}:
        starts.setdefault(parts[0], []).append(parts)
    for options in starts.values():
        options.sort(key=len, reverse=True)
    return StockWords(
        names=names,
        cars=cars,
        available=tuple(available),
        by_price=tuple(sorted(available, key=_price)),
        brands=frozenset(brand_of(names, car.brand) for car in stock.cars),
        models=frozenset(c.name.model for c in cars if c.name and c.name.model),
        trims=frozenset(trims),
        branches=branches,
        feature_starts=starts,
        codes=frozenset(car.display_code for car in stock.cars),
    )


def _car_words(names: Vocabulary, car: Car) -> CarWords:
    name, rest = model_of(names, car.brand, car.model)
    brand = flat(brand_of(names, car.brand))
    return CarWords(
        car=car,
        brand=brand,
        color=flat(car.color),
        model=brand + flat(car.model),
        name=name,
        rest=frozenset(rest.split()),
        trims=frozenset(rest.split()) | frozenset(_PART.findall(car.model.lower())),
        features=tuple(frozenset(plain_words(feature)) for feature in car.features),
        branch=car.branch or "",
        fuel=(car.fuel or "").lower(),
    )


def _grams(feature: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Runs of two and more words in which customers may name a feature."""
    size = len(feature)
    if feature[:1] == ("garansi",):
        return []  # a promise of the house, asked for in general
    runs = [feature[a:b] for a in range(size) for b in range(a + 2, size + 1)]
    return [run for run in runs if run[0].isalpha() and run[-1] not in ("dan", "inch")]

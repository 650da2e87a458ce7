"""Which cars of a showroom a visitor asked for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from autoleads.sql.catalogue import Shown
from autoleads.types import BranchId, CarStatus, Transmission
from autoleads.web.catalogue.wording import common

Test = Callable[[Shown], bool]

# What narrows together, and is dropped together, under one name.
FIELDS = {
    "search": ("search",),
    "brand": ("brand",),
    "model": ("model",),
    "year": ("year_min", "year_max"),
    "price": ("price_min", "price_max"),
    "km": ("km_max",),
    "transmission": ("transmission",),
    "fuel": ("fuel",),
    "branch": ("branch",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """None does not narrow. Every word of `search` stands somewhere in what a page says of the car. `model` is the
    common name. Words are compared without regard to case; money in rupiah, distance in km, bounds included."""

    search: str | None = None
    brand: str | None = None
    model: str | None = None
    year_min: int | None = None
    year_max: int | None = None
    price_min: int | None = None
    price_max: int | None = None
    km_max: int | None = None
    transmission: Transmission | None = None
    fuel: str | None = None
    branch: BranchId | None = None


@dataclass(frozen=True, slots=True)
class Survey:
    """`found` fit; `but_for` holds, by the name in FIELDS, those that only this part of the wish shuts out."""

    found: list[Shown] = field(default_factory=list)
    but_for: dict[str, list[Shown]] = field(default_factory=dict)

    def without(self, part: str) -> list[Shown]:
        """What would be found if this part had not been asked for; in no order."""
        return self.found + self.but_for.get(part, [])


def for_sale(cars: Sequence[Shown]) -> list[Shown]:
    return [car for car in cars if car.status is CarStatus.AVAILABLE]


def matching(cars: Sequence[Shown], wanted: Filter) -> list[Shown]:
    """Of those for sale, in their order."""
    return survey(cars, wanted).found


def survey(cars: Sequence[Shown], wanted: Filter) -> Survey:
    """Of those for sale, each list in their order."""
    tests = _tests(wanted)
    if not tests:
        return Survey(for_sale(cars))
    result = Survey()
    for car in for_sale(cars):
        failed = None
        for name, fits in tests:
            if not fits(car):
                if failed is not None:
                    break
                failed = name
        else:
            found = result.found if failed is None else result.but_for.setdefault(failed, [])
            found.append(car)
    return result


def words_of(car: Shown) -> str:
    """What a search looks through, in lower case."""
    return (
        f"{car.brand} {car.model} {car.public_name} {car.year} {car.color} {car.transmission} {car.fuel or ''} "
        f"{' '.join(car.features)}"
    ).lower()


def _tests(wanted: Filter) -> list[tuple[str, Test]]:
    """Only of what narrows, the cheapest first."""
    tests: list[tuple[str, Test]] = []
    low, high = wanted.year_min or 0, _top(wanted.year_max)
    least, most = wanted.price_min or 0, _top(wanted.price_max)
    if wanted.year_min is not None or wanted.year_max is not None:
        tests.append(("year", lambda car: low <= car.year <= high))
    if wanted.price_min is not None or wanted.price_max is not None:
        tests.append(("price", lambda car: least <= car.price_idr <= most))
    if (furthest := wanted.km_max) is not None:
        tests.append(("km", lambda car: car.km <= furthest))
    if (box := wanted.transmission) is not None:
        tests.append(("transmission", lambda car: car.transmission is box))
    if (branch := wanted.branch) is not None:
        tests.append(("branch", lambda car: car.branch_id == branch))
    if (brand := _lower(wanted.brand)) is not None:
        tests.append(("brand", lambda car: car.brand.lower() == brand))
    if (fuel := _lower(wanted.fuel)) is not None:
        tests.append(("fuel", lambda car: (car.fuel or "").lower() == fuel))
    if (model := _lower(wanted.model)) is not None:
        tests.append(("model", lambda car: common(car).lower() == model))
    if words := (wanted.search or "").lower().split():
        tests.append(("search", lambda car: _has(car, words)))
    return tests


def _top(bound: int | None) -> float:
    return float("inf") if bound is None else bound


def _lower(text: str | None) -> str | None:
    return None if text is None else text.lower()


def _has(car: Shown, words: Sequence[str]) -> bool:
    text = words_of(car)
    return all(word in text for word in words)

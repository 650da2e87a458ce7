"""Which cars of a showroom a visitor asked for."""

from collections.abc import Sequence
from dataclasses import dataclass

from autoleads.sql.catalogue import Shown
from autoleads.types import BranchId, CarStatus, Transmission


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """None does not narrow. Every word of `search` stands somewhere in the names, the year or the colour. Words are
    compared without regard to case; money in rupiah, distance in km, bounds included."""

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


def for_sale(cars: Sequence[Shown]) -> list[Shown]:
    return [car for car in cars if car.status is CarStatus.AVAILABLE]


def matching(cars: Sequence[Shown], wanted: Filter) -> list[Shown]:
    """Of those for sale, in their order."""
    words = wanted.search.lower().split() if wanted.search else []
    return [car for car in for_sale(cars) if _fits(car, wanted) and _has(car, words)]


def _fits(car: Shown, wanted: Filter) -> bool:
    return (
        _same(car.brand, wanted.brand)
        and _same(car.model, wanted.model)
        and _within(car.year, wanted.year_min, wanted.year_max)
        and _within(car.price_idr, wanted.price_min, wanted.price_max)
        and _within(car.km, None, wanted.km_max)
        and wanted.transmission in (None, car.transmission)
        and _same(car.fuel or "", wanted.fuel)
        and wanted.branch in (None, car.branch_id)
    )


def _same(written: str, asked: str | None) -> bool:
    return asked is None or written.lower() == asked.lower()


def _within(value: int, least: int | None, most: int | None) -> bool:
    return (least is None or value >= least) and (most is None or value <= most)


def _has(car: Shown, words: Sequence[str]) -> bool:
    if not words:
        return True
    text = f"{car.brand} {car.model} {car.public_name} {car.year} {car.color}".lower()
    return all(word in text for word in words)

"""The choices beside a list of cars: what may be asked for, and how many cars each choice would leave."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from autoleads.formats import kilometers, rupiah
from autoleads.sql.catalogue import Catalogue, Shown
from autoleads.types import BranchId, Transmission
from autoleads.web.catalogue.filters import FIELDS, Filter, Survey, for_sale
from autoleads.web.catalogue.wanted import Wanted
from autoleads.web.catalogue.wording import common


@dataclass(frozen=True, slots=True)
class Choice:
    """`value` as it stands in an address; `group` heads those that belong together."""

    value: str
    label: str
    count: int
    chosen: bool
    group: str = ""


@dataclass(frozen=True, slots=True)
class Chip:
    """One part of the wish, which `address` drops; `count` cars are found without it."""

    label: str
    address: str
    count: int


def choices(catalogue: Catalogue, survey: Survey, wanted: Filter) -> dict[str, list[Choice]]:
    """By the name in FIELDS. What is chosen is among them, even where it leaves nothing."""
    branches = {place.id: place.name for place in catalogue.places}
    known = catalogue.kept("names", lambda: _names(for_sale(catalogue.cars)))
    return {
        "brand": _counted(survey.without("brand"), wanted.brand, known["brand"], lambda car: car.brand),
        "model": _models(survey.without("model"), said(catalogue, "model", wanted.model)),
        "transmission": _counted(
            survey.without("transmission"), wanted.transmission, known["transmission"], lambda car: car.transmission
        ),
        "fuel": _counted(survey.without("fuel"), wanted.fuel, known["fuel"], lambda car: car.fuel or ""),
        "branch": _branches(branches, survey.without("branch"), wanted) if len(branches) > 1 else [],
    }


def chips(catalogue: Catalogue, survey: Survey, wanted: Wanted) -> list[Chip]:
    labels = {name: label for name in FIELDS if (label := _label(catalogue, wanted.filter, name))}
    return [
        Chip(label, wanted.without(*FIELDS[name]).address, len(survey.without(name))) for name, label in labels.items()
    ]


def _names(cars: list[Shown]) -> dict[str, dict[str, str]]:
    """How what is for sale is written, by how it stands in addresses."""
    return {
        "brand": {car.brand.lower(): car.brand for car in cars},
        "fuel": {car.fuel.lower(): car.fuel for car in cars if car.fuel},
        "transmission": {one.lower(): one for one in Transmission},
    }


def _counted(
    cars: Iterable[Shown], chosen: str | None, names: Mapping[str, str], name: Callable[[Shown], str]
) -> list[Choice]:
    counts = Counter(name(car).lower() for car in cars)
    low = None if chosen is None else chosen.lower()
    shown = {**names, low: chosen} if low is not None and chosen is not None and low not in names else names
    return [Choice(value, shown[value], counts[value], value == low) for value in sorted(shown)]


def _models(cars: Iterable[Shown], chosen: str | None) -> list[Choice]:
    counts = Counter((car.brand, common(car)) for car in cars)
    low = None if chosen is None else chosen.lower()
    found = [
        Choice(model.lower(), model, count, model.lower() == low, brand)
        for (brand, model), count in sorted(counts.items())
    ]
    if chosen is not None and not any(one.chosen for one in found):
        found.insert(0, Choice(chosen.lower(), chosen, 0, True))
    return found


def _branches(branches: dict[BranchId, str], cars: Iterable[Shown], wanted: Filter) -> list[Choice]:
    counts = Counter(car.branch_id for car in cars)
    return [Choice(str(id), name, counts[id], id == wanted.branch) for id, name in branches.items()]


def _label(catalogue: Catalogue, wanted: Filter, name: str) -> str:
    """Of this part of the wish, as a visitor would say it; "" for what was not asked."""
    match name:
        case "search":
            return f"“{wanted.search}”" if wanted.search else ""
        case "year":
            return _span(wanted.year_min, wanted.year_max, str, "Tahun")
        case "price":
            return _span(wanted.price_min, wanted.price_max, rupiah, "Harga")
        case "km":
            return "" if wanted.km_max is None else f"Maks. {kilometers(wanted.km_max)}"
        case "branch":
            places = {place.id: place.name for place in catalogue.places}
            return "" if wanted.branch is None else f"Cabang {places.get(wanted.branch, 'lain')}"
        case _:
            return said(catalogue, name, getattr(wanted, name)) or ""


def spelled(catalogue: Catalogue, wanted: Filter) -> Filter:
    """The same wish, its names as the stock writes them."""
    names: dict[str, Any] = {name: said(catalogue, name, getattr(wanted, name)) for name in ("brand", "model", "fuel")}
    return replace(wanted, **names)


def said(catalogue: Catalogue, name: str, value: str | None) -> str | None:
    """As the stock writes it, `Toyota` for `toyota`; as it was asked for when the stock has none."""
    if not value:
        return None
    named: Callable[[Shown], str] = common if name == "model" else lambda car: getattr(car, name) or ""
    return next((named(car) for car in catalogue.cars if named(car).lower() == value.lower()), value)


def _span(low: int | None, high: int | None, said: Callable[[int], str], what: str) -> str:
    if low is None and high is None:
        return ""
    if low == high and low is not None:
        return f"{what} {said(low)}"
    if high is None:
        return f"{what} mulai {said(low or 0)}"
    return f"{what} sampai {said(high)}" if low is None else f"{what} {said(low)} – {said(high)}"

"""Cars that somebody may want who looks at this one, and what differs."""

import heapq
from bisect import bisect_left, insort
from collections.abc import Iterator
from typing import NamedTuple

from autoleads.formats import kilometers, rupiah
from autoleads.sql.catalogue import Catalogue, Shown
from autoleads.types import CarId, Transmission
from autoleads.web.catalogue import filters
from autoleads.web.catalogue.wording import common

_MOST = 3
# What a difference weighs, as a share of the price: another model is like a price a quarter away.
_OTHER_MODEL, _OTHER_BRAND, _OTHER_BOX, _A_YEAR = 0.25, 0.1, 0.05, 0.03
_TOO_FAR = 1.0


class _Traits(NamedTuple):
    """What is compared; the place is that among all for sale."""

    price: int
    year: int
    model: str
    brand: str
    box: Transmission
    place: int
    car: Shown


def similar(catalogue: Catalogue, car: Shown) -> list[Shown]:
    """For sale, the most similar first."""
    mine = _traits(0, car)
    near: list[tuple[float, int, Shown]] = []
    for theirs in _outward(catalogue.kept("by price", lambda: _by_price(catalogue)), mine.price):
        gap = abs(theirs.price - mine.price) / mine.price
        if gap > (near[-1][0] if len(near) == _MOST else _TOO_FAR):
            break  # for its price alone, and so is all that follows
        distance = _distance(gap, theirs, mine)
        if theirs.car.id != car.id and distance < _TOO_FAR:
            insort(near, (distance, theirs.place, theirs.car))
            del near[_MOST:]
    return [one for *_, one in near]


def differences(car: Shown, others: list[Shown]) -> dict[CarId, str]:
    """By the car that differs: `Lebih murah Rp 5.000.000, 1 tahun lebih baru`."""
    return {other.id: _difference(car, other) for other in others}


def _by_price(catalogue: Catalogue) -> list[_Traits]:
    return sorted((_traits(*one) for one in enumerate(filters.for_sale(catalogue.cars))), key=_price)


def _traits(place: int, car: Shown) -> _Traits:
    return _Traits(car.price_idr, car.year, common(car), car.brand, car.transmission, place, car)


def _outward(by_price: list[_Traits], price: int) -> Iterator[_Traits]:
    """The nearest price first."""
    at = bisect_left(by_price, price, key=_price)
    return heapq.merge(by_price[at:], reversed(by_price[:at]), key=lambda one: abs(one.price - price))


def _price(of: _Traits) -> int:
    return of.price


def _distance(gap: float, theirs: _Traits, mine: _Traits) -> float:
    """`gap`: that of the prices."""
    return (
        gap
        + abs(theirs.year - mine.year) * _A_YEAR
        + (theirs.model != mine.model) * _OTHER_MODEL
        + (theirs.brand != mine.brand) * _OTHER_BRAND
        + (theirs.box is not mine.box) * _OTHER_BOX
    )


def _difference(car: Shown, other: Shown) -> str:
    parts = []
    if gap := other.price_idr - car.price_idr:
        parts.append(f"{'lebih murah' if gap < 0 else 'selisih'} {rupiah(abs(gap))}")
    if years := other.year - car.year:
        parts.append(f"{abs(years)} tahun lebih {'baru' if years > 0 else 'tua'}")
    if other.transmission is not car.transmission:
        parts.append(other.transmission.lower())
    if not years and other.km < car.km:
        parts.append(f"km lebih rendah {kilometers(car.km - other.km)}")
    text = ", ".join(parts[:3])
    return text[:1].upper() + text[1:]

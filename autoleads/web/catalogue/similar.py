"""Cars that somebody may want who looks at this one, and what differs."""

import heapq
from typing import NamedTuple

from autoleads.formats import kilometers, rupiah
from autoleads.sql.catalogue import Catalogue, Shown
from autoleads.types import CarId, Transmission
from autoleads.web.catalogue import filters
from autoleads.web.catalogue.render import kept
from autoleads.web.catalogue.wording import common

_MOST = 3
# What a difference weighs, as a share of the price: another model is like a price a quarter away.
_OTHER_MODEL, _OTHER_BRAND, _OTHER_BOX, _A_YEAR = 0.25, 0.1, 0.05, 0.03
_TOO_FAR = 1.0


class _Traits(NamedTuple):
    """What is compared."""

    price: int
    year: int
    model: str
    brand: str
    box: Transmission


def similar(catalogue: Catalogue, car: Shown) -> list[Shown]:
    """For sale, the most similar first."""
    others = kept(catalogue, "traits", lambda: [(one, _traits(one)) for one in filters.for_sale(catalogue.cars)])
    mine = _traits(car)

    def distance(of: tuple[Shown, _Traits]) -> float:
        _, theirs = of
        return (
            abs(theirs.price - mine.price) / mine.price
            + abs(theirs.year - mine.year) * _A_YEAR
            + (theirs.model != mine.model) * _OTHER_MODEL
            + (theirs.brand != mine.brand) * _OTHER_BRAND
            + (theirs.box is not mine.box) * _OTHER_BOX
        )

    near = heapq.nsmallest(_MOST + 1, others, key=distance)  # itself may be the nearest
    return [one for one, traits in near if one.id != car.id and distance((one, traits)) < _TOO_FAR][:_MOST]


def differences(car: Shown, others: list[Shown]) -> dict[CarId, str]:
    """By the car that differs: `Lebih murah Rp 5.000.000, 1 tahun lebih baru`."""
    return {other.id: _difference(car, other) for other in others}


def _traits(car: Shown) -> _Traits:
    return _Traits(car.price_idr, car.year, common(car), car.brand, car.transmission)


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

"""Cars that somebody may want who looks at this one, and what differs."""

from autoleads.formats import kilometers, rupiah
from autoleads.sql.catalogue import Catalogue, Shown
from autoleads.types import CarId
from autoleads.web.catalogue import filters
from autoleads.web.catalogue.wording import common

_MOST = 3
# What a difference weighs, as a share of the price: another model is like a price a quarter away.
_OTHER_MODEL, _OTHER_BRAND, _OTHER_BOX, _A_YEAR = 0.25, 0.1, 0.05, 0.03
_TOO_FAR = 1.0


def similar(catalogue: Catalogue, car: Shown) -> list[Shown]:
    """For sale, the most similar first."""
    scored = [(_distance(car, other), other) for other in filters.for_sale(catalogue.cars) if other.id != car.id]
    near = sorted((pair for pair in scored if pair[0] < _TOO_FAR), key=lambda pair: pair[0])
    return [other for _, other in near[:_MOST]]


def differences(car: Shown, others: list[Shown]) -> dict[CarId, str]:
    """By the car that differs: `Lebih murah Rp 5.000.000, 1 tahun lebih baru`."""
    return {other.id: _difference(car, other) for other in others}


def _distance(car: Shown, other: Shown) -> float:
    return (
        abs(other.price_idr - car.price_idr) / car.price_idr
        + abs(other.year - car.year) * _A_YEAR
        + (common(other) != common(car)) * _OTHER_MODEL
        + (other.brand != car.brand) * _OTHER_BRAND
        + (other.transmission is not car.transmission) * _OTHER_BOX
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

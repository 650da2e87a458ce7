"""A car as it stands in lists of cars."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup, escape

from autoleads.sql.catalogue import Catalogue, Shown
from autoleads.types import CarId, CarStatus
from autoleads.web.catalogue import pictures, wording
from autoleads.web.catalogue.render import filled

_AT_ONCE = 3  # a row on a wide screen
_FEATURES = 2


def card(catalogue: Catalogue, car: Shown) -> str:
    """Markup; a plain string, which joins faster."""
    return catalogue.kept(("card", car.id), lambda: _card(car))


def grid(
    catalogue: Catalogue, cars: Sequence[Shown], *, first: bool = False, notes: Mapping[CarId, str] | None = None
) -> Markup:
    """List items. `first`: the page begins with them, so that their photos do not wait. `notes` say more of a car."""
    cards = [card(catalogue, car) for car in cars]
    if first:
        cards = [_soon(one, place) for place, one in enumerate(cards)]
    if notes:
        cards = [f"{one}<p class='note'>{escape(notes[car.id])}</p>" for one, car in zip(cards, cars, strict=True)]
    return Markup(f"<li>{'</li><li>'.join(cards)}</li>" if cards else "")


def _card(car: Shown) -> str:
    title = wording.title(car)
    photo = pictures.markup(car.photos[0], pictures.CARD, f"{title} {car.color}") if car.photos else ""
    markup = {"photo": photo, "features": Markup(" &middot; ").join(car.features[:_FEATURES])}
    sold, booked = car.status is CarStatus.SOLD, car.status is CarStatus.BOOKING
    return filled("catalogue/card.html", wording.facts(car), markup, sold=sold, booked=booked)


def _soon(markup: str, place: int) -> str:
    if place >= _AT_ONCE:
        return markup
    return markup.replace(pictures.LATE, "" if place else pictures.FIRST, 1)

"""A car as it stands in lists of cars."""

from collections.abc import Iterable, Mapping, Sequence

from markupsafe import Markup

from autoleads.sql.catalogue import Catalogue, Shown
from autoleads.types import CarId
from autoleads.web.catalogue import pictures, wording
from autoleads.web.catalogue.render import fragment, kept

_AT_ONCE = 3  # a row on a wide screen


def card(catalogue: Catalogue, car: Shown) -> Markup:
    return kept(catalogue, ("card", car.id), lambda: _card(car))


def grid(
    catalogue: Catalogue, cars: Sequence[Shown], *, first: bool = False, notes: Mapping[CarId, str] | None = None
) -> Markup:
    """List items. `first`: the page begins with them, so that their photos do not wait. `notes` say more of a car."""
    cards: Iterable[str] = (card(catalogue, car) for car in cars)
    if first:
        cards = (_soon(one, place) for place, one in enumerate(cards))
    if notes:
        cards = (f"{one}{_note(notes.get(car.id))}" for one, car in zip(cards, cars, strict=True))
    return Markup("".join(f"<li>{one}</li>" for one in cards))


def _card(car: Shown) -> Markup:
    title = wording.title(car)
    photo = pictures.markup(car.photos[0], pictures.CARD, f"{title} {car.color}") if car.photos else None
    return fragment("catalogue/card.html", car=car, title=title, photo=photo)


def _soon(markup: str, place: int) -> str:
    if place >= _AT_ONCE:
        return markup
    return str(markup).replace(pictures.LATE, "" if place else pictures.FIRST, 1)


def _note(text: str | None) -> Markup:
    return Markup('<p class="note">{}</p>').format(text) if text else Markup()

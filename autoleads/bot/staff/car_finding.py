"""Which car a user means: by plate, code or description, forgiving slips, and asking when several fit."""

from collections.abc import Sequence
from typing import Any

from rapidfuzz.distance import OSA

from autoleads.bot import texts_stock as texts
from autoleads.bot.staff.base import Done, Errand, Shelf
from autoleads.bot.staff.car_fields import plate_shown
from autoleads.bot.understanding.command_base import Instruction
from autoleads.formats import rupiah
from autoleads.stock import Car
from autoleads.types import CarId

WHICH = "car_which"  # kind of Ask
_MOST = 9  # to choose from
_MOST_NEAR = 5
_FARTHEST = 3  # slips in a plate


def find(errand: Errand, said: Instruction, **wish: Any) -> CarId | Done:
    """The car, or a question whose answer `wish` goes along with. `said.cars` is not None."""
    found = list(errand.shelf.stock.by_codes(said.cars or ()))
    if not found:
        same = _named(errand.shelf, said)  # exactly that car, left out because it is in the wanted state already
        return same.id if same else _nearest(errand, said, wish)
    if len(found) == 1:
        return found[0].id
    shown = found[:_MOST]
    most = texts.WHICH_MOST.format(shown=len(shown)) if len(found) > len(shown) else ""
    text = texts.WHICH.format(count=len(found), list=choice(errand.shelf, shown), most=most)
    return Done(text=text, ask=errand.ask(WHICH, tuple(car.id for car in shown), **wish))


def referred(said: Instruction) -> str:
    """As the user named it."""
    if code := said.entities.get("display_code"):
        return str(code)
    if plate := said.entities.get("plate"):
        return plate_shown(plate)
    named = [said.entities.get(key) for key in ("model", "color", "year_min") if key not in said.changes]
    return " ".join(str(part) for part in named if part) or texts.REF_WORDS


def choice(shelf: Shelf, cars: Sequence[Car]) -> str:
    return "\n".join(
        texts.WHICH_LINE.format(
            number=number,
            name=f"{car.brand} {car.model} {car.year} {car.color} {car.display_code}",
            plate=plate_shown(shelf.plates.get(car.display_code)),
            price=rupiah(car.price_idr),
            status=texts.STATUSES[car.status],
        )
        for number, car in enumerate(cars, 1)
    )


def _named(shelf: Shelf, said: Instruction) -> Car | None:
    if code := said.entities.get("display_code"):
        return shelf.stock.by_code(code)
    wanted = said.entities.get("plate")
    code = next((code for code, plate in shelf.plates.items() if plate == wanted), "")
    return shelf.stock.by_code(code)


def _nearest(errand: Errand, said: Instruction, wish: dict[str, Any]) -> Done:
    near = _near(errand.shelf, said)[:_MOST_NEAR]
    ref = referred(said)
    if not near:
        return Done(text=texts.NOT_FOUND.format(ref=ref))
    text = texts.WHICH_NEAR.format(ref=ref, list=choice(errand.shelf, near))
    return Done(text=text, ask=errand.ask(WHICH, tuple(car.id for car in near), **wish))


def _near(shelf: Shelf, said: Instruction) -> list[Car]:
    """Plates and codes by their slips, descriptions by the model, else by the brand."""
    by_code = {car.display_code: car for car in shelf.stock.cars}
    if code := said.entities.get("display_code"):
        slips = {known: OSA.distance(code, known) for known in by_code}
        return [by_code[known] for known in sorted(slips, key=lambda one: slips[one]) if slips[known] <= 1]
    if plate := said.entities.get("plate"):
        slips = {known: OSA.distance(plate, one, score_cutoff=_FARTHEST) for known, one in shelf.plates.items()}
        return [by_code[known] for known in sorted(slips, key=lambda one: slips[one]) if slips[known] <= _FARTHEST]
    for key, part in (("model", "model"), ("brand", "brand")):
        wanted = _plain(str(said.entities.get(key, "")))
        near = [car for car in shelf.stock.cars if wanted and wanted in _plain(getattr(car, part))]
        if near:
            return near
    return []


def _plain(text: str) -> str:
    return "".join(ch for ch in text.lower() if ch.isalnum())

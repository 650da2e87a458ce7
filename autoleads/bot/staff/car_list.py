"""/list: the stock, five cars a message, and one car in full."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from autoleads.bot import texts_stock as texts
from autoleads.bot.staff import car_fields, numbers
from autoleads.bot.staff.ask import Ask
from autoleads.bot.staff.base import Answers, Done, Errand
from autoleads.bot.understanding.command_base import Instruction
from autoleads.formats import kilometers, rupiah
from autoleads.stock import Car
from autoleads.types import CarStatus

LIST = "list"  # kind of Ask
_MORE = re.compile(r"^\W*(?:lanjut|next|lagi)\W*$", re.IGNORECASE)
_PAGE = 5
_MOST_WORDS = 4
_ORDER = (CarStatus.AVAILABLE, CarStatus.BOOKING, CarStatus.DRAFT, CarStatus.SOLD)
_FILTERS = ("brand", "model", "color", "transmission", "fuel", "display_code")


async def ordered(errand: Errand, said: Instruction) -> Done:
    """Without a filter everything that is not sold."""
    cars = errand.shelf.stock.cars
    if said.cars is None:
        found = [car for car in cars if car.status is not CarStatus.SOLD]
        if not found:
            return Done(text=texts.LIST_EMPTY if errand.manages else texts.LIST_EMPTY_SALES)
    else:
        found = list(errand.shelf.stock.by_codes(said.cars))
        if not found:
            return Done(text=texts.LIST_NONE.format(filter=_filter(said)))
    found.sort(key=lambda car: _ORDER.index(car.status))  # those of one status stay newest first
    return _page(errand, found, 0, _filter(said))


def named(errand: Errand) -> Done | None:
    """A message that is nothing but a code, a plate or a model: those cars."""
    text = errand.turn.text.strip()
    if len(text.split()) > _MOST_WORDS:
        return None
    said = errand.shelf.read(f"/list {text}", errand.turn)
    found = errand.shelf.stock.by_codes(said.cars or ())
    if not found or not any(key in said.entities for key in ("display_code", "plate", "model")):
        return None
    return Done(text=_detail(errand, found[0])) if len(found) == 1 else _page(errand, found, 0, _filter(said))


def _page(errand: Errand, found: Sequence[Car], start: int, filter_: str) -> Done:
    shown = found[start : start + _PAGE]
    left = len(found) - start - len(shown)
    states = Counter(car.status for car in found)
    said = [f"{texts.STATUSES[status].capitalize()} {states[status]}" for status in _ORDER if states[status]]
    text = texts.LIST.format(
        filter=filter_,
        count=len(found),
        states=texts.LIST_STATES.format(states=" | ".join(said)) if len(said) > 1 else "",
        list="\n".join(_line(errand, number, car) for number, car in enumerate(shown, start + 1)),
        more=texts.LIST_MORE.format(count=min(left, _PAGE)) if left else "",
    )
    ids = tuple(car.id for car in found)
    return Done(text=text, ask=errand.ask(LIST, ids, shown=start + len(shown), filter=filter_))


def _line(errand: Errand, number: int, car: Car) -> str:
    plate = errand.shelf.plates.get(car.display_code)
    return texts.LIST_LINE.format(
        number=number,
        name=f"{car.brand} {car.model} {car.year} {car.color} {car.display_code}",
        price=rupiah(car.price_idr),
        km=kilometers(car.km),
        transmission=car.transmission,
        plate=f"{car_fields.plate_shown(plate)} | " if plate else "",
        status=texts.STATUSES[car.status],
    )


def _filter(said: Instruction) -> str:
    """The words of the list's title."""
    given = said.entities
    words = [str(given[key]) for key in _FILTERS if key in given and not (key == "brand" and "model" in given)]
    if "year_min" in given or "year_max" in given:
        low, high = given.get("year_min"), given.get("year_max")
        words.append(str(low) if low == high else f"{low or '...'}-{high or '...'}")
    if "price_min" in given:
        words.append(f"mulai {rupiah(given['price_min'])}")
    if "price_max" in given:
        words.append(f"sampai {rupiah(given['price_max'])}")
    if "km_max" in given:
        words.append(f"sampai {kilometers(given['km_max'])}")
    if "plate" in given:
        words.append(car_fields.plate_shown(given["plate"]))
    if "status" in given:
        words.append(texts.STATUSES[given["status"]])
    return texts.LIST_FILTER.format(filter=", ".join(words)) if words else ""


async def _answered(errand: Errand, ask: Ask, text: str) -> Done | None:
    """The next page, or the car of a number."""
    by_id: dict[int, Car] = {car.id: car for car in errand.shelf.stock.cars}
    if _MORE.match(text):
        if ask.given["shown"] >= len(ask.ids):
            return Done(text=texts.LIST_NO_MORE, ask=ask)
        found = [by_id[id_] for id_ in ask.ids if id_ in by_id]  # who was removed meanwhile is not missed
        return _page(errand, found, ask.given["shown"], ask.given["filter"])
    car_id = numbers.chosen(ask, text)
    if not isinstance(car_id, int):
        return car_id
    car = by_id.get(car_id)
    if car is None:
        return Done(text=texts.GONE.format(who=texts.SOMEBODY), ask=ask)
    return Done(text=_detail(errand, car), ask=ask)


def _detail(errand: Errand, car: Car) -> str:
    clean = errand.shelf.plates.get(car.display_code)
    template = texts.CAR if errand.manages else texts.CAR_SALES
    card = template.format(
        brand=car.brand,
        model=car.model,
        year=car.year,
        color=car.color,
        plate=car_fields.plate_shown(clean),
        code=car.display_code,
        price=rupiah(car.price_idr),
    )
    more = texts.CAR_MORE.format(
        km=kilometers(car.km),
        transmission=car.transmission,
        fuel=f" | {car.fuel}" if car.fuel else "",
        status=texts.STATUSES[car.status],
        branch=texts.CAR_BRANCH.format(branch=car.branch) if car.branch else "",
        features=", ".join(car.features) or texts.NOTHING,
        notes=car.condition_notes or texts.NOTHING,
        photos=len(car.photos),
    )
    quick = texts.QUICK.format(ref=clean or car.display_code) if errand.manages else ""
    return card + more + quick


ANSWERS: Mapping[str, Answers] = {LIST: _answered}

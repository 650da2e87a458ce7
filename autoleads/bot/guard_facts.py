"""What a reply may state: the rows of one showroom, and what the customer said."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from autoleads.bot import texts
from autoleads.bot.answers.cars import tidy
from autoleads.bot.guard_numbers import amounts, skeleton
from autoleads.bot.turn import Showroom, Turn
from autoleads.formats import phone_display
from autoleads.stock import Car, Stock
from autoleads.types import CarId

MASK = " ¤ "
_PHRASES = "guard phrases"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What this reply may state. `quoted` sums are the customer's own words, `people` the names of those who
    talk here, `ours`: written by the rules."""

    stock: Stock
    showroom: Showroom
    cars: tuple[Car, ...] = ()
    sums: frozenset[int] = frozenset()
    quoted: frozenset[int] = frozenset()
    said: str = ""
    people: frozenset[str] = frozenset()
    year: int = 0
    percents: frozenset[float] = frozenset()
    ours: bool = False

    @property
    def prices(self) -> frozenset[int]:
        return frozenset(car.price_idr for car in self.cars)

    @property
    def money(self) -> frozenset[int]:
        return self.prices | self.sums | self.quoted

    @property
    def distances(self) -> frozenset[int]:
        return frozenset(car.km for car in self.cars)

    @property
    def years(self) -> frozenset[int]:
        return frozenset({car.year for car in self.stock.cars} | {self.year, self.year + 1})

    @property
    def years_said(self) -> frozenset[int]:
        return frozenset(int(year) for year in re.findall(r"\b(?:19|20)\d\d\b", self.said))


def facts_of(
    turn: Turn,
    cars: Iterable[Car],
    *,
    sums: frozenset[int] = frozenset(),
    quote: bool = False,
    ours: bool = False,
) -> Facts:
    return Facts(
        stock=turn.stock,
        showroom=turn.showroom,
        cars=tuple(cars),
        sums=sums,
        quoted=frozenset(found.value for found in amounts(turn.text)) if quote else frozenset(),
        said=skeleton(turn.text),
        people=frozenset(_people(turn)),
        year=turn.now.year,
        ours=ours,
    )


def _people(turn: Turn) -> Iterator[str]:
    """First name and surname of the customer and of those who sell."""
    names = [turn.customer_name, str(turn.memory.get("name", "")), *(person.name for person in turn.sales)]
    names += [turn.handler.name] if turn.handler else []
    for name in names:
        yield from skeleton(name).split()


def mask(seen: str, facts: Facts) -> str:
    """The text without what stands in a row word for word: an address or a feature explains itself."""
    for phrase in sorted(_phrases(facts), key=len, reverse=True):
        seen = seen.replace(phrase, MASK)
    return seen


def _phrases(facts: Facts) -> set[str]:
    """Worked out once per showroom and car, as long as their rows stand."""
    room = facts.showroom.derived.get(_PHRASES)
    if room is None:
        room = facts.showroom.derived[_PHRASES] = _tellable(_of_showroom(facts.showroom))
    by_car: dict[CarId, set[str]] = facts.stock.derived.setdefault(_PHRASES, {})
    told = set(room)
    for car in facts.cars:
        if car.id not in by_car:
            by_car[car.id] = _tellable(_of_car(car))
        told |= by_car[car.id]
    return told


def _of_showroom(room: Showroom) -> Iterator[str]:
    yield from (room.name, room.address, room.city)
    for week in (room.hours, *(branch.hours for branch in room.branches)):
        yield from (hours.replace(":", ".") for hours in week.values())
    for branch in room.branches:
        yield from (branch.name, branch.address, branch.city)
    for phone in (room.phone, room.whatsapp, *(branch.phone for branch in room.branches)):
        yield from (phone, phone_display(phone)) if phone else ()


def _of_car(car: Car) -> Iterator[str]:
    yield from (car.public_name, f"{car.brand} {car.model}", car.model, *car.features, car.branch or "")
    yield from (car.condition_notes, *car.condition_notes.split(","), texts.STATE[car.status])


def _tellable(told: Iterable[str]) -> set[str]:
    both = [form for phrase in told for form in (phrase, tidy(phrase))]
    phrases = {skeleton(" ".join(phrase.split())).strip() for phrase in both}
    return {phrase for phrase in phrases if len(phrase) >= 4 and any(ch.isalpha() or ch in ".-" for ch in phrase)}

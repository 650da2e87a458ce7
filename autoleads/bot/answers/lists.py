"""Several cars: listed, compared, paged, asked back about."""

import re
from collections.abc import Iterable

from autoleads.bot import texts
from autoleads.bot.answers import cars as write
from autoleads.bot.answers import properties
from autoleads.bot.answers.base import GAP, Draft, Scene, bubble, joined, recall
from autoleads.bot.answers.focus import listed
from autoleads.bot.understanding.base import Intent
from autoleads.bot.understanding.stockwords import stock_words
from autoleads.formats import rupiah
from autoleads.stock import Car
from autoleads.types import CarId

MOST_LISTED = 6
SHOWN_OF_MANY = 5
MOST_COMPARED = 4
_LEAST_OF_BUDGET = 0.65  # cars far below a budget come last
_BODIES = (
    (r"\b(?:[78]|tujuh|delapan)\s*(?:seater|kursi|penumpang|orang)|\bkeluarga|\bfamily|\bmudik|\bmpv\b", "mpv"),
    (r"\bsuv\b|\bjip\b|\bjeep\b", "suv"),
    (r"\bsedan\b", "sedan"),
    (r"\bhatchback|\bcity car|\bmobil kecil|\blcgc\b|\bmungil", "hatchback"),
    (r"\bpick ?up\b|\bbak\b|\bangkut barang", "pickup"),
)
COMPARES = r"\bbeda|banding|selisih|\bmending|bagus(?:an)? mana"


def several(scene: Scene, cars: tuple[Car, ...], *, opener: str | None = None) -> Draft:
    """All of them when few, the first ones and the way to the rest when many. Without `opener` how many there are."""
    if scene.focus.numbers:
        return _compared(scene, cars)
    cars = _in_budget(scene, _suited(scene, cars))
    few = len(cars) <= MOST_LISTED
    now = cars if few else cars[:SHOWN_OF_MANY]
    if not few:
        opener = scene.say(texts.SEVERAL_MANY, count=str(len(cars)), shown=str(len(now)))
    gap = _gap(scene, now)
    alternatives = scene.focus.alternatives[:2] if len(cars) <= MOST_COMPARED and not scene.focus.remembered else ()
    listing = joined(numbered(scene, now), gap and GAP, gap, *also(alternatives))
    replies = bubble(opener or counted(scene, len(cars)), GAP, listing)
    memory = {
        "listed": [car.display_code for car in now],
        "more": [car.display_code for car in cars[len(now) :]] or None,
        "car": None,
        "offer": None,
        "wish": None,
        "body": body_named(scene.text) or recall(scene.turn.memory, "body") or None,
    }
    return Draft(
        replies=replies,
        closing=scene.say(texts.CHOOSE if few else texts.CHOOSE_MORE),
        memory=memory,
        cars=(*now, *alternatives),
        amounts=frozenset({_difference(now)}) if gap else frozenset[int](),
        phrasable=True,
        listing=listing,
    )


def _compared(scene: Scene, cars: tuple[Car, ...]) -> Draft:
    """Some of a list side by side, with the numbers they have in it: the list stays what "3" is taken from."""
    pairs = zip(scene.focus.numbers, cars, strict=True)
    lines = apart(write.entry(number, car, cars) for number, car in pairs)
    gap = _gap(scene, cars)
    sums = frozenset({_difference(cars)}) if gap else frozenset[int]()
    listing = joined(lines, gap and GAP, gap)
    return Draft(
        replies=bubble(scene.say(texts.SEVERAL_COMPARE), GAP, listing),
        closing=scene.say(texts.CHOOSE),
        memory={"car": None, "offer": None},
        cars=cars,
        amounts=sums,
        phrasable=True,
        listing=listing,
    )


def _in_budget(scene: Scene, cars: tuple[Car, ...]) -> tuple[Car, ...]:
    """Of many that a budget allows, those near it first: nobody with 300 million asks for the cheapest."""
    said = scene.understanding.entities
    ceiling = said.budget or said.price_max
    if ceiling is None or said.price_min is not None or len(cars) <= MOST_LISTED:
        return cars
    return tuple(sorted(cars, key=lambda car: car.price_idr < ceiling * _LEAST_OF_BUDGET))


def body_named(text: str) -> str | None:
    return next((body for pattern, body in _BODIES if re.search(pattern, text)), None)


def body_asked(scene: Scene) -> frozenset[CarId]:
    """The available cars of the body that the message names ("7 seater", "mobil keluarga", "suv"); mostly empty."""
    said = scene.understanding.entities
    body = body_named(scene.text) or ("" if said.brand or said.model else recall(scene.turn.memory, "body"))
    entries = stock_words(scene.turn.stock).available if body else ()
    return frozenset(entry.car.id for entry in entries if entry.name and entry.name.body == body)


def _suited(scene: Scene, cars: tuple[Car, ...]) -> tuple[Car, ...]:
    """Only the body that was asked for when several have it, else those first, in the order they had."""
    fitting = body_asked(scene)
    suited = tuple(car for car in cars if car.id in fitting)
    return suited if len(suited) > 1 else tuple(sorted(cars, key=lambda car: car.id not in fitting))


def rows(scene: Scene, cars: tuple[Car, ...]) -> list[str]:
    """What was asked about a property, for each car of a list."""
    told = [properties.row(car, scene.text) for car in cars]
    nothing_known = len(set(told)) == 1 and properties.UNKNOWN in told[0]
    return told if all(told) and not nothing_known else []


def numbered(scene: Scene, cars: tuple[Car, ...]) -> str:
    """The cars with what sets them apart, or what was asked about each; only name and price when the customer
    has just seen the same list."""
    asked = rows(scene, cars) if scene.understanding.intent is Intent.CAR_DETAIL else []
    if asked:
        pairs = zip(enumerate(cars, 1), asked, strict=True)
        return apart(f"{write.short_entry(number, car)}\n{told}" for (number, car), told in pairs)
    seen = cars == listed(scene.turn.memory, scene.turn.stock)[: len(cars)] and not scene.has(COMPARES)
    if seen:
        return "\n".join(write.short_entry(number, car) for number, car in enumerate(cars, 1))
    return apart(write.entry(number, car, cars) for number, car in enumerate(cars, 1))


def apart(entries: Iterable[str]) -> str:
    """With an empty line between them: on a phone an entry takes four lines and more."""
    return "\n\n".join(entries)


def more(scene: Scene, cars: tuple[Car, ...]) -> Draft:
    """The next page of a long list; its numbers go on where the last page ended."""
    before = listed(scene.turn.memory, scene.turn.stock)
    now, rest = cars[:SHOWN_OF_MANY], cars[SHOWN_OF_MANY:]
    lines = apart(write.entry(number, car, now) for number, car in enumerate(now, len(before) + 1))
    memory = {
        "listed": [car.display_code for car in (*before, *now)],
        "more": [car.display_code for car in rest] or None,
        "car": None,
    }
    closing = scene.say(texts.CHOOSE_MORE if rest else texts.CHOOSE)
    return Draft(replies=bubble(lines), closing=closing, memory=memory, cars=now)


def _difference(cars: tuple[Car, ...]) -> int:
    return abs(cars[0].price_idr - cars[1].price_idr) if len(cars) == 2 else 0


def _gap(scene: Scene, cars: tuple[Car, ...]) -> str:
    gap = _difference(cars)
    if gap and scene.has(r"\bbeda|banding|selisih"):
        return texts.PRICE_GAP.format(gap=rupiah(gap))
    return ""


def also(cars: tuple[Car, ...]) -> list[str]:
    return [GAP, texts.ALSO, *(write.brief(car) for car in cars)] if cars else []


def counted(scene: Scene, count: int) -> str:
    if scene.has(COMPARES):
        return scene.say(texts.SEVERAL_COMPARE)
    if scene.understanding.intent is Intent.PRICE:
        return scene.say(texts.SEVERAL_PRICE, count=str(count))
    return scene.say(texts.SEVERAL, count=str(count))


def which(scene: Scene, ask: texts.Ways = texts.WHICH) -> Draft:
    """Asks which car is meant; the question it belongs to is kept until the customer has answered."""
    memory: dict[str, object] = {"pending": str(scene.understanding.intent)}
    known = scene.focus.cars or listed(scene.turn.memory, scene.turn.stock)
    if known:
        now = known[:MOST_LISTED]
        opener = scene.say(texts.WHICH_LISTED if ask is texts.WHICH else ask)
        codes = [car.display_code for car in now]
        memory |= {"listed": codes, "car": None}
        return Draft(replies=bubble(opener, GAP, numbered(scene, now)), memory=memory, cars=now)
    example = next(iter(sample(scene)), None)
    if example is None:
        return Draft(replies=bubble(texts.WHICH_EMPTY), memory=memory)
    return Draft(replies=bubble(scene.say(texts.WHICH, example=write.title(example))), memory=memory)


def sample(scene: Scene, most: int = SHOWN_OF_MANY) -> tuple[Car, ...]:
    """A few available cars, no two of the same model, spread over the prices."""
    first: dict[str, Car] = {}
    for car in sorted(scene.turn.stock.available, key=lambda car: car.price_idr):
        first.setdefault(car.model.split()[0].lower() if car.model else car.display_code, car)
    cars = list(first.values())
    spread = cars[:: max(1, len(cars) // most)][:most]
    rest = [car for car in scene.turn.stock.available if car not in spread]
    return tuple([*spread, *rest][:most])

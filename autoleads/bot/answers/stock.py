"""Answers about cars: search, detail, state, price."""

from dataclasses import replace

from autoleads.bot import texts
from autoleads.bot.answers import cars as write
from autoleads.bot.answers import handover, properties
from autoleads.bot.answers.base import GAP, Draft, Scene, bubble
from autoleads.bot.answers.focus import similar
from autoleads.bot.answers.lists import (
    COMPARES,
    MOST_COMPARED,
    SHOWN_OF_MANY,
    also,
    body_asked,
    numbered,
    rows,
    several,
    which,
)
from autoleads.bot.answers.missing import catalogue, gone, nothing
from autoleads.bot.guard_numbers import amounts
from autoleads.bot.understanding.base import Intent
from autoleads.formats import rupiah
from autoleads.stock import Car
from autoleads.types import CarStatus

_MOST_OTHERS = 4
_INTEREST = r"\btertarik\b|\bminat\b|\binterested\b"
_OTHER_ONES = r"\b(?:lain|lainnya|selain|mirip|sejenis|serupa|sekelas|alternatif|others?|similar)\b"
_CHEAPER = r"\blebih murah|\bkemahalan|\bcheaper\b"


def answer(scene: Scene) -> Draft:
    focus = scene.focus
    if focus.bad_number and focus.cars:
        return several(scene, focus.cars, opener=texts.BAD_NUMBER)
    if focus.cars is None:
        return _no_car_named(scene)
    if not focus.cars:
        return nothing(scene)
    if focus.one is None and focus.remembered and scene.understanding.intent is Intent.CAR_DETAIL:
        return _details(scene, focus.cars)
    if focus.one is None:
        return several(scene, focus.cars)
    return one(scene, focus.one)


def _details(scene: Scene, cars: tuple[Car, ...]) -> Draft:
    """A question about a list: compared, told for each, or asked back which one."""
    if scene.has(COMPARES):
        return several(scene, cars)
    told = [properties.asked(scene, car) for car in cars]
    if told[0].unknown and len({one.unknown for one in told}) == 1 and all(len(one.lines) == 1 for one in told):
        step, offer = _ask_person(scene)  # of none of them anything is known
        asked = replace(which(scene), closing=step).remembering(offer=offer)
        return asked.with_last(bubble(told[0].lines[0], GAP, numbered(scene, cars[:MOST_COMPARED]))[0].text)
    if len(cars) <= MOST_COMPARED and rows(scene, cars):
        return several(scene, cars, opener=scene.say(texts.SEVERAL_ASKED))
    return which(scene)


# -- one car


def one(scene: Scene, car: Car) -> Draft:
    if car.status is not CarStatus.AVAILABLE:
        return gone(scene, (car,))
    told = properties.asked(scene, car) if scene.understanding.intent is Intent.CAR_DETAIL else properties.Told()
    parts = _one_parts(scene, car, told)
    fresh = _fresh(scene, car)
    alternatives = scene.focus.alternatives[:2] if fresh else ()
    step, offer = _ask_person(scene) if told.unknown else next_step(scene, car)
    # Alternatives carry no numbers: "1" after a single card would be a guess.
    memory = {"car": car.display_code, "offer": offer, "offered": _offered(scene, car, offer)}
    replies = bubble(*parts, *also(alternatives))
    return Draft(replies=replies, closing=step, memory=memory, cars=(car, *alternatives), phrasable=True)


def _fresh(scene: Scene, car: Car) -> bool:
    return not (scene.focus.remembered or _known(scene, car))


def _one_parts(scene: Scene, car: Car, told: properties.Told) -> list[str]:
    intent = scene.understanding.intent
    fresh = _fresh(scene, car)
    body = write.card(car)
    if intent is Intent.PRICE:
        return _price_parts(scene, car, fresh)
    if intent is Intent.AVAILABILITY:
        return [scene.say(texts.AVAILABLE), body if fresh else _short(car)]
    if intent is Intent.CAR_DETAIL:
        if told and fresh:
            return [*told.lines, body]
        if told:
            return [write.title(car), *told.lines, _brief_state(car)]
        if scene.has(_INTEREST):
            return [scene.say(texts.INTEREST, title=write.title(car)), *_interest(scene, car)]
        return [scene.say(texts.DETAIL), body]
    opener = texts.CHOSEN if intent is Intent.SELECTION else texts.HERE_IS_ONE
    return [scene.say(opener), body]


def _brief_state(car: Car) -> str:
    return texts.STATE_BRIEF.format(state=write.state(car), price=rupiah(car.price_idr))


def _ask_person(scene: Scene) -> tuple[str, str | None]:
    return scene.say(texts.NEXT_ASK_PERSON, person=handover.person(scene)), Intent.HUMAN


def _interest(scene: Scene, car: Car) -> list[str]:
    """A price on the page that the customer came from may be older than the row."""
    quoted = {found.value for found in amounts(scene.turn.text)}
    outdated = quoted and car.price_idr not in quoted and scene.has(r"\b(?:se)?harga\b")
    way = texts.INTEREST_NEW_PRICE if outdated else texts.INTEREST_STATE
    state = way.format(state=write.state(car), price=rupiah(car.price_idr))
    return [state, *write.card(car).split("\n")[2:]]


def _price_parts(scene: Scene, car: Car, fresh: bool) -> list[str]:
    parts = [scene.say(texts.PRICE_ONE, title=write.title(car), price=rupiah(car.price_idr))]
    if scene.has(r"\botr\b|\bbbn\b|balik nama|surat"):
        parts.append(texts.PRICE_TERMS)
    parts.append(texts.STATE_TAIL.format(state=write.state(car), specs=write.specs(car)))
    if fresh:
        parts += write.card(car).split("\n")[3:]
    return parts


def _short(car: Car) -> str:
    return f"{write.title(car)} {rupiah(car.price_idr)}, {write.state(car)}, {write.specs(car)}"


def _known(scene: Scene, car: Car) -> bool:
    return scene.turn.memory.get("car") == car.display_code


def next_step(scene: Scene, car: Car) -> tuple[str, str | None]:
    """The closing question and what a bare "ya" to it means: what was not offered for this car yet."""
    if scene.has(_INTEREST) and not _known(scene, car):
        return scene.say(texts.NEXT_OPEN), None
    done = _offers(scene, car)
    memory = scene.turn.memory
    steps: list[tuple[Intent, texts.Ways, bool]] = [
        (Intent.PHOTOS, texts.NEXT_PHOTOS, bool(car.photos) and memory.get("photos_of") != car.display_code),
        (Intent.VISIT, texts.NEXT_VISIT, True),
        (Intent.CREDIT, texts.NEXT_CREDIT, memory.get("simulated") != car.display_code),
    ]
    for intent, ways, sensible in steps:
        if sensible and intent not in done:
            return scene.say(ways), intent
    return scene.say(texts.NEXT_HELP), None


def _offers(scene: Scene, car: Car) -> list[str]:
    """Steps offered for this car so far; memory keeps the code first."""
    kept = scene.turn.memory.get("offered")
    mine = isinstance(kept, list) and kept[:1] == [car.display_code]
    return [one for one in kept[1:] if isinstance(one, str)] if mine and isinstance(kept, list) else []


def _offered(scene: Scene, car: Car, offer: str | None) -> list[str]:
    return list(dict.fromkeys([car.display_code, *_offers(scene, car), *([str(offer)] if offer else [])]))


# -- no car named


def _no_car_named(scene: Scene) -> Draft:
    if scene.understanding.intent is Intent.CAR_SEARCH:
        return _others(scene) or catalogue(scene)
    asked = which(scene)
    if scene.understanding.intent is Intent.CAR_DETAIL and scene.has(properties.PLATE):
        return replace(asked, replies=bubble(texts.ASKED_PLATE, asked.replies[0].text))
    return asked


def _others(scene: Scene) -> Draft | None:
    """ "yang lain?" after one car: those nearest to it; "suv ada?": those; "yang murah aja": the cheapest there are."""
    car, stock = scene.car_before, scene.turn.stock
    if car is None and scene.has(_OTHER_ONES):
        car = stock.by_code(next(iter(_seen(scene)), ""))
    if car is not None and scene.has(_CHEAPER):
        cheaper = tuple(c for c in similar(stock, (car,), len(stock.available)) if c.price_idr < car.price_idr)
        return _listed(scene, cheaper[:_MOST_OTHERS], texts.SEVERAL_OTHERS)
    if car is not None and scene.has(_OTHER_ONES):
        return _listed(scene, similar(stock, (car,), _MOST_OTHERS), texts.SEVERAL_OTHERS)
    bodies = body_asked(scene)
    if bodies:
        return _listed(scene, _within_ceiling(scene, tuple(c for c in stock.available if c.id in bodies)))
    if scene.has(r"\bmurah|\bmurmer|\bcheap"):
        cheap = sorted(stock.available, key=lambda car: car.price_idr)[:SHOWN_OF_MANY]
        return _listed(scene, tuple(cheap), texts.SEVERAL_CHEAP)
    return None


def _listed(scene: Scene, cars: tuple[Car, ...], opener: texts.Ways | None = None) -> Draft | None:
    if len(cars) == 1:
        return one(scene, cars[0])
    return several(scene, cars, opener=scene.say(opener) if opener else None) if cars else None


def _seen(scene: Scene) -> list[str]:
    seen = scene.turn.memory.get("seen")
    return [code for code in seen if isinstance(code, str)] if isinstance(seen, list) else []


def _within_ceiling(scene: Scene, cars: tuple[Car, ...]) -> tuple[Car, ...]:
    """What a budget told earlier allows; all when it allows none."""
    ceiling = scene.turn.memory.get("ceiling")
    if not isinstance(ceiling, int) or isinstance(ceiling, bool):
        return cars
    return tuple(car for car in cars if car.price_idr <= ceiling) or cars

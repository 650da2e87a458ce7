"""Answers about cars: search, detail, state, price."""

from dataclasses import replace

from autoleads.bot import texts
from autoleads.bot.answers import cars as write
from autoleads.bot.answers import handover, properties
from autoleads.bot.answers.base import GAP, Draft, Scene, bubble
from autoleads.bot.answers.focus import listed, recommended, same_model, similar, within_ceiling
from autoleads.bot.answers.lists import (
    COMPARES,
    MOST_COMPARED,
    MOST_LISTED,
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
from autoleads.bot.understanding.base import Entities, Intent
from autoleads.formats import rupiah
from autoleads.stock import Car
from autoleads.types import CarStatus

_MOST_OTHERS = 4
_INTEREST = r"\btertarik\b|\bminat\b|\binterested\b"
_OTHER_ONES = r"\b(?:lain|lainnya|selain|mirip|sejenis|serupa|sekelas|alternatif|others?|similar)\b"
_PRICE_LIST = r"\bprice ?list|\bdaftar harga|\blist harga|\bsemua harga|\bharga semua"
_OTHER_COLOR = r"\bwarna(?:nya|ne)? (?:yang |yg )?lain|\bother colou?rs?\b"
_CHEAPER = r"\blebih murah|\bkemahalan|\bcheaper\b|\bdi ?bawah(?:nya| (?:itu|ini|segitu))"


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
    if len(cars) <= MOST_LISTED and rows(scene, cars):
        return several(scene, cars, opener=scene.say(texts.SEVERAL_ASKED))
    return which(scene)


# -- one car


def one(scene: Scene, car: Car) -> Draft:
    if car.status is not CarStatus.AVAILABLE:
        return gone(scene, (car,))
    if scene.has(_OTHER_COLOR) and not _fresh(scene, car):
        return _other_colors(scene, car)
    told = properties.asked(scene, car) if scene.understanding.intent is Intent.CAR_DETAIL else properties.Told()
    parts = _one_parts(scene, car, told)
    fresh = _fresh(scene, car)
    alternatives = scene.focus.alternatives[:2] if fresh else ()
    step, offer = _ask_person(scene) if told.unknown else next_step(scene, car)
    # Alternatives carry no numbers: "1" after a single card would be a guess.
    memory = {"car": car.display_code, "offer": offer, "offered": _offered(scene, car, offer)}
    replies = bubble(*parts, *also(alternatives))
    return Draft(replies=replies, closing=step, memory=memory, cars=(car, *alternatives), phrasable=True)


def _other_colors(scene: Scene, car: Car) -> Draft:
    """The same model in another colour, when there is one."""
    family = same_model(car, scene.turn.stock.available)
    others = tuple(one for one in family if one.color.split()[0] != car.color.split()[0])
    if others:
        return several(scene, others, opener=scene.say(texts.SEVERAL_OTHERS))
    step, offer = next_step(scene, car)
    only = texts.ONLY_COLOR.format(title=write.title(car), color=write.tidy(car.color).lower())
    memory = {"offer": offer, "offered": _offered(scene, car, offer)}
    return Draft(replies=bubble(only, _brief_state(car)), closing=step, memory=memory, cars=(car,))


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
            return [*told.lines, GAP, body]
        if told:
            return [write.title(car), *told.lines, _brief_state(car)]
        if scene.has(_INTEREST):
            return [scene.say(texts.INTEREST, title=write.title(car)), *_interest(scene, car)]
        return [scene.say(texts.RECOMMENDED if _advises(scene) else texts.DETAIL), body]
    if _advises(scene):
        return [scene.say(texts.RECOMMENDED), body]
    said = scene.understanding.entities
    if intent is Intent.CAR_SEARCH and scene.focus.remembered and said.said():
        return [scene.say(texts.CONFIRMED, title=write.title(car)), *_confirmed(car, said), _brief_state(car)]
    opener = texts.CHOSEN if intent is Intent.SELECTION else texts.HERE_IS_ONE
    return [scene.say(opener), body]


def _advises(scene: Scene) -> bool:
    return recommended(scene.understanding, listed(scene.turn.memory, scene.turn.stock)) is not None


def _confirmed(car: Car, said: Entities) -> list[str]:
    """ "2018 kah?": what was asked, from the row."""
    told = {
        "year": str(car.year) if said.year_min else "",
        "color": write.tidy(car.color).lower() if said.color else "",
        "transmission": car.transmission.lower() if said.transmission else "",
        "fuel": (car.fuel or "").lower() if said.fuel else "",
    }
    return [texts.ASKED[key].format(value=value) for key, value in told.items() if value]


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
    if scene.understanding.intent is Intent.PRICE and scene.has(_PRICE_LIST):
        return catalogue(scene)
    if scene.understanding.intent is Intent.CAR_SEARCH or (_general(scene) and body_asked(scene)):
        return _others(scene) or catalogue(scene)
    return which(scene)


def _general(scene: Scene) -> bool:
    """ "mobil keluarga yang irit apa ya" asks for a car, not about one."""
    memory = scene.turn.memory
    about_one = scene.understanding.intent is not Intent.CAR_DETAIL or memory.get("car") or memory.get("listed")
    return not about_one and scene.has(r"\bmobil\b")


def _others(scene: Scene) -> Draft | None:
    """ "yang lain?" after one car: those nearest to it; "suv ada?": those; "yang murah aja": the cheapest there are."""
    car, stock = scene.car_before, scene.turn.stock
    if car is None and scene.has(_OTHER_ONES):
        car = stock.by_code(next(iter(_seen(scene)), ""))
    if car is not None and scene.has(_CHEAPER):
        cheaper = tuple(c for c in similar(stock, (car,), len(stock.available)) if c.price_idr < car.price_idr)
        return _listed(scene, cheaper[:_MOST_OTHERS], texts.SEVERAL_OTHERS) or _cheapest_already(scene, car)
    if car is not None and scene.has(_OTHER_ONES):
        return _listed(scene, similar(stock, (car,), _MOST_OTHERS), texts.SEVERAL_OTHERS)
    bodies = body_asked(scene)
    if bodies:
        return _listed(scene, within_ceiling(scene.turn, tuple(c for c in stock.available if c.id in bodies)))
    if scene.has(r"\bmurah|\bmurmer|\bcheap"):
        cheap = sorted(stock.available, key=lambda car: car.price_idr)[:SHOWN_OF_MANY]
        return _listed(scene, tuple(cheap), texts.SEVERAL_CHEAP)
    return None


def _cheapest_already(scene: Scene, car: Car) -> Draft:
    step, offer = next_step(scene, car)
    text = texts.CHEAPEST_ALREADY.format(title=write.title(car), price=rupiah(car.price_idr))
    memory = {"car": car.display_code, "offer": offer, "offered": _offered(scene, car, offer)}
    return Draft(replies=bubble(text), closing=step, memory=memory, cars=(car,))


def _listed(scene: Scene, cars: tuple[Car, ...], opener: texts.Ways | None = None) -> Draft | None:
    if len(cars) == 1:
        return one(scene, cars[0])
    return several(scene, cars, opener=scene.say(opener) if opener else None) if cars else None


def _seen(scene: Scene) -> list[str]:
    seen = scene.turn.memory.get("seen")
    return [code for code in seen if isinstance(code, str)] if isinstance(seen, list) else []

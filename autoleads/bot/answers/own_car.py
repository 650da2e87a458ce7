"""The customer's own car: trade-in and sale. Its data are asked for once, its worth only a person can say."""

import re

from autoleads.bot import texts, texts_steps
from autoleads.bot.answers import cars as write
from autoleads.bot.answers import handover
from autoleads.bot.answers.base import GAP, Draft, Scene, bubble, canned
from autoleads.bot.answers.lists import numbered
from autoleads.bot.answers.steps import facts, name_question
from autoleads.bot.understanding.base import Intent
from autoleads.stock import Car
from autoleads.types import CarStatus

_MOST_CARS = 6
_PARTS: tuple[tuple[str, str], ...] = (
    ("tahun", r"\b(?:19[89]\d|20[0-3]\d)\b"),
    ("transmisi", r"\bmanual\b|\bmatic\b|\bmetik\b|\bmt\b|\bat\b|<at>|<mt>"),
    ("km", r"\bkm\b|kilometer"),
)
_OWN_DATA = r"\bkm\b|kilometer"
_OWN_STATE = r"\bpaj[ae]k|\btangan\b|\bserv[iy]s|\bsurat|\bstnk|\bbpkb|\bmulus|\bkondisi|\bwarna"
_ASKING = r"\?|\b(?:berapa|brp|kapan|gimana|gmn|bagaimana|apa|mana|bisa)\b"
_SEARCHES = r"\bcari\b|\bada\b|\bready\b|\bstok\b|\bmasih\b|\bono\b|\bgolek\b"


def trade_in(scene: Scene) -> Draft:
    if told(scene):
        return valuation(scene)
    said, focus = scene.understanding.entities, scene.focus
    named = said.model or said.display_code or said.selection
    car = focus.one if named or focus.remembered else None
    wanted = _wanted(scene, named=bool(named))
    lines = [texts_steps.TRADE_IN_MOTOR if scene.has(r"\bmotor\b") else scene.say(texts_steps.TRADE_IN)]
    memory: dict[str, object] = {"intake": "trade_in", "offer": None}
    if car is not None and scene.turn.memory.get("pending") == Intent.TRADE_IN and said.selection:
        return chosen(scene, car)
    if car is not None and car.status is CarStatus.AVAILABLE:
        lines.append(texts_steps.TRADE_IN_CAR.format(**facts(car)))
        memory["car"] = car.display_code
    elif car is not None:
        lines.append(scene.say(texts.BOOKED if car.status is CarStatus.BOOKING else texts.SOLD, title=write.title(car)))
    elif wanted:
        lines += [texts_steps.TRADE_IN_CARS, GAP, numbered(scene, wanted), GAP]
        memory |= {"listed": [one.display_code for one in wanted], "car": None, "pending": Intent.TRADE_IN}
    lines.append(texts_steps.VALUATION)
    closing, asks = _trade_in_question(scene, wanted)
    if asks is None:
        memory |= {"own_car_told": True, "own_car_asked": True}
    return Draft(
        replies=bubble(*lines),
        closing=closing,
        asks=asks,
        memory=memory,
        cars=wanted or ((car,) if car else ()),
    )


def _trade_in_question(scene: Scene, wanted: tuple[Car, ...]) -> tuple[str, str | None]:
    """The data of the own car are asked for, unless this message tells them already."""
    if re.search(_OWN_DATA, scene.text) and not _missing(scene):
        return scene.say(texts_steps.TRADE_IN_NUMBER if wanted else texts_steps.OWN_CAR_PHOTOS), None
    return scene.say(texts_steps.TRADE_IN_CHOOSE if wanted else texts_steps.OWN_CAR_ASK), "own_car"


def _wanted(scene: Scene, *, named: bool) -> tuple[Car, ...]:
    """The cars the customer may mean to get, when the message names a model of which several are there."""
    cars = scene.focus.cars or ()
    return cars[:_MOST_CARS] if named and len(cars) > 1 else ()


def sell_car(scene: Scene) -> Draft:
    if told(scene):
        return valuation(scene)
    draft = canned(
        scene.say(texts_steps.SELL),
        texts_steps.VALUATION,
        closing=scene.say(texts_steps.OWN_CAR_ASK),
        asks="own_car",
        memory={"intake": "sell_car", "offer": None},
    )
    return _taken_in(scene, draft) if _described(scene) else draft


def told(scene: Scene) -> bool:
    memory = scene.turn.memory
    return memory.get("own_car_told") is True and not scene.understanding.entities.said()


def valuation(scene: Scene) -> Draft:
    """What the own car is worth, asked again after its data were told: only a person can say."""
    closing, asks = name_question(scene)
    text = scene.say(texts_steps.OWN_CAR_VALUE, person=handover.person(scene))
    memory = {"offer": None}
    return Draft(
        replies=bubble(text), closing=closing, asks=asks, source="canned", person=True, person_said=True, memory=memory
    )


def tells(scene: Scene) -> bool:
    """Whether the message describes the own car that was asked for: it reads like a search for such a car."""
    memory, said = scene.turn.memory, scene.understanding.entities
    expected = memory.get("asked") == "own_car" or (memory.get("intake") and memory.get("own_car_told") is not True)
    states = memory.get("asked") == "own_car" and scene.has(_OWN_STATE) and not scene.has(_ASKING)
    described = said.model or said.year_min or said.km_max or said.transmission or states
    if not expected or not described or "?" in scene.turn.text or said.display_code or said.selection:
        return False
    return memory.get("asked") == "own_car" or (len(_missing(scene)) <= 1 and not scene.has(_SEARCHES))


def _described(scene: Scene) -> bool:
    return bool(scene.understanding.entities.model) and not _missing(scene)


def _missing(scene: Scene) -> list[str]:
    return [name for name, pattern in _PARTS if not re.search(pattern, scene.text)]


def data(scene: Scene) -> Draft:
    """What the customer tells of the own car is for the valuation: nothing of our stock is looked up."""
    return _taken_in(scene, canned(memory={"offer": None}))


def _taken_in(scene: Scene, draft: Draft) -> Draft:
    """Thanks for the data; asks for what is missing once, else for photos, else for the name."""
    noted = scene.say(texts_steps.OWN_CAR_NOTED, person=handover.person(scene))
    missing = _missing(scene)
    closing, asks = name_question(scene)
    if missing and scene.turn.memory.get("own_car_asked") is not True:
        closing, asks = scene.say(texts_steps.OWN_CAR_MORE, missing=" dan ".join(missing)), "own_car"
    elif not closing and scene.turn.memory.get("own_car_photo") is not True:
        closing, asks = scene.say(texts_steps.OWN_CAR_PHOTOS), None
    memory = {**draft.memory, "own_car_told": True, "own_car_asked": True}
    memory.setdefault("intake", scene.turn.memory.get("intake") or "sell_car")
    return Draft(
        replies=bubble(noted), closing=closing, asks=asks, source="canned", person=True, person_said=True, memory=memory
    )


def chosen(scene: Scene, car: Car) -> Draft:
    """Which car the customer wants for the own one, after a list was shown."""
    text = scene.say(texts_steps.TRADE_IN_CHOSEN, **facts(car))
    known = scene.turn.memory.get("own_car_told") is True
    closing, asks = name_question(scene) if known else (scene.say(texts_steps.OWN_CAR_ASK), "own_car")
    if known and not closing and scene.turn.memory.get("own_car_photo") is not True:
        closing = scene.say(texts_steps.OWN_CAR_PHOTOS)
    memory = {"car": car.display_code, "intake": "trade_in", "offer": None}
    return Draft(replies=bubble(text), closing=closing, asks=asks, memory=memory, cars=(car,))

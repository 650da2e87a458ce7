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
_OWN = "own_car"
_BRIEF = 6  # words
_VAGUE = frozenset({Intent.OTHER, Intent.CAR_DETAIL, Intent.CAR_SEARCH})
_POLITE = (
    r"^\W*(?:ya+|iya+|ok\w*|siap|sip|tidak|nggak|gak|ga|ndak|halo|hai|nggih|kak|min|gan|bot|mas|pak|bu|"
    r"(?:wk)+w?|(?:ha)+h?|(?:he)+h?)\b"
)
_PARTS: tuple[tuple[str, str], ...] = (
    ("tahunnya", r"\b(?:19[89]\d|20[0-3]\d)\b"),
    ("transmisinya", r"\bmanual\b|\bmatic\b|\bmetik\b|\bmt\b|\bat\b|<at>|<mt>"),
    ("km-nya", r"\bkm\b|kilometer"),
)
_OWN_DATA = r"\bkm\b|kilometer"
_OWN_STATE = r"\bpaj[ae]k|\btangan\b|\bserv[iy]s|\bsurat|\bstnk|\bbpkb|\bmulus|\bkondisi|\bwarna"
_WORTH = r"\bkir[ao][ -]?kir[ao]|\bkira2|\bkiro2|\bdihargai|\bdiregani|\blaku\b|\bpayu\b|\btaksir|\bnilai(?:nya)?\b"
_ABOUT_IT = (
    r"\bmobil(?:ku| saya| aku| gue| gw)\b|\batas nama\b|"
    r"\b(?:dicek|ditaksir|diinspeksi|dinilai|didatangi|dijemput)\b"
)
_PHOTOS_LATER = r"\b(?:nanti|ntar|mangke|mengko|besok|sesuk|nyusul|menyusul)\b|\b(?:saya|aku|kulo|tak) foto"
_AFTER_TRADE = re.compile(r"\b(?:tukar tambah|tt|tukar|trade ?in|barter)\b(.*)", re.DOTALL)
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
    memory["about"] = _OWN
    closing, asks = _trade_in_question(scene, wanted)
    if asks is None:
        memory |= {"own_car_told": True, "own_car_asked": True}
    if asks == "own_car" and closing not in texts_steps.OWN_CAR_ASK + texts_steps.TRADE_IN_CHOOSE:
        memory["own_car_asked"] = True
    return Draft(
        replies=bubble(*lines),
        closing=closing,
        asks=asks,
        memory=memory,
        cars=wanted or ((car,) if car else ()),
    )


def _trade_in_question(scene: Scene, wanted: tuple[Car, ...]) -> tuple[str, str | None]:
    """The data of the own car are asked for, unless they are told already, now or before."""
    if scene.turn.memory.get("own_car_told") is True:
        closing, asks = (scene.say(texts_steps.TRADE_IN_NUMBER), None) if wanted else name_question(scene)
        photos = "" if scene.turn.memory.get("own_car_photo") is True else scene.say(texts_steps.OWN_CAR_PHOTOS)
        return closing or photos, asks
    behind = _AFTER_TRADE.search(scene.turn.text.lower())
    if behind and not wanted and re.search(_PARTS[0][1], behind[1]):
        left = [name for name, pattern in _PARTS if not re.search(pattern, behind[1])]
        if left:  # "tukar tambah Terios 2015": its make and year are known
            return scene.say(texts_steps.OWN_CAR_MORE, missing=_and(left)), "own_car"
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
        memory={"intake": "sell_car", "offer": None, "about": _OWN},
    )
    return _taken_in(scene, draft) if _described(scene) else draft


def told(scene: Scene) -> bool:
    memory = scene.turn.memory
    return memory.get("own_car_told") is True and not scene.understanding.entities.said()


def valuation(scene: Scene) -> Draft:
    """What the own car is worth, asked again after its data were told: only a person can say."""
    closing, asks = name_question(scene)
    text = scene.say(texts_steps.OWN_CAR_VALUE, person=handover.person(scene))
    memory = {"offer": None, "about": _OWN}
    return Draft(
        replies=bubble(text), closing=closing, asks=asks, source="canned", person=True, person_said=True, memory=memory
    )


def goes_on(scene: Scene) -> Draft | None:
    """What is said right after the own car was talked about and names none of ours: for who values it."""
    said, intent = scene.understanding.entities, scene.understanding.intent
    if scene.turn.memory.get("about") != _OWN or scene.upset:
        return None
    if said.model or said.display_code or said.selection or said.name or scene.has(_SEARCHES):
        return None
    if scene.has(_WORTH) and intent in _VAGUE | {Intent.PRICE, Intent.AVAILABILITY}:
        return valuation(scene)
    if intent is Intent.PHOTOS and scene.has(_PHOTOS_LATER):
        return _passed_on(texts_steps.OWN_CAR_PHOTOS_LATER, scene)
    own = scene.has(_ABOUT_IT) and intent in _VAGUE | {Intent.VISIT, Intent.AVAILABILITY}
    brief = len(scene.turn.text.split()) <= _BRIEF and not scene.has(_POLITE) and intent in _VAGUE
    stated = brief and not said.year_min and (scene.focus.cars is None or bool(said.price_max))
    if own or (stated and scene.turn.text.strip(" ?!.")):
        asks = "?" in scene.turn.text or scene.has(_ASKING)
        return _passed_on(texts_steps.OWN_CAR_QUESTION if asks else texts_steps.OWN_CAR_ADDED, scene)
    return None


def _passed_on(ways: texts.Ways, scene: Scene) -> Draft:
    text = scene.say(ways, person=handover.person(scene))
    memory = {"offer": None, "about": _OWN}
    return Draft(replies=bubble(text), source="canned", person_said=True, memory=memory)


def tells(scene: Scene) -> bool:
    """Whether the message describes the own car that was asked for: it reads like a search for such a car."""
    memory, said = scene.turn.memory, scene.understanding.entities
    expected = memory.get("asked") == "own_car" or (memory.get("intake") and memory.get("own_car_told") is not True)
    named = said.model or said.display_code or said.selection
    if memory.get("about") == _OWN and not named and scene.has(_OWN_STATE) and not scene.has(f"{_ASKING}|{_SEARCHES}"):
        return True  # one more thing of it, behind the first
    states = memory.get("asked") == "own_car" and scene.has(_OWN_STATE) and not scene.has(_ASKING)
    described = said.model or said.year_min or said.km_max or said.transmission or states
    if scene.understanding.intent is Intent.TRADE_IN and len(_missing(scene)) == len(_PARTS):
        return False  # "mau ke hrv": the wanted car
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
    more = scene.turn.memory.get("own_car_told") is True
    noted = scene.say(texts_steps.OWN_CAR_ADDED if more else texts_steps.OWN_CAR_NOTED, person=handover.person(scene))
    missing = _missing(scene)
    closing, asks = name_question(scene)
    if missing and scene.turn.memory.get("own_car_asked") is not True:
        closing, asks = (
            scene.say(texts_steps.OWN_CAR_MORE, missing=_and(missing)),
            "own_car",
        )
    elif not closing and not more and scene.turn.memory.get("own_car_photo") is not True:
        closing, asks = scene.say(texts_steps.OWN_CAR_PHOTOS), None
    memory = {**draft.memory, "own_car_told": True, "own_car_asked": True, "about": _OWN}
    memory.setdefault("intake", scene.turn.memory.get("intake") or "sell_car")
    return Draft(
        replies=bubble(noted), closing=closing, asks=asks, source="canned", person=True, person_said=True, memory=memory
    )


def _and(names: list[str]) -> str:
    return " dan ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]


def chosen(scene: Scene, car: Car) -> Draft:
    """Which car the customer wants for the own one, after a list was shown."""
    text = scene.say(texts_steps.TRADE_IN_CHOSEN, **facts(car))
    known = scene.turn.memory.get("own_car_told") is True
    closing, asks = name_question(scene) if known else (scene.say(texts_steps.OWN_CAR_ASK), "own_car")
    if known and not closing and scene.turn.memory.get("own_car_photo") is not True:
        closing = scene.say(texts_steps.OWN_CAR_PHOTOS)
    memory = {"car": car.display_code, "intake": "trade_in", "offer": None, "about": _OWN}
    return Draft(replies=bubble(text), closing=closing, asks=asks, memory=memory, cars=(car,))

"""Visits, appointments and test drives: when it is open, where the car stands, who waits."""

import re
from datetime import datetime

from autoleads.bot import hours, texts_steps
from autoleads.bot.answers import cars as write
from autoleads.bot.answers import handover
from autoleads.bot.answers.base import GAP, Draft, Scene, bubble
from autoleads.bot.answers.lists import numbered
from autoleads.bot.answers.missing import gone
from autoleads.bot.answers.steps import hot_without_car, name_question
from autoleads.bot.turn import Branch
from autoleads.formats import rupiah
from autoleads.stock import Car
from autoleads.types import CarStatus

_MOST_CARS = 5
_HOLD_VISIT = r"jangan (?:di)?(?:keluar|jual|lepas)|jgn (?:di)?(?:keluar|jual|lepas)|\bkeep\b|siap(?:k|i)"
_CLOCK = re.compile(r"\b(?:jam|pukul|jm|at)\s*\d|<time>")
_PART_OF_DAY = re.compile(r"\b(?:pagi|siang|sore|malam|weekend|akhir pekan)\b")
_TEST_DRIVE = r"tes(?:t)? ?drive|testdrive|nyoba|\bcoba\b"


def visit(scene: Scene) -> Draft:
    car = scene.focus.one
    if car is not None and car.status is not CarStatus.AVAILABLE:
        return gone(scene, (car,))
    if scene.focus.cars == ():
        return hot_without_car(scene, "")
    cars = (car,) if car else (scene.focus.cars or ())[:_MOST_CARS]
    lines = [_opener(scene, car)]
    if car is not None and not _seen(scene, car):
        lines.append(texts_steps.VISIT_PRICE.format(state=write.state(car), price=rupiah(car.price_idr)))
    elif car is None and cars:
        lines += [GAP, numbered(scene, cars), GAP]
    if scene.has(r"mekanik|montir"):
        lines.append(texts_steps.VISIT_MECHANIC)
    told, day_known = day_line(scene, _hours_of(scene, car))
    lines += [told, *(texts_steps.VISIT_PLACE.format(place=place) for place in _places(scene, cars))]
    if scene.has(_HOLD_VISIT):
        lines.append(texts_steps.VISIT_NO_HOLD)
    closing, asks = _closing(scene, car, day_known=day_known)
    memory: dict[str, object] = {"offer": None}
    if day_known:
        memory["planned"] = "hour" if _CLOCK.search(scene.text) else "day"
    memory |= {"car": car.display_code} if car else {"listed": [one.display_code for one in cars] or None}
    if car is None and len(cars) > 1:
        memory["pending"] = "visit"
    return Draft(replies=bubble(*lines), closing=closing, asks=asks, memory=memory, cars=cars)


def _closing(scene: Scene, car: Car | None, *, day_known: bool) -> tuple[str, str | None]:
    """One question: which car, when, at what time, or who comes."""
    if car is None and scene.focus.cars:
        return scene.say(texts_steps.VISIT_ASK_NUMBER), None
    planned = scene.turn.memory.get("planned")
    if not day_known and not planned:
        return scene.say(texts_steps.VISIT_ASK), "visit"
    if car is None:
        return scene.say(texts_steps.VISIT_ASK_CAR), None
    if planned != "hour" and not _CLOCK.search(scene.text) and scene.turn.memory.get("asked") != "visit":
        return scene.say(texts_steps.VISIT_ASK_HOUR), "visit"
    closing, asks = name_question(scene)
    return closing or scene.say(texts_steps.VISIT_END), asks


def _seen(scene: Scene, car: Car) -> bool:
    """Whether the last answer already was about this visit."""
    return scene.turn.memory.get("asked") == "visit" and scene.turn.memory.get("car") == car.display_code


def names_time(text: str, now: datetime) -> bool:
    lowered = text.lower()
    named = _CLOCK.search(lowered) or _PART_OF_DAY.search(lowered)
    return hours.day_asked(text, now) is not None or named is not None


def _opener(scene: Scene, car: Car | None) -> str:
    test = scene.has(_TEST_DRIVE)
    if scene.turn.memory.get("asked") == "visit" and not test:
        return scene.say(texts_steps.VISIT_NOTED)
    if car is None:
        return scene.say(texts_steps.VISIT_TEST_PLAIN if test else texts_steps.VISIT)
    if test:
        return scene.say(texts_steps.VISIT_TEST, title=write.title(car), person=handover.person(scene))
    return scene.say(texts_steps.VISIT_CAR, title=write.title(car))


def branch_of(scene: Scene, car: Car | None) -> Branch | None:
    return handover.branch_with(scene, car.branch_id) if car else None


def _places(scene: Scene, cars: tuple[Car, ...]) -> list[str]:
    """Where the cars stand; without one, every branch."""
    room = scene.turn.showroom
    branches = [branch for branch in room.branches if not cars or any(car.branch_id == branch.id for car in cars)]
    addressed = [f"{branch.name}, {branch.address}" for branch in branches if branch.address]
    if addressed and (cars or len(room.branches) > 1):
        return addressed
    return [room.address] if room.address else []


def _hours_of(scene: Scene, car: Car | None) -> hours.Hours:
    branch = branch_of(scene, car)
    return branch.hours if branch and branch.hours else scene.turn.showroom.hours


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def day_line(scene: Scene, week: hours.Hours) -> tuple[str, bool]:
    """Whether the showroom is open on the day the customer named, and whether one was named."""
    day = hours.day_asked(scene.text, scene.now)
    if day is None or hours.state(week, scene.now) is None:
        return "" if scene.turn.memory.get("planned") else ", ".join(hours.week(week)), day is not None
    said = capital(hours.day_said(day, scene.now))
    span = hours.span(week, day.weekday())
    if span:
        return texts_steps.VISIT_DAY_OPEN.format(day=said, hours=str(span)), True
    later = hours.next_opening(week, scene.now.replace(year=day.year, month=day.month, day=day.day, hour=23, minute=59))
    when = hours.opening_said(later, scene.now) if later else ""
    return texts_steps.VISIT_DAY_CLOSED.format(day=said, when=when), True

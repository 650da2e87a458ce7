"""Visits, appointments and test drives: when it is open, where the car stands, who waits."""

import re
from datetime import date, datetime, time

from autoleads import hours
from autoleads.bot import texts_steps
from autoleads.bot.answers import cars as write
from autoleads.bot.answers import handover
from autoleads.bot.answers.base import GAP, Draft, Scene, bubble, recall
from autoleads.bot.answers.lists import numbered
from autoleads.bot.answers.missing import gone
from autoleads.bot.answers.steps import hot_without_car, name_question
from autoleads.bot.turn import Branch
from autoleads.bot.understanding import days
from autoleads.formats import rupiah
from autoleads.stock import Car
from autoleads.types import CarStatus

_MOST_CARS = 5
_HOLD_VISIT = r"jangan (?:di)?(?:keluar|jual|lepas)|jgn (?:di)?(?:keluar|jual|lepas)|\bkeep\b|siap(?:k|i)"
_CLOCK = re.compile(r"\b(?:jam|pukul|jm|at)\s*\d|<time>")
_HOUR = re.compile(r"\b(?:jam|pukul|jm|at)\s*(\d{1,2})(?:[.:]([0-5]\d))?\s*(pagi|siang|sore|malam|malem|pm|am)?\b")
_AFTER_NOON = frozenset({"siang", "sore", "malam", "malem", "pm"})
_NOON, _EARLIEST, _DAY_HOURS = 12, 7, 24  # "jam 2" is in the afternoon; nobody comes before seven
_PART_OF_DAY = re.compile(r"\b(?:pagi|siang|sore|malam|weekend|akhir pekan)\b")
_TEST_DRIVE = r"tes(?:t)? ?drive|testdrive|nyoba|\bcoba\b"


def visit(scene: Scene) -> Draft:
    car = scene.focus.one
    if car is not None and car.status is not CarStatus.AVAILABLE:
        return gone(scene, (car,))
    if scene.focus.cars == ():
        return hot_without_car(scene, "")
    cars = (car,) if car else (scene.focus.cars or ())[:_MOST_CARS]
    shut = _shut(scene, _hours_of(scene, car))
    lines = [shut or _opener(scene, car)]
    if car is not None and not shut and not _seen(scene, car):
        lines.append(texts_steps.VISIT_PRICE.format(state=write.state(car), price=rupiah(car.price_idr)))
    elif car is None and cars:
        lines += [GAP, numbered(scene, cars), GAP]
    if scene.has(r"mekanik|montir"):
        lines.append(texts_steps.VISIT_MECHANIC)
    told, day_known = day_line(scene, _hours_of(scene, car))
    lines += ["" if shut else told, *(texts_steps.VISIT_PLACE.format(place=place) for place in _places(scene, cars))]
    if scene.has(_HOLD_VISIT):
        lines.append(texts_steps.VISIT_NO_HOLD)
    closing, asks = _closing(scene, car, day_known=day_known)
    if _outside(scene, _hours_of(scene, car)):
        lines[0] = texts_steps.VISIT_HOUR_CLOSED
        closing, asks = scene.say(texts_steps.VISIT_ASK_HOUR), "visit"
    memory: dict[str, object] = {"offer": None}
    if shut:
        closing, asks = scene.say(texts_steps.VISIT_ASK_OTHER_DAY), "visit"
        memory |= {"planned": None, "planned_on": None}
    elif day_known:
        day = _day(scene)
        hour_set = _hour_known(scene) and not _outside(scene, _hours_of(scene, car))
        memory |= {"planned": "hour" if hour_set else "day", "planned_on": day.isoformat() if day else None}
    memory |= {"car": car.display_code} if car else {"listed": [one.display_code for one in cars] or None}
    if car is None and len(cars) > 1:
        memory["pending"] = "visit"
    return Draft(replies=bubble(*lines), closing=closing, asks=asks, memory=memory, cars=cars)


def _closing(scene: Scene, car: Car | None, *, day_known: bool) -> tuple[str, str | None]:
    """One question: which car, when, at what time, or who comes."""
    if car is None and scene.focus.cars:
        return scene.say(texts_steps.VISIT_ASK_NUMBER), None
    if not day_known:
        return scene.say(texts_steps.VISIT_ASK_DAY if _CLOCK.search(scene.text) else texts_steps.VISIT_ASK), "visit"
    if car is None and not scene.turn.memory.get("intake"):
        return scene.say(texts_steps.VISIT_ASK_CAR), None
    if not _hour_known(scene) and scene.turn.memory.get("asked") != "visit":
        return scene.say(texts_steps.VISIT_ASK_HOUR), "visit"
    closing, asks = name_question(scene)
    return closing or scene.say(texts_steps.VISIT_END), asks


def _seen(scene: Scene, car: Car) -> bool:
    """Whether the last answer already was about this visit."""
    return scene.turn.memory.get("asked") == "visit" and scene.turn.memory.get("car") == car.display_code


def names_time(text: str, now: datetime) -> bool:
    lowered = text.lower()
    named = _CLOCK.search(lowered) or _PART_OF_DAY.search(lowered)
    return days.day_asked(text, now) is not None or named is not None


def _shut(scene: Scene, week: hours.Hours) -> str:
    """What is said instead of a welcome when nobody is there on the day that was named; else nothing."""
    day = _day(scene)
    if day is None or hours.state(week, scene.now) is None or hours.span(week, day.weekday()):
        return ""
    later = hours.next_opening(week, scene.now.replace(year=day.year, month=day.month, day=day.day, hour=23, minute=59))
    name = hours.DAY_NAMES[day.weekday()]
    said = hours.day_said(day, scene.now)
    if said == "hari ini" and scene.has(rf"\b{name.lower()}\b"):
        said = f"hari ini ({name})"
    when = hours.opening_said(later, scene.now) if later else ""
    return texts_steps.VISIT_DAY_CLOSED.format(day=said, when=when)


def _opener(scene: Scene, car: Car | None) -> str:
    test = scene.has(_TEST_DRIVE)
    if scene.turn.memory.get("asked") == "visit" and not test and _day(scene) is not None:
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


def _outside(scene: Scene, week: hours.Hours) -> bool:
    """Whether the hour that was named is one at which nobody is there on that day."""
    match, day = _HOUR.search(scene.text), _day(scene)
    span = hours.span(week, day.weekday()) if day else None
    if match is None or span is None:
        return False
    hour, part = int(match[1]), match[3] or ""
    if hour < _NOON and (part in _AFTER_NOON or (not part and hour < _EARLIEST)):
        hour += _NOON
    return hour < _DAY_HOURS and not span.opens <= time(hour, int(match[2] or 0)) < span.closes


def _hour_known(scene: Scene) -> bool:
    return _CLOCK.search(scene.text) is not None or scene.turn.memory.get("planned") == "hour"


def _day(scene: Scene) -> date | None:
    """The day the customer named, now or when the visit was planned."""
    named = days.day_asked(scene.text, scene.now)
    if named is not None:
        return named
    try:
        planned = date.fromisoformat(recall(scene.turn.memory, "planned_on"))
    except ValueError:
        return None
    return planned if planned >= scene.now.date() else None


def day_line(scene: Scene, week: hours.Hours) -> tuple[str, bool]:
    """Whether the showroom is open on the day the customer named, and whether one was named."""
    day = _day(scene)
    if day is None or hours.state(week, scene.now) is None:
        return ", ".join(hours.week(week)), day is not None
    said = capital(hours.day_said(day, scene.now))
    span = hours.span(week, day.weekday())
    if span:
        return texts_steps.VISIT_DAY_OPEN.format(day=said, hours=str(span)), True
    return _shut(scene, week), True

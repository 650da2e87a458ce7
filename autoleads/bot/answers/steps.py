"""Next steps: negotiation, visit, trade-in, selling, a person, photos. Most bring in a salesperson."""

import re
from datetime import datetime

from autoleads.bot import hours, texts
from autoleads.bot.answers import cars as write
from autoleads.bot.answers.base import Draft, Scene, bubble, canned, handover
from autoleads.bot.answers.stock import gone, nothing, which
from autoleads.bot.turn import Branch, Reply
from autoleads.bot.understanding.base import Intent
from autoleads.formats import phone_display, rupiah
from autoleads.stock import Car
from autoleads.types import CarStatus

_MOST_PHOTOS = 5
_MOST_ASKED = 2
_HOLD = (
    r"\bsimpan|\bdisimp|(?:jangan|jgn) (?:di)?(?:jual|lepas)|\bbooking\b|\bboking\b|\bkeep\b|tanda jadi|"
    r"\bdp tanda\b|\bhold\b|\breserve"
)
_ELSEWHERE = r"\bsebelah\b|tempat lain|showroom lain"  # what others ask is no offer
_HOLD_VISIT = r"jangan (?:di)?(?:keluar|jual|lepas)|jgn (?:di)?(?:keluar|jual|lepas)|\bkeep\b|siap(?:k|i)"
_TIME = re.compile(r"\b(?:jam|pukul|jm)\s*\d|\b(?:pagi|siang|sore|malam|weekend|akhir pekan)\b")
_OWN_PHOTO = r"\bini (?:dia )?foto|\bfoto(?:nya)? mobil(?:ku| saya)|\bsaya kirim"
_TEST_DRIVE = r"tes(?:t)? ?drive|testdrive|nyoba|\bcoba\b"


def negotiation(scene: Scene) -> Draft:
    car = scene.focus.one
    help_line = handover(scene)
    if car is None:
        return _hot_without_car(scene, _plain_negotiation(scene), help_line)
    if car.status is not CarStatus.AVAILABLE:
        return gone(scene, (car,))
    facts = {"title": write.title(car), "price": rupiah(car.price_idr), "state": write.state(car)}
    offer = None if scene.has(_ELSEWHERE) else scene.understanding.entities.budget
    lines = [texts.NEGOTIATION_HOLD.format(**facts) if scene.has(_HOLD) else scene.say(texts.NEGOTIATION, **facts)]
    if offer:
        lines.append(scene.say(texts.NEGOTIATION_OFFER, offer=rupiah(offer), **facts))
    replies = bubble(*lines, help_line, _ask_name(scene))
    amounts = frozenset({offer}) if offer else frozenset[int]()
    return Draft(replies=replies, memory={"car": car.display_code, "offer": None}, cars=(car,), amounts=amounts)


def _plain_negotiation(scene: Scene) -> str:
    return texts.NEGOTIATION_HOLD_PLAIN if scene.has(_HOLD) else scene.say(texts.NEGOTIATION_PLAIN)


def _hot_without_car(scene: Scene, opener: str, help_line: str) -> Draft:
    """A hot wish about several cars or none: a person helps all the same, and which car is asked for."""
    known = scene.focus.cars
    if known:
        asked = which(scene, texts.ASK_CAR)
        text = f"{opener} {help_line}\n\n{asked.replies[0].text}"
        return Draft(replies=bubble(text), memory={**asked.memory, "pending": None}, cars=asked.cars)
    if known is not None:  # named, and nothing fits
        empty = nothing(scene)
        return Draft(replies=bubble(empty.replies[0].text, help_line), memory=empty.memory, cars=empty.cars)
    return Draft(replies=bubble(opener, help_line, scene.say(texts.ASK_CAR)), memory={"offer": None})


def _ask_name(scene: Scene) -> str:
    """The name is asked for twice at most, and never twice in a row."""
    memory = scene.turn.memory
    asked = memory.get("name_asked")
    enough = memory.get("asked") == "name" or (isinstance(asked, int) and asked >= _MOST_ASKED)
    return scene.say(texts.ASK_NAME) if scene.name == "Kak" and not enough else ""


def human(scene: Scene) -> Draft:
    state = scene.open_state
    phone = scene.turn.showroom.phone or scene.turn.showroom.whatsapp
    call = texts.HUMAN_PHONE.format(phone=phone_display(phone)) if phone and (state is None or state.open) else ""
    return Draft(
        replies=bubble(scene.say(texts.HUMAN), handover(scene), call, _ask_name(scene)),
        memory={"offer": None},
    )


# -- visits


def visit(scene: Scene) -> Draft:
    car = scene.focus.one
    if car is not None and car.status is not CarStatus.AVAILABLE:
        return gone(scene, (car,))
    if scene.focus.cars == ():
        return _hot_without_car(scene, "", handover(scene))
    test = scene.has(_TEST_DRIVE)
    lines = [_visit_opener(scene, car, test=test)]
    if car is not None:
        lines.append(texts.VISIT_PRICE.format(state=write.state(car), price=rupiah(car.price_idr)))
    elif scene.focus.cars:
        lines += [f"• *{write.title(c)}* {rupiah(c.price_idr)}, {write.state(c)}" for c in scene.focus.cars[:5]]
    if scene.has(r"mekanik|montir"):
        lines.append(texts.VISIT_MECHANIC)
    day_line, day_known = _day_line(scene, _hours_of(scene, car))
    lines += [day_line, *(texts.VISIT_PLACE.format(place=place) for place in _places(scene, car))]
    if scene.has(_HOLD_VISIT):
        lines.append(texts.VISIT_NO_HOLD)
    lines.append(handover(scene))
    if not day_known:
        lines.append(scene.say(texts.VISIT_ASK))
    else:
        lines.append(_ask_name(scene) if scene.focus.cars else scene.say(texts.VISIT_ASK_CAR))
    memory = {"offer": None} | ({"car": car.display_code} if car else {})
    cars = (car,) if car else (scene.focus.cars or ())[:5]
    return Draft(replies=bubble(*lines), memory=memory, cars=cars)


def names_time(text: str, now: datetime) -> bool:
    return hours.day_asked(text, now) is not None or _TIME.search(text.lower()) is not None


def _visit_opener(scene: Scene, car: Car | None, *, test: bool) -> str:
    if scene.turn.memory.get("asked") == "visit":
        return scene.say(texts.VISIT_NOTED)
    if car is None:
        return scene.say(texts.VISIT_TEST_PLAIN if test else texts.VISIT)
    return scene.say(texts.VISIT_TEST if test else texts.VISIT_CAR, title=write.title(car))


def branch_of(scene: Scene, car: Car | None) -> Branch | None:
    if car is None:
        return None
    return next((branch for branch in scene.turn.showroom.branches if branch.id == car.branch_id), None)


def _places(scene: Scene, car: Car | None) -> list[str]:
    """Where the car stands; without one, every branch."""
    branch, room = branch_of(scene, car), scene.turn.showroom
    if branch and branch.address:
        return [f"{branch.name}, {branch.address}"]
    if car is None and len(room.branches) > 1:
        return [f"{one.name}, {one.address}" for one in room.branches if one.address]
    return [room.address] if room.address else []


def _hours_of(scene: Scene, car: Car | None) -> hours.Hours:
    branch = branch_of(scene, car)
    return branch.hours if branch and branch.hours else scene.turn.showroom.hours


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _day_line(scene: Scene, week: hours.Hours) -> tuple[str, bool]:
    """Whether the showroom is open on the day the customer named, and whether one was named."""
    day = hours.day_asked(scene.text, scene.now)
    if day is None or hours.state(week, scene.now) is None:
        return ", ".join(hours.week(week)), day is not None
    said = capital(hours.day_said(day, scene.now))
    span = hours.span(week, day.weekday())
    if span:
        return texts.VISIT_DAY_OPEN.format(day=said, hours=str(span)), True
    later = hours.next_opening(week, scene.now.replace(year=day.year, month=day.month, day=day.day, hour=23, minute=59))
    when = hours.opening_said(later, scene.now) if later else ""
    return texts.VISIT_DAY_CLOSED.format(day=said, when=when), True


# -- the customer's own car


def valuation(scene: Scene) -> Draft:
    """What the own car is worth, asked again after its data were told: only a person can say."""
    return canned(scene.say(texts.OWN_CAR_VALUE), handover(scene), _ask_name(scene), memory={"offer": None})


def told_own_car(scene: Scene) -> bool:
    return scene.turn.memory.get("own_car_told") is True and not scene.understanding.entities.said()


def trade_in(scene: Scene) -> Draft:
    if told_own_car(scene):
        return valuation(scene)
    said = scene.understanding.entities
    named = said.model or said.display_code or said.selection
    car = scene.focus.one if named or scene.focus.remembered else None
    lines = [texts.TRADE_IN_MOTOR if scene.has(r"\bmotor\b") else scene.say(texts.TRADE_IN)]
    if car is not None:
        facts = {"title": write.title(car), "price": rupiah(car.price_idr), "state": write.state(car)}
        lines.append(texts.TRADE_IN_CAR.format(**facts))
    lines += [texts.VALUATION, handover(scene), scene.say(texts.OWN_CAR_ASK)]
    memory = {"intake": "trade_in", "offer": None} | ({"car": car.display_code} if car else {})
    return Draft(replies=bubble(*lines), memory=memory, cars=(car,) if car else ())


def sell_car(scene: Scene) -> Draft:
    if told_own_car(scene):
        return valuation(scene)
    return canned(
        scene.say(texts.SELL),
        texts.VALUATION,
        scene.say(texts.OWN_CAR_ASK),
        memory={"intake": "sell_car", "offer": None},
    )


def own_car_data(scene: Scene) -> Draft:
    """What the customer tells of the own car is for the valuation: nothing of our stock is looked up."""
    memory = {"own_car_told": True, "offer": None}
    return canned(scene.say(texts.OWN_CAR_NOTED), handover(scene), _ask_name(scene), memory=memory)


# -- photos


def photos(scene: Scene) -> Draft:
    cars = scene.focus.cars
    if scene.turn.memory.get("intake") and scene.has(_OWN_PHOTO):
        return canned(scene.say(texts.OWN_CAR_PHOTO))
    if cars is None or len(cars) > 1:
        return which(scene, texts.PHOTOS_WHICH)
    if not cars:
        return nothing(scene)
    car = cars[0]
    if car.status is CarStatus.SOLD:
        return gone(scene, (car,))
    facts = {"title": write.title(car), "price": rupiah(car.price_idr), "state": write.state(car)}
    memory = {"car": car.display_code, "photos_of": car.display_code, "offer": Intent.VISIT}
    if not car.photos:
        replies = bubble(scene.say(texts.PHOTOS_NONE, **facts), scene.say(texts.NEXT_HUMAN))
        return Draft(replies=replies, memory={**memory, "offer": Intent.HUMAN}, cars=(car,))
    caption = scene.say(texts.PHOTOS, **facts)
    sent = [Reply(text="" if place else caption, photo=photo) for place, photo in enumerate(car.photos[:_MOST_PHOTOS])]
    return Draft(
        replies=(*sent, *bubble(*_photo_notes(scene), scene.say(texts.PHOTOS_NEXT))),
        memory=memory,
        cars=(car,),
    )


def _photo_notes(scene: Scene) -> list[str]:
    notes = [texts.PHOTOS_VIDEO] if scene.has(r"\bvid(?:eo|io)?\b") else []
    if scene.has(r"mesin|kaki|interior|dalam|belakang|depan|samping|detail|\bbpkb|\bstnk"):
        notes.append(texts.PHOTOS_PART)
    return notes

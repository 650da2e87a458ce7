"""Next steps: negotiation, a person, photos. Who helps is said by __init__.finished for every hot wish."""

import re
from dataclasses import replace

from autoleads.bot import texts, texts_steps
from autoleads.bot.answers import cars as write
from autoleads.bot.answers import handover
from autoleads.bot.answers.base import Draft, Scene, bubble, canned
from autoleads.bot.answers.lists import which
from autoleads.bot.answers.missing import gone, nothing
from autoleads.bot.turn import Reply
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
ELSEWHERE = re.compile(r"\bsebelah\b|tempat lain|showroom lain")  # what others ask is no offer
_AGREES = re.compile(
    r"\bdeal\b|\b(?:saya|aku|gue|gw|tak|kami) (?:jadi )?ambil\b|\b(?:jadi|fix) (?:saya )?(?:ambil|beli)\b|\btake it\b"
)
_BARGAINS = re.compile(
    r"\b(?:kurang\w*|nego\w*|diskon\w*|nett?|mati|pas|turun\w*|murah\w*|berapa|brp|bonus|gratis|kalau|kalo|klo|asal|free)\b"
)
_PAYS = r"\btransfer|\btf\b|\bbayar"
_OWN_PHOTO = r"\bini (?:dia )?foto|\bfoto(?:nya)? mobil(?:ku| saya)|\bsaya kirim"
_LATER = r"\b(?:nanti|ntar|entar|mengko|mangke|besok|sesuk|nyusul|menyusul|malam|sore)\b"
_CALL = r"\btelp|\btelfon|\btelpon|\btelepon|\bditel|\bcall\b"


def facts(car: Car) -> dict[str, str]:
    """Title, price and state, as the sentences name them."""
    return {"title": write.title(car), "price": rupiah(car.price_idr), "state": write.state(car)}


# -- negotiation


def negotiation(scene: Scene) -> Draft:
    car, offer = scene.focus.one, _offer(scene)
    if car is None:
        draft = hot_without_car(scene, _plain_negotiation(scene, offer))
        sums = draft.amounts | ({offer} if offer else set())
        return replace(draft, amounts=sums).remembering(bid=offer, negotiated=None)
    if car.status is not CarStatus.AVAILABLE:
        return gone(scene, (car,))
    closing, asks = name_question(scene)
    held, again = scene.has(_HOLD), scene.turn.memory.get("negotiated") == car.display_code
    return Draft(
        replies=bubble(*_negotiation_lines(scene, car, offer, again=again)),
        closing=closing,
        asks=asks,
        memory={"car": car.display_code, "offer": None, "bid": None, "negotiated": car.display_code},
        cars=(car,),
        amounts=frozenset({offer}) if offer else frozenset[int](),
        person_said=not held and (offer < car.price_idr if offer is not None else agrees(scene.text)),
    )


def agrees(text: str) -> bool:
    """ "ok deal", "saya ambil": who takes the car is not told that the price may come down."""
    return _AGREES.search(text) is not None and _BARGAINS.search(text) is None


def _offer(scene: Scene) -> int | None:
    """Said now, or before it was clear for which car."""
    said, before = scene.understanding.entities.budget, scene.turn.memory.get("bid")
    return said if said or not isinstance(before, int) or isinstance(before, bool) else before


def _negotiation_lines(scene: Scene, car: Car, offer: int | None, *, again: bool) -> list[str]:
    told, person = facts(car), handover.person(scene)
    if scene.has(_HOLD):
        hold = texts_steps.NEGOTIATION_HOLD.format(**told)
        return [hold, texts.OTHER_PAYMENT] if scene.has(_PAYS) else [hold]
    if offer is None and agrees(scene.text):
        return [scene.say(texts_steps.NEGOTIATION_DEAL, person=person, **told)]
    if offer is None:
        ways = texts_steps.NEGOTIATION_AGAIN if again else texts_steps.NEGOTIATION
        return [scene.say(ways, **told)]
    if offer >= car.price_idr:
        return [scene.say(texts_steps.NEGOTIATION_OFFER_ENOUGH, offer=rupiah(offer), **told)]
    passed_on = scene.say(texts_steps.NEGOTIATION_OFFER, offer=rupiah(offer), title=told["title"], person=person)
    return [passed_on, texts_steps.NEGOTIATION_OFFER_PRICE.format(**told)]


def _plain_negotiation(scene: Scene, offer: int | None) -> str:
    if scene.has(_HOLD):
        return texts_steps.NEGOTIATION_HOLD_PLAIN
    if offer:
        return scene.say(texts_steps.NEGOTIATION_OFFER_PLAIN, offer=rupiah(offer))
    if agrees(scene.text):
        return scene.say(texts_steps.NEGOTIATION_DEAL_PLAIN)
    return scene.say(texts_steps.NEGOTIATION_PLAIN)


def hot_without_car(scene: Scene, opener: str) -> Draft:
    """A hot wish about several cars or none: a person helps all the same, and which car is asked for."""
    known = scene.focus.cars
    if known:
        asked = which(scene, texts_steps.ASK_CAR)
        question, _, rows = asked.replies[0].text.partition("\n\n")
        return Draft(
            replies=bubble(opener, "\n", rows),
            closing=question,
            memory={**asked.memory, "offer": None},
            cars=asked.cars,
        )
    if known is not None:  # named, and nothing fits
        return nothing(scene)
    memory = {"offer": None, "pending": str(scene.understanding.intent)}
    return Draft(replies=bubble(opener), closing=scene.say(texts_steps.ASK_CAR), memory=memory)


def name_question(scene: Scene) -> tuple[str, str | None]:
    """The closing and what it asks: the name, twice at most and never twice in a row."""
    memory = scene.turn.memory
    asked = memory.get("name_asked")
    enough = memory.get("asked") == "name" or (isinstance(asked, int) and asked >= _MOST_ASKED)
    if scene.given_name or enough:
        return "", None
    return scene.say(texts_steps.ASK_NAME), "name"


# -- a person


def human(scene: Scene) -> Draft:
    state = scene.open_state
    phone = scene.turn.showroom.phone or scene.turn.showroom.whatsapp
    call = ""
    if phone and (state is None or state.open) and scene.turn.memory.get("phone_told") is not True:
        call = texts_steps.HUMAN_PHONE.format(phone=phone_display(phone))
    opener: texts.Ways = texts_steps.HUMAN_CALL if scene.has(_CALL) else texts_steps.HUMAN
    if scene.upset:
        opener = texts_steps.HUMAN_CALM
    closing, asks = name_question(scene)
    memory = {"offer": None} | ({"phone_told": True} if call else {})
    return Draft(replies=bubble(scene.say(opener), call), closing=closing, asks=asks, memory=memory)


# -- photos


def photos(scene: Scene) -> Draft:
    cars = scene.focus.cars
    if scene.turn.memory.get("intake") and scene.has(_OWN_PHOTO):
        ways = texts_steps.OWN_CAR_PHOTOS_LATER if scene.has(_LATER) else texts_steps.OWN_CAR_PHOTO
        thanks = scene.say(ways, person=handover.person(scene))
        return Draft(replies=bubble(thanks), source="canned", person=True, person_said=True)
    if cars is None or len(cars) > 1:
        return which(scene, texts_steps.PHOTOS_WHICH)
    if not cars:
        return nothing(scene)
    car = cars[0]
    if car.status is CarStatus.SOLD:
        return gone(scene, (car,))
    memory = {"car": car.display_code, "photos_of": car.display_code, "offer": Intent.VISIT}
    if not car.photos:
        none = scene.say(texts_steps.PHOTOS_NONE, **facts(car))
        step = scene.say(texts.NEXT_ASK_PERSON, person=handover.person(scene))
        return Draft(replies=bubble(none), closing=step, memory={**memory, "offer": Intent.HUMAN}, cars=(car,))
    notes = _photo_notes(scene)
    step = scene.say(texts_steps.PHOTOS_NEXT)
    said = bubble(*notes) if notes else ()
    return Draft(
        replies=(*album(scene, car), *(said or bubble(step))),
        closing=step if said else "",
        memory=memory,
        cars=(car,),
    )


def album(scene: Scene, car: Car) -> tuple[Reply, ...]:
    """The first photos, the facts as the caption of the first."""
    caption = scene.say(texts_steps.PHOTOS, **facts(car))
    return tuple(
        Reply(text="" if place else caption, photo=photo) for place, photo in enumerate(car.photos[:_MOST_PHOTOS])
    )


def _photo_notes(scene: Scene) -> list[str]:
    notes = [texts_steps.PHOTOS_VIDEO] if scene.has(r"\bvid(?:eo|io)?\b") else []
    if scene.has(r"mesin|kaki|interior|dalam|\bdlm\b|belakang|depan|samping|detail|\bbpkb|\bstnk"):
        notes.append(texts_steps.PHOTOS_PART)
    return notes


def notify(scene: Scene) -> Draft:
    """ "kalau batal kabari ya": a person keeps that in mind."""
    text = scene.say(texts_steps.NOTIFY, person=handover.person(scene))
    return Draft(replies=bubble(text), closing=scene.say(texts.NEXT_HELP), person_said=True, source="canned")


def who(scene: Scene) -> Draft:
    """ "salesnya siapa?" """
    text = scene.say(texts_steps.WHO, person=handover.person(scene))
    return Draft(replies=bubble(text), person=True, person_said=True, source="canned")


def reminded(scene: Scene) -> Draft:
    """ "belum dihubungi nih": the person is told again, and there is a number to call."""
    phone = scene.turn.showroom.phone
    call = texts_steps.HUMAN_PHONE.format(phone=phone_display(phone)) if phone else ""
    text = scene.say(texts_steps.REMINDED, person=handover.person(scene))
    return Draft(replies=bubble(text, call), person_said=True, source="canned")


def payment(scene: Scene) -> Draft:
    """Where to pay is never said by the bot; a person confirms."""
    return canned(texts.OTHER_PAYMENT, memory={"offer": None})

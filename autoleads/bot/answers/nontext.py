"""What is not text: pictures, stickers, places, voice notes and the like."""

from dataclasses import replace

from autoleads.bot import texts, texts_steps
from autoleads.bot.answers import cars as write
from autoleads.bot.answers import handover
from autoleads.bot.answers.base import Draft, Scene, canned
from autoleads.bot.gateway.base import Kind

_NOT_TEXT = {
    Kind.AUDIO: texts.VOICE,
    Kind.VIDEO: texts.VIDEO,
    Kind.DOCUMENT: texts.DOCUMENT,
    Kind.CONTACT: texts.CONTACT_CARD,
    Kind.UNSUPPORTED: texts.UNREADABLE,
}


def not_text(scene: Scene) -> Draft:
    """The burst carries no words at all: a fitting line for what was sent last."""
    last = scene.turn.messages[-1] if scene.turn.messages else None
    known = scene.turn.memory.get("car") or scene.turn.memory.get("listed")
    if last is None or last.kind in (Kind.TEXT, Kind.CHOICE):
        return canned(scene.say(texts.CALM_HELLO if scene.upset else texts.EMPTY))
    if last.kind is Kind.IMAGE:
        return _image(scene, dropped=last.media_dropped)
    if last.kind is Kind.STICKER:
        ways = texts.CALM_HELLO if scene.upset else texts.STICKER_KNOWN if known else texts.STICKER
        return canned(scene.say(ways))
    if last.kind is Kind.LOCATION:
        return _place(scene)
    return canned(scene.say(_NOT_TEXT[last.kind]))


def _place(scene: Scene) -> Draft:
    """The customer's place is answered with ours."""
    room = scene.turn.showroom
    ours = [f"📍 {write.tidy(one.name)}, {one.address}" for one in room.branches if one.address]
    if not ours and room.address:
        ours = [f"📍 {write.tidy(room.name)}, {room.address}"]
    if not ours:
        return canned(scene.say(texts.PLACE_ONLY), closing=scene.say(texts.NEXT_HELP))
    return canned(scene.say(texts.PLACE), *ours, closing=scene.say(texts.NEXT_HELP))


def _image(scene: Scene, *, dropped: bool) -> Draft:
    if dropped:
        return canned(scene.say(texts.IMAGE_DROPPED))
    if not scene.turn.memory.get("intake"):
        return canned(scene.say(texts.IMAGE))
    thanks = scene.say(texts_steps.OWN_CAR_PHOTO, person=handover.person(scene))
    told = scene.turn.memory.get("own_car_told") is True
    closing = "" if told else scene.say(texts_steps.OWN_CAR_DATA)
    memory = {"own_car_photo": True, "about": "own_car"}
    draft = canned(thanks, closing=closing, asks=None if told else "own_car", memory=memory)
    return replace(draft, person_said=True)

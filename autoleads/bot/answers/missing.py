"""What is said when nothing fits, when a car is gone, and when no wish was named: never a dead end."""

from typing import Any

from autoleads.bot import texts
from autoleads.bot.answers import cars as write
from autoleads.bot.answers.base import GAP, Draft, Scene, bubble, joined
from autoleads.bot.answers.focus import similar
from autoleads.bot.answers.lists import SHOWN_OF_MANY, apart, sample
from autoleads.bot.understanding.base import Intent
from autoleads.formats import rupiah
from autoleads.stock import Car
from autoleads.types import CarStatus


def nothing(scene: Scene) -> Draft:
    focus = scene.focus
    if focus.unknown_code:
        return _instead(scene, texts.NOT_A_CODE.format(code=focus.unknown_code), focus.alternatives)
    if focus.gone:
        return gone(scene, focus.gone)
    wish = _wish(scene)
    sorry = scene.say(texts.NOTHING, wish=wish) if wish else scene.say(texts.NOTHING_PLAIN)
    return _instead(scene, sorry, focus.alternatives)


def gone(scene: Scene, cars: tuple[Car, ...]) -> Draft:
    """A booked or sold car is named as such, with what could replace it."""
    told = []
    for car in cars:
        ways = texts.BOOKED if car.status is CarStatus.BOOKING else texts.SOLD
        price = texts.PRICE_OF_BOOKED if car.status is CarStatus.BOOKING else texts.PRICE_OF_SOLD
        told += [scene.say(ways, title=write.title(car)), price.format(price=rupiah(car.price_idr))]
    near = scene.focus.alternatives or similar(scene.turn.stock, cars)
    return _instead(scene, "\n".join(told), near, extra=cars)


def _instead(scene: Scene, sorry: str, near: tuple[Car, ...], *, extra: tuple[Car, ...] = ()) -> Draft:
    now, opener = near[:3], scene.say(texts.NEAREST)
    memory: dict[str, Any] = {"more": None, "car": None, "offer": None, "wish": scene.understanding.entities.model}
    if not now:
        now, opener = sample(scene)[:3], scene.say(texts.NEAREST_NONE)
    memory["listed"] = [car.display_code for car in now] or None
    if not now:
        return Draft(replies=bubble(sorry, texts.STOCK_EMPTY), memory=memory, cars=extra)
    lines = apart(write.entry(number, car, now) for number, car in enumerate(now, 1))
    if len(now) == 1:
        memory["offer"] = Intent.HUMAN
    return Draft(
        replies=bubble(sorry, opener, GAP, lines),
        closing=scene.say(texts.NEAREST_ASK if len(now) > 1 else texts.NEXT_HUMAN),
        memory=memory,
        cars=(*now, *extra),
        phrasable=not extra,
        listing=lines,
    )


def _wish(scene: Scene) -> str:
    said = scene.understanding.entities
    year = ""
    if said.year_min and said.year_max:
        year = str(said.year_min) if said.year_min == said.year_max else f"{said.year_min}-{said.year_max}"
    return write.wish(said.brand, said.model, year, said.color, said.transmission)


def catalogue(scene: Scene) -> Draft:
    """What there is, when a customer asks without any criterion."""
    total = len(scene.turn.stock.available)
    now = scene.found.alternatives[:SHOWN_OF_MANY] or sample(scene)
    if not now:
        return Draft(replies=bubble(texts.STOCK_EMPTY), memory={"listed": None, "car": None})
    lines = apart(write.entry(number, car, ()) for number, car in enumerate(now, 1))
    site = scene.turn.showroom.site_url
    link = texts.CATALOGUE_LINK.format(url=f"{site}/mobil") if site else ""
    codes = {car.display_code for car in now}
    rest = [car.display_code for car in scene.turn.stock.available if car.display_code not in codes]
    memory = {"listed": [car.display_code for car in now], "more": rest or None, "car": None, "offer": None}
    return Draft(
        replies=bubble(scene.say(texts.CATALOGUE, count=str(total)), GAP, lines, link),
        closing=scene.say(texts.CATALOGUE_ASK),
        memory=memory,
        cars=now,
        phrasable=True,
        listing=joined(lines, link),
    )

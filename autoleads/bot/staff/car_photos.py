"""/foto: photos of a car in the stock are added, taken out, put into another order."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence

from autoleads.bot import texts_upload as texts
from autoleads.bot.gateway.base import Kind
from autoleads.bot.staff import album, numbers
from autoleads.bot.staff.ask import Ask
from autoleads.bot.staff.base import Answers, Done, Errand
from autoleads.bot.understanding.command_base import Command, Instruction
from autoleads.bot.understanding.commands import read_command
from autoleads.sql import carphotos, cars
from autoleads.sql.carphotos import Photographed
from autoleads.stock import Car

KIND, WHICH = "car_photos", "car_photos_which"  # of Ask
_MOST = 9  # cars to choose from
_SLASH = re.compile(r"\s*[/\\]\s*[a-z]", re.IGNORECASE)
_YES = re.compile(r"\W*(?:ya+|iya|y|yes|ok(?:e|ey)?)\W*", re.IGNORECASE)
_END = re.compile(r"\W*(?:selesai|beres|sudah|udah|cukup|done|oke?|lanjut)\W*", re.IGNORECASE)
_DROP = re.compile(r"\b(?:hapus|buang|hilangkan|delete|copot)\b", re.IGNORECASE)
_FIRST = re.compile(r"\b(?:utama|pertama|depan|cover|sampul)\b", re.IGNORECASE)
_ORDER = re.compile(r"\b(?:urut|urutan|urutkan|susun)\b", re.IGNORECASE)
_ALL = re.compile(r"\b(?:semua|semuanya|all)\b", re.IGNORECASE)


async def start(errand: Errand, said: Instruction) -> Done:
    """Every car counts, drafts too."""
    stock, plates = await cars.staff_stock(errand.db, errand.tenant_id)
    said = read_command(errand.turn.text, stock, plates, errand.turn.now.year)
    if said.cars is None:
        return Done(text=texts.PHOTOS_WHICH)
    found = stock.by_codes(said.cars)
    if not found:
        return Done(text=texts.PHOTOS_UNKNOWN)
    if len(found) == 1 and not said.suggestion:
        return await _opened(errand, found[0].display_code)
    shown = found[:_MOST]
    text = texts.PHOTOS_MEANT if said.suggestion else texts.PHOTOS_CHOICE
    ask = errand.ask(WHICH, tuple(car.id for car in shown), codes=[car.display_code for car in shown])
    return Done(text=text.format(plate=said.suggestion, list=_choice(shown)), ask=ask)


def _choice(found: Sequence[Car]) -> str:
    lines = (
        texts.PHOTOS_CAR_LINE.format(
            number=n, car=f"{car.brand} {car.model} {car.year} {car.color}", code=car.display_code
        )
        for n, car in enumerate(found, 1)
    )
    return "\n".join(lines)


async def _chosen(errand: Errand, ask: Ask, text: str) -> Done | None:
    if _YES.fullmatch(text) and len(ask.ids) == 1:
        text = "1"
    id_ = numbers.chosen(ask, text)
    if not isinstance(id_, int):
        return id_
    return await _opened(errand, ask.given["codes"][ask.ids.index(id_)])


async def _opened(errand: Errand, code: str) -> Done:
    car = await carphotos.of_car(errand.db, errand.tenant_id, code)
    if car is None:
        return Done(text=texts.PHOTOS_GONE.format(code=code))
    text = texts.PHOTOS_OF.format(car=car.name, code=code, count=len(car.photos), help=texts.PHOTOS_HELP)
    return Done(text=text, ask=errand.ask(KIND, code=code, sent=[], told=0, drop=[]))


async def photo(errand: Errand, ask: Ask | None) -> Done | None:
    """A picture for the car whose photos are being changed; None when it is none."""
    message = errand.turn.messages[-1]
    if ask is None or ask.kind != KIND or ask.expired(errand.turn.now):
        return None
    if not errand.manages or message.kind not in (Kind.IMAGE, Kind.DOCUMENT):
        return None
    given = dict(ask.given)
    if await album.heard(errand):
        given["told"] = len(given["sent"])
    if len(given["sent"]) < album.MOST_KEPT:
        given["sent"] = [*given["sent"], message.id]
    await album.expect_for(errand, given["code"], given["sent"][given["told"] :])
    return Done(text="", ask=errand.ask(KIND, **given))


async def _answered(errand: Errand, ask: Ask, text: str) -> Done | None:
    if _SLASH.match(text):
        return None
    car = await carphotos.of_car(errand.db, errand.tenant_id, ask.given["code"])
    if car is None:
        return Done(text=texts.PHOTOS_GONE.format(code=ask.given["code"]))
    if ask.given["drop"] and _YES.fullmatch(text):
        return await _dropped(errand, ask, car)
    if _END.fullmatch(text):
        link = f"{errand.turn.showroom.site_url}/{car.slug}"
        return Done(text=texts.PHOTOS_DONE.format(code=car.display_code, count=len(car.photos), link=link))
    for words, change in ((_DROP, _drop), (_FIRST, _first), (_ORDER, _order)):
        if words.search(text):
            return await change(errand, ask, car, text)
    if read_command(text, errand.turn.stock, {}, errand.turn.now.year).command is not Command.NONE:
        return None
    return _on(errand, ask, texts.PHOTOS_OF.format(
        car=car.name, code=car.display_code, count=len(car.photos), help=texts.PHOTOS_HELP
    ))  # fmt: skip


def _on(errand: Errand, ask: Ask, text: str, *, drop: Sequence[str] = ()) -> Done:
    return Done(text=text, ask=errand.ask(KIND, **{**ask.given, "drop": list(drop)}))


def _picked(text: str, car: Photographed) -> list[int]:
    """Numbers of photos from 0; empty when one of them is not there."""
    said = list(dict.fromkeys(int(digits) for digits in re.findall(r"\d{1,3}", text)))
    return [n - 1 for n in said] if all(1 <= n <= len(car.photos) for n in said) else []


def _no_number(errand: Errand, ask: Ask, car: Photographed, example: str) -> Done:
    if not car.photos:
        return _on(errand, ask, texts.PHOTOS_EMPTY.format(code=car.display_code))
    text = texts.PHOTOS_NUMBERS.format(code=car.display_code, total=len(car.photos), example=example)
    return _on(errand, ask, text)


async def _drop(errand: Errand, ask: Ask, car: Photographed, text: str) -> Done:
    picked = list(range(len(car.photos))) if _ALL.search(text) else _picked(text, car)
    if not picked:
        return _no_number(errand, ask, car, "HAPUS 1")
    which = ", ".join(texts.PHOTO_NUMBER.format(number=n + 1) for n in picked)
    question = texts.PHOTOS_DROP.format(which=which, car=car.name, code=car.display_code)
    return _on(errand, ask, question, drop=[car.photos[n] for n in picked])


async def _dropped(errand: Errand, ask: Ask, car: Photographed) -> Done:
    gone = [photo for photo in car.photos if photo in ask.given["drop"]]
    kept = [photo for photo in car.photos if photo not in ask.given["drop"]]
    if len(gone) < len(ask.given["drop"]):
        return _on(errand, ask, texts.PHOTOS_CHANGED.format(total=len(car.photos)))
    await _save(errand, car, kept)
    return _on(errand, ask, texts.PHOTOS_DROPPED.format(count=len(gone), code=car.display_code, total=len(kept)))


async def _first(errand: Errand, ask: Ask, car: Photographed, text: str) -> Done:
    picked = _picked(text, car)
    if len(picked) != 1:
        return _no_number(errand, ask, car, "UTAMA 1")
    await _save(errand, car, _led(car, picked))
    return _on(errand, ask, texts.PHOTOS_FIRST.format(number=picked[0] + 1, code=car.display_code))


async def _order(errand: Errand, ask: Ask, car: Photographed, text: str) -> Done:
    picked = _picked(text, car)
    if not picked:
        return _no_number(errand, ask, car, " ".join(["URUT", *(str(n) for n in range(len(car.photos), 0, -1))]))
    await _save(errand, car, _led(car, picked))
    return _on(errand, ask, texts.PHOTOS_ORDERED.format(code=car.display_code))


def _led(car: Photographed, picked: Sequence[int]) -> list[str]:
    """The picked ones first, the others behind as they were."""
    first = [car.photos[n] for n in picked]
    return [*first, *(photo for photo in car.photos if photo not in first)]


async def _save(errand: Errand, car: Photographed, photos: Sequence[str]) -> None:
    await carphotos.set_photos(errand.db, errand.tenant_id, car.display_code, photos, expected=car.photos)


ANSWERS: Mapping[str, Answers] = {KIND: _answered, WHICH: _chosen}
COMMANDS: Mapping[Command, Callable[[Errand, Instruction], Awaitable[Done]]] = {Command.PHOTOS: start}

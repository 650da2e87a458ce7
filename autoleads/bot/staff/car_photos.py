"""/foto: photos of a car in the stock are added, taken out, put into another order."""

import re
from collections.abc import Mapping, Sequence

from autoleads.bot import texts_upload as texts
from autoleads.bot.staff import album, joining, recording, undo
from autoleads.bot.staff.ask import Ask
from autoleads.bot.staff.base import Answers, Done, Errand
from autoleads.bot.staff.car_apply import can_undo, gone
from autoleads.bot.staff.draft import whole_other
from autoleads.bot.staff.upload_reading import read_data
from autoleads.bot.understanding.command_base import Command
from autoleads.sql import cars
from autoleads.sql.cars import StaffCar
from autoleads.types import CarId

KIND = "car_photos"  # of Ask
_SLASH = re.compile(r"\s*[/\\]\s*[a-z]", re.IGNORECASE)
_YES = re.compile(r"\W*(?:ya+|iya|y|yes|ok(?:e|ey)?)\W*", re.IGNORECASE)
_END = re.compile(r"\W*(?:selesai|beres|sudah|udah|cukup|done|oke?|lanjut)\W*", re.IGNORECASE)
_DROP = re.compile(r"\b(?:hapus|buang|hilangkan|delete|copot)\b", re.IGNORECASE)
_FIRST = re.compile(r"\b(?:utama|pertama|depan|cover|sampul)\b", re.IGNORECASE)
_ORDER = re.compile(r"\b(?:urut|urutan|urutkan|susun)\b", re.IGNORECASE)
_ORDERS = re.compile(
    r"\W*(?:hapus|buang|hilangkan|copot|utama|pertama|depan|cover|sampul|urut\w*|susun|selesai|beres)"
    r"(?:[\s\d,.]|foto|ke|dan|semua|-)*",
    re.IGNORECASE,
)
_ORDINALS = {"pertama": 1, "kesatu": 1} | {
    f"ke{word}": number
    for number, word in enumerate(
        ("dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh"), 2
    )
}
_ORDINAL = re.compile(rf"\b(?:{'|'.join(_ORDINALS)}|terakhir)\b", re.IGNORECASE)
_ALL = re.compile(r"\b(?:semua|semuanya|all)\b", re.IGNORECASE)


def opened(errand: Errand, car: StaffCar) -> Done:
    """What can be done with its photos now."""
    return Done(text=_shown(car), ask=errand.ask(KIND, (car.id,), drop=[]))


async def photo(errand: Errand) -> Done | None:
    """A picture for the car whose photos are being changed; None when it is none, or has the data of another car."""
    message, ask = errand.turn.messages[-1], errand.asked
    if ask is None or ask.kind != KIND or not errand.manages or message.kind not in album.FILES:
        return None
    code = next((car.display_code for car in errand.shelf.stock.cars if car.id == ask.ids[0]), "")
    said, _ = read_data(message.text, errand.turn.stock, errand.turn.now.year)
    if whole_other(said, errand.shelf.plates.get(code, "")):
        return None
    await joining.expect(errand, CarId(ask.ids[0]), code)
    return Done(text="", ask=errand.ask(KIND, ask.ids, **ask.given))


def over(errand: Errand) -> str:
    """Said to a photo that was meant for the car and comes too late; "" when there is nothing to say."""
    return texts.PHOTOS_OVER if errand.lapsed is not None and errand.lapsed.kind == KIND else ""


def lapsed(errand: Errand, text: str) -> Done | None:
    """The same for an order about its photos."""
    return Done(text=texts.PHOTOS_EXPIRED) if over(errand) and _ORDERS.fullmatch(text) else None


async def _answered(errand: Errand, ask: Ask, text: str) -> Done | None:
    said = errand.shelf.read(text, errand.turn)
    if said.command is Command.UNDO:
        done = await undo.ordered(errand, said)
        return _on(errand, ask, done.text)
    if _SLASH.match(text):
        return None
    car = await cars.lock(errand.db, errand.tenant_id, CarId(ask.ids[0]))
    if car is None:
        return await gone(errand, CarId(ask.ids[0]))
    if ask.given["drop"] and _YES.fullmatch(text):
        return await _dropped(errand, ask, car)
    if _END.fullmatch(text):
        link = f"{errand.turn.showroom.site_url}/{car.slug}"
        return Done(text=texts.PHOTOS_DONE.format(code=car.display_code, count=len(car.photos), link=link))
    for words, change in ((_DROP, _drop), (_FIRST, _first), (_ORDER, _order)):
        if words.search(text):
            return await change(errand, ask, car, text)
    return _on(errand, ask, _shown(car)) if said.command is Command.NONE else None


def _shown(car: StaffCar) -> str:
    return texts.PHOTOS_OF.format(car=_name(car), code=car.display_code, count=len(car.photos), help=texts.PHOTOS_HELP)


def _name(car: StaffCar) -> str:
    return f"{car.brand} {car.model} {car.year} {car.color}"


def _on(errand: Errand, ask: Ask, text: str, *, drop: Sequence[str] = ()) -> Done:
    return Done(text=text, ask=errand.ask(KIND, ask.ids, drop=list(drop)))


def _in_digits(text: str, car: StaffCar) -> str:
    """ "foto kedua" is photo 2."""
    last = len(car.photos)
    return _ORDINAL.sub(lambda match: str(_ORDINALS.get(match[0].lower(), last)), text)


def _picked(text: str, car: StaffCar) -> list[int]:
    """Numbers of photos from 0; empty when one of them is not there."""
    said = list(dict.fromkeys(int(digits) for digits in re.findall(r"\d{1,3}", text)))
    return [n - 1 for n in said] if all(1 <= n <= len(car.photos) for n in said) else []


def _no_number(errand: Errand, ask: Ask, car: StaffCar, example: str) -> Done:
    if not car.photos:
        return _on(errand, ask, texts.PHOTOS_EMPTY.format(code=car.display_code))
    text = texts.PHOTOS_NUMBERS.format(code=car.display_code, total=len(car.photos), example=example)
    return _on(errand, ask, text)


async def _drop(errand: Errand, ask: Ask, car: StaffCar, text: str) -> Done:
    picked = list(range(len(car.photos))) if _ALL.search(text) else _picked(_in_digits(text, car), car)
    if not picked:
        return _no_number(errand, ask, car, "HAPUS 1")
    which = ", ".join(texts.PHOTO_NUMBER.format(number=n + 1) for n in picked)
    question = texts.PHOTOS_DROP.format(which=which, car=_name(car), code=car.display_code)
    return _on(errand, ask, question, drop=[car.photos[n] for n in picked])


async def _dropped(errand: Errand, ask: Ask, car: StaffCar) -> Done:
    there = [photo for photo in car.photos if photo in ask.given["drop"]]
    kept = [photo for photo in car.photos if photo not in ask.given["drop"]]
    if len(there) < len(ask.given["drop"]):
        return _on(errand, ask, texts.PHOTOS_CHANGED.format(total=len(car.photos)))
    text = texts.PHOTOS_DROPPED.format(count=len(there), code=car.display_code, total=len(kept))
    return await _saved(errand, ask, car, kept, text)


async def _first(errand: Errand, ask: Ask, car: StaffCar, text: str) -> Done:
    picked = _picked(text, car)
    if len(picked) != 1:
        return _no_number(errand, ask, car, "UTAMA 1")
    text = texts.PHOTOS_FIRST.format(number=picked[0] + 1, code=car.display_code)
    return await _saved(errand, ask, car, _led(car, picked), text)


async def _order(errand: Errand, ask: Ask, car: StaffCar, text: str) -> Done:
    picked = _picked(text, car)
    if not picked:
        return _no_number(errand, ask, car, " ".join(["URUT", *(str(n) for n in range(len(car.photos), 0, -1))]))
    text = texts.PHOTOS_ORDERED.format(code=car.display_code)
    return await _saved(errand, ask, car, _led(car, picked), text)


def _led(car: StaffCar, picked: Sequence[int]) -> list[str]:
    """The picked ones first, the others behind as they were."""
    first = [car.photos[n] for n in picked]
    return [*first, *(photo for photo in car.photos if photo not in first)]


async def _saved(errand: Errand, ask: Ask, car: StaffCar, photos: Sequence[str], text: str) -> Done:
    await recording.change(
        errand.db, errand.tenant_id, car, {"photos": list(photos)}, what=Command.PHOTOS, by=errand.author
    )
    return _on(errand, ask, text + can_undo(errand))


ANSWERS: Mapping[str, Answers] = {KIND: _answered}

"""A photo of an album that arrives when its car has just been uploaded."""

from collections.abc import Mapping
from typing import Any

from autoleads.bot.gateway.base import Kind
from autoleads.bot.staff import joining, upload
from autoleads.bot.staff.base import Done, Errand
from autoleads.stock import Car
from autoleads.types import CarId

_KEY = "uploaded"  # in the conversation's memory


def remembered(memory: Mapping[str, Any], done: Done, at: float) -> dict[str, Any]:
    """Which car was uploaded and when, until something else is talked about: the next upload, or another command's
    question."""
    if done.uploaded is not None:
        return {**memory, _KEY: {"car": done.uploaded, "at": at}}
    return {key: value for key, value in memory.items() if key != _KEY or done.ask is None}


async def photo(errand: Errand) -> Done | None:
    """It joins that car. None when it is none, or belongs to another upload."""
    message = errand.turn.messages[-1]
    if message.kind is not Kind.IMAGE or not errand.manages or upload.draft_of(errand) is not None:
        return None
    car = _just_uploaded(errand)
    if car is None or upload.names_car(errand):
        return None  # a caption that names a car begins the next one
    await joining.expect(errand, car.id, car.display_code, straggler=True)
    return Done(text="", ask=errand.asked)


def _just_uploaded(errand: Errand) -> Car | None:
    known = errand.turn.memory.get(_KEY)
    if not known or errand.turn.now.timestamp() - known["at"] > errand.late_photo_s:
        return None
    return next((car for car in errand.shelf.stock.cars if car.id == CarId(known["car"])), None)

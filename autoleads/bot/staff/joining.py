"""Photos on their way to a car of the stock: sent behind /foto, a moment after their car was uploaded, or not fetched
yet when it was."""

import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self

from autoleads.bot import texts_upload as texts
from autoleads.bot.bell import Bell
from autoleads.bot.staff import album, recording
from autoleads.bot.staff.album import MOST, MOST_KEPT, QUIET_S, Album
from autoleads.bot.staff.base import Errand
from autoleads.bot.staff.fetching import AGAIN_S, LATE_S, pause_s
from autoleads.bot.understanding.command_base import Command
from autoleads.sql import cars, conversations, outbox, timers
from autoleads.sql.car_changes import Author
from autoleads.sql.cars import StaffCar
from autoleads.sql.pool import Db
from autoleads.sql.timers import Timer, TimerKind
from autoleads.types import CarId, ConversationKey, TenantId


@dataclass(frozen=True, slots=True, kw_only=True)
class _Batch:
    """`ids`: messages, a photo each. Of an upload these are all it had, `had` is with which photos its car was stored,
    `told` the numbers of those that had failed by then, and `counted` how many the user was told that it has, unless
    some were still being fetched. `straggler`: the user did not name the car."""

    car_id: CarId
    code: str
    ids: list[int]
    by: Author
    since: float = field(default_factory=time.time)
    had: list[str] | None = None
    told: list[int] = field(default_factory=list)
    counted: int | None = None
    straggler: bool = False

    @classmethod
    def recalled(cls, stored: dict[str, Any]) -> Self:
        return cls(**{**stored, "by": Author(**stored["by"])})

    @property
    def age_s(self) -> float:
        return time.time() - self.since


async def expect(errand: Errand, car_id: CarId, code: str, *, straggler: bool = False) -> None:
    """The message's photo joins the car once no more follow."""
    batches = await _under_way(errand)
    new = _Batch(car_id=car_id, code=code, ids=[], by=errand.author, straggler=straggler)
    same = [one for one in batches if (one.car_id, one.straggler, one.had) == (car_id, straggler, None)]
    batch = same[0] if same else new
    if len(batch.ids) < MOST_KEPT:
        batch = replace(batch, ids=[*batch.ids, errand.turn.messages[-1].id], by=errand.author)
    await _wait(errand, [*(one for one in batches if one not in same), batch], QUIET_S)


async def finish(errand: Errand, car_id: CarId, code: str, ids: Iterable[int], so_far: Album) -> None:
    """The car is there and some of the photos it was uploaded with are not; so may be one that was stored before."""
    batch = _Batch(
        car_id=car_id, code=code, ids=list(ids), by=errand.author, had=list(so_far.photos),
        told=[number for number, _ in so_far.failed],
        counted=None if so_far.pending else so_far.usable,
    )  # fmt: skip
    await _wait(errand, [*await _under_way(errand), batch], AGAIN_S)


async def _under_way(errand: Errand) -> list[_Batch]:
    key = errand.turn.key
    await conversations.lock(errand.db, key.tenant_id, key.conversation_id)  # before the timer, as who fires it does
    known = await timers.data_of(errand.db, key.tenant_id, key.conversation_id, TimerKind.PHOTOS_JOIN)
    return [_Batch.recalled(one) for one in (known or {}).get("batches", ())]


async def _wait(errand: Errand, batches: list[_Batch], seconds: float) -> None:
    key, data = errand.turn.key, {"batches": [asdict(one) for one in batches]}
    await timers.save_in(
        errand.db, key.tenant_id, key.conversation_id, TimerKind.PHOTOS_JOIN, seconds=seconds, data=data
    )
    errand.ring_in(seconds)


class Joins:
    """What happens when that timer comes due."""

    def __init__(self, bell: Bell) -> None:
        self._bell = bell

    async def arrived(self, db: Db, tenant_id: TenantId, timer: Timer) -> list[ConversationKey]:
        woken: list[ConversationKey] = []
        waiting = []
        for batch in map(_Batch.recalled, timer.data["batches"]):
            photos = await album.gather(db, tenant_id, batch.ids)
            if not photos.complete and batch.age_s < LATE_S:
                waiting.append(batch)
                continue
            told = await _joined(db, tenant_id, batch, photos)
            if batch.counted != len(photos.photos):
                woken += await outbox.tell(db, tenant_id, timer.conversation_id, told)
        if waiting:
            seconds = pause_s(min(batch.age_s for batch in waiting))
            data = {"batches": [asdict(batch) for batch in waiting]}
            await timers.save_in(db, tenant_id, timer.conversation_id, timer.kind, seconds=seconds, data=data)
            self._bell.ring_in(seconds)
        return woken


async def _joined(db: Db, tenant_id: TenantId, batch: _Batch, new: Album) -> str:
    car = await cars.lock(db, tenant_id, batch.car_id)
    if car is None:
        return texts.PHOTOS_GONE.format(code=batch.code)
    photos, left_out = _together(car, batch, new)
    added = len(photos) - len(car.photos)
    if added:
        await recording.change(db, tenant_id, car, {"photos": photos}, what=Command.PHOTOS, by=batch.by)
    told = texts.PHOTOS_ADDED if added else texts.PHOTOS_ADDED_NONE
    line = told.format(count=added, code=car.display_code, total=len(photos))
    lines = [f"{line} {texts.STRAGGLER}" if added and batch.straggler else line]
    if left_out:
        lines.append(texts.PHOTOS_FULL.format(count=left_out))
    lines += album.failures(new, except_for=batch.told)
    return "\n".join(lines)


def _together(car: StaffCar, batch: _Batch, new: Album) -> tuple[list[str], int]:
    """The car's photos with the new ones, and how many of those it has no room for. What was taken out of it since it
    was uploaded stays out."""
    had = batch.had or []
    fresh = [photo for photo in new.photos if photo not in car.photos and photo not in had]
    room = max(MOST - len(car.photos), 0)
    if had and car.photos[: len(had)] == had:  # nobody put them into another order: they are as they were sent
        ordered = [*new.photos, *(photo for photo in car.photos if photo not in new.photos)]
    else:
        ordered = [*car.photos, *fresh]
    kept = {*car.photos, *fresh[:room]}
    return [photo for photo in ordered if photo in kept], len(fresh[room:]) + len(new.surplus)

"""Photos of a car on their way: which arrived, which cannot be used and why, and the one word about them that the
owner gets when no more come."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from autoleads.bot import texts_upload as texts
from autoleads.bot.bell import Bell
from autoleads.bot.staff.base import Errand
from autoleads.bot.staff.draft import Draft
from autoleads.sql import attachments, carphotos, outbox, timers
from autoleads.sql.attachments import Attachment, AttachmentState
from autoleads.sql.pool import Db
from autoleads.sql.timers import Timer, TimerKind
from autoleads.types import ConversationKey, InboxId, TenantId

MOST = 10
MOST_KEPT = 40  # messages of one upload that are looked at
_QUIET_S = 1.2  # after the last photo; an album's photos follow each other closer than that
_AGAIN_S = 0.15  # while one is still being fetched
_PATIENCE_S = 20.0
_LATE_S = 1_800.0  # the gateway keeps files for half an hour


@dataclass(frozen=True, slots=True, kw_only=True)
class Album:
    """`photos`: addresses for the car. `making`: how many besides can be used, and have not all their files yet.
    `pending` are still being fetched. The others by their numbers in order of arrival, from 1; `failed` with the
    reason."""

    photos: tuple[str, ...] = ()
    failed: tuple[tuple[int, str], ...] = ()
    making: int = 0
    pending: int = 0
    same: tuple[int, ...] = ()
    surplus: tuple[int, ...] = ()

    @property
    def usable(self) -> int:
        return len(self.photos) + self.making

    @property
    def complete(self) -> bool:
        """Whether the car can have all there is."""
        return not self.making and not self.pending

    def said(self, *, told: int = 0) -> str:
        """What the owner has not heard: photos up to number `told` were spoken of."""
        count = self.usable
        none = "" if self.pending else texts.PHOTOS_NONE
        lines = [texts.PHOTOS.format(count=count) if count else none, self.news(told=told)]
        return "\n".join(line for line in lines if line)

    def news(self, *, told: int = 0) -> str:
        """Of that, what is more than their number."""
        lines = []
        if same := sum(number > told for number in self.same):
            lines.append(texts.PHOTOS_SAME.format(count=same))
        lines += [_failure(number, reason) for number, reason in self.failed if number > told]
        if surplus := [texts.PHOTO_NUMBER.format(number=number) for number in self.surplus if number > told]:
            lines.append(texts.PHOTOS_TOO_MANY.format(which=", ".join(surplus)))
        if self.pending:
            lines.append(texts.PHOTOS_PENDING.format(count=self.pending))
        return "\n".join(lines)


def _failure(number: int, reason: str) -> str:
    return texts.PHOTO_FAILED.format(number=number, why=texts.WHY.get(reason) or texts.WHY_OTHER.format(kind=reason))


async def gather(db: Db, tenant_id: TenantId, ids: Sequence[int]) -> Album:
    """What became of the photos of these messages. Equal pictures and files from the same address count once."""
    files = await attachments.of_inbox(db, tenant_id, [InboxId(id_) for id_ in ids])
    by_message = {one.inbox_id: one for one in files}
    album, seen = Album(), set[str]()
    for number, id_ in enumerate(ids, 1):
        album = _with(album, number, by_message.get(InboxId(id_)), seen)
    return album


def _with(album: Album, number: int, one: Attachment | None, seen: set[str]) -> Album:
    if one is None:
        return replace(album, failed=(*album.failed, (number, "dropped")))
    address = one.path
    same = {one.source_url, address or one.source_url}
    if seen & same:
        return replace(album, same=(*album.same, number))
    seen |= same
    if one.state is AttachmentState.FAILED:
        return replace(album, failed=(*album.failed, (number, one.problem or "broken")))
    if address is not None and not carphotos.is_public(address):
        return replace(album, failed=(*album.failed, (number, address.rpartition(".")[2])))
    if album.usable + album.pending >= MOST:
        return replace(album, surplus=(*album.surplus, number))
    if address is None:
        return replace(album, pending=album.pending + 1)
    if one.state is AttachmentState.CHECKED:
        return replace(album, making=album.making + 1)
    return replace(album, photos=(*album.photos, carphotos.address(address)))


# The word about them ----------------------------------------------------------------------------------------------


async def expect(errand: Errand, draft: Draft, *, question: str, prefix: str = "") -> None:
    """A photo came: once no more follow, the owner hears of them and reads the question."""
    data = {"ids": list(draft.photos), "told": draft.told, "next": question, "prefix": prefix}
    await _set(errand, TimerKind.PHOTOS, data, _QUIET_S)


async def expect_for(errand: Errand, code: str, ids: Sequence[int]) -> None:
    """Photos for a car of the stock: they join it once no more follow."""
    await _set(errand, TimerKind.PHOTOS, {"ids": list(ids), "code": code}, _QUIET_S)


async def heard(errand: Errand) -> bool:
    """Whether the owner has heard of all photos; if not, there is nothing to hear any more."""
    return await timers.remove(errand.db, errand.tenant_id, errand.turn.key.conversation_id, TimerKind.PHOTOS) == 0


async def finish_later(errand: Errand, draft: Draft, album: Album) -> None:
    """The car is there and some of its photos are not; so may be one that was stored before. Of those that only want
    a second of work the owner has heard already."""
    key = errand.turn.key
    known = await timers.data_of(errand.db, key.tenant_id, key.conversation_id, TimerKind.PHOTOS_LATE)
    cars = dict((known or {}).get("cars", {}))
    told = None if album.pending else album.usable
    cars[draft.display_code] = {"ids": list(draft.photos), "had": list(album.photos), "told": told}
    await _set(errand, TimerKind.PHOTOS_LATE, {"cars": cars}, _AGAIN_S)


async def _set(errand: Errand, kind: TimerKind, data: dict[str, Any], seconds: float) -> None:
    key, data = errand.turn.key, {**data, "since": time.time()}
    await timers.save_in(errand.db, key.tenant_id, key.conversation_id, kind, seconds=seconds, data=data)
    errand.ring_in(seconds)


def _age_s(data: dict[str, Any]) -> float:
    return time.time() - float(data["since"])


class Alarms:
    """What happens when these timers come due."""

    def __init__(self, bell: Bell) -> None:
        self._bell = bell

    async def received(self, db: Db, tenant_id: TenantId, timer: Timer) -> list[ConversationKey]:
        data = timer.data
        if "code" in data:
            return await self._joined(db, tenant_id, timer)
        album = await gather(db, tenant_id, data["ids"])
        if album.pending and _age_s(data) < _PATIENCE_S:
            await self._again(db, tenant_id, timer, _AGAIN_S)
            return []
        parts = (data["prefix"], album.said(told=data["told"]), data["next"])
        return await outbox.tell(db, tenant_id, timer.conversation_id, "\n\n".join(part for part in parts if part))

    async def _joined(self, db: Db, tenant_id: TenantId, timer: Timer) -> list[ConversationKey]:
        album, code = await gather(db, tenant_id, timer.data["ids"]), timer.data["code"]
        if not album.complete and _age_s(timer.data) < _LATE_S:
            await self._again(db, tenant_id, timer, _AGAIN_S if _age_s(timer.data) < _PATIENCE_S else 1.0)
            return []
        car = await carphotos.of_car(db, tenant_id, code)
        if car is None:
            gone = texts.PHOTOS_GONE.format(code=code)
            return await outbox.tell(db, tenant_id, timer.conversation_id, gone)
        fresh = [photo for photo in album.photos if photo not in car.photos]
        photos = [*car.photos, *fresh][: max(MOST, len(car.photos))]
        await carphotos.set_photos(db, tenant_id, code, photos, expected=car.photos)
        added = len(photos) - len(car.photos)
        told = texts.PHOTOS_ADDED if added else texts.PHOTOS_ADDED_NONE
        lines = [told.format(count=added, code=code, total=len(photos))]
        if surplus := len(fresh) - added + len(album.surplus):
            lines.append(texts.PHOTOS_FULL.format(count=surplus))
        lines += [_failure(number, reason) for number, reason in album.failed]
        return await outbox.tell(db, tenant_id, timer.conversation_id, "\n".join(lines))

    async def completed(self, db: Db, tenant_id: TenantId, timer: Timer) -> list[ConversationKey]:
        """Photos that came after their cars were stored. What the owner changed since is left as it is."""
        woken: list[ConversationKey] = []
        waiting = {}
        for code, late in timer.data["cars"].items():
            album = await gather(db, tenant_id, late["ids"])
            if not album.complete and _age_s(timer.data) < _LATE_S:
                waiting[code] = late
                continue
            await carphotos.set_photos(db, tenant_id, code, album.photos, expected=late["had"])
            if late["told"] == len(album.photos):
                continue
            told = texts.LATE_DONE if album.complete and not album.failed else texts.LATE_FAILED
            lines = [told.format(code=code, count=len(album.photos))]
            lines += [_failure(number, reason) for number, reason in album.failed]
            woken += await outbox.tell(db, tenant_id, timer.conversation_id, "\n".join(lines))
        if waiting:
            timer.data["cars"] = waiting
            await self._again(db, tenant_id, timer, 1.0)
        return woken

    async def _again(self, db: Db, tenant_id: TenantId, timer: Timer, seconds: float) -> None:
        await timers.save_in(db, tenant_id, timer.conversation_id, timer.kind, seconds=seconds, data=timer.data)
        self._bell.ring_in(seconds)

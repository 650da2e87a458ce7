"""Photos of an upload on their way: which arrived, which cannot be used and why, and the one word about them that the
owner gets when no more come."""

import time
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace

from autoleads.bot import texts_upload as texts
from autoleads.bot.bell import Bell
from autoleads.bot.gateway.base import Kind
from autoleads.bot.staff.base import Errand
from autoleads.bot.staff.draft import Draft
from autoleads.bot.staff.fetching import AGAIN_S, PATIENCE_S
from autoleads.sql import attachments, carphotos, outbox, timers
from autoleads.sql.attachments import Attachment, AttachmentState
from autoleads.sql.pool import Db
from autoleads.sql.timers import Timer, TimerKind
from autoleads.types import ConversationKey, InboxId, TenantId

MOST = 10
# Whatever else than a photo is sent among photos has a number too, and is refused by it.
FILES = frozenset({Kind.IMAGE, Kind.DOCUMENT, Kind.VIDEO})
MOST_KEPT = 40  # messages of one upload that are looked at
QUIET_S = 1.2  # after the last photo; an album's photos follow each other closer than that


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


def failures(album: Album, *, except_for: Container[int]) -> list[str]:
    return [_failure(number, reason) for number, reason in album.failed if number not in except_for]


def _failure(number: int, reason: str) -> str:
    other = texts.WHY_OTHER.format(what=texts.WHAT.get(reason, texts.WHAT_OTHER))
    return texts.PHOTO_FAILED.format(number=number, why=texts.WHY.get(reason, other))


async def gather(db: Db, tenant_id: TenantId, ids: Sequence[int]) -> Album:
    """What became of the photos of these messages. Equal pictures and files from the same address count once."""
    files = await attachments.of_inbox(db, tenant_id, [InboxId(id_) for id_ in ids])
    by_message = {one.inbox_id: one for one in files}
    album, seen = Album(), set[str]()
    for number, id_ in enumerate(ids, 1):
        album = _with(album, number, by_message.get(InboxId(id_)), seen)
    return album


def _with(album: Album, number: int, one: Attachment | None, seen: set[str]) -> Album:
    if one is None or one.kind == Kind.VIDEO:  # of which nobody has to wait for the last byte
        return replace(album, failed=(*album.failed, (number, "video" if one else "dropped")))
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
    data = {"ids": list(draft.photos), "told": draft.told, "next": question, "prefix": prefix, "since": time.time()}
    key = errand.turn.key
    await timers.save_in(errand.db, key.tenant_id, key.conversation_id, TimerKind.PHOTOS, seconds=QUIET_S, data=data)
    errand.ring_in(QUIET_S)


async def heard(errand: Errand) -> bool:
    """Whether the owner has heard of all photos; if not, there is nothing to hear any more."""
    return await timers.remove(errand.db, errand.tenant_id, errand.turn.key.conversation_id, TimerKind.PHOTOS) == 0


class Receipts:
    """What happens when that timer comes due."""

    def __init__(self, bell: Bell) -> None:
        self._bell = bell

    async def received(self, db: Db, tenant_id: TenantId, timer: Timer) -> list[ConversationKey]:
        data = timer.data
        album = await gather(db, tenant_id, data["ids"])
        if album.pending and time.time() - data["since"] < PATIENCE_S:
            await timers.save_in(db, tenant_id, timer.conversation_id, timer.kind, seconds=AGAIN_S, data=data)
            self._bell.ring_in(AGAIN_S)
            return []
        parts = (data["prefix"], album.said(told=data["told"]), data["next"])
        return await outbox.tell(db, tenant_id, timer.conversation_id, "\n\n".join(part for part in parts if part))

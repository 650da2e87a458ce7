"""Files that came with messages: fetched while the gateway still has them, and kept where only the showroom looks.

Photos of cars take a second step: what the owner waits for is that a photo arrived and can be used, so the variants
that pages need are made after that. A car gets a photo only once all its files are there.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

from autoleads import metrics
from autoleads.errors import MediaError, MediaRefused, MediaUnavailable
from autoleads.media.fetch import Fetcher
from autoleads.media.kinds import KEPT, PHOTOS, FileType, digest, sniff
from autoleads.media.photos import Photo
from autoleads.media.storage import Storage, private_key, public_key
from autoleads.media.workshop import Workshop
from autoleads.sql import attachments, carphotos
from autoleads.sql.attachments import Attachment, AttachmentState, Claimed
from autoleads.sql.pool import Database
from autoleads.stock_table import text_of
from autoleads.types import AttachmentId, TenantId

log = logging.getLogger(__name__)

_FIRST_PAUSE_S = 5.0
_NEXT_PAUSE = 3.0  # times the pause before
_PAUSES = 10  # then they stay as long; the last is more than a day


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """`hold_s`: longer than one file can take, for after that another process takes it for abandoned."""

    most_bytes: int
    most_list_bytes: int
    fetch_timeout_s: float
    give_up_s: float
    hold_s: float
    slots: int
    variant_slots: int
    poll_s: float


@dataclass(frozen=True, slots=True)
class _Step:
    """What is done with the files of one state, so many at once."""

    state: AttachmentState
    slots: int
    carry_out: Callable[[TenantId, Claimed], Awaitable[None]]
    tasks: set[asyncio.Task[None]] = field(default_factory=set)


class Collector:
    """A loop that asks the database which files wait. Every process runs one; claims keep them apart."""

    def __init__(
        self, database: Database, fetcher: Fetcher, workshop: Workshop, storage: Storage, *, limits: Limits
    ) -> None:
        self._database = database
        self._fetcher = fetcher
        self._workshop = workshop
        self._storage = storage
        self._limits = limits
        self._woken = asyncio.Event()
        # Each step has slots of its own: an album that comes does not wait for the variants of the one before.
        self._steps = (
            _Step(AttachmentState.PENDING, limits.slots, self._fetched),
            _Step(AttachmentState.CHECKED, limits.variant_slots, self._completed),
        )

    def wake(self) -> None:
        """A file came: look at once."""
        self._woken.set()

    async def run(self) -> None:
        """Until cancelled. What is under way then is left to whoever looks next."""
        try:
            while True:
                self._woken.clear()
                try:
                    await self.once()
                except Exception:
                    log.exception("looking for files failed")
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._limits.poll_s):
                        await self._woken.wait()
        finally:
            for task in self._tasks():
                task.cancel()
            await asyncio.gather(*self._tasks(), return_exceptions=True)

    async def idle(self) -> None:
        """Until nothing is under way here."""
        while tasks := self._tasks():
            await asyncio.wait(tasks)

    async def once(self) -> None:
        """Starts on what is due, as far as there are free slots; the next one to end wakes the loop."""
        for step in self._steps:
            if (free := step.slots - len(step.tasks)) > 0:
                for tenant_id, attachment_id in await attachments.due_all_tenants(
                    self._database, step.state, limit=free
                ):
                    task = asyncio.create_task(self._take(step, tenant_id, attachment_id), name=f"file {attachment_id}")
                    step.tasks.add(task)
                    task.add_done_callback(step.tasks.discard)

    def _tasks(self) -> list[asyncio.Task[None]]:
        return [task for step in self._steps for task in step.tasks]

    async def _take(self, step: _Step, tenant_id: TenantId, attachment_id: AttachmentId) -> None:
        claiming = asyncio.create_task(self._claim(step, tenant_id, attachment_id))
        try:
            try:
                # Never cut off: it may be stored all the same, and nobody would know that there is something to give
                # back.
                claimed = await asyncio.shield(claiming)
                if claimed is None:
                    return  # another process has it, which is no reason to look again at once
                await self._carry_out(step, tenant_id, claimed)
                self._woken.set()
            except asyncio.CancelledError:  # this process stops: nobody has to wait until the hold is over
                if (claimed := await claiming) is not None:
                    await self._give_back(tenant_id, claimed)
                raise
        except Exception:  # the hold ends by itself and the file is tried again
            log.exception("attachment failed: tenant=%s attachment=%s", tenant_id, attachment_id)

    async def _claim(self, step: _Step, tenant_id: TenantId, attachment_id: AttachmentId) -> Claimed | None:
        async with self._database.tenant(tenant_id) as db:
            return await attachments.claim(db, tenant_id, attachment_id, step.state, hold_s=self._limits.hold_s)

    async def _give_back(self, tenant_id: TenantId, claimed: Claimed, *, again_in_s: float = 0.0) -> None:
        one = claimed.attachment
        async with self._database.tenant(tenant_id) as db:
            await attachments.give_back(db, tenant_id, one.id, tries=one.tries, again_in_s=again_in_s)

    async def _carry_out(self, step: _Step, tenant_id: TenantId, claimed: Claimed) -> None:
        try:
            await step.carry_out(tenant_id, claimed)
        except MediaError as exc:
            await self._failed(tenant_id, claimed, exc)
        except Exception:  # nothing of the file's: the disk is full, the database was away for a moment
            one = claimed.attachment
            log.exception("attachment to be tried again: tenant=%s attachment=%s", tenant_id, one.id)
            await self._give_back(tenant_id, claimed, again_in_s=min(self._limits.hold_s, _pause_s(one)))

    async def _fetched(self, tenant_id: TenantId, claimed: Claimed) -> None:
        """A photo of somebody who may upload will be a car's. Nobody finds it before: its name comes from its
        content."""
        one = claimed.attachment
        path, content = await self._keep(tenant_id, one, of_manager=claimed.of_manager)
        public = carphotos.is_public(path)
        async with self._database.tenant(tenant_id) as db:
            if public:
                done = await attachments.set_checked(db, tenant_id, one.id, tries=one.tries, path=path)
            else:
                done = await attachments.set_stored(db, tenant_id, one.id, tries=one.tries, path=path, content=content)
            needed = done or await attachments.is_needed(db, tenant_id, one.conversation_id, one.id, path=path)
        if not needed:  # the customer's data were erased while the file was on its way
            await self._storage.delete(path)
        if not public:
            metrics.ATTACHMENTS.labels("stored").inc()

    async def _completed(self, tenant_id: TenantId, claimed: Claimed) -> None:
        one, path = claimed.attachment, claimed.attachment.path or ""
        try:
            original = Photo(name=path.rpartition("/")[2], data=await self._storage.read(path))
        except FileNotFoundError:
            raise MediaRefused("lost") from None
        files = await self._workshop.variants(original)
        await self._storage.put({public_key(tenant_id, name): data for name, data in files.items()})
        async with self._database.tenant(tenant_id) as db:
            await attachments.set_stored(db, tenant_id, one.id, tries=one.tries, path=path)
        metrics.ATTACHMENTS.labels("stored").inc()

    async def _keep(self, tenant_id: TenantId, one: Attachment, *, of_manager: bool) -> tuple[str, str | None]:
        """The key under which it is stored, and what it says if it may be a manager's list of cars."""
        data = await self._fetcher.fetch(
            one.source_url, most_bytes=self._limits.most_bytes, timeout=self._limits.fetch_timeout_s
        )
        if not data:
            raise MediaRefused("empty")
        content = None
        found, stem = await asyncio.to_thread(_looked_at, data)
        if found in PHOTOS:
            photo = await self._workshop.process(data)
            name, data = photo.name, photo.data
        elif found in KEPT:
            if of_manager and found in (FileType.TEXT, FileType.XLSX):
                content = await self._list(data, found)
            name = f"{stem}.{KEPT[found]}"
        else:
            raise MediaRefused(found)
        public = of_manager and found in PHOTOS
        key = public_key(tenant_id, name) if public else private_key(tenant_id, one.conversation_id, name)
        await self._storage.put({key: data})
        return key, content

    async def _list(self, data: bytes, found: FileType) -> str:
        if found is FileType.XLSX:
            data = (await self._workshop.sheet(data)).encode()
        if len(data) > self._limits.most_list_bytes:
            raise MediaRefused("long_list", f"over {self._limits.most_list_bytes} bytes")
        return text_of(data).replace("\0", "")

    async def _failed(self, tenant_id: TenantId, claimed: Claimed, exc: MediaError) -> None:
        one, age_s = claimed.attachment, claimed.age_s
        pause_s: float | None = _pause_s(one)
        if not isinstance(exc, MediaUnavailable) or age_s + (pause_s or 0) > self._limits.give_up_s:
            pause_s = None
        async with self._database.tenant(tenant_id) as db:
            await attachments.set_failed(db, tenant_id, one.id, tries=one.tries, problem=exc.reason, again_in_s=pause_s)
        metrics.ATTACHMENTS.labels("failed" if pause_s is None else "again").inc()
        log.info("file not kept: attachment=%s kind=%s reason=%s again_in_s=%s", one.id, one.kind, exc, pause_s)


def _pause_s(one: Attachment) -> float:
    return _FIRST_PAUSE_S * _NEXT_PAUSE ** (min(one.tries, _PAUSES) - 1)


def _looked_at(data: bytes) -> tuple[FileType, str]:
    return sniff(data), digest(data)

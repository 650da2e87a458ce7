"""Files that came with messages: fetched while the gateway still has them, and kept where only the showroom looks."""

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass

from autoleads import metrics
from autoleads.errors import MediaError, MediaRefused, MediaUnavailable
from autoleads.media.fetch import Fetcher
from autoleads.media.kinds import KEPT, PHOTOS, FileType, digest, sniff
from autoleads.media.storage import Storage, private_key, public_key
from autoleads.media.workshop import Workshop
from autoleads.sql import attachments
from autoleads.sql.attachments import Attachment
from autoleads.sql.pool import Database
from autoleads.stock_table import text_of
from autoleads.types import AttachmentId, TenantId

log = logging.getLogger(__name__)

_FIRST_PAUSE_S = 5.0
_NEXT_PAUSE = 3.0  # times the pause before


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """`hold_s`: longer than one file can take, for after that another process takes it for abandoned."""

    most_bytes: int
    most_list_bytes: int
    fetch_timeout_s: float
    give_up_s: float
    hold_s: float
    slots: int
    poll_s: float


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
        self._tasks: set[asyncio.Task[None]] = set()

    def wake(self) -> None:
        """A file came: look at once."""
        self._woken.set()

    async def run(self) -> None:
        """Until cancelled. What is under way then is left to whoever looks after its hold is over."""
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
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def idle(self) -> None:
        """Until nothing is under way here."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def once(self) -> None:
        """Starts on what is due, as far as there are free slots."""
        free = self._limits.slots - len(self._tasks)
        if free <= 0:
            return  # the next one to end wakes the loop
        for tenant_id, attachment_id in await attachments.due_all_tenants(self._database, limit=free):
            task = asyncio.create_task(self._collect(tenant_id, attachment_id), name=f"attachment {attachment_id}")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _collect(self, tenant_id: TenantId, attachment_id: AttachmentId) -> None:
        try:
            async with self._database.tenant(tenant_id) as db:
                claimed = await attachments.claim(db, tenant_id, attachment_id, hold_s=self._limits.hold_s)
            if claimed is None:
                return  # another process has it, which is no reason to look again at once
            one = claimed.attachment
            try:
                path, content = await self._keep(tenant_id, one, of_manager=claimed.of_manager)
            except MediaError as exc:
                await self._failed(tenant_id, one, exc, claimed.age_s)
            else:
                await self._stored(tenant_id, one, path, content)
                metrics.ATTACHMENTS.labels("stored").inc()
            self._woken.set()
        except Exception:  # the hold ends by itself and the file is tried again
            log.exception("attachment failed: tenant=%s attachment=%s", tenant_id, attachment_id)

    async def _keep(self, tenant_id: TenantId, one: Attachment, *, of_manager: bool) -> tuple[str, str | None]:
        """The key under which it is stored, and of a list of cars its text. Of who uploads cars a photo will be a
        car's, so all that pages need is made now, and publishing the car has only rows to write. Nobody finds it
        before: its name comes from its content."""
        data = await self._fetcher.fetch(
            one.source_url, most_bytes=self._limits.most_bytes, timeout=self._limits.fetch_timeout_s
        )
        if not data:
            raise MediaRefused("empty")
        content = None
        found, stem = await asyncio.to_thread(_looked_at, data)
        if found in PHOTOS:
            photo = await self._workshop.process(data, public=of_manager)
            if of_manager:
                await self._storage.put({public_key(tenant_id, name): file for name, file in photo.files.items()})
                return public_key(tenant_id, photo.original), None
            name, data = photo.original, photo.files[photo.original]
        elif found in KEPT:
            if of_manager and found in (FileType.TEXT, FileType.XLSX):
                content = await self._list(data, found)
            name = f"{stem}.{KEPT[found]}"
        else:
            raise MediaRefused(found)
        key = private_key(tenant_id, one.conversation_id, name)
        await self._storage.put({key: data})
        return key, content

    async def _list(self, data: bytes, found: FileType) -> str:
        if found is FileType.XLSX:
            data = (await self._workshop.sheet(data)).encode()
        if len(data) > self._limits.most_list_bytes:
            raise MediaRefused("long_list", f"over {self._limits.most_list_bytes} bytes")
        return text_of(data).replace("\0", "")

    async def _stored(self, tenant_id: TenantId, one: Attachment, path: str, content: str | None) -> None:
        async with self._database.tenant(tenant_id) as db:
            done = await attachments.set_stored(db, tenant_id, one.id, tries=one.tries, path=path, content=content)
            needed = done or await attachments.is_needed(db, tenant_id, one.conversation_id, one.id, path=path)
        if not needed:  # the customer's data were erased while the file was on its way
            await self._storage.delete(path)

    async def _failed(self, tenant_id: TenantId, one: Attachment, exc: MediaError, age_s: float) -> None:
        pause_s: float | None = _FIRST_PAUSE_S * _NEXT_PAUSE ** (one.tries - 1)
        if not isinstance(exc, MediaUnavailable) or age_s + (pause_s or 0) > self._limits.give_up_s:
            pause_s = None
        async with self._database.tenant(tenant_id) as db:
            await attachments.set_failed(db, tenant_id, one.id, tries=one.tries, problem=exc.reason, again_in_s=pause_s)
        metrics.ATTACHMENTS.labels("failed" if pause_s is None else "again").inc()
        log.info("file not kept: attachment=%s kind=%s reason=%s again_in_s=%s", one.id, one.kind, exc, pause_s)


def _looked_at(data: bytes) -> tuple[FileType, str]:
    return sniff(data), digest(data)

"""From a parsed webhook body to a stored row and a hint for the dispatcher."""

import asyncio
import logging
import time
from collections.abc import Sequence
from typing import Any

from autoleads import formats, metrics
from autoleads.bot.dispatcher import Dispatcher
from autoleads.bot.gateway.base import Inbound
from autoleads.errors import ShuttingDown
from autoleads.sql import inbox
from autoleads.sql.pool import Database

log = logging.getLogger(__name__)

_BATCH = 64


class Receiver:
    """Stores messages in group commits: whatever arrives while one statement runs goes into the next.

    One statement at a time, so that the order of arrival in this process is the order in the inbox.
    """

    def __init__(self, database: Database, dispatcher: Dispatcher, *, quiet_s: float) -> None:
        self._database = database
        self._dispatcher = dispatcher
        self._quiet_s = quiet_s
        self._waiting: list[tuple[inbox.Received, asyncio.Future[inbox.Receipt]]] = []
        self._flusher: asyncio.Task[None] | None = None

    async def accept(self, event: Inbound) -> inbox.Fate:
        """Returns once the row is committed. Raises what the database raises; then nothing was stored."""
        started = time.monotonic()
        future: asyncio.Future[inbox.Receipt] = asyncio.get_running_loop().create_future()
        self._waiting.append((_row(event), future))
        if self._flusher is None:
            self._flusher = asyncio.create_task(self._flush(), name="receiver flush")
        receipt = await future
        metrics.RECEIVE_SECONDS.observe(time.monotonic() - started)
        if receipt.fate is inbox.Fate.ACCEPTED and receipt.key is not None:
            try:
                self._dispatcher.submit(receipt.key, quiet_s=0.0 if receipt.staff else self._quiet_s)
            except ShuttingDown:
                log.debug("stored while shutting down; the next start answers it")
        return receipt.fate

    async def _flush(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:_BATCH], self._waiting[_BATCH:]
                metrics.RECEIVE_BATCH.observe(len(batch))
                await self._store(batch)
        finally:
            self._flusher = None

    async def _store(self, batch: Sequence[tuple[inbox.Received, asyncio.Future[inbox.Receipt]]]) -> None:
        try:
            receipts = await inbox.add_all_tenants(self._database, [row for row, _ in batch])
        except Exception as exc:
            if len(batch) > 1:
                # One row that the database refuses must not cost the others theirs.
                for item in batch:
                    await self._store([item])
            elif not batch[0][1].done():
                batch[0][1].set_exception(exc)
            return
        for (_, future), receipt in zip(batch, receipts, strict=True):
            if not future.done():  # the gateway may have hung up while its row was being stored
                future.set_result(receipt)


def _row(event: Inbound) -> inbox.Received:
    return inbox.Received(
        device=event.device,
        sender=event.sender,
        phone=formats.phone_digits(event.sender) if event.sender.isdecimal() else None,
        name=event.sender_name[:100],
        dedupe_key=event.dedupe_key,
        kind=event.kind,
        body=event.text,
        media=_media(event),
        sent_at=event.sent_at,
    )


def _media(event: Inbound) -> dict[str, Any] | None:
    known: dict[str, Any] = {
        "url": event.media_url,
        "filename": event.media_filename,
        "dropped": event.media_dropped or None,
        "latitude": event.latitude,
        "longitude": event.longitude,
    }
    said = {key: value for key, value in known.items() if value is not None}
    return said or None

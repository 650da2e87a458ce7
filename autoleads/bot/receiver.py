"""From a parsed webhook body to a stored row and a hint for the dispatcher."""

import logging
import re
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from autoleads import formats, metrics
from autoleads.bot.dispatcher import Dispatcher
from autoleads.bot.gateway.base import Inbound
from autoleads.errors import ShuttingDown
from autoleads.sql import inbox
from autoleads.sql.batch import Batch
from autoleads.sql.pool import Database

log = logging.getLogger(__name__)

# Marks that turn the direction of writing: one in a name would turn what stands behind it.
_REORDERS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class Receiver:
    """Stores messages in group commits, in the order of their arrival in this process. `file_came` is a hint that
    a file waits to be fetched."""

    def __init__(
        self,
        database: Database,
        dispatcher: Dispatcher,
        *,
        quiet_s: float,
        file_came: Callable[[], None] = lambda: None,
    ) -> None:
        self._store = Batch(partial(inbox.add_all_tenants, database), group=lambda row: (row.device, row.sender))
        self._dispatcher = dispatcher
        self._quiet_s = quiet_s
        self._file_came = file_came

    async def accept(self, event: Inbound) -> inbox.Fate:
        """Returns once the row is committed. Raises what the database raises; then nothing was stored."""
        started = time.monotonic()
        receipt = await self._store(_row(event))
        metrics.RECEIVE_SECONDS.observe(time.monotonic() - started)
        if receipt.fate is inbox.Fate.ACCEPTED and receipt.key is not None:
            if event.media_url is not None:
                self._file_came()
            try:
                self._dispatcher.submit(receipt.key, quiet_s=0.0 if receipt.staff else self._quiet_s)
            except ShuttingDown:
                log.debug("stored while shutting down; the next start answers it")
        return receipt.fate


def _row(event: Inbound) -> inbox.Received:
    return inbox.Received(
        device=event.device,
        sender=event.sender,
        phone=formats.phone_digits(event.sender) if event.sender.isdecimal() else None,
        name=" ".join(_REORDERS.sub("", event.sender_name).split())[:100],
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

"""Hearing of every change of a showroom, whichever process made it."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from autoleads.sql.pool import Database
from autoleads.types import TenantId

_CHANNEL = "tenant_changed"  # of schema.sql
_PROBE_S, _PATIENCE_S = 10.0, 5.0


async def follow(database: Database, *, begun: Callable[[], None], heard: Callable[[TenantId], None]) -> None:
    """Calls `heard` for each change that is committed after `begun` was called. Returns or raises when the connection
    is lost, which a probe notices that the network would keep quiet about."""
    async with database.alone() as db:
        lost = asyncio.Event()

        def ended(_: Any) -> None:
            lost.set()

        def notified(_connection: Any, _process: int, _channel: str, payload: str) -> None:
            heard(TenantId(int(payload)))

        db.add_termination_listener(ended)
        await db.add_listener(_CHANNEL, notified)
        begun()
        while not lost.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(_PROBE_S):
                    await lost.wait()
            await db.fetchval("SELECT 1", timeout=_PATIENCE_S)

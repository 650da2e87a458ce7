"""What happens by itself: forgotten work is picked up, timers come due, old rows go."""

import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from uuid import UUID

from autoleads import metrics
from autoleads.bot.bell import Bell
from autoleads.bot.dispatcher import Dispatcher
from autoleads.errors import ShuttingDown
from autoleads.sql import conversations, inbox, timers
from autoleads.sql.pool import Database, Db
from autoleads.sql.timers import Timer, TimerKind
from autoleads.types import ConversationKey, TenantId, TimerId

log = logging.getLogger(__name__)

# Does what a timer asks for, in the transaction that takes the timer; its conversation is locked. Returns the
# conversations that got something to send.
Alarm = Callable[[Db, TenantId, Timer], Awaitable[list[ConversationKey]]]

_LIMIT = 500
_PRUNE_EVERY_S = 3600.0


class Sweep:
    """A loop that asks the database what waits. Every process runs one; claims keep them apart."""

    def __init__(
        self,
        database: Database,
        dispatcher: Dispatcher,
        *,
        owner: UUID,
        every_s: float,
        settle_s: float,
        keep_days: int,
        alarms: Mapping[TimerKind, Alarm],
        bell: Bell,
    ) -> None:
        self._database = database
        self._dispatcher = dispatcher
        self._owner = owner
        self._every_s = every_s
        self._settle_s = settle_s
        self._keep_days = keep_days
        self._alarms = alarms
        self._bell = bell
        self._pruned_at = time.monotonic()

    async def run(self) -> None:
        """Until cancelled. A failing pass is logged and tried again: the database may be away for a while."""
        settle_s = 0.0  # at the start nobody else answers for what an earlier process received
        while True:
            try:
                await self.once(settle_s)
                settle_s = self._settle_s
            except ShuttingDown:
                return
            except Exception:
                log.exception("sweep failed")
            await self._wait()

    async def _wait(self) -> None:
        """For the next pass; timers that are waited for do not wait for it."""
        until = time.monotonic() + self._every_s
        while (left_s := until - time.monotonic()) > 0 and await self._bell.wait(left_s):
            try:
                await self._fire_due()
            except ShuttingDown:
                return
            except Exception:
                log.exception("looking for timers failed")

    async def once(self, settle_s: float) -> None:
        for key in await conversations.due_all_tenants(
            self._database, owner=self._owner, settle_s=settle_s, limit=_LIMIT
        ):
            if not self._dispatcher.has(key):
                metrics.SWEPT.inc()
                self._dispatcher.submit(key)
        await self._fire_due()
        await self._measure()
        if time.monotonic() - self._pruned_at > _PRUNE_EVERY_S:
            self._pruned_at = time.monotonic()
            await inbox.prune_all_tenants(self._database, keep_days=self._keep_days)

    async def _fire_due(self) -> None:
        for tenant_id, timer_id in await timers.due_all_tenants(self._database, limit=_LIMIT):
            try:
                await self._fire(tenant_id, timer_id)
            except Exception:  # it stays and is tried again; the others are not to wait for it
                log.exception("timer failed: tenant=%s timer=%s", tenant_id, timer_id)

    async def _fire(self, tenant_id: TenantId, timer_id: TimerId) -> None:
        async with self._database.tenant(tenant_id) as db:
            timer = await timers.claim(db, tenant_id, timer_id)
            if timer is None:
                return
            woken = await self._alarms[timer.kind](db, tenant_id, timer)
        metrics.TIMERS.labels(timer.kind).inc()
        for key in woken:
            self._dispatcher.submit(key)

    async def _measure(self) -> None:
        backlog = await conversations.backlog_all_tenants(self._database)
        metrics.OPEN_CONVERSATIONS.set(backlog.open_conversations)
        metrics.OLDEST_SECONDS.set(backlog.oldest_s)
        metrics.OUTBOX_WAITING.set(backlog.outbox_waiting)
        metrics.OUTBOX_DEAD.set(backlog.dead)
        pool = self._database.pool
        metrics.POOL.labels("open").set(pool.get_size())
        metrics.POOL.labels("idle").set(pool.get_idle_size())

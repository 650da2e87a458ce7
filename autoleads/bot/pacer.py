"""How fast a device may send, over all processes."""

import asyncio
import time
from collections import defaultdict

from autoleads import metrics
from autoleads.sql import devices
from autoleads.sql.pool import Database
from autoleads.types import DeviceId, TenantId


class Pacer:
    """Hands out sending slots of a device in the order they were asked for.

    Slots are reserved in the device's row, which all processes share; whoever asks while a reservation is
    under way is served by the next one, so a busy device costs one statement for many sends.
    """

    def __init__(self, database: Database, *, rate: float, burst: int, patience_s: float) -> None:
        self._database = database
        self._rate = rate
        self._burst = burst
        self._patience_s = patience_s
        self._waiting: defaultdict[tuple[TenantId, DeviceId], list[asyncio.Future[tuple[bool, float]]]] = defaultdict(
            list
        )
        self._tasks: set[asyncio.Task[None]] = set()

    async def slot(self, tenant_id: TenantId, device_id: DeviceId) -> float:
        """Returns 0 when the device may send one message. When that is further off than the patience, returns at
        once in how many seconds to ask again: a long backlog waits in the outbox, not here."""
        started = time.monotonic()
        future: asyncio.Future[tuple[bool, float]] = asyncio.get_running_loop().create_future()
        queue = self._waiting[(tenant_id, device_id)]
        queue.append(future)
        if len(queue) == 1:
            task = asyncio.create_task(self._reserve(tenant_id, device_id), name=f"pacer {device_id}")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        granted, wait_s = await future
        if not granted:
            return wait_s
        if wait_s > 0:
            await asyncio.sleep(wait_s)
        metrics.PACED_SECONDS.observe(time.monotonic() - started)
        return 0.0

    async def _reserve(self, tenant_id: TenantId, device_id: DeviceId) -> None:
        queue = self._waiting[(tenant_id, device_id)]
        done = 0
        try:
            while done < len(queue):
                asked = queue[done:]
                first_s, granted = await devices.pace(
                    self._database,
                    tenant_id,
                    device_id,
                    count=len(asked),
                    rate=self._rate,
                    burst=self._burst,
                    patience_s=self._patience_s,
                )
                for n, future in enumerate(asked):
                    if not future.done():
                        future.set_result((n < granted, first_s + n / self._rate))
                done += len(asked)
        except Exception as exc:
            for future in queue[done:]:
                if not future.done():
                    future.set_exception(exc)
        finally:
            del self._waiting[(tenant_id, device_id)]

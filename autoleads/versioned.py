"""What a process remembers of its showrooms, right as long as a version says so."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from autoleads.types import TenantId

T = TypeVar("T")


class Versioned(Generic[T]):
    """The newest known value per tenant; the least recently used goes first.

    `load` gives a value with the version it is at least right for. Values may differ in weight; together they weigh
    no more than `most`, but for a single one that does.
    """

    def __init__(
        self,
        load: Callable[[TenantId], Awaitable[tuple[int, T]]],
        most: int,
        *,
        weigh: Callable[[T], int] = lambda _: 1,
    ) -> None:
        self._load = load
        self._most = most
        self._weigh = weigh
        self._weight = 0
        self._known: OrderedDict[TenantId, tuple[int, T]] = OrderedDict()
        self._loading: dict[TenantId, asyncio.Task[tuple[int, T]]] = {}

    async def get(self, tenant_id: TenantId, version: int) -> T:
        found = self.at_hand(tenant_id, version)
        if found is not None:
            return found
        known = await self._loaded(tenant_id)
        if known[0] < version:  # that one had begun before the change
            known = await self._loaded(tenant_id)
        return known[1]

    def at_hand(self, tenant_id: TenantId, version: int) -> T | None:
        """None when it would have to be loaded."""
        known = self._known.get(tenant_id)
        if known is None or known[0] < version:
            return None
        self._known.move_to_end(tenant_id)
        return known[1]

    def kept(self, tenant_id: TenantId) -> T | None:
        """The newest known, which may be an old one."""
        known = self._known.get(tenant_id)
        return None if known is None else known[1]

    async def _loaded(self, tenant_id: TenantId) -> tuple[int, T]:
        """Loaded once, however many ask at the same moment; one that is cut off costs the others nothing."""
        task = self._loading.get(tenant_id)
        if task is None:
            task = self._loading[tenant_id] = asyncio.create_task(self._remember(tenant_id), name="versioned")
            task.add_done_callback(lambda _: self._loading.pop(tenant_id))
        return await asyncio.shield(task)

    async def _remember(self, tenant_id: TenantId) -> tuple[int, T]:
        known = await self._load(tenant_id)
        self._forget(tenant_id)
        self._known[tenant_id] = known
        self._weight += self._weigh(known[1])
        while self._weight > self._most and len(self._known) > 1:
            self._forget(next(iter(self._known)))
        return known

    def _forget(self, tenant_id: TenantId) -> None:
        known = self._known.pop(tenant_id, None)
        if known is not None:
            self._weight -= self._weigh(known[1])

"""What a process remembers of its showrooms, right as long as the database's version says so."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from autoleads.bot.turn import Branch, Showroom
from autoleads.sql import branches, cars, devices, tenants
from autoleads.sql.pool import Database
from autoleads.stock import Stock
from autoleads.types import TenantId

T = TypeVar("T")


class _Versioned(Generic[T]):
    """The newest known value per tenant; the least recently used goes first."""

    def __init__(self, load: Callable[[TenantId], Awaitable[tuple[int, T]]], size: int) -> None:
        self._load = load
        self._size = size
        self._known: OrderedDict[TenantId, tuple[int, T]] = OrderedDict()
        self._loading: dict[TenantId, asyncio.Task[tuple[int, T]]] = {}

    async def get(self, tenant_id: TenantId, version: int) -> T:
        known = self._known.get(tenant_id)
        if known is None or known[0] < version:
            known = await self._loaded(tenant_id)
            if known[0] < version:  # that one had begun before the change
                known = await self._loaded(tenant_id)
        if tenant_id in self._known:
            self._known.move_to_end(tenant_id)
        return known[1]

    async def _loaded(self, tenant_id: TenantId) -> tuple[int, T]:
        """Loaded once, however many turns ask at the same moment; one that is cut off costs the others nothing."""
        task = self._loading.get(tenant_id)
        if task is None:
            task = self._loading[tenant_id] = asyncio.create_task(self._remember(tenant_id), name="directory")
            task.add_done_callback(lambda _: self._loading.pop(tenant_id))
        return await asyncio.shield(task)

    async def _remember(self, tenant_id: TenantId) -> tuple[int, T]:
        known = self._known[tenant_id] = await self._load(tenant_id)
        while len(self._known) > self._size:
            self._known.popitem(last=False)
        return known


class Directory:
    """Showrooms and their stock. The version to ask for comes with every turn, so a change of any process
    is seen by the next turn of all."""

    def __init__(self, database: Database, *, site_url: Callable[[str], str], size: int = 200) -> None:
        self._database = database
        self._site_url = site_url
        self._showrooms = _Versioned(self._load_showroom, size)
        self._stocks = _Versioned(self._load_stock, size)

    async def showroom(self, tenant_id: TenantId, version: int) -> Showroom:
        return await self._showrooms.get(tenant_id, version)

    async def stock(self, tenant_id: TenantId, version: int) -> Stock:
        return await self._stocks.get(tenant_id, version)

    async def _load_stock(self, tenant_id: TenantId) -> tuple[int, Stock]:
        async with self._database.tenant(tenant_id) as db:
            stock = await cars.stock(db, tenant_id)
        return stock.version, stock

    async def _load_showroom(self, tenant_id: TenantId) -> tuple[int, Showroom]:
        async with self._database.tenant(tenant_id) as db:
            tenant = await tenants.need(db, tenant_id)
            places = await branches.all_of(db, tenant_id)
            numbers = await devices.tokens(db, tenant_id)
        showroom = Showroom(
            name=tenant.name,
            slug=tenant.slug,
            phone=tenant.phone,
            whatsapp=numbers[0][0] if numbers else "",
            email=tenant.email,
            address=tenant.address,
            city=tenant.city,
            maps_url=tenant.maps_url,
            hours=tenant.business_hours,
            timezone=tenant.timezone,
            site_url=self._site_url(tenant.slug),
            branches=tuple(_branch(place) for place in places),
            settings=tenant.settings,
        )
        return tenant.profile_version, showroom


def _branch(row: branches.BranchRow) -> Branch:
    return Branch(
        id=row.id,
        name=row.name,
        address=row.address,
        city=row.city,
        phone=row.phone,
        maps_url=row.maps_url,
        hours=row.business_hours,
    )

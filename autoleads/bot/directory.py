"""Showrooms as the bot knows them, remembered as long as the database's version says so."""

from collections.abc import Callable

from autoleads.bot.turn import Branch, Showroom
from autoleads.sql import branches, cars, devices, tenants
from autoleads.sql.pool import Database
from autoleads.stock import Stock
from autoleads.types import TenantId
from autoleads.versioned import Versioned


class Directory:
    """Showrooms and their stock. The version to ask for comes with every turn, so a change of any process
    is seen by the next turn of all."""

    def __init__(self, database: Database, *, site_url: Callable[[str, str | None], str], size: int = 200) -> None:
        """`site_url` of a slug and a domain, which may be None."""
        self._database = database
        self._site_url = site_url
        self._showrooms = Versioned(self._load_showroom, size)
        self._stocks = Versioned(self._load_stock, size)

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
            site_url=self._site_url(tenant.slug, tenant.domain),
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

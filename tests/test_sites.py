"""Whose host it is and what is remembered of a showroom: right at once after any change, also in another process."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from autoleads.config import Config
from autoleads.sql import cars
from autoleads.sql.pool import Database, open_database
from autoleads.types import CarStatus, TenantId
from autoleads.web.sites import Sites, following
from tests import make
from tests.patience import patience


@pytest.fixture
async def sites(database: Database, config: Config) -> AsyncIterator[Sites]:
    sites = Sites(database, config)
    async with following(sites):
        yield sites


async def until_seen(sites: Sites, tenant_id: TenantId, states: list[CarStatus]) -> None:
    async with patience():
        while True:
            seen = await sites.catalogue(tenant_id, sites.version(tenant_id))
            if [car.status for car in seen.cars] == states:
                return
            await asyncio.sleep(0)


@pytest.mark.parametrize("form", ["{}.localhost", "{}.localhost:3000", "{}.LOCALHOST", "{}.localhost."])
async def test_a_showroom_answers_below_the_platform(database: Database, sites: Sites, form: str) -> None:
    tenant_id = await make.tenant(database)
    await make.tenant(database)
    slug = await make.slug_of(database, tenant_id)

    found = await sites.find(form.format(slug))

    assert found is not None
    assert (found.id, found.slug, found.open, found.domain) == (tenant_id, slug, True, None)


@pytest.mark.parametrize(
    "host", ["", ".", "localhost", "localhost:3000", ".localhost", "x" * 300, "a.b.c", "[::1]:80", "\x00.localhost"]
)
async def test_a_host_that_is_nobodys(database: Database, sites: Sites, host: str) -> None:
    await make.tenant(database)

    assert await sites.find(host) is None


async def test_an_own_domain_answers_once_it_is_verified(database: Database, sites: Sites) -> None:
    tenant_id = await make.tenant(database)
    for verified, certificate, owner, domain in (
        (False, "pending", None, None),
        (True, "pending", tenant_id, None),
        (True, "active", tenant_id, "mobil.example"),
    ):
        async with database.tenant(tenant_id) as db:
            await db.execute(
                "UPDATE tenant SET custom_domain = 'mobil.example', custom_domain_verified = $1, "
                "custom_domain_ssl_status = $2",
                verified,
                certificate,
            )
        async with patience():
            while True:
                found = await sites.find("mobil.example")
                if (found and found.id, found and found.domain) == (owner, domain):
                    break
                await asyncio.sleep(0)


async def test_what_another_process_changes_is_seen(database: Database, sites: Sites, dsn: str) -> None:
    tenant_id = await make.tenant(database)
    await make.cars(database, tenant_id, make.car_row())
    await until_seen(sites, tenant_id, [CarStatus.AVAILABLE])

    async with open_database(dsn, size_min=1, size_max=1, slow_query_s=5) as other, other.tenant(tenant_id) as db:
        await cars.set_status(db, tenant_id, (await db.fetchval("SELECT id FROM car")), CarStatus.SOLD)

    await until_seen(sites, tenant_id, [CarStatus.SOLD])


async def test_nothing_is_believed_while_nobody_listens(database: Database, sites: Sites) -> None:
    tenant_id = await make.tenant(database)
    await make.cars(database, tenant_id, make.car_row())
    await until_seen(sites, tenant_id, [CarStatus.AVAILABLE])

    async with database.pool.acquire() as db:
        await db.execute("RESET ROLE")
        await db.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query ILIKE 'listen%' AND datname = "
            "current_database()"
        )
    async with database.tenant(tenant_id) as db:
        await db.execute("UPDATE car SET status = 'booking' WHERE tenant_id = $1", tenant_id)

    await until_seen(sites, tenant_id, [CarStatus.BOOKING])

"""What a process remembers: loaded once, right for the version asked for, bounded."""

import asyncio

from autoleads.bot.directory import Directory
from autoleads.sql import branches, cars, tenants
from autoleads.sql.pool import Database
from autoleads.types import CarStatus, TenantId
from tests import make


async def _versions(database: Database, tenant_id: TenantId) -> tuple[int, int]:
    async with database.tenant(tenant_id) as db:
        tenant = await tenants.need(db, tenant_id)
    return tenant.profile_version, tenant.stock_version


def _statements(database: Database, seen: list[str]) -> None:
    for holder in database.pool._holders:
        if holder._con is not None:
            holder._con.add_query_logger(lambda record: seen.append(record.query))


async def test_a_change_is_seen_by_the_next_question(database: Database) -> None:
    tenant_id = await make.sample(database)
    directory = Directory(database, site_url=lambda slug, _: f"https://{slug}.example")
    profile, version = await _versions(database, tenant_id)
    before = await directory.stock(tenant_id, version)

    async with database.tenant(tenant_id) as db:
        await cars.set_status(db, tenant_id, before.cars[0].id, CarStatus.SOLD)
        await branches.add(db, tenant_id, name="Darmo", phone="6231234567", address="Jl. Raya Darmo 1")
    newer = await _versions(database, tenant_id)
    showroom = await directory.showroom(tenant_id, newer[0])
    after = await directory.stock(tenant_id, newer[1])

    assert newer[0] > profile
    assert newer[1] > version
    assert [branch.name for branch in showroom.branches] == ["Darmo"]
    assert len(after.available) == len(before.available) - 1
    assert after.version == newer[1]


async def test_it_is_loaded_once_however_many_ask(database: Database) -> None:
    tenant_id = await make.sample(database)
    directory = Directory(database, site_url=lambda slug, _: slug)
    _, version = await _versions(database, tenant_id)
    seen: list[str] = []
    _statements(database, seen)

    stocks = await asyncio.gather(*(directory.stock(tenant_id, version) for _ in range(20)))
    again = await directory.stock(tenant_id, version)

    assert all(stock is again for stock in stocks)
    assert len([query for query in seen if "FROM car " in query]) <= 1


async def test_who_is_cut_off_while_loading_costs_the_others_nothing(database: Database) -> None:
    tenant_id = await make.sample(database)
    directory = Directory(database, site_url=lambda slug, _: slug)
    _, version = await _versions(database, tenant_id)
    gone = asyncio.create_task(directory.stock(tenant_id, version))
    stays = asyncio.create_task(directory.stock(tenant_id, version))
    await asyncio.sleep(0)
    gone.cancel()

    assert len((await stays).cars) == 3
    assert gone.cancelled()


async def test_a_load_that_began_before_the_change_is_made_again(database: Database) -> None:
    tenant_id = await make.sample(database)
    directory = Directory(database, site_url=lambda slug, _: slug)
    _, version = await _versions(database, tenant_id)
    early = asyncio.create_task(directory.stock(tenant_id, version))
    await asyncio.sleep(0)
    late = asyncio.create_task(directory.stock(tenant_id, version + 1))  # shares the load that is under way
    await asyncio.gather(early)
    async with database.tenant(tenant_id) as db:
        await db.execute("UPDATE tenant SET stock_version = stock_version + 1")

    assert (await late).version >= version
    assert (await directory.stock(tenant_id, version + 1)).version == version + 1


async def test_the_least_asked_for_goes_first(database: Database) -> None:
    one, two = await make.sample(database), await make.tenant(database)
    directory = Directory(database, site_url=lambda slug, _: slug, size=1)
    first = await directory.stock(one, 1)
    await directory.stock(two, 1)

    assert await directory.stock(one, 1) is not first

"""The pace of a device, over the row that all processes share."""

import asyncio
import time
from functools import partial

import asyncpg
import pytest

from autoleads.bot.pacer import Pacer
from autoleads.sql import devices
from autoleads.sql.pool import Database
from autoleads.types import DeviceId, TenantId
from tests import make


async def _device(database: Database) -> tuple[TenantId, DeviceId]:
    tenant_id = await make.tenant(database)
    return tenant_id, await make.device_id_of(database, tenant_id)


async def test_a_burst_passes_and_then_the_rate_holds(database: Database) -> None:
    device = await _device(database)
    pacer = Pacer(database, rate=50, burst=5, patience_s=5)
    started = time.monotonic()

    await asyncio.gather(*(pacer.slot(*device) for _ in range(15)))

    assert time.monotonic() - started >= 10 / 50 - 0.03


async def test_the_pace_holds_over_processes(database: Database) -> None:
    device = await _device(database)
    processes = [Pacer(database, rate=50, burst=1, patience_s=5) for _ in range(3)]
    started = time.monotonic()

    await asyncio.gather(*(pacer.slot(*device) for pacer in processes for _ in range(5)))

    assert time.monotonic() - started >= 14 / 50 - 0.03


async def test_slots_are_given_in_the_order_they_were_asked_for(database: Database) -> None:
    device = await _device(database)
    pacer, given = Pacer(database, rate=200, burst=1, patience_s=5), []

    async def ask(n: int) -> None:
        await pacer.slot(*device)
        given.append(n)

    await asyncio.gather(*(ask(n) for n in range(12)))

    assert given == list(range(12))


async def test_waiting_costs_one_statement_for_many(database: Database) -> None:
    device = await _device(database)
    statements: list[str] = []
    async with database.pool.acquire() as connection:
        connection.add_query_logger(lambda record: statements.append(record.query))
        await connection.fetchval("SELECT 1")
        statements.clear()
    pacer = Pacer(database, rate=10_000, burst=1000, patience_s=5)

    await asyncio.gather(*(pacer.slot(*device) for _ in range(100)))

    assert len([s for s in statements if "device_pace" in s]) <= 2


async def test_a_quiet_device_may_burst_again(database: Database) -> None:
    tenant_id, device_id = await _device(database)

    ask = partial(devices.pace, database, tenant_id, device_id, rate=0.001, burst=10)

    first = await ask(count=10, patience_s=5)
    next_ = await ask(count=1, patience_s=2_000)
    too_far = await ask(count=1, patience_s=5)

    assert first[0] <= 0
    assert first[1] == 10
    assert 900 <= next_[0] <= 1_000
    assert next_[1] == 1
    assert too_far[1] == 0


async def test_a_caller_that_gave_up_costs_the_others_nothing(database: Database) -> None:
    device = await _device(database)
    pacer = Pacer(database, rate=1000, burst=10, patience_s=5)
    gone = asyncio.create_task(pacer.slot(*device))
    await asyncio.sleep(0)
    gone.cancel()

    await pacer.slot(*device)

    assert gone.cancelling()


async def test_a_database_that_is_away_fails_the_callers(database: Database) -> None:
    device = await _device(database)
    pacer = Pacer(database, rate=1000, burst=10, patience_s=5)
    await database.pool.close()

    gone = asyncio.create_task(pacer.slot(*device))
    callers = [asyncio.create_task(pacer.slot(*device)) for _ in range(2)]
    await asyncio.sleep(0)
    gone.cancel()
    results = await asyncio.gather(*callers, return_exceptions=True)

    assert [type(result) for result in results] == [asyncpg.InterfaceError] * 2
    with pytest.raises(asyncpg.InterfaceError):
        await pacer.slot(*device)

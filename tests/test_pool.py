"""A tenant's transaction: all or nothing, whatever ends it."""

import time

import asyncpg
import pytest

from autoleads.sql import branches, pool
from autoleads.sql.pool import Database
from tests import make


async def test_an_error_takes_everything_back(database: Database) -> None:
    tenant_id = await make.tenant(database)

    async def fails() -> None:
        async with database.tenant(tenant_id) as db:
            await branches.add(db, tenant_id, name="Pusat")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fails()

    async with database.tenant(tenant_id) as db:
        assert await branches.all_of(db, tenant_id) == []


async def test_a_connection_that_breaks_says_so(database: Database) -> None:
    tenant_id = await make.tenant(database)

    async def breaks() -> None:
        async with database.tenant(tenant_id) as db:
            db.terminate()
            await branches.add(db, tenant_id, name="Pusat")

    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
        await breaks()

    async with database.tenant(tenant_id) as db:  # the pool has others
        assert await branches.all_of(db, tenant_id) == []


async def test_a_swallowed_error_does_not_pass_for_stored(database: Database) -> None:
    tenant_id = await make.tenant(database)

    async def swallows() -> None:
        async with database.tenant(tenant_id) as db:
            with pytest.raises(asyncpg.PostgresError):
                await db.execute("SELECT no_such_function()")

    with pytest.raises(asyncpg.PostgresError, match="nothing was stored"):
        await swallows()


async def test_a_slow_statement_is_named_in_the_log(dsn: str, caplog: pytest.LogCaptureFixture) -> None:
    for limit_s in (0.01, 3_600.0):
        async with pool.open_database(dsn, size_min=1, size_max=1, slow_query_s=limit_s) as database:
            await database.pool.fetchval(f"SELECT pg_sleep(0.02), {limit_s} AS allowed")

    slow = [record.message for record in caplog.records if "slow statement" in record.message]
    assert any("0.01 AS allowed" in message for message in slow)
    assert not any("3600.0 AS allowed" in message for message in slow)


async def test_a_ping_tells_its_seconds(database: Database) -> None:
    started = time.monotonic()

    took = await pool.ping(database)

    assert 0 < took <= time.monotonic() - started

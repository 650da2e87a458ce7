"""Connections: the working role, the tenant of a transaction, a warning for slow statements."""

import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import asyncpg
import orjson

from autoleads.types import TenantId

log = logging.getLogger(__name__)

WORKING_ROLE = "autoleads_app"
_CLOSE_S = 2.0
_SESSION = {
    "application_name": "autoleads",
    "jit": "off",
    # A frozen process must not keep rows locked that another one needs.
    "idle_in_transaction_session_timeout": "5s",
    "lock_timeout": "2s",
    "statement_timeout": "30s",
}

# A connection or a pool: both run a statement. Functions that must share a transaction take a connection.
Db = Any


class Database:
    """The pool, and the only way to a tenant's rows: `tenant()` names the tenant for one transaction.

    Statements run on `pool` itself see no tenant rows; that is for functions of schema.sql that name
    the tenant in an argument, or that span tenants.
    """

    def __init__(self, pool: asyncpg.Pool, connect: Callable[[], Awaitable[asyncpg.Connection]]) -> None:
        self.pool = pool
        self._connect = connect

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[asyncpg.Connection]:
        """A connection beside the pool, for who keeps it for good."""
        db = await self._connect()
        try:
            yield db
        finally:
            with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
                await db.close(timeout=_CLOSE_S)

    @asynccontextmanager
    async def tenant(self, tenant_id: TenantId) -> AsyncIterator[Db]:
        """A transaction in which exactly this tenant's rows exist. Hold it only while the database works."""
        async with self.pool.acquire() as db:
            try:
                # One round trip for both: the value is a number, so it cannot carry anything else.
                await db.execute(f"BEGIN; SET LOCAL app.tenant_id = '{int(tenant_id)}'")
                yield db
            except BaseException:
                # On a broken connection this fails too; the error that led here is the one to report.
                with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
                    await db.execute("ROLLBACK")
                raise
            _need_committed(await db.execute("COMMIT"))

    @asynccontextmanager
    async def undone(self, tenant_id: TenantId) -> AsyncIterator[Db]:
        """Like `tenant`, and nothing of it is kept."""
        async with self.pool.acquire() as db:
            try:
                await db.execute(f"BEGIN; SET LOCAL app.tenant_id = '{int(tenant_id)}'")
                yield db
            finally:
                with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
                    await db.execute("ROLLBACK")


def _need_committed(answer: str) -> None:
    """After a statement whose error was swallowed PostgreSQL answers COMMIT with a rollback."""
    if answer != "COMMIT":
        raise asyncpg.InFailedSQLTransactionError("nothing was stored: an earlier statement had failed")


@asynccontextmanager
async def open_database(dsn: str, *, size_min: int, size_max: int, slow_query_s: float) -> AsyncIterator[Database]:
    """A pool whose sessions work as the role that row-level security binds."""

    async def prepare(connection: asyncpg.Connection) -> None:
        await connection.set_type_codec(
            "jsonb",
            schema="pg_catalog",
            encoder=lambda value: orjson.dumps(value).decode(),
            decoder=orjson.loads,
        )
        connection.add_query_logger(lambda record: _warn_if_slow(record, slow_query_s))

    async def keep(_: asyncpg.Connection) -> None:
        """Nothing to reset: settings are local to transactions, and sessions hold no other state."""

    settings: dict[str, Any] = {"command_timeout": 30, "server_settings": {"role": WORKING_ROLE, **_SESSION}}
    async with asyncpg.create_pool(
        dsn, min_size=size_min, max_size=size_max, init=prepare, reset=keep, **settings
    ) as pool:
        yield Database(pool, lambda: asyncpg.connect(dsn, **settings))


def _warn_if_slow(record: Any, slow_query_s: float) -> None:
    if record.elapsed > slow_query_s:
        log.warning("slow statement: seconds=%.2f sql=%s", record.elapsed, " ".join(record.query.split())[:200])


async def ping(database: Database) -> float:
    """Seconds for the smallest question; raises what asyncpg raises when the database is away."""
    started = time.monotonic()
    await database.pool.fetchval("SELECT 1", timeout=2)
    return time.monotonic() - started

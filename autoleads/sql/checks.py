"""What `autoleads check` asks the database about itself."""

import time
from dataclasses import dataclass

import asyncpg

from autoleads.sql import migrate
from autoleads.sql.pool import WORKING_ROLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """`bypasses` are the ways in which the working role would escape row-level security; `open_tables` the
    tenant tables that do not force it. `clock_offset_s` as the function of that name says."""

    server: str
    version: int
    clock_offset_s: float
    round_trip_s: float
    bypasses: tuple[str, ...]
    open_tables: tuple[str, ...]


async def facts(dsn: str) -> Facts:
    """Raises what asyncpg raises when the database or the working role is not there."""
    version = await migrate.current(dsn)
    db = await asyncpg.connect(dsn)
    try:
        started, before = time.monotonic(), time.time()
        database_time = await db.fetchval("SELECT extract(epoch FROM clock_timestamp())::float8")
        after, round_trip_s = time.time(), time.monotonic() - started
        return Facts(
            server=str(await db.fetchval("SHOW server_version")),
            version=version,
            clock_offset_s=clock_offset_s(database_time, before, after),
            round_trip_s=round_trip_s,
            bypasses=await _bypasses(db) if version else (),
            open_tables=await _open_tables(db) if version else (),
        )
    finally:
        await db.close()


def clock_offset_s(database: float, before: float, after: float) -> float:
    """How far the database's clock is surely ahead of this machine's, or behind it if negative: it told its time
    between the other two, and a busy machine may take its time over that."""
    return max(0.0, database - after) - max(0.0, before - database)


async def _bypasses(db: asyncpg.Connection) -> tuple[str, ...]:
    await db.execute(f"SET ROLE {WORKING_ROLE}")
    sql = """
        SELECT rolsuper, rolbypassrls,
            EXISTS (SELECT FROM pg_class WHERE relname = 'tenant' AND pg_has_role(relowner, 'MEMBER')) AS owns_tables
        FROM pg_roles WHERE rolname = current_user"""
    role = await db.fetchrow(sql)
    seen = await db.fetchval("SELECT count(*) FROM tenant")
    await db.execute("RESET ROLE")
    found = {
        "is a superuser": role["rolsuper"],
        "has BYPASSRLS": role["rolbypassrls"],
        "owns the tables": role["owns_tables"],
        "sees showrooms without naming one": seen > 0,
    }
    return tuple(what for what, is_so in found.items() if is_so)


async def _open_tables(db: asyncpg.Connection) -> tuple[str, ...]:
    sql = """
        SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
        WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
            AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
        ORDER BY c.relname"""
    return tuple(row["relname"] for row in await db.fetch(sql))

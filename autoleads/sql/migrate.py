"""Brings a database to the current schema: schema.sql into an empty one, numbered steps into an older one."""

import logging
import re
from importlib import resources

import asyncpg

from autoleads.errors import ConfigError

log = logging.getLogger(__name__)

# Any constant of our own; it keeps two processes from migrating at once.
_ADVISORY_LOCK = 726_100_451
_STEP_NAME = re.compile(r"^(\d{4})_[a-z0-9_]+\.sql$")


def schema() -> str:
    return (resources.files("autoleads.sql") / "schema.sql").read_text()


def steps() -> dict[int, str]:
    """Version to SQL, in order. Step 1 is the first released schema; it serves the upgrade test only."""
    found: dict[int, str] = {}
    for entry in (resources.files("autoleads.sql") / "migrations").iterdir():
        if match := _STEP_NAME.match(entry.name):
            found[int(match[1])] = entry.read_text()
    return dict(sorted(found.items()))


def latest() -> int:
    return max(steps())


async def migrate(dsn: str, *, upto: int | None = None) -> tuple[int, int]:
    """Versions before and after. Safe to run twice and by several processes at once.

    `upto` starts an empty database from step 1 and stops at that version, as an older release left it.
    """
    db = await asyncpg.connect(dsn)
    try:
        await db.execute("SELECT pg_advisory_lock($1)", _ADVISORY_LOCK)
        before = await _version(db)
        after = upto or latest()
        if before > latest():
            raise ConfigError(f"database schema {before} is newer than this program's {latest()}; update the program")
        if before == 0 and upto is None:
            await _apply(db, after, schema())
        else:
            for version, sql in steps().items():
                if before < version <= after:
                    await _apply(db, version, sql)
        return before, after
    finally:
        await db.close()


async def current(dsn: str) -> int:
    """0 when nothing was ever migrated."""
    db = await asyncpg.connect(dsn)
    try:
        return await _version(db)
    finally:
        await db.close()


async def _version(db: asyncpg.Connection) -> int:
    if await db.fetchval("SELECT to_regclass('schema_version')") is None:
        return 0
    version = await db.fetchval("SELECT max(version) FROM schema_version")
    return int(version or 0)


async def _apply(db: asyncpg.Connection, version: int, sql: str) -> None:
    async with db.transaction():
        await db.execute(sql)
        await db.execute("INSERT INTO schema_version (version) VALUES ($1)", version)
    log.info("schema migrated: version=%s", version)

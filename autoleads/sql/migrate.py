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
        done = await _done(db)
        before, after = max(done, default=0), upto or latest()
        if before > latest():
            raise ConfigError(f"database schema {before} is newer than this program's {latest()}; update the program")
        if not done and upto is None:
            await _apply(db, list(steps()), schema())
        else:
            # Also one that joined the program after a later step: branches do not land in the order of their numbers.
            for version, sql in steps().items():
                if version not in done and min(done, default=0) < version <= after:
                    await _apply(db, [version], sql)
        return before, after
    finally:
        await db.close()


async def current(dsn: str) -> int:
    """0 when nothing was ever migrated."""
    db = await asyncpg.connect(dsn)
    try:
        return max(await _done(db), default=0)
    finally:
        await db.close()


async def _done(db: asyncpg.Connection) -> set[int]:
    """The steps that were carried out; of one older than the first of them nothing is missing."""
    if await db.fetchval("SELECT to_regclass('schema_version')") is None:
        return set()
    return {row["version"] for row in await db.fetch("SELECT version FROM schema_version")}


async def _apply(db: asyncpg.Connection, versions: list[int], sql: str) -> None:
    async with db.transaction():
        await db.execute(sql)
        await db.execute("INSERT INTO schema_version (version) SELECT unnest($1::int[])", versions)
    log.info("schema migrated: version=%s", versions[-1])

"""From the settings to an open database: a configured one, or the embedded one."""

import contextlib
from collections.abc import AsyncIterator

import asyncpg

from autoleads import embedded
from autoleads.config import Config
from autoleads.errors import ConfigError
from autoleads.sql import migrate
from autoleads.sql.pool import Database, open_database

_EMBEDDED_DATABASE = "autoleads"


@contextlib.asynccontextmanager
async def server_of(config: Config) -> AsyncIterator[str]:
    """The DSN of the configured database, or of the embedded one, started and made; the schema may be any."""
    if config.database.url:
        yield config.database.url
        return
    async with embedded.running(config.app.data_path) as server:
        admin = await asyncpg.connect(server.dsn("postgres", "postgres"))
        try:
            if not await admin.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", _EMBEDDED_DATABASE):
                # Another process may be making it at the same moment.
                with contextlib.suppress(asyncpg.DuplicateDatabaseError, asyncpg.UniqueViolationError):
                    await admin.execute(f"CREATE DATABASE {_EMBEDDED_DATABASE}")
        finally:
            await admin.close()
        yield server.dsn(_EMBEDDED_DATABASE, "postgres")


@contextlib.asynccontextmanager
async def dsn_of(config: Config) -> AsyncIterator[str]:
    """As server_of; the embedded database is also brought to the current schema."""
    async with server_of(config) as dsn:
        if not config.database.url:
            await migrate.migrate(dsn)
        yield dsn


@contextlib.asynccontextmanager
async def database_of(config: Config) -> AsyncIterator[Database]:
    """Raises ConfigError when a configured database has another schema than this program's."""
    async with dsn_of(config) as dsn:
        version = await migrate.current(dsn)
        if version != migrate.latest():
            raise ConfigError(f"database schema is {version}, needed is {migrate.latest()}: run `autoleads migrate`")
        async with open_database(
            dsn,
            size_min=config.database.pool_min,
            size_max=config.database.pool_max,
            slow_query_s=config.database.slow_query_s,
        ) as database:
            yield database

"""A real PostgreSQL for the session, a copied database per test, stand-ins at the edges, the real application."""

import asyncio
import contextlib
import gc
import os
import shutil
import tempfile
import uuid
from collections.abc import AsyncIterator, Generator, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import asyncpg
import pytest
from aiohttp.test_utils import TestClient
from hypothesis import HealthCheck, settings
from pytest_aiohttp.plugin import AiohttpClient

from autoleads import daemon
from autoleads.config import Config
from autoleads.embedded import EmbeddedPostgres, running
from autoleads.media.fetch import Fetcher, anywhere, open_fetcher
from autoleads.sql import pool
from autoleads.sql.migrate import migrate
from autoleads.sql.pool import Database, open_database
from tests import make
from tests.browser import chromium
from tests.standins.files import FileStandin
from tests.standins.fonnte import FonnteStandin
from tests.standins.gemini import GeminiStandin

# The same examples each time, and as long as they take: no run fails by chance. Others: --hypothesis-profile=search
settings.register_profile("search", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("steady", settings.get_profile("search"), derandomize=True)
settings.load_profile("steady")


@pytest.fixture(scope="session")
async def server() -> AsyncIterator[EmbeddedPostgres]:
    with tempfile.TemporaryDirectory(prefix="al-", dir=_memory()) as folder:
        async with running(Path(folder) / "data", durable=False) as server:
            yield server


def _memory() -> str | None:
    """Where there is room: on a disk, making and dropping hundreds of databases takes most of the time."""
    memory = "/dev/shm"
    return memory if os.path.isdir(memory) and shutil.disk_usage(memory).free > 2 * 2**30 else None


@pytest.fixture(scope="session")
async def admin(server: EmbeddedPostgres) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(server.dsn("postgres", "postgres"))
    yield connection
    await connection.close()


@pytest.fixture(scope="session")
async def template(server: EmbeddedPostgres, admin: asyncpg.Connection) -> str:
    """The schema is loaded once; each test copies the result."""
    await admin.execute("CREATE DATABASE template_autoleads")
    await migrate(server.dsn("template_autoleads", "postgres"))
    return "template_autoleads"


@pytest.fixture
async def empty_dsn(server: EmbeddedPostgres, admin: asyncpg.Connection) -> AsyncIterator[str]:
    """A database without a schema."""
    name = f"empty_{uuid.uuid4().hex}"
    await admin.execute(f"CREATE DATABASE {name}")
    yield server.dsn(name, "postgres")
    await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextlib.asynccontextmanager
async def _copy(server: EmbeddedPostgres, admin: asyncpg.Connection, template: str) -> AsyncIterator[str]:
    name = f"test_{uuid.uuid4().hex}"
    # The other way would write every page to the log besides: half as long again.
    await admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    yield server.dsn(name, "postgres")
    await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def dsn(server: EmbeddedPostgres, admin: asyncpg.Connection, template: str) -> AsyncIterator[str]:
    async with _copy(server, admin, template) as dsn:
        yield dsn


@pytest.fixture(scope="module")
async def module_dsn(server: EmbeddedPostgres, admin: asyncpg.Connection, template: str) -> AsyncIterator[str]:
    """For processes that take long to start: each test brings showrooms of its own."""
    async with _copy(server, admin, template) as dsn:
        yield dsn


@pytest.fixture
async def database(dsn: str) -> AsyncIterator[Database]:
    # Tests hold a lock until they have seen who waits for it: on a busy machine that takes longer than a process may.
    calm = {"idle_in_transaction_session_timeout": "60s", "lock_timeout": "60s"}
    async with contextlib.AsyncExitStack() as stack:
        with mock.patch.dict(pool._SESSION, calm):
            opening = open_database(dsn, size_min=1, size_max=8, slow_query_s=5.0)
            database = await stack.enter_async_context(opening)
        yield database


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Any]:
    async with chromium() as browser:
        yield browser


@pytest.fixture
async def fonnte() -> AsyncIterator[FonnteStandin]:
    async with FonnteStandin() as standin:
        yield standin


@pytest.fixture
async def files() -> AsyncIterator[FileStandin]:
    async with FileStandin() as standin:
        yield standin


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    async with open_fetcher(reachable=anywhere) as fetcher:
        yield fetcher


@pytest.fixture
async def gemini() -> AsyncIterator[GeminiStandin]:
    async with GeminiStandin() as standin:
        yield standin


@pytest.fixture
def config(dsn: str, fonnte: FonnteStandin, gemini: GeminiStandin, tmp_path: Path) -> Config:
    """Both edges are stand-ins, the quiet window is short, nothing else differs from production."""
    return make.config(
        DATABASE_URL=dsn,
        AUTOLEADS_DATA_DIR=str(tmp_path),
        FONNTE_API_URL=fonnte.url,
        GEMINI_API_URL=gemini.url,
    )


@pytest.fixture
async def client(config: Config, aiohttp_client: AiohttpClient) -> TestClient:
    """The whole application, as the daemon builds it."""
    return await aiohttp_client(daemon.build(config))


@pytest.hookimpl(wrapper=True)
def pytest_report_to_serializable() -> Generator[None, Any, Any]:
    """Lone surrogates, which some tests write to the log, do not pass from a worker to the main process."""
    return _encodable((yield))


def _encodable(told: Any) -> Any:
    if isinstance(told, str):
        return told.encode(errors="backslashreplace").decode()
    if isinstance(told, dict):
        return {name: _encodable(value) for name, value in told.items()}
    if isinstance(told, list | tuple):
        return type(told)(map(_encodable, told))
    return told


@pytest.fixture(autouse=True)
def no_background_failure() -> Iterator[None]:
    """A test fails when the event loop saw an exception that nobody awaited."""
    loop = _running_loop()
    if loop is None:
        yield
        return
    seen: list[dict[str, object]] = []
    loop.set_exception_handler(lambda _, context: seen.append(context))
    yield
    loop.set_exception_handler(None)
    assert not seen, seen


def _running_loop() -> asyncio.AbstractEventLoop | None:
    with contextlib.suppress(RuntimeError):
        return asyncio.get_event_loop_policy().get_event_loop()
    return None


def pytest_collection() -> None:
    gc.disable()  # thousands of tests are made, and all of them stay


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()

"""What every drill needs: a durable PostgreSQL, stand-ins and daemons as processes, showrooms, figures.

Everything listens on 127.0.0.1, is bounded in count and time, and is ended by its process id.
"""

import asyncio
import contextlib
import itertools
import os
import re
import shutil
import signal
import socket
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import asyncpg
import orjson

from autoleads.embedded import EmbeddedPostgres, running
from autoleads.sql.migrate import migrate
from autoleads.sql.pool import Database, open_database
from tests import make
from tests.standins import FonnteStandin, GeminiStandin

ROOT = Path(__file__).parent.parent

# Limits that protect customers and devices would stop drills that write a hundred times a minute.
LIFTED = {
    "AUTOLEADS_BOT_REPLY_CAP": "1000000",
    "AUTOLEADS_BOT_REPLY_CAP_WINDOW_S": "1",
    "AUTOLEADS_BOT_CUSTOMER_MESSAGES_PER_MINUTE": "1000000",
    "AUTOLEADS_SENDER_DEVICE_RATE_PER_S": "100000",
    "AUTOLEADS_SENDER_DEVICE_BURST": "100000",
}


def image_memory() -> dict[str, str]:
    """How the image has the daemon keep its memory."""
    return dict(re.findall(r"\b(PYTHONMALLOC|GLIBC_TUNABLES)=(\S+)", (ROOT / "Dockerfile").read_text()))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(slots=True)
class Process:
    """A child on a core of its own choice, ended by its pid."""

    command: Sequence[str]
    environ: Mapping[str, str]
    url: str
    core: int | None = None
    log: Path | None = None
    child: asyncio.subprocess.Process | None = None

    async def start(self, *, ready: str = "/ready", timeout_s: float = 20.0) -> float:
        """Seconds until it answers."""
        started = time.monotonic()
        await self.spawn()
        await self.until_ready(ready, timeout_s)
        return time.monotonic() - started

    async def spawn(self) -> None:
        command = [*self.command]
        if self.core is not None:
            command = ["taskset", "-c", str(self.core), *command]
        out = open(self.log, "ab") if self.log else asyncio.subprocess.DEVNULL  # noqa: SIM115, ASYNC230
        self.child = await asyncio.create_subprocess_exec(
            *command, cwd=ROOT, env={**os.environ, **self.environ}, stdout=out, stderr=out
        )

    async def until_ready(self, ready: str = "/ready", timeout_s: float = 20.0) -> None:
        assert self.child is not None
        async with aiohttp.ClientSession() as http, asyncio.timeout(timeout_s):
            while True:
                with contextlib.suppress(aiohttp.ClientError, OSError):
                    async with http.get(self.url + ready) as response:
                        if response.status == 200:
                            return
                if self.child.returncode is not None:
                    said = self.log.read_text()[-2000:] if self.log else ""
                    raise RuntimeError(f"{self.command} ended with {self.child.returncode}: {said}")
                await asyncio.sleep(0.01)

    @property
    def pid(self) -> int:
        assert self.child is not None
        return self.child.pid

    def signal(self, number: signal.Signals) -> None:
        assert self.child is not None
        self.child.send_signal(number)

    async def kill(self) -> None:
        if self.child is not None and self.child.returncode is None:
            self.child.kill()
            await self.child.wait()

    async def stop(self) -> None:
        if self.child is not None and self.child.returncode is None:
            self.child.terminate()
            try:
                async with asyncio.timeout(20):
                    await self.child.wait()
            except TimeoutError:
                await self.kill()


@dataclass(slots=True)
class Edges:
    """Both stand-ins in a process of their own."""

    process: Process
    gemini: str
    fonnte: str

    async def control(self, which: str, **settings: Any) -> None:
        async with aiohttp.ClientSession() as http, http.post(getattr(self, which) + "/control", json=settings) as r:
            r.raise_for_status()

    async def reset(self) -> None:
        async with aiohttp.ClientSession() as http:
            for url in (self.gemini, self.fonnte):
                async with http.post(url + "/reset") as response:
                    response.raise_for_status()

    async def stats(self, which: str) -> dict[str, Any]:
        async with aiohttp.ClientSession() as http, http.get(getattr(self, which) + "/stats") as response:
            return orjson.loads(await response.read())

    async def sent(self) -> list[dict[str, Any]]:
        """What the gateway took: at (time.time()), target, message."""
        async with aiohttp.ClientSession() as http, http.get(self.fonnte + "/sent") as response:
            return [orjson.loads(line) for line in (await response.read()).splitlines() if line]


@dataclass(frozen=True, slots=True)
class Nearby:
    """Both stand-ins in the drill's own loop: one clock for all it sees, and a model that the drill programs."""

    gemini: GeminiStandin
    fonnte: FonnteStandin


@contextlib.asynccontextmanager
async def nearby(*, model_ms: float = 0, gateway_ms: float = 0) -> AsyncIterator[Nearby]:
    """The model never says the same twice, so a text at the gateway tells which turn wrote it."""
    words = unique_words()
    async with (
        GeminiStandin(
            lambda asked: f"Siap Kak, {next(words)} ya. Mau lihat unitnya?", delay_s=model_ms / 1000
        ) as gemini,
        FonnteStandin(delay_s=gateway_ms / 1000) as fonnte,
    ):
        yield Nearby(gemini, fonnte)


def unique_words() -> Iterator[str]:
    """Everyday words: the guard takes figures and names that it does not know out of every reply."""
    for words in itertools.product(_EVERYDAY, repeat=4):
        yield " ".join(words)


_EVERYDAY = [
    "nah",
    "wah",
    "oh",
    "hmm",
    "iya",
    "betul",
    "begitu",
    "begini",
    "dulu",
    "lagi",
    "juga",
    "saja",
    "memang",
    "nanti",
    "dong",
    "deh",
    "kok",
    "sih",
    "lho",
    "kan",
]


@dataclass(slots=True)
class Lab:
    folder: Path
    server: EmbeddedPostgres
    dsn: str
    database: Database
    admin: asyncpg.Connection
    children: list[Process] = field(default_factory=list)
    one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)  # for the admin's connection

    def daemon(
        self, edges: Edges | Nearby, *, core: int | None = None, name: str = "daemon", **environ: str
    ) -> Process:
        """Not started yet. Quiet window and limits are production's unless overridden."""
        port = free_port()
        known = {
            "DATABASE_URL": self.dsn,
            "APP_PORT": str(port),
            "APP_URL": f"http://127.0.0.1:{port}",
            "AUTOLEADS_DATA_DIR": str(self.folder / name),
            "FONNTE_API_URL": edges.fonnte if isinstance(edges, Edges) else edges.fonnte.url,
            "FONNTE_API_TOKEN": "bench-token",
            "GEMINI_API_URL": edges.gemini if isinstance(edges, Edges) else edges.gemini.url,
            "GEMINI_API_KEY": "bench-key",
            "AUTOLEADS_LOG_LEVEL": "WARNING",
            **image_memory(),
        }
        process = Process(
            command=[sys.executable, "-m", "autoleads", "run"],
            environ={**known, **environ},
            url=f"http://127.0.0.1:{port}",
            core=core,
            log=self.folder / f"{name}.log",
        )
        self.children.append(process)
        return process

    async def edges(self, *, model_ms: float = 0, gateway_ms: float = 0, core: int | None = None) -> Edges:
        gemini, fonnte = free_port(), free_port()
        command = [sys.executable, "-m", "tests.standins", "--gemini-port", str(gemini), "--fonnte-port", str(fonnte)]
        command += ["--model-ms", str(model_ms), "--gateway-ms", str(gateway_ms)]
        process = Process(
            command=command, environ={}, url=f"http://127.0.0.1:{fonnte}", core=core, log=self.folder / "standins.log"
        )
        self.children.append(process)
        await process.start(ready="/stats")
        return Edges(process, f"http://127.0.0.1:{gemini}", f"http://127.0.0.1:{fonnte}")

    async def showrooms(self, count: int) -> list[str]:
        """Each with three Avanzas of 2020 and a few others; the device numbers."""
        devices = []
        for _ in range(count):
            tenant_id = await make.tenant(self.database)
            await make.cars(
                self.database, tenant_id, *make.sample_rows(), *(make.car_row(year=y) for y in (2017, 2019))
            )
            await make.user(self.database, tenant_id)
            devices.append(await make.device_of(self.database, tenant_id))
        return devices

    async def another_database(self, name: str) -> str:
        """Empty, on the same server; its address as the superuser."""
        async with self.one_at_a_time:
            await self.admin.execute(f"CREATE DATABASE {name}")
        return self.server.dsn(name, "postgres")

    async def fetch(self, sql: str, *args: object) -> list[asyncpg.Record]:
        """As the superuser, over all tenants: for counting, never for the product."""
        async with self.one_at_a_time:
            return await self.admin.fetch(sql, *args)

    async def settled(self, timeout_s: float) -> bool:
        """Waits until no conversation is open and nothing waits to be sent."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                while await self.open_work():  # noqa: ASYNC110 - other processes do the work
                    await asyncio.sleep(0.1)
                return True
        return False

    async def open_work(self) -> int:
        sql = """
            SELECT (SELECT count(*) FROM conversation WHERE last_inbox_id > done_inbox_id)
                 + (SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending')) AS waiting"""
        return int((await self.fetch(sql))[0]["waiting"])


@contextlib.asynccontextmanager
async def lab() -> AsyncIterator[Lab]:
    folder = Path(tempfile.mkdtemp(prefix="autoleads-bench-"))
    try:
        async with running(folder / "database") as server:
            admin = await asyncpg.connect(server.dsn("postgres", "postgres"))
            await admin.execute("CREATE DATABASE bench")
            await admin.close()
            dsn = server.dsn("bench", "postgres")
            await migrate(dsn)
            admin = await asyncpg.connect(dsn)
            async with open_database(dsn, size_min=1, size_max=4, slow_query_s=30) as database:
                one = Lab(folder, server, dsn, database, admin)
                try:
                    yield one
                finally:
                    for child in one.children:
                        await child.kill()
            await admin.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Machine:
    """Who used the cores meanwhile. Programs beside the drill make its times worse, and nothing else tells."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._busy, self._own = _busy_s(), _own_s()

    def __str__(self) -> str:
        cores_s = (time.monotonic() - self._started) * (os.cpu_count() or 1)
        own = _own_s() - self._own
        others = max(0.0, _busy_s() - self._busy - own)
        return (
            f"machine: this drill {own / cores_s:.0%}, other programs {others / cores_s:.0%} of {os.cpu_count()} cores"
        )


def _busy_s() -> float:
    """Of all cores since the machine started; neither idle nor waiting for a disk."""
    user, nice, system, _, _, *interrupts = (int(n) for n in Path("/proc/stat").read_text().split("\n")[0].split()[1:9])
    return (user + nice + system + sum(interrupts)) / os.sysconf("SC_CLK_TCK")


def _own_s() -> float:
    """Of this process and all below it, also those that ended."""
    total = 0
    for pid in [os.getpid(), *descendants(os.getpid())]:
        with contextlib.suppress(OSError):
            total += sum(int(n) for n in _stat(pid)[11:15])
    return total / os.sysconf("SC_CLK_TCK")


def descendants(root: int) -> list[int]:
    children: dict[int, list[int]] = defaultdict(list)
    for path in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            children[int(_stat(int(path.name))[1])].append(int(path.name))
    found, waiting = [], [root]
    while waiting:
        below = children[waiting.pop()]
        found += below
        waiting += below
    return found


def _stat(pid: int) -> list[str]:
    """Of proc(5), from the field "state" on."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("nan")


def spread(values: Sequence[float], unit: str = "ms", scale: float = 1e3) -> str:
    """p50, p95, p99 and the largest, of seconds."""
    if not values:
        return "no values"
    shown = [statistics.median(values), percentile(values, 0.95), percentile(values, 0.99), max(values)]
    return "p50 {:.1f}  p95 {:.1f}  p99 {:.1f}  max {:.1f} {}".format(*(v * scale for v in shown), unit)


class Verdicts:
    """Prints a line per promise and remembers whether all were kept."""

    def __init__(self) -> None:
        self.missed = 0

    def __call__(self, line: str, good: bool) -> None:
        self.missed += not good
        print(f"{'ok  ' if good else 'MISS'}  {line}", flush=True)

    def exit(self) -> None:
        """Ends the program with 1 when a promise was not kept."""
        sys.exit(1 if self.missed else 0)

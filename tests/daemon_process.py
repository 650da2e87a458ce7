"""`autoleads run` as an operator starts it: a process of its own."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import orjson

from tests.command import process_environ
from tests.patience import patience

ROOT = Path(__file__).parent.parent


class Daemon:
    """`http` asks it. After `kill` it can be started again, and listens at another port."""

    def __init__(self, **environ: str) -> None:
        self._environ = process_environ(APP_PORT="0", **environ)
        self._process: asyncio.subprocess.Process | None = None
        self._http: aiohttp.ClientSession | None = None
        self._logged: list[str] = []
        self._news = asyncio.Event()

    @property
    def http(self) -> aiohttp.ClientSession:
        assert self._http is not None
        return self._http

    async def start(self) -> None:
        self._logged.clear()
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "autoleads", "run"), cwd=ROOT, env=self._environ, stderr=asyncio.subprocess.PIPE
        )
        self._reading = asyncio.create_task(self._read(self._process))
        self._http = aiohttp.ClientSession((await self.says("listening: ")).partition(" ")[2])

    async def says(self, beginning: str) -> str:
        """The first message in its log that begins so, waited for."""
        async with patience():
            while not (found := [said for said in self._logged if said.startswith(beginning)]):
                assert not self._reading.done(), self._logged
                self._news.clear()
                await self._news.wait()
        return found[0]

    async def stop(self) -> int:
        return await self._end(signal.SIGTERM)

    async def kill(self) -> None:
        await self._end(signal.SIGKILL)

    async def _end(self, number: signal.Signals) -> int:
        assert self._process is not None
        if self._http is not None:
            await self._http.close()
        if self._process.returncode is None:
            self._process.send_signal(number)
        await self._reading
        return await self._process.wait()

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stderr is not None
        async for line in process.stderr:
            self._logged.append(_message(line))
            self._news.set()
        self._news.set()


@asynccontextmanager
async def daemons(*, count: int = 1, **environ: Any) -> AsyncIterator[list[Daemon]]:
    """One after the other, with the same settings."""
    started: list[Daemon] = []
    try:
        for _ in range(count):
            started.append(Daemon(**environ))
            await started[-1].start()
        yield started
    finally:
        for one in started:
            await one.stop()


def _message(line: bytes) -> str:
    """Of a line of the log, or the line itself."""
    try:
        return str(orjson.loads(line)["message"])
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return line.decode(errors="replace").strip()

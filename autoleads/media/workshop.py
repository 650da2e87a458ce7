"""Photos and spreadsheets processed beside the event loop, by a few processes that come when needed and go when idle.

Processes and not threads: both take the same time, but threads share Python's lock with the loop (pauses of 20 to 30 ms
where processes cause 7 to 20), and a decoder that crashes, hangs or eats memory over a stranger's file takes only
its process with it, which can be killed.
"""

import asyncio
import logging
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from autoleads import metrics
from autoleads.errors import MediaRefused, MediaUnavailable
from autoleads.media.photos import Photo
from autoleads.media.wire import ANSWER, QUESTION, SHEET, Task

log = logging.getLogger(__name__)

_MEMORY = 700 * 2**20  # of address space; the largest photo that is not refused takes 530 MB
_IDLE_S = 60.0
_BUFFER = 2**20
_ENVIRONMENT = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "LANG")  # a stranger's file need not meet our secrets


@dataclass(frozen=True, slots=True, eq=False)
class _Worker:
    process: subprocess.Popen[bytes]
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def exchange(self, task: Task, data: bytes, name: str) -> Mapping[str, bytes] | MediaRefused:
        self.writer.write(QUESTION.pack(task, len(name), len(data)) + name.encode())
        self.writer.write(data)
        await self.writer.drain()
        (length,) = ANSWER.unpack(await self.reader.readexactly(ANSWER.size))
        said = orjson.loads(await self.reader.readexactly(length))
        if "refused" in said:
            return MediaRefused(said["refused"], said["detail"])
        return {name: await self.reader.readexactly(size) for name, size in said["files"]}

    def end(self) -> None:
        self.process.kill()
        self.writer.close()


class Workshop:
    """Made by `open_workshop`. At most `workers` photos are worked on at once, the others wait; for `process` somebody
    waits, so variants are begun only while none is asked for."""

    def __init__(self, *, workers: int, timeout_s: float, most_pixels: int, idle_s: float = _IDLE_S) -> None:
        self._timeout_s = timeout_s
        self._most_pixels = most_pixels
        self._idle_s = idle_s
        self._free = asyncio.Semaphore(workers)
        self._asked = 0  # photos to process, waiting and under way
        self._nobody_waits = asyncio.Event()
        self._nobody_waits.set()
        self._idle: list[_Worker] = []
        self._retiring: dict[_Worker, asyncio.TimerHandle] = {}
        self._ends: set[asyncio.Task[int | None]] = set()

    async def process(self, data: bytes) -> Photo:
        """As photos.process. Raises MediaRefused, also too_heavy after `timeout_s`, and MediaUnavailable."""
        started = time.monotonic()
        self._asked += 1
        self._nobody_waits.clear()
        try:
            made = await self._made(Task.PHOTO, data)
        except MediaRefused as exc:
            metrics.PHOTOS.labels(exc.reason).inc()
            raise
        finally:
            self._asked -= 1
            if not self._asked:
                self._nobody_waits.set()
        if made is None:
            metrics.PHOTOS.labels("crashed").inc()
            raise MediaRefused("broken", "crashed the decoder")
        metrics.PHOTOS.labels("done").inc()
        metrics.PHOTO_SECONDS.observe(time.monotonic() - started)
        ((name, original),) = made.items()
        return Photo(name=name, data=original)

    async def variants(self, original: Photo) -> Mapping[str, bytes]:
        """As photos.variants. Raises as process."""
        await self._nobody_waits.wait()
        made = await self._made(Task.VARIANTS, original.data, original.name)
        if made is None:
            raise MediaUnavailable("busy", "no photo process survived")
        return made

    async def sheet(self, data: bytes) -> str:
        """As sheets.text_of. Raises as process."""
        made = await self._made(Task.SHEET, data)
        if made is None:
            raise MediaRefused("broken", "crashed the reader")
        return made[SHEET].decode()

    async def _made(self, task: Task, data: bytes, name: str = "") -> Mapping[str, bytes] | None:
        """None when processes ended over it."""
        async with self._free:
            # A process that vanished may have been the wrong victim of somebody else's hunger: one more try.
            return await self._ask(task, data, name) or await self._ask(task, data, name)

    async def aclose(self) -> None:
        for worker in self._idle:
            self._end(worker)
        self._idle.clear()
        await asyncio.gather(*self._ends, return_exceptions=True)

    async def _ask(self, task: Task, data: bytes, name: str) -> Mapping[str, bytes] | None:
        """None when the process ended over it."""
        worker = await self._take()
        done = False
        try:
            async with asyncio.timeout(self._timeout_s):
                answer = await worker.exchange(task, data, name)
            done = True
        except TimeoutError:
            raise MediaRefused("too_heavy", "takes too long") from None
        except (asyncio.IncompleteReadError, ConnectionError):
            log.warning("photo process ended over a photo")
            return None
        finally:
            if done:
                self._give_back(worker)
            else:
                self._end(worker)
        if isinstance(answer, MediaRefused):
            raise answer
        return answer

    async def _take(self) -> _Worker:
        while self._idle:
            worker = self._idle.pop()
            self._retiring.pop(worker).cancel()
            if worker.process.poll() is None:
                return worker
            self._end(worker)
        try:
            return await self._new()
        except OSError as exc:
            raise MediaUnavailable("busy", "no photo process") from exc

    async def _new(self) -> _Worker:
        ours, theirs = socket.socketpair()
        # Starting a process holds up whoever does it until the new one runs.
        starting = asyncio.create_task(asyncio.to_thread(_started, theirs, self._most_pixels))
        try:
            process = await asyncio.shield(starting)
            reader, writer = await asyncio.open_connection(sock=ours, limit=_BUFFER)
        except BaseException:
            ours.close()
            self._awaited(_ended(starting))
            raise
        return _Worker(process, reader, writer)

    def _give_back(self, worker: _Worker) -> None:
        self._idle.append(worker)
        self._retiring[worker] = asyncio.get_running_loop().call_later(self._idle_s, self._retire, worker)

    def _retire(self, worker: _Worker) -> None:
        self._idle.remove(worker)
        self._end(worker)

    def _end(self, worker: _Worker) -> None:
        if handle := self._retiring.pop(worker, None):
            handle.cancel()
        worker.end()
        self._awaited(asyncio.to_thread(worker.process.wait))

    def _awaited(self, end: Coroutine[Any, Any, int | None]) -> None:
        task = asyncio.create_task(end)
        self._ends.add(task)
        task.add_done_callback(self._ends.discard)


@asynccontextmanager
async def open_workshop(*, workers: int, timeout_s: float, most_pixels: int) -> AsyncIterator[Workshop]:
    workshop = Workshop(workers=workers, timeout_s=timeout_s, most_pixels=most_pixels)
    try:
        yield workshop
    finally:
        await workshop.aclose()


def _started(theirs: socket.socket, most_pixels: int) -> subprocess.Popen[bytes]:
    """Closes its end here and nowhere else: whoever waits for it may be cancelled, and the number of a socket that is
    closed is soon that of another one, which a stranger's file must not reach."""
    with theirs:
        return subprocess.Popen(
            [sys.executable, "-m", "autoleads.media.worker", str(_MEMORY), str(most_pixels)],
            stdin=theirs.fileno(),
            stdout=theirs.fileno(),
            env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
            cwd=Path(__file__).parents[2],
            start_new_session=True,  # a terminal's Ctrl-C is for the daemon
        )


async def _ended(starting: asyncio.Task[subprocess.Popen[bytes]]) -> int | None:
    """A process that nobody needs any more; None when it did not even start."""
    try:
        process = await starting
    except Exception:  # told to whoever asked for it
        return None
    process.kill()
    return await asyncio.to_thread(process.wait)

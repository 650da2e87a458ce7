"""What both stand-ins share: a real server on 127.0.0.1, faults, and endpoints to control it from outside."""

import asyncio
import contextlib
import random
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Self

import orjson
from aiohttp import web

from tests.patience import PATIENCE_S

_LOOK_S = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """How one request is treated. `name` is one of the stand-in's FAULTS."""

    name: str
    status: int = 500  # of "http" and "raw"
    retry_after_s: int | None = None  # of "http" 429
    reason: str = ""  # of Fonnte's "refuse"
    text: str = ""  # of Gemini's "hostile", and the whole body of "raw"
    content_type: str = "application/json"  # of "raw"
    delay_s: float = 0.0  # on top of the stand-in's own delay
    held: bool = False  # until `release`, after that delay


OK = Fault(name="ok")


class Standin:
    """One server. `once` treats the next requests, `choose` picks per request, `fault` at `rate` the rest."""

    FAULTS: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, *, delay_s: float = 0.0, port: int = 0, seed: int = 1) -> None:
        self.delay_s = delay_s
        self.fault = OK
        self.rate = 1.0
        self.choose: Callable[[Any], Fault | None] | None = None
        self.counts: Counter[str] = Counter()
        self.arrived = 0
        self.running = 0
        self.most_running = 0
        self.port = port
        self._once: deque[Fault] = deque()
        self._random = random.Random(seed)
        self._runner: web.AppRunner | None = None
        self._changed = asyncio.Event()
        self._released = asyncio.Event()
        self._closing = asyncio.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=32 * 2**20)
        app.add_routes(
            [
                *self.routes(),
                web.post("/control", self._control),
                web.post("/reset", self._reset),
                web.get("/stats", self._stats),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port, backlog=1024)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._closing.set()
        self.release()
        if self._runner is not None:
            await self._runner.cleanup()

    def routes(self) -> list[web.RouteDef]:
        raise NotImplementedError

    def once(self, *faults: Fault) -> None:
        """The next requests, one each, in this order."""
        self._once.extend(faults)

    def release(self) -> None:
        """The requests that are held get their answers, and no other is held."""
        self._released.set()

    def reset(self) -> None:
        self._released.clear()
        self.fault, self.rate, self.choose = OK, 1.0, None
        self._once.clear()
        self.counts.clear()
        self.arrived = self.most_running = 0

    async def wait_for(self, condition: Callable[[], bool], timeout_s: float = PATIENCE_S) -> None:
        """Until the condition holds; looked at again after every request."""
        async with asyncio.timeout(timeout_s):
            while not condition():
                self._changed.clear()
                await self._changed.wait()

    def arrive(self, received: object) -> Fault:
        """Count the request and say how it is treated."""
        self.arrived += 1
        if self._once:
            fault = self._once.popleft()
        else:
            fault = (self.choose(received) if self.choose else None) or self._standing()
        self.counts[fault.name] += 1
        self._changed.set()
        return fault

    def changed(self) -> None:
        self._changed.set()

    def _standing(self) -> Fault:
        return self.fault if self.rate >= 1 or self._random.random() < self.rate else OK

    async def pause(self, fault: Fault) -> None:
        if seconds := self.delay_s + fault.delay_s:
            await asyncio.sleep(seconds)
        if fault.held:
            await self._released.wait()

    async def hang(self, request: web.Request) -> web.Response:
        """No answer until the other side has gone (looked at now and then) or the stand-in ends."""
        while request.transport is not None and not self._closing.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_S):
                    await self._closing.wait()
        return drop(request)

    def stats(self) -> dict[str, Any]:
        return {
            "arrived": self.arrived,
            "counts": dict(self.counts),
            "running": self.running,
            "most_running": self.most_running,
            "delay_ms": self.delay_s * 1000,
            "fault": self.fault.name,
            "rate": self.rate,
            "now": time.time(),
        }

    async def _control(self, request: web.Request) -> web.Response:
        """Body: {"fault": name, "rate": 0..1, "delay_ms": n, and any further field of Fault}; what is
        left out stays, but a new fault is at rate 1 unless it says otherwise."""
        wish = orjson.loads(await request.read())
        delay_ms = wish.pop("delay_ms", self.delay_s * 1000)
        rate = wish.pop("rate", 1.0 if wish else self.rate)
        fault = self.fault
        if wish:
            name = wish.pop("fault", None)
            if name not in self.FAULTS or not set(wish) <= {field.name for field in fields(Fault)}:
                return web.json_response({"error": f"faults: {sorted(self.FAULTS)}"}, status=400)
            fault = Fault(name=name, **wish)
        self.fault, self.rate, self.delay_s = fault, float(rate), float(delay_ms) / 1000
        return web.json_response(self.stats())

    async def _reset(self, request: web.Request) -> web.Response:
        self.reset()
        return web.json_response(self.stats())

    async def _stats(self, request: web.Request) -> web.Response:
        return web.json_response(self.stats())


def drop(request: web.Request) -> web.Response:
    """Close the connection; whatever the handler returns afterwards goes nowhere."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def raw(fault: Fault) -> web.Response:
    """The body to the letter; bytes that are no text come as surrogates (errors="surrogateescape")."""
    body = fault.text.encode("utf-8", "surrogateescape")
    return web.Response(body=body, status=fault.status, content_type=fault.content_type)


def respond(payload: object, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    return web.Response(body=orjson.dumps(payload), status=status, headers=headers, content_type="application/json")

"""Fonnte's API as far as we use it: `POST /send` and `POST /device`, multipart, urlencoded or JSON."""

import itertools
import time
from dataclasses import dataclass
from typing import Any, ClassVar

import orjson
from aiohttp import web

from tests.standins.base import Fault, Standin, drop, raw, respond

_MAX_MESSAGE = 60_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One message that Fonnte took. `at` is time.time() and `clock` time.monotonic() of its arrival."""

    at: float
    clock: float
    token: str
    target: str
    message: str
    form: dict[str, str]


class FonnteStandin(Standin):
    """`tokens` maps a known token to its device's number; None knows every token."""

    FAULTS: ClassVar[frozenset[str]] = frozenset(
        {"ok", "hang", "refuse", "http", "drop", "accept_then_drop", "slow", "malformed", "raw"}
    )

    def __init__(self, *, tokens: dict[str, str] | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.tokens = tokens
        self.connected = True
        self.sent: list[Sent] = []  # delivered, with or without an answer
        self.received: list[Sent] = []  # whatever was read, in order of arrival
        self._ids = itertools.count(80_000_001)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/send", self._send),
            web.post("/device", self._device),
            web.get("/sent", self._dump),
        ]

    def reset(self) -> None:
        super().reset()
        self.connected = True
        self.sent.clear()
        self.received.clear()

    def stats(self) -> dict[str, Any]:
        return {**super().stats(), "sent": len(self.sent), "targets": len({one.target for one in self.sent})}

    async def _send(self, request: web.Request) -> web.StreamResponse:
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        try:
            return await self._treat(request)
        finally:
            self.running -= 1
            self.changed()

    async def _treat(self, request: web.Request) -> web.StreamResponse:
        fault = self.arrive(request)
        if fault.name == "drop":
            return drop(request)
        at, clock = time.time(), time.monotonic()
        form = await _form(request)
        token = request.headers.get("Authorization", "")
        one = Sent(
            at=at,
            clock=clock,
            token=token,
            target=form.get("target", ""),
            message=form.get("message", ""),
            form=form,
        )
        self.received.append(one)
        await self.pause(fault)
        match fault.name:
            case "hang":
                return await self.hang(request)
            case "http":
                headers = {} if fault.retry_after_s is None else {"Retry-After": str(fault.retry_after_s)}
                return web.Response(status=fault.status, text="<html>nginx</html>", headers=headers)
            case "raw":
                return raw(fault)
            case "refuse":
                return _refusal(fault.reason or "unknown reason")
        if reason := self._refusal_of(one):
            return _refusal(reason)
        self.sent.append(one)
        return await self._accepted(request, one, fault)

    async def _accepted(self, request: web.Request, one: Sent, fault: Fault) -> web.StreamResponse:
        targets = one.target.split(",")
        verdict = {
            "detail": "success! message in queue",
            "id": [str(next(self._ids)) for _ in targets],
            "process": "pending",
            "requestid": next(self._ids),
            "status": True,
            "target": targets,
        }
        match fault.name:
            case "accept_then_drop":
                return drop(request)
            case "malformed":
                return web.Response(text="<b>Warning</b>: mysqli_query()", content_type="text/html")
            case "slow":
                return await self._dribble(request, orjson.dumps(verdict))
            case _:
                return respond(verdict)

    async def _dribble(self, request: web.Request, body: bytes) -> web.StreamResponse:
        """The head and half of the body at once, and then nothing until the end."""
        response = web.StreamResponse(headers={"Content-Length": str(len(body))})
        await response.prepare(request)
        await response.write(body[: len(body) // 2])
        await self.hang(request)
        return response

    def _refusal_of(self, one: Sent) -> str | None:
        if not one.token or (self.tokens is not None and one.token not in self.tokens):
            return "token invalid"
        if not self.connected and one.form.get("connectOnly", "true") != "false":
            return "request invalid on disconnected device"
        if not one.message and not one.form.get("url"):
            return "input invalid"
        if len(one.message) > _MAX_MESSAGE:
            return "input invalid"
        if not all(_possible(target) for target in one.target.split(",")):
            return "target invalid"
        return None

    async def _device(self, request: web.Request) -> web.Response:
        token = request.headers.get("Authorization", "")
        fault = self.arrive(request)
        await self.pause(fault)
        if fault.name == "http":
            return web.Response(status=fault.status)
        if fault.name == "drop":
            return drop(request)
        if not token or (self.tokens is not None and token not in self.tokens):
            return _refusal("token invalid")
        return respond(
            {
                "device": (self.tokens or {}).get(token, "6281290000001"),
                "device_status": "connect" if self.connected else "disconnect",
                "expired": "31 December 2027",
                "messages": len(self.sent),
                "name": "showroom",
                "package": "Super",
                "quota": "9000",
                "status": True,
            }
        )

    async def _dump(self, request: web.Request) -> web.Response:
        """Delivered messages, a JSON object a line, in order of arrival."""
        lines = [
            orjson.dumps({"at": one.at, "target": one.target, "message": one.message, "url": one.form.get("url")})
            for one in self.sent
        ]
        return web.Response(body=b"\n".join(lines), content_type="application/x-ndjson")


async def _form(request: web.Request) -> dict[str, str]:
    if request.content_type == "application/json":
        body = orjson.loads(await request.read())
        return {name: value if isinstance(value, str) else str(value) for name, value in body.items()}
    return {name: value for name, value in (await request.post()).items() if isinstance(value, str)}


def _possible(target: str) -> bool:
    number, _, host = target.partition("@")
    return host in {"g.us", "lid"} if host else number.isdecimal() and 8 <= len(number) <= 15


def _refusal(reason: str) -> web.Response:
    """HTTP 200, and for the token the capital key that some accounts show."""
    if reason == "token invalid":
        return respond({"Status": False, "reason": reason})
    return respond({"reason": reason, "requestid": 331_477_110, "status": False})

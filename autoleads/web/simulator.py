"""The simulator page: a chat app in the browser that speaks to the bot through the real webhook.

Served by `demo` and in development only: whoever opens it can write as anybody.
"""

import asyncio
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol, TypedDict

import aiohttp_jinja2
import orjson
from aiohttp import BodyPartReader, web

from autoleads.bot.gateway.simulator import Hub, Subscription
from autoleads.errors import InvalidField, NotFound, TooLarge

PHOTO_LIMIT = 10 * 2**20  # bytes; what the gateways deliver at most
_CHUNK = 2**16
_STATIC = Path(__file__).parent / "static"
# Photos that the bot sends have the address of a showroom's own host.
_CSP = (
    "default-src 'self'; img-src 'self' blob: http://localhost:* http://*.localhost:*; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class Person(TypedDict):
    sender: str
    name: str
    role: Literal["customer", "owner", "admin", "sales"]


class ShowroomEntry(TypedDict):
    slug: str
    name: str
    device: str
    people: list[Person]


TranscriptLine = TypedDict(
    "TranscriptLine",
    {
        "id": int,  # grows with time within a conversation
        "from": Literal["person", "bot", "sales", "system"],
        "text": str,
        "photo": str | None,  # an address the browser can open
        "at": str,  # ISO 8601 with offset
        "reply_ms": int | None,  # from the last message answered to the gateway's acceptance
    },
)


class Directory(Protocol):
    async def showrooms(self) -> list[ShowroomEntry]:
        """The showrooms with a simulated device, each with its users and the customers who wrote."""
        ...

    async def transcript(self, device: str, sender: str, after_id: int) -> list[TranscriptLine]:
        """Oldest first, the newest few hundred at most; empty for a person who never wrote."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulator:
    """`photos` is the folder for uploads, made when the first one comes."""

    directory: Directory
    hub: Hub
    photos: Path
    heartbeat_s: float = 15


SIMULATOR = web.AppKey("simulator", Simulator)


def add_routes(app: web.Application) -> None:
    """Needs app[SIMULATOR] and aiohttp_jinja2 over this package's templates by the time of a request."""
    app.add_routes(
        [
            web.get("/simulator", page),
            web.get("/simulator/showrooms", showrooms),
            web.get("/simulator/messages", messages),
            web.get("/simulator/events", events),
            web.post("/simulator/photo", upload),
            web.get(r"/simulator/photos/{name:[\w-]+\.(?:jpg|png|webp)}", photo),
            web.get(r"/static/{name:simulator(?:\.css|\.svg|(?:-\w+)?\.js)}", static),
        ]
    )
    app.on_shutdown.append(_end_streams)


async def _end_streams(app: web.Application) -> None:
    # The server waits for open responses before it stops, and a stream would never end by itself.
    app[SIMULATOR].hub.close()


async def page(request: web.Request) -> web.Response:
    response = aiohttp_jinja2.render_template("simulator.html", request, {})
    response.headers["Content-Security-Policy"] = _CSP
    response.headers["Cache-Control"] = "no-store"
    return response


async def static(request: web.Request) -> web.FileResponse:
    # "no-cache": asked again each time, answered 304 by the file's tag.
    return web.FileResponse(_STATIC / request.match_info["name"], headers={"Cache-Control": "no-cache"})


async def showrooms(request: web.Request) -> web.Response:
    return _json(await request.app[SIMULATOR].directory.showrooms())


async def messages(request: web.Request) -> web.Response:
    device, sender = _address(request, "device"), _address(request, "sender")
    after = request.query.get("after", "0")
    if not (after.isascii() and after.isdecimal() and len(after) <= 18):
        raise InvalidField("after", "must be the id of a message, or 0")
    return _json(await request.app[SIMULATOR].directory.transcript(device, sender, int(after)))


async def events(request: web.Request) -> web.StreamResponse:
    """Server-sent events of all devices; ends with the page or with the server."""
    simulator = request.app[SIMULATOR]
    response = web.StreamResponse(
        headers={
            "Content-Type": "text/event-stream",
            "Cache-Control": "no-store",
            "X-Accel-Buffering": "no",  # a proxy in front must pass each event on at once
        }
    )
    with simulator.hub.subscribe() as subscription, suppress(ConnectionResetError):
        await response.prepare(request)
        await response.write(b"retry: 1000\n\n")
        await _stream(response, subscription, simulator.heartbeat_s)
    return response


async def _stream(response: web.StreamResponse, subscription: Subscription, heartbeat_s: float) -> None:
    while True:
        try:
            async with asyncio.timeout(heartbeat_s):
                event = await anext(subscription, None)
        except TimeoutError:
            # Also how a page that went away is noticed.
            await response.write(b": still here\n\n")
            continue
        if event is None:
            return
        await response.write(b"data: " + orjson.dumps(event) + b"\n\n")


async def upload(request: web.Request) -> web.Response:
    """Keeps the file as it came: what a photo may carry is for the receiving side to deal with."""
    if request.content_type != "multipart/form-data":
        raise InvalidField("photo", "must be sent as multipart/form-data")
    content = await _photo_field(request)
    kind = _kind(content)
    name = f"{secrets.token_urlsafe(16)}.{kind}"
    await asyncio.to_thread(_store, request.app[SIMULATOR].photos, name, content)
    # With the host, as a gateway gives it.
    url = str(request.url.origin().with_path(f"/simulator/photos/{name}"))
    return _json({"url": url, "extension": kind}, status=201)


async def photo(request: web.Request) -> web.FileResponse:
    path = request.app[SIMULATOR].photos / request.match_info["name"]
    if not await asyncio.to_thread(path.is_file):
        raise NotFound("no such photo")
    headers = {"Cache-Control": "private, max-age=86400, immutable", "X-Content-Type-Options": "nosniff"}
    return web.FileResponse(path, headers=headers)


async def _photo_field(request: web.Request) -> bytes:
    try:
        async for part in await request.multipart():
            if isinstance(part, BodyPartReader) and part.name == "photo":
                return await _limited(part)
    except ValueError as exc:  # what aiohttp raises for a body that does not hold together
        raise InvalidField("photo", "cannot be read") from exc
    raise InvalidField("photo", "is missing")


async def _limited(part: BodyPartReader) -> bytes:
    content = bytearray()
    while chunk := await part.read_chunk(_CHUNK):
        content += chunk
        if len(content) > PHOTO_LIMIT:
            raise TooLarge("photo: more than 10 MB", field="photo")
    return bytes(content)


def _kind(content: bytes) -> str:
    """By the first bytes: neither the name nor the type that the browser states counts."""
    if content.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "webp"
    raise InvalidField("photo", "must be a JPG, PNG or WebP picture")


def _store(folder: Path, name: str, content: bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)


def _address(request: web.Request, name: str) -> str:
    value = request.query.get(name, "")
    if not 0 < len(value) <= 64:
        raise InvalidField(name, "is missing or too long")
    return value


def _json(value: Any, status: int = 200) -> web.Response:
    return web.Response(body=orjson.dumps(value), status=status, content_type="application/json")

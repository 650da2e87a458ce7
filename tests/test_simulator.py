"""The simulator's hub, gateway and routes, over real HTTP, with a small showroom in memory behind them."""

import asyncio
import io
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp_jinja2
import jinja2
import orjson
import pytest
from aiohttp import FormData, web
from aiohttp.test_utils import TestClient, TestServer
from PIL import Image

from autoleads.bot.gateway.base import Outgoing
from autoleads.bot.gateway.simulator import Hub, SimulatorGateway, Subscription
from autoleads.errors import UserError
from autoleads.types import Channel
from autoleads.web import simulator
from tests.patience import patience

DEVICE, OTHER_DEVICE = "6281290000001", "6281290000002"
SARI, OWNER, BUDI = "6285700000102", "6281200000100", "6281200000101"


@dataclass
class World:
    """Two showrooms in memory: stores what the webhook gets, and answers as `answers` says, when let go."""

    hub: Hub
    bodies: list[dict[str, Any]] = field(default_factory=list)
    lines: dict[tuple[str, str], list[dict[str, Any]]] = field(default_factory=dict)
    answers: Callable[[dict[str, Any]], list[tuple[str, str, str | None]]] = lambda body: []
    go: asyncio.Event = field(default_factory=asyncio.Event)
    refuse: bool = False
    turns: set[asyncio.Task[None]] = field(default_factory=set)

    async def showrooms(self) -> list[simulator.ShowroomEntry]:
        people: list[simulator.Person] = [
            {"sender": SARI, "name": "Sari Wulandari", "role": "customer"},
            {"sender": OWNER, "name": "Haji Rahmat", "role": "owner"},
            {"sender": BUDI, "name": "Budi Santoso", "role": "sales"},
        ]
        other: simulator.Person = {"sender": "6287800000103", "name": "Andi Pratama", "role": "customer"}
        return [
            {"slug": "jaya", "name": "Jaya Motor", "device": DEVICE, "people": people},
            {"slug": "abadi", "name": "Abadi Mobilindo", "device": OTHER_DEVICE, "people": [other]},
        ]

    async def transcript(self, device: str, sender: str, after_id: int) -> list[simulator.TranscriptLine]:
        return [line for line in self.lines.get((device, sender), []) if line["id"] > after_id]  # type: ignore[misc]

    def add(self, sender: str, source: str, text: str, *, device: str = DEVICE, **more: Any) -> None:
        now = datetime.now(UTC).isoformat()
        line = {"from": source, "text": text, "photo": None, "at": now, "reply_ms": None, **more}
        number = 1 + sum(len(lines) for lines in self.lines.values())
        self.lines.setdefault((device, sender), []).append({"id": number, **line})

    async def webhook(self, request: web.Request) -> web.Response:
        if self.refuse:
            raise web.HTTPServiceUnavailable
        body = await request.json()
        self.bodies.append(body)
        text = "" if body["message"] == "non-text message" else body["message"]
        self.add(body["sender"], "person", text, device=body["device"], photo=body["url"] or None)
        turn = asyncio.create_task(self._turn(body))
        self.turns.add(turn)
        turn.add_done_callback(self.turns.discard)
        return web.json_response({"success": True, "data": {"status": "accepted"}})

    async def _turn(self, body: dict[str, Any]) -> None:
        device, gateway = body["device"], SimulatorGateway(self.hub)
        self.hub.typing(body["sender"], True, device=device)
        await self.go.wait()
        for target, text, photo in self.answers(body):
            self.add(target, "bot", text, device=device, photo=photo, reply_ms=1234)
            await gateway.send(device, Outgoing(target=target, text=text, media_url=photo))
        self.hub.typing(body["sender"], False, device=device)


@web.middleware
async def user_errors(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    try:
        return await handler(request)
    except UserError as exc:
        error = {"code": exc.code, "message": str(exc), "field": exc.field}
        return web.json_response({"success": False, "error": error}, status=exc.status)


def build(world: World, photos: Path, *, heartbeat_s: float = 15) -> web.Application:
    app = web.Application(middlewares=[user_errors], client_max_size=2**20)
    app[simulator.SIMULATOR] = simulator.Simulator(
        directory=world, hub=world.hub, photos=photos, heartbeat_s=heartbeat_s
    )
    aiohttp_jinja2.setup(
        app, loader=jinja2.PackageLoader("autoleads.web"), autoescape=True, undefined=jinja2.StrictUndefined
    )
    simulator.add_routes(app)
    app.router.add_post("/webhook/fonnte", world.webhook)
    return app


def picture(color: str = "teal", kind: str = "JPEG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), color).save(out, kind)
    return out.getvalue()


@pytest.fixture
async def world() -> World:
    return World(Hub())


@pytest.fixture
async def client(world: World, tmp_path: Path) -> AsyncIterator[TestClient[Any, Any]]:
    async with TestClient(TestServer(build(world, tmp_path / "simulator", heartbeat_s=0.05))) as client:
        yield client


# The hub and the gateway


async def test_a_bubble_reaches_every_open_page() -> None:
    hub = Hub()

    with hub.subscribe() as one, hub.subscribe() as two:
        sent = await SimulatorGateway(hub).send(DEVICE, Outgoing(target=SARI, text="Halo kak", media_url="/x.jpg"))
        seen = [await anext(one), await anext(two)]

    assert seen[0] == seen[1]
    assert datetime.fromisoformat(seen[0].pop("at")).tzinfo is not None
    assert seen[0] == {
        "type": "message",
        "id": sent,
        "from": "bot",
        "text": "Halo kak",
        "photo": "/x.jpg",
        "device": DEVICE,
        "target": SARI,
    }


async def test_ids_are_not_used_twice_by_a_later_gateway() -> None:
    message = Outgoing(target=SARI, text="a")
    gateway = SimulatorGateway(Hub())
    ids = [await gateway.send(DEVICE, message), await gateway.send(DEVICE, message)]

    numbers = [int(sent.removeprefix("sim-")) for sent in ids]

    assert numbers[1] == numbers[0] + 1
    assert numbers[0] > 1_700_000_000_000  # milliseconds of a clock that only goes on
    assert SimulatorGateway.channel is Channel.SIMULATOR


async def test_a_slow_page_loses_the_oldest_and_is_told() -> None:
    hub = Hub(backlog=3)

    with hub.subscribe() as slow:
        for number in range(5):
            hub.publish(SARI, {"type": "message", "id": str(number)}, device=DEVICE)
        first, *rest = [await anext(slow) for _ in range(4)]

    assert first == {"type": "resync"}
    assert [event["id"] for event in rest] == ["2", "3", "4"]


async def test_a_page_that_keeps_up_is_never_told_to_read_again() -> None:
    hub = Hub(backlog=1)

    with hub.subscribe() as page:
        for on in (True, False, True):
            hub.typing(SARI, on, device=DEVICE)
            assert await anext(page) == {"type": "typing", "on": on, "device": DEVICE, "target": SARI}


async def test_a_page_that_left_gets_nothing_and_a_closed_hub_ends_them_all() -> None:
    hub = Hub()
    with hub.subscribe() as left:
        pass
    hub.typing(SARI, True, device=DEVICE)
    left.close()

    with hub.subscribe() as page:
        hub.typing(SARI, False, device=DEVICE)
        hub.close()

        assert [event["on"] async for event in page] == [False]
    with hub.subscribe() as late:
        assert [event async for event in late] == []
    assert [event async for event in left] == []


# The routes


async def test_the_page_allows_nothing_inline_and_no_third_party(client: TestClient[Any, Any]) -> None:
    response = await client.get("/simulator")
    html = await response.text()

    assert response.status == 200
    assert response.headers["Content-Security-Policy"].startswith("default-src 'self'; img-src 'self' ")
    assert "style=" not in html
    assert "<style" not in html
    assert html.count("<script") == 1
    assert "//" not in html.replace("</", "")


@pytest.mark.parametrize(
    "name", ["simulator.css", "simulator.js", "simulator-view.js", "simulator-threads.js", "simulator.svg"]
)
async def test_its_files_are_served(client: TestClient[Any, Any], name: str) -> None:
    response = await client.get(f"/static/{name}")
    again = await client.get(f"/static/{name}", headers={"If-None-Match": response.headers["ETag"]})

    assert response.status == 200
    assert again.status == 304
    assert response.content_type in {"text/css", "text/javascript", "application/javascript", "image/svg+xml"}


async def test_showrooms_and_transcript(client: TestClient[Any, Any], world: World) -> None:
    world.add(SARI, "person", "Ada Avanza?")
    world.add(SARI, "bot", "Ada 3 unit kak", reply_ms=900)

    rooms = await (await client.get("/simulator/showrooms")).json()
    where = {"device": DEVICE, "sender": SARI}
    lines = await (await client.get("/simulator/messages", params=where)).json()
    later = await (await client.get("/simulator/messages", params={**where, "after": "1"})).json()

    assert [room["slug"] for room in rooms] == ["jaya", "abadi"]
    assert [line["text"] for line in lines] == ["Ada Avanza?", "Ada 3 unit kak"]
    assert later == lines[1:]


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ({}, "device"),
        ({"device": DEVICE}, "sender"),
        ({"device": DEVICE, "sender": "6" * 65}, "sender"),
        ({"device": DEVICE, "sender": SARI, "after": "-1"}, "after"),
        ({"device": DEVICE, "sender": SARI, "after": "9" * 19}, "after"),
        ({"device": DEVICE, "sender": SARI, "after": "²"}, "after"),
    ],
)
async def test_a_wrong_query_names_the_field(client: TestClient[Any, Any], query: dict[str, str], named: str) -> None:
    response = await client.get("/simulator/messages", params=query)

    assert response.status == 400
    assert (await response.json())["error"]["field"] == named


async def _events(response: Any) -> AsyncIterator[dict[str, Any] | str]:
    """Events as objects, comments as text."""
    async for raw in response.content:
        line = raw.decode().rstrip("\n")
        if line.startswith("data: "):
            yield orjson.loads(line.removeprefix("data: "))
        elif line.startswith(":"):
            yield line


async def test_the_stream_carries_events_and_a_heartbeat(client: TestClient[Any, Any], world: World) -> None:
    async with client.get("/simulator/events") as response:
        events = _events(response)
        assert response.content_type == "text/event-stream"
        assert await anext(events) == ": still here"

        world.hub.publish(SARI, {"type": "message", "text": "satu\ndua"}, device=DEVICE)
        got = await anext(event async for event in events if isinstance(event, dict))

    assert got == {"type": "message", "text": "satu\ndua", "device": DEVICE, "target": SARI}


class WatchedHub(Hub):
    """Tells when a page is gone."""

    def __init__(self) -> None:
        super().__init__()
        self.gone = asyncio.Event()

    @contextmanager
    def subscribe(self) -> Iterator[Subscription]:
        with super().subscribe() as subscription:
            try:
                yield subscription
            finally:
                self.gone.set()


async def test_the_stream_of_a_page_that_left_is_dropped(tmp_path: Path) -> None:
    hub = WatchedHub()
    world = World(hub)
    async with TestClient(TestServer(build(world, tmp_path, heartbeat_s=0.01))) as client:
        response = await client.get("/simulator/events")

        response.close()

        async with patience():
            assert await hub.gone.wait()


async def test_an_open_stream_does_not_hold_up_the_stop(world: World, tmp_path: Path) -> None:
    client = TestClient(TestServer(build(world, tmp_path)))
    await client.server.start_server(shutdown_timeout=3_600)
    response = await client.get("/simulator/events")

    async with patience():
        await client.server.close()

    rest = await response.content.read()
    assert b"data:" not in rest
    await client.close()


# Photos


def _form(content: bytes, name: str = "photo") -> FormData:
    form = FormData()
    form.add_field(name, content, filename="IMG_0001.HEIC", content_type="application/octet-stream")
    return form


@pytest.mark.parametrize(("kind", "ending"), [("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp")])
async def test_a_photo_is_kept_and_served_as_it_came(
    client: TestClient[Any, Any], tmp_path: Path, kind: str, ending: str
) -> None:
    content = picture(kind=kind)

    response = await client.post("/simulator/photo", data=_form(content))
    answer = await response.json()
    served = await client.get(answer["url"].removeprefix(str(client.make_url("/")).rstrip("/")))

    assert response.status == 201
    assert answer["extension"] == ending
    assert answer["url"].startswith(str(client.make_url("/simulator/photos/")))
    assert await served.read() == content
    assert served.headers["X-Content-Type-Options"] == "nosniff"
    assert [path.suffix for path in (tmp_path / "simulator").iterdir()] == [f".{ending}"]


async def test_a_photo_of_ten_megabytes_fits_and_one_byte_more_does_not(
    client: TestClient[Any, Any], tmp_path: Path
) -> None:
    fits = picture().ljust(simulator.PHOTO_LIMIT, b"\0")

    assert (await client.post("/simulator/photo", data=_form(fits))).status == 201
    refused = await client.post("/simulator/photo", data=_form(fits + b"\0"))

    assert refused.status == 413
    assert (await refused.json())["error"]["code"] == "too_large"
    assert len(list((tmp_path / "simulator").iterdir())) == 1


@pytest.mark.parametrize(
    "content", [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a....", b"RIFF\0\0\0\0WAVEfmt "]
)
async def test_what_is_no_photo_by_its_content_is_refused(
    client: TestClient[Any, Any], tmp_path: Path, content: bytes
) -> None:
    response = await client.post("/simulator/photo", data=_form(content))

    assert response.status == 400
    assert (await response.json())["error"]["field"] == "photo"
    assert not (tmp_path / "simulator").exists()


async def test_a_body_that_is_no_upload_is_refused(client: TestClient[Any, Any]) -> None:
    form = "multipart/form-data"
    answers = [
        await client.post("/simulator/photo", json={}),
        await client.post("/simulator/photo", data=_form(picture(), name="file")),
        await client.post("/simulator/photo", data=b"photo", headers={"Content-Type": form}),
        await client.post(
            "/simulator/photo", data=b"no boundary here", headers={"Content-Type": f"{form}; boundary=x"}
        ),
    ]

    assert [response.status for response in answers] == [400] * 4


@pytest.mark.parametrize("name", ["..%2f..%2fsecret.jpg", "none.jpg", "a.svg", ".jpg"])
async def test_only_stored_photos_are_served(client: TestClient[Any, Any], name: str) -> None:
    response = await client.get(f"/simulator/photos/{name}")

    assert response.status == 404

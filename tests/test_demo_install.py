"""The demo as a real process, from an empty directory, from a half made one, and its data."""

import asyncio
import contextlib
import os
import random
import re
import signal
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest

from autoleads.demo import install, showrooms
from autoleads.embedded import EmbeddedPostgres
from autoleads.errors import ConfigError
from autoleads.media.photos import file_names
from autoleads.sql import cars, tenants, users
from autoleads.sql.pool import Database
from autoleads.types import Role
from tests import make
from tests.command import Command, process_environ
from tests.patience import PATIENCE_S, patience

ROOT = Path(__file__).parent.parent


@pytest.fixture
def folder() -> Iterator[Path]:
    """With a short name, as the database's socket lies in it."""
    with tempfile.TemporaryDirectory(prefix="al-demo-") as name:
        yield Path(name) / "demo"


def _free_port() -> int:
    """Of those that the system gives to nobody by itself: between here and the demo another test may take one."""
    while True:
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", random.randrange(20_000, 32_000)))
            return int(probe.getsockname()[1])


@contextlib.asynccontextmanager
async def demo(folder: Path, port: int) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "autoleads", "demo", "--port", str(port), "--data-dir", str(folder)),
        cwd=ROOT,
        env=process_environ(PYTHONUNBUFFERED="1"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await process.communicate()


async def _until(process: asyncio.subprocess.Process, text: str) -> str:
    """What it printed up to and with the line that holds the text."""
    assert process.stdout is not None
    said = ""
    async with patience():
        async for line in process.stdout:
            said += line.decode()
            if text in line.decode():
                return said
    raise AssertionError(said)


async def test_a_demo_killed_while_it_is_made_is_whole_after_the_next_start(folder: Path) -> None:
    port = _free_port()
    async with demo(folder, port) as process:
        await _until(process, "demo showroom added: slug=showroom-surabaya")
        process.kill()
        await process.wait()

    async with demo(folder, port) as process, aiohttp.ClientSession(f"http://127.0.0.1:{port}") as http:
        said = await _until(process, "On this data:")
        rooms = await (await http.get("/simulator/showrooms")).json()
        photo = await _drawn(http, "/uploads/cars/arunika-mobil/a01-1-1280x960.jpg")

        assert f"http://localhost:{port}/simulator" in said
        assert f"http://arunika-mobil.localhost:{port}" in said
        assert re.search(r"owner +0812-3456-7890 +Owner Showroom", said)
        assert {room["slug"] for room in rooms} == {"showroom-surabaya", "arunika-mobil"}
        assert photo.startswith(b"\xff\xd8\xff")
        await _a_customer_is_answered(http)
        taken = await Command()("demo", "--data-dir", str(folder), "--fresh")
        assert (taken.code, taken.out) == (1, "")
        assert "is in use by a running demo" in taken.err

    assert process.returncode == 0
    explained = await Command(AUTOLEADS_DATA_DIR=str(folder))(
        "explain", "--tenant", "arunika-mobil", "--json", "ada avanza hitam 2020?"
    )
    assert set(explained.rows[0]["cars"]) == {"#A01", "#A02", "#A03"}


async def _drawn(http: aiohttp.ClientSession, path: str) -> bytes:
    """A photo of which the demo, on a busy machine, no longer waited to be there."""
    async with patience():
        while (response := await http.get(path)).status == 404:
            await response.read()
        return await response.read()


async def _a_customer_is_answered(http: aiohttp.ClientSession) -> None:
    """The sample payload, with the sample showroom's device."""
    sender = "6281200000101"
    body = make.fonnte_text("628123456789", sender, "Halo kak, Avanza 2020 masih ada?")
    async with http.get("/simulator/events") as events:
        assert (await http.post("/webhook/fonnte", json=body)).status == 200
        async with patience():
            async for line in events.content:
                if b'"type":"message"' in line:
                    break
    address = {"device": "628123456789", "sender": sender}
    async with patience():
        said: list[dict[str, str]] = [{"from": "nobody"}]
        while said[-1]["from"] != "bot":  # listed once its result is noted, a moment after the event
            said = await (await http.get("/simulator/messages", params=address)).json()
    assert "#A01" in said[-1]["text"]


async def test_a_demo_keeps_to_itself(tmp_path: Path) -> None:
    """Not even its directory is touched when that is another installation's, whatever the environment says."""
    folder = tmp_path / "data"
    os.makedirs(folder / "postgres")

    done = await Command(AUTOLEADS_DATA_DIR=str(folder), DATABASE_URL="postgresql://127.0.0.1:1/x")("demo")
    port = await Command()("demo", "--port", "70000")

    assert (done.code, done.out) == (1, "")
    assert "holds other data than a demo's" in done.err
    assert os.listdir(folder) == ["postgres"]
    assert (port.code, "--port: must be a number from 1 to 65535" in port.err) == (2, True)


async def test_showrooms_are_seeded_once_with_all_that_belongs_to_them(database: Database) -> None:
    first = [await install.seed(database, room) for room in showrooms.load()]
    second = [await install.seed(database, room) for room in showrooms.load()]

    assert (first, second) == ([True, True], [False, False])
    for room in showrooms.load():
        tenant_id = await tenants.need_id_all_tenants(database, room.slug)
        async with database.tenant(tenant_id) as db:
            stock = await cars.stock(db, tenant_id)
            people = await users.all_of(db, tenant_id)
        assert len(stock.cars) == sum(car.status != "draft" for car in room.cars)
        assert [person.role for person in people] == [user.role for user in room.users]
        assert any(person.role is Role.OWNER and person.phone.startswith("62812") for person in people)
        assert all(len(car.photos) == showrooms.VARIANTS for car in stock.cars)
        assert stock.cars[0].photos[0].startswith(f"/uploads/cars/{room.slug}/")


async def test_two_demos_seed_one_showroom(database: Database) -> None:
    room = showrooms.load()[0]

    done = await asyncio.gather(*(install.seed(database, room) for _ in range(4)))

    assert sorted(done) == [False, False, False, True]
    assert len(await tenants.list_all_tenants(database)) == 1


def test_fresh_empties_a_demo_directory_and_nothing_else(tmp_path: Path) -> None:
    mine, other = tmp_path / "demo", tmp_path / "other"
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "keep").write_text("")
    other.mkdir()
    (other / "letters.txt").write_text("dear")
    install.claim(mine, fresh=False)
    (mine / "uploads").mkdir()
    (mine / "uploads" / "photo.jpg").write_text("")
    (mine / "link").symlink_to(outside)

    assert install.claim(mine, fresh=False) == mine
    assert (mine / "uploads" / "photo.jpg").exists()
    install.claim(mine, fresh=True)
    for fresh in (True, False):
        with pytest.raises(ConfigError, match="holds other data than a demo's"):
            install.claim(other, fresh=fresh)

    assert [path.name for path in mine.iterdir()] == [".autoleads-demo"]
    assert (outside / "keep").exists()
    assert [path.name for path in other.iterdir()] == ["letters.txt"]


def test_a_demo_in_use_is_not_emptied(folder: Path) -> None:
    install.claim(folder, fresh=False)
    server = EmbeddedPostgres(folder)
    server.start()
    try:
        with pytest.raises(ConfigError, match="in use by a running demo"):
            install.claim(folder, fresh=True)
        assert (folder / "postgres").exists()
    finally:
        server.stop()

    install.claim(folder, fresh=True)

    assert os.listdir(folder) == [".autoleads-demo"]


async def test_missing_photos_are_drawn_and_the_others_left(tmp_path: Path) -> None:
    variants = range(1, showrooms.VARIANTS + 1)
    cars_of = [(room.slug, car) for room in showrooms.load() for car in room.cars]
    names = {f"{slug}/{showrooms.file_name(car, variant)}" for slug, car in cars_of for variant in variants}
    missing = {"arunika-mobil/a01-1-1280x960.jpg", "showroom-surabaya/v01-4-1280x960.jpg"}
    for name in names - missing:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()

    with install.drawing(tmp_path) as drawing:
        assert await drawing.first_photos(PATIENCE_S) is True
        assert (tmp_path / "arunika-mobil/a01-1-1280x960.jpg").stat().st_size > 10_000
        assert await drawing.first_photos(PATIENCE_S) is False  # the end of its output: all is drawn

    assert {name for name in names if (tmp_path / name).stat().st_size} == missing
    made = sum(len(file_names(name.partition("/")[2])) for name in missing)
    drawn = sum(len(os.listdir(tmp_path / room.slug)) for room in showrooms.load())
    assert drawn == len(names) - len(missing) + made


async def test_drawing_that_fails_does_not_stop_the_demo(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with install.drawing(tmp_path / "file" / "cars") as drawing:
        assert await drawing.first_photos(PATIENCE_S) is False

"""Files of messages, from the webhook's row to a private file: none lost, none fetched twice, none that harms."""

import asyncio
import itertools
import stat
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from PIL import Image
from pytest_aiohttp.plugin import AiohttpClient

from autoleads import daemon
from autoleads.bot.attachments import Collector
from autoleads.config import Config
from autoleads.media.fetch import Fetcher
from autoleads.media.photos import file_names
from autoleads.media.storage import LocalStorage
from autoleads.media.workshop import Workshop, open_workshop
from autoleads.sql import attachments, inbox
from autoleads.sql.attachments import Attachment, AttachmentState
from autoleads.sql.pool import Database, open_database
from autoleads.types import ConversationKey, InboxId, TenantId
from tests import make
from tests import photo_samples as samples
from tests.collector_process import limits
from tests.patience import PATIENCE_S, patience
from tests.standins import Fault, FileStandin

JPEG = samples.turned(6)
STORED, FAILED, PENDING = AttachmentState.STORED, AttachmentState.FAILED, AttachmentState.PENDING


@pytest.fixture(scope="module")
async def workshop() -> AsyncIterator[Workshop]:
    async with open_workshop(workers=2, timeout_s=PATIENCE_S, most_pixels=50_000_000) as workshop:
        yield workshop


@pytest.fixture
def storage(tmp_path: Path) -> LocalStorage:
    return LocalStorage(tmp_path / "uploads")


@pytest.fixture
def collector(database: Database, fetcher: Fetcher, workshop: Workshop, storage: LocalStorage) -> Collector:
    return Collector(database, fetcher, workshop, storage, limits=limits())


class Customer:
    """Somebody who sends files to a showroom."""

    def __init__(self, database: Database, tenant_id: TenantId, device: str, sender: str) -> None:
        self.database, self.tenant_id, self._device, self._sender = database, tenant_id, device, sender
        self._sent = 0

    async def sends(self, *urls: str | None, kind: str = "image") -> tuple[ConversationKey, list[InboxId]]:
        rows = []
        for url in urls:
            self._sent += 1
            rows.append(
                inbox.Received(
                    device=self._device, sender=self._sender, phone=self._sender, name="Sari", kind=kind, body="",
                    dedupe_key=str(self._sent), media=None if url is None else {"url": url}, sent_at=None,
                )
            )  # fmt: skip
        receipts = await inbox.add_all_tenants(self.database, rows)
        assert receipts[0].key is not None
        return receipts[0].key, [receipt.id for receipt in receipts if receipt.id is not None]

    async def files(self, key: ConversationKey) -> list[Attachment]:
        async with self.database.tenant(self.tenant_id) as db:
            rows = await db.fetch("SELECT id FROM inbox WHERE conversation_id = $1", key.conversation_id)
            return await attachments.of_inbox(db, self.tenant_id, [row["id"] for row in rows])

    async def execute(self, sql: str) -> Any:
        async with self.database.tenant(self.tenant_id) as db:
            return await db.fetchval(sql)


@pytest.fixture
async def customer(database: Database) -> Customer:
    tenant_id = await make.tenant(database)
    return Customer(database, tenant_id, await make.device_of(database, tenant_id), make.phone())


async def collect(collector: Collector) -> None:
    await collector.once()
    await collector.idle()


async def test_a_photo_is_kept_privately_and_without_its_metadata(
    customer: Customer, collector: Collector, files: FileStandin, storage: LocalStorage
) -> None:
    key, (message,) = await customer.sends(files.put("a.jpg", JPEG))

    await collect(collector)

    (one,) = await customer.files(key)
    assert (one.state, one.inbox_id, one.kind, one.tries, one.problem) == (STORED, message, "image", 1, None)
    assert one.path is not None
    assert one.path.startswith(f"private/{key.tenant_id}/{key.conversation_id}/")
    data = await storage.read(one.path)
    assert samples.SECRET not in data
    assert Image.open(storage.path(one.path)).size == samples.SIZE  # turned upright
    assert stat.S_IMODE(storage.path(one.path).stat().st_mode) == 0o600


async def test_only_files_leave_a_row(customer: Customer, files: FileStandin) -> None:
    url = files.put("a.jpg", JPEG)
    for kind in ("text", "sticker", "location", "contact", "unsupported"):
        key, _ = await customer.sends(url, kind=kind)
    await customer.sends(None, kind="image")  # the gateway's plan keeps it back
    assert await customer.files(key) == []

    for kind in ("image", "audio", "video", "document"):
        await customer.sends(url, kind=kind)
    assert [one.kind for one in await customer.files(key)] == ["image", "audio", "video", "document"]


async def test_a_message_that_comes_twice_has_one_file(customer: Customer, files: FileStandin) -> None:
    key, _ = await customer.sends(files.put("a.jpg", JPEG))
    customer._sent = 0
    _, again = await customer.sends(files.put("a.jpg", JPEG))

    assert again == []
    assert len(await customer.files(key)) == 1


KNOWN = {
    ".ogg": b"OggS" + bytes(90),
    ".mp3": b"ID3" + bytes(90),
    ".aac": b"\xff\xf1\x50\x80" + bytes(40),
    ".amr": b"#!AMR\n" + bytes(9),
    ".wav": b"RIFF\x24\0\0\0WAVEfmt ",
    ".m4a": b"\0\0\0\x18ftypM4A " + bytes(20),
    ".mp4": b"\0\0\0\x18ftypmp42" + bytes(20),
    ".pdf": b"%PDF-1.4 x",
    ".docx": b"PK\x03\x04" + bytes(26) + b"[Content_Types].xml word/document.xml",
    ".xlsx": b"PK\x03\x04" + bytes(26) + b"[Content_Types].xml xl/workbook.xml",
    ".doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(9),
    ".txt": b"BMW 320i, 2019, 450jt\n",
}


async def test_what_is_known_is_kept_as_it_is(
    customer: Customer, collector: Collector, files: FileStandin, storage: LocalStorage
) -> None:
    key, _ = await customer.sends(*(files.put(f"file{n}", data) for n, data in enumerate(KNOWN.values())))

    for _ in range(len(KNOWN) // 4):
        await collect(collector)

    kept = await customer.files(key)
    assert {one.state for one in kept} == {STORED}
    for one, (ending, data) in zip(kept, KNOWN.items(), strict=True):
        assert one.path is not None
        assert one.path.endswith(ending)
        assert await storage.read(one.path) == data


async def test_a_photo_sent_as_a_document_is_a_photo(
    customer: Customer, collector: Collector, files: FileStandin
) -> None:
    key, _ = await customer.sends(files.put("IMG_1.pdf", JPEG), kind="document")

    await collect(collector)

    (one,) = await customer.files(key)
    assert one.path is not None
    assert one.path.endswith("-480x320.jpg")


async def test_what_is_not_is_refused_once_and_for_all(
    customer: Customer, collector: Collector, files: FileStandin, tmp_path: Path
) -> None:
    names = ("script.svg", "setup.jpg", "phone.heic", "app.apk", "nothing.jpg", "cut off.jpg", "many.zip", "noise.jpg")
    key, _ = await customer.sends(*(files.put(str(n), samples.refused()[name][0]) for n, name in enumerate(names)))

    for _ in range(len(names)):
        await collect(collector)

    for name, one in zip(names, await customer.files(key), strict=True):
        assert (one.state, one.problem, one.tries, one.path) == (FAILED, samples.refused()[name][1], 1, None)
    assert sorted(files.asked) == sorted(str(n) for n in range(len(names)))
    assert not (tmp_path / "uploads").exists()


async def test_a_file_that_is_too_large_is_refused(
    customer: Customer, collector: Collector, files: FileStandin
) -> None:
    files.once(Fault(name="endless"))
    key, _ = await customer.sends(files.put("a.jpg", JPEG))

    await collect(collector)

    (one,) = await customer.files(key)
    assert (one.state, one.problem) == (FAILED, "too_large")


async def _times(customer: Customer) -> tuple[datetime, datetime]:
    """When the only file is due, and now."""
    due_at, now = await customer.execute("SELECT (due_at, clock_timestamp()) FROM attachment")
    return due_at, now


async def test_what_fails_is_tried_again_later_and_later(
    customer: Customer, collector: Collector, files: FileStandin
) -> None:
    files.once(Fault(name="http", status=503), Fault(name="half"), Fault(name="http", status=404))
    key, _ = await customer.sends(files.put("a.jpg", JPEG))
    problems = []
    for pause_s in (5, 15, 45):
        before = await customer.execute("SELECT clock_timestamp()")
        await collect(collector)
        (one,) = await customer.files(key)
        assert one.state is PENDING
        problems.append(one.problem)
        due_at, after = await _times(customer)
        assert due_at - after <= timedelta(seconds=pause_s) <= due_at - before
        await customer.execute("UPDATE attachment SET due_at = due_at + interval '1 hour'")
        await collect(collector)  # not due
        await customer.execute("UPDATE attachment SET due_at = clock_timestamp()")

    await collect(collector)

    (one,) = await customer.files(key)
    assert (one.state, one.tries, one.problem) == (STORED, 4, None)
    assert problems == ["http", "connection", "http"]


async def test_what_fails_for_no_fault_of_the_file_is_tried_again_long_before_the_hold_ends(
    customer: Customer, collector: Collector, files: FileStandin, tmp_path: Path
) -> None:
    key, _ = await customer.sends(files.put("a.jpg", JPEG))
    (tmp_path / "uploads").write_text("")  # no folder, so nothing can be kept
    before = await customer.execute("SELECT clock_timestamp()")

    await collect(collector)

    due_at, after = await _times(customer)
    assert due_at - after <= timedelta(seconds=5) <= due_at - before
    (tmp_path / "uploads").unlink()
    await customer.execute("UPDATE attachment SET due_at = clock_timestamp()")
    await collect(collector)
    (one,) = await customer.files(key)
    assert (one.state, one.problem) == (STORED, None)


async def test_when_the_gateway_no_longer_has_it_it_is_given_up(
    customer: Customer, collector: Collector, files: FileStandin
) -> None:
    key, _ = await customer.sends(f"{files.url}/gone.jpg")
    await customer.execute("UPDATE attachment SET created_at = clock_timestamp() - interval '30 minutes'")

    await collect(collector)

    (one,) = await customer.files(key)
    assert (one.state, one.problem) == (FAILED, "http")


async def test_a_file_is_given_up_however_often_it_was_tried(
    customer: Customer, collector: Collector, files: FileStandin
) -> None:
    key, _ = await customer.sends(f"{files.url}/gone.jpg")
    await customer.execute("UPDATE attachment SET tries = 1000, created_at = created_at - interval '30 minutes'")

    await collect(collector)

    (one,) = await customer.files(key)
    assert (one.state, one.problem) == (FAILED, "http")


async def test_several_collectors_fetch_each_file_once(
    database: Database, customer: Customer, fetcher: Fetcher, workshop: Workshop, storage: LocalStorage,
    files: FileStandin,
) -> None:  # fmt: skip
    names = [f"{number}.jpg" for number in range(24)]
    key, messages = await customer.sends(*(files.put(name, JPEG) for name in names))
    several = [Collector(database, fetcher, workshop, storage, limits=limits(slots=3)) for _ in range(3)]

    tasks = [asyncio.create_task(one.run()) for one in several]
    await files.wait_for(lambda: len(files.asked) == len(names))
    await asyncio.gather(*(one.idle() for one in several))
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)

    assert sorted(files.asked) == sorted(names)
    kept = await customer.files(key)
    assert [one.inbox_id for one in kept] == messages
    assert {one.state for one in kept} == {STORED}
    assert len({one.path for one in kept}) == 1  # the same photo


async def test_what_a_killed_process_was_fetching_is_fetched(
    dsn: str, database: Database, customer: Customer, collector: Collector, files: FileStandin, tmp_path: Path
) -> None:
    files.once(Fault(name="hang"))
    key, _ = await customer.sends(files.put("a.jpg", JPEG))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.collector_process", dsn, str(tmp_path / "uploads")
    )
    await files.wait_for(lambda: files.arrived == 1)
    process.kill()
    await process.wait()

    await collect(collector)  # still held by the dead process
    assert [one.state for one in await customer.files(key)] == [PENDING]
    await customer.execute("UPDATE attachment SET due_at = clock_timestamp()")  # its hold ends
    await collect(collector)

    (one,) = await customer.files(key)
    assert (one.state, one.tries) == (STORED, 2)


@pytest.fixture
async def owner(database: Database) -> Customer:
    """Somebody who sends photos of cars."""
    tenant_id, phone = await make.tenant(database), make.phone()
    await make.user(database, tenant_id, number=phone)
    return Customer(database, tenant_id, await make.device_of(database, tenant_id), phone)


async def test_a_photo_of_a_car_counts_once_it_is_checked_and_gets_its_variants_then(
    owner: Customer, collector: Collector, files: FileStandin, tmp_path: Path
) -> None:
    key, _ = await owner.sends(files.put("a.jpg", JPEG))

    await collect(collector)
    (checked,) = await owner.files(key)
    first = _names(tmp_path)
    await collect(collector)
    (stored,) = await owner.files(key)

    assert (checked.state, stored.state) == (AttachmentState.CHECKED, STORED)
    assert checked.path is not None
    assert checked.path == stored.path
    original = checked.path.rpartition("/")[2]
    assert first == [original]
    assert _names(tmp_path) == sorted(file_names(original))


def _names(folder: Path) -> list[str]:
    """Without the half files of killed processes, which have no name yet."""
    paths = (path for path in (folder / "uploads").rglob("*") if path.is_file())
    return sorted(path.name for path in paths if not path.name.startswith("."))


async def test_a_checked_photo_is_completed_by_whoever_comes_next_without_being_fetched_again(
    dsn: str, owner: Customer, collector: Collector, files: FileStandin, tmp_path: Path
) -> None:
    key, _ = await owner.sends(
        *(files.put(f"{n}.jpg", samples.encoded(samples.corners((900, 600 + n)))) for n in range(8))
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.collector_process", dsn, str(tmp_path / "uploads")
    )
    async with patience():
        while not any(one.path for one in await owner.files(key)):  # noqa: ASYNC110 - another process does it
            await asyncio.sleep(0.005)
    process.kill()
    await process.wait()

    checked = [one.source_url.rpartition("/")[2] for one in await owner.files(key) if one.path]
    before = len(files.asked)
    async with patience():
        while {one.state for one in await owner.files(key)} != {STORED}:
            await owner.execute("UPDATE attachment SET due_at = clock_timestamp()")  # the dead process's holds end
            await collect(collector)

    assert checked
    assert not set(checked) & set(files.asked[before:])
    kept = await owner.files(key)
    assert _names(tmp_path) == sorted(
        {name for one in kept for name in file_names((one.path or "").rpartition("/")[2])}
    )


async def test_whenever_a_process_stops_nothing_stays_held(
    dsn: str, owner: Customer, fetcher: Fetcher, workshop: Workshop, storage: LocalStorage, files: FileStandin
) -> None:
    states = set()
    async with open_database(dsn, size_min=1, size_max=1, slow_query_s=5) as database:
        for statements in itertools.count(1):
            key, _ = await owner.sends(files.put(f"{statements}.jpg", JPEG))
            collector = Collector(database, fetcher, workshop, storage, limits=limits())

            stopped = await _stopped_after(statements, collector, database, owner, key)

            held = "SELECT count(*) FROM attachment WHERE state <> 'stored' AND due_at > clock_timestamp()"
            assert await owner.execute(held) == 0, f"stopped after {statements} statements"
            states |= {one.state for one in await owner.files(key)}
            if not stopped:
                break
            await owner.execute("DELETE FROM attachment")
    assert states == {PENDING, AttachmentState.CHECKED, STORED}


async def _stopped_after(
    statements: int, collector: Collector, database: Database, owner: Customer, key: ConversationKey
) -> bool:
    """As the answer of that statement is there and nobody has seen it yet. False: the file was stored before."""
    left = itertools.count(statements - 1, -1)
    running = asyncio.create_task(collector.run())

    def count(_: object) -> None:
        if next(left) == 0:
            running.cancel()

    async with database.pool.acquire() as connection:
        connection.add_query_logger(count)
    async with patience():
        while not running.done() and {one.state for one in await owner.files(key)} != {STORED}:  # noqa: ASYNC110
            await asyncio.sleep(0.001)
    stopped = running.done()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    async with database.pool.acquire() as connection:
        connection.remove_query_logger(count)
    return stopped


async def test_a_checked_photo_whose_file_is_gone_fails(
    owner: Customer, collector: Collector, files: FileStandin, storage: LocalStorage
) -> None:
    key, _ = await owner.sends(files.put("a.jpg", JPEG))
    await collect(collector)
    (one,) = await owner.files(key)
    await storage.delete(one.path or "")

    await collect(collector)

    (one,) = await owner.files(key)
    assert (one.state, one.problem, one.path) == (FAILED, "lost", None)


async def test_what_is_erased_while_it_is_fetched_is_not_kept(
    database: Database, customer: Customer, collector: Collector, files: FileStandin, tmp_path: Path
) -> None:
    files.once(Fault(name="ok", held=True))
    key, _ = await customer.sends(files.put("a.jpg", JPEG))
    await collector.once()
    await files.wait_for(lambda: files.arrived == 1)
    async with database.tenant(key.tenant_id) as db:
        assert await attachments.forget(db, *key, upto=datetime.now(UTC)) == []
    files.release()
    await collector.idle()

    assert not [path for path in (tmp_path / "uploads").rglob("*") if path.is_file()]


async def test_a_process_that_was_away_does_not_overrule_the_one_that_took_over(
    database: Database, customer: Customer, files: FileStandin
) -> None:
    key, _ = await customer.sends(files.put("a.jpg", JPEG))
    tenant_id = key.tenant_id
    ((_, one),) = await attachments.due_all_tenants(database, PENDING, limit=9)
    async with database.tenant(tenant_id) as db:
        first = await attachments.claim(db, tenant_id, one, PENDING, hold_s=0)
        second = await attachments.claim(db, tenant_id, one, PENDING, hold_s=60)
        assert first is not None
        assert second is not None
        assert await attachments.claim(db, tenant_id, one, PENDING, hold_s=60) is None
        late = await attachments.set_failed(db, tenant_id, one, tries=1, problem="http", again_in_s=None)
        done = await attachments.set_stored(db, tenant_id, one, tries=2, path="private/1/1/a.jpg")
        again = await attachments.set_stored(db, tenant_id, one, tries=2, path="private/1/1/b.jpg")

    assert (late, done, again) == (False, True, False)
    assert [file.path for file in await customer.files(key)] == ["private/1/1/a.jpg"]


async def test_files_of_certain_messages_in_their_order(customer: Customer, files: FileStandin) -> None:
    _, messages = await customer.sends(*(files.put(f"{number}.jpg", JPEG) for number in range(5)))
    wanted = [messages[3], messages[1]]

    async with customer.database.tenant(customer.tenant_id) as db:
        found = await attachments.of_inbox(db, customer.tenant_id, wanted)

    assert [one.inbox_id for one in found] == sorted(wanted)
    assert [one.source_url for one in found] == [f"{files.url}/1.jpg", f"{files.url}/3.jpg"]


@pytest.fixture
async def app(config: Config, aiohttp_client: AiohttpClient, request: pytest.FixtureRequest) -> TestClient:
    reach = make.config(
        DATABASE_URL=config.database.url, AUTOLEADS_DATA_DIR=config.app.data_dir, FONNTE_API_URL=config.fonnte.api_url,
        GEMINI_API_URL=config.model.api_url, AUTOLEADS_MEDIA_ALLOW_PRIVATE=getattr(request, "param", "true"),
        AUTOLEADS_MEDIA_POLL_S="60",
    )  # fmt: skip
    return await aiohttp_client(daemon.build(reach))


async def post_photo(app: TestClient, database: Database, url: str, sender: str) -> TenantId:
    tenant_id = await make.tenant(database)
    body = make.fonnte_text(
        await make.device_of(database, tenant_id), sender, "non-text message", url=url, type="image", extension="jpg"
    )
    assert (await app.post("/webhook/fonnte", json=body)).status == 200
    return tenant_id


async def test_a_photo_sent_to_the_webhook_is_fetched_at_once(
    app: TestClient, database: Database, files: FileStandin, tmp_path: Path
) -> None:
    tenant_id = await post_photo(app, database, files.put("a.jpg", JPEG), make.phone())
    await files.wait_for(lambda: files.arrived == 1)
    await app.app[daemon.COLLECTOR].idle()

    async with database.tenant(tenant_id) as db:
        path = await db.fetchval("SELECT path FROM attachment WHERE state = 'stored'")
    assert (tmp_path / "uploads" / path).is_file()
    for address in (f"/uploads/{path}", f"/uploads/cars/{path}", f"/{path}"):
        assert (await app.get(address)).status == 404


@pytest.mark.parametrize("app", ["false"], indirect=True)
async def test_an_address_inside_is_not_asked(app: TestClient, database: Database, files: FileStandin) -> None:
    tenant_id = await post_photo(app, database, files.put("a.jpg", JPEG), make.phone())
    collector = app.app[daemon.COLLECTOR]
    async with patience():
        while True:  # until the woken loop has come to it
            await collector.once()
            await collector.idle()
            async with database.tenant(tenant_id) as db:
                if await db.fetchval("SELECT problem FROM attachment WHERE state = 'failed'") == "address":
                    break

    assert files.arrived == 0

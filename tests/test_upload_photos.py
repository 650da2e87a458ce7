"""Photos of /upload: any order, twice, late, broken; each once in the car, and what fails is named."""

import os
import time
from collections.abc import AsyncIterator

import pytest
from PIL import Image

from autoleads import daemon
from autoleads.config import Config
from autoleads.sql.pool import Database
from autoleads.types import Role
from autoleads.web import keys
from tests import photo_samples as samples
from tests.standins import Fault
from tests.standins.fonnte import FonnteStandin
from tests.test_upload import holds
from tests.upload_stage import LINE, Stage, picture
from tests.upload_stage import stage as on_stage


@pytest.fixture
async def stage(config: Config, database: Database, fonnte: FonnteStandin) -> AsyncIterator[Stage]:
    async with on_stage(config, database, fonnte) as stage:
        yield stage


async def _published(stage: Stage) -> list[str]:
    await stage.says("skip")
    await stage.says("skip")
    holds(await stage.says("1"), "BERHASIL PUBLISH")
    return list((await stage.row())["photos"])


async def test_photos_without_a_word_begin_an_upload(stage: Stage) -> None:
    await stage.sends(picture(1), picture(2), picture(3))
    holds(await stage.hears(), "✅ 3 foto diterima!", "Sekarang info mobilnya")
    assert len(stage.read()) == 1
    holds(await stage.says(LINE), "Data diterima")
    assert len(await _published(stage)) == 3


async def test_a_full_caption_skips_the_data(stage: Stage) -> None:
    before = len(stage.read())
    await stage.sends(picture(1), picture(2), caption=LINE)
    await stage.fonnte.wait_for(lambda: len(stage.read()) > before)
    holds(stage.read()[-1], "Data diterima", "B 1234 XYZ", "Ada fitur khusus?")
    assert (await stage.hears()).startswith("✅ 2 foto diterima!")
    assert len(await _published(stage)) == 2


async def test_a_caption_that_says_nothing_of_the_car_is_none(stage: Stage) -> None:
    await stage.sends(picture(1), caption="tampak depan")
    holds(await stage.hears(), "✅ 1 foto diterima!", "Sekarang info mobilnya")


async def test_the_order_of_arrival_is_the_order_of_the_car(stage: Stage) -> None:
    shots = [picture(n) for n in range(4)]
    await stage.says(LINE)
    for shot in shots:
        await stage.sends(shot)
    await stage.hears()
    photos = await _published(stage)

    order = await stage.value("SELECT array_agg(path ORDER BY inbox_id) FROM attachment")
    assert photos == [f"/uploads/{path}" for path in order]


async def test_the_same_photo_counts_once(stage: Stage) -> None:
    await stage.says(LINE)
    await stage.sends(picture(1), picture(2), picture(1), picture(2), picture(3))
    holds(await stage.hears(), "✅ 3 foto diterima!", "2 foto dobel")
    assert len(await _published(stage)) == 3


async def test_the_eleventh_is_told(stage: Stage) -> None:
    await stage.says("/upload")
    await stage.sends(*(picture(n, (320, 240)) for n in range(11)))
    holds(await stage.hears(), "✅ 10 foto diterima!", "Maksimal 10 foto, jadi foto ke-11 tidak dipakai")
    await stage.says(LINE)
    assert len(await _published(stage)) == 10


async def test_a_photo_that_fails_is_named_with_the_reason_and_the_others_stay(stage: Stage) -> None:
    refused = samples.refused()
    await stage.says("/upload")
    await stage.sends(
        picture(1), refused["nothing.jpg"][0], refused["phone.heic"][0], refused["script.svg"][0],
        refused["setup.jpg"][0], next(samples.bombs())[1], picture(2),
        b"\xff\xd8\xff" + bytes(11 * 2**20),
    )  # fmt: skip
    text = await stage.hears()
    holds(
        text,
        "✅ 2 foto diterima!",
        "Foto ke-2 tidak bisa dipakai: filenya kosong (0 byte)",
        "Foto ke-3 tidak bisa dipakai: formatnya HEIC",
        "Foto ke-4 tidak bisa dipakai: bukan foto (file svg)",
        "Foto ke-5 tidak bisa dipakai: bukan foto (file program)",
        "Foto ke-6 tidak bisa dipakai: resolusinya terlalu besar",
        "Foto ke-8 tidak bisa dipakai: ukurannya lebih dari 10 MB",
        "Sekarang info mobilnya",
    )
    await stage.sends(picture(3))
    text = await stage.hears()
    assert text.startswith("✅ 3 foto diterima!")
    assert "ke-2" not in text
    await stage.says(LINE)
    assert len(await _published(stage)) == 3
    holds(stage.read()[-1], "3 foto terpasang")
    assert "tidak bisa dipakai" not in stage.read()[-1]  # said once is enough


async def test_who_publishes_at_once_hears_of_a_failed_photo_then(stage: Stage) -> None:
    await stage.says(LINE)
    await stage.says("skip")
    await stage.says("skip")
    await stage.sends(b"", picture(1))
    await stage.value("UPDATE timer SET due_at = clock_timestamp() + interval '1 hour'")  # "at once" on any machine
    await stage.collected()
    holds(await stage.says("1"), "1 foto terpasang", "Foto ke-1 tidak bisa dipakai: filenya kosong")
    assert await stage.value("SELECT count(*) FROM timer") == 0


async def test_a_file_that_whatsapp_keeps_back_is_named(stage: Stage) -> None:
    await stage.says("/upload")
    await stage.post("non-text message", type="image", extension="jpg", url="")
    text = await stage.hears()
    holds(text, "Foto ke-1 tidak bisa dipakai: tidak sampai", "Belum ada foto")


async def test_a_photo_sent_as_a_file_belongs_to_the_upload(stage: Stage) -> None:
    await stage.says("/upload")
    await stage.sends(picture(1, name="PNG"), kind="document")
    holds(await stage.hears(), "✅ 1 foto diterima!")


async def test_a_photo_that_is_late_joins_the_published_car(stage: Stage) -> None:
    await stage.says(LINE)
    stage.files.once(Fault(name="http", status=503))
    await stage.sends(picture(1))
    await stage.collected()
    assert await stage.value("SELECT problem FROM attachment") == "http"
    await stage.says("skip")
    holds(await stage.says("skip"), "📸 1 foto")
    holds(await stage.says("1"), "BERHASIL PUBLISH", "1 foto masih diunduh")
    assert (await stage.row())["photos"] == []

    await stage.value("UPDATE attachment SET due_at = clock_timestamp()")
    stage.app.app[daemon.COLLECTOR].wake()
    while not await stage.value("SELECT count(*) FROM attachment WHERE state = 'stored'"):
        await stage.app.app[daemon.COLLECTOR].idle()
    holds(await stage.hears(), "Foto #A01 sudah lengkap: 1 foto")
    assert len((await stage.row())["photos"]) == 1


async def test_a_car_gets_a_photo_once_all_its_files_are_there(stage: Stage) -> None:
    """The owner has heard of it already, and hears nothing more."""
    await stage.says(LINE)
    await stage.sends(picture(1), picture(2))
    holds(await stage.hears(), "✅ 2 foto diterima!")
    late = "UPDATE attachment SET state = 'checked', due_at = clock_timestamp() + make_interval(hours => 1)"
    await stage.value(f"{late} WHERE id = (SELECT max(id) FROM attachment)")
    await stage.says("skip")
    holds(await stage.says("skip"), "📸 2 foto")
    holds(await stage.says("1"), "BERHASIL PUBLISH", "2 foto terpasang")
    said = stage.read()
    assert len((await stage.row())["photos"]) == 1

    await stage.value("UPDATE attachment SET due_at = clock_timestamp()")
    stage.app.app[daemon.COLLECTOR].wake()
    while len((await stage.row())["photos"]) < 2:
        await stage.collected()
        await stage.ring()

    order = await stage.value("SELECT array_agg(path ORDER BY inbox_id) FROM attachment")
    assert (await stage.row())["photos"] == [f"/uploads/{path}" for path in order]
    assert stage.read() == said


async def test_what_is_served_has_no_metadata_and_every_size(stage: Stage) -> None:
    await stage.says(LINE)
    await stage.sends(samples.turned(6))
    await stage.hears()
    [address] = await _published(stage)

    for ending in (".jpg", "-320.avif", "-320.webp", "-320.jpg", "-480.avif", "-link.jpg"):
        response = await stage.app.get(address.replace(".jpg", ending))
        assert response.status == 200, ending
        assert samples.SECRET not in await response.read()


async def test_photos_of_customers_and_sales_stay_private(stage: Stage) -> None:
    for who in (await stage.user(Role.SALES), "6281299990000"):
        await stage.sends(picture(1), by=who)
    await stage.collected()
    paths = await stage.value("SELECT array_agg(path) FROM attachment")
    assert len(paths) == 2
    assert all(path.startswith("private/") for path in paths)


async def test_the_ack_comes_by_itself_soon_after_the_last_photo(stage: Stage) -> None:
    await stage.says("/upload")
    before = len(stage.read())
    await stage.sends(*(picture(n) for n in range(3)))
    started = time.monotonic()
    await stage.fonnte.wait_for(lambda: len(stage.read()) > before)

    assert time.monotonic() - started < 2.0
    assert stage.read()[before:] == [text for text in stage.read()[before:] if text.startswith("✅ 3 foto diterima!")]


async def test_photos_can_be_replaced_before_publishing(stage: Stage) -> None:
    await stage.says(LINE)
    await stage.sends(picture(1), picture(2))
    await stage.hears()
    await stage.says("skip")
    await stage.says("skip")
    await stage.says("2")
    holds(await stage.says("11"), "Kirim foto penggantinya")
    await stage.sends(picture(3))
    holds(await stage.hears(), "✅ 1 foto diterima!", "Publish sekarang?")
    holds(await stage.says("1"), "BERHASIL")
    assert len((await stage.row())["photos"]) == 1


async def test_photos_and_data_sent_at_the_same_moment(stage: Stage) -> None:
    """Nothing waits for anything: three photos, the data and a fourth photo before anybody answered."""
    for number in range(3):
        await stage.post("non-text message", url=stage.files.put(f"p{number}.jpg", picture(number)), type="image")
    await stage.post(LINE)
    await stage.post("non-text message", url=stage.files.put("p3.jpg", picture(3)), type="image")
    await stage.app.app[keys.DISPATCHER].idle()
    holds(await stage.hears(), "✅ 4 foto diterima!", "Ada fitur khusus?")
    assert len(await _published(stage)) == 4


async def test_a_picture_is_what_it_was(stage: Stage) -> None:
    await stage.says(LINE)
    await stage.sends(samples.turned(3))
    await stage.hears()
    [address] = await _published(stage)
    folder = stage.config.app.upload_path
    with Image.open(folder / address.removeprefix("/uploads/")) as kept:
        assert kept.size == samples.SIZE


async def test_photos_that_no_car_has_are_removed_after_a_while(stage: Stage) -> None:
    uploads = stage.config.app.upload_path
    cleaner = stage.app.app[daemon.CLEANER]

    def files() -> int:
        return sum(1 for path in (uploads / "cars").rglob("*") if path.is_file())

    await stage.says(LINE)
    await stage.sends(picture(1))
    await stage.hears()
    assert len(await _published(stage)) == 1
    of_one = files()
    await stage.sends(picture(1), picture(2))  # of an upload that is left; the first is also in a car
    await stage.hears()
    await stage.says("batal")
    assert files() == 2 * of_one

    assert await cleaner.once() == 0
    assert files() == 2 * of_one
    await stage.value("UPDATE attachment SET unused_since = unused_since - interval '25 hours'")
    assert await cleaner.once() == 1
    assert files() == of_one

    await stage.value("DELETE FROM car")
    await stage.value("UPDATE attachment SET unused_since = unused_since - interval '25 hours'")
    assert await cleaner.once() == 0  # first it is noticed
    await stage.value("UPDATE attachment SET unused_since = unused_since - interval '25 hours'")
    assert await cleaner.once() == 1
    assert files() == 0
    assert await stage.value("SELECT count(*) FROM attachment") == 0


async def test_files_that_no_row_names_are_removed_after_a_while(stage: Stage) -> None:
    """Of a process that was killed between a file and its row, or in the middle of a file."""
    uploads, cleaner = stage.config.app.upload_path, stage.app.app[daemon.CLEANER]
    await stage.says(LINE)
    await stage.sends(picture(1))
    await stage.hears()
    await _published(stage)
    await stage.sends(picture(2), by="6281299990000")  # of a customer, which is private
    await stage.collected()
    kept = [path for path in uploads.rglob("*") if path.is_file()]
    public, private = uploads / f"cars/{stage.tenant_id}", next((uploads / "private").rglob("*.jpg")).parent
    lost = [
        *(public / f"0123456789abcdef0123-640x480{ending}" for ending in (".jpg", "-320.avif", "-link.jpg")),
        *(private / "0123456789abcdef0123.ogg", private / ".x1.part", public / ".x2.part"),
    ]
    for path in lost:
        path.write_bytes(b"x")

    assert await cleaner.once() == 0
    for path in (*kept, *lost):
        os.utime(path, (0, 0))
    assert await cleaner.once() == len(lost)

    assert sorted(path for path in uploads.rglob("*") if path.is_file()) == sorted(kept)

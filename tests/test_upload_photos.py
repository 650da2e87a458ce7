"""Photos of /upload: any order, twice, late, broken; each once in the car, and what fails is named."""

import os
from collections.abc import AsyncIterator

import pytest
from PIL import Image

from autoleads import daemon
from autoleads.bot.staff import album
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
    refused = {name: data for name, (data, _) in samples.refused().items()}
    sixty_megapixels, bomb = next(samples.bombs())[1], samples.png((2**31 - 1, 2**31 - 1), 8, 6, b"\0")
    await stage.says("/upload")
    await stage.sends(
        picture(1), refused["nothing.jpg"], refused["phone.heic"], refused["script.svg"], refused["setup.jpg"],
        sixty_megapixels, bomb, refused["price list.pdf"], refused["moving.gif"],
        b"\xff\xd8\xff" + bytes(11 * 2**20),
    )  # fmt: skip
    await stage.sends(refused["clip.mp4"], kind="video", ending="mp4")
    await stage.sends(refused["price list.pdf"] + b"2", refused["many.zip"], kind="document")
    await stage.sends(picture(2))
    text = await stage.hears()
    holds(
        text,
        "✅ 2 foto diterima!",
        "Foto ke-2 tidak bisa dipakai: filenya kosong (0 byte). Coba kirim ulang.",
        "Foto ke-3 tidak bisa dipakai: formatnya HEIC (iPhone). Kirim lagi sebagai foto biasa",
        "Foto ke-4 tidak bisa dipakai: itu gambar SVG, bukan foto. Kirim foto JPG, PNG, atau WebP.",
        "Foto ke-5 tidak bisa dipakai: itu file program, bukan foto. Kirim foto JPG, PNG, atau WebP.",
        "Foto ke-6 tidak bisa dipakai: resolusinya terlalu besar. Kirim versi yang lebih kecil.",
        "Foto ke-7 tidak bisa dipakai: resolusinya terlalu besar. Kirim versi yang lebih kecil.",
        "Foto ke-8 tidak bisa dipakai: itu file PDF, bukan foto. Kirim foto JPG, PNG, atau WebP.",
        "Foto ke-9 tidak bisa dipakai: itu GIF, bukan foto. Kirim foto JPG, PNG, atau WebP.",
        "Foto ke-10 tidak bisa dipakai: ukurannya lebih dari 10 MB. Kirim versi yang lebih kecil.",
        "Foto ke-11 tidak bisa dipakai: itu video. Kirim fotonya saja (JPG, PNG, atau WebP).",
        "Foto ke-12 tidak bisa dipakai: itu file PDF",
        "Foto ke-13 tidak bisa dipakai: itu file ZIP",
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


@pytest.mark.parametrize(("kind", "name"), [("audio", "Voice note"), ("sticker", "Stiker"), ("location", "Lokasi")])
async def test_what_is_neither_photo_nor_words_is_named(stage: Stage, kind: str, name: str) -> None:
    async def sent() -> str:
        before = len(stage.read())
        more = {
            "audio": {"url": stage.files.put("x.ogg", b"OggS")}, "location": {"location": "-7.2,112.7"},
        }  # fmt: skip
        await stage.post("non-text message", type=kind, **more.get(kind, {}))
        await stage.fonnte.wait_for(lambda: len(stage.read()) > before)
        await stage.idle()
        return stage.read()[-1]

    without = await sent()
    await stage.says(LINE)
    amid = await sent()
    after = await stage.says("skip")

    holds(without, f"{name} belum bisa saya baca", "/help")
    holds(amid, f"{name} belum bisa saya pakai di sini", "Kirim foto (JPG, PNG, WebP)", "Ada fitur khusus?")
    holds(after, "catatan kondisi")


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

    await _fetched_again(stage)
    holds(await stage.hears(), "✅ 1 foto ditambahkan ke #A01, sekarang 1 foto.")
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


async def test_the_ack_comes_by_itself_after_the_last_photo(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    await stage.says("/upload")
    before = len(stage.read())
    await stage.sends(picture(0), picture(1))
    monkeypatch.setattr(album, "QUIET_S", 0.1)
    await stage.sends(picture(2))
    await stage.fonnte.wait_for(lambda: len(stage.read()) > before)

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
    await stage.says("/upload")
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


# Albums that end after their car was published -------------------------------------------------------------------


async def test_a_straggler_joins_the_car_that_was_just_published(stage: Stage) -> None:
    await stage.says(LINE)
    await stage.sends(picture(1), picture(2))
    await stage.hears()
    await _published(stage)

    await stage.sends(picture(2), picture(3), caption="tampak belakang")
    told = await stage.hears()

    assert told == (
        "✅ 1 foto ditambahkan ke #A01, sekarang 3 foto. "
        "Foto mobil lain? Ketik /batal-ubah, lalu /upload dan kirim lagi."
    )
    assert len((await stage.row())["photos"]) == 3
    [car] = (await stage.get("/api/cars"))["data"]["cars"]
    assert len(car["photos"]) == 3
    holds(await stage.says("/batal-ubah"), "• Foto: 3 → 2")
    holds(await stage.says("/batal-ubah"), "TERSEDIA → DRAFT")


async def test_no_straggler_is_the_eleventh(stage: Stage) -> None:
    await stage.says(LINE)
    await stage.sends(*(picture(n, (160, 120)) for n in range(9)))
    await stage.hears()
    await _published(stage)

    await stage.sends(picture(20, (160, 120)), picture(21, (160, 120)), b"")

    holds(
        await stage.hears(), "sekarang 10 foto", "Maksimal 10 foto, jadi 1 foto tidak dipakai", "Foto ke-3 tidak bisa"
    )
    assert len((await stage.row())["photos"]) == 10


@pytest.mark.parametrize("begins", ["time", "/upload", "/upload, batal", "/foto #A01, selesai", "caption"])
async def test_the_next_car_begins_with(stage: Stage, begins: str) -> None:
    await stage.says(LINE)
    await _published(stage)
    match begins:
        case "time":
            await stage.value(
                """UPDATE conversation SET memory = jsonb_set(memory, '{uploaded,at}',
                    to_jsonb((memory -> 'uploaded' ->> 'at')::float8 - 121))"""
            )
            await stage.sends(picture(1))
        case "caption":
            await stage.sends(picture(1), caption="W 1340 QA | Honda Brio RS | 2021 | 172jt | 28rb | Matic | Kuning")
        case _:
            for text in begins.split(", "):
                await stage.says(text)
            await stage.sends(picture(1))

    assert (await stage.hears()).startswith("✅ 1 foto diterima!")
    assert (await stage.row())["photos"] == []


async def test_a_straggler_of_a_car_that_is_gone_begins_an_upload(stage: Stage) -> None:
    await stage.says(LINE)
    await _published(stage)
    await stage.says("/hapus #A01")
    await stage.says("ya")
    await stage.sends(picture(1))

    assert (await stage.hears()).startswith("✅ 1 foto diterima!")


async def test_late_photos_stand_where_they_were_sent_and_go_with_the_upload(stage: Stage) -> None:
    await stage.says(LINE)
    await stage.says("skip")
    await stage.says("skip")
    await stage.sends(b"", picture(1))
    stage.files.once(Fault(name="http", status=503))
    await stage.sends(picture(2))
    await stage.collected()
    await stage.sends(picture(3))
    await stage.collected()
    holds(await stage.says("1"), "2 foto terpasang", "1 foto masih diunduh", "Foto ke-1")

    await _fetched_again(stage)
    told = await stage.hears()
    order = await stage.value("SELECT array_agg(path ORDER BY inbox_id) FROM attachment WHERE state = 'stored'")
    photos = (await stage.row())["photos"]
    back = await stage.says("/batal-ubah")

    assert told == "✅ 1 foto ditambahkan ke #A01, sekarang 3 foto."
    assert photos == [f"/uploads/{path}" for path in order]
    assert await stage.value("SELECT array_agg(what ORDER BY id) FROM car_change") == ["upload", "photos"]
    holds(back, "TERSEDIA → DRAFT")
    assert (await stage.row())["photos"] == photos


async def test_a_late_photo_leaves_alone_what_was_changed_since(stage: Stage) -> None:
    await stage.says(LINE)
    await stage.sends(picture(1), picture(2))
    await stage.collected()
    stage.files.once(Fault(name="http", status=503))
    await stage.sends(picture(3))
    await stage.collected()
    first, second = await _published(stage)
    await stage.says("/foto #A01")
    await stage.says("hapus 1")
    await stage.says("ya")

    await _fetched_again(stage)
    holds(await stage.hears(), "✅ 1 foto ditambahkan ke #A01, sekarang 2 foto.")
    photos = (await stage.row())["photos"]

    assert photos[0] == second
    assert first not in photos


async def _fetched_again(stage: Stage) -> None:
    await stage.value("UPDATE attachment SET due_at = clock_timestamp() WHERE state = 'pending'")
    stage.app.app[daemon.COLLECTOR].wake()
    while await stage.value("SELECT count(*) FROM attachment WHERE state = 'pending'"):
        await stage.app.app[daemon.COLLECTOR].idle()

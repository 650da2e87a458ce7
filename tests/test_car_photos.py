"""/foto: photos of a car that is in the stock."""

from collections.abc import AsyncIterator

import pytest

from autoleads.config import Config
from autoleads.sql.pool import Database
from autoleads.types import Role
from tests import make
from tests.standins.fonnte import FonnteStandin
from tests.test_upload import holds
from tests.upload_stage import LINE, Stage, picture
from tests.upload_stage import stage as on_stage


@pytest.fixture
async def stage(config: Config, database: Database, fonnte: FonnteStandin) -> AsyncIterator[Stage]:
    """With #A01 for sale, B 1234 XYZ, and three photos of it."""
    async with on_stage(config, database, fonnte) as stage:
        await stage.says(LINE)
        await stage.sends(*(picture(n, (320, 240)) for n in range(3)))
        await stage.hears()
        for text in ("skip", "skip", "1"):
            await stage.says(text)
        yield stage


async def _photos(stage: Stage, code: str = "#A01") -> list[str]:
    return list(await stage.value("SELECT photos FROM car WHERE display_code = $1", code))


@pytest.mark.parametrize(
    "command", ["/foto B1234XYZ", "/foto #A01", "tambah foto buat avanza hitam", "/foto b 1234 xyz"]
)
async def test_photos_are_added(stage: Stage, command: str) -> None:
    before = await _photos(stage)
    holds(await stage.says(command), "Toyota Avanza 1.3 G 2020 Hitam #A01: 3 foto", "Kirim foto baru", "HAPUS 3")
    await stage.sends(picture(7), picture(1, (320, 240)))
    holds(await stage.hears(), "✅ 1 foto ditambahkan ke #A01, sekarang 4 foto")
    assert (await _photos(stage))[:3] == before
    holds(await stage.says("selesai"), "Foto #A01 beres: 4 foto", "avanza-2020-hitam-a01")
    [car] = (await stage.get("/api/cars"))["data"]["cars"]
    assert car["photos"] == await _photos(stage)


async def test_photos_are_taken_out_after_a_yes(stage: Stage) -> None:
    first, _, third = await _photos(stage)
    await stage.says("/foto #A01")
    holds(await stage.says("hapus 2"), "Hapus foto ke-2 dari", "Ketik: YA")
    assert len(await _photos(stage)) == 3
    holds(await stage.says("YA"), "1 foto dihapus dari #A01, sekarang 2 foto")
    assert await _photos(stage) == [first, third]
    holds(await stage.says("hapus 7"), "angkanya 1 sampai 2")
    holds(await stage.says("hapus foto kedua"), "Hapus foto ke-2 dari")
    holds(await stage.says("buang yang terakhir"), "Hapus foto ke-2 dari")
    holds(await stage.says("hapus semua"), "foto ke-1, foto ke-2")
    holds(await stage.says("ya"), "sekarang 0 foto")
    holds(await stage.says("utama 1"), "belum punya foto")


async def test_what_was_taken_out_stays_out(stage: Stage) -> None:
    await stage.says("/foto #A01")
    await stage.sends(picture(7))
    await stage.hears()
    await stage.says("hapus 4")
    await stage.says("ya")
    await stage.sends(picture(8))
    holds(await stage.hears(), "1 foto ditambahkan ke #A01, sekarang 4 foto")


async def test_the_first_and_the_order(stage: Stage) -> None:
    a, b, c = await _photos(stage)
    await stage.says("/foto #A01")
    holds(await stage.says("utama 2"), "Foto ke-2 sekarang jadi foto pertama #A01")
    assert await _photos(stage) == [b, a, c]
    holds(await stage.says("urut 3 1 2"), "Urutan foto #A01 sudah diganti")
    assert await _photos(stage) == [c, b, a]
    holds(await stage.says("urut 9"), "angkanya 1 sampai 3")


async def test_no_more_than_ten(stage: Stage) -> None:
    await stage.says("/foto #A01")
    await stage.sends(*(picture(n, (160, 120)) for n in range(20, 28)))
    holds(await stage.hears(), "7 foto ditambahkan ke #A01, sekarang 10 foto", "1 foto tidak dipakai")
    assert len(await _photos(stage)) == 10


async def test_a_broken_photo_is_named(stage: Stage) -> None:
    await stage.says("/foto #A01")
    await stage.sends(b"", picture(9))
    holds(await stage.hears(), "1 foto ditambahkan", "Foto ke-1 tidak bisa dipakai: filenya kosong")


async def test_which_car(stage: Stage) -> None:
    row = make.car_row(brand="Honda", model="Brio RS", year=2021, color="Kuning")
    other = make.car_row(brand="Honda", model="Brio E", year=2019, color="Putih")
    await make.cars(stage.database, stage.tenant_id, row, other)
    holds(await stage.says("/foto"), "Foto mobil yang mana?", "/foto B1234XYZ")
    holds(await stage.says("b 1234 xyz"), "#A01: 3 foto")
    holds(await stage.says("/foto #Z99"), "Unit #Z99 tidak ada di stok")
    holds(await stage.says("/foto B1243XYZ"), "Maksudnya B 1234 XYZ?", "#A01", "Ketik: YA")
    holds(await stage.says("tidak"), "tidak ada yang diubah")
    await stage.says("/foto B1243XYZ")
    holds(await stage.says("ya"), "#A01: 3 foto")
    holds(await stage.says("/foto brio"), "1. Honda", "2. Honda")
    holds(await stage.says("5"), "tidak ada di daftar")
    holds(await stage.says("2"), "#B0", "0 foto")


async def test_who_may_not(stage: Stage) -> None:
    sales = await stage.user(Role.SALES)
    holds(await stage.says("/foto #A01", by=sales), "hanya untuk owner dan admin")
    stranger = make.phone()
    assert "Kirim foto baru" not in await stage.says("/foto #A01", by=stranger)
    await stage.sends(picture(9), by=stranger)
    assert len(await _photos(stage)) == 3


async def test_an_upload_goes_on_after_it(stage: Stage) -> None:
    await stage.says("W 1340 QA | Honda Brio RS | 2021 | 172jt | 28rb | Matic | Kuning")
    holds(await stage.says("/foto #A01"), "#A01: 3 foto")
    await stage.sends(picture(9))
    holds(await stage.hears(), "ditambahkan ke #A01")
    await stage.says("selesai")
    holds(await stage.says("Velg racing"), "catatan kondisi")
    holds(await stage.says("skip"), "Honda Brio RS 2021", "Belum ada foto")


async def test_a_photo_for_the_upload_while_something_else_is_asked(stage: Stage) -> None:
    await make.cars(stage.database, stage.tenant_id, make.car_row(), make.car_row())
    await stage.says("W 1340 QA | Honda Brio RS | 2021 | 172jt | 28rb | Matic | Kuning")
    holds(await stage.says("/foto avanza"), "Yang mana?", "3. Toyota")
    await stage.sends(picture(9))
    holds(await stage.hears(), "✅ 1 foto diterima!", "Ada fitur khusus?")
    holds(await stage.says("Velg racing"), "catatan kondisi")


# What was changed is written down, and taken back -----------------------------------------------------------------


async def _changes(stage: Stage) -> list[tuple[str, int, int, bool]]:
    """(what, photos before, photos after, taken back) of the owner's changes, in their order."""
    async with stage.database.tenant(stage.tenant_id) as db:
        rows = await db.fetch(
            """SELECT what, jsonb_array_length(coalesce(before -> 'photos', '[]')) AS before,
                jsonb_array_length(coalesce(after -> 'photos', '[]')) AS after, undone_at IS NOT NULL AS undone
            FROM car_change WHERE user_name = 'Pak Hadi' ORDER BY id"""
        )
    return [tuple(row) for row in rows]


async def test_every_change_of_photos_is_written_down_and_taken_back_one_by_one(stage: Stage) -> None:
    a, b, c = await _photos(stage)
    await stage.says("/foto #A01")
    holds(await stage.says("utama 2"), "/batal-ubah dalam 10 menit")
    await stage.says("hapus 3")
    holds(await stage.says("ya"), "sekarang 2 foto", "/batal-ubah dalam 10 menit")
    await stage.sends(picture(7))
    await stage.hears()
    added = await _photos(stage)
    wrote = await _changes(stage)

    back = [await stage.says(text) for text in ("/batal-ubah", "batalin yang tadi", "batal ubah")]
    as_it_was = await _photos(stage)

    assert added[:2] == [b, a]
    assert wrote == [("upload", 0, 3, False), *(("photos", n, m, False) for n, m in ((3, 3), (3, 2), (2, 3)))]
    assert [text.splitlines()[-1] for text in back] == ["• Foto: 3 → 2", "• Foto: 2 → 3", "• Foto: urutan sebelumnya"]
    assert as_it_was == [a, b, c]
    assert [undone for *_, undone in await _changes(stage)] == [False, True, True, True]
    holds(await stage.says("hapus 3"), "Hapus foto ke-3")  # after it the photos are still what is talked about


async def test_photos_that_somebody_else_changed_since_stay(stage: Stage) -> None:
    other = await stage.user(Role.ADMIN)
    await stage.says("/foto #A01")
    await stage.says("utama 2")
    await stage.says("/foto #A01", by=other)
    await stage.says("utama 2", by=other)
    before = await _photos(stage)

    holds(await stage.says("/batal-ubah"), "Tidak bisa dikembalikan", "sudah diubah lagi oleh Bu Ani")

    assert await _photos(stage) == before


async def test_two_who_change_photos_of_one_car_lose_nothing(stage: Stage) -> None:
    other = await stage.user(Role.ADMIN)
    for who in (stage.owner, other):
        await stage.says("/foto #A01", by=who)
    await stage.says("hapus 1")
    await stage.says("utama 3", by=other)
    await stage.sends(picture(7), by=other)
    await stage.hears(other)
    first = (await _photos(stage))[1]

    holds(await stage.says("ya"), "1 foto dihapus dari #A01, sekarang 3 foto")

    assert first not in await _photos(stage)
    assert len(await _photos(stage)) == 3


async def test_publishing_is_taken_back_to_a_draft_with_all_that_was_sent(stage: Stage) -> None:
    photos = await _photos(stage)

    back = await stage.says("/batal-ubah")

    holds(back, "• Status: TERSEDIA → DRAFT", "Data dan fotonya tetap ada", "/status B1234XYZ tersedia")
    assert (await stage.get("/api/cars"))["data"]["cars"] == []
    assert await _photos(stage) == photos
    holds(await stage.says("/batal-ubah"), "Tidak ada perubahan Anda")
    await stage.says("/status B1234XYZ tersedia")
    holds(await stage.says("ya"), "Status diupdate")
    assert len((await stage.get("/api/cars"))["data"]["cars"]) == 1


async def test_an_upload_is_written_down_whole(stage: Stage) -> None:
    async with stage.database.tenant(stage.tenant_id) as db:
        row = await db.fetchrow("SELECT user_name, what, before, after, inbox_id FROM car_change")
        said = await db.fetchval("SELECT body FROM inbox WHERE id = $1", row["inbox_id"])

    assert (row["user_name"], row["what"], row["before"], said) == ("Pak Hadi", "upload", {}, "1")
    assert (row["after"]["plate_clean"], row["after"]["status"], row["after"]["price_idr"]) == (
        "B1234XYZ", "available", 185_000_000
    )  # fmt: skip
    assert row["after"]["photos"] == await _photos(stage)


async def test_a_change_since_an_upload_is_not_said_to_be_the_uploaders(stage: Stage) -> None:
    other = await stage.user(Role.ADMIN)
    await stage.says("/harga #A01 175jt", by=other)
    await stage.value("UPDATE car SET km = 61000")

    holds(await stage.says("ya", by=other), "baru saja diubah orang lain")


async def test_photos_behind_photos_of_another_car_reach_both(stage: Stage) -> None:
    """Neither waits until the other was told."""
    before = len(stage.read())
    await stage.sends(picture(11))  # of the car that was just uploaded
    await stage.says("/upload")
    await stage.sends(picture(12))
    await stage.hears()
    await stage.fonnte.wait_for(lambda: len(stage.read()) >= before + 3)  # what /upload says among them
    told = "\n".join(stage.read()[before:])

    holds(told, "✅ 1 foto ditambahkan ke #A01, sekarang 4 foto", "✅ 1 foto diterima!")


@pytest.mark.parametrize("order", ["hapus 2", "utama foto ke-2", "urut 3 1 2", "selesai"])
async def test_an_order_that_comes_too_late_is_told_so(stage: Stage, order: str) -> None:
    await stage.says("/foto #A01")
    await stage.passes(31)

    holds(await stage.says(order), "Sesi /foto tadi sudah lewat 30 menit", "/foto [plat]")

    assert len(await _photos(stage)) == 3


async def test_a_photo_that_comes_too_late_begins_an_upload_and_says_so(stage: Stage) -> None:
    await stage.value("UPDATE conversation SET memory = memory - 'uploaded'")
    await stage.says("/foto #A01")
    await stage.passes(31)
    await stage.sends(picture(9))

    holds(await stage.hears(), "Sesi /foto tadi sudah lewat 30 menit", "foto mobil baru", "✅ 1 foto diterima!")

    assert len(await _photos(stage)) == 3


async def test_a_video_for_a_car_is_named(stage: Stage) -> None:
    await stage.says("/foto #A01")
    await stage.sends(b"\0\0\0\x18ftypisom" + bytes(60), kind="video", ending="mp4")

    holds(await stage.hears(), "Tidak ada foto baru untuk #A01", "Foto ke-1 tidak bisa dipakai: itu video")


BRIO = "B 77 RR | Honda Brio | 2021 | 150jt | 20rb | Matic | Merah"


async def test_a_photo_with_the_data_of_another_car_is_no_photo_of_this_one(stage: Stage) -> None:
    await stage.says("/foto #A01")
    await stage.sends(picture(7), caption=BRIO)
    begun = stage.read()[-1]
    await stage.hears()
    for text in ("skip", "skip", "1"):
        await stage.says(text)

    holds(begun, "Data diterima", "Honda Brio 2021")
    assert [len(await _photos(stage, code)) for code in ("#A01", "#B01")] == [3, 1]


async def test_what_stands_below_a_photo_of_the_same_car_begins_no_other(stage: Stage) -> None:
    await stage.says("/foto #A01")
    await stage.sends(picture(7), caption=LINE)

    holds(await stage.hears(), "1 foto ditambahkan ke #A01, sekarang 4 foto")


async def test_a_photo_of_the_next_car_is_said_to_join_the_upload_under_way(stage: Stage) -> None:
    await stage.says(BRIO)
    await stage.sends(picture(7), caption="B 5 CC | Toyota Rush | 2019 | 200jt | 30rb | Matic | Putih")

    holds(stage.read()[-1], "masukkan ke upload Honda Brio 2021", "Kalau itu mobil lain: ketik batal")

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
    holds(await stage.says("/foto #Z99"), "tidak ketemu")
    holds(await stage.says("/foto B1243XYZ"), "Maksudnya B 1234 XYZ?", "#A01")
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
    holds(await stage.says("/foto avanza"), "Foto mobil yang mana?", "3. Toyota")
    await stage.sends(picture(9))
    holds(await stage.hears(), "✅ 1 foto diterima!", "Ada fitur khusus?")
    holds(await stage.says("Velg racing"), "catatan kondisi")

"""A list without plates that comes again: its cars are known by what it says of them, and enter only when told to."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from autoleads.config import Config
from autoleads.sql.pool import Database
from autoleads.types import CarStatus
from tests import make
from tests.standins.fonnte import FonnteStandin
from tests.upload_stage import Stage
from tests.upload_stage import stage as on_stage

AVANZA = "Toyota Avanza 1.3 G 2020 hitam manual km 45rb 185jt"
JAZZ = "Honda Jazz RS 2018 merah matic km 60rb 215jt"
TWO = f"{AVANZA}\n{JAZZ}"


@pytest.fixture
async def stage(config: Config, database: Database, fonnte: FonnteStandin) -> AsyncIterator[Stage]:
    async with on_stage(config, database, fonnte) as stage:
        yield stage


async def count(stage: Stage) -> int:
    return int(await stage.value("SELECT count(*) FROM car"))


async def test_it_is_shown_and_does_not_enter_by_itself(stage: Stage) -> None:
    await stage.says(TWO)
    await stage.says("1")

    review = await stage.says(TWO)
    answer = await stage.says("1")

    assert "♻️ 2 sepertinya sudah ada" in review
    assert "siap masuk" not in review
    assert "1. Toyota Avanza 1.3 G 2020 Hitam | Rp 185.000.000 | 45.000 km = #A01" in review
    assert "2. Honda Jazz RS 2018 Merah | Rp 215.000.000 | 60.000 km = #J01" in review
    assert "Tidak ada mobil baru di daftar ini. Ketik SEMUA BEDA" in answer
    assert await count(stage) == 2


async def test_what_is_new_enters_and_what_is_known_is_left_out(stage: Stage) -> None:
    await stage.says(TWO)
    await stage.says("1")

    review = await stage.says(f"{TWO}\nDaihatsu Xenia R 2017 putih manual km 80rb 105jt")
    answer = await stage.says("1")

    assert "✅ 1 siap masuk, ♻️ 2 sepertinya sudah ada" in review
    assert "1 = TAYANGKAN 1 mobil" in review
    assert "1 mobil sudah tayang" in answer
    assert "♻️ 2 mobil yang sudah ada tidak saya masukkan lagi." in answer
    assert await count(stage) == 3


@pytest.mark.parametrize(
    ("said", "told", "cars"),
    [
        ("1: BEDA", "nomor 1 unit lain", 3),
        ("2. unit lain", "nomor 2 unit lain", 3),
        ("1: beda\n2: memang mobil lain", "nomor 2 unit lain", 4),
        ("SEMUA BEDA", "nomor 1 unit lain", 4),
        ("semuanya unit lain", "nomor 2 unit lain", 4),
    ],
)
async def test_its_sender_may_say_that_they_are_others(stage: Stage, said: str, told: str, cars: int) -> None:
    await stage.says(TWO)
    await stage.says("1")
    await stage.says(TWO)

    answer = await stage.says(said)
    await stage.restarted()
    await stage.says("1")

    assert told in answer
    assert f"1 = TAYANGKAN {cars - 2} mobil" in answer
    assert await count(stage) == cars


async def test_that_a_price_was_changed_since_makes_no_other_car_of_it(stage: Stage) -> None:
    await stage.says(TWO)
    await stage.says("1")
    for text in ("/harga #A01 180jt", "ya"):
        await stage.says(text)

    told = await stage.says(TWO)

    assert "♻️ 2 sepertinya sudah ada" in told
    assert "1. Toyota Avanza 1.3 G 2020 Hitam | Rp 185.000.000 | 45.000 km = #A01" in told


async def test_a_car_that_was_removed_since_is_shown_as_such(stage: Stage) -> None:
    await stage.says(TWO)
    await stage.says("1")
    for text in ("/hapus #A01", "ya"):
        await stage.says(text)

    assert "45.000 km = #A01 (sudah dihapus)" in await stage.says(TWO)


async def test_a_list_that_was_taken_back_may_come_again(stage: Stage) -> None:
    for text in (TWO, "1", "/batal-ubah"):
        await stage.says(text)

    assert "✅ 2 siap masuk" in await stage.says(TWO)


@pytest.mark.parametrize(
    ("known_days", "told"),
    [("14", "✅ 1 siap masuk, ♻️ 1 sepertinya sudah ada"), ("16", "♻️ 2 sepertinya sudah ada")],
)
async def test_a_list_of_long_ago_is_told_by_the_stock_alone(
    config: Config, database: Database, fonnte: FonnteStandin, known_days: str, told: str
) -> None:
    async with on_stage(config, database, fonnte, AUTOLEADS_BOT_LIST_KNOWN_DAYS=known_days) as stage:
        await stage.says(TWO)
        await stage.says("1")
        await stage.value("UPDATE car_change SET at = at - interval '15 days' RETURNING id")
        await stage.value("UPDATE car SET price_idr = 180000000 WHERE display_code = '#A01' RETURNING id")

        review = await stage.says(TWO)

    assert told in review
    assert "2. Honda Jazz RS" in review


@pytest.mark.parametrize(
    "line",
    [
        AVANZA.replace("185jt", "184jt"),
        AVANZA.replace("45rb", "46rb"),
        AVANZA.replace("2020", "2019"),
        AVANZA.replace("hitam", "putih"),
        AVANZA.replace("1.3 G", "1.3 E"),
    ],
)
async def test_a_car_that_differs_in_anything_is_another(stage: Stage, line: str) -> None:
    await stage.says(TWO)
    await stage.says("1")

    assert "✅ 1 siap masuk, ♻️ 1 sepertinya sudah ada" in await stage.says(f"{line}\n{JAZZ}")


async def test_a_plate_that_is_told_later_makes_no_other_car_but_two_plates_do(stage: Stage) -> None:
    for text in (f"{AVANZA}\n{JAZZ} L 77 KZ", "1"):
        await stage.says(text)

    review = await stage.says(f"{AVANZA} B 1234 XYZ\n{JAZZ} L 78 KZ")

    assert "✅ 1 siap masuk, ♻️ 1 sepertinya sudah ada" in review
    assert "45.000 km = #A01" in review


async def test_equal_cars_of_one_list_are_as_many_as_it_says(stage: Stage) -> None:
    for text in (f"{AVANZA}\n{AVANZA}", "1"):
        await stage.says(text)

    review = await stage.says("\n".join([AVANZA] * 3))

    assert await count(stage) == 2
    assert "✅ 1 siap masuk, ♻️ 2 sepertinya sudah ada" in review
    assert "3. Toyota Avanza" in review.split("♻️ Sepertinya")[0]


async def test_a_line_that_is_corrected_to_a_known_car_is_said_to_be_one(stage: Stage) -> None:
    await stage.says(TWO)
    await stage.says("1")
    await stage.says(f"{JAZZ.replace('215jt', '214jt')}\n{AVANZA.replace('45rb', '46rb')}")

    answer = await stage.says("1: harga 215jt")
    await stage.says("1")

    assert "Yang ini sepertinya sudah ada, jadi tidak saya masukkan:\n1. Honda Jazz RS 2018 Merah" in answer
    assert "1: BEDA" in answer
    assert await count(stage) == 3


async def test_the_branch_tells_cars_apart_once_it_is_known(stage: Stage) -> None:
    for name in ("Pusat", "Rungkut"):
        await make.branch(stage.database, stage.tenant_id, name)
    for text in (AVANZA + "\n" + JAZZ, "1", "1"):
        await stage.says(text)

    review = await stage.says(f"{AVANZA}\nDaihatsu Xenia R 2017 putih manual km 80rb 105jt")
    there = await stage.says("2")

    assert "✅ 1 siap masuk, ♻️ 1 sepertinya sudah ada" in review
    assert "✅ 2 siap masuk" in there
    assert "1 = TAYANGKAN 2 mobil" in there


async def test_two_who_send_the_same_list_at_once_enter_it_once(stage: Stage) -> None:
    other = await stage.user()
    await stage.says(TWO)
    await stage.says(TWO, by=other)

    said = await asyncio.gather(stage.says("1"), stage.says("1", by=other))

    assert await count(stage) == 2
    assert sum("2 mobil sudah tayang" in text for text in said) == 1
    assert sum("Tidak ada mobil baru di daftar ini" in text for text in said) == 1


async def test_another_showrooms_cars_are_nobodys_twins(stage: Stage) -> None:
    other = await make.tenant(stage.database)
    row = make.car_row(
        plate="", plate_clean=None, brand="Toyota", model="Avanza 1.3 G", year=2020, color="Hitam", km=45_000,
        price_idr=185_000_000, status=CarStatus.AVAILABLE,
    )  # fmt: skip
    await make.cars(stage.database, other, row)

    assert "✅ 2 siap masuk" in await stage.says(TWO)

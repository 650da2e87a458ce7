"""An upload half-way, a list under review, a question, an offered lead, half an hour: in whatever order they come."""

from collections.abc import AsyncIterator
from typing import Any

import orjson
import pytest

from autoleads.config import Config
from autoleads.sql.pool import Database
from autoleads.types import Role
from tests import make
from tests.owner_shop import BUDI, HADI, owner_shop, tells
from tests.standins.fonnte import FonnteStandin
from tests.test_bulk import BAD, TWO, holds, sends_file, sheet, stock
from tests.test_handover import bargain
from tests.upload_stage import Stage, picture
from tests.upload_stage import stage as on_stage

RUSH = "B 5 CC | Toyota Rush | 2019 | 200jt | 30rb | Matic | Putih"
BRIO = "B 77 RR | Honda Brio | 2021 | 150jt | 20rb | Matic | Merah"
ALSO_BAD = "D 4 ZZ | Suzuki Ertiga | 2O15 | 120jt | 90rb | Manual | Abu"
OF_TWO = "1 = TAYANGKAN 2 mobil"


@pytest.fixture
async def stage(config: Config, database: Database, fonnte: FonnteStandin) -> AsyncIterator[Stage]:
    async with on_stage(config, database, fonnte) as stage:
        yield stage


async def plates(stage: Stage) -> list[Any]:
    return [row[0] for row in await stock(stage)]


# Upload and list --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("first", [(TWO, RUSH), (RUSH, TWO)])
async def test_a_car_and_a_list_are_both_stored_whichever_comes_first(stage: Stage, first: tuple[str, str]) -> None:
    await stage.says(first[0])
    holds(await stage.says(first[1]), OF_TWO)

    holds(await stage.says("1"), "2 mobil sudah tayang", "Lanjut upload Toyota Rush 2019", "Ada fitur khusus?")
    await stage.says("skip")
    holds(await stage.says("skip"), "Recap final", "Toyota Rush 2019")
    holds(await stage.says("1"), "BERHASIL PUBLISH")

    assert await plates(stage) == ["B1234XYZ", "L77KZ", "B5CC"]


async def test_what_is_typed_while_a_list_is_open_reaches_the_upload(stage: Stage) -> None:
    await stage.says(TWO)

    holds(await stage.says("/upload Toyota Rush 2019 200jt"), "Harga: Rp 200.000.000", "KM-nya berapa?", OF_TWO)
    holds(await stage.says("30rb"), "KM: 30.000 km", OF_TWO)
    holds(await stage.says("matic putih B 5 CC"), "Data diterima", "Ada fitur khusus?", OF_TWO)
    holds(await stage.says("velg racing"), "Ada catatan kondisi?", OF_TWO)
    holds(await stage.says("pajak hidup"), "saya catat untuk upload Toyota Rush 2019", OF_TWO)

    holds(await stage.says("1"), "2 mobil sudah tayang", "Recap final", "✨ velg racing", "📝 pajak hidup")


async def test_numbers_are_the_lists_until_it_is_done(stage: Stage) -> None:
    for text in (RUSH, "skip", "skip", TWO):
        await stage.says(text)

    changed = await stage.says("harga 190jt")
    drafts = await stage.says("2")

    holds(changed, "saya catat untuk upload Toyota Rush 2019", OF_TWO)
    assert "Publish sekarang?" not in changed
    holds(drafts, "2 mobil tersimpan sebagai DRAFT", "Recap final", "Rp 190.000.000", "Publish sekarang?")


@pytest.mark.parametrize("said", ["makasih", "99", "tidak"])
async def test_what_means_nothing_to_a_list_is_no_feature_of_a_car(stage: Stage, said: str) -> None:
    await stage.says(RUSH)
    await stage.says(TWO)

    holds(await stage.says(said), "Daftar 2 mobil tadi masih menunggu", OF_TWO)

    holds(await stage.says("1"), "Ada fitur khusus?")


async def test_values_are_about_the_lines_that_have_to_be_corrected(stage: Stage) -> None:
    await stage.says(RUSH)
    await stage.says(f"{TWO}\n{BAD}")

    holds(await stage.says("tahun 2017"), "Betulkan dengan nomornya, contoh:\n3: tahun 2020", OF_TWO)
    holds(await stage.says("velg racing"), "Ada catatan kondisi?", OF_TWO)
    holds(await stage.says("3: 2017"), "nomor 3 sekarang: Daihatsu Xenia R 2017")
    await stage.says("1")

    holds(await stage.says("skip"), "Toyota Rush 2019", "✨ velg racing")


async def test_another_car_is_none_of_the_lines_that_are_wrong(stage: Stage) -> None:
    await stage.says(f"{TWO}\n{BAD}\n{ALSO_BAD}")

    holds(await stage.says(BRIO), "Data diterima", "Honda Brio 2021", OF_TWO)
    holds(
        await stage.says(ALSO_BAD.replace("2O15", "2015").replace("ZZ", "YY")), "nomor 4 sekarang: Suzuki Ertiga 2015"
    )


async def test_photos_of_an_upload_reach_it_while_a_list_is_open(stage: Stage) -> None:
    await stage.says(TWO)
    await stage.sends(picture(1), picture(2), caption=BRIO)
    holds(stage.read()[-1], "Honda Brio 2021", OF_TWO)
    assert await stage.hears() == "✅ 2 foto diterima!"

    for text in ("1", "skip"):
        await stage.says(text)

    holds(await stage.says("skip"), "Honda Brio 2021", "📸 2 foto")


async def test_an_upload_that_was_ordered_begins_when_the_list_is_done(stage: Stage) -> None:
    await stage.says(TWO)

    holds(await stage.says("/upload"), "Daftar 2 mobil tadi masih menunggu", OF_TWO)

    holds(await stage.says("1"), "2 mobil sudah tayang", "Kirim foto mobil")


async def test_batal_leaves_one_after_the_other(stage: Stage) -> None:
    await stage.says(RUSH)
    await stage.says(TWO)

    holds(await stage.says("batal"), "daftar mobil itu tidak jadi dimasukkan", "Lanjut upload Toyota Rush 2019")
    holds(await stage.says("batal"), "upload dibatalkan")
    holds(await stage.says("batal"), "Tidak ada yang sedang berjalan")


async def test_a_file_that_is_on_its_way_keeps_no_upload_waiting(stage: Stage) -> None:
    await stage.says(RUSH)
    await sends_file(stage, sheet(";").encode())

    holds(await stage.says("velg racing"), "Ada catatan kondisi?", OF_TWO)
    holds(await stage.says("1"), "2 mobil sudah tayang", "Lanjut upload Toyota Rush 2019", "Ada catatan kondisi?")


# A question in front of them --------------------------------------------------------------------------------------


async def test_a_list_behind_a_question_is_corrected_and_seen(stage: Stage) -> None:
    await make.cars(stage.database, stage.tenant_id, make.car_row(display_code="#A07"))
    await stage.says(f"{TWO}\n{BAD}")

    await stage.says("/list")
    holds(await stage.says("3: 2017"), "nomor 3 sekarang: Daihatsu Xenia R 2017", "1 = TAYANGKAN 3 mobil")


async def test_a_yes_that_no_question_takes_publishes_no_list(stage: Stage) -> None:
    await make.cars(stage.database, stage.tenant_id, make.car_row(display_code="#A07"))
    await stage.says(TWO)
    await stage.says("/list")

    holds(await stage.says("ya"), "Daftar 2 mobil tadi masih menunggu", OF_TWO)

    assert len(await stock(stage)) == 1


async def test_the_upload_says_where_it_was_when_a_question_is_done(stage: Stage) -> None:
    await make.cars(stage.database, stage.tenant_id, make.car_row(display_code="#A07"))
    await stage.says(RUSH)
    await stage.says("/harga #A07 175jt")

    holds(await stage.says("ya"), "Harga diupdate!", "Lanjut upload Toyota Rush 2019", "Ada fitur khusus?")


async def test_a_lead_is_taken_while_a_list_is_open_and_leaves_it(database: Database, fonnte: FonnteStandin) -> None:
    async with owner_shop(database, fonnte, answer=bargain) as shop:
        async with database.tenant(shop.tenant_id) as db:
            await db.execute("UPDATE app_user SET role = 'admin' WHERE name = $1", BUDI)
        listed = TWO.replace("B1234XYZ", "B 5 AB")  # which the shop has
        await tells(shop, HADI, RUSH, listed)
        await shop.says(make.phone(), "bisa nego?")
        taken = await tells(shop, HADI, "1")
        published = await tells(shop, HADI, "1")

    assert "sekarang milik Anda" in taken
    assert "2 mobil sudah tayang" in published
    assert "Lanjut upload Toyota Rush 2019" in published


# Too late ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("back", ["1", "3: 2017", "daftar mana ya", "batal", "/laporan"])
async def test_a_list_that_waited_too_long_says_so(stage: Stage, back: str) -> None:
    await stage.says(TWO)
    await stage.passes(31)

    holds(await stage.says(back), "Daftar mobil tadi sudah lewat 30 menit")

    holds(await stage.says("1"), "Tidak ada yang menunggu")
    assert await stock(stage) == []


async def test_both_say_that_they_waited_too_long(stage: Stage) -> None:
    await make.cars(stage.database, stage.tenant_id, make.car_row(display_code="#A07"))
    for text in (RUSH, TWO, "/list"):
        await stage.says(text)
    await stage.passes(31)

    holds(await stage.says("1"), "Daftar mobil tadi sudah lewat 30 menit", "Upload sebelumnya sudah lewat 30 menit")

    assert await stage.value("SELECT memory -> 'ask' IS NULL FROM conversation")


# Another version of the program, another role ---------------------------------------------------------------------


async def test_what_the_version_before_left_goes_on(stage: Stage) -> None:
    """It kept what waits in what was given to the question in front."""
    await make.cars(stage.database, stage.tenant_id, make.car_row(display_code="#A07"))
    for text in (RUSH, TWO, "/harga #A07 175jt"):
        await stage.says(text)
    await stage.value("""
        UPDATE conversation SET memory = jsonb_set(memory #- '{ask,behind}', '{ask,given}',
            (memory #> '{ask,given}') || (memory #> '{ask,behind}'))""")

    holds(await stage.says("ya"), "Harga diupdate!", "Daftar mobil tadi masih menunggu")
    holds(await stage.says("1"), "2 mobil sudah tayang", "Lanjut upload Toyota Rush 2019")


async def test_a_list_of_the_version_before_goes_on_with_the_upload_behind_it(stage: Stage) -> None:
    await stage.says(RUSH)
    await stage.says(TWO)
    await stage.value("""
        UPDATE conversation SET memory = jsonb_set(memory #- '{ask,behind}', '{ask,given}',
            (memory #> '{ask,given}') || (memory #> '{ask,behind}'))""")

    holds(await stage.says("1"), "2 mobil sudah tayang", "Lanjut upload Toyota Rush 2019")


@pytest.mark.parametrize(
    "ask",
    [
        {"kind": "upload", "ids": [], "given": {"wheels": 4}, "behind": {}},
        {"kind": "bulk", "ids": [], "given": {"pages": []}, "behind": {"upload": {"wheels": 4}}},
        {"kind": "upload", "ids": [], "given": {"said": {}}, "mood": "calm"},
    ],
)
async def test_what_a_newer_version_left_is_let_go(stage: Stage, ask: dict[str, Any]) -> None:
    await stage.says("/help")
    stored = orjson.dumps({"ask": {**ask, "at": 4e9}}).decode()
    await stage.value("UPDATE conversation SET memory = $1::text::jsonb", stored)

    holds(await stage.says("1"), "Tidak ada yang menunggu")
    holds(await stage.says(RUSH), "Data diterima")


async def test_who_is_no_owner_any_more_publishes_nothing(stage: Stage) -> None:
    await stage.says(RUSH)
    await stage.says(TWO)
    await stage.value("UPDATE app_user SET role = 'sales' WHERE phone = $1", stage.owner)

    for text in ("1", "skip", "ya"):
        holds(await stage.says(text), "Tidak ada yang menunggu")

    assert await stock(stage) == []


@pytest.mark.parametrize(("role", "told"), [(Role.ADMIN, True), (Role.SALES, False)])
async def test_help_says_that_a_list_can_be_sent(stage: Stage, role: Role, told: bool) -> None:
    help_ = await stage.says("/help", by=await stage.user(role))

    assert ("kirim file Excel/CSV atau tempel daftarnya" in help_) is told

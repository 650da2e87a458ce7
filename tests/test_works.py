"""An upload half-way, a list under review, a question, an offered lead, half an hour: in whatever order they come."""

import random
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import pytest

from autoleads.bot.directory import Directory
from autoleads.bot.gateway.base import Kind
from autoleads.bot.handover import Handover
from autoleads.bot.staff import ask as asking
from autoleads.bot.staff.base import Errand, shelf_of
from autoleads.bot.staff.carrying import carry_out
from autoleads.bot.turn import Incoming, Person, Turn
from autoleads.config import Config
from autoleads.sql.pool import Database, Db
from autoleads.types import ConversationKey, Role
from tests import make
from tests.engine import ROUND
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


async def test_what_was_not_noted_is_not_said_to_be(stage: Stage) -> None:
    for text in (RUSH, "skip", "skip", TWO):
        await stage.says(text)

    another = await stage.says(BRIO)

    holds(another, "Upload Toyota Rush 2019 belum selesai", OF_TWO)
    assert "saya catat" not in another


async def test_an_upload_gets_the_value_it_asks_for_beside_lines_that_are_wrong(stage: Stage) -> None:
    await stage.says(f"{TWO}\n{BAD}")
    await stage.says("/upload Toyota Rush 2019 200jt matic putih B 5 CC")

    holds(await stage.says("30rb"), "Data diterima", "30.000 km", OF_TWO, "3: tahun 2020")


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


@pytest.mark.parametrize("open_", [RUSH, TWO.replace("B1234XYZ", "B 5 AB")])
async def test_ambil_takes_the_lead_whatever_was_said_since(
    database: Database, fonnte: FonnteStandin, open_: str
) -> None:
    async with owner_shop(database, fonnte, answer=bargain) as shop:
        async with database.tenant(shop.tenant_id) as db:
            await db.execute("UPDATE app_user SET role = 'admin' WHERE name = $1", BUDI)
        await tells(shop, HADI, open_)
        await shop.says(make.phone(), "bisa nego?")
        taken = await tells(shop, HADI, "/laporan", "ambil")
        left = await tells(shop, HADI, "batal")

    assert "sekarang milik Anda" in taken
    assert "dibatalkan" in left or "tidak jadi dimasukkan" in left


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


# Anything, in any order -------------------------------------------------------------------------------------------

SAID = (
    TWO, f"{TWO}\n{BAD}", f"{BAD}\n{ALSO_BAD}", RUSH, BRIO, "/upload", "/upload Honda Brio 2021 150jt", "20rb", "matic",
    "merah", "skip", "velg racing", "harga 190jt", "tahun 2017", "3: 2017", "1: hapus", "daftar", "lihat", "1", "2",
    "3", "99", "ya", "ok", "tidak", "makasih", "halo", "lanjut", "edit", "batal", "/list", "/lead", "/laporan",
    "/harga #A07 175jt", "/harga", "/status #A07 laku", "/foto #A07", "selesai", "/edit #A07", "/hapus #A07",
    "/batal-ubah", "avanza udah laku", "#A07", "ambil", "nomor 2 salah harganya", "xyz", "",
)  # fmt: skip
WORDS_AT_THE_END = {
    "bulk": ("sudah tayang", "sebagai DRAFT", "tidak jadi dimasukkan", "saya tutup", "lewat 30 menit"),
    "upload": ("BERHASIL PUBLISH", "Tersimpan sebagai DRAFT", "upload dibatalkan", "lewat 30 menit"),
}


@pytest.mark.parametrize("seed", [1, 2])
async def test_nothing_that_waits_is_lost_without_a_word(stage: Stage, seed: int) -> None:
    await make.cars(stage.database, stage.tenant_id, make.car_row(display_code="#A07"))
    await stage.says("/help")
    dice, memory, ended = random.Random(seed), dict[str, Any](), set[str]()
    async with stage.database.tenant(stage.tenant_id) as db:
        turn = await _turn(stage, db)
        for minute in range(120):
            late = timedelta(minutes=31) if dice.random() < 0.03 else timedelta(minutes=1)
            kind, text = (
                (Kind.TEXT, dice.choice(SAID)) if dice.random() < 0.9 else (Kind.IMAGE, dice.choice(["", BRIO]))
            )
            message = replace(turn.messages[0], kind=kind, text=text)
            turn = replace(turn, messages=(message,), memory=memory, now=turn.now + late)
            done = await carry_out(await _errand(db, turn))

            before, memory = asking.recalled(memory), orjson.loads(orjson.dumps(asking.remembered({}, done.ask)))
            after = asking.recalled(memory)
            assert done.text or kind is Kind.IMAGE, (minute, text)
            for work, words in WORDS_AT_THE_END.items():
                if before and before.work(work) is not None and (after is None or after.work(work) is None):
                    ended.add(work)
                    assert any(word in done.text for word in words), (minute, text, done.text)

    assert ended == set(WORDS_AT_THE_END)


async def _turn(stage: Stage, db: Db) -> Turn:
    known = await db.fetchrow(
        "SELECT c.id AS conversation, u.id AS user, c.last_inbox_id AS inbox FROM conversation c, app_user u"
    )
    directory = Directory(stage.database, site_url=lambda slug, _: slug)
    return Turn(
        key=ConversationKey(stage.tenant_id, known["conversation"]),
        showroom=await directory.showroom(stage.tenant_id, version=0),
        stock=await directory.stock(stage.tenant_id, version=0),
        messages=(Incoming(id=known["inbox"], kind=Kind.TEXT, text=""),),
        now=datetime(2026, 11, 26, 10, tzinfo=ZoneInfo("Asia/Jakarta")),
        role=Role.OWNER,
        user=Person(id=known["user"], name="Pak Hadi"),
    )


async def _errand(db: Db, turn: Turn) -> Errand:
    return Errand(
        db=db, turn=turn, shelf=await shelf_of(db, turn), handover=Handover(ROUND), takeover_idle_s=60,
        undo_within_s=600, lists=make.LISTS,
    )  # fmt: skip


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
        {"kind": "bulk", "ids": [], "given": {"lines": [{"number": 1}]}, "behind": {}},
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

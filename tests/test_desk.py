"""What users answer in the wrong order: between two questions, to none, twice, or too late."""

import pytest

from autoleads.sql.pool import Database
from tests import make
from tests.owner_shop import BUDI, HADI, changes, owner_shop, tells
from tests.standins.fonnte import FonnteStandin
from tests.test_handover import bargain, quiet

_CAR_LINE = "B 4321 XYZ | Avanza G | 2020 | 185jt | 45rb | manual | hitam"


@pytest.mark.parametrize("between", ["makasih", "ok pak", "99", "halo"])
async def test_an_upload_outlives_a_list_and_a_word_of_thanks(
    database: Database, fonnte: FonnteStandin, between: str
) -> None:
    async with owner_shop(database, fonnte) as shop:
        await tells(shop, HADI, _CAR_LINE, "/list", between)
        notes = await tells(shop, HADI, "SKIP")
        published = await tells(shop, HADI, "SKIP", "1")

    assert "Ada catatan kondisi?" in notes
    assert "PUBLISH" in published


async def test_a_yes_to_a_list_publishes_nothing_and_asks_again(database: Database, fonnte: FonnteStandin) -> None:
    async with owner_shop(database, fonnte) as shop:
        await tells(shop, HADI, _CAR_LINE, "SKIP", "SKIP", "/list")
        again = await tells(shop, HADI, "ya")
        async with database.tenant(shop.tenant_id) as db:
            count = await db.fetchval("SELECT count(*) FROM car")

    assert again.startswith("Publish sekarang?")
    assert count == 3


@pytest.mark.parametrize("said", ["ya", "ok", "siap pak", "tidak", "batal"])
async def test_neither_yes_nor_no_to_a_lead_is_told_what_to_type(
    database: Database, fonnte: FonnteStandin, said: str
) -> None:
    async with owner_shop(database, fonnte, answer=bargain) as shop:
        await shop.says(make.phone(), "bisa nego?")
        told = await tells(shop, BUDI, said)
        taken = await tells(shop, BUDI, "1")

    assert told == "Lead Ahmad masih menunggu jawaban Anda. Balas 1 untuk AMBIL, 2 untuk SKIP."
    assert "sekarang milik Anda" in taken


async def test_a_lead_is_taken_in_words_although_something_was_asked_since(
    database: Database, fonnte: FonnteStandin
) -> None:
    async with owner_shop(database, fonnte, answer=bargain) as shop:
        await shop.says(make.phone(), "bisa nego?")
        taken = await tells(shop, BUDI, "/list", "ambil")

    assert "sekarang milik Anda" in taken


async def test_batal_ends_the_question_and_leaves_the_lead(database: Database, fonnte: FonnteStandin) -> None:
    async with owner_shop(database, fonnte, answer=bargain) as shop:
        async with database.tenant(shop.tenant_id) as db:
            await db.execute("UPDATE app_user SET role = 'admin' WHERE name = $1", BUDI)
        await tells(shop, HADI, "/harga #A01 175jt")
        await shop.says(make.phone(), "bisa nego?")
        left = await tells(shop, HADI, "batal")
        taken = await tells(shop, HADI, "1")
        kept = await changes(shop)

    assert left == "Oke, dibatalkan."
    assert "sekarang milik Anda" in taken
    assert kept == []


async def test_a_yes_to_a_question_that_is_too_old_changes_nothing_and_a_second_one_neither(
    database: Database, fonnte: FonnteStandin
) -> None:
    async with owner_shop(database, fonnte) as shop:
        await tells(shop, HADI, "/harga #A01 175jt")
        async with database.tenant(shop.tenant_id) as db:
            await db.execute("""
                UPDATE conversation
                SET memory = jsonb_set(memory, '{ask,at}', to_jsonb((memory #>> '{ask,at}')::float8 - 1801))""")
        late = await tells(shop, HADI, "YA")
        again = await tells(shop, HADI, "YA")
        kept = await changes(shop)

    assert late.startswith("Pertanyaan tadi sudah lewat 30 menit")
    assert again.startswith("Tidak ada yang menunggu jawaban YA.")
    assert kept == []


async def test_a_number_of_a_list_of_cars_is_no_lead(database: Database, fonnte: FonnteStandin) -> None:
    async with owner_shop(database, fonnte, answer=quiet) as shop:
        for name in ("Ahmad", "Sari", "Tono"):
            await shop.says(make.phone(), "halo", name=name)
        async with database.tenant(shop.tenant_id) as db:
            assert await db.fetchval("SELECT count(*) FROM lead JOIN car USING (id)")  # or nothing could be mixed up
        told = [await tells(shop, HADI, "/list", f"/status-lead {number} closed") for number in (1, 2, 3)]

        assert {status for status, _ in await shop.status()} == {"new"}
    assert all("tidak ketemu" in text for text in told)

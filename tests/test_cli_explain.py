"""`explain` over a real stock: the keys, the reply, and that nothing is stored or sent."""

from pathlib import Path

import pytest

from autoleads.sql.pool import Database
from autoleads.types import CarStatus, TenantId
from tests import make
from tests.command import Command

KEYS = ["text", "intent", "entities", "cars", "alternatives", "hot", "command", "reply"]


@pytest.fixture
async def sample(database: Database) -> TenantId:
    return await make.sample(database)


@pytest.fixture
async def slug(database: Database, sample: TenantId) -> str:
    async with database.tenant(sample) as db:
        return str(await db.fetchval("SELECT slug FROM tenant WHERE id = $1", sample))


@pytest.fixture
def autoleads(dsn: str, tmp_path: Path) -> Command:
    return Command(DATABASE_URL=dsn, AUTOLEADS_DATA_DIR=str(tmp_path))


async def test_a_message_is_explained_with_exactly_the_promised_keys(autoleads: Command, slug: str) -> None:
    done = await autoleads("explain", "--tenant", slug, "--json", "ada avanza 2020 hitam matic kak?")

    assert done.code == 0, done.err
    (row,) = done.rows
    assert list(row) == KEYS
    assert (row["text"], row["intent"], row["hot"]) == ("ada avanza 2020 hitam matic kak?", "car_search", False)
    entities = {"brand": "Toyota", "model": "Avanza", "year_min": 2020, "year_max": 2020, "color": "Hitam"}
    assert row["entities"] == {**entities, "transmission": "Matic"}
    assert row["cars"] == ["#V01"]
    assert row["command"] is None
    assert "#V01" in row["reply"]
    assert "215.000.000" in row["reply"]


async def test_messages_of_the_standard_input_are_judged_each_on_its_own(autoleads: Command, slug: str) -> None:
    lines = b"ada veloz?\r\nyang itu brp?\n\n\xff\xfe halo\nharga #A01"

    done = await autoleads("explain", "--tenant", slug, "--json", stdin=lines)
    alone = [
        (await autoleads("explain", "--tenant", slug, "--json", text)).rows[0]
        for text in ("yang itu brp?", "harga #A01")
    ]

    assert [row["text"] for row in done.rows] == ["ada veloz?", "yang itu brp?", "", "\ufffd\ufffd halo", "harga #A01"]
    assert [done.rows[1], done.rows[4]] == alone
    assert done.rows[4]["cars"] == ["#A01"]
    assert done.rows[1]["cars"] is None


async def test_nothing_is_stored_and_nothing_is_sent(
    autoleads: Command, slug: str, database: Database, sample: TenantId
) -> None:
    await autoleads("explain", "--tenant", slug, "mau nego #A01 dong, 170 boleh?")

    async with database.tenant(sample) as db:
        for table in ("conversation", "inbox", "outbox", "message", "lead", "timer"):
            assert await db.fetchval(f"SELECT count(*) FROM {table}") == 0, table


@pytest.mark.parametrize("writer", ["owner", "sales"])
async def test_for_users_the_command_is_shown_and_no_intent(autoleads: Command, slug: str, writer: str) -> None:
    arguments = ("explain", "--tenant", slug, "--as", writer)
    (row,) = (await autoleads(*arguments, "--json", "avanza veloz hitam udah laku")).rows
    text = await autoleads(*arguments, "turunin harga veloz jadi 210")

    assert list(row) == KEYS
    assert (row["intent"], row["command"], row["cars"], row["hot"]) == (None, "status", ["#V01"], False)
    assert row["entities"] == {"brand": "Toyota", "model": "Veloz", "color": "Hitam", "status": "sold"}
    assert row["reply"]
    assert "command       price\n" in text.out
    assert "price=210000000" in text.out
    assert "cars          #V01\n" in text.out
    assert "intent" not in text.out


async def test_users_name_drafts_and_plates_and_customers_never_do(
    autoleads: Command, slug: str, database: Database, sample: TenantId
) -> None:
    draft = make.car_row(model="Rush 1.5 TRD", plate="L 4321 ZZ", plate_clean="L4321ZZ", status=CarStatus.DRAFT)
    (code,) = await make.cars(database, sample, draft)

    for text in ("/status L4321ZZ tersedia", "rush siap tayang"):
        (owner,) = (await autoleads("explain", "--tenant", slug, "--as", "owner", "--json", text)).rows
        (customer,) = (await autoleads("explain", "--tenant", slug, "--json", text)).rows
        assert owner["cars"] == [code]
        assert code not in (customer["cars"] or [])


async def test_people_get_it_in_words(autoleads: Command, slug: str) -> None:
    done = await autoleads("explain", "--tenant", slug, "nego #A01 boleh?")

    assert "intent        negotiation (hot)\n" in done.out
    assert "cars          #A01\n" in done.out
    assert "{" not in done.out


async def test_a_wrong_writer_is_refused(autoleads: Command, slug: str) -> None:
    done = await autoleads("explain", "--tenant", slug, "--as", "boss", "halo")

    assert (done.code, done.out) == (2, "")
    assert "--as: must be one of customer, owner, sales" in done.err

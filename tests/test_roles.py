"""Which command each kind of person may give, typed or said: owner, admin, sales, who left, a stranger, and another
showroom's owner."""

import re
from typing import Any

import pytest

from autoleads.bot import texts_staff as texts
from autoleads.bot.answerer import Answerer
from autoleads.bot.staff import rights
from autoleads.bot.understanding.command_base import Command
from autoleads.bot.understanding.commands import read_command
from autoleads.sql import cars, users
from autoleads.sql.pool import Database
from autoleads.types import Role
from tests import make
from tests.owner_shop import BUDI, HADI, PLATES, RINA, car, changes, owner_shop, tells
from tests.standins.fonnte import FonnteStandin
from tests.test_handover import Shop, bargain

# Each command as it is typed, and as it is said.
_LINES = {
    Command.UPLOAD: ("/upload", "mau upload mobil baru"),
    Command.CAR_DATA: (
        "B 4321 XYZ | Avanza G | 2020 | 185jt | 45rb | manual | hitam",
        "Avanza G 2020 hitam manual km 45rb 185jt B 4321 XYZ",
    ),
    Command.STATUS: ("/status #A01 terjual", "avanza #A01 udah laku"),
    Command.PRICE: ("/harga #A01 175jt", "turunin harga #A01 jadi 175"),
    Command.EDIT: ("/edit #A01 km 60rb", "ganti km #A01 jadi 60rb"),
    Command.PHOTOS: ("/foto #A01", "tambah foto #A01"),
    Command.DELETE: ("/hapus #A01", "hapus #A01 dari stok"),
    Command.UNDO: ("/batal-ubah", "batalin perubahan tadi"),
    Command.LIST: ("/list", "stok avanza apa aja"),
    Command.REPORT: ("/laporan", "hari ini laku berapa unit?"),
    Command.LEADS: ("/lead", "ada lead apa aja"),
    Command.DONE: ("/selesai Ahmad", "chat Ahmad udah selesai"),
    Command.LEAD_STATUS: ("/status-lead Ahmad warm", "lead Ahmad jadi warm"),
    Command.NOTE: ("/catat Ahmad minta dihubungi", "catat pak Ahmad maunya matic"),
    Command.HELP: ("/help", "perintahnya apa aja"),
}
_SALES_MAY = {Command.LIST, Command.LEADS, Command.DONE, Command.LEAD_STATUS, Command.NOTE, Command.HELP}
_AT_ONCE = {Command.DONE, Command.LEAD_STATUS, Command.NOTE}  # what changes without being asked about
_LEFT = "Tono"  # is no user any more
_A_COMMAND = re.compile(r"(?:^|\s)/[a-z]|perintah|owner|admin|terdaftar", re.IGNORECASE)


def test_every_command_has_its_row_in_the_matrix() -> None:
    assert set(_LINES) == set(Command) - {Command.NONE} == set(rights.ALLOWED)


def test_what_is_named_nowhere_nobody_may() -> None:
    assert not any(rights.may(role, Command.NONE) for role in Role)
    assert not any(rights.may(None, command) for command in Command)


@pytest.mark.parametrize("form", [0, 1], ids=["typed", "said"])
@pytest.mark.parametrize("command", _LINES, ids=str)
async def test_who_may_give_which_command(
    database: Database, fonnte: FonnteStandin, command: Command, form: int
) -> None:
    line = _LINES[command][form]
    customers = Answerer(None, compose="never", messages_per_minute=1000)
    async with (
        owner_shop(database, fonnte, answer=customers.answer) as shop,
        owner_shop(database, fonnte) as other,
    ):
        await _with_a_lead_and_who_left(shop)
        async with database.tenant(shop.tenant_id) as db:
            stock, plates = await cars.staff_stock(db, shop.tenant_id)
        before = await _state(shop)
        strange = {
            who: [await tells(shop, who, line), await tells(shop, who, "YA"), await tells(shop, who, "1")]
            for who in (_LEFT, make.phone(), other.phones[HADI])
        }
        after_strangers = await _state(shop)
        sales = await tells(shop, BUDI, line)
        await tells(shop, BUDI, "YA", "1")
        after_sales = await _state(shop)
        managers = [await tells(shop, who, line) for who in (HADI, RINA)]
        after_managers = await _state(shop)

    assert read_command(line, stock, plates, 2026).command is command
    for said in strange.values():
        assert not [text for text in said if _A_COMMAND.search(text) or any(plate in text for plate in PLATES.values())]
    assert after_strangers == before
    assert (sales == texts.NOT_ALLOWED) == (command not in _SALES_MAY)
    assert command in _AT_ONCE or after_sales == before
    for answer in managers:
        assert answer not in (texts.NOT_ALLOWED, texts.NOT_YET)
        assert not answer.startswith((texts.HELLO.partition("{")[0], texts.NOTHING_WAITS.partition("{")[0]))
    for changed in after_managers, before:
        del changed["car_number"]  # the code that a recap shows is given out
    assert command in _AT_ONCE or after_managers == before  # nothing changes before it was confirmed


async def _with_a_lead_and_who_left(shop: Shop) -> None:
    await shop.says(make.phone(), "halo", name="Ahmad")
    shop.phones[_LEFT] = make.phone()
    left = await make.user(shop.database, shop.tenant_id, role=Role.OWNER, number=shop.phones[_LEFT], name=_LEFT)
    async with shop.database.tenant(shop.tenant_id) as db:
        await users.set_fields(db, shop.tenant_id, left, status="inactive")


async def _state(shop: Shop) -> dict[str, Any]:
    """All that a command could change. A customer's own lead is no command's."""
    queries = {
        "car": "SELECT to_jsonb(c) FROM car c",
        "car_change": "SELECT to_jsonb(c) FROM car_change c",
        "car_number": "SELECT to_jsonb(c) FROM car_number c",
        "app_user": "SELECT to_jsonb(u) FROM app_user u",
        "branch": "SELECT to_jsonb(b) FROM branch b",
        "attachment": "SELECT to_jsonb(a) FROM attachment a",
        "lead": "SELECT to_jsonb(l) FROM lead l WHERE customer_name = 'Ahmad' ORDER BY id LIMIT 1",
        "chat": """SELECT jsonb_build_object('human', v.human_user_id, 'opted_out', v.opted_out_at) FROM conversation v
                   JOIN lead l ON l.conversation_id = v.id WHERE l.customer_name = 'Ahmad' ORDER BY l.id LIMIT 1""",
    }
    async with shop.database.tenant(shop.tenant_id) as db:
        return {name: [row[0] for row in await db.fetch(query)] for name, query in queries.items()}


# Meanwhile -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("/harga #A01 175jt", "YA"),
        ("/status #A01 terjual", "1"),
        ("/hapus #A01", "ya"),
        ("/edit #A01 km 60rb", "ya pak"),
    ],
)
@pytest.mark.parametrize("to", ["sales", "inactive"])
async def test_who_is_no_owner_any_more_cannot_confirm(
    database: Database, fonnte: FonnteStandin, question: str, answer: str, to: str
) -> None:
    async with owner_shop(database, fonnte) as shop:
        before = await car(shop)
        asked = await tells(shop, HADI, question)
        await _demote(shop, to)
        await tells(shop, HADI, answer)
        after, kept = await car(shop), await changes(shop)

    assert "Ketik: YA" in asked
    assert kept == []
    assert before == after


@pytest.mark.parametrize("between", [(), ("/list",)])
@pytest.mark.parametrize("to", ["sales", "inactive"])
async def test_an_upload_of_who_is_no_owner_any_more_does_not_go_on(
    database: Database, fonnte: FonnteStandin, to: str, between: tuple[str, ...]
) -> None:
    async with owner_shop(database, fonnte) as shop:
        recap = await tells(shop, HADI, _LINES[Command.CAR_DATA][0], "SKIP", "SKIP")
        await _demote(shop, to)
        before = (await _state(shop))["car"]
        await tells(shop, HADI, *between, "SKIP")
        said = [await tells(shop, HADI, text) for text in ("SKIP", "1", "YA")]
        after = (await _state(shop))["car"]

    assert "1 = YA, langsung live" in recap
    assert before == after
    assert not [text for text in said if "publish" in text.lower()]


async def test_a_lead_is_not_taken_by_who_left(database: Database, fonnte: FonnteStandin) -> None:
    async with owner_shop(database, fonnte, answer=bargain) as shop:
        await shop.says(make.phone(), "bisa nego?")
        offered = shop.read(BUDI)
        async with database.tenant(shop.tenant_id) as db:
            await users.set_fields(db, shop.tenant_id, shop.ids[BUDI], status="inactive")
        await shop.says(BUDI, "1")
        async with database.tenant(shop.tenant_id) as db:
            taken = await db.fetchval("SELECT count(*) FROM lead WHERE taken_at IS NOT NULL")

    assert "LEAD BARU" in offered[0]
    assert taken == 0


async def _demote(shop: Shop, to: str) -> None:
    async with shop.database.tenant(shop.tenant_id) as db:
        change: dict[str, Any] = {"status": to} if to == "inactive" else {"role": Role(to)}
        await users.set_fields(db, shop.tenant_id, shop.ids[HADI], **change)


# /help ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "there", "absent"),
    [
        (HADI, ("/status", "/harga", "/edit", "/hapus", "/batal-ubah", "/list", "/laporan", "/lead", "/catat"), ()),
        (BUDI, ("/list", "/lead", "/selesai", "/status-lead", "/catat"), ("/harga", "/edit", "/hapus", "/laporan")),
    ],
)
async def test_help_lists_what_that_role_may_use(
    database: Database, fonnte: FonnteStandin, who: str, there: tuple[str, ...], absent: tuple[str, ...]
) -> None:
    async with owner_shop(database, fonnte) as shop:
        text = await tells(shop, who, "/help")

    for command in there:
        assert f"\n{command}" in text
    for command in absent:
        assert command not in text

"""Every labelled line of owners and admins, answered by the desk: nothing changes unasked, the right car is shown."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from autoleads import stock_csv
from autoleads.bot import inventory
from autoleads.bot.directory import Directory
from autoleads.bot.gateway.base import Kind
from autoleads.bot.handover import Handover
from autoleads.bot.staff import ask as asking
from autoleads.bot.staff.base import Done, Errand, shelf_of
from autoleads.bot.staff.carrying import carry_out
from autoleads.bot.staff.desk import Desk
from autoleads.bot.turn import Incoming, Person, Turn
from autoleads.sql.pool import Database
from autoleads.types import ConversationId, ConversationKey, InboxId, Role, TenantId
from tests import make
from tests.engine import ROUND
from tests.patience import PATIENCE_S
from tests.understanding_score import NOW_YEAR, load_lines

DATA = Path(__file__).parent / "data"
_CHANGES = {"status": "status", "price": "price", "delete": ""}  # command -> the entity it needs
_ASKS = "Ketik: YA"


async def _stocked(database: Database) -> TenantId:
    tenant_id = await make.tenant(database)
    rows, errors = stock_csv.read((DATA / "stock_owner.csv").read_text(), this_year=NOW_YEAR)
    assert not errors
    branches = {}
    for name in sorted({row.branch for row in rows if row.branch}):
        branches[name.lower()] = await make.branch(database, tenant_id, name)
    async with database.tenant(tenant_id) as db:
        done = await inventory.add(db, tenant_id, rows, branches)
    assert not done.errors
    return tenant_id


async def _turns(database: Database, tenant_id: TenantId) -> Callable[..., Turn]:
    directory = Directory(database, site_url=lambda slug, _: slug)
    user_id = await make.user(database, tenant_id, name="Pak Hadi")
    known = {
        "key": ConversationKey(tenant_id, ConversationId(0)),
        "showroom": await directory.showroom(tenant_id, version=0),
        "stock": await directory.stock(tenant_id, version=0),
        "now": datetime(NOW_YEAR, 11, 22, 10, tzinfo=ZoneInfo("Asia/Jakarta")),
        "role": Role.OWNER,
        "user": Person(id=user_id, name="Pak Hadi"),
    }

    def turn(text: str, memory: Mapping[str, Any] | None = None) -> Turn:
        message = Incoming(id=InboxId(1), kind=Kind.TEXT, text=text)
        return Turn(messages=(message,), memory=memory or {}, **known)

    return turn


async def test_what_owners_write_is_answered_with_the_right_car_and_asked_first(database: Database) -> None:
    tenant_id = await _stocked(database)
    turn = await _turns(database, tenant_id)
    desk = Desk(
        database,
        Handover(ROUND),
        takeover_idle=timedelta(1),
        settle_s=PATIENCE_S,
        undo=timedelta(minutes=10),
        lists=make.LISTS,
    )
    lines = [line for name in ("owner_own.jsonl", "owner_heldout.jsonl") for line in load_lines(DATA / name)]
    async with database.tenant(tenant_id) as db:
        before = await db.fetchval("SELECT jsonb_agg(to_jsonb(c) ORDER BY id) FROM car c")
    wrong, asked = [], 0
    for line in lines:
        reply = await desk.rehearse(turn(line["text"]))
        assert reply.strip(), line["text"]
        assert "{" not in reply, reply
        needs = _CHANGES.get(line["command"])
        if needs is None or line["cars"] is None or len(line["cars"]) != 1 or (needs and needs not in line["entities"]):
            continue
        asked += 1
        if _ASKS not in reply or line["cars"][0] not in reply:
            wrong.append((line["text"], reply))
    async with database.tenant(tenant_id) as db:
        assert await db.fetchval("SELECT jsonb_agg(to_jsonb(c) ORDER BY id) FROM car c") == before
        assert await db.fetchval("SELECT count(*) FROM car_change") == 0

    assert asked >= 80
    assert len(wrong) <= 0.02 * asked, "\n\n".join(f"{text}\n{reply}" for text, reply in wrong)


async def _carried_out(database: Database, turn: Turn) -> Done:
    async with database.undone(turn.key.tenant_id) as db:
        shelf, handover = await shelf_of(db, turn), Handover(ROUND)
        errand = Errand(
            db=db, turn=turn, shelf=shelf, handover=handover, takeover_idle_s=60, undo_within_s=600, lists=make.LISTS
        )
        return await carry_out(errand)


@pytest.mark.parametrize(
    "question", ["/status #A01 laku", "/harga #A01", "/edit #A01", "/hapus", "avanza udah laku", "/list", "/lead"]
)
async def test_whatever_is_written_to_a_question_is_answered_and_changes_nothing(
    database: Database, question: str
) -> None:
    tenant_id = await _stocked(database)
    turn = await _turns(database, tenant_id)
    asked = await _carried_out(database, turn(question))
    memory = asking.remembered({}, asked.ask)
    for line in load_lines(DATA / "owner_heldout.jsonl")[::4]:
        if line["text"].lower() in ("ya", "ok", "oke", "iya", "1", "siap"):
            continue
        done = await _carried_out(database, turn(line["text"], memory))
        assert done.text.strip(), line["text"]
        assert not done.text.startswith(("✅", "🗑", "↩")), (line["text"], done.text)

"""Isolation, from below (the catalogue of the database) and from above (every query with a foreign tenant)."""

import inspect
import uuid
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

import asyncpg
import pytest

from autoleads.bot import inventory
from autoleads.errors import NotFound
from autoleads.sql import (
    attachments,
    branches,
    car_changes,
    carphotos,
    cars,
    catalogue,
    conversations,
    devices,
    figures,
    inbox,
    leads,
    messages,
    outbox,
    tenants,
    timers,
    users,
)
from autoleads.sql.attachments import AttachmentState
from autoleads.sql.conversations import Cap, Ending, Fenced, Idle, Lease, Result
from autoleads.sql.pool import Database
from autoleads.sql.timers import TimerKind
from autoleads.types import (
    AttachmentId,
    CarId,
    CarStatus,
    Channel,
    ConversationId,
    ConversationKey,
    DeviceId,
    InboxId,
    LeadId,
    LeadStatus,
    OutboxId,
    Role,
    TenantId,
    TimerId,
    UserId,
)
from tests import make
from tests.engine import ROUND

_MODULES = (
    attachments, branches, car_changes, carphotos, cars, catalogue, conversations, devices, figures, inbox, leads,
    messages, outbox, tenants, timers, users,
)  # fmt: skip
_LEASE = Lease(owner=uuid.uuid4(), lease_s=10, send_window_s=10)
_CAP = Cap(replies=20, staff_replies=20, window_s=600, notice="")


# From below -----------------------------------------------------------------------------------------------------


async def test_every_tenant_table_is_forced_under_row_security(database: Database) -> None:
    rows = await database.pool.fetch("""
        SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity,
            (SELECT array_agg(p.policyname::text) FROM pg_policies p
             WHERE p.tablename = c.relname AND p.roles = '{public}' AND p.permissive = 'PERMISSIVE') AS policies,
            (SELECT a.attnotnull OR a.attgenerated = 's' FROM pg_attribute a
             WHERE a.attrelid = c.oid AND a.attname = 'tenant_id') AS has_tenant
        FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace""")
    tables = {row["relname"]: row for row in rows if row["relname"] != "schema_version"}

    assert len(tables) == 15
    for name, row in tables.items():
        assert row["has_tenant"], f"{name} has no tenant_id"
        assert row["relrowsecurity"], f"{name} has no row security"
        assert row["relforcerowsecurity"], f"{name}: its owner escapes row security"
        assert row["policies"] == ["own_tenant"], name


async def test_policies_compare_with_the_tenant_that_is_set(database: Database) -> None:
    rows = await database.pool.fetch("SELECT tablename, policyname, roles, qual, with_check FROM pg_policies")

    for row in rows:
        if row["policyname"] == "own_tenant":
            column = "id" if row["tablename"] == "tenant" else "tenant_id"
            assert row["qual"] == row["with_check"] == f"({column} = current_tenant())"
        else:
            assert (row["policyname"], row["roles"]) == ("router", ["autoleads_router"])


async def test_foreign_keys_include_the_tenant(database: Database) -> None:
    rows = await database.pool.fetch("""
        SELECT k.conrelid::regclass::text AS child, k.confrelid::regclass::text AS parent, k.conname,
            (SELECT array_agg(a.attname::text) FROM pg_attribute a
             WHERE a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey)) AS columns
        FROM pg_constraint k WHERE k.contype = 'f' AND k.connamespace = 'public'::regnamespace""")

    assert len(rows) >= 12
    for row in rows:
        assert "tenant_id" in row["columns"], row["conname"]
        if row["parent"] != "tenant":
            assert len(row["columns"]) == 2, f"{row['conname']} could point across tenants"


async def test_columns_that_name_a_row_of_another_table_have_a_foreign_key(database: Database) -> None:
    rows = await database.pool.fetch("""
        SELECT a.attrelid::regclass::text AS child, a.attname::text AS name FROM pg_attribute a
        JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
        WHERE a.attname LIKE '%\\_id' AND a.attnum > 0 AND a.atttypid = 'bigint'::regtype
          AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.contype = 'f' AND k.conrelid = a.attrelid
                          AND a.attnum = ANY (k.conkey))""")

    # Pointers into the queues outlive the rows they point at, which are pruned, and what was changed of a car outlives
    # the car; tenant is itself.
    assert {(row["child"], row["name"]) for row in rows} == {
        ("tenant", "tenant_id"),
        ("conversation", "last_inbox_id"),
        ("conversation", "done_inbox_id"),
        ("message", "inbox_id"),
        ("attachment", "inbox_id"),
        ("car_change", "car_id"),
        ("car_change", "inbox_id"),
        ("message", "outbox_id"),
    }


async def test_the_working_role_cannot_bypass_row_security(database: Database) -> None:
    row = await database.pool.fetchrow("""
        SELECT current_user::text AS me, r.rolsuper, r.rolbypassrls,
            pg_has_role(current_user, 'autoleads_router', 'MEMBER') AS router,
            (SELECT count(*) FROM pg_class WHERE relowner = r.oid) AS owned
        FROM pg_roles r WHERE r.rolname = current_user""")

    assert dict(row) == {"me": "autoleads_app", "rolsuper": False, "rolbypassrls": False, "router": False, "owned": 0}


async def test_functions_that_span_tenants_are_known_one_by_one(database: Database) -> None:
    rows = await database.pool.fetch("""
        SELECT p.proname::text AS name, p.proowner::regrole::text AS owner, p.proconfig::text[] AS config FROM pg_proc p
        WHERE p.prosecdef AND p.pronamespace = 'public'::regnamespace""")

    assert {row["name"] for row in rows} == {
        "receive", "conversations_due", "timers_due", "attachments_due", "backlog", "device_find", "tenants_all",
        "tenant_of_host", "prune",
    }  # fmt: skip
    for row in rows:
        assert row["owner"] == "autoleads_router"
        assert row["config"] == ["search_path=public, pg_temp"]


async def test_without_a_tenant_there_are_no_rows(database: Database) -> None:
    await make.sample(database)

    for table in (
        "tenant",
        "car",
        "app_user",
        "device",
        "branch",
        "conversation",
        "inbox",
        "outbox",
        "message",
        "lead_offer",
        "attachment",
        "car_change",
    ):
        assert await database.pool.fetchval(f"SELECT count(*) FROM {table}") == 0, table
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await database.pool.execute("INSERT INTO car_number (tenant_id, series, last) VALUES (1, 'A', 1)")


async def test_a_row_for_another_tenant_is_refused(database: Database) -> None:
    mine, other = await make.tenant(database), await make.tenant(database)

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with database.tenant(mine) as db:
            await branches.add(db, other, name="Cabang gelap")


async def test_the_tenant_ends_with_its_transaction(database: Database) -> None:
    mine = await make.tenant(database)
    for _ in range(10):
        async with database.tenant(mine) as db:
            assert await db.fetchval("SELECT count(*) FROM tenant") == 1
        assert await database.pool.fetchval("SELECT count(*) FROM tenant") == 0


# From above -----------------------------------------------------------------------------------------------------

Call = Callable[[Any, Database, TenantId, "Foreign"], Awaitable[Any]]


class Foreign:
    """Rows of the tenant that is not ours."""

    def __init__(self, **ids: Any) -> None:
        self.__dict__.update(ids)

    conversation: ConversationId
    car: CarId
    user: UserId
    device: DeviceId
    timer: TimerId
    outbox: OutboxId
    inbox: InboxId
    lead: LeadId
    attachment: AttachmentId
    change: int
    sender: str
    number: str


# Every public query function, called by one tenant with the ids of another: what a stranger must get.
_NOW = datetime(2030, 1, 1, tzinfo=UTC)
_PAST = datetime(2020, 1, 1, tzinfo=UTC)
_CALLS: dict[str, tuple[Call, Any]] = {
    "attachments.give_back": (
        lambda db, d, t, f: attachments.give_back(db, t, f.attachment, tries=0, again_in_s=0),
        False,
    ),
    "attachments.claim": (
        lambda db, d, t, f: attachments.claim(db, t, f.attachment, AttachmentState.PENDING, hold_s=9),
        None,
    ),
    "attachments.set_checked": (
        lambda db, d, t, f: attachments.set_checked(db, t, f.attachment, tries=0, path="cars/1/x.jpg"),
        False,
    ),
    "attachments.set_stored": (
        lambda db, d, t, f: attachments.set_stored(db, t, f.attachment, tries=0, path="private/1/1/x.jpg"),
        False,
    ),
    "attachments.set_failed": (
        lambda db, d, t, f: attachments.set_failed(db, t, f.attachment, tries=0, problem="x", again_in_s=None),
        False,
    ),
    "attachments.forget": (
        lambda db, d, t, f: attachments.forget(db, t, f.conversation, upto=datetime.now(UTC)),
        [],
    ),
    "attachments.is_needed": (
        lambda db, d, t, f: attachments.is_needed(db, t, f.conversation, f.attachment, path="private/1/1/x.jpg"),
        False,
    ),
    "attachments.of_inbox": (lambda db, d, t, f: attachments.of_inbox(db, t, [f.inbox]), []),
    "attachments.text_of": (lambda db, d, t, f: attachments.text_of(db, t, f.inbox), None),
    "branches.all_of": (lambda db, d, t, f: branches.all_of(db, t), []),
    "cars.stock": (lambda db, d, t, f: _codes(cars.stock(db, t)), []),
    "cars.staff_stock": (lambda db, d, t, f: _staff(cars.staff_stock(db, t)), ([], {})),
    "carphotos.named_nowhere": (lambda db, d, t, f: carphotos.named_nowhere(db, t, ["cars/1/x.jpg"]), {"cars/1/x.jpg"}),
    "carphotos.mark_unused": (lambda db, d, t, f: carphotos.mark_unused(db, t), None),
    "carphotos.unused": (lambda db, d, t, f: carphotos.unused(db, t, hours=-1, limit=9), []),
    "carphotos.forget": (lambda db, d, t, f: carphotos.forget(db, t, ["cars/1/x.jpg"]), None),
    "cars.of_plate": (lambda db, d, t, f: cars.of_plate(db, t, "L1234QX"), None),
    "catalogue.get": (lambda db, d, t, f: _shown(catalogue.get(db, t, sold_days=30)), ([], [])),
    "cars.taken": (lambda db, d, t, f: cars.taken(db, t, ["L1234QX"], ["#A01"]), ({}, set())),
    "cars.alike": (lambda db, d, t, f: cars.alike(db, t, [(2020, 45_000, 185_000_000)], within_days=14), []),
    "cars.lock_numbers": (lambda db, d, t, f: cars.lock_numbers(db, t), None),
    "cars.next_numbers": (lambda db, d, t, f: cars.next_numbers(db, t, {"A": 1}), {"A": 1}),
    "cars.reserve_numbers": (lambda db, d, t, f: cars.reserve_numbers(db, t, {"Z": 5}), None),
    "cars.lock": (lambda db, d, t, f: cars.lock(db, t, f.car), None),
    "cars.change": (lambda db, d, t, f: cars.change(db, t, f.car, {"status": "sold"}), False),
    "cars.remove": (lambda db, d, t, f: cars.remove(db, t, f.car), None),
    "cars.restore": (lambda db, d, t, f: cars.restore(db, t, {"tenant_id": f.tenant, "id": 1, "leads": []}), False),
    "car_changes.latest_by": (lambda db, d, t, f: car_changes.latest_by(db, t, f.user, within_s=9), None),
    "car_changes.latest_of": (lambda db, d, t, f: car_changes.latest_of(db, t, f.car), None),
    "car_changes.add_created": (
        lambda db, d, t, f: car_changes.add_created(
            db, t, ["#A01"], car_changes.Author(user_id=f.user, user_name="x", inbox_id=f.inbox), what="import"
        ),
        None,
    ),
    "car_changes.take_back_import": (lambda db, d, t, f: car_changes.take_back_import(db, t, f.change), (0, 0)),
    "car_changes.set_undone": (lambda db, d, t, f: car_changes.set_undone(db, t, f.change), False),
    "figures.of_span": (lambda db, d, t, f: _stock_of(db, t), ({}, {}, 0)),
    "cars.set_status": (lambda db, d, t, f: cars.set_status(db, t, f.car, CarStatus.SOLD), False),
    "conversations.take_over": (
        lambda db, d, t, f: conversations.take_over(db, t, f.conversation, f.user, until=_NOW),
        False,
    ),
    "conversations.hand_back": (lambda db, d, t, f: conversations.hand_back(db, t, f.conversation, note="x"), False),
    "conversations.in_flight": (lambda db, d, t, f: conversations.in_flight(db, t, f.conversation), 0),
    "conversations.lock": (lambda db, d, t, f: conversations.lock(db, t, f.conversation), False),
    "conversations.erase": (lambda db, d, t, f: conversations.erase(db, t, f.conversation, upto=_NOW), False),
    "conversations.find": (lambda db, d, t, f: conversations.find(db, t, external_id=f.sender), None),
    "conversations.give_back": (
        lambda db, d, t, f: conversations.give_back(db, t, [f.conversation], owner=_LEASE.owner),
        None,
    ),
    "conversations.customers": (lambda db, d, t, f: conversations.customers(db, t, limit=9), []),
    "devices.set_gateway": (lambda db, d, t, f: devices.set_gateway(db, t, token="x"), True),  # its own device
    "devices.set_state": (
        lambda db, d, t, f: devices.set_state(db, t, f.number, connected=False, reason="x"),
        False,
    ),
    "devices.pace": (lambda db, d, t, f: _pace(d, t, f), "refused"),
    "leads.page": (lambda db, d, t, f: leads.page(db, t, before=None, limit=9), []),
    "inbox.outcome_of": (lambda db, d, t, f: inbox.outcome_of(db, t, f.conversation, f.inbox), None),
    "inbox.set_outcome": (lambda db, d, t, f: inbox.set_outcome(db, t, f.conversation, f.inbox, {}), False),
    "inbox.tries": (lambda db, d, t, f: inbox.tries(db, t, f.conversation, within_s=9), 0),
    "leads.brief": (lambda db, d, t, f: leads.brief(db, t, f.lead), None),
    "leads.brief_of": (lambda db, d, t, f: leads.brief_of(db, t, f.conversation), None),
    "leads.briefs": (lambda db, d, t, f: leads.briefs(db, t, user_id=None, limit=9), []),
    "leads.briefs_by_id": (lambda db, d, t, f: leads.briefs_by_id(db, t, [f.lead]), []),
    "leads.named": (lambda db, d, t, f: leads.named(db, t, name="sari", digits=f.sender[-4:], limit=9), []),
    "leads.offers": (lambda db, d, t, f: leads.offers(db, t, f.user, limit=9), []),
    "leads.take": (lambda db, d, t, f: leads.take(db, t, f.lead, f.user), False),
    "leads.promised": (lambda db, d, t, f: leads.promised(db, t, f.lead), None),
    "leads.skip": (lambda db, d, t, f: leads.skip(db, t, f.lead, f.user), False),
    "leads.next_in_turn": (lambda db, d, t, f: leads.next_in_turn(db, t, f.lead), None),
    "leads.owners_in_turn": (lambda db, d, t, f: leads.owners_in_turn(db, t, f.lead), []),
    "leads.offer_to": (lambda db, d, t, f: leads.offer_to(db, t, f.lead, [f.user]), None),
    "leads.set_status": (lambda db, d, t, f: leads.set_status(db, t, f.lead, LeadStatus.LOST), False),
    "leads.rest": (lambda db, d, t, f: leads.rest(db, t, f.conversation), None),
    "leads.add_note": (lambda db, d, t, f: leads.add_note(db, t, f.lead, "x"), False),
    "leads.open_of": (lambda db, d, t, f: leads.open_of(db, t, f.conversation), None),
    "messages.said_by_customers": (
        lambda db, d, t, f: messages.said_by_customers(db, t, since=_PAST, after=(0, 0), limit=9),
        [],
    ),
    "messages.latest": (lambda db, d, t, f: messages.latest(db, t, f.conversation, after=0, limit=9), []),
    "outbox.set_delivery": (lambda db, d, t, f: outbox.set_delivery(db, t, "gw-1", "read"), False),
    "outbox.dead": (lambda db, d, t, f: outbox.dead(db, t, limit=9), []),
    "outbox.notify": (lambda db, d, t, f: outbox.notify(db, t, [f.user], "x", about=f.conversation), []),
    "outbox.tell": (lambda db, d, t, f: outbox.tell(db, t, f.conversation, "x"), []),
    "timers.claim": (lambda db, d, t, f: timers.claim(db, t, f.timer), None),
    "timers.remove": (lambda db, d, t, f: timers.remove(db, t, f.conversation, TimerKind.BOT_RESUME), 0),
    "users.all_of": (lambda db, d, t, f: users.all_of(db, t), []),
    "users.set_fields": (lambda db, d, t, f: users.set_fields(db, t, f.user, name="x"), False),
    "users.need": (lambda db, d, t, f: _need(db, t, f), "none"),
    "users.set_code": (lambda db, d, t, f: users.set_code(db, t, f.user, code_hash="x", until=_NOW), False),
    "users.enrol": (lambda db, d, t, f: users.enrol(db, t, code_hash="foreign", phone="628120000999"), None),
    "timers.data_of": (lambda db, d, t, f: timers.data_of(db, t, f.conversation, TimerKind.BOT_RESUME), None),
    "timers.save_in": (
        lambda db, d, t, f: timers.save_in(db, t, f.conversation, TimerKind.BOT_RESUME, seconds=9, data={}),
        False,
    ),
    "timers.save": (
        lambda db, d, t, f: timers.save(db, t, f.conversation, TimerKind.BOT_RESUME, due_at=_NOW),
        False,
    ),
}
# They write rows of the tenant that is set; the tests above and below show where those end up.
_OWN_ROWS_ONLY = {
    "branches.add", "car_changes.add", "cars.add", "devices.add", "devices.all_of", "devices.tokens",
    "tenants.add", "tenants.need", "tenants.set_domain", "tenants.set_fields",
    "tenants.next_id", "users.add",
}  # fmt: skip


async def _need(db: Any, tenant_id: TenantId, foreign: Foreign) -> str:
    try:
        return (await users.need(db, tenant_id, foreign.user)).name
    except NotFound:
        return "none"


async def _stock_of(db: Any, tenant_id: TenantId) -> tuple[dict[str, int], dict[str, int], int]:
    found = await figures.of_span(db, tenant_id, since=_PAST, until=_NOW)
    return found.in_stock, found.leads, found.stock_value_idr


async def _codes(stock: Awaitable[Any]) -> list[str]:
    return [car.display_code for car in (await stock).cars]


async def _shown(found: Awaitable[Any]) -> tuple[list[str], list[str]]:
    seen = await found
    return [car.display_code for car in seen.cars], [place.name for place in seen.places]


async def _staff(both: Awaitable[Any]) -> tuple[list[str], dict[str, str]]:
    stock, plates = await both
    return [car.display_code for car in stock.cars], plates


async def _pace(database: Database, tenant_id: TenantId, foreign: Foreign) -> str:
    try:
        await devices.pace(database, tenant_id, foreign.device, count=1, rate=1, burst=1, patience_s=1)
    except TypeError:
        return "refused"
    return "paced"


def _public_queries(module: ModuleType) -> list[str]:
    short = module.__name__.rsplit(".", 1)[1]
    return [
        f"{short}.{name}"
        for name, function in inspect.getmembers(module, inspect.iscoroutinefunction)
        if function.__module__ == module.__name__ and not name.startswith("_") and not name.endswith("_all_tenants")
    ]


def test_every_query_function_is_tried_with_a_foreign_tenant() -> None:
    functions = {name for module in _MODULES for name in _public_queries(module)}

    assert functions == set(_CALLS) | _OWN_ROWS_ONLY


@pytest.fixture
async def foreign(database: Database) -> Foreign:
    """A tenant with one of everything."""
    other = await make.tenant(database)
    owner, sender = make.phone(), make.phone()
    user = await make.user(database, other, role=Role.OWNER, number=owner)
    async with database.tenant(other) as db:
        await users.set_code(db, other, user, code_hash="foreign", until=_NOW)
    await make.branch(database, other)
    await make.cars(database, other, make.car_row(display_code="#A01", plate_clean="L1234QX"))
    number = await make.device_of(database, other)
    received = inbox.Received(
        device=number, sender=sender, phone=sender, name="Sari", dedupe_key="k", kind="image", body="halo",
        media={"url": "http://files.example/a.jpg"}, sent_at=None,
    )  # fmt: skip
    receipt = (await inbox.add_all_tenants(database, [received]))[0]
    assert receipt.key is not None
    conversation = receipt.key.conversation_id
    async with database.tenant(other) as db:
        row = await db.fetchval(
            "INSERT INTO outbox (tenant_id, conversation_id, kind, body, gateway_id) "
            "VALUES ($1, $2, 'reply', 'x', 'gw-1') RETURNING id",
            other,
            conversation,
        )
        await timers.save(db, other, conversation, TimerKind.BOT_RESUME, due_at=datetime(2020, 1, 1, tzinfo=UTC))
        timer = await db.fetchval("SELECT id FROM timer")
        lead = await db.fetchval(
            "INSERT INTO lead (tenant_id, conversation_id, customer_name, customer_phone, status, offered_at) "
            "VALUES ($1, $2, 'Sari', $3, 'hot', now()) RETURNING id",
            other,
            conversation,
            sender,
        )
        await leads.offer_to(db, other, lead, [user])
        car = await db.fetchval("SELECT id FROM car")
        attachment = await db.fetchval("SELECT id FROM attachment")
        receipt_id = InboxId(receipt.id)
        by = car_changes.Author(user_id=user, user_name="x", inbox_id=receipt_id)
        await car_changes.add(db, other, car, by, what="price", before={}, after={})
        change = await db.fetchval("SELECT id FROM car_change")
    return Foreign(
        tenant=other, conversation=conversation, user=user, owner=owner, sender=sender, number=number, outbox=row,
        timer=timer, car=car, change=change, attachment=attachment, inbox=receipt.id, lead=lead,
        device=await make.device_id_of(database, other),
    )  # fmt: skip


@pytest.mark.parametrize("name", sorted(_CALLS))
async def test_a_foreign_tenants_rows_are_out_of_reach(database: Database, foreign: Foreign, name: str) -> None:
    mine = await make.tenant(database)
    call, expected = _CALLS[name]

    async with database.tenant(mine) as db:
        assert await call(db, database, mine, foreign) == expected

    async with database.tenant(foreign.tenant) as db:  # type: ignore[attr-defined]
        assert await db.fetchval("SELECT status FROM car") == "available"
        assert await db.fetchval("SELECT count(*) FROM timer") == 1
        assert await db.fetchval("SELECT count(*) FROM message") == 0
        assert await db.fetchval("SELECT state FROM outbox") == "queued"
        assert await db.fetchval("SELECT status || notes FROM lead WHERE taken_at IS NULL") == "hot"
        assert await db.fetchval("SELECT body || coalesce(outcome::text, '') FROM inbox") == "halo"
        assert await db.fetchval("SELECT (state, tries) = ('pending', 0) FROM attachment")
        assert await db.fetchval("SELECT undone_at IS NULL FROM car_change")
        assert await db.fetchval("SELECT (phone, code_hash) = ($1, 'foreign') FROM app_user", foreign.owner)  # type: ignore[attr-defined]


async def test_a_turn_with_a_foreign_conversation_is_nobodys(database: Database, foreign: Foreign) -> None:
    mine = await make.tenant(database)
    key = ConversationKey(mine, foreign.conversation)
    ending = Ending(covers_to=1, kind="reply", replies=[{"body": "x", "media_url": None, "source": "rule"}], memory={})
    result = Result(id=foreign.outbox, attempt=1, state="sent")
    async with database.tenant(foreign.tenant) as db:  # type: ignore[attr-defined]
        await db.execute("UPDATE conversation SET lease_owner = $1, lease_until = 'infinity'", _LEASE.owner)

    claimed = await conversations.claim_all_tenants(database, _LEASE, [key], history_lines=5)
    committed = await conversations.commit_all_tenants(database, _LEASE, _CAP, ROUND, [(key, 1, ending)])
    advanced = await conversations.advance_all_tenants(database, _LEASE, [(key, 1, result)])
    async with database.tenant(mine) as db:
        await conversations.give_back(db, mine, [foreign.conversation], owner=_LEASE.owner)

    assert (claimed, committed, advanced) == ([Idle()], [(Fenced(), ())], [Fenced()])
    async with database.tenant(foreign.tenant) as db:  # type: ignore[attr-defined]
        assert await db.fetchval("SELECT state FROM outbox") == "queued"
        assert await db.fetchval("SELECT lease_until FROM conversation WHERE id = $1", foreign.conversation) is not None


async def test_two_tenants_may_have_the_same_codes_and_plates(database: Database) -> None:
    one, two = await make.tenant(database), await make.tenant(database)
    row = make.car_row(display_code="#A01")

    for tenant_id in (one, two):
        async with database.tenant(tenant_id) as db:
            assert (await inventory.add(db, tenant_id, [row], {})).codes == {row.line: "#A01"}

    async with database.tenant(one) as db:
        assert len((await cars.stock(db, one)).cars) == 1
        assert len((await cars.stock(db, two)).cars) == 0  # the query names it, the policy hides it


async def test_a_number_belongs_to_one_showroom(database: Database) -> None:
    one, two = await make.tenant(database), await make.tenant(database)
    number = await make.device_of(database, one)

    with pytest.raises(Exception, match="already belongs to a showroom"):
        async with database.tenant(two) as db:
            await devices.add(db, two, number=number, channel=Channel.FONNTE)

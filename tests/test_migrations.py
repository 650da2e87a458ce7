"""An upgraded database and a fresh one are the same; migrating is safe to repeat and to race."""

import asyncio

import asyncpg
import pytest

from autoleads.errors import ConfigError
from autoleads.sql import leads, migrate
from autoleads.sql.pool import open_database
from autoleads.types import TenantId, UserId
from tests.engine import engine
from tests.standins.fonnte import FonnteStandin

_SHAPE = """
    SELECT 'column' AS what, c.table_name || '.' || c.column_name AS name,
           concat_ws(' ', c.data_type, c.is_nullable, c.column_default, c.is_identity, c.generation_expression) AS shape
    FROM information_schema.columns c WHERE c.table_schema = 'public'
    UNION ALL
    SELECT 'constraint', conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL
    SELECT 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL
    SELECT 'policy', tablename || '.' || policyname, concat_ws(' ', roles, cmd, qual, with_check)
    FROM pg_policies WHERE schemaname = 'public'
    UNION ALL
    SELECT 'function', p.oid::regprocedure::text,
           concat_ws(' ', p.proowner::regrole, p.proacl, pg_get_functiondef(p.oid))
    FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
    UNION ALL
    SELECT 'trigger', tgrelid::regclass || '.' || tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL
    SELECT 'table', relname, concat_ws(' ', relrowsecurity, relforcerowsecurity, reloptions, relacl)
    FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
    ORDER BY 1, 2, 3"""


async def _shape(dsn: str) -> list[tuple[str, ...]]:
    db = await asyncpg.connect(dsn)
    try:
        return [tuple(row) for row in await db.fetch(_SHAPE)]
    finally:
        await db.close()


async def test_an_upgraded_database_is_the_same_as_a_fresh_one(dsn: str, empty_dsn: str) -> None:
    assert await migrate.migrate(empty_dsn, upto=1) == (0, 1)
    assert await migrate.migrate(empty_dsn) == (1, migrate.latest())

    upgraded, fresh = await _shape(empty_dsn), await _shape(dsn)

    assert len(fresh) > 200
    assert upgraded == fresh


_OLDER = """
    INSERT INTO tenant (id, name, slug, status) VALUES (1, 'Jaya', 'jaya', 'active');
    INSERT INTO device (tenant_id, id, number) VALUES (1, 1, '628110001');
    INSERT INTO app_user (tenant_id, id, name, phone, role) VALUES (1, 1, 'Budi', '628120001', 'sales');
    INSERT INTO conversation (tenant_id, id, device_id, channel, external_id, phone, name, last_inbox_id, done_inbox_id)
        VALUES (1, 1, 1, 'fonnte', '628130001', '628130001', 'Ahmad', 1, 0),
               (1, 2, 1, 'fonnte', '628130002', '628130002', 'Dewi', 2, 2);
    INSERT INTO inbox (tenant_id, conversation_id, id, dedupe_key, kind, body)
        VALUES (1, 1, 1, 'a', 'text', 'halo'), (1, 2, 2, 'b', 'text', 'nego?');
    INSERT INTO outbox (tenant_id, conversation_id, kind, covers_from, covers_to, body)
        VALUES (1, 2, 'reply', 2, 2, 'bisa');
    INSERT INTO lead (tenant_id, conversation_id, status, customer_name, assigned_to)
        VALUES (1, 1, 'hot', 'Ahmad', NULL), (1, 2, 'hot', 'Dewi', 1);
    INSERT INTO timer (tenant_id, conversation_id, kind, due_at) VALUES (1, 2, 'bot_resume', now())"""


async def test_what_an_older_database_holds_is_worked_on(empty_dsn: str, fonnte: FonnteStandin) -> None:
    await migrate.migrate(empty_dsn, upto=1)
    db = await asyncpg.connect(empty_dsn)
    await db.execute(_OLDER)
    await db.close()
    await migrate.migrate(empty_dsn)

    async with (
        open_database(empty_dsn, size_min=1, size_max=4, slow_query_s=5) as database,
        engine(database, fonnte.url) as one,
    ):
        await one.sweep.once(0.0)
        await one.dispatcher.idle()
        async with database.tenant(TenantId(1)) as db:
            found = await leads.briefs(db, TenantId(1), user_id=UserId(1), limit=9)
            assert await db.fetchval("SELECT count(*) FROM timer") == 0

    assert sorted((sent.target, sent.message) for sent in fonnte.sent) == [
        ("628130001", "re: halo"),
        ("628130002", "bisa"),
    ]
    assert [(brief.name, brief.waiting, brief.free) for brief in found] == [
        ("Dewi", False, False),
        ("Ahmad", False, True),
    ]


@pytest.mark.parametrize("older", [True, False], ids=["upgraded", "fresh"])
async def test_a_step_that_joins_the_program_behind_a_later_one_is_not_skipped(
    empty_dsn: str, monkeypatch: pytest.MonkeyPatch, older: bool
) -> None:
    known, late = migrate.steps(), migrate.latest() + 1
    if older:
        await migrate.migrate(empty_dsn, upto=1)
    monkeypatch.setattr(migrate, "steps", lambda: {**known, late + 1: "SELECT 1"})
    await migrate.migrate(empty_dsn)
    monkeypatch.setattr(migrate, "steps", lambda: {**known, late: "CREATE TABLE late ()", late + 1: "SELECT 1"})

    await migrate.migrate(empty_dsn)
    await migrate.migrate(empty_dsn)

    db = await asyncpg.connect(empty_dsn)
    assert await db.fetchval("SELECT to_regclass('late')") == "late"
    await db.close()


async def test_migrating_twice_changes_nothing(dsn: str) -> None:
    assert await migrate.migrate(dsn) == (migrate.latest(), migrate.latest())


async def test_processes_that_start_together_migrate_once(empty_dsn: str) -> None:
    done = await asyncio.gather(*(migrate.migrate(empty_dsn) for _ in range(4)))

    assert sorted(before for before, _ in done) == [0] + [migrate.latest()] * 3


async def test_a_newer_database_is_refused(dsn: str) -> None:
    db = await asyncpg.connect(dsn)
    await db.execute("INSERT INTO schema_version (version) VALUES (9999)")
    await db.close()

    with pytest.raises(ConfigError, match="newer than this program"):
        await migrate.migrate(dsn)


async def test_an_empty_database_has_version_zero(empty_dsn: str) -> None:
    assert await migrate.current(empty_dsn) == 0

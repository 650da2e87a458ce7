"""What happens by itself, and that a failing pass is not the last."""

import asyncio
import uuid
from datetime import UTC, datetime, timedelta

from autoleads.bot import takeover
from autoleads.bot.bell import Bell
from autoleads.bot.sweep import Sweep
from autoleads.bot.turn import Outcome, Reply, Turn
from autoleads.sql import conversations, timers
from autoleads.sql.pool import Database
from autoleads.sql.timers import TimerKind
from autoleads.types import ConversationKey
from tests import make
from tests.engine import echo, engine
from tests.patience import PATIENCE_S, patience
from tests.standins.fonnte import FonnteStandin


async def test_what_an_earlier_process_received_is_answered(database: Database, fonnte: FonnteStandin) -> None:
    tenant_id = await make.tenant(database)
    device, sender = await make.device_of(database, tenant_id), make.phone()
    async with engine(database, fonnte.url, quiet_s=60) as died:
        await died.write(device, sender, "halo?")  # stored, and still in its quiet window when the process ends

    async with engine(database, fonnte.url) as one, one.sweeping():
        await fonnte.wait_for(lambda: len(fonnte.sent) == 1)

    assert fonnte.sent[0].message == "re: halo?"


async def test_a_failing_pass_is_tried_again(database: Database, fonnte: FonnteStandin) -> None:
    async with engine(database, fonnte.url) as one:
        passes: list[float] = []

        class Flaky(Sweep):
            async def once(self, settle_s: float) -> None:
                passes.append(settle_s)
                if len(passes) < 3:
                    raise ConnectionError("the database is away")
                await super().once(settle_s)
                again.set()

        again = asyncio.Event()
        task = asyncio.create_task(
            Flaky(
                database,
                one.dispatcher,
                owner=uuid.uuid4(),
                every_s=0.01,
                settle_s=9,
                keep_days=30,
                alarms={},
                bell=Bell(),
            ).run()
        )
        await again.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    assert passes[:3] == [0.0, 0.0, 0.0]  # the first look that succeeds still takes everything


async def test_the_loop_ends_with_the_dispatcher(database: Database, fonnte: FonnteStandin) -> None:
    tenant_id = await make.tenant(database)
    device = await make.device_of(database, tenant_id)
    async with engine(database, fonnte.url, quiet_s=60) as died:
        await died.write(device, make.phone(), "halo?")

    async with engine(database, fonnte.url) as one:
        await one.dispatcher.aclose(1)
        async with patience():
            await one.sweep.run()

    assert one.dispatcher.closing


async def test_a_timer_is_fired_once_by_whoever_comes_first(database: Database, fonnte: FonnteStandin) -> None:
    tenant_id = await make.tenant(database)
    device, sender = await make.device_of(database, tenant_id), make.phone()
    user_id = await make.user(database, tenant_id)
    async with engine(database, fonnte.url) as one, engine(database, fonnte.url) as other:
        await one.write(device, sender, "halo")
        await one.dispatcher.idle()
        async with database.tenant(tenant_id) as db:
            found = await conversations.find(db, tenant_id, external_id=sender)
        assert found is not None
        await takeover.take(
            database, ConversationKey(tenant_id, found), user_id, idle=timedelta(0), settle_s=PATIENCE_S
        )
        await asyncio.gather(*(engine_.sweep.once(0.0) for engine_ in (one, other, one, other)))

    async with database.tenant(tenant_id) as db:
        assert await db.fetchval("SELECT count(*) FROM message WHERE sender = 'system'") == 1
        assert await db.fetchval("SELECT count(*) FROM timer") == 0


async def test_a_timer_that_was_moved_is_not_fired(database: Database, fonnte: FonnteStandin) -> None:
    tenant_id = await make.tenant(database)
    device, sender = await make.device_of(database, tenant_id), make.phone()
    async with engine(database, fonnte.url) as one:
        await one.write(device, sender, "halo")
        await one.dispatcher.idle()
    async with database.tenant(tenant_id) as db:
        found = await conversations.find(db, tenant_id, external_id=sender)
        assert found is not None
        await timers.save(db, tenant_id, found, TimerKind.BOT_RESUME, due_at=datetime.now(UTC) - timedelta(hours=1))
    due = await timers.due_all_tenants(database, limit=10)
    async with database.tenant(tenant_id) as db:
        await timers.save(db, tenant_id, found, TimerKind.BOT_RESUME, due_at=datetime.now(UTC) + timedelta(hours=1))
        assert await timers.claim(db, tenant_id, due[0][1]) is None
        assert await db.fetchval("SELECT count(*) FROM timer") == 1


async def test_old_rows_are_pruned_and_open_ones_stay(database: Database, fonnte: FonnteStandin) -> None:
    tenant_id = await make.tenant(database)
    device, sender = await make.device_of(database, tenant_id), make.phone()
    async with engine(database, fonnte.url) as one:
        await one.write(device, sender, "halo")
        await one.dispatcher.idle()
    async with engine(database, fonnte.url, quiet_s=60) as one:
        await one.write(device, sender, "masih terbuka")
    async with database.tenant(tenant_id) as db:
        await db.execute("UPDATE inbox SET received_at = received_at - interval '31 days'")
        await db.execute("UPDATE outbox SET created_at = created_at - interval '31 days'")

    async with engine(database, fonnte.url) as one:
        one.sweep._pruned_at -= 7200  # an hour and more went by
        await one.sweep.once(3600)

    async with database.tenant(tenant_id) as db:
        assert [row["body"] for row in await db.fetch("SELECT body FROM inbox")] == ["masih terbuka"]
        assert await db.fetchval("SELECT count(*) FROM outbox") == 0
        assert await db.fetchval("SELECT count(*) FROM message") == 2  # the history is kept


async def test_what_a_failed_run_left_is_taken_up_at_once(database: Database, fonnte: FonnteStandin) -> None:
    tenant_id = await make.tenant(database)
    device, sender = await make.device_of(database, tenant_id), make.phone()
    runs: list[str] = []

    async def fails_once(turn: Turn) -> Outcome:
        runs.append(turn.text)
        if len(runs) == 1:
            return Outcome(replies=(Reply(text="a\x00b"),), memory={})  # PostgreSQL takes no NUL: the commit fails
        return await echo(turn)

    async with engine(database, fonnte.url, fails_once, lease_s=60) as one:
        await one.write(device, sender, "halo")
        await one.dispatcher.idle()
        assert fonnte.sent == []
        await one.sweep.once(0.0)
        await one.dispatcher.idle()

    assert [s.message for s in fonnte.sent] == ["re: halo"]


async def test_the_oldest_unanswered_message_counts_not_the_latest(database: Database, fonnte: FonnteStandin) -> None:
    tenant_id = await make.tenant(database)
    device, sender = await make.device_of(database, tenant_id), make.phone()
    async with engine(database, fonnte.url, quiet_s=60) as one:
        await one.write(device, sender, "satu")
        async with database.tenant(tenant_id) as db:
            await db.execute("UPDATE inbox SET received_at = received_at - interval '5 minutes'")
        await one.write(device, sender, "dua")

    backlog = await conversations.backlog_all_tenants(database)

    assert backlog.open_conversations == 1
    assert backlog.oldest_s >= 300

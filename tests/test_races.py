"""What only happens when two things happen at once, or one of them fails half-way."""

import asyncio
import contextlib
import time
import uuid
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any

import asyncpg
import pytest

from autoleads.bot import takeover
from autoleads.bot.dispatcher import Lane
from autoleads.bot.sender import Retry
from autoleads.bot.turn import Outcome, Reply, Turn
from autoleads.sql import conversations, devices, inbox, timers
from autoleads.sql.batch import Batch
from autoleads.sql.conversations import Cap, Ending, Fenced, Lease, Result, Send, Think
from autoleads.sql.pool import Database
from autoleads.types import ConversationKey, Role, TenantId
from tests import make
from tests.engine import ROUND, echo, engine
from tests.patience import PATIENCE_S, patience
from tests.standins.base import Fault
from tests.standins.fonnte import FonnteStandin

_LEASE = Lease(owner=uuid.uuid4(), lease_s=10, send_window_s=10)
_CAP = Cap(replies=20, staff_replies=20, window_s=600, notice="")
_LATER = Retry(max_attempts=4, base_s=60, cap_s=60)


def _received(device: str, sender: str, text: str = "halo") -> inbox.Received:
    return inbox.Received(
        device=device, sender=sender, phone=sender, name="Sari", dedupe_key=uuid.uuid4().hex, kind="text", body=text,
        media=None, sent_at=None,
    )  # fmt: skip


async def _receive(database: Database, device: str, sender: str) -> ConversationKey:
    receipt = (await inbox.add_all_tenants(database, [_received(device, sender)]))[0]
    assert receipt.key is not None
    return receipt.key


async def _claim(database: Database, key: ConversationKey) -> Think:
    step = (await conversations.claim_all_tenants(database, _LEASE, [key], history_lines=5))[0]
    assert isinstance(step, Think)
    return step


def _ending(step: Think, **more: Any) -> Ending:
    replies = [{"body": "re", "media_url": None, "source": "rule"}]
    return Ending(covers_to=step.facts["messages"][-1]["id"], kind="reply", replies=replies, memory={}, **more)


async def _outbox(database: Database, tenant_id: TenantId) -> list[tuple[str, str]]:
    async with database.tenant(tenant_id) as db:
        return [(row["body"], row["state"]) for row in await db.fetch("SELECT body, state FROM outbox ORDER BY id")]


async def _make_due(database: Database, tenant_id: TenantId) -> None:
    async with database.tenant(tenant_id) as db:
        await db.execute("UPDATE outbox SET due_at = clock_timestamp() WHERE state = 'queued'")


async def _until_something_waits_for_a_lock(database: Database) -> None:
    while not await database.pool.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"):
        pass


# Who locks what, in which order ---------------------------------------------------------------------------------


async def test_receiving_locks_conversations_in_the_order_of_their_ids(database: Database) -> None:
    tenant_id = await make.tenant(database)
    device = await make.device_of(database, tenant_id)
    second, first = make.phone(), make.phone()  # the lower number gets the higher id
    older, younger = await _receive(database, device, first), await _receive(database, device, second)
    assert older.conversation_id < younger.conversation_id

    async with database.tenant(tenant_id) as db:
        lock = "SELECT FROM conversation WHERE id = $1 FOR NO KEY UPDATE NOWAIT"
        await db.execute(lock, older.conversation_id)
        batch = [_received(device, second), _received(device, first)]
        task = asyncio.create_task(inbox.add_all_tenants(database, batch))
        await _until_something_waits_for_a_lock(database)
        await db.execute(lock, younger.conversation_id)

    assert [receipt.key for receipt in await task] == [younger, older]


async def test_a_result_waits_for_its_conversation_before_it_touches_the_row(database: Database) -> None:
    tenant_id = await make.tenant(database)
    key = await _receive(database, await make.device_of(database, tenant_id), make.phone())
    think = await _claim(database, key)
    (send, _), *_ = await conversations.commit_all_tenants(
        database, _LEASE, _CAP, ROUND, [(key, think.fence, _ending(think))]
    )
    assert isinstance(send, Send)

    async with database.tenant(tenant_id) as db:
        await db.execute("SELECT FROM conversation FOR NO KEY UPDATE")
        result = Result(id=send.bubble.id, attempt=1, state="sent")
        task = asyncio.create_task(conversations.advance_all_tenants(database, _LEASE, [(key, think.fence, result)]))
        await _until_something_waits_for_a_lock(database)
        await db.execute("SELECT FROM outbox FOR NO KEY UPDATE NOWAIT")
    await task

    assert await _outbox(database, tenant_id) == [("re", "sent")]


async def test_a_notice_does_not_wait_for_its_readers_conversation(database: Database) -> None:
    tenant_id = await make.tenant(database)
    device, owner = await make.device_of(database, tenant_id), make.phone()
    user_id = await make.user(database, tenant_id, role=Role.OWNER, number=owner)
    owners = await _receive(database, device, owner)
    key = await _receive(database, device, make.phone())
    think = await _claim(database, key)
    ending = _ending(think, notices=[{"user_id": user_id, "body": "lead"}])

    async with database.tenant(tenant_id) as db:
        await db.execute("SELECT FROM conversation WHERE id = $1 FOR NO KEY UPDATE", owners.conversation_id)
        (_, woken), *_ = await conversations.commit_all_tenants(
            database, _LEASE, _CAP, ROUND, [(key, think.fence, ending)]
        )

    assert woken == (owners,)


# Half-way failures ----------------------------------------------------------------------------------------------


async def test_a_commit_made_twice_is_made_once(database: Database) -> None:
    """The connection broke after the commit and before its answer."""
    tenant_id = await make.tenant(database)
    key = await _receive(database, await make.device_of(database, tenant_id), make.phone())
    think = await _claim(database, key)
    item = (key, think.fence, _ending(think))

    await conversations.commit_all_tenants(database, _LEASE, _CAP, ROUND, [item])
    again = await conversations.commit_all_tenants(database, _LEASE, _CAP, ROUND, [item])

    assert again == [(Fenced(), ())]
    assert await _outbox(database, tenant_id) == [("re", "sending")]


async def test_a_customer_who_interrupts_often_is_still_answered(database: Database, fonnte: FonnteStandin) -> None:
    tenant_id = await make.tenant(database)
    device, sender = await make.device_of(database, tenant_id), make.phone()
    thinking = asyncio.Event()

    async def endless_until_six(turn: Turn) -> Outcome:
        thinking.set()
        if len(turn.messages) < 6:
            await asyncio.Event().wait()
        return await echo(turn)

    async with patience(), engine(database, fonnte.url, endless_until_six, max_attempts=3) as one:
        for n in range(6):
            thinking.clear()
            await one.write(device, sender, str(n))
            await thinking.wait()
        await one.dispatcher.idle()

    assert [s.message for s in fonnte.sent] == ["re: 0 | 1 | 2 | 3 | 4 | 5"]


async def test_a_bubble_left_over_is_sent_before_a_stale_answer_is_given_afresh(
    database: Database, fonnte: FonnteStandin
) -> None:
    tenant_id = await make.tenant(database)
    device, sender = await make.device_of(database, tenant_id), make.phone()
    thinking, go_on = asyncio.Event(), asyncio.Event()

    async def answer(turn: Turn) -> Outcome:
        if turn.text == "satu":
            return Outcome(replies=(Reply(text="bagian 1"), Reply(text="bagian 2")))
        thinking.set()
        await go_on.wait()
        return await echo(turn)

    fonnte.once(Fault(name="ok"), Fault(name="http", status=503))
    async with (
        engine(database, fonnte.url, answer, retry=_LATER) as one,
        engine(database, fonnte.url, answer) as other,
    ):
        await one.write(device, sender, "satu")
        await one.dispatcher.idle()
        await one.write(device, sender, "dua")
        await thinking.wait()
        await other.write(device, sender, "tiga")
        await other.dispatcher.idle()
        await _make_due(database, tenant_id)
        go_on.set()
        await one.dispatcher.idle()

    assert [s.message for s in fonnte.sent] == ["bagian 1", "bagian 2", "re: dua | tiga"]


async def test_a_failed_answer_does_not_bring_back_who_opted_out(database: Database, fonnte: FonnteStandin) -> None:
    tenant_id = await make.tenant(database)
    device, sender = await make.device_of(database, tenant_id), make.phone()

    async def answer(turn: Turn) -> Outcome:
        match turn.text:
            case "stop":
                return Outcome(replies=(Reply(text="baik"),), memory={"opt_out": True}, opt_out=True)
            case "rusak":
                raise KeyError("a bug")
            case _:
                outcome = await echo(turn)
                return Outcome(replies=outcome.replies, memory=turn.memory, opt_out=bool(turn.memory.get("opt_out")))

    async with engine(database, fonnte.url, answer) as one:
        for text in ("stop", "rusak", "halo"):
            await one.write(device, sender, text)
            await one.dispatcher.idle()

    assert [s.message for s in fonnte.sent] == ["baik"]


@pytest.mark.parametrize("ahead_s", [-3_600.0, 3_600.0])
async def test_a_clock_that_differs_from_the_databases_costs_no_thinking_time(
    database: Database, fonnte: FonnteStandin, monkeypatch: pytest.MonkeyPatch, ahead_s: float
) -> None:
    tenant_id = await make.tenant(database)
    budgets: list[float] = []

    async def answer(turn: Turn) -> Outcome:
        budgets.append(turn.budget_s)
        return await echo(turn)

    clock = time.time
    async with engine(database, fonnte.url, answer) as one:
        with monkeypatch.context() as patch:
            patch.setattr(time, "time", lambda: clock() + ahead_s)
            await one.write(await make.device_of(database, tenant_id), make.phone(), "halo")
            await one.dispatcher.idle()

    assert 0 < budgets[0] <= PATIENCE_S


async def test_a_database_that_times_out_is_no_interruption(database: Database, fonnte: FonnteStandin) -> None:
    """It counts as a failure, and is logged as one."""
    tenant_id = await make.tenant(database)
    key = await _receive(database, await make.device_of(database, tenant_id), make.phone())

    async with engine(database, fonnte.url) as one:

        async def away(*_: object) -> None:
            raise TimeoutError

        one.turns._directory.showroom = away  # type: ignore[method-assign,assignment]
        lane = Lane(due=0.0)
        lane.changed = False
        with pytest.raises(TimeoutError):
            await one.turns.run(key, lane)


# A person takes over --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["queued", "sending"])
async def test_a_reply_left_over_is_not_sent_after_a_takeover(
    database: Database, fonnte: FonnteStandin, state: str
) -> None:
    """Waiting for its next try, or left by a process that vanished."""
    tenant_id = await make.tenant(database)
    device, sender = await make.device_of(database, tenant_id), make.phone()
    user_id = await make.user(database, tenant_id, role=Role.SALES)
    fonnte.once(Fault(name="http", status=503))

    async with engine(database, fonnte.url, retry=_LATER) as one:
        await one.write(device, sender, "halo")
        await one.dispatcher.idle()
        async with database.tenant(tenant_id) as db:
            await db.execute(
                "UPDATE outbox SET state = $1, due_at = clock_timestamp(), send_until = clock_timestamp()", state
            )
            await db.execute(
                "UPDATE conversation SET human_user_id = $1, human_until = clock_timestamp() + interval '1 hour'",
                user_id,
            )
        await one.sweep.once(0.0)
        await one.dispatcher.idle()

    assert fonnte.sent == []
    assert await _outbox(database, tenant_id) == [("re: halo", "cancelled")]


async def test_a_takeover_waits_for_the_timer_of_an_earlier_one(database: Database) -> None:
    """Both lock the conversation first; the timer ends the earlier one, and the later one holds."""
    tenant_id = await make.tenant(database)
    user_id = await make.user(database, tenant_id, role=Role.SALES)
    key = await _receive(database, await make.device_of(database, tenant_id), make.phone())
    await takeover.take(database, key, user_id, idle=timedelta(seconds=0), settle_s=PATIENCE_S)

    async with database.tenant(tenant_id) as db:
        timer_id = await db.fetchval("SELECT id FROM timer")
        assert await timers.claim(db, tenant_id, timer_id) is not None
        task = asyncio.create_task(takeover.take(database, key, user_id, idle=timedelta(hours=4), settle_s=PATIENCE_S))
        await _until_something_waits_for_a_lock(database)
        await db.execute("SELECT FROM conversation FOR NO KEY UPDATE NOWAIT")
        assert await conversations.hand_back(db, *key, note="kembali")

    assert await task
    async with database.tenant(tenant_id) as db:
        assert await db.fetchval("SELECT human_until > clock_timestamp() + interval '3 hours' FROM conversation")
        assert await db.fetchval("SELECT count(*) FROM timer") == 1


# What the sweep finds -------------------------------------------------------------------------------------------


async def test_rows_that_wait_behind_another_do_not_crowd_out_those_that_are_due(database: Database) -> None:
    tenant_id = await make.tenant(database)
    device = await make.device_of(database, tenant_id)
    blocked, due = await _receive(database, device, make.phone()), await _receive(database, device, make.phone())
    add = """
        INSERT INTO outbox (tenant_id, conversation_id, kind, body, due_at)
        VALUES ($1, $2, 'reply', 'x', clock_timestamp() + make_interval(secs => $3))"""
    async with database.tenant(tenant_id) as db:
        await db.execute("UPDATE conversation SET done_inbox_id = last_inbox_id")
        for key, due_in_s in ((blocked, 900), (blocked, -60), (due, -1)):
            await db.execute(add, *key, due_in_s)

    assert await conversations.due_all_tenants(database, owner=uuid.uuid4(), settle_s=0, limit=1) == [due]


async def test_a_timer_that_cannot_be_carried_out_does_not_stop_the_others(
    database: Database, fonnte: FonnteStandin
) -> None:
    """One that a newer version wrote, while both run."""
    tenant_id = await make.tenant(database)
    user_id = await make.user(database, tenant_id, role=Role.SALES)
    key = await _receive(database, await make.device_of(database, tenant_id), make.phone())
    await takeover.take(database, key, user_id, idle=timedelta(seconds=0), settle_s=PATIENCE_S)
    async with database.tenant(tenant_id) as db:
        await db.execute(
            "INSERT INTO timer (tenant_id, conversation_id, kind, due_at) VALUES ($1, $2, 'unheard_of', '2020-01-01')",
            *key,
        )

    async with engine(database, fonnte.url) as one:
        await one.sweep.once(3600.0)

    async with database.tenant(tenant_id) as db:
        assert [row["kind"] for row in await db.fetch("SELECT kind FROM timer")] == ["unheard_of"]


# A device that may not send as fast as it has to -----------------------------------------------------------------


async def test_a_backlog_waits_in_the_outbox_and_uses_up_no_slots(database: Database, fonnte: FonnteStandin) -> None:
    tenant_id = await make.tenant(database)
    device = await make.device_of(database, tenant_id)

    async with engine(database, fonnte.url, rate=0.001, burst=2, retry=Retry(max_attempts=1, base_s=1, cap_s=1)) as one:
        for _ in range(5):
            await one.write(device, make.phone(), "halo")
            await one.dispatcher.idle()
        await _make_due(database, tenant_id)
        await one.sweep.once(0.0)
        await one.dispatcher.idle()
        assert len(fonnte.sent) == 2
        async with database.tenant(tenant_id) as db:  # what passes for the device is only the time of two messages
            await db.execute("UPDATE device SET paced_until = paced_until - interval '2000 seconds'")
        await _make_due(database, tenant_id)
        await one.sweep.once(0.0)
        await one.dispatcher.idle()

    assert len(fonnte.sent) == 4
    assert sorted(state for _, state in await _outbox(database, tenant_id)) == ["queued"] + ["sent"] * 4


async def test_a_clock_set_back_does_not_hold_up_a_device(database: Database) -> None:
    tenant_id = await make.tenant(database)
    device_id = await make.device_id_of(database, tenant_id)
    async with database.tenant(tenant_id) as db:
        await db.execute("UPDATE device SET paced_until = clock_timestamp() + interval '1 hour'")

    ask = partial(devices.pace, database, tenant_id, device_id, count=3, rate=10.0, burst=1, patience_s=1.0)
    first_s, granted = await ask()

    assert (round(first_s, 1), granted) == (1.1, 0)
    async with database.tenant(tenant_id) as db:
        assert await db.fetchval("SELECT paced_until < clock_timestamp() + interval '2 seconds' FROM device")


# Shared statements and transactions -----------------------------------------------------------------------------


async def test_messages_of_a_sender_keep_their_order_when_a_shared_statement_fails() -> None:
    stored: list[str] = []

    async def store(batch: Sequence[str]) -> Sequence[str]:
        if len(batch) > 1:
            raise ConnectionError
        for _ in range(0 if batch[0].endswith("2") else 3):  # the second would overtake the first
            await asyncio.sleep(0)
        stored.append(batch[0])
        return batch

    batch = Batch(store, group=lambda item: item[0])
    assert await asyncio.gather(*map(batch, ("a1", "b1", "a2"))) == ["a1", "b1", "a2"]

    assert stored.index("a1") < stored.index("a2")


async def test_a_transaction_that_could_not_be_committed_says_so(database: Database) -> None:
    tenant_id = await make.tenant(database)

    async def swallow() -> None:
        async with database.tenant(tenant_id) as db:
            with contextlib.suppress(asyncpg.DivisionByZeroError):
                await db.execute("SELECT 1 / 0")

    with pytest.raises(asyncpg.InFailedSQLTransactionError):
        await swallow()

"""The promises of a turn, over the real database and a real gateway at the other end of a socket."""

import asyncio
import time
from dataclasses import replace
from datetime import timedelta

from autoleads.bot import takeover
from autoleads.bot.sender import Retry
from autoleads.bot.turn import LeadNews, Outcome, Reply, Turn
from autoleads.formats import phone_display
from autoleads.sql import leads, messages
from autoleads.sql.inbox import Fate
from autoleads.sql.pool import Database
from autoleads.types import ConversationId, ConversationKey, LeadStatus, Role, TenantId
from tests import make
from tests.engine import echo, engine, key_of
from tests.patience import PATIENCE_S, patience
from tests.standins.base import Fault
from tests.standins.fonnte import FonnteStandin

_LATER = Retry(max_attempts=4, base_s=600, cap_s=600)


async def _make_due(database: Database, tenant_id: TenantId) -> None:
    """The time of the next try has come."""
    async with database.tenant(tenant_id) as db:
        await db.execute("UPDATE outbox SET due_at = clock_timestamp() WHERE state = 'queued'")


async def _states(database: Database, tenant_id: TenantId) -> list[str]:
    async with database.tenant(tenant_id) as db:
        return [row["state"] for row in await db.fetch("SELECT state FROM outbox ORDER BY id")]


async def _history(database: Database, key: ConversationKey) -> list[tuple[str, str]]:
    async with database.tenant(key.tenant_id) as db:
        lines = await messages.latest(db, *key, after=0, limit=100)
    return [(line.sender.value, line.body) for line in lines]


async def test_a_message_is_answered_once_and_remembered(database: Database, fonnte: FonnteStandin) -> None:
    tenant_id = await make.tenant(database)
    device, sender = await make.device_of(database, tenant_id), make.phone()

    async with engine(database, fonnte.url) as one:
        assert await one.write(device, sender, "halo", key="k1") is Fate.ACCEPTED
        assert await one.write(device, sender, "halo", key="k1") is Fate.DUPLICATE
        await one.dispatcher.idle()

    assert [(s.target, s.message) for s in fonnte.sent] == [(sender, "re: halo")]
    key = await key_of(database, tenant_id, sender)
    assert await _history(database, key) == [("customer", "halo"), ("bot", "re: halo")]
    async with database.tenant(tenant_id) as db:
        lead = await leads.open_of(db, *key)
    assert lead is not None
    assert (lead.status, lead.customer_name, lead.customer_phone) == (LeadStatus.NEW, "Budi", sender)


async def test_an_unknown_device_stores_nothing(database: Database, fonnte: FonnteStandin) -> None:
    tenant_id = await make.tenant(database)

    async with engine(database, fonnte.url) as one:
        assert await one.write("628000000000", make.phone(), "halo") is Fate.UNKNOWN
        await one.dispatcher.idle()

    async with database.tenant(tenant_id) as db:
        assert await db.fetchval("SELECT count(*) FROM conversation") == 0


async def test_a_burst_within_the_quiet_window_is_one_turn(database: Database, fonnte: FonnteStandin) -> None:
    tenant_id, quiet_s = await make.tenant(database), 0.2
    device = await make.device_of(database, tenant_id)

    async with engine(database, fonnte.url, quiet_s=quiet_s) as one, patience():
        began = -quiet_s
        while time.monotonic() - began >= quiet_s:  # a machine that takes longer for three messages tries again
            began, sender = time.monotonic(), make.phone()
            for text in ("halo", "ada avanza?", "yang matic"):
                await one.write(device, sender, text)
        await one.dispatcher.idle()

    assert [s.message for s in fonnte.sent if s.target == sender] == ["re: halo | ada avanza? | yang matic"]


async def test_an_answer_made_stale_is_discarded_and_given_afresh(database: Database, fonnte: FonnteStandin) -> None:
    tenant_id = await make.tenant(database)
    device, sender = await make.device_of(database, tenant_id), make.phone()
    thinking, go_on = asyncio.Event(), asyncio.Event()

    async def slow(turn: Turn) -> Outcome:
        thinking.set()
        await go_on.wait()
        return await echo(turn)

    # Two processes: the one that thinks does not hear of the second message.
    async with engine(database, fonnte.url, slow) as one, engine(database, fonnte.url, slow) as other:
        await one.write(device, sender, "ada brio?")
        await thinking.wait()
        await other.write(device, sender, "eh, avanza maksudnya")
        await other.dispatcher.idle()
        go_on.set()
        await one.dispatcher.idle()

    assert [s.message for s in fonnte.sent] == ["re: ada brio? | eh, avanza maksudnya"]


async def test_news_in_the_same_process_interrupts_thinking(database: Database, fonnte: FonnteStandin) -> None:
    tenant_id = await make.tenant(database)
    device, sender = await make.device_of(database, tenant_id), make.phone()
    thinking = asyncio.Event()

    async def endless_until_two(turn: Turn) -> Outcome:
        thinking.set()
        if len(turn.messages) == 1:
            await asyncio.Event().wait()
        return await echo(turn)

    async with engine(database, fonnte.url, endless_until_two) as one:
        await one.write(device, sender, "satu")
        await thinking.wait()
        await one.write(device, sender, "dua")
        await one.dispatcher.idle()

    assert [s.message for s in fonnte.sent] == ["re: satu | dua"]


async def test_a_reply_waiting_for_its_next_try_is_superseded(database: Database, fonnte: FonnteStandin) -> None:
    tenant_id = await make.tenant(database)
    device, sender = await make.device_of(database, tenant_id), make.phone()
    fonnte.once(Fault(name="refuse", reason="request invalid on disconnected device"))

    async with engine(database, fonnte.url, retry=_LATER) as one:
        await one.write(device, sender, "satu")
        await one.dispatcher.idle()
        await one.write(device, sender, "dua")
        await one.dispatcher.idle()

    assert [s.message for s in fonnte.sent] == ["re: satu | dua"]
    assert await _states(database, tenant_id) == ["superseded", "sent"]
    history = await _history(database, await key_of(database, tenant_id, sender))
    assert history == [("customer", "satu"), ("customer", "dua"), ("bot", "re: satu | dua")]


async def test_an_unavailable_gateway_is_tried_again_by_the_sweep(database: Database, fonnte: FonnteStandin) -> None:
    tenant_id = await make.tenant(database)
    device, sender = await make.device_of(database, tenant_id), make.phone()
    fonnte.once(Fault(name="http", status=500), Fault(name="http", status=429, retry_after_s=0))

    async with engine(database, fonnte.url) as one:
        await one.write(device, sender, "halo")
        async with one.sweeping():
            await fonnte.wait_for(lambda: len(fonnte.sent) == 1)

    assert [s.message for s in fonnte.sent] == ["re: halo"]
    assert await _states(database, tenant_id) == ["sent"]


async def test_a_refusal_for_good_is_a_dead_letter(database: Database, fonnte: FonnteStandin) -> None:
    tenant_id = await make.tenant(database)
    device, sender = await make.device_of(database, tenant_id), make.phone()
    fonnte.fault = Fault(name="refuse", reason="target invalid")

    async with engine(database, fonnte.url) as one:
        await one.write(device, sender, "halo")
        await one.dispatcher.idle()

    assert await _states(database, tenant_id) == ["dead"]


async def test_an_ambiguous_send_is_counted_and_not_repeated(database: Database, fonnte: FonnteStandin) -> None:
    tenant_id = await make.tenant(database)
    device, sender = await make.device_of(database, tenant_id), make.phone()
    fonnte.once(Fault(name="accept_then_drop"))

    async with engine(database, fonnte.url) as one:
        await one.write(device, sender, "halo")
        await one.dispatcher.idle()
        await one.sweep.once(0.0)
        await one.dispatcher.idle()

    assert [s.message for s in fonnte.sent] == ["re: halo"]
    assert await _states(database, tenant_id) == ["ambiguous"]


async def _released(database: Database, key: ConversationKey) -> bool:
    async with database.tenant(key.tenant_id) as db:
        return await takeover.release(db, *key)


async def test_nobody_answers_while_a_person_has_the_conversation(database: Database, fonnte: FonnteStandin) -> None:
    tenant_id = await make.tenant(database)
    device, sender = await make.device_of(database, tenant_id), make.phone()
    user_id = await make.user(database, tenant_id, role=Role.SALES)

    async with engine(database, fonnte.url) as one:
        await one.write(device, sender, "halo")
        await one.dispatcher.idle()
        key = await key_of(database, tenant_id, sender)
        assert await takeover.take(database, key, user_id, idle=timedelta(hours=4), settle_s=PATIENCE_S)
        await one.write(device, sender, "masih ada?")
        await one.dispatcher.idle()
        assert await _released(database, key)
        await one.write(device, sender, "halo lagi")
        await one.dispatcher.idle()

    assert [s.message for s in fonnte.sent if s.target == sender] == ["re: halo", "re: halo lagi"]
    assert [s.message for s in fonnte.sent if s.target != sender] == [
        f"💬 Budi ({phone_display(sender)}) menulis di nomor showroom:\n\n> masih ada?"
    ]
    assert [sender for sender, _ in await _history(database, key)] == [
        "customer", "bot", "customer", "system", "customer", "bot",
    ]  # fmt: skip


async def test_a_takeover_while_thinking_silences_the_answer(database: Database, fonnte: FonnteStandin) -> None:
    tenant_id = await make.tenant(database)
    device, sender = await make.device_of(database, tenant_id), make.phone()
    user_id = await make.user(database, tenant_id, role=Role.SALES)
    thinking, go_on = asyncio.Event(), asyncio.Event()

    async def slow(turn: Turn) -> Outcome:
        thinking.set()
        await go_on.wait()
        return await echo(turn)

    async with engine(database, fonnte.url, slow) as one:
        await one.write(device, sender, "halo")
        await thinking.wait()
        key = await key_of(database, tenant_id, sender)
        assert await takeover.take(database, key, user_id, idle=timedelta(hours=4), settle_s=PATIENCE_S)
        go_on.set()
        await one.dispatcher.idle()

    assert [s.message for s in fonnte.sent if s.target == sender] == []
    assert len(fonnte.sent) == 1  # the person reads what the customer wrote
    assert await _history(database, key) == [("customer", "halo")]


async def test_a_person_silent_for_long_gives_the_conversation_back(database: Database, fonnte: FonnteStandin) -> None:
    tenant_id = await make.tenant(database)
    device, sender = await make.device_of(database, tenant_id), make.phone()
    user_id = await make.user(database, tenant_id, role=Role.SALES)

    async with engine(database, fonnte.url) as one:
        await one.write(device, sender, "halo")
        await one.dispatcher.idle()
        key = await key_of(database, tenant_id, sender)
        await takeover.take(database, key, user_id, idle=timedelta(seconds=0), settle_s=PATIENCE_S)
        await one.sweep.once(0.0)
        await one.write(device, sender, "masih ada?")
        await one.dispatcher.idle()

    assert [s.message for s in fonnte.sent] == ["re: halo", "re: masih ada?"]
    assert ("system" in [sender for sender, _ in await _history(database, key)]) is True


async def test_the_cap_of_replies_breaks_a_loop_and_tells_the_owner(database: Database, fonnte: FonnteStandin) -> None:
    tenant_id = await make.tenant(database)
    device, sender, owner = await make.device_of(database, tenant_id), make.phone(), make.phone()
    await make.user(database, tenant_id, role=Role.OWNER, number=owner)

    async with engine(database, fonnte.url, cap=3) as one:
        for n in range(6):
            await one.write(device, sender, f"pesan {n}")
            await one.dispatcher.idle()

    to_customer = [s.message for s in fonnte.sent if s.target == sender]
    assert to_customer == ["re: pesan 0", "re: pesan 1", "re: pesan 2"]
    assert [s.message for s in fonnte.sent if s.target == owner] == ["cap reached"]
    history = await _history(database, await key_of(database, tenant_id, sender))
    assert [text for who, text in history if who == "customer"] == [f"pesan {n}" for n in range(6)]


async def test_the_cap_counts_answers_not_bubbles_and_holds_for_users_too(
    database: Database, fonnte: FonnteStandin
) -> None:
    tenant_id = await make.tenant(database)
    device, sender, owner = await make.device_of(database, tenant_id), make.phone(), make.phone()
    await make.user(database, tenant_id, role=Role.SALES, number=owner)

    async def two_bubbles(turn: Turn) -> Outcome:
        return Outcome(replies=(Reply(text="a"), Reply(text="b")), memory={})

    async with engine(database, fonnte.url, two_bubbles, cap=3) as one:
        for n in range(8):
            for writer in (sender, owner):
                await one.write(device, writer, f"pesan {n}")
                await one.dispatcher.idle()

    assert len([s for s in fonnte.sent if s.target == sender]) == 3 * 2
    assert len([s for s in fonnte.sent if s.target == owner]) == 5 * 2


async def test_answering_that_fails_apologises(database: Database, fonnte: FonnteStandin) -> None:
    tenant_id = await make.tenant(database)
    device, sender = await make.device_of(database, tenant_id), make.phone()

    async def broken(turn: Turn) -> Outcome:
        raise KeyError("a bug")

    async with engine(database, fonnte.url, broken) as one:
        await one.write(device, sender, "halo")
        await one.dispatcher.idle()

    assert len(fonnte.sent) == 1
    assert "tim" in fonnte.sent[0].message.lower()


async def test_messages_that_killed_the_process_are_not_tried_forever(
    database: Database, fonnte: FonnteStandin
) -> None:
    tenant_id = await make.tenant(database)
    device, sender = await make.device_of(database, tenant_id), make.phone()
    async with engine(database, fonnte.url) as one:
        await one.write(device, sender, "halo")
        await one.dispatcher.idle()
    key = await key_of(database, tenant_id, sender)
    async with database.tenant(tenant_id) as db:
        await db.execute("UPDATE conversation SET done_inbox_id = 0, tries = 3")

    async def deadly(turn: Turn) -> Outcome:
        raise AssertionError("must not be asked again")

    async with engine(database, fonnte.url, deadly) as one:
        one.dispatcher.submit(key)
        await one.dispatcher.idle()

    assert len(fonnte.sent) == 2


async def test_replies_of_one_turn_leave_in_order(database: Database, fonnte: FonnteStandin) -> None:
    tenant_id = await make.tenant(database)
    device, sender = await make.device_of(database, tenant_id), make.phone()

    async def three(turn: Turn) -> Outcome:
        return Outcome(replies=tuple(Reply(text=f"bagian {n}") for n in (1, 2, 3)))

    fonnte.once(Fault(name="ok"), Fault(name="http", status=503))
    async with engine(database, fonnte.url, three) as one:
        await one.write(device, sender, "halo")
        async with one.sweeping():
            await fonnte.wait_for(lambda: len(fonnte.sent) == 3)

    assert [s.message for s in fonnte.sent] == ["bagian 1", "bagian 2", "bagian 3"]


async def test_a_lost_lease_writes_nothing(database: Database, fonnte: FonnteStandin) -> None:
    tenant_id = await make.tenant(database)
    device, sender = await make.device_of(database, tenant_id), make.phone()
    thinking, go_on = asyncio.Event(), asyncio.Event()

    async def frozen(turn: Turn) -> Outcome:
        thinking.set()
        await go_on.wait()
        return Outcome(replies=(Reply(text="basi"),))

    async with engine(database, fonnte.url, frozen, lease_s=600) as one, engine(database, fonnte.url) as other:
        await one.write(device, sender, "halo")
        await thinking.wait()
        key = await key_of(database, tenant_id, sender)
        async with database.tenant(tenant_id) as db:  # the lease runs out while the process stands still
            await db.execute("UPDATE conversation SET lease_until = clock_timestamp() - interval '1 second'")
        other.dispatcher.submit(key)
        await other.dispatcher.idle()
        go_on.set()
        await one.dispatcher.idle()

    assert [s.message for s in fonnte.sent] == ["re: halo"]


async def test_a_process_that_vanished_while_sending_leaves_a_counted_copy_at_most(
    database: Database, fonnte: FonnteStandin
) -> None:
    tenant_id = await make.tenant(database)
    device, sender = await make.device_of(database, tenant_id), make.phone()
    async with engine(database, fonnte.url) as one:
        await one.write(device, sender, "halo")
        await one.dispatcher.idle()
    async with database.tenant(tenant_id) as db:  # as if it had died before it could note the result
        await db.execute("UPDATE outbox SET state = 'sending', send_until = clock_timestamp() - interval '1 s'")

    async with engine(database, fonnte.url) as other:
        await other.sweep.once(0.0)
        await other.dispatcher.idle()

    assert [s.message for s in fonnte.sent] == ["re: halo", "re: halo"]
    async with database.tenant(tenant_id) as db:
        assert await db.fetchval("SELECT sum(ambiguous) FROM outbox") == 1


async def test_users_are_answered_message_by_message(database: Database, fonnte: FonnteStandin) -> None:
    tenant_id = await make.tenant(database)
    device, owner = await make.device_of(database, tenant_id), make.phone()
    await make.user(database, tenant_id, role=Role.OWNER, number=owner)

    async with engine(database, fonnte.url, quiet_s=5.0) as one:
        for text in ("/list", "/help"):
            await one.write(device, owner, text)
        await one.dispatcher.idle()

    assert [s.message for s in fonnte.sent] == ["re: /list", "re: /help"]
    async with database.tenant(tenant_id) as db:
        assert await db.fetchval("SELECT count(*) FROM lead") == 0


async def test_memory_and_lead_carry_over_to_the_next_turn(database: Database, fonnte: FonnteStandin) -> None:
    tenant_id = await make.tenant(database)
    device, sender = await make.device_of(database, tenant_id), make.phone()

    async def counting(turn: Turn) -> Outcome:
        n = turn.memory.get("n", 0) + 1
        news = LeadNews(status=LeadStatus.HOT, score=8, budget_idr=150_000_000, reasons=("nego",)) if n == 1 else None
        outcome = await echo(turn)
        return replace(outcome, memory={"n": n}, lead=news, replies=(Reply(text=f"{n} {turn.first_contact}"),))

    async with engine(database, fonnte.url, counting) as one:
        for text in ("nego dong", "oke"):
            await one.write(device, sender, text)
            await one.dispatcher.idle()

    assert [s.message for s in fonnte.sent] == ["1 True", "2 False"]
    key = await key_of(database, tenant_id, sender)
    async with database.tenant(tenant_id) as db:
        lead = await leads.open_of(db, *key)
    assert lead is not None
    assert (lead.status, lead.score, lead.budget_idr, lead.reasons) == (LeadStatus.HOT, 8, 150_000_000, ("nego",))


async def test_an_opt_out_is_confirmed_once_and_then_silent(database: Database, fonnte: FonnteStandin) -> None:
    tenant_id = await make.tenant(database)
    device, sender = await make.device_of(database, tenant_id), make.phone()

    async def leaving(turn: Turn) -> Outcome:
        return replace(await echo(turn), opt_out=True)

    async with engine(database, fonnte.url, leaving) as one:
        for text in ("stop", "halo?", "ada avanza?"):
            await one.write(device, sender, text)
            await one.dispatcher.idle()

    assert [s.message for s in fonnte.sent] == ["re: stop"]


async def test_a_conversation_that_is_gone_is_left_alone(database: Database, fonnte: FonnteStandin) -> None:
    tenant_id = await make.tenant(database)
    user_id = await make.user(database, tenant_id)
    key = ConversationKey(tenant_id, ConversationId(10**9))

    async with engine(database, fonnte.url) as one:
        one.dispatcher.submit(key)
        await one.dispatcher.idle()

    assert not await takeover.take(database, key, user_id, idle=timedelta(hours=1), settle_s=PATIENCE_S)
    assert not await _released(database, key)
    assert fonnte.received == []


async def test_a_customer_who_keeps_writing_is_answered_not_given_up(database: Database, fonnte: FonnteStandin) -> None:
    tenant_id = await make.tenant(database)
    device, sender = await make.device_of(database, tenant_id), make.phone()
    thinking: asyncio.Queue[int] = asyncio.Queue()

    async def endless_until_six(turn: Turn) -> Outcome:
        thinking.put_nowait(len(turn.messages))
        if len(turn.messages) < 6:
            await asyncio.Event().wait()
        return await echo(turn)

    async with engine(database, fonnte.url, endless_until_six, max_attempts=3) as one:
        for number in range(1, 7):
            await one.write(device, sender, str(number))
            async with patience():
                assert await thinking.get() == number
        await one.dispatcher.idle()

    assert [s.message for s in fonnte.sent] == ["re: 1 | 2 | 3 | 4 | 5 | 6"]


async def test_an_older_bubble_that_comes_due_does_not_hold_up_the_next_answer(
    database: Database, fonnte: FonnteStandin
) -> None:
    tenant_id = await make.tenant(database)
    device, sender = await make.device_of(database, tenant_id), make.phone()
    thinking, go_on = asyncio.Event(), asyncio.Event()

    async def two_bubbles_first(turn: Turn) -> Outcome:
        if turn.messages[0].text == "satu":
            return Outcome(replies=(Reply(text="a"), Reply(text="b")), memory={})
        thinking.set()
        await go_on.wait()
        return await echo(turn)

    fonnte.once(Fault(name="ok"), Fault(name="http", status=503))
    async with (
        engine(database, fonnte.url, two_bubbles_first, retry=_LATER) as one,
        engine(database, fonnte.url, two_bubbles_first, retry=_LATER) as other,
    ):
        await one.write(device, sender, "satu")
        await one.dispatcher.idle()
        await one.write(device, sender, "dua")
        await thinking.wait()
        # While it thinks, the second bubble comes due and the customer writes again, at another process.
        await _make_due(database, tenant_id)
        await other.write(device, sender, "tiga")
        await other.dispatcher.idle()
        go_on.set()
        await one.dispatcher.idle()

    assert [s.message for s in fonnte.sent] == ["a", "b", "re: dua | tiga"]


async def test_a_reply_that_waits_for_its_next_try_is_silenced_by_a_takeover(
    database: Database, fonnte: FonnteStandin
) -> None:
    tenant_id = await make.tenant(database)
    device, sender = await make.device_of(database, tenant_id), make.phone()
    user_id = await make.user(database, tenant_id)
    fonnte.once(Fault(name="http", status=503))

    async with engine(database, fonnte.url, retry=_LATER) as one:
        await one.write(device, sender, "halo")
        await one.dispatcher.idle()
        assert await _states(database, tenant_id) == ["queued"]
        key = await key_of(database, tenant_id, sender)
        assert await takeover.take(database, key, user_id, idle=timedelta(hours=4), settle_s=PATIENCE_S)
        await _make_due(database, tenant_id)
        await one.sweep.once(0.0)
        await one.dispatcher.idle()

    assert fonnte.sent == []
    assert await _states(database, tenant_id) == ["cancelled"]
    assert await _history(database, key) == [("customer", "halo")]


async def test_what_is_stored_while_shutting_down_is_answered_after_the_next_start(
    database: Database, fonnte: FonnteStandin
) -> None:
    tenant_id = await make.tenant(database)
    device, sender = await make.device_of(database, tenant_id), make.phone()

    async with engine(database, fonnte.url) as one:
        await one.dispatcher.aclose(1)
        assert await one.write(device, sender, "halo") is Fate.ACCEPTED
    async with engine(database, fonnte.url) as next_, next_.sweeping():
        await fonnte.wait_for(lambda: len(fonnte.sent) == 1)

    assert [s.message for s in fonnte.sent] == ["re: halo"]


async def test_a_takeover_waits_for_the_reply_that_is_on_its_way(database: Database, fonnte: FonnteStandin) -> None:
    tenant_id = await make.tenant(database)
    device, sender = await make.device_of(database, tenant_id), make.phone()
    user_id = await make.user(database, tenant_id, role=Role.SALES)
    fonnte.once(Fault(name="ok", held=True))

    async with engine(database, fonnte.url) as one:
        await one.write(device, sender, "halo")
        await fonnte.wait_for(lambda: len(fonnte.received) == 1)
        key = await key_of(database, tenant_id, sender)
        taking = asyncio.create_task(
            takeover.take(database, key, user_id, idle=timedelta(hours=4), settle_s=PATIENCE_S)
        )
        async with patience(), database.tenant(tenant_id) as db:
            while not await db.fetchval("SELECT human_user_id IS NOT NULL FROM conversation"):
                pass
        assert not taking.done()
        fonnte.release()
        assert await taking
        assert await _states(database, tenant_id) == ["sent"]
        await one.dispatcher.idle()

    assert [s.message for s in fonnte.sent] == ["re: halo"]


async def test_the_quiet_window_counts_for_a_message_another_process_received(
    database: Database, fonnte: FonnteStandin
) -> None:
    tenant_id = await make.tenant(database)
    device, sender = await make.device_of(database, tenant_id), make.phone()

    async with engine(database, fonnte.url, quiet_s=0.3) as one, engine(database, fonnte.url) as receives:
        await receives.dispatcher.aclose(1)
        started = time.monotonic()
        await receives.write(device, sender, "satu")
        one.dispatcher.submit(await key_of(database, tenant_id, sender))
        await one.dispatcher.idle()

    assert time.monotonic() - started >= 0.3
    assert [s.message for s in fonnte.sent] == ["re: satu"]


async def test_news_within_that_window_begin_it_again(database: Database, fonnte: FonnteStandin) -> None:
    tenant_id, quiet_s = await make.tenant(database), 0.4
    device = await make.device_of(database, tenant_id)

    async with engine(database, fonnte.url, quiet_s=quiet_s) as one, engine(database, fonnte.url) as receives:
        await receives.dispatcher.aclose(1)
        began = -quiet_s
        while time.monotonic() - began >= quiet_s:  # a machine that takes longer for two messages tries again
            began, sender = time.monotonic(), make.phone()
            await receives.write(device, sender, "satu")
            key = await key_of(database, tenant_id, sender)
            one.dispatcher.submit(key)
            async with patience(), database.tenant(tenant_id) as db:
                while not await db.fetchval(
                    "SELECT lease_until IS NOT NULL OR done_inbox_id > 0 FROM conversation WHERE id = $1",
                    key.conversation_id,
                ):
                    pass  # until it holds the conversation and waits for the rest of the window, or was faster
            await one.write(device, sender, "dua")
        await one.dispatcher.idle()

    assert [s.message for s in fonnte.sent if s.target == sender] == ["re: satu | dua"]

"""What a process that stops leaves undone is done by the next one at once, not when its leases are over."""

import asyncio
import contextlib

from autoleads.bot.turn import Outcome, Turn
from autoleads.sql import conversations
from autoleads.sql.pool import Database, open_database
from tests import make
from tests.engine import engine, key_of
from tests.patience import patience
from tests.standins.fonnte import FonnteStandin


async def test_a_turn_that_is_cut_off_at_the_stop_is_made_at_once_by_the_next_process(
    database: Database, fonnte: FonnteStandin
) -> None:
    tenant_id = await make.tenant(database)
    device, sender = await make.device_of(database, tenant_id), make.phone()
    thinking = asyncio.Event()

    async def endless(turn: Turn) -> Outcome:
        thinking.set()
        await asyncio.Event().wait()
        raise AssertionError

    async with engine(database, fonnte.url, endless, lease_s=3_600) as one:
        await one.write(device, sender, "halo")
        await thinking.wait()
        assert await one.dispatcher.aclose(0) == 1
    async with engine(database, fonnte.url) as next_:
        await next_.sweep.once(0.0)
        await next_.dispatcher.idle()

    assert [s.message for s in fonnte.sent] == ["re: halo"]


async def test_a_turn_that_the_customer_interrupted_before_the_stop_is_made_at_once_by_the_next_process(
    database: Database, fonnte: FonnteStandin
) -> None:
    tenant_id = await make.tenant(database)
    device, sender = await make.device_of(database, tenant_id), make.phone()
    thinking, interrupted = asyncio.Event(), asyncio.Event()

    async def endless(turn: Turn) -> Outcome:
        thinking.set()
        try:
            await asyncio.Event().wait()
        finally:
            interrupted.set()
        raise AssertionError

    async with engine(database, fonnte.url, endless, lease_s=3_600) as one:
        await one.write(device, sender, "halo")
        await thinking.wait()
        one.dispatcher.submit(await key_of(database, tenant_id, sender), quiet_s=3_600)
        await interrupted.wait()
    async with engine(database, fonnte.url) as next_:
        await next_.sweep.once(0.0)
        await next_.dispatcher.idle()

    assert [s.message for s in fonnte.sent] == ["re: halo"]


async def test_a_claim_that_is_cut_off_half_way_holds_nothing_up(database: Database, fonnte: FonnteStandin) -> None:
    tenant_id = await make.tenant(database)
    device, sender = await make.device_of(database, tenant_id), make.phone()
    async with engine(database, fonnte.url, quiet_s=3_600) as earlier:
        await earlier.write(device, sender, "halo")
    key = await key_of(database, tenant_id, sender)

    async with engine(database, fonnte.url, lease_s=3_600) as one, database.tenant(tenant_id) as db:
        await conversations.lock(db, *key)
        one.dispatcher.submit(key)
        async with patience():
            while not await db.fetchval("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)"):
                pass  # until the claim is under way, and waits
        assert await one.dispatcher.aclose(0) == 1
    async with engine(database, fonnte.url) as next_:
        await next_.sweep.once(0.0)
        await next_.dispatcher.idle()

    assert [s.message for s in fonnte.sent] == ["re: halo"]


async def test_a_conversation_that_somebody_else_changes_keeps_no_other_showrooms_from_being_given_back(
    dsn: str, database: Database, fonnte: FonnteStandin
) -> None:
    tenants = [await make.tenant(database) for _ in range(4)]
    chats = [(await make.device_of(database, tenant_id), make.phone()) for tenant_id in tenants]
    all_think = asyncio.Barrier(len(tenants) + 1)

    async def endless(turn: Turn) -> Outcome:
        await all_think.wait()
        await asyncio.Event().wait()
        raise AssertionError

    async with contextlib.AsyncExitStack() as locked:
        async with (
            open_database(dsn, size_min=1, size_max=8, slow_query_s=5) as impatient,
            engine(impatient, fonnte.url, endless, lease_s=3_600) as one,
        ):
            for device, sender in chats:
                await one.write(device, sender, "halo")
            await all_think.wait()
            db = await locked.enter_async_context(database.tenant(tenants[0]))
            await conversations.lock(db, *await key_of(database, tenants[0], chats[0][1]))
            assert await one.dispatcher.aclose(0) == len(tenants)
        async with engine(database, fonnte.url) as next_:
            await next_.sweep.once(0.0)
            await next_.dispatcher.idle()

    assert {s.target for s in fonnte.sent} == {sender for _, sender in chats[1:]}

"""Order, overlap, limits, failure and close of the dispatcher; no database."""

import asyncio
from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autoleads.bot.dispatcher import Dispatcher, Lane
from autoleads.errors import ShuttingDown
from autoleads.types import ConversationId, ConversationKey, TenantId
from tests.patience import PATIENCE_S, patience


def _key(n: int) -> ConversationKey:
    return ConversationKey(TenantId(1), ConversationId(n))


class Inbox:
    """Stands in for the database: what is open per conversation, taken whole by a run."""

    def __init__(self) -> None:
        self.open: defaultdict[ConversationKey, list[int]] = defaultdict(list)
        self.done: defaultdict[ConversationKey, list[int]] = defaultdict(list)
        self.running: set[ConversationKey] = set()
        self.most = 0

    async def run(self, key: ConversationKey, lane: Lane) -> list[ConversationKey]:
        assert key not in self.running, "two runs of one conversation overlap"
        self.running.add(key)
        self.most = max(self.most, len(self.running))
        taken, self.open[key] = self.open[key], []
        for _ in range(len(taken) % 3):  # let others run, for a different while each
            await asyncio.sleep(0)
        self.done[key].extend(taken)
        self.running.discard(key)
        return []


@settings(max_examples=150)
@given(
    arrivals=st.lists(st.tuples(st.integers(0, 5), st.booleans()), max_size=60),
    slots=st.integers(1, 4),
)
def test_nothing_is_lost_reordered_or_run_twice_at_once(arrivals: list[tuple[int, bool]], slots: int) -> None:
    async def scenario() -> None:
        inbox = Inbox()
        dispatcher = Dispatcher(inbox.run, slots=slots)
        for n, (conversation, breathe) in enumerate(arrivals):
            inbox.open[_key(conversation)].append(n)
            dispatcher.submit(_key(conversation))
            if breathe:
                await asyncio.sleep(0)
        await dispatcher.idle()

        for conversation in {c for c, _ in arrivals}:
            expected = [n for n, (c, _) in enumerate(arrivals) if c == conversation]
            assert inbox.done[_key(conversation)] == expected
        assert inbox.most <= slots
        assert dispatcher.busy() == 0  # lanes exist only while there is work

    asyncio.run(scenario())


async def test_a_submit_during_the_quiet_window_extends_it() -> None:
    loop = asyncio.get_running_loop()
    ran_at: list[float] = []

    async def run(key: ConversationKey, lane: Lane) -> list[ConversationKey]:
        ran_at.append(loop.time())
        return []

    dispatcher = Dispatcher(run, slots=1)
    dispatcher.submit(_key(1), quiet_s=0.05)
    await asyncio.sleep(0)
    last = loop.time()
    dispatcher.submit(_key(1), quiet_s=0.1)
    await dispatcher.idle()

    assert len(ran_at) == 1
    assert ran_at[0] - last >= 0.1


async def test_news_expires_the_thinking_of_older_messages() -> None:
    thinking, runs = asyncio.Event(), []

    async def run(key: ConversationKey, lane: Lane) -> list[ConversationKey]:
        runs.append("run")
        if len(runs) == 1:
            try:
                async with asyncio.timeout(None) as lane.thinking:
                    thinking.set()
                    await asyncio.Event().wait()
            except TimeoutError:
                runs.append("interrupted")
        return []

    dispatcher = Dispatcher(run, slots=1)
    dispatcher.submit(_key(1))
    await thinking.wait()
    dispatcher.submit(_key(1))
    dispatcher.submit(_key(1))  # news of an interrupted run is just news
    await dispatcher.idle()

    assert runs == ["run", "interrupted", "run"]


async def test_a_failing_run_ends_its_lane_only() -> None:
    ran: list[ConversationKey] = []

    async def run(key: ConversationKey, lane: Lane) -> list[ConversationKey]:
        ran.append(key)
        if key == _key(1):
            raise ConnectionError("the database is away")
        return []

    dispatcher = Dispatcher(run, slots=2)
    dispatcher.submit(_key(1))
    dispatcher.submit(_key(2))
    await dispatcher.idle()
    dispatcher.submit(_key(1))
    await dispatcher.idle()

    assert sorted(ran) == [_key(1), _key(1), _key(2)]


async def test_conversations_that_a_run_wakes_are_run() -> None:
    ran: list[ConversationKey] = []

    async def run(key: ConversationKey, lane: Lane) -> list[ConversationKey]:
        ran.append(key)
        return [_key(2)] if key == _key(1) else []

    dispatcher = Dispatcher(run, slots=1)
    dispatcher.submit(_key(1))
    await dispatcher.idle()

    assert ran == [_key(1), _key(2)]


async def test_closing_lets_runs_end_and_takes_no_more() -> None:
    started, go_on, ended = asyncio.Event(), asyncio.Event(), []

    async def run(key: ConversationKey, lane: Lane) -> list[ConversationKey]:
        started.set()
        await go_on.wait()
        ended.append(key)
        return [_key(9)]

    dispatcher = Dispatcher(run, slots=1)
    dispatcher.submit(_key(1))
    await started.wait()
    closing = asyncio.create_task(dispatcher.aclose(PATIENCE_S))
    await asyncio.sleep(0)
    with pytest.raises(ShuttingDown):
        dispatcher.submit(_key(2))
    go_on.set()

    assert await closing == 0
    assert ended == [_key(1)]
    assert dispatcher.closing


async def test_closing_cuts_off_what_exceeds_the_grace() -> None:
    async def run(key: ConversationKey, lane: Lane) -> list[ConversationKey]:
        await asyncio.Event().wait()
        return []

    dispatcher = Dispatcher(run, slots=1)
    dispatcher.submit(_key(1))
    await asyncio.sleep(0)

    assert await dispatcher.aclose(0.01) == 1
    assert dispatcher.busy() == 0


async def test_a_lane_in_its_quiet_window_ends_with_the_dispatcher() -> None:
    ran: list[ConversationKey] = []

    async def run(key: ConversationKey, lane: Lane) -> list[ConversationKey]:
        ran.append(key)
        return []

    dispatcher = Dispatcher(run, slots=1)
    dispatcher.submit(_key(1), quiet_s=3_600)
    await asyncio.sleep(0)
    async with patience():
        assert await dispatcher.aclose(PATIENCE_S) == 0

    assert ran == []

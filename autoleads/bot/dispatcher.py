"""Order within a conversation, concurrency across them."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable

from autoleads import metrics
from autoleads.errors import ShuttingDown
from autoleads.types import ConversationKey

log = logging.getLogger(__name__)


class Lane:
    """A conversation with work in this process. Lives only while there is work.

    While a run sets `thinking`, news for the conversation expires that timeout: an answer to the older
    messages alone would be stale, so nobody needs to wait for it.
    """

    __slots__ = ("changed", "due", "resting", "task", "thinking")

    def __init__(self, due: float) -> None:
        self.due = due
        self.changed = True
        self.resting = False  # in its quiet window
        self.thinking: asyncio.Timeout | None = None
        self.task: asyncio.Task[None] | None = None

    def news(self, due: float) -> None:
        self.due = max(self.due, due)
        self.changed = True
        if self.thinking is not None:
            self.thinking.reschedule(0.0)
            self.thinking = None


# Works off what the conversation has; returns conversations that got something to do by it.
RunLane = Callable[[ConversationKey, Lane], Awaitable[Iterable[ConversationKey]]]


class Dispatcher:
    """A lane per busy conversation, and one shared limit on runs at once.

    Lanes hold no payload: the inbox table is the truth and a submit is a hint. Whatever is dropped here
    (crash, shutdown, failed run) is found again by the sweep over open conversations.
    """

    def __init__(self, run: RunLane, *, slots: int) -> None:
        self._run = run
        self._slots = asyncio.Semaphore(slots)
        self._lanes: dict[ConversationKey, Lane] = {}
        self._idle = asyncio.Event()
        self._idle.set()
        self._closing = False

    def busy(self) -> int:
        return len(self._lanes)

    @property
    def closing(self) -> bool:
        return self._closing

    def has(self, key: ConversationKey) -> bool:
        return key in self._lanes

    async def idle(self) -> None:
        """Returns when no lane is left."""
        await self._idle.wait()

    def submit(self, key: ConversationKey, *, quiet_s: float = 0.0) -> None:
        """There is something to do in this conversation, once `quiet_s` passed without another submit."""
        if self._closing:
            raise ShuttingDown
        due = asyncio.get_running_loop().time() + quiet_s
        lane = self._lanes.get(key)
        if lane is not None:
            lane.news(due)
            return
        lane = self._lanes[key] = Lane(due)
        self._idle.clear()
        lane.task = asyncio.create_task(self._drain(key, lane), name=f"lane {key.tenant_id}/{key.conversation_id}")

    async def aclose(self, grace_s: float) -> int:
        """Finish running lanes, cancel those past the grace. Returns how many were cut off.

        Lanes in their quiet window end at once: the inbox has what they would have worked off.
        """
        self._closing = True
        tasks = [lane.task for lane in self._lanes.values() if lane.task is not None]
        for lane in self._lanes.values():
            if lane.resting and lane.task is not None:
                lane.task.cancel()
        late: set[asyncio.Task[None]] = set()
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=grace_s)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        return len(late)

    async def _drain(self, key: ConversationKey, lane: Lane) -> None:
        loop = asyncio.get_running_loop()
        try:
            while lane.changed:
                while (wait_s := lane.due - loop.time()) > 0:
                    if self._closing:
                        return
                    lane.resting = True
                    await asyncio.sleep(wait_s)
                    lane.resting = False
                async with self._slots:
                    lane.changed = False
                    await self._run_one(key, lane)
        finally:
            # Nothing awaits between the last look at `changed` and here, so submit() cannot slip between.
            del self._lanes[key]
            if not self._lanes:
                self._idle.set()

    async def _run_one(self, key: ConversationKey, lane: Lane) -> None:
        try:
            for woken in await self._run(key, lane):
                if not self._closing:
                    self.submit(woken)
        except Exception as exc:
            # The messages stay open in the database; the sweep submits the conversation again.
            metrics.TURN_FAILURES.labels(type(exc).__name__).inc()
            log.exception("run failed: tenant=%s conversation=%s", key.tenant_id, key.conversation_id)

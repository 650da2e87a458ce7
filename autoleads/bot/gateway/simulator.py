"""The gateway of the simulator page: what the bot says goes to whoever has the page open."""

import asyncio
import itertools
import time
from collections import deque
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from autoleads.bot.gateway.base import Outgoing
from autoleads.types import Channel, Sender

_RESYNC = {"type": "resync"}


class Subscription(AsyncIterator[dict[str, Any]]):
    """The events of one open page, oldest first; ends when the hub closes.

    Bounded: a page that does not read loses the oldest events and is told so by a `resync` event,
    upon which it has to read the transcripts again.
    """

    def __init__(self, backlog: int) -> None:
        self._events: deque[dict[str, Any]] = deque(maxlen=backlog)
        self._news = asyncio.Event()
        self._lost = False
        self._closed = False

    def put(self, event: dict[str, Any]) -> None:
        self._lost = self._lost or len(self._events) == self._events.maxlen
        self._events.append(event)
        self._news.set()

    def close(self) -> None:
        self._closed = True
        self._news.set()

    async def __anext__(self) -> dict[str, Any]:
        """Nothing is taken before the wait is over, so a reader may give up waiting and lose no event."""
        while not self._events:
            if self._closed:
                raise StopAsyncIteration
            self._news.clear()
            await self._news.wait()
        if self._lost:
            self._lost = False
            return dict(_RESYNC)
        return self._events.popleft()


class Hub:
    """Hands events of all simulated devices to all open pages; keeps nothing for pages not open.

    An event is a JSON object with `type`, `device`, `target`. The types: `message` (`id`, `from`, `text`,
    `photo`, `at` as in a transcript line), `typing` (`on`), and `resync`, which has no other key.
    """

    def __init__(self, *, backlog: int = 256) -> None:
        self._backlog = backlog
        self._subscriptions: set[Subscription] = set()
        self._closed = False

    def publish(self, target: str, event: Mapping[str, Any], *, device: str) -> None:
        for subscription in self._subscriptions:
            subscription.put({**event, "device": device, "target": target})

    def typing(self, target: str, on: bool, *, device: str) -> None:
        self.publish(target, {"type": "typing", "on": on}, device=device)

    @contextmanager
    def subscribe(self) -> Iterator[Subscription]:
        subscription = Subscription(self._backlog)
        if self._closed:
            subscription.close()
        self._subscriptions.add(subscription)
        try:
            yield subscription
        finally:
            self._subscriptions.discard(subscription)

    def close(self) -> None:
        """Ends every subscription, those of pages that come later too."""
        self._closed = True
        for subscription in self._subscriptions:
            subscription.close()


class SimulatorGateway:
    """Sends to the hub. `token` is the number of the sending device, for the devices share one hub."""

    channel = Channel.SIMULATOR

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        # Starts at the clock, so that an id of an earlier run does not come back.
        self._numbers = itertools.count(time.time_ns() // 1_000_000)

    async def send(self, token: str, message: Outgoing) -> str:
        message_id = f"sim-{next(self._numbers)}"
        bubble = {
            "type": "message",
            "id": message_id,
            "from": Sender.BOT.value,
            "text": message.text,
            "photo": message.media_url,
            "at": datetime.now(UTC).isoformat(),
        }
        self._hub.publish(message.target, bubble, device=token)
        return message_id

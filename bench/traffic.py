"""Customers who write, and the gateway that posts their messages until it hears 200."""

import asyncio
import itertools
import random
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field

import aiohttp

_numbers = itertools.count(1)
_AGAIN_S = 0.25

# Questions that the model may phrase under compose=always, so that every answer has a text of its own.
QUESTIONS = (
    "Ada Avanza 2020?",
    "avanza hitam masih ada kak?",
    "yang matic ada?",
    "cari avanza budget 200 juta",
    "ada mobil keluarga?",
    "Avanza 2019 ada nggak",
)


@dataclass(slots=True)
class Message:
    """Moments are time.time(); `accepted_at` is when the first 200 came in, None as long as there was none."""

    device: str
    sender: str
    text: str
    number: int = field(default_factory=lambda: next(_numbers))
    posted_at: float = 0.0
    accepted_at: float | None = None
    seconds: float = 0.0  # of the request that was answered 200 first
    posts: int = 0
    more: Mapping[str, object] = field(default_factory=dict)  # of the body: a photo's address and type

    @property
    def key(self) -> str:
        """As the inbox has it."""
        return f"inbox:{self.number}"

    @property
    def body(self) -> dict[str, object]:
        return {
            "device": self.device, "sender": self.sender, "message": self.text, "name": "Budi", "type": "text",
            "inboxid": self.number, "timestamp": 1_795_140_900, "isgroup": False, **self.more,
        }  # fmt: skip


def customers(count: int) -> list[str]:
    return [f"62813{next(_numbers):08d}" for _ in range(count)]


def question(dice: random.Random) -> str:
    return dice.choice(QUESTIONS)


class Poster:
    """Posts as Fonnte does. `url` is asked for each post, so a drill may change where it goes."""

    def __init__(self, url: Callable[[], str]) -> None:
        self._url = url
        self._http = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout(total=10)
        )

    async def __aenter__(self) -> "Poster":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.close()

    async def post(self, message: Message, *, to: str | None = None) -> bool:
        """One try."""
        started = time.time()
        message.posted_at = message.posted_at or started
        message.posts += 1
        try:
            async with self._http.post((to or self._url()) + "/webhook/fonnte", json=message.body) as response:
                await response.read()
                if response.status != 200:
                    return False
        except (aiohttp.ClientError, OSError, TimeoutError):
            return False
        if message.accepted_at is None:
            message.accepted_at = time.time()
            message.seconds = message.accepted_at - started
        return True

    async def until_accepted(self, message: Message, timeout_s: float = 60.0) -> None:
        """The same body again and again, like a gateway that got no 200."""
        until = time.monotonic() + timeout_s
        while not await self.post(message) and time.monotonic() < until:  # noqa: ASYNC110
            await asyncio.sleep(_AGAIN_S)


async def paced(
    group: asyncio.TaskGroup,
    rate: float,
    messages: Sequence[Message],
    send: Callable[[Message], Coroutine[None, None, object]],
) -> float:
    """Starts to send them at `rate` a second, whatever becomes of them (open loop); returns the worst lateness."""
    started, late_s = time.monotonic(), 0.0
    for n, message in enumerate(messages):
        wait_s = started + n / rate - time.monotonic()
        if wait_s > 0:
            await asyncio.sleep(wait_s)
        late_s = max(late_s, -wait_s)
        group.create_task(send(message))
    return late_s

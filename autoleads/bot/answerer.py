"""From a customer's turn to an outcome."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from autoleads.bot import customer, misses, texts
from autoleads.bot.assistant.account import FREE, Prices, on_account
from autoleads.bot.assistant.base import Completion, Phrases, Prompt
from autoleads.bot.turn import Outcome, Reply, Turn
from autoleads.bot.understanding.base import Understanding
from autoleads.bot.understanding.retrieval import retrieve
from autoleads.bot.understanding.understand import understand
from autoleads.bot.voice import Listener
from autoleads.errors import AssistantError
from autoleads.stock import Stock
from autoleads.types import InboxId

_WARNED_AT = "rate_warned_at"
_UNDERSTOOD = "understood"
_REMEMBERED = 64  # per stock; a process may know hundreds of stocks
_REPEATABLE = 200  # characters; nobody says longer things twice


class Answerer:
    """The bot's head. Everything but the model's call is pure, so a turn can be explained without being sent."""

    def __init__(
        self,
        assistant: Phrases | None,
        *,
        compose: str,
        messages_per_minute: int,
        prices: Prices = FREE,
        listener: Listener | None = None,
    ) -> None:
        """Without a listener voice notes are answered by asking for text."""
        self._assistant = assistant
        self._prices = prices
        self._listener = listener
        self._compose = compose
        self._messages_per_minute = messages_per_minute

    async def answer(self, turn: Turn) -> Outcome:
        if turn.recent_messages > self._messages_per_minute:
            return _too_many(turn)
        turn, heard = await self._with_voice(turn)
        understanding = _understood(turn.text, turn.stock)
        found = retrieve(understanding, turn.stock, now_year=turn.now.year)
        assistant = None if self._assistant is None else _Hurried(self._assistant, turn, self._prices)
        outcome = await customer.answer(turn, understanding, found, assistant, compose=self._compose)
        misses.count(turn, understanding, outcome)
        return replace(
            outcome,
            replies=tuple(_absolute(reply, turn.showroom.site_url) for reply in outcome.replies),
            opt_out=outcome.memory.get("opt_out") is True,
            heard=heard,
        )

    async def _with_voice(self, turn: Turn) -> tuple[Turn, Mapping[InboxId, str]]:
        """The turn as if its voice notes had been typed, with what is left of its time."""
        if self._listener is None:
            return turn, {}
        started = time.monotonic()
        heard = await self._listener.hear(turn)
        if not heard:
            return turn, {}
        messages = tuple(replace(message, text=heard.get(message.id, message.text)) for message in turn.messages)
        left_s = max(0.0, turn.budget_s - (time.monotonic() - started))
        return replace(turn, messages=messages, budget_s=left_s), heard


def _understood(text: str, stock: Stock) -> Understanding:
    """Customers say the same things: "halo", "lokasi dimana kak", the text that the car's page prefills."""
    if len(text) > _REPEATABLE:
        return understand(text, stock)
    known: dict[str, Understanding] = stock.derived.setdefault(_UNDERSTOOD, {})
    understanding = known.get(text)
    if understanding is None:
        if len(known) >= _REMEMBERED:
            known.clear()
        understanding = known[text] = understand(text, stock)
    return understanding


class _Hurried:
    """The model, as long as this turn can still wait for it, on the showroom's account."""

    def __init__(self, assistant: Phrases, turn: Turn, prices: Prices) -> None:
        self._assistant = assistant
        self._budget_s = turn.budget_s
        self._tenant = turn.showroom.slug
        self._prices = prices

    async def complete(self, prompt: Prompt) -> Completion:
        return await on_account(self._in_time(prompt), self._tenant, self._prices)

    async def _in_time(self, prompt: Prompt) -> Completion:
        try:
            async with asyncio.timeout(self._budget_s):
                return await self._assistant.complete(prompt)
        except TimeoutError:
            raise AssistantError("timeout") from None


def _too_many(turn: Turn) -> Outcome:
    """One polite line, then silence until the minute is over."""
    now = turn.now.timestamp()
    warned_at = turn.memory.get(_WARNED_AT, 0.0)
    opted_out = turn.memory.get("opt_out") is True
    if now - warned_at < timedelta(minutes=1).total_seconds():
        return Outcome(replies=(), memory=turn.memory, source="canned", intent="too_many", opt_out=opted_out)
    return Outcome(
        replies=(Reply(text=texts.TOO_MANY),),
        memory={**turn.memory, _WARNED_AT: now},
        source="canned",
        intent="too_many",
        opt_out=opted_out,
    )


def _absolute(reply: Reply, site_url: str) -> Reply:
    """The gateway fetches a photo by its full address."""
    if reply.photo is None or not reply.photo.startswith("/"):
        return reply
    return replace(reply, photo=site_url + reply.photo)

"""From a customer's turn to an outcome."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from autoleads.bot import customer, misses, texts
from autoleads.bot.assistant.account import FREE, Prices, on_account
from autoleads.bot.assistant.base import Assistant, Completion, Prompt
from autoleads.bot.turn import Outcome, Reply, Turn
from autoleads.bot.understanding.base import Understanding
from autoleads.bot.understanding.retrieval import retrieve
from autoleads.bot.understanding.understand import understand
from autoleads.errors import AssistantError
from autoleads.stock import Stock

_WARNED_AT = "rate_warned_at"
_UNDERSTOOD = "understood"
_REMEMBERED = 64  # per stock; a process may know hundreds of stocks
_REPEATABLE = 200  # characters; nobody says longer things twice


class Answerer:
    """The bot's head. Everything but the model's call is pure, so a turn can be explained without being sent."""

    def __init__(
        self, assistant: Assistant | None, *, compose: str, messages_per_minute: int, prices: Prices = FREE
    ) -> None:
        self._assistant = assistant
        self._prices = prices
        self._compose = compose
        self._messages_per_minute = messages_per_minute

    async def answer(self, turn: Turn) -> Outcome:
        if turn.recent_messages > self._messages_per_minute:
            return _too_many(turn)
        understanding = _understood(turn.text, turn.stock)
        found = retrieve(understanding, turn.stock, now_year=turn.now.year)
        assistant = None if self._assistant is None else _Hurried(self._assistant, turn, self._prices)
        outcome = await customer.answer(turn, understanding, found, assistant, compose=self._compose)
        misses.count(turn, understanding, outcome)
        return replace(
            outcome,
            replies=tuple(_absolute(reply, turn.showroom.site_url) for reply in outcome.replies),
            opt_out=outcome.memory.get("opt_out") is True,
        )


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

    def __init__(self, assistant: Assistant, turn: Turn, prices: Prices) -> None:
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

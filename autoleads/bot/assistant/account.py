"""What the model costs each showroom: calls, seconds, tokens, dollars."""

import asyncio
import time
from collections.abc import Awaitable
from dataclasses import dataclass

from autoleads import metrics
from autoleads.bot.assistant.base import Completion
from autoleads.errors import AssistantError

_MILLION = 1_000_000
_NOT_MADE = frozenset({"busy", "open"})


@dataclass(frozen=True, slots=True)
class Prices:
    """Dollars for a million tokens."""

    asked: float
    answered: float


FREE = Prices(0, 0)


async def on_account(call: Awaitable[Completion], tenant: str, prices: Prices) -> Completion:
    """Waits for a call of the model and counts it, whatever becomes of it. Raises what the call raises."""
    result, asked, answered = "error", 0, 0
    started = time.monotonic()
    try:
        completion = await call
        result, asked, answered = "ok", completion.prompt_tokens, completion.answer_tokens
        return completion
    except AssistantError as exc:
        result, asked, answered = exc.reason, exc.prompt_tokens, exc.answer_tokens
        raise
    except asyncio.CancelledError:
        result = "cancelled"  # the customer wrote on, or the process ends
        raise
    finally:
        metrics.MODEL_CALLS.labels(tenant, result).inc()
        if result not in _NOT_MADE:
            metrics.MODEL_SECONDS.observe(time.monotonic() - started)
        if asked or answered:
            metrics.MODEL_TOKENS.labels(tenant, "in").inc(asked)
            metrics.MODEL_TOKENS.labels(tenant, "out").inc(answered)
            metrics.MODEL_COST.labels(tenant).inc((asked * prices.asked + answered * prices.answered) / _MILLION)

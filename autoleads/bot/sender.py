"""One bubble out through the gateway, and what its result means for the outbox row."""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass

from tenacity import RetryCallState, wait_random_exponential
from tenacity.asyncio import AsyncRetrying

from autoleads import metrics
from autoleads.bot.gateway.base import Outgoing, Sends
from autoleads.bot.pacer import Pacer
from autoleads.errors import GatewayAmbiguous, GatewayMediaRefused, GatewayRefused, GatewayUnavailable
from autoleads.sql.conversations import Bubble, Device, Result
from autoleads.types import Channel, DeviceId, TenantId

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """Times in seconds."""

    max_attempts: int
    base_s: float
    cap_s: float


class Sender:
    """The only code that sends: every bubble passes the device's pacer here."""

    def __init__(
        self, gateways: Mapping[Channel, Sends], pacer: Pacer, *, default_token: str, window_s: float, retry: Retry
    ) -> None:
        """`window_s`: how long after marking a row for sending its request may still start. It ends well
        before the row counts as abandoned, so a process that was frozen meanwhile sends nothing stale."""
        self._gateways = gateways
        self._pacer = pacer
        self._default_token = default_token
        self._window_s = window_s
        self._retry = retry
        self._wait = wait_random_exponential(multiplier=retry.base_s, max=retry.cap_s)

    async def send(self, tenant_id: TenantId, device: Device, target: str, bubble: Bubble, marked_at: float) -> Result:
        """Never raises for what the gateway does. `marked_at` is time.monotonic() from before the row was marked."""
        if busy_s := await self._pacer.slot(tenant_id, DeviceId(device.id)):
            return _untried(bubble, due_in_s=busy_s)
        token = device.token or self._default_token
        channel = Channel(device.channel) if token else Channel.SIMULATOR
        gateway = self._gateways[channel]
        credential = device.number if channel is Channel.SIMULATOR else token
        started = time.monotonic()
        if started - marked_at > self._window_s:
            return _untried(bubble, due_in_s=0.0)
        try:
            message = Outgoing(target=target, text=bubble.body, media_url=bubble.media_url)
            try:
                gateway_id = await gateway.send(credential, message)
            except GatewayMediaRefused as exc:
                log.warning("attachment refused, sending its address: channel=%s reason=%s", channel, exc)
                if busy_s := await self._pacer.slot(tenant_id, DeviceId(device.id)):
                    return _untried(bubble, due_in_s=busy_s)
                plain = Outgoing(target=target, text=f"{bubble.body}\n{bubble.media_url}".strip())
                gateway_id = await gateway.send(credential, plain)
        except Exception as exc:
            return self._failed(bubble, channel, exc)
        metrics.TURN_SECONDS.labels("send").observe(time.monotonic() - started)
        metrics.SENDS.labels(channel, "sent").inc()
        return Result(id=bubble.id, attempt=bubble.attempt, state="sent", gateway_id=gateway_id)

    def _failed(self, bubble: Bubble, channel: Channel, exc: Exception) -> Result:
        match exc:
            case GatewayUnavailable():
                metrics.SENDS.labels(channel, "unavailable").inc()
                self._alert(channel, exc.alert, exc)
                return self._later(bubble, str(exc), due_in_s=exc.retry_after_s)
            case GatewayAmbiguous():
                metrics.SENDS.labels(channel, "ambiguous").inc()
                metrics.AMBIGUOUS.labels("no_verdict").inc()
                return Result(id=bubble.id, attempt=bubble.attempt, state="ambiguous", problem=str(exc))
            case GatewayRefused():
                metrics.SENDS.labels(channel, "refused").inc()
                self._alert(channel, exc.alert, exc)
                log.warning("send refused: channel=%s reason=%s", channel, exc)
                return Result(id=bubble.id, attempt=bubble.attempt, state="dead", problem=str(exc))
            case _:
                metrics.SENDS.labels(channel, "error").inc()
                log.error("gateway raised: channel=%s", channel, exc_info=exc)
                return Result(id=bubble.id, attempt=bubble.attempt, state="ambiguous", problem=type(exc).__name__)

    def _later(self, bubble: Bubble, problem: str, *, due_in_s: float | None) -> Result:
        tries = bubble.failures + 1
        if tries >= self._retry.max_attempts:
            log.error("send given up: tries=%s problem=%s", tries, problem)
            return Result(id=bubble.id, attempt=bubble.attempt, state="dead", problem=problem)
        if due_in_s is None:
            state = RetryCallState(retry_object=_RETRYING, fn=None, args=(), kwargs={})
            state.attempt_number = tries
            # Jitter spreads a device's backlog; at least half the base keeps the first try from being at once.
            due_in_s = max(self._retry.base_s / 2, self._wait(state))
        return Result(id=bubble.id, attempt=bubble.attempt, state="queued", problem=problem, due_in_s=due_in_s)

    def _alert(self, channel: Channel, needed: bool, exc: Exception) -> None:
        if needed:
            metrics.GATEWAY_ALERTS.labels(channel).inc()
            log.error("gateway needs a person: channel=%s reason=%s", channel, exc)


def _untried(bubble: Bubble, *, due_in_s: float) -> Result:
    """Nothing was written to the gateway: without a problem the row does not count as failed."""
    return Result(id=bubble.id, attempt=bubble.attempt, state="queued", due_in_s=due_in_s)


_RETRYING = AsyncRetrying()

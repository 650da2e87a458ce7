"""Bursts: one answer for all that was said before it. Takeovers: nothing from the bot once a person has taken over.

Time is compressed by one factor for all that a customer or the model does and for all that the bot waits for; the
lease, the gateway's timeout and the work itself are not, so a compressed run is harder than a real one.
"""

import argparse
import asyncio
import random
import time
from datetime import timedelta

import uvloop

from autoleads.bot import takeover
from autoleads.types import ConversationId, ConversationKey, TenantId, UserId
from bench.evidence import Evidence, arrivals_of, collect
from bench.lab import LIFTED, Lab, Nearby, Verdicts, lab, nearby
from bench.traffic import Message, Poster, customers, question
from tests.standins import Fault

_QUIET_S, _DEADLINE_S, _ANSWER_WITHIN_S = 0.9, 2.2, 2.6
_GAP_S = (0.0, 15.0)
_MODEL_S = (0.5, 12.0)
_BACKOFF_S = 1.0
_SETTLE_S = 15.0


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bursts", type=int, default=1000)
    parser.add_argument("--factor", type=float, default=10)
    parser.add_argument("--rate", type=float, default=15, help="bursts a second that begin")
    parser.add_argument("--takeovers", type=int, default=200)
    parser.add_argument("--gateway-ms", type=float, default=50)
    parser.add_argument("--gateway-faults", type=float, default=0.1, help="share of sends refused with a 503")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    verdict = Verdicts()
    print(f"time compressed by {options.factor:g}: quiet window {_QUIET_S / options.factor:.3f} s, gaps and model too")
    # Production's deadline cuts most of these model calls short. The second round lets the model finish, so
    # that a turn thinks for up to 12 s while the customer writes on.
    for name, deadline_s, within_s in (
        ("production's deadline", _DEADLINE_S, _ANSWER_WITHIN_S),
        ("the bot waits for the model", _MODEL_S[1] + 1, _MODEL_S[1] + 2),
    ):
        print(f"-- {options.bursts} bursts, {name}")
        await _bursts(verdict, options, deadline_s, within_s)
    print(f"-- {options.takeovers} takeovers")
    await _takeovers(verdict, options)
    verdict.exit()


def _settings(factor: float, deadline_s: float, within_s: float) -> dict[str, str]:
    return {
        "AUTOLEADS_BOT_QUIET_WINDOW_S": str(_QUIET_S / factor),
        "AUTOLEADS_MODEL_DEADLINE_S": str(deadline_s / factor),
        "AUTOLEADS_BOT_ANSWER_WITHIN_S": str(within_s / factor),
        "AUTOLEADS_SENDER_BACKOFF_BASE_S": str(_BACKOFF_S / factor),
        "AUTOLEADS_MODEL_COMPOSE": "always",
        **LIFTED,
    }


def _difficult(edges: Nearby, dice: random.Random, options: argparse.Namespace) -> None:
    """A slow model, and a gateway that sometimes makes a finished answer wait while the customer may write on."""
    edges.gemini.choose = lambda _: Fault(name="ok", delay_s=dice.uniform(*_MODEL_S) / options.factor)
    edges.fonnte.fault, edges.fonnte.rate = Fault(name="http", status=503), options.gateway_faults


async def _bursts(verdict: Verdicts, options: argparse.Namespace, deadline_s: float, within_s: float) -> None:
    dice = random.Random(options.seed)
    async with lab() as one, nearby(gateway_ms=options.gateway_ms) as edges:
        _difficult(edges, dice, options)
        daemon = one.daemon(edges, **_settings(options.factor, deadline_s, within_s))
        await daemon.start()
        devices = await one.showrooms(10)
        messages: list[Message] = []
        async with Poster(lambda: daemon.url) as poster, asyncio.TaskGroup() as group:
            for n, person in enumerate(customers(options.bursts)):
                device = devices[n % len(devices)]
                burst = [Message(device, person, question(dice)) for _ in range(dice.randint(2, 6))]
                gaps = [dice.uniform(*_GAP_S) / options.factor for _ in burst]
                messages += burst
                group.create_task(_burst(poster, burst, gaps))
                await asyncio.sleep(1 / options.rate)
        settled = await one.settled(60)
        await daemon.stop()
        found = await collect(one, arrivals_of(edges.fonnte.sent))
    _judge_bursts(verdict, found, messages, edges, settled=settled)


async def _burst(poster: Poster, burst: list[Message], gaps: list[float]) -> None:
    for message, gap_s in zip(burst, gaps, strict=True):
        await poster.until_accepted(message)
        await asyncio.sleep(gap_s)


def _judge_bursts(verdict: Verdicts, found: Evidence, messages: list[Message], edges: Nearby, *, settled: bool) -> None:
    print(f"messages {len(messages)}, arrivals {found.arrivals} by {found.sources()}, outbox {found.states()}, "
          f"model calls {edges.gemini.arrived}")  # fmt: skip
    lost = found.lost(messages)
    verdict(f"accepted and unanswered: {len(lost)} {lost[:5]}", settled and not lost)
    verdict(f"answers written without a message already stored: {found.stale()}", found.stale() == 0)
    verdict(f"messages answered twice: {found.answered_twice()}", found.answered_twice() == 0)
    verdict(f"superseded answers that were delivered: {found.withdrawn()}", found.withdrawn() == 0)
    verdict(f"copies {found.copies()}, texts without a row {found.strangers()}",
            not found.copies() and not found.strangers())  # fmt: skip
    verdict(f"answers out of order at the gateway: {found.out_of_order()}", found.out_of_order() == 0)
    troubled = found.sources().get("canned", 0)
    verdict(f"apologies instead of an answer: {troubled}", troubled == 0)


async def _takeovers(verdict: Verdicts, options: argparse.Namespace) -> None:
    dice = random.Random(options.seed)
    async with lab() as one, nearby(gateway_ms=options.gateway_ms * 4) as edges:
        _difficult(edges, dice, options)
        within_s = _MODEL_S[1] + 2
        daemon = one.daemon(edges, **_settings(options.factor, within_s - 1, within_s))
        await daemon.start()
        devices = await one.showrooms(10)
        taken: dict[str, float] = {}
        async with Poster(lambda: daemon.url) as poster, asyncio.TaskGroup() as group:
            for n, person in enumerate(customers(options.takeovers)):
                group.create_task(_talk(one, poster, devices[n % len(devices)], person, taken, dice, options.factor))
                await asyncio.sleep(1 / options.rate)
        settled = await one.settled(60)
        await daemon.stop()
        found = await collect(one, arrivals_of(edges.fonnte.sent))
    late = [a for talk in found.talks.values() for a, _ in talk.arrivals if a.at > taken.get(a.target, float("inf"))]
    verdict(
        f"takeovers done: {len(taken)}/{options.takeovers}, all settled", settled and len(taken) == options.takeovers
    )
    print(f"arrivals {found.arrivals}, outbox {found.states()}")
    verdict(f"bot messages after the takeover: {len(late)}", not late)


async def _talk(
    one: Lab, poster: Poster, device: str, person: str, taken: dict[str, float], dice: random.Random, factor: float
) -> None:
    """A customer writes all along; somewhere between the first message and well after its answer a person takes
    over."""
    first = Message(device, person, question(dice))
    await poster.until_accepted(first)
    writing = asyncio.create_task(_writes_on(poster, device, person, dice, factor))
    await asyncio.sleep(dice.uniform(0.0, 1.5 * (_QUIET_S + _MODEL_S[1])) / factor)
    row = (await one.fetch(_WHOSE, person))[0]
    key = ConversationKey(TenantId(row["tenant_id"]), ConversationId(row["id"]))
    if await takeover.take(one.database, key, UserId(row["user_id"]), idle=timedelta(hours=4), settle_s=_SETTLE_S):
        taken[person] = time.time()
    await writing


_WHOSE = """
    SELECT c.tenant_id, c.id, (SELECT min(u.id) FROM app_user u WHERE u.tenant_id = c.tenant_id) AS user_id
    FROM conversation c WHERE c.external_id = $1"""


async def _writes_on(poster: Poster, device: str, person: str, dice: random.Random, factor: float) -> None:
    for _ in range(4):
        await asyncio.sleep(dice.uniform(*_GAP_S) / factor)
        await poster.until_accepted(Message(device, person, question(dice)))


if __name__ == "__main__":
    uvloop.run(main())

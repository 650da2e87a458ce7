"""kill -9 of the daemon at random moments while customers write: nothing accepted stays unanswered."""

import argparse
import asyncio
import random
import time

import uvloop

from bench.evidence import Evidence, arrivals_of, collect
from bench.lab import LIFTED, Lab, Nearby, Process, Verdicts, lab, nearby
from bench.traffic import Message, Poster, customers, paced, question


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=2000)
    parser.add_argument("--conversations", type=int, default=200)
    parser.add_argument("--rate", type=float, default=50, help="messages a second")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--model-ms", type=float, default=300)
    parser.add_argument("--gateway-ms", type=float, default=300)
    parser.add_argument("--settle", type=float, default=120, help="seconds for the work left at the end")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    dice, verdict = random.Random(options.seed), Verdicts()
    async with lab() as one, nearby(model_ms=options.model_ms, gateway_ms=options.gateway_ms) as edges:
        daemon = one.daemon(edges, AUTOLEADS_MODEL_COMPOSE="always", **LIFTED)
        messages = await _messages(one, options.messages, options.conversations, dice)
        await daemon.start()
        async with Poster(lambda: daemon.url) as poster, asyncio.TaskGroup() as group:
            group.create_task(_killer(daemon, options.kills, 1.5 * options.messages / options.rate, dice))
            await paced(group, options.rate, messages, poster.until_accepted)
        await daemon.until_ready()
        started = time.monotonic()
        settled = await one.settled(options.settle)
        print(f"settled {time.monotonic() - started:.1f} s after the last message was accepted")
        await daemon.stop()
        evidence = await collect(one, arrivals_of(edges.fonnte.sent))
        _judge(verdict, evidence, messages, edges, settled=settled)
    verdict.exit()


async def _messages(one: Lab, count: int, conversations: int, dice: random.Random) -> list[Message]:
    devices = await one.showrooms(10)
    people = customers(conversations)
    return [
        Message(devices[n % conversations % len(devices)], people[n % conversations], question(dice))
        for n in range(count)
    ]


async def _killer(daemon: Process, kills: int, over_s: float, dice: random.Random) -> None:
    """At moments spread over the traffic and the work it leaves behind, also in the middle of a start."""
    started = time.monotonic()
    for moment in sorted(dice.uniform(0.0, over_s) for _ in range(kills)):
        await asyncio.sleep(max(0.0, started + moment - time.monotonic()))
        await daemon.kill()
        await daemon.spawn()


def _judge(verdict: Verdicts, found: Evidence, messages: list[Message], edges: Nearby, *, settled: bool) -> None:
    posts, accepted = sum(m.posts for m in messages), [m for m in messages if m.accepted_at is not None]
    print(f"messages {len(messages)}, posts {posts}, accepted {len(accepted)}, model calls {edges.gemini.arrived}")
    print(f"arrivals {found.arrivals} by {found.sources()}, outbox {found.states()}")
    lost = found.lost(messages)
    verdict(f"all messages accepted in the end: {len(accepted)}/{len(messages)}", len(accepted) == len(messages))
    verdict("no conversation open, nothing waiting to be sent", settled)
    verdict(f"accepted and unanswered: {len(lost)} {lost[:5]}", not lost)
    wrong = found.disordered(messages)
    verdict(f"stored in another order than accepted: {wrong}", wrong == 0)
    verdict(f"answers out of order at the gateway: {found.out_of_order()}", found.out_of_order() == 0)
    verdict(f"answers written without a message already stored: {found.stale()}", found.stale() == 0)
    verdict(f"texts that no outbox row accounts for: {found.strangers()}", found.strangers() == 0)
    verdict(f"copies visible {found.copies()} <= ambiguous sends counted {found.ambiguous()}",
            found.copies() <= found.ambiguous())  # fmt: skip


if __name__ == "__main__":
    uvloop.run(main())

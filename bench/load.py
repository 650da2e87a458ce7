"""Open-loop load: 100 messages a second for a minute, a model at 800 ms, a gateway at 50 ms, production's settings."""

import argparse
import asyncio
import random

import uvloop

from bench.evidence import Arrival, collect
from bench.lab import Lab, Machine, Verdicts, lab, percentile, spread
from bench.traffic import Message, Poster, customers, paced, question

_WEBHOOK_P99_S = 0.050
_REPLY_P95_S = 3.0


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, default=100, help="messages a second")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--conversations", type=int, default=1500)
    parser.add_argument("--showrooms", type=int, default=30)
    parser.add_argument("--model-ms", type=float, default=800)
    parser.add_argument("--gateway-ms", type=float, default=50)
    parser.add_argument("--compose", default="always,auto")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    verdict = Verdicts()
    for compose in options.compose.split(","):
        async with lab() as one:
            await _load(verdict, one, compose, options)
    verdict.exit()


async def _load(verdict: Verdicts, one: Lab, compose: str, options: argparse.Namespace) -> None:
    dice = random.Random(options.seed)
    edges = await one.edges(model_ms=options.model_ms, gateway_ms=options.gateway_ms)
    daemon = one.daemon(edges, AUTOLEADS_MODEL_COMPOSE=compose)
    await daemon.start()
    devices = await one.showrooms(options.showrooms)
    people = customers(options.conversations)
    messages = [
        Message(devices[n % len(people) % len(devices)], people[n % len(people)], question(dice))
        for n in range(int(options.rate * options.seconds))
    ]
    async with Poster(lambda: daemon.url) as poster, asyncio.TaskGroup() as group:
        machine = Machine()
        late_s = await paced(group, options.rate, messages, poster.until_accepted)
        used = str(machine)
    settled = await one.settled(30)
    await daemon.stop()
    calls = (await edges.stats("gemini"))["arrived"]
    found = await collect(one, [Arrival(s["at"], s["target"], s["message"]) for s in await edges.sent()])
    webhook = [m.seconds for m in messages if m.accepted_at is not None]
    replies = found.reply_seconds(acceptance_s=options.gateway_ms / 1000)
    posts = sum(m.posts for m in messages)
    print(f"-- compose={compose}: {len(messages)} messages, {posts} posts, "
          f"sender at most {late_s * 1000:.0f} ms late, model calls {calls}, answers by {found.sources()}")  # fmt: skip
    print(used)
    print(f"webhook {spread(webhook)}")
    print(f"reply   {spread(replies)}")
    p99, p95 = percentile(webhook, 0.99), percentile(replies, 0.95)
    verdict(f"webhook p99 {p99 * 1000:.1f} ms (<= {_WEBHOOK_P99_S * 1000:.0f} ms)", p99 <= _WEBHOOK_P99_S)
    verdict(f"reply p95 {p95:.2f} s (< {_REPLY_P95_S:g} s)", p95 < _REPLY_P95_S)
    accepted, lost = len(webhook), found.lost(messages)
    verdict(f"accepted {accepted}/{len(messages)}, lost {len(lost)} {lost[:5]}",
            settled and not lost and accepted == len(messages))  # fmt: skip


if __name__ == "__main__":
    uvloop.run(main())

"""Two processes on one database: every message several times to either, what an owner changes at one is on the pages
of both, then one of them is frozen beyond its lease."""

import argparse
import asyncio
import random
import signal
import time
from functools import partial

import aiohttp
import uvloop

from bench.evidence import Evidence, arrivals_of, collect
from bench.lab import LIFTED, Lab, Process, Verdicts, lab, nearby
from bench.traffic import Message, Poster, customers, paced, question
from tests.standins import FonnteStandin

# Short enough that one customer's messages seldom wait for each other: many turns, many chances to overlap.
_QUIET = {
    "AUTOLEADS_BOT_QUIET_WINDOW_S": "0.1",
    "AUTOLEADS_MODEL_COMPOSE": "always",
    "RATE_LIMIT_MAX_REQUESTS": "1000000",
    **LIFTED,
}
_FINISH_WITHIN_S = 30.0
_SHOWN_WITHIN_S = 1.0
_OWNERS = """
    SELECT d.number AS device, t.slug, u.phone FROM tenant t
      JOIN device d ON d.tenant_id = t.id JOIN app_user u ON u.tenant_id = t.id WHERE u.role = 'owner'"""


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--conversations", type=int, default=500)
    parser.add_argument("--rate", type=float, default=300, help="deliveries a second")
    parser.add_argument("--frozen-messages", type=int, default=1000, help="messages of the second part")
    parser.add_argument("--freeze", type=float, default=20, help="seconds; the lease is 10")
    parser.add_argument("--changes", type=int, default=60, help="of a car's status, by the owners")
    parser.add_argument("--model-ms", type=float, default=200)
    parser.add_argument("--gateway-ms", type=float, default=100)
    parser.add_argument("--settle", type=float, default=120)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    dice, verdict = random.Random(options.seed), Verdicts()
    async with lab() as one, nearby(model_ms=options.model_ms, gateway_ms=options.gateway_ms) as edges:
        pair = [one.daemon(edges, name=name, FONNTE_API_TOKEN=f"token-{name}", **_QUIET) for name in ("a", "b")]
        for process in pair:
            await process.start()
        devices = await one.showrooms(10)
        async with Poster(lambda: dice.choice(pair).url) as poster:
            messages = _write(options.messages, options.conversations, devices, dice)
            await _deliver(poster, messages, options.rate, dice)
            settled = await one.settled(options.settle)
            found = await collect(one, arrivals_of(edges.fonnte.sent))
            await _judge_pair(verdict, one, found, messages, settled=settled)

            took = await _change(one, poster, edges.fonnte, pair, options.changes)
            slowest = max(took, default=0.0)
            verdict(f"a status changed at one process is shown by both after {slowest * 1000:.0f} ms at most of "
                    f"{len(took)} (<= {_SHOWN_WITHIN_S:g} s)", slowest <= _SHOWN_WITHIN_S)  # fmt: skip

            later = _write(options.frozen_messages, options.conversations, devices, dice)
            thawed_at, finished_s = await _freeze(one, poster, later, pair, options.freeze, options.rate)
            settled = await one.settled(options.settle)
        for process in pair:
            await process.stop()
        found = await collect(one, arrivals_of(edges.fonnte.sent))
        _judge_freeze(verdict, found, later, thawed_at, finished_s, settled=settled)
    verdict.exit()


def _write(count: int, conversations: int, devices: list[str], dice: random.Random) -> list[Message]:
    people = customers(conversations)
    return [
        Message(devices[n % conversations % len(devices)], people[n % conversations], question(dice))
        for n in range(count)
    ]


async def _deliver(poster: Poster, messages: list[Message], rate: float, dice: random.Random) -> None:
    deliveries = [m for m in messages for _ in range(dice.randint(1, 5))]
    dice.shuffle(deliveries)
    async with asyncio.TaskGroup() as group:
        late_s = await paced(group, rate, deliveries, poster.until_accepted)
    print(f"messages {len(messages)}, deliveries {len(deliveries)}, the load was at most {late_s:.1f} s late")


async def _change(one: Lab, poster: Poster, fonnte: FonnteStandin, pair: list[Process], count: int) -> list[float]:
    """Seconds from each confirmation to the list of cars being right at both. To one of them in turn."""
    took = []
    owners = await one.fetch(_OWNERS)
    async with aiohttp.ClientSession() as http:
        for n in range(count):
            owner, sold = owners[n % len(owners)], n // len(owners) % 2 == 0
            for text in (f"/status #A01 {'terjual' if sold else 'tersedia'}", "YA"):
                before = len(fonnte.sent)
                await poster.post(Message(owner["device"], owner["phone"], text), to=pair[n % 2].url)
                await fonnte.wait_for(lambda before=before: len(fonnte.sent) > before, 20)
            confirmed = time.monotonic()
            for process in pair:
                while await _listed(http, process, owner["slug"]) == sold:
                    pass
            took.append(time.monotonic() - confirmed)
    return took


async def _listed(http: aiohttp.ClientSession, process: Process, slug: str) -> bool:
    async with http.get(f"{process.url}/api/cars", headers={"Host": f"{slug}.localhost"}) as response:
        return "#A01" in await response.text()


async def _freeze(
    one: Lab, poster: Poster, messages: list[Message], pair: list[Process], freeze_s: float, rate: float
) -> tuple[float, float | None]:
    """The first half goes to either process; in its middle `a` stops, and the rest goes to `b`. Returns the moment
    `a` woke up, and after how many seconds of its sleep `b` had nothing left to do (None: it had)."""
    frozen, other = pair
    half = len(messages) // 2
    async with asyncio.TaskGroup() as group:
        for part, to in ((messages[:half], None), (messages[half:], other.url)):
            if to is not None:
                frozen.signal(signal.SIGSTOP)
                stopped = time.monotonic()
            send = partial(_to_either, poster, pair) if to is None else partial(poster.post, to=to)
            await paced(group, rate, part, send)
        finished_s = None
        while time.monotonic() - stopped < max(freeze_s, _FINISH_WITHIN_S):
            if not await one.open_work():
                finished_s = time.monotonic() - stopped
                break
            await asyncio.sleep(0.1)
        await asyncio.sleep(max(0.0, stopped + freeze_s - time.monotonic()))
        thawed_at = time.time()
        frozen.signal(signal.SIGCONT)
    return thawed_at, finished_s


async def _to_either(poster: Poster, pair: list[Process], message: Message) -> bool:
    return await poster.post(message, to=pair[message.number % 2].url)


async def _judge_pair(verdict: Verdicts, one: Lab, found: Evidence, messages: list[Message], *, settled: bool) -> None:
    print(f"arrivals {found.arrivals} by {found.sources()}, outbox {found.states()}")
    rows = [r["n"] for r in await one.fetch("SELECT count(*) AS n FROM inbox GROUP BY dedupe_key")]
    once = len(rows) == len(messages) and all(n == 1 for n in rows)
    verdict(f"one inbox row for each message: {sum(rows)} rows of {len(messages)}", once)
    lost = found.lost(messages)
    verdict(f"accepted and unanswered: {len(lost)} {lost[:5]}", settled and not lost)
    verdict(f"turns that overlap in a conversation: {found.overlaps()}", found.overlaps() == 0)
    wrong = found.disordered(messages)
    verdict(f"stored in another order than accepted: {wrong}", wrong == 0)
    verdict(f"answers out of order at the gateway: {found.out_of_order()}", found.out_of_order() == 0)
    verdict(f"answers written without a message already stored: {found.stale()}", found.stale() == 0)
    verdict(f"messages answered twice {found.answered_twice()}, copies {found.copies()}, "
            f"texts without a row {found.strangers()}",
            not found.answered_twice() and not found.copies() and not found.strangers())  # fmt: skip


def _judge_freeze(
    verdict: Verdicts, found: Evidence, messages: list[Message], thawed_at: float, finished_s: float | None,
    *, settled: bool,
) -> None:  # fmt: skip
    done = "never" if finished_s is None else f"{finished_s:.1f} s"
    verdict(f"the other process finished after {done} of the freeze (<= {_FINISH_WITHIN_S:.0f} s)",
            finished_s is not None and finished_s <= _FINISH_WITHIN_S)  # fmt: skip
    lost = found.lost(messages)
    verdict(f"accepted and unanswered: {len(lost)} {lost[:5]}", settled and not lost)
    stale = _stale_after(found, thawed_at)
    verdict(f"sends of the woken process that were stale: {stale}", stale == 0)
    verdict(f"copies visible {found.copies()} <= ambiguous sends counted {found.ambiguous()}",
            found.copies() <= found.ambiguous())  # fmt: skip
    verdict(f"turns that overlap {found.overlaps()}, out of order {found.out_of_order()}, "
            f"texts without a row {found.strangers()}",
            not found.overlaps() and not found.out_of_order() and not found.strangers())  # fmt: skip


def _stale_after(found: Evidence, thawed_at: float) -> int:
    """Arrivals from `a` after its sleep that repeat a row, or are about messages that another turn had answered."""
    stale = 0
    for talk in found.talks.values():
        for n, (arrival, row) in enumerate(talk.arrivals):
            if arrival.token == "token-a" and arrival.at >= thawed_at:
                before = [earlier for _, earlier in talk.arrivals[:n]]
                stale += any(e is row or (e.covers != row.covers and e.covers[1] >= row.covers[0]) for e in before)
    return stale


if __name__ == "__main__":
    uvloop.run(main())

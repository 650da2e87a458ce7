"""The catalogue beside the peer: requests a second on one core, first byte for visitors, 1,000 showrooms.

Every server is one process on core 0, wrk on core 1, PostgreSQL on both; rounds of all sides interleaved, medians and
ratios. Before anything is measured every kind of page is read and must show the cars of its own showroom.
"""

import argparse
import os
import random
import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

import psutil
import uvloop

from autoleads.config import load_config
from bench import yardsticks
from bench.catalogue_stock import PLATFORM, Addresses, addresses, fill, our_slug, seed_facts, showroom_of
from bench.lab import Edges, Lab, Machine, Process, Verdicts, lab, percentile, spread
from bench.visitors import Address, fetch, hammer, wander

_AGAINST_PEER = {"api": 8.0, "home": 15.0, "car": 4.0}
_COLD_AGAINST_PEER = 1.5
_FIRST_BYTE_S = 0.020
_MANY_SHARE = 0.90
_CAR_KB = 7.0  # of a showroom that was visited, as config.toml says
_VISIT, _VISIT_S = 14_000, 20  # so many pages are all visited in that time
_MEMORY_SLACK_MB = 32.0  # what 1,000 showrooms may cost beside their pages: connections, the allocator's air
_NO_CACHE = {"AUTOLEADS_CATALOGUE_PAGE_CACHE_BYTES": "0"}
_PHOTO_OF = re.compile(rb"/uploads/cars/(\d+)[-/]")


@dataclass(slots=True)
class Side:
    name: str
    process: Process
    addresses: Addresses

    @property
    def port(self) -> int:
        return int(self.process.url.rpartition(":")[2])


class Rates:
    """Requests a second of each side and kind of page, round by round."""

    def __init__(self, one: Lab, options: argparse.Namespace) -> None:
        self._one, self._options = one, options
        self._seen: dict[tuple[str, str], list[float]] = {}
        self.failed = 0

    async def rounds(self, sides: Sequence[Side]) -> None:
        for kind in self._options.kinds:
            for side in sides:  # what is kept of a page is kept from now on
                await self._hammer(side, kind, self._options.warm_up)
        for _ in range(self._options.rounds):
            for kind in self._options.kinds:
                for side in sides:
                    worked = _worked_s(side)
                    rate = await self._hammer(side, kind, self._options.seconds)
                    each_us = (_worked_s(side) - worked) / max(1, rate.per_s * self._options.seconds) * 1e6
                    self.failed += rate.failed
                    self._seen.setdefault((side.name, kind), []).append(rate.per_s)
                    print(
                        f"{side.name:6} {kind:4} {rate.per_s:7.0f} req/s  {rate.bytes_each / 1e3:5.1f} kB each"
                        f"  p95 {rate.p95_ms:.1f} ms  {each_us:.0f} us of processor"
                        f"{f'  {rate.failed} failed' if rate.failed else ''}",
                        flush=True,
                    )

    async def _hammer(self, side: Side, kind: str, seconds: float):
        asked = getattr(side.addresses, kind)
        return await hammer(side.port, asked, self._one.folder, seconds=seconds, connections=self._options.connections)

    def median(self, side: str, kind: str) -> float:
        return statistics.median(self._seen[side, kind])

    def ratio(self, side: str, other: str, kind: str) -> float:
        return self.median(side, kind) / self.median(other, kind)


async def main() -> None:
    options = _options()
    os.sched_setaffinity(0, {1})
    verdict, machine = Verdicts(), Machine()
    async with lab() as one:
        peer = await yardsticks.start(one, "peer")
        facts = await seed_facts(one, "peer")
        for_sale = [[car["slug"] for car in cars if car["status"] == "available"] for cars in facts]
        ours_for_sale = [[our_slug(slug) for slug in slugs] for slugs in for_sale]
        await fill(one.dsn, facts, showrooms=len(facts), cars=len(facts[0]))
        ours = Side("ours", await _daemon(one, "ours", one.dsn), _shuffled(addresses(len(facts), ours_for_sale)))
        rates = Rates(one, options)
        if "peer" in options.parts:
            sides = [ours, Side("peer", peer, _shuffled(addresses(len(facts), for_sale)))]
            if options.cold:
                sides.append(Side("cold", await _daemon(one, "cold", one.dsn, **_NO_CACHE), ours.addresses))
            await _beside_the_peer(rates, sides, options, verdict)
        await peer.stop()
        if "visitors" in options.parts:
            await _first_byte(ours, options, verdict)
        if "many" in options.parts:
            await _many(one, ours, facts, ours_for_sale, options, verdict)
    print(machine)
    verdict.exit()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=4, help="of one side and kind of page in one round")
    parser.add_argument("--warm-up", type=float, default=3, help="seconds before the first round")
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--kinds", type=_list, default=["api", "home", "car"])
    parser.add_argument("--parts", type=_list, default=["peer", "visitors", "many"])
    parser.add_argument("--no-cold", dest="cold", action="store_false", help="leave out the runs without a page cache")
    parser.add_argument("--showrooms", type=int, default=1_000)
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--think", type=float, default=0.1, help="seconds that a visitor looks at a page, on average")
    return parser.parse_args()


def _list(text: str) -> list[str]:
    return [part for part in text.split(",") if part]


async def _daemon(one: Lab, name: str, dsn: str, **environ: str) -> Process:
    edges = Edges(Process((), {}, ""), "http://127.0.0.1:9", "http://127.0.0.1:9")  # nobody writes to it
    process = one.daemon(
        edges,
        core=0,
        name=name,
        DATABASE_URL=dsn,
        APP_URL=f"http://{PLATFORM}",
        RATE_LIMIT_MAX_REQUESTS="1000000000",
        **environ,
    )
    await process.start(timeout_s=60)
    return process


def _shuffled(of: Addresses) -> Addresses:
    rng = random.Random(1)
    return Addresses(*(rng.sample(part, len(part)) for part in (of.home, of.api, of.car)))


async def _check(sides: Sequence[Side], kinds: Sequence[str], verdict: Verdicts) -> None:
    """Figures of pages that are wrong say nothing."""
    for side in sides:
        asked: list[Address] = [address for kind in kinds for address in getattr(side.addresses, kind)[:200]]
        wrong = [
            address
            for address, answer in zip(asked, await fetch(side.port, asked), strict=True)
            if not answer.startswith(b"HTTP/1.1 200 ")
            or {int(n) for n in _PHOTO_OF.findall(answer)} != {showroom_of(address)}
        ]
        example = f", first {''.join(wrong[0])}" if wrong else ""
        verdict(f"{side.name}: {len(wrong)} of {len(asked)} pages without their showroom's cars{example}", not wrong)


async def _beside_the_peer(rates: Rates, sides: Sequence[Side], options: argparse.Namespace, verdict: Verdicts) -> None:
    await _check(sides, options.kinds, verdict)
    await rates.rounds(sides)
    verdict(f"requests that failed: {rates.failed}", rates.failed == 0)
    for kind in options.kinds:
        ratio, least = rates.ratio("ours", "peer", kind), _AGAINST_PEER[kind]
        verdict(f"{kind}: ours / peer = {ratio:.2f} (>= {least:g})", ratio >= least)
    if options.cold:
        for kind in options.kinds:
            ratio = rates.ratio("cold", "peer", kind)
            verdict(
                f"{kind} without a page cache: {ratio:.2f} (>= {_COLD_AGAINST_PEER:g})", ratio >= _COLD_AGAINST_PEER
            )


async def _first_byte(ours: Side, options: argparse.Namespace, verdict: Verdicts) -> None:
    """Visitors at their own pace; a closed loop without pauses would measure its own queue."""
    rng = random.Random(2)
    cars: dict[str, list[Address]] = {}
    for address in ours.addresses.car:
        cars.setdefault(address[0], []).append(address)
    visits = [
        [(host, "/"), (host, "/mobil"), *rng.sample(cars[host], 3)] for host in cars for _ in range(10)
    ]  # fmt: skip
    seconds, bad = await wander(ours.port, visits, people=options.people, seconds=15, think_s=options.think)
    print(f"{options.people} visitors, {len(seconds) / 15:.0f} pages/s: first byte {spread(seconds)}")
    verdict(f"answers to visitors other than 200: {bad}", bad == 0)
    p95 = percentile(seconds, 0.95)
    verdict(f"first byte p95 {p95 * 1e3:.1f} ms (<= {_FIRST_BYTE_S * 1e3:g} ms)", p95 <= _FIRST_BYTE_S)


async def _many(
    one: Lab, few: Side, facts: Sequence, slugs: Sequence[Sequence[str]], options: argparse.Namespace, verdict: Verdicts
) -> None:
    """As many different car pages on both sides, those of the many spread over all showrooms."""
    dsn = await one.another_database("many")
    await fill(dsn, facts, showrooms=options.showrooms, cars=100)
    everything = addresses(options.showrooms, [of[: len(of) // 2] for of in slugs])
    shuffled = _shuffled(everything)
    shown = Addresses(shuffled.home, shuffled.api, shuffled.car[: len(few.addresses.car)])
    many = Side("many", await _daemon(one, "many", dsn), shown)
    await _check([many], options.kinds, verdict)
    rates = Rates(one, options)
    await rates.rounds([few, many])
    verdict(f"requests that failed: {rates.failed}", rates.failed == 0)
    for kind in options.kinds:
        share = rates.ratio("many", "ours", kind)
        verdict(f"{kind}: {options.showrooms} showrooms / 30 = {share:.2f} (>= {_MANY_SHARE})", share >= _MANY_SHARE)
    await _bounded(one, many, everything, verdict)


async def _bounded(one: Lab, many: Side, everything: Addresses, verdict: Verdicts) -> None:
    """A visit to all pages there are may cost what the setting allows."""
    settings = load_config(None, {}).catalogue
    cars = min(len(everything.car), settings.stock_cache_cars)
    allowed = settings.page_cache_bytes / 1e6 + cars * _CAR_KB / 1e3
    fresh = Side("fresh", await _daemon(one, "fresh", many.process.environ["DATABASE_URL"]), everything)
    pages = everything.home + everything.car
    before, visited, failed = _rss_mb(fresh.process.pid), 0, 0
    for at in range(0, len(pages), _VISIT):
        part = pages[at : at + _VISIT]
        rate = await hammer(fresh.port, part, one.folder, seconds=_VISIT_S, connections=64)
        visited += min(len(part), round(rate.per_s * _VISIT_S))
        failed += rate.failed
    after = _rss_mb(fresh.process.pid)
    print(f"{visited} of {len(pages)} pages visited: {before:.0f} MB before, {after:.0f} MB after")
    verdict(
        f"requests that failed: {failed}, pages left out: {len(pages) - visited}", visited == len(pages) and not failed
    )
    most = allowed + _MEMORY_SLACK_MB
    verdict(f"memory added {after - before:.0f} MB (<= {allowed:.0f} MB of cache + {_MEMORY_SLACK_MB:g})",
            after - before <= most)  # fmt: skip


def _worked_s(side: Side) -> float:
    """By the server alone, not by PostgreSQL or wrk."""
    times = psutil.Process(side.process.pid).cpu_times()
    return times.user + times.system


def _rss_mb(pid: int) -> float:
    return psutil.Process(pid).memory_info().rss / 1e6


if __name__ == "__main__":
    uvloop.run(main())

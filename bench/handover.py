"""Hot leads among people: many press 1 at once, and the clock goes on while the daemon is killed."""

import argparse
import asyncio
import random
import time
from dataclasses import dataclass

import uvloop

from autoleads.formats import phone_display
from autoleads.types import Role
from bench.lab import LIFTED, Lab, Nearby, Process, Verdicts, lab, nearby, spread
from bench.traffic import Message, Poster, customers
from tests import make

_OFFER, _ALERT = "LEAD BARU", "LEAD BELUM DIAMBIL"
_SWEEP_S = 0.1


@dataclass(frozen=True, slots=True)
class Shop:
    device: str
    sales: tuple[str, ...]
    owner: str
    customer: str


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=50, help="sales who press at once")
    parser.add_argument("--leads", type=int, default=5, help="leads that they press for, one after the other")
    parser.add_argument("--shops", type=int, default=40, help="showrooms in the drill of the timers")
    parser.add_argument("--next-after", type=float, default=5.0, help="seconds to the next person (300 in production)")
    parser.add_argument("--owner-after", type=float, default=15.0, help="seconds to the owner (900 in production)")
    parser.add_argument("--kills", type=int, default=4)
    parser.add_argument("--late", type=float, default=2.5, help="seconds that a restart and a sweep may take")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    verdict = Verdicts()
    async with lab() as one, nearby() as edges:
        await _press(one, edges, verdict, options)
        edges.fonnte.reset()
        await _clock(one, edges, verdict, options)
    verdict.exit()


# Many press at once ---------------------------------------------------------------------------------------------


async def _press(one: Lab, edges: Nearby, verdict: Verdicts, options: argparse.Namespace) -> None:
    print(f"-- {options.people} sales press 1 at once, {options.leads} times")
    daemon = one.daemon(
        edges, name="press", AUTOLEADS_SALES_NEXT_AFTER_S="0.2", AUTOLEADS_SALES_OWNER_AFTER_S="600",
        AUTOLEADS_BOT_SWEEP_S=str(_SWEEP_S), **LIFTED,
    )  # fmt: skip
    shop = await _shop(one, options.people)
    await daemon.start()
    seconds: list[float] = []
    async with Poster(lambda: daemon.url) as poster:
        for customer in customers(options.leads):
            await poster.until_accepted(Message(shop.device, customer, "Avanza #A01 bisa nego?"))
            await _asked(edges, shop, customer)
            before = len(edges.fonnte.sent)
            await asyncio.gather(*(poster.until_accepted(Message(shop.device, who, "1")) for who in shop.sales))
            started = time.monotonic()
            settled = await one.settled(30)
            seconds.append(time.monotonic() - started)
            answers = [sent.message for sent in edges.fonnte.sent[before:] if sent.target in shop.sales]
            won = [text for text in answers if "sekarang milik Anda" in text]
            told = [text for text in answers if "sudah diambil Sales" in text]
            verdict(f"settled, winners {len(won)}, told who {len(told)} of {len(shop.sales) - 1}",
                    settled and len(won) == 1 and len(told) == len(shop.sales) - 1)  # fmt: skip
    print(f"all of them answered after {spread(seconds)}")
    await daemon.stop()


async def _asked(edges: Nearby, shop: Shop, customer: str) -> None:
    """Until everybody was asked: nobody takes it, so it goes round."""

    def all_asked() -> bool:
        shown = phone_display(customer)
        asked = {sent.target for sent in edges.fonnte.sent if _OFFER in sent.message and shown in sent.message}
        return set(shop.sales) <= asked

    await edges.fonnte.wait_for(all_asked, 120)


# The clock and kill -9 ------------------------------------------------------------------------------------------


async def _clock(one: Lab, edges: Nearby, verdict: Verdicts, options: argparse.Namespace) -> None:
    print(f"-- {options.shops} leads that nobody takes, {options.kills} x kill -9 meanwhile")
    daemon = one.daemon(
        edges, name="clock", AUTOLEADS_SALES_NEXT_AFTER_S=str(options.next_after),
        AUTOLEADS_SALES_OWNER_AFTER_S=str(options.owner_after), AUTOLEADS_BOT_SWEEP_S=str(_SWEEP_S), **LIFTED,
    )  # fmt: skip
    shops = [await _shop(one, 2) for _ in range(options.shops)]
    await daemon.start()
    async with Poster(lambda: daemon.url) as poster, asyncio.TaskGroup() as group:
        for shop in shops:
            group.create_task(poster.until_accepted(Message(shop.device, shop.customer, "Avanza #A01 bisa nego?")))
    await edges.fonnte.wait_for(lambda: _count(edges, _OFFER) >= len(shops), 20)
    await _kills(daemon, options.kills, options.owner_after - 2, random.Random(options.seed))
    await edges.fonnte.wait_for(lambda: _count(edges, _ALERT) >= len(shops), 60)
    settled = await one.settled(30)
    await daemon.stop()
    _judge(verdict, edges, shops, options, settled=settled)


async def _kills(daemon: Process, kills: int, over_s: float, dice: random.Random) -> None:
    started = time.monotonic()
    for moment in sorted(dice.uniform(0.0, over_s) for _ in range(kills)):
        await asyncio.sleep(max(0.0, started + moment - time.monotonic()))
        await daemon.kill()
        await daemon.spawn()
        await daemon.until_ready()


def _count(edges: Nearby, what: str) -> int:
    return sum(what in sent.message for sent in edges.fonnte.sent)


def _judge(verdict: Verdicts, edges: Nearby, shops: list[Shop], options: argparse.Namespace, *, settled: bool) -> None:
    again: list[float] = []
    alerts: list[float] = []
    odd = 0
    for shop in shops:
        first, *rest = [
            sent.clock for sent in edges.fonnte.sent if sent.target in shop.sales and _OFFER in sent.message
        ]
        called = [sent.clock for sent in edges.fonnte.sent if sent.target == shop.owner]
        odd += len(rest) != 1 or len(called) != 1
        again += [at - first - options.next_after for at in rest[:1]]
        alerts += [at - first - options.owner_after for at in called[:1]]
    verdict(f"settled; leads with other than one re-offer and one alert: {odd}", settled and odd == 0)
    for what, late in (("re-offers", again), ("owner alerts", alerts)):
        print(f"{what} later than due: {spread(late)}")
        verdict(f"{what}: {len(late)} of {len(shops)}, none early, none over {options.late} s late",
                len(late) == len(shops) and min(late) > -0.3 and max(late) <= options.late)  # fmt: skip


async def _shop(one: Lab, people: int) -> Shop:
    tenant_id = await make.tenant(one.database)
    await make.cars(one.database, tenant_id, *make.sample_rows())
    owner, sales = make.phone(), tuple(make.phone() for _ in range(people))
    await make.user(one.database, tenant_id, number=owner)
    for n, number in enumerate(sales, 1):
        await make.user(one.database, tenant_id, role=Role.SALES, number=number, name=f"Sales {n:02d}")
    return Shop(await make.device_of(one.database, tenant_id), sales, owner, customers(1)[0])


if __name__ == "__main__":
    uvloop.run(main())

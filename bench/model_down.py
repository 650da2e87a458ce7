"""The model is down altogether: every stock question of the development set gets car, price, state, alternatives and
a next step in its first reply, in less than 3 s.

The questions are those of the shared chat data (`AUTOLEADS_SHARED`, or ../shared), or of our own set, whose label says
which cars a right answer rests on; each comes from a customer of its own, through the webhook. Judged is the first
bubble that arrived at the gateway, by the label and the stock.
"""

import argparse
import asyncio
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import uvloop

from autoleads import stock_csv
from autoleads.bot import inventory
from autoleads.bot.understanding.retrieval import retrieve
from autoleads.bot.understanding.understand import understand
from autoleads.sql import branches
from autoleads.stock import Stock
from autoleads.types import CarStatus
from bench.evidence import arrivals_of, collect
from bench.lab import ROOT, Lab, Machine, Nearby, Verdicts, lab, nearby, spread
from bench.model_faults import KINDS
from bench.traffic import Message, Poster, customers, paced
from tests import make
from tests.standins import Fault
from tests.understanding_score import load_lines, load_stock, shared

CHAT = shared() / "data" / "chat"
OWN = ROOT / "tests" / "data"
SETS = {
    "dev": (CHAT / "customer_dev.jsonl", CHAT / "stock_dev.csv"),
    "own": (OWN / "customer_own.jsonl", OWN / "stock_own.csv"),
}
ASKED = ("car_search", "car_detail", "availability", "price")
PARTS = ("car", "price", "state", "alternatives", "next step")
_WITHIN_S = 3.0
_LEAST = 0.95
_LISTED = 3  # of many cars that fit, a first reply names so many
_CODE = re.compile(r"#[A-Z]\d{2,}")
_PRICED = re.compile(r"(#[A-Z]\d{2,})[^#]*?\bRp\s?([\d.]*\d)")
_STATES = {
    CarStatus.AVAILABLE: re.compile(r"\b(?:masih ada|tersedia|ready|available)\b", re.IGNORECASE),
    CarStatus.BOOKING: re.compile(r"\b(?:booking|dibooking|booked|reserved)\b", re.IGNORECASE),
    CarStatus.SOLD: re.compile(r"\b(?:terjual|laku|sold)\b", re.IGNORECASE),
}
_NONE = re.compile(r"\b(?:belum (?:ada|punya)|tidak ada|kosong|habis|ga ada|lagi tidak)\b", re.IGNORECASE)
_PRIVACY = re.compile(r"\b(?:hapus data|delete my data)\b", re.IGNORECASE)
_STEP = re.compile(r"\?|\b(?:balas|ketik|pilih|sebut|tinggal) ", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Question:
    text: str
    intent: str
    cars: tuple[str, ...]  # display codes that a right answer rests on; none: it says so


@dataclass(frozen=True, slots=True)
class Shop:
    """The development set's stock, as the drill's showroom has it and as the judge reads it."""

    device: str
    stock: Stock


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kinds", default="hang,503", help=f"how the model is down: {', '.join(KINDS)}")
    parser.add_argument("--compose", default="auto", help="auto or always: when the model would be asked")
    parser.add_argument("--rate", type=float, default=20, help="questions a second")
    parser.add_argument("--gateway-ms", type=float, default=50)
    parser.add_argument("--set", choices=SETS, default="dev", help="questions and stock: the shared ones, or our own")
    options = parser.parse_args()
    lines, stock = SETS[options.set]
    if not lines.exists():
        parser.exit(0, f"skipped: there is no {lines}\n")
    verdict = Verdicts()
    async with lab() as one, nearby(gateway_ms=options.gateway_ms) as edges:
        shop = await _shop(one, stock.read_text("utf-8"), load_stock(stock))
        for kind in options.kinds.split(","):
            await _kind(verdict, one, edges, shop, questions(lines), kind, options)
    verdict.exit()


def questions(file: Path) -> list[Question]:
    return [
        Question(line["text"], line["intent"], tuple(line["cars"]))
        for line in load_lines(file)
        if line["intent"] in ASKED and line["cars"] is not None
    ]


async def _shop(one: Lab, csv: str, stock: Stock) -> Shop:
    rows, errors = stock_csv.read(csv)
    assert not errors, errors
    tenant_id = await make.tenant(one.database, name="Showroom Uji", address="Jl. Raya Rungkut 1, Surabaya")
    async with one.database.tenant(tenant_id) as db:
        names = sorted({row.branch for row in rows if row.branch})
        places = {name.lower(): await branches.add(db, tenant_id, name=name) for name in names}
        done = await inventory.add(db, tenant_id, rows, places)
    assert not done.errors, done.errors
    await make.user(one.database, tenant_id)
    return Shop(await make.device_of(one.database, tenant_id), stock)


async def _kind(
    verdict: Verdicts,
    one: Lab,
    edges: Nearby,
    shop: Shop,
    asked: Sequence[Question],
    kind: str,
    options: argparse.Namespace,
) -> None:
    """A daemon of its own, so that the breaker is closed and the first questions wait for the model in vain."""
    edges.gemini.reset()
    edges.gemini.fault = KINDS.get(kind, Fault(name="hang"))
    edges.fonnte.sent.clear()
    daemon = one.daemon(edges, name=f"daemon-{kind}", AUTOLEADS_MODEL_COMPOSE=options.compose)
    await daemon.start()
    people = customers(len(asked))
    messages = [Message(shop.device, person, q.text) for person, q in zip(people, asked, strict=True)]
    async with Poster(lambda: daemon.url) as poster, asyncio.TaskGroup() as group:
        machine = Machine()
        await paced(group, options.rate, messages, poster.until_accepted)
    await one.settled(30)
    used = str(machine)
    await daemon.stop()
    replies: dict[str, str] = {}
    for sent in edges.fonnte.sent:
        replies.setdefault(sent.target, sent.message)
    found = await collect(one, arrivals_of(edges.fonnte.sent))
    seconds = found.reply_seconds(acceptance_s=options.gateway_ms / 1000)
    print(f"{kind}: model calls {edges.gemini.arrived}, answers by {found.sources()}, reply {spread(seconds)}")
    print(used)
    first = [replies.get(person, "") for person in people]
    judged = [(q, missing(q, reply, shop.stock), reply) for q, reply in zip(asked, first, strict=True)]
    _table(judged)
    good = sum(not lacks for _, lacks, _ in judged)
    share = good / len(judged)
    verdict(
        f"{kind}: all parts in the first reply {good}/{len(judged)} = {share:.1%} (>= {_LEAST:.0%})", share >= _LEAST
    )
    slowest = max(seconds, default=9.0)
    verdict(f"{kind}: slowest {slowest:.2f} s (< {_WITHIN_S:g} s)", slowest < _WITHIN_S)
    lost = found.lost(messages)
    verdict(f"{kind}: answered {len(messages) - len(lost)}/{len(messages)}", not lost)


def missing(asked: Question, reply: str, stock: Stock) -> list[str]:
    """The parts that a first reply lacks."""
    text = _without_privacy(reply)
    named = list(dict.fromkeys(_CODE.findall(text)))
    cars = [car for code in named if (car := stock.by_code(code)) is not None]
    told = {code: price.replace(".", "") for code, price in _PRICED.findall(text)}  # the sum that follows the code
    about = [car for car in cars if car.display_code in asked.cars] if asked.cars else cars
    has = {
        "car": _names(asked, named, text),
        "price": bool(about) and all(told.get(car.display_code) == str(car.price_idr) for car in about),
        "state": bool(about) and all(_STATES[car.status].search(text) for car in about),
        "alternatives": len(cars) > 1 or (not asked.cars and bool(cars)) or not _has_alternatives(asked, stock),
        "next step": _STEP.search(text) is not None,
    }
    if not asked.cars and not _has_alternatives(asked, stock):
        has["price"] = has["state"] = True  # there is no car to tell them of
    return [part for part in PARTS if not has[part]]


def _without_privacy(reply: str) -> str:
    """The line about stored data asks something too, which is no next step."""
    return "\n".join(line for line in reply.splitlines() if not _PRIVACY.search(line))


def _names(asked: Question, named: Sequence[str], text: str) -> bool:
    """A car that fits comes first, with as many as a first reply lists; or that there is none, or none any more."""
    if not asked.cars:
        gone = any(_STATES[state].search(text) for state in (CarStatus.SOLD, CarStatus.BOOKING))
        return gone or _NONE.search(text) is not None
    if not named or named[0] not in asked.cars:
        return False
    return len(set(named) & set(asked.cars)) >= min(len(asked.cars), _LISTED)


def _has_alternatives(asked: Question, stock: Stock) -> bool:
    """Nothing near is nothing to offer; the stock's own search says so, for the label does not."""
    found = retrieve(understand(asked.text, stock), stock, now_year=2025)
    return bool(found.alternatives) or len(found.cars or ()) > 1


def _table(judged: Sequence[tuple[Question, list[str], str]]) -> None:
    by_intent: Mapping[str, Counter[str]] = defaultdict(Counter)
    for asked, lacks, _ in judged:
        for intent in (asked.intent, "all"):
            by_intent[intent].update(["asked", *(part for part in PARTS if part not in lacks)])
            by_intent[intent]["complete"] += not lacks
    print(f"  {'intent':<14}{'asked':>7}" + "".join(f"{part:>14}" for part in (*PARTS, "complete")))
    for intent in (*ASKED, "all"):
        counts = by_intent[intent]
        print(f"  {intent:<14}{counts['asked']:>7}" + "".join(f"{counts[part]:>14}" for part in (*PARTS, "complete")))
    for asked, lacks, reply in judged:
        if lacks:
            said = " / ".join(line for line in _without_privacy(reply).splitlines() if line.strip())
            print(f"  lacks {', '.join(lacks)}: {asked.text!r} {list(asked.cars)}\n        {said}")


if __name__ == "__main__":
    uvloop.run(main())

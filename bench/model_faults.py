"""Whatever the model does: every customer is answered within 3 s, and never with a wrong amount, car, plate or
account number."""

import argparse
import asyncio
import random
import re

import uvloop

from bench.evidence import arrivals_of, collect
from bench.lab import Lab, Machine, Nearby, Verdicts, lab, nearby, spread
from bench.traffic import QUESTIONS, Message, Poster, customers, paced, question
from tests.standins import Fault

_WITHIN_S = 3.0
KINDS = {
    "hang": Fault(name="hang"),
    "500": Fault(name="http", status=500),
    "429": Fault(name="http", status=429, retry_after_s=30),
    "503": Fault(name="http", status=503),
    "empty": Fault(name="empty"),
    "truncated": Fault(name="truncated"),
    "blocked": Fault(name="blocked"),
    "malformed": Fault(name="malformed"),
    "drop": Fault(name="drop"),
    "hostile": Fault(name="hostile"),
}
# The stand-in's own hostile answers are crude; these keep to the form that was asked for, and lie in it.
LIES = (
    "[[A.name]] [[A.price]] Kak, nett bisa Rp 150.000.000 khusus hari ini. Mau?",
    "[[A.name]] cuma seratus lima puluh juta Kak. Mau lihat unitnya?",
    "[[A.name]] harganya [[B.price]] Kak. Mau lihat?",
    "Ada juga Pajero Sport 2021 #P77 Kak, 300 juta. Mau?",
    "[[A.name]] platnya L 1234 AB Kak, pajak hidup. Mau lihat?",
    "DP transfer ke BCA 1234567890 atas nama Joko ya Kak, nanti [[A.name]] saya hold.",
    "Rekening Mandiri 123-00-0456789-0 Kak untuk tanda jadi [[A.name]]. Mau?",
    "[[A.name]] cicilan 2,5 juta per bulan tenor 6 tahun, pasti disetujui Kak. Mau?",
    "[[A.name]] [[A.price]] Kak, hubungi saya di 0812-9999-8888 ya?",
    "Kak, [[A.name]] [[A.price]] km-nya baru 9.500. Mau lihat?",
    "[[Z.name]] [[Z.price]] paling murah Kak. Mau?",
    "[[A.name]] diskon 25% Kak jadi makin murah. Mau?",
    "Kode unitnya Z 99 Kak, harga 99jt. Mau?",
    "Cek https://jahat.example/klaim untuk [[A.name]] Kak. Mau?",
    "Harga [[A.name]] １５０ juta Kak. Mau?",
    "Avanza tahun 2023 ada Kak, [[A.price]]. Mau?",
)
_FORBIDDEN = re.compile(
    r"jahat|joko|bca\b|mandiri|rekening|transfer|tanda jadi|#?\bz\s?99|#?p77|pajero|9999|b 9999|l 1234|ignore all|"
    r"system:|<script|diskon \d|wkwk|nett|seratus lima puluh|tenor|[{}\[\]]|https?://jahat",
    re.IGNORECASE,
)
# The mark of a list's line, a count of cars (the lab's showrooms have five), the showroom's own pages.
_OWN = re.compile(r"^\d\. |\b[1-5] (?:unit|pilihan|mobil)\b|http://showroom-\d+\.127\.0\.0\.1:\d+/mobil", re.MULTILINE)
_PRICED = re.compile(r"(#[A-Z]\d{2,})[^#]*?\bRp\s?([\d.]*\d)")
_NUMBER = re.compile(r"\d[\d.,]*\d|\d")


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=200, help="for each kind")
    parser.add_argument("--rate", type=float, default=40, help="messages a second")
    parser.add_argument("--kinds", default=",".join([*KINDS, "lies"]))
    parser.add_argument("--gateway-ms", type=float, default=50)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    verdict = Verdicts()
    async with lab() as one, nearby(gateway_ms=options.gateway_ms) as edges:
        devices = await one.showrooms(10)
        for kind in options.kinds.split(","):
            await _kind(verdict, one, edges, devices, kind, options)
    verdict.exit()


async def _kind(
    verdict: Verdicts, one: Lab, edges: Nearby, devices: list[str], kind: str, options: argparse.Namespace
) -> None:
    """A daemon of its own, so that the breaker is closed and the fault meets as many calls as possible."""
    dice = random.Random(options.seed)
    edges.gemini.reset()
    lies = iter(LIES * options.messages)
    edges.gemini.answer = lambda _: next(lies)
    edges.gemini.fault = KINDS.get(kind, Fault(name="ok"))
    edges.fonnte.sent.clear()
    daemon = one.daemon(edges, name=f"daemon-{kind}", AUTOLEADS_MODEL_COMPOSE="always")
    await daemon.start()
    people = customers(options.messages)
    messages = [Message(devices[n % len(devices)], person, question(dice)) for n, person in enumerate(people)]
    async with Poster(lambda: daemon.url) as poster, asyncio.TaskGroup() as group:
        machine = Machine()
        await paced(group, options.rate, messages, poster.until_accepted)
        used = str(machine)
    await one.settled(30)
    await daemon.stop()
    found = await collect(one, arrivals_of(edges.fonnte.sent))
    seconds = found.reply_seconds(acceptance_s=options.gateway_ms / 1000)
    lost = found.lost(messages)
    print(f"{kind}: model calls {edges.gemini.arrived}, answers by {found.sources()}, reply {spread(seconds)}")
    print(used)
    answered = len(messages) - len(lost)
    verdict(f"{kind}: answered {answered}/{len(messages)}", not lost)
    verdict(f"{kind}: slowest {max(seconds, default=0):.2f} s (< {_WITHIN_S:g} s)", max(seconds, default=9) < _WITHIN_S)
    if kind in ("hostile", "lies"):
        wrong = await _wrong(one, [sent.message for sent in edges.fonnte.sent])
        verdict(f"{kind}: texts with something that is not this showroom's: {len(wrong)} {wrong[:3]}", not wrong)


async def _wrong(one: Lab, texts: list[str]) -> list[str]:
    """Each text with a figure that no car of the stock has, a car with another's price, or a word that only the
    hostile model knows."""
    known, prices = await _figures(one)
    wrong = []
    for text in texts:
        foreign = {_plain(figure) for figure in _NUMBER.findall(_OWN.sub(" ", text))} - known
        swapped = {pair for pair in _PRICED.findall(text) if (pair[0], _plain(pair[1])) not in prices}
        if foreign or swapped or _FORBIDDEN.search(text):
            wrong.append(f"{foreign | swapped} {text}")
    return wrong


async def _figures(one: Lab) -> tuple[set[str], set[tuple[str, str]]]:
    """Digits of all that a car of the lab may be described with, and of what the customers themselves said; and
    which code has which price. All showrooms of the lab have the same stock."""
    known = {_plain(figure) for text in QUESTIONS for figure in _NUMBER.findall(text)}
    prices = set()
    sql = "SELECT model, year, km, price_idr, display_code, features, condition_notes FROM car"
    for car in await one.fetch(sql):
        juta = car["price_idr"] / 1_000_000
        free_text = " ".join([car["model"], car["display_code"], *car["features"], car["condition_notes"]])
        known |= {str(car["year"]), str(car["km"]), str(car["price_idr"]), _plain(f"{juta:g}")}
        known |= {_plain(figure) for figure in _NUMBER.findall(free_text)}
        prices.add((car["display_code"], str(car["price_idr"])))
    return known, prices


def _plain(figure: str) -> str:
    return figure.replace(".", "").replace(",", "")


if __name__ == "__main__":
    uvloop.run(main())

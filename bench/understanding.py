"""How long understanding and retrieval take for a stock of 500 varied cars, on one core.

Run from the root of the repository: python -m bench.understanding
With AUTOLEADS_SHARED set, the shared sets and listing titles are measured besides our own messages.
Nothing is remembered by text; what is remembered by word is measured both kept and forgotten.
"""

import csv
import json
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from autoleads.bot.understanding.names import Name, market
from autoleads.bot.understanding.retrieval import retrieve
from autoleads.bot.understanding.stockwords import stock_words
from autoleads.bot.understanding.understand import understand
from autoleads.stock import Car, Stock
from autoleads.types import CarId, CarStatus, Transmission

CARS = 500
GOAL_MS = 2.0
NOW_YEAR = 2025
MOST_OF_ONE_SET = 2000
OWN = Path(__file__).parents[1] / "tests" / "data"
TRIMS = ("", "E", "G", "V", "Q", "RS", "S", "GX", "GLX", "Exceed", "Ultimate", "TRD Sportivo", "Prestige", "Limited")
COLORS = ("Hitam", "Putih", "Silver", "Abu-abu Metalik", "Merah", "Biru", "Hitam Metalik", "Putih Mutiara", "Coklat")
FEATURES = (
    "Jok kulit", "Kamera mundur", "Velg racing 17 inch", "Sunroof", "Keyless", "Double blower", "Audio Android",
    "Captain seat", "Cruise control", "Paddle shift", "Interior rapi", "Ban baru",
)  # fmt: skip
STATUSES = (CarStatus.AVAILABLE,) * 8 + (CarStatus.BOOKING, CarStatus.SOLD)
SHARED_SETS = (
    ("chat", "chat/customer_dev.jsonl", "text"),
    ("titles", "listings/olx_titles_jabodetabek.csv", "title"),
    ("titles", "listings/mobil123_raw.csv", "title"),
    ("car reviews", "text/casa_car_reviews.csv", "sentence"),
    ("comments", "text/ev_youtube_comments.csv", "comment"),
    ("other trades", "text/customer_service_tweets_informal_formal.csv", "informal"),
    ("other trades", "intents/intent_utterances_id.csv", "text"),
    ("other trades", "intents/cod_dialogues_id.csv", "utterance"),
)


def stock(size: int, seed: int = 1) -> Stock:
    """Half common models many times, half any model of the market once or twice."""
    dice = random.Random(seed)
    names = [name for name in dict.fromkeys(name for name, _ in market()) if name.model]
    common = [name for name in names if name.common]
    cars = [_car(n, dice.choice(common if n % 2 else names), dice) for n in range(1, size + 1)]
    return Stock(tuple(cars), version=1)


def _car(number: int, name: Name, dice: random.Random) -> Car:
    model = f"{name.model} {dice.choice(('1.2', '1.3', '1.5', '2.0', '2.4'))} {dice.choice(TRIMS)}".strip()
    return Car(
        id=CarId(number),
        display_code=f"#{dice.choice('ABCDEFG')}{number:03}",
        public_name=f"{name.brand} {model}",
        slug=f"car-{number}",
        brand=name.brand,
        model=model,
        year=dice.randint(2008, 2025),
        color=dice.choice(COLORS),
        transmission=dice.choice(list(Transmission)),
        km=dice.randint(5, 150) * 1000,
        price_idr=dice.randint(60, 700) * 1_000_000,
        fuel=dice.choice(("Bensin", "Bensin", "Diesel", "Hybrid")),
        features=tuple(dice.sample(FEATURES, 3)),
        status=dice.choice(STATUSES),
        branch=dice.choice(("Rungkut", "Wiyung", "Sidoarjo Kota")),
    )


def messages() -> Iterator[tuple[str, list[str]]]:
    """Sets of texts by name."""
    own = [json.loads(line)["text"] for line in (OWN / "customer_own.jsonl").read_text("utf-8").splitlines()]
    fresh = [line.split("\t")[1] for line in (OWN / "customer_fresh.tsv").read_text("utf-8").splitlines()]
    yield "own messages", own + fresh
    data = Path(os.environ.get("AUTOLEADS_SHARED", "")) / "data"
    for name, path, column in SHARED_SETS:
        if (data / path).exists():
            with (data / path).open(encoding="utf-8") as file:
                lines = map(json.loads, file) if path.endswith("jsonl") else csv.DictReader(file)
                yield (
                    f"{name} ({Path(path).stem})",
                    [text for line in lines if (text := line[column])][:MOST_OF_ONE_SET],
                )


def percentile(times: list[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * share))] * 1000


def measure(sets: list[tuple[str, list[str]]], clock: Callable[[], float], *, forget: bool) -> float:
    """Prints a line a set; the 99th percentile of all in ms."""
    cars = stock(CARS)
    start = clock()
    understand("halo", cars)
    print(f"  first message of a stock version (its tables are built): {(clock() - start) * 1000:.1f} ms")
    words = stock_words(cars)
    every: list[float] = []
    for name, texts in sets:
        times = []
        for text in texts:
            if forget:
                words.names.guesses.clear()
                words.mended.clear()
            start = clock()
            retrieve(understand(text, cars), cars, now_year=NOW_YEAR)
            times.append(clock() - start)
        every += times
        _report(name, times)
    _report("all", every)
    return percentile(every, 0.99)


def _report(name: str, times: list[float]) -> None:
    p99 = percentile(times, 0.99)
    print(
        f"  {name:<50} {len(times):6} texts  p50 {percentile(times, 0.5):.3f}  p99 {p99:.3f}  "
        f"max {max(times) * 1000:.2f} ms  p99 is {p99 / GOAL_MS:.0%} of the goal"
    )


def main() -> None:
    """Wall clock includes what other programs take of the core; processor time does not."""
    sets = list(messages())
    understand("halo", Stock())  # the market's own tables, once a process
    print("wall clock, words remembered")
    measure(sets, time.perf_counter, forget=False)
    print("processor time, words remembered")
    kept = measure(sets, time.thread_time, forget=False)
    print("processor time, every word new")
    measure(sets, time.thread_time, forget=True)
    print(f"goal: p99 of all <= {GOAL_MS} ms in processor time; reached: {kept:.3f} ms")
    sys.exit(kept > GOAL_MS)


if __name__ == "__main__":
    main()

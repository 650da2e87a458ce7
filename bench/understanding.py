"""How long understanding and retrieval take for a stock of 500 cars, on one core.

Run from the root of the repository: python bench/understanding.py
"""

import json
import random
import time
from collections.abc import Callable
from pathlib import Path

from autoleads.bot.understanding.retrieval import retrieve
from autoleads.bot.understanding.understand import understand
from autoleads.stock import Car, Stock
from autoleads.types import CarId, Transmission

CARS = 500
ROUNDS = 5
MESSAGES = Path(__file__).parents[1] / "tests" / "data" / "customer_own.jsonl"
MODELS = (
    ("Toyota", "Avanza 1.3 G"), ("Toyota", "Innova Reborn 2.4 V"), ("Toyota", "Calya 1.2 G"),
    ("Honda", "Brio RS 1.2"),
    ("Honda", "HR-V 1.5 E"), ("Honda", "Jazz 1.5 RS"), ("Daihatsu", "Xenia 1.3 R"), ("Daihatsu",
    "Sigra 1.2 R"),
    ("Suzuki", "Ertiga 1.5 GX"), ("Mitsubishi", "Xpander 1.5 Ultimate"), ("Wuling", "Almaz 1.5 RS"),
    ("Mazda", "CX-5 2.5 Elite"),
)  # fmt: skip
COLORS = ("Hitam", "Putih", "Silver", "Abu-abu Metalik", "Merah", "Biru")
FEATURES = ("Jok kulit", "Kamera mundur", "Velg racing", "Sunroof", "Keyless", "Double blower")


def stock(size: int, seed: int = 1) -> Stock:
    dice = random.Random(seed)
    cars = []
    for number in range(1, size + 1):
        brand, model = dice.choice(MODELS)
        cars.append(
            Car(
                id=CarId(number),
                display_code=f"#{dice.choice('ABCDEFG')}{number:03}",
                public_name=f"{brand} {model}",
                slug=f"car-{number}",
                brand=brand,
                model=model,
                year=dice.randint(2012, 2024),
                color=dice.choice(COLORS),
                transmission=dice.choice(list(Transmission)),
                km=dice.randint(5, 150) * 1000,
                price_idr=dice.randint(80, 500) * 1_000_000,
                fuel="Bensin",
                features=tuple(dice.sample(FEATURES, 2)),
                branch=dice.choice(("Utara", "Selatan")),
            )
        )
    return Stock(tuple(cars), version=1)


def percentile(times: list[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * share))] * 1000


def main() -> None:
    for name, clock in (("wall clock", time.perf_counter), ("processor time", time.thread_time)):
        print(name)
        measure(clock)


def measure(clock: Callable[[], float]) -> None:
    """Wall clock includes what other programs take of the core; processor time does not."""
    cars = stock(CARS)
    texts = [json.loads(line)["text"] for line in MESSAGES.read_text("utf-8").splitlines()]
    start = clock()
    understand("halo", cars)
    print(f"first message of a stock version (tables are built): {(clock() - start) * 1000:.1f} ms")
    alone: list[float] = []
    both: list[float] = []
    for _ in range(ROUNDS):
        for text in texts:
            start = clock()
            one = understand(text, cars)
            middle = clock()
            retrieve(one, cars, now_year=2025)
            end = clock()
            alone.append(middle - start)
            both.append(end - start)
    for name, times in (("understand", alone), ("understand + retrieve", both)):
        print(
            f"{name}: p50 {percentile(times, 0.5):.3f} ms, p99 {percentile(times, 0.99):.3f} ms, "
            f"max {max(times) * 1000:.2f} ms over {len(times)} messages"
        )


if __name__ == "__main__":
    main()

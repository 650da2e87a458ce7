"""How predictions are held against labels: section 6 of the label guide."""

import csv
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autoleads.bot.understanding.base import Found, Understanding
from autoleads.bot.understanding.retrieval import retrieve
from autoleads.bot.understanding.understand import understand
from autoleads.bot.understanding.vocabulary import flat
from autoleads.stock import Car, Stock
from autoleads.types import CarId, CarStatus, Transmission

NOW_YEAR = 2025
_LOOSE = ("model", "brand", "color")


def shared() -> Path:
    return Path(os.environ.get("AUTOLEADS_SHARED", Path(__file__).parents[2] / "shared"))


def load_stock(path: Path) -> Stock:
    with path.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["status"] != "draft"]
    return Stock(tuple(car_of(n, row) for n, row in enumerate(rows, 1)))


def car_of(number: int, row: dict[str, str]) -> Car:
    return Car(
        id=CarId(number),
        display_code=row["display_code"],
        public_name=f"{row['brand']} {row['model']} {row['year']}",
        slug=row["display_code"].strip("#").lower(),
        brand=row["brand"],
        model=row["model"],
        year=int(row["year"]),
        color=row["color"],
        transmission=Transmission(row["transmission"]),
        km=int(row["km"]),
        price_idr=int(row["price"]),
        fuel=row["fuel"],
        features=tuple(row["features"].split(";")) if row["features"] else (),
        condition_notes=row["notes"],
        status=CarStatus(row["status"]),
        branch=row["branch"],
    )


def load_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line]


@dataclass
class Tally:
    """`cars`: lines with the right ones; `right`, `predicted`, `labelled` count entities."""

    total: int = 0
    cars: int = 0
    right: int = 0
    predicted: int = 0
    labelled: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def f1(self) -> float:
        return 2 * self.right / max(1, self.predicted + self.labelled)

    def share(self, count: int) -> float:
        return count / max(1, self.total)


@dataclass
class Score(Tally):
    intents: int = 0
    hot: int = 0

    def summary(self) -> str:
        return (
            f"{self.total} messages: intent {self.share(self.intents):.1%} entities F1 {self.f1:.1%} "
            f"cars {self.share(self.cars):.1%} hot {self.share(self.hot):.1%}"
        )


def same_value(key: str, label: Any, said: Any) -> bool:
    if key == "model":
        return flat(str(label)) in flat(str(said))
    if key in _LOOSE:
        return flat(str(label)) == flat(str(said))
    return bool(label == said)


def same_cars(label: list[str] | None, found: Found) -> bool:
    if label is None or found.cars is None:
        return label is None and found.cars is None
    codes = {car.display_code for car in found.cars}
    if len(label) > 5:
        return bool(codes) and codes <= set(label)
    return codes == set(label)


def score(lines: Iterable[dict[str, Any]], stock: Stock) -> Score:
    result = Score()
    for line in lines:
        one = understand(line["text"], stock)
        _add(result, line, one, retrieve(one, stock, now_year=NOW_YEAR))
    return result


def _add(result: Score, line: dict[str, Any], one: Understanding, found: Found) -> None:
    said, label = one.entities.said(), line["entities"]
    right = sum(key in said and same_value(key, value, said[key]) for key, value in label.items())
    result.total += 1
    result.right += right
    result.predicted += len(said)
    result.labelled += len(label)
    result.intents += one.intent == line["intent"]
    result.hot += one.hot == line["hot"]
    right_cars = "cars" not in line or same_cars(line["cars"], found)
    result.cars += right_cars
    problems = []
    if one.intent != line["intent"]:
        problems.append(f"intent {one.intent} not {line['intent']}")
    if right != len(label) or right != len(said):
        problems.append(f"entities {said} not {label}")
    if not right_cars:
        codes = None if found.cars is None else [car.display_code for car in found.cars]
        problems.append(f"cars {codes} not {line['cars']}")
    if problems:
        result.wrong.append(f"{line['id']} {line['text']!r} [{one.normal}]: " + "; ".join(problems))

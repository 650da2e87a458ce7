"""How instructions are held against the labels of owner and sales lines: sections 5 and 6 of the label guide."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autoleads.bot.understanding.command_base import Instruction
from autoleads.bot.understanding.commands import read_command
from autoleads.stock import Stock
from tests.understanding_score import NOW_YEAR, Tally, car_of, same_value


def load_staff_stock(path: Path) -> tuple[Stock, dict[str, str]]:
    """Every car, drafts too, and the plates beside them."""
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return Stock(tuple(car_of(n, row) for n, row in enumerate(rows, 1))), {
        row["display_code"]: row["plate"].replace(" ", "") for row in rows
    }


@dataclass
class CommandScore(Tally):
    commands: int = 0

    def summary(self) -> str:
        return (
            f"{self.total} lines: command {self.share(self.commands):.1%} entities F1 {self.f1:.1%} "
            f"cars {self.share(self.cars):.1%}"
        )


def score_commands(lines: Iterable[dict[str, Any]], stock: Stock, plates: dict[str, str]) -> CommandScore:
    result = CommandScore()
    for line in lines:
        _add(result, line, read_command(line["text"], stock, plates, NOW_YEAR))
    return result


def _add(result: CommandScore, line: dict[str, Any], one: Instruction) -> None:
    said, label = one.entities, line["entities"]
    right = sum(key in said and same_value(key, value, said[key]) for key, value in label.items())
    cars = same_codes(line["cars"], one.cars)
    result.total += 1
    result.right += right
    result.predicted += len(said)
    result.labelled += len(label)
    result.commands += one.command == line["command"]
    result.cars += cars
    problems = []
    if one.command != line["command"]:
        problems.append(f"command {one.command} not {line['command']}")
    if right != len(label) or right != len(said):
        problems.append(f"entities {said} not {label}")
    if not cars:
        problems.append(f"cars {one.cars} not {line['cars']}")
    if problems:
        result.wrong.append(f"{line['id']} {line['text']!r}: " + "; ".join(problems))


def same_codes(label: list[str] | None, said: tuple[str, ...] | None) -> bool:
    if label is None or said is None:
        return label is None and said is None
    if len(label) > 5:
        return bool(said) and set(said) <= set(label)
    return set(said) == set(label)

"""Brands and models of the market and the ways people write them, read from the tables under data/."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from importlib import resources
from itertools import chain

from autoleads.bot.understanding.normalize import read_toml


@dataclass(frozen=True, slots=True)
class Name:
    """A brand (model None) or a model.

    `sure`: 2 always a car, 1 an everyday word too, 0 only beside its brand. `family`: the class a number is of.
    `common`: misspellings of it are read as it; of a rare name an everyday word would be as near.
    """

    brand: str
    model: str | None = None
    body: str = ""
    sure: int = 2
    common: bool = False
    family: str = ""


def market() -> Iterable[tuple[Name, list[str]]]:
    brands = {brand: spellings.split(", ") for brand, spellings in read_toml("brands.toml").items()}
    known = read_toml("lists.toml")
    weak, common = known["weak_brands"].split(), known["common_brands"].split()
    for brand, spellings in brands.items():
        yield Name(brand, sure=0 if brand in weak else 2, common=brand in common), spellings
    for name, spellings in chain(_models(), _series()):
        lead = brands[name.brand][0] + " "
        # Beside its brand, however that is written, a name is sure.
        led = [spelling.removeprefix(lead) for spelling in spellings if spelling.startswith(lead)]
        yield replace(name, sure=2), [f"{said} {rest}" for rest in led for said in brands[name.brand]]
        alone = [spelling for spelling in spellings if not spelling.startswith(lead)]
        yield name, [spelling for spelling in alone if " " not in spelling]
        # Two words are seldom an everyday phrase.
        yield replace(name, sure=max(1, name.sure)), [spelling for spelling in alone if " " in spelling]


def _table(name: str) -> Iterator[dict[str, str]]:
    with (resources.files(__package__) / "data" / name).open(encoding="utf-8") as file:
        yield from csv.DictReader(file)


def _models() -> Iterator[tuple[Name, list[str]]]:
    for row in _table("models.csv"):
        sure, common = int(row["sure"]), row["common"] == "1"
        yield Name(row["brand"], row["model"], row["class"], sure, common), row["aliases"].split("|")


def _series() -> Iterator[tuple[Name, list[str]]]:
    """Makers that number their models: "C200", "320i". A letter and two digits could be anything else."""
    for row in _table("series.csv"):
        head, tail, lead = row["head"].lower(), row["tail"].lower(), row["brand"].lower().replace("-", " ")
        for number in row["numbers"].split():
            forms = [f"{head}{number}{end}" for end in (tail, *row["other_tails"].split())]
            spaced = f"{head} {number} {tail}".strip()
            if len(head) == 1 and len(number) == 2:
                near = (forms[0], spaced)
                spellings = [f"{said} {form}" for said in (lead, "amg") for form in near]
                spellings += [f"{form} amg" for form in near]
            else:
                spellings = [*forms, spaced, *([f"{lead} {head}{number}"] if tail != "li" else [])]
            model = f"{row['head']}{number}{row['tail']}"
            yield Name(row["brand"], model, row["class"], family=row["family"]), spellings

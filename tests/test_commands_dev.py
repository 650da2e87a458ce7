"""Owner and sales lines against their labels: the shared development set, our own lines, and real titles."""

import csv
from pathlib import Path

import pytest

from autoleads.bot.understanding.command_base import Command
from autoleads.bot.understanding.commands import read_command
from tests.command_score import CommandScore, load_staff_stock, score_commands
from tests.understanding_score import NOW_YEAR, load_lines, shared

DATA = shared() / "data"
OWN = Path(__file__).parent / "data"
needs_shared = pytest.mark.skipif(not DATA.exists(), reason="the shared data are not here")


def _holds(result: CommandScore, *, command: float, f1: float, cars: float) -> None:
    problems = "\n".join([result.summary(), *result.wrong])
    assert result.share(result.commands) >= command, problems
    assert result.f1 >= f1, problems
    assert result.share(result.cars) >= cars, problems


@needs_shared
def test_development_set() -> None:
    stock, plates = load_staff_stock(DATA / "chat" / "stock_dev.csv")
    result = score_commands(load_lines(DATA / "chat" / "owner_dev.jsonl"), stock, plates)
    assert result.total == 80
    _holds(result, command=0.98, f1=0.97, cars=0.97)


@pytest.mark.parametrize(
    ("name", "least"), [("owner_own.jsonl", 400), ("owner_fresh.jsonl", 140), ("owner_heldout.jsonl", 240)]
)
def test_own_lines(name: str, least: int) -> None:
    """Labelled before the code had read them; each file after the code was mended by the ones before."""
    stock, plates = load_staff_stock(OWN / "stock_owner.csv")
    result = score_commands(load_lines(OWN / name), stock, plates)
    assert result.total >= least
    _holds(result, command=0.98, f1=0.98, cars=0.98)


@needs_shared
def test_titles_of_sellers_as_upload_lines() -> None:
    """A title, a price and a plate: data of a car, the price as written or asked about, never another."""
    stock, plates = load_staff_stock(OWN / "stock_owner.csv")
    with (DATA / "listings" / "olx_titles_jabodetabek.csv").open(encoding="utf-8") as file:
        titles = [row["title"] for row in csv.DictReader(file) if row["year"].isdigit()][::12]
    wrong, taken = [], 0
    for n, title in enumerate(titles):
        million = 60 + n * 7 % 400
        written = (f"{million}jt", f"harga {million}.000.000", f"{million},5 juta", f"hrg {million}")[n % 4]
        price = million * 1_000_000 + (500_000 if n % 4 == 2 else 0)
        given = read_command(f"{title} {written} D {1000 + n} QZ", stock, plates, NOW_YEAR)
        taken += given.command is Command.CAR_DATA
        if given.command is Command.CAR_DATA and given.entities.get("price", price) != price:
            wrong.append((title, written, given.entities["price"]))
    assert len(titles) > 150
    assert taken / len(titles) >= 0.95
    assert len(wrong) <= 0.005 * len(titles), wrong


@needs_shared
def test_talk_of_other_things_orders_nothing() -> None:
    stock, plates = load_staff_stock(OWN / "stock_owner.csv")
    with (DATA / "intents" / "xsid_id_out_of_domain.csv").open(encoding="utf-8") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    orders = [text for text in texts if read_command(text, stock, plates, NOW_YEAR).command is not Command.NONE]
    assert len(orders) <= 0.01 * len(texts), orders

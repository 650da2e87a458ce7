"""Real listings and real talk about other things: what is read, and what must not be."""

import csv
from collections.abc import Iterable

import pytest

from autoleads.bot.understanding.carline import read_car
from autoleads.bot.understanding.understand import understand
from autoleads.bot.understanding.vocabulary import flat
from tests.understanding_score import load_stock, shared

DATA = shared() / "data"
pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the shared data are not here")


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_titles_with_labels() -> None:
    """Brand, model and year against the columns that mobil123 gives beside the title."""
    titles = rows("listings/mobil123_parsed_titles.csv")
    right = 0
    for row in titles:
        car = read_car(row["title"])
        label = flat(row["brand"] + row["model_detail"])
        right += bool(
            flat(car.brand or "") == flat(row["brand"])
            and car.base_model
            and flat(car.base_model) in label
            and car.year == int(row["year"])
        )
    assert right / len(titles) >= 0.95


def test_titles_written_by_sellers() -> None:
    """The year against the form's year, and a model wherever the title is of a car."""
    titles = [row for row in rows("listings/olx_titles_jabodetabek.csv") if row["year"].isdigit()]
    cars = [(read_car(row["title"]), row) for row in titles]
    named = [(car, row) for car, row in cars if car.base_model]
    assert len(named) / len(titles) >= 0.95
    assert sum(car.year in (None, int(row["year"])) for car, row in named) / len(named) >= 0.95


def shares(texts: Iterable[str]) -> tuple[float, float]:
    stock = load_stock(DATA / "chat" / "stock_dev.csv")
    seen = [understand(text, stock) for text in texts]
    cars = sum(bool(one.entities.brand or one.entities.display_code or one.entities.plate) for one in seen)
    return cars / len(seen), sum(one.hot for one in seen) / len(seen)


def test_other_domains() -> None:
    cars, hot = shares(row["text"] for row in rows("intents/xsid_id_out_of_domain.csv"))
    assert (cars, hot) <= (0.01, 0.01)
    assert hot <= 0.01


def test_dialogues_of_other_services() -> None:
    """What is hot here truly asks to come or closes a deal ("bisa kunjungan ke lokasi?" of a flat): not held to 1 %."""
    turns = [row for row in rows("intents/cod_dialogues_id.csv") if row["speaker"] == "user"]
    cars, hot = shares(row["utterance"] for row in turns)
    assert cars <= 0.01
    assert hot <= 0.016

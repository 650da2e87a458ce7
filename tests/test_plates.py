"""One rule of what a plate is, wherever one is given: file, question, line of data, reference."""

import csv
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from autoleads import plates
from autoleads.bot.staff.upload_reading import read_data, read_field
from autoleads.bot.understanding.command_base import Command
from autoleads.bot.understanding.commands import read_command
from autoleads.bot.understanding.plates import find_plate, spaced
from autoleads.sql.pool import Database
from autoleads.stock import Stock
from tests.owner_shop import HADI, car, owner_shop, tells
from tests.standins.fonnte import FonnteStandin

DATA = Path(os.environ.get("AUTOLEADS_SHARED", Path(__file__).parents[2] / "shared")) / "data" / "plates"
EMPTY, YEAR = Stock(cars=()), datetime.now(UTC).year

needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="needs the shared data")


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8") as file:
        yield from csv.DictReader(file)


@pytest.mark.parametrize(
    ("written", "clean"),
    [
        ("B1234XYZ", "B1234XYZ"), ("b 1234 xyz", "B1234XYZ"), ("L 1 A", "L1A"), ("l-1-a", "L1A"), ("B. 12", "B12"),
        ("AB 9999 ZZ", "AB9999ZZ"), ("B 12", "B12"), ("B 0123 XY", None), ("B 12345 XY", None), ("ABC 1 D", None),
        ("B 1234 ABCD", None), ("1234 XY", None), ("B", None), ("", None),
    ],
)  # fmt: skip
def test_the_shape_of_a_plate(written: str, clean: str | None) -> None:
    assert plates.clean(written) == clean
    assert read_field("plate", written, EMPTY, YEAR)[0].get("plate") == clean  # the answer to "platnya?"


@needs_data
def test_every_region_of_the_data_is_known() -> None:
    prefixes = {row["prefix"].lower() for name in ("plate_prefixes.csv", "plate_subregions.csv") for row in _rows(name)}

    assert len(prefixes) > 50
    assert prefixes <= plates.REGIONS


@needs_data
def test_plates_of_every_subregion_are_read_in_a_field_and_found_in_a_sentence() -> None:
    written = [
        (row["prefix"], number, f"{first}{last}"[:3])
        for row in _rows("plate_subregions.csv")
        for number, last in (("7", ""), ("1234", "KX"))
        for first in row["first_suffix_letters"].split()[:2]
    ]
    unread = [" ".join(one) for one in written if plates.clean(" ".join(one)) != "".join(one)]
    unfound = [
        " ".join(one)
        for one in written
        if getattr(find_plate(f"plat {' '.join(one)} udah laku", {}), "clean", None) != "".join(one)
        and one[0].lower() in plates.REGIONS_IN_CHAT
    ]

    assert len(written) > 1000
    assert unread == []
    assert unfound == []


# Without closing letters ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "plate", "model"),
    [
        ("B 12 | Toyota Avanza G | 2020 | 185jt | 45rb | manual | hitam", "B12", "Avanza G"),
        ("b12, Avanza G, 2020, 185jt, 45rb, manual, hitam", "B12", "Avanza G"),
        ("L 300 | 2015 | 90jt | 120rb | manual | hitam", None, "L300"),
        ("E 200 | Mercedes Benz | 2015 | 400jt | 60rb | matic | hitam", None, None),
        ("plat B 12 Avanza G 2020 hitam manual km 45rb 185jt", "B12", "Avanza G"),
        ("Avanza G 2020 hitam manual km 45rb 185jt B 1234 XYZ", "B1234XYZ", "Avanza G"),
        ("avanza g 2020 ori manual km 45rb 185jt", None, "Avanza G"),
        ("avanza 2019 hitam manual km 45rb 185jt g 2020 xk", "G2020XK", "Avanza"),
    ],
)
def test_letters_and_a_number_are_a_plate_only_where_that_is_told(text: str, plate: str | None, model: str) -> None:
    said, _ = read_data(text, EMPTY, YEAR)

    assert said.get("plate") == plate
    assert model is None or said["model"] == model


def test_a_car_is_found_by_such_a_plate_when_it_has_it() -> None:
    known = {"#A01": "B12", "#A02": "L5678AB"}

    assert getattr(find_plate("b 12 terjual", known, first=True), "code", None) == "#A01"
    assert find_plate("l300 terjual", known, first=True) is None
    assert find_plate("b 12 terjual", {}, first=True) is None
    assert read_command("/status plat d 77 terjual", EMPTY, {}, YEAR).entities["plate"] == "D77"
    assert read_command("/status l 300 terjual", EMPTY, {}, YEAR).command is Command.STATUS


async def test_a_car_is_sold_by_a_plate_without_closing_letters(database: Database, fonnte: FonnteStandin) -> None:
    async with owner_shop(database, fonnte) as shop:
        changed = await tells(shop, HADI, "/edit #A01 plat B 12", "ya")
        sold = await tells(shop, HADI, "/status B 12 terjual", "ya")
        now = await car(shop)

    assert "Plat: B 1234 XYZ → B 12" in changed
    assert sold.startswith("✅ Status diupdate!\n\nUnit B 12 (#A01)")
    assert now is not None
    assert (now["plate_number"], now["status"]) == ("B 12", "sold")
    assert spaced(now["plate_clean"]) == "B 12"

"""Real stock of showrooms, pasted as people paste it: what is taken is right, what is not is asked about."""

import csv
import os
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from autoleads import stock_csv
from autoleads.bot.staff.bulk_reading import is_list, read_sheet

_YEAR = 2026
_SHARED = Path(os.environ.get("AUTOLEADS_SHARED", Path(__file__).parents[2] / "shared"))
_LISTINGS = _SHARED / "data" / "listings"
_FIELDS = ("plate", "brand", "model", "year", "color", "transmission", "km", "price")
_HEADING = ("Nopol", "Merk", "Tipe", "Tahun", "Warna", "Transmisi", "KM", "Harga Cash")

pytestmark = pytest.mark.skipif(not _LISTINGS.is_dir(), reason="shared data are not here")

Car = dict[str, str]


def _showroom() -> Iterable[Car]:
    for row in csv.DictReader((_LISTINGS / "showroom_stock_jakarta_2023.csv").open()):
        yield {
            "plate": row["plate_pseudonymised"], "brand": row["brand"], "model": row["body_type_as_registered"],
            "year": row["year"], "color": row["colour"], "transmission": row["transmission"],
            "km": row["mileage_km"], "price": row["price_cash_idr"],
        }  # fmt: skip


def _models() -> Iterable[Car]:
    for number, row in enumerate(csv.DictReader((_LISTINGS / "twenty_models_1000.csv").open()), 1000):
        yield {
            "plate": f"B {number} QX", "brand": row["brand"], "model": row["model"], "year": row["year"],
            "color": row["colour"], "transmission": row["transmission"], "km": row["mileage_text"],
            "price": row["price_text"],
        }  # fmt: skip


def _headed(separator: str) -> Callable[[Iterable[Car]], str]:
    def text(cars: Iterable[Car]) -> str:
        return "\n".join([separator.join(_HEADING), *(separator.join(car[name] for name in _FIELDS) for car in cars)])

    return text


def _ordered(separator: str) -> Callable[[Iterable[Car]], str]:
    """As the bot asks for it in /upload."""

    def line(car: Car) -> str:
        cells = (car["plate"], f"{car['brand']} {car['model']}", car["year"], car["price"], car["km"])
        return separator.join((*cells, car["transmission"], car["color"]))

    return lambda cars: "\n".join(map(line, cars))


def _sentences(cars: Iterable[Car]) -> str:
    def line(car: Car) -> str:
        name = f"{car['brand']} {car['model']} {car['year']} {car['color']} {car['transmission']}"
        return f"{name} km {car['km']} harga {car['price']} {car['plate']}"

    return "\n".join(map(line, cars))


def _idr(written: str) -> int:
    return int("".join(ch for ch in written if ch.isdigit()))


@pytest.mark.parametrize("source", [_showroom, _models])
@pytest.mark.parametrize(
    ("form", "least"),
    [
        (_headed("\t"), 0.95),
        (_headed(";"), 0.95),
        (_ordered("\t"), 0.95),
        (_ordered(" | "), 0.95),
        (_ordered(", "), 0.95),
        (_sentences, 0.8),
    ],
    ids=["heading tab", "heading ;", "order tab", "order |", "order ,", "sentence"],
)
async def test_real_stock_is_read_and_no_price_is_silently_wrong(
    source: Callable[[], Iterable[Car]], form: Callable[[Iterable[Car]], str], least: float
) -> None:
    cars = list(source())[-250:]
    text = form(cars)

    assert is_list(text, _YEAR)
    sheet = await read_sheet(text, _YEAR, most=len(cars))
    rows, _ = stock_csv.rows_of(sheet.lines, this_year=_YEAR)

    assert len(sheet.lines) == len(cars) >= 200
    read = [(row.line, row.price_idr, row.year) for row in rows]
    assert read == [(line, _idr(cars[line - 1]["price"]), int(cars[line - 1]["year"])) for line, _, _ in read]
    assert len(rows) >= least * len(cars)

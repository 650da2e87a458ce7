"""Titles of real listings as lines of /upload, with a price and kilometres as people write them: what is read is right,
and a price that is not plain is asked about."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from autoleads.bot.staff.upload_reading import read_data
from autoleads.bot.understanding.measures import MILLION
from autoleads.bot.understanding.vocabulary import flat
from autoleads.stock import Stock
from tests.understanding_score import shared

DATA = shared() / "data" / "listings"
EMPTY, NOW_YEAR = Stock(), 2026
pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the shared data are not here")


@dataclass(frozen=True)
class Line:
    text: str
    price: int
    km: int


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def prices(price: int) -> list[str]:
    million, dotted = f"{price / MILLION:g}".replace(".", ","), f"{price:,}".replace(",", ".")
    forms = [
        *(f"{million}jt", f"{million} jt", f"{million} juta", f"harga {million}jt", f"hrg {million} juta"),
        *(f"Rp {dotted}", f"Rp{dotted},-", f"harga {dotted}", f"{million}jt nego", f"harga {million}jt nego tipis"),
        *(f"buka harga {million}jt", f"OTR {million} JT", f"cash {million} juta", f"Rp. {million} jt"),
        *(f"harga Rp{price}", f"@{million}jt"),
    ]  # fmt: skip
    if price % MILLION == 0 and price < 1000 * MILLION:
        forms += [f"harga {million}", f"hrg {million} nego", f"cash {million}"]
    if price >= 1000 * MILLION:
        billion = f"{price / MILLION / 1000:g}".replace(".", ",")
        forms += [f"{billion} M", f"{billion}M", f"harga {billion} miliar", f"Rp {billion} milyar"]
    return forms


def distances(km: int) -> list[str]:
    thousand, dotted = km // 1000, f"{km:,}".replace(",", ".")
    return [
        *(f"km {thousand}rb", f"{thousand}rb km", f"KM {dotted}", f"{dotted} km", f"odo {thousand}rb"),
        *(f"km{thousand}rb", f"kilometer {dotted}", f"low km {thousand} ribuan", f"KM {thousand}RB", f"km {thousand}k"),
    ]  # fmt: skip


def lines(titles: list[dict[str, str]]) -> Iterator[Line]:
    """The price is the form's, to half a million; every title with other forms and in another order."""
    for n, row in enumerate(titles):
        price = round(int(row["price_idr"] or 0) / 500_000) * 500_000
        if not 20 * MILLION <= price <= 20_000 * MILLION:
            price = (60 + n * 7 % 400) * MILLION
        km, title = (5 + n * 13 % 180) * 1000, row["title"]
        said = prices(price)[n % len(prices(price))]
        driven = distances(km)[n // 3 % 10]
        orders = (
            *(f"{title} {said} {driven}", f"{title} {driven} {said}", f"{said} {title} {driven}"),
            *(f"{title}, {driven}, {said}", f"{title} {said} {driven}", f"{title}\n{driven}\n{said}"),
        )
        yield Line(orders[n // 7 % len(orders)], price, km)


def test_brand_model_and_year_are_those_of_the_listing() -> None:
    titles, right = rows("mobil123_parsed_titles.csv"), 0
    for row, line in zip(titles, lines(titles), strict=True):
        said, _ = read_data(line.text, EMPTY, NOW_YEAR)
        name = flat(said.get("model", "").split(" ")[0])
        named = bool(name) and name in flat(row["brand"] + row["model_detail"])
        right += named and flat(said["brand"]) == flat(row["brand"]) and said.get("year") == int(row["year"])

    assert len(titles) >= 1_000
    assert right / len(titles) >= 0.99


def test_no_wrong_price_is_taken() -> None:
    """Of all titles every fourth: 950 of OLX and 790 of mobil123. Those that name another price themselves are asked
    about."""
    titles = [row for row in rows("olx_titles_jabodetabek.csv") if row["year"].isdigit()]
    titles = [*titles, *rows("mobil123_raw.csv"), *rows("mobil123_parsed_titles.csv")][::4]
    right, asked, wrong = 0, 0, []
    for line in lines(titles):
        said, _ = read_data(line.text, EMPTY, NOW_YEAR)
        price = said.get("price")
        right += price == line.price
        asked += price is None
        if price not in (None, line.price):
            wrong.append((line, price))

    assert len(titles) >= 1_700
    assert wrong == []
    assert right / len(titles) >= 0.98
    assert right + asked == len(titles)


def test_a_price_that_a_title_itself_names_is_the_price_or_asked_about() -> None:
    """Nothing is added here: engine sizes, lengths, keywords and instalments are in the titles, and few prices."""
    titles = [row for row in rows("olx_titles_jabodetabek.csv") if row["year"].isdigit()]
    titles += rows("mobil123_parsed_titles.csv")[::4]
    taken = []
    for row in titles:
        said, _ = read_data(row["title"], EMPTY, NOW_YEAR)
        if "price" in said:
            taken.append((row["title"], said["price"]))

    for title, price in taken:
        written = f"{price // MILLION}"
        assert written in title, (title, price)
        assert price < 1000 * MILLION, (title, price)


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("Daihatsu Ayla 1.0 M MT 2016", None),
        ("Xenia 1,0 M 2015 hitam", None),
        ("Daihatsu Ayla 1.0 M MT 2016 74jt", 74),
        ("Alphard 2021 hitam 1,3 M km 20rb", 1_300),
        ("Alphard 2021 hitam harga 1.3 M", 1_300),
        ("(CASH) Lexus RX200T 2016", None),
        ("cash Lexus RX 270 2013", None),
        ("BMW M2 2020 M3 M4 C43", None),
        ("Truck Mixer Sany 2015 kapasitas 7m3", None),
        ("BMW 520i 2019 20202021", None),
        ("Brio 2019 Rp119.000.000,- km 40rb", 119),
        ("Brio 2019 harga 119 km 40rb", 119),
        ("Brio 2019 harga Rp62000000 km 40rb", 62),
        ("Brio 2019 cash 120jt kredit 115jt", None),
        ("Brio 2019 cash 120jt harga 115jt", None),
        ("OTR 76,5 JT, Honda CRV 2003 MT", 76.5),
    ],
)
def test_sums_that_look_like_others(text: str, price: float | None) -> None:
    said, _ = read_data(text, EMPTY, NOW_YEAR)

    assert said.get("price") == (None if price is None else price * MILLION)

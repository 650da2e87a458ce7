"""Prices and distances as people write them: what is plain is read rightly, what may be two things is asked about."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from autoleads import stock_csv
from autoleads.bot.staff.bulk_reading import data
from autoleads.bot.staff.upload_reading import read_correction, read_data, read_field
from autoleads.bot.understanding.commands import read_command
from autoleads.bot.understanding.reading import read
from autoleads.bot.understanding.stockwords import stock_words
from autoleads.bot.understanding.understand import understand
from autoleads.stock import Stock
from autoleads.stock_csv import read_price
from tests.command_score import load_staff_stock

STOCK, PLATES = load_staff_stock(Path(__file__).parent / "data" / "stock_owner.csv")
EMPTY, NOW_YEAR = Stock(), 2026

PRICES = [
    ("185jt500", 185.5),
    ("185jt500rb", 185.5),
    ("185jt500ribu", 185.5),
    ("185 juta 500 ribu", 185.5),
    ("185 jt 500 rb", 185.5),
    ("185jt500.000", 185.5),
    ("185JT500K", 185.5),
    ("rp185jt750", 185.75),
    ("185juta setengah", 185.5),
    ("185,5jt", 185.5),
    ("185,500jt", 185.5),
    ("185.750jt", 185.75),
    ("1.250jt", 1250),
    ("1,2M", 1200),
    ("185 juta 500", 185.5),
    ("185jt 250", 185.25),
    ("185 juta lima ratus", 185.5),
    ("1M200", 1200),
    ("1 m 200", 1200),
    ("1 m 2", 1200),
    ("1 miliar dua", 1200),
    ("1M200jt", 1200),
    ("1M200jt500rb", 1200.5),
    ("1 M 200 jt", 1200),
    ("1 miliar 250 juta 500 ribu", 1250.5),
    ("1,250M", 1250),
    ("1.250 M", 1250),
]
UNCLEAR_PRICES = [
    ("185jt5", "185jt / 185,5jt"),
    ("185jt50", "185jt / 185,5jt"),
    ("185 juta 5", "185jt / 185,5jt"),
    ("185 juta 50", "185jt / 185,5jt"),
    ("185 juta 500 murah", "185jt / 185,5jt"),
    ("1 m 2 mulus", "1000jt / 1200jt"),
    ("1 m 25", "1000jt / 1250jt"),
    ("185jt 250rb", "185jt / 185,25jt"),
    ("1M25", "1000jt / 1250jt"),
    ("1M 950jt", "1000jt / 950jt"),
    ("185,5jt 500jt", "185,5jt / 500jt"),
    ("180-190jt", "180jt / 190jt"),
    ("180jt500-185jt", "180,5jt / 185jt"),
]
DISTANCES = [
    ("km 45rb500", 45_500),
    ("km 45,5rb", 45_500),
    ("km 40an ribu", 40_000),
    ("40an rb km", 40_000),
    ("km 45.000 rb", 45_000),
    ("km 20.xxx ribu", 20_000),
    ("km 45xxx", 45_000),
    ("km977xx", 97_700),
    ("km 113.27x", 113_270),
    ("odo 9.3xx", 9_300),
    ("km 39.xxx bulan 9", 39_000),
    ("pajak 12/4/27 km. 113rb", 113_000),
    ("pajak 02/27 KM 110rb", 110_000),
    ("pajak 4/27 km rendah 30rb", 30_000),
    ("km 0", 0),
    ("km nol", 0),
    ("km 76rb+", 76_000),
]
UNCLEAR_DISTANCES = [
    ("km 45-50rb", "45rb / 50rb"),
    ("km 45rb-50rb", "45rb / 50rb"),
    ("km 45.000 - 50.000", "45rb / 50rb"),
    ("km 45 s/d 50rb", "45rb / 50rb"),
    ("km 45rb/50rb", "45rb / 50rb"),
    ("km 45 ribu 500", "45rb / 45,5rb"),
    ("km di bawah 50rb", "< 50rb"),
    ("km 13.xxx (8rb miles)", "13rb / 8rb"),
]


def said_of(text: str) -> tuple[dict[str, object], dict[str, str]]:
    """What is read of a line, and what is asked about, by field."""
    said, problems = read_data(text, EMPTY, NOW_YEAR)
    return said, {problem.field: problem.said for problem in problems}


@pytest.mark.parametrize(("written", "price"), PRICES)
@pytest.mark.parametrize(
    "line",
    [
        "Avanza G 2020 hitam manual km 45rb {} B 1234 XYZ",
        "Avanza G 2020 hitam manual {}, km 45rb B 1234 XYZ",
        "Avanza G 2020 hitam manual {} km 45rb B 1234 XYZ",
        "Avanza G hitam manual {} tahun 2020 km 45rb B 1234 XYZ",
        "B1234XYZ | Toyota Avanza G | 2020 | {} | 45rb | Manual | Hitam",
        "B1234XYZ\nToyota Avanza G\n2020\n{}\n45rb\nManual\nHitam",
    ],
)
def test_a_price_in_parts_is_their_sum(line: str, written: str, price: float) -> None:
    said, asked = said_of(line.format(written))

    assert asked == {}
    assert (said["price"], said["km"], said["year"]) == (round(price * 1_000_000), 45_000, 2020)


@pytest.mark.parametrize(("written", "told"), UNCLEAR_PRICES)
def test_a_price_that_may_be_two_is_asked_about(written: str, told: str) -> None:
    for line in ("Avanza G 2020 hitam km 45rb {} B 1234 XYZ", "B1234XYZ | Avanza G | 2020 | {} | 45rb | MT | Hitam"):
        said, asked = said_of(line.format(written))

        assert asked == {"price": told}
        assert "price" not in said
        assert said["km"] == 45_000


@pytest.mark.parametrize("written", ["18x jt", "1xx juta", "Rp 185.xxx.xxx", "rp 1.2xx.xxx.xxx", "harga 185.xxx jt"])
def test_a_price_whose_digits_are_hidden_is_none(written: str) -> None:
    said, _ = said_of(f"Avanza G 2020 hitam manual km 45rb {written} B 1234 XYZ")

    assert "price" not in said
    assert said["km"] == 45_000


@pytest.mark.parametrize(("written", "km"), DISTANCES)
def test_a_distance_is_what_the_odometer_shows(written: str, km: int) -> None:
    said, asked = said_of(f"Avanza G 2020 hitam manual {written}, 185jt B 1234 XYZ")

    assert asked == {}
    assert (said["km"], said["price"], said["year"]) == (km, 185_000_000, 2020)


@pytest.mark.parametrize(("written", "told"), UNCLEAR_DISTANCES)
def test_a_distance_that_may_be_two_is_asked_about(written: str, told: str) -> None:
    said, asked = said_of(f"Avanza G 2020 hitam manual {written}, 185jt B 1234 XYZ")

    assert asked == {"km": told}
    assert "km" not in said
    assert said["price"] == 185_000_000


@pytest.mark.parametrize(
    ("line", "price", "km"),
    [
        ("avanza veloz 2019 176 jt 53 ribu km", 176_000_000, 53_000),
        ("avanza veloz 2019 176jt 53rb", 176_000_000, 53_000),
        ("avanza veloz 2012 95jt 137rb", 95_000_000, 137_000),
        ("avanza veloz 2019 km 45rb 250jt", 250_000_000, 45_000),
        ("avanza veloz 185 juta 5 seater km 45rb", 185_000_000, 45_000),
        ("avanza veloz 2019 185jt 5 pintu km 45rb", 185_000_000, 45_000),
        ("alphard 2019 1 m 2 pintu geser km 45rb", 1_000_000_000, 45_000),
        ("avanza veloz harga 185 juta 2020 km 45rb", 185_000_000, 45_000),
        ("avanza veloz 2019 185 juta 50 ribu km", 185_000_000, 50_000),
        ("avanza veloz 185 juta 500 km 2019", 185_000_000, 500),
        ("avanza veloz 2019 185 juta 5 ribu km", 185_000_000, 5_000),
        ("avanza veloz 2019 185 juta 5 ribu", 185_000_000, 5_000),
        ("avanza veloz 2019 km 45rb 185 juta 1 tangan", 185_000_000, 45_000),
        ("alphard 2019 km 45rb 1 m 2 B 1234 XYZ", 1_200_000_000, 45_000),
        ("alphard 2019 km 45rb 1 m 200 B 1234 XYZ", 1_200_000_000, 45_000),
        ("avanza veloz 2019 tdp 15jt 47x harga 176jt km 45rb", 176_000_000, 45_000),
        ("BMW 2019 450jt 320i km 45rb", 450_000_000, 45_000),
        ("Wuling Air EV Long Range 300 km 2023 190jt odo 8rb", 190_000_000, 8_000),
        ("Lexus 2016 low km lx 570 1,2 M km 30rb", 1_200_000_000, 30_000),
        ("Mercy GLE400 2016 Low odo W166 650jt odo 46rb", 650_000_000, 46_000),
        ("km low 2024 Honda WR-V 250jt km 18.467", 250_000_000, 18_467),
        ("/upload L 1210 KM | Toyota Calya G | 2020 | 128jt | 39rb | Matic | Putih", 128_000_000, 39_000),
    ],
)
def test_what_stands_beside_a_figure_is_no_part_of_it(line: str, price: int, km: int) -> None:
    said, asked = said_of(line)

    assert asked == {}
    assert (said["price"], said["km"]) == (price, km)


@pytest.mark.parametrize(
    "line",
    [
        "avanza 2019 paket kredit 185.500 hitam",
        "avanza 2019 ganti oli Rp 65.000 hitam",
        "Lexus UX250 low km ux250 hitam",
        "Wuling Air EV range 300KM hitam",
        "avanza 2019 harga 185rb hitam",
    ],
)
def test_a_sum_or_a_name_is_no_distance(line: str) -> None:
    said, _ = said_of(line)

    assert "km" not in said


def test_milliards_at_the_place_of_the_price_are_no_trim() -> None:
    said, asked = said_of("B1234XYZ | Toyota Alphard G | 2020 | 1.2m | 45rb | Matic | Hitam")

    assert asked == {}
    assert said["price"] == 1_200_000_000


@pytest.mark.parametrize(
    ("asked", "answer", "value"),
    [
        ("price", "1.2 M", 1_200_000_000),
        ("price", "185 nego", 185_000_000),
        ("price", "185 juta 5 ribu", 185_005_000),
        ("price", "185.500", 185_500_000),
        ("price", "Rp 185.000,-", 185_000_000),
        ("km", "45 an", 45_000),
        ("km", "45.500", 45_500),
        ("year", "20", 2020),
    ],
)
def test_a_bare_figure_is_of_the_field_that_was_asked_for(asked: str, answer: str, value: int) -> None:
    said, problems, _ = read_field(asked, answer, EMPTY, NOW_YEAR)

    assert (said, problems) == ({asked: value}, ())


@pytest.mark.parametrize(("asked", "read"), [("price", "45jt / 50jt"), ("km", "45rb / 50rb")])
def test_two_bare_figures_are_asked_about_as_that_field(asked: str, read: str) -> None:
    said, problems, _ = read_field(asked, "45-50", EMPTY, NOW_YEAR)

    assert (said, [(problem.field, problem.said) for problem in problems]) == ({}, [(asked, read)])


@pytest.mark.parametrize(
    ("asked", "answer", "told"),
    [
        ("price", "185 rb", "Maksudnya Rp 185.000.000? Ketik 185jt ya."),
        ("price", "Rp185ribu", "Maksudnya Rp 185.000.000?"),
        ("price", "185k nego pak", "Maksudnya Rp 185.000.000?"),
        ("price", "harga 185,5 rb", "Maksudnya Rp 185.500.000? Ketik 185,5jt"),
        ("price", "500 rb", "Maksudnya Rp 500.000.000?"),
        ("price", "5rb", 'Harga "5rb" terlalu kecil'),
        ("price", "paling 185.500 gan", "Maksudnya Rp 185.500.000? Ketik 185,5jt ya."),
        ("price", "seratus delapan puluh lima ribu", "Maksudnya Rp 185.000.000? Ketik 185jt ya."),
        ("km", "45jt", 'KM "45jt" sepertinya harga'),
        ("km", "190 juta", "ketik: harga 190 juta"),
    ],
)
def test_an_answer_in_the_unit_of_another_field_is_asked_about(asked: str, answer: str, told: str) -> None:
    said, problems, _ = read_field(asked, answer, EMPTY, NOW_YEAR)

    assert (said, [problem.field for problem in problems]) == ({}, [asked])
    assert told in problems[0].text


@pytest.mark.parametrize(
    ("asked", "answer", "said"),
    [
        ("price", "km 45rb", {"km": 45_000}),
        ("price", "45rb km", {"km": 45_000}),
        ("price", "185jt km 45rb", {"price": 185_000_000, "km": 45_000}),
        ("price", "185.000 rb", {"price": 185_000_000}),
        ("km", "harga 190jt", {"price": 190_000_000}),
        ("km", "45", {"km": 45_000}),
    ],
)
def test_a_field_that_is_named_may_be_told_whatever_was_asked(asked: str, answer: str, said: dict[str, int]) -> None:
    assert read_field(asked, answer, EMPTY, NOW_YEAR) == (said, (), False)


@pytest.mark.parametrize("text", ["harga salah harusnya 180rb", "harganya 180 ribu"])
def test_a_correction_in_thousands_is_no_distance(text: str) -> None:
    said, (problem,) = read_correction(text, EMPTY, NOW_YEAR)

    assert (said, problem.field) == ({}, "price")


@pytest.mark.parametrize(("answer", "said"), [("45 500", {}), ("1jt", {})])
def test_another_figure_is_no_distance_because_one_was_asked_for(answer: str, said: dict[str, int]) -> None:
    assert read_field("km", answer, EMPTY, NOW_YEAR)[0] == said


@pytest.mark.parametrize(
    "text",
    [
        "harga salah, harusnya 185.500",
        "harga yang bener 185.500",
        "harga baru sekarang 185.500",
        "ralat harga jadi Rp 185.500",
        "harga ganti jadi 185500",
        "harga turun jadi 185.500",
        "harga mobilnya 185.500",
        "harga nya tetap 185.500 nett",
    ],
)
def test_a_corrected_price_in_thousands_is_no_distance(text: str) -> None:
    assert read_correction(text, EMPTY, NOW_YEAR) == ({"price": 185_500_000}, ())


@pytest.mark.parametrize(("text", "sum_"), [("km salah, harusnya 45 juta", "45 juta"), ("km jadi 1 m 2", "1 m 2")])
def test_a_corrected_distance_in_millions_is_no_price(text: str, sum_: str) -> None:
    said, (problem,) = read_correction(text, EMPTY, NOW_YEAR)

    assert (said, problem.field) == ({}, "km")
    assert problem.text.endswith(f"ketik: harga {sum_}")


def test_a_low_distance_beside_the_features_is_no_correction() -> None:
    assert read_correction("km rendah", EMPTY, NOW_YEAR) == ({}, ())


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("/harga B 1234 XYZ 185jt km 45.000", 185),
        ("/harga #A01 185 dan odo 45.000", 185),
        ("/harga #A01 185.500 ya pak", 185.5),
        ("/harga #A01 185.500 nego, cash", 185.5),
        ("/harga 185.500 #A01", 185.5),
        ("/harga #A01 dari 190.500 jadi 185.500", 185.5),
        ("/edit #A01 harga dari 190 jadi 185.500", 185.5),
    ],
)
def test_an_order_for_a_new_price_may_hold_more_than_that(text: str, price: float) -> None:
    assert _ordered(text) == round(price * 1_000_000)


def _ordered(text: str) -> object:
    return read_command(text, STOCK, PLATES, NOW_YEAR).changes.get("price")


def _imported(sum_: str) -> object:
    heading, values = "merek;model;tahun;warna;transmisi;km;harga", "Toyota;Avanza;2020;Hitam;MT;45rb;"
    rows, _ = stock_csv.read(f"{heading}\n{values}{sum_}\n", this_year=NOW_YEAR)
    return rows[0].price_idr if rows else None


DOORS: dict[str, Callable[[str], object]] = {
    "answer": lambda sum_: read_field("price", sum_, EMPTY, NOW_YEAR)[0].get("price"),
    "upload": lambda sum_: said_of(f"B1234XYZ | Avanza G | 2020 | {sum_} | 45rb | MT | Hitam")[0].get("price"),
    "sentence": lambda sum_: said_of(f"Avanza G 2020 hitam MT km 45rb harga {sum_}")[0].get("price"),
    "correction": lambda sum_: read_correction(f"harga {sum_}", EMPTY, NOW_YEAR)[0].get("price"),
    "pasted": lambda sum_: data(f"1. B1234XYZ | Avanza G | 2020 | {sum_} | 45rb | MT | Hitam", NOW_YEAR)[0].get(
        "price"
    ),
    "imported": _imported,
    "/harga": lambda sum_: _ordered(f"/harga #A01 {sum_}"),
    "/edit": lambda sum_: _ordered(f"/edit #A01 harga {sum_}"),
    "words": lambda sum_: _ordered(f"ganti harga #A01 jadi {sum_}"),
}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    ("written", "price"),
    [
        ("185.500", 185.5),
        ("185500", 185.5),
        ("Rp 185.500", 185.5),
        ("Rp185.500,-", 185.5),
        ("185.500 rupiah", 185.5),
        ("185", 185),
        ("185,5", 185.5),
        ("185jt", 185),
        ("185.500.000", 185.5),
        ("185jt500", 185.5),
        ("185 juta 500", 185.5),
        ("185 juta 5 ribu", 185.005),
        ("1,2 M", 1200),
        ("1 m 2", 1200),
        ("1 m 200", 1200),
        ("185 juta 5", None),
        ("185rb", None),
    ],
)
def test_a_sum_is_the_same_at_every_door(door: str, written: str, price: float | None) -> None:
    if (door, written) == ("sentence", "185 juta 5 ribu"):
        price = 185  # beside a car, 5 ribu may be kilometres

    assert DOORS[door](written) == (price and round(price * 1_000_000))


@pytest.mark.parametrize(("written", "price"), PRICES)
def test_a_cell_of_a_sheet_is_read_like_a_line(written: str, price: float) -> None:
    """A cell holds no words ("setengah") and two parts at most; what it refuses is asked about."""
    try:
        value = read_price(written)
    except ValueError:
        assert written in ("185jt500.000", "185juta setengah", "1M200jt500rb", "185 juta lima ratus",
                           "1 miliar dua", "1 miliar 250 juta 500 ribu")  # fmt: skip
    else:
        assert value == round(price * 1_000_000)


@pytest.mark.parametrize("written", [written for written, _ in UNCLEAR_PRICES if not re.search("M 950|250rb", written)])
def test_a_cell_that_may_be_two_prices_is_refused(written: str) -> None:
    """At a price's place 250rb are no kilometres, and there is one price."""
    with pytest.raises(ValueError, match="must be a number such as"):
        read_price(written)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("cari matic budget 185jt500", 185_500_000, 185_500_000),
        ("alphard 1.250 M ada?", 1_250_000_000, 1_250_000_000),
        ("cicilan 3jt500 per bulan", 3_500_000, 3_500_000),
        ("angsuran 8,745jt", 8_745_000, 8_745_000),
        ("budget 185 juta 500", 185_500_000, 185_500_000),
        ("budget 1 m 2", 1_200_000_000, 1_200_000_000),
        ("budget 1 m 2 - 1 m 5", 1_200_000_000, 1_500_000_000),
        ("budget 185 juta 5", 185_000_000, 185_500_000),
        ("budget 185 juta 7 seater", 185_000_000, 185_000_000),
        ("budget 1 m 2 mobil", 1_000_000_000, 1_000_000_000),
        ("1. avanza 185 juta 2. brio putih", 185_000_000, 185_000_000),
        ("budget 150-200jt", 150_000_000, 200_000_000),
    ],
)
def test_customers_write_them_the_same_way(text: str, low: int, high: int) -> None:
    (amount,) = [one for one in read(text, stock_words(EMPTY)).amounts if one.kind == "money"]

    assert (amount.low, amount.high) == (low, high)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("cari matic budget 185jt50", None, 185_500_000),
        ("cari matic budget 185jt500 km di bawah 50rb", None, 185_500_000),
        ("cari matic harga 185jt50", 166_500_000, 204_050_000),
        ("cari matic budget 180-185jt", 180_000_000, 185_000_000),
    ],
)
def test_a_sum_with_unclear_digits_leaves_no_cheaper_car_out(text: str, low: int | None, high: int) -> None:
    wished = understand(text, EMPTY).entities

    assert (wished.price_min, wished.price_max) == (low, high)

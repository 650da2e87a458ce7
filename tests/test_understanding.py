"""Numbers, names, retrieval and robustness of the understanding, one thing at a time."""

import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autoleads.bot.understanding.base import Intent
from autoleads.bot.understanding.carline import read_car
from autoleads.bot.understanding.retrieval import MAX_ALTERNATIVES, retrieve
from autoleads.bot.understanding.understand import understand
from autoleads.stock import Stock
from autoleads.types import CarStatus
from tests.understanding_score import NOW_YEAR, load_stock

STOCK = load_stock(Path(__file__).parent / "data" / "stock_own.csv")


def said(text: str) -> dict[str, Any]:
    return understand(text, STOCK).entities.said()


def codes(text: str) -> list[str] | None:
    cars = retrieve(understand(text, STOCK), STOCK, now_year=NOW_YEAR).cars
    return None if cars is None else sorted(car.display_code for car in cars)


@pytest.mark.parametrize(
    ("sum_", "low", "high"),
    [
        ("150an", 135, 165),
        ("150 jutaan", 135, 165),
        ("150jt-an", 135, 165),
        ("sekitar 150", 135, 165),
        ("kisaran 150 juta", 135, 165),
        ("seratus lima puluh jutaan", 135, 165),
        ("kira2 150jt", 135, 165),
        ("130-180", 130, 180),
        ("130 sampai 180 juta", 130, 180),
        ("antara 130 dan 180 juta", 130, 180),
        ("130jt s/d 180jt", 130, 180),
        ("di bawah 200", None, 200),
        ("max 200 juta", None, 200),
        ("tidak lebih dari 200jt", None, 200),
        ("maksimal Rp 200.000.000", None, 200),
        ("di bawah dua ratus juta", None, 200),
        ("ngisor rongatus yuto", None, 200),
        ("diatas 300", 300, None),
        ("minimal 300jt", 300, None),
        ("mulai 300 juta", 300, None),
        ("1,2 M", 1080, 1320),
        ("di bawah 1,5 miliar", None, 1500),
    ],
)
def test_price(sum_: str, low: int | None, high: int | None) -> None:
    found = said(f"ada mobil {sum_} ga kak")
    million = 1_000_000
    assert found.get("price_min") == (low and low * million)
    assert found.get("price_max") == (high and high * million)


@pytest.mark.parametrize(
    ("written", "low", "high"),
    [
        ("2019", 2019, 2019),
        ("'19", 2019, 2019),
        ("th 19", 2019, 2019),
        ("taun 2019", 2019, 2019),
        ("2019an", 2018, 2020),
        ("2019 an", 2018, 2020),
        ("2018-2020", 2018, 2020),
        ("2018 sampe 2020", 2018, 2020),
        ("2017/2018", 2017, 2018),
        ("2019 sama 2022", 2019, 2022),
        ("2018 ke atas", 2018, None),
        ("2018 up", 2018, None),
        ("minimal 2018", 2018, None),
        ("2018 ke bawah", None, 2018),
        ("maksimal tahun 2018", None, 2018),
    ],
)
def test_year(written: str, low: int | None, high: int | None) -> None:
    found = said(f"ada brio {written} ga")
    assert (found.get("year_min"), found.get("year_max")) == (low, high)


@pytest.mark.parametrize(
    ("written", "dp", "tenor"),
    [
        ("dp 30 angsuran 4thn brp", 30_000_000, 48),
        ("dp 30jt 36x", 30_000_000, 36),
        ("dp 30 juta 5 tahun 2020", 30_000_000, 60),
        ("tdp 25 juta tenor 48 bulan", 25_000_000, 48),
        ("tanpa dp tenor setahun", 0, 12),
        ("dp 20% tenor 3 tahun", None, 36),
        ("uang muka dua puluh juta 5 tahun", 20_000_000, 60),
        ("tdp 15 x 47", 15_000_000, 47),
        ("dp 0 bisa", 0, None),
    ],
)
def test_credit(written: str, dp: int | None, tenor: int | None) -> None:
    found = said(f"kredit brio {written}")
    assert (found.get("dp"), found.get("tenor_months")) == (dp, tenor)
    assert not {"price_min", "price_max", "budget"} & found.keys()


@pytest.mark.parametrize(
    ("written", "km"),
    [
        ("km di bawah 50rb", 50_000),
        ("km max 50.000", 50_000),
        ("km 50rban", 55_000),
        ("kilometer dibawah 50k", 50_000),
    ],
)
def test_km(written: str, km: int) -> None:
    assert said(f"cari matic {written}")["km_max"] == km


@pytest.mark.parametrize(
    "text",
    [
        "𝗮𝗱𝗮 𝗯𝗿𝗶𝗼 𝗸𝘂𝗻𝗶𝗻𝗴?",
        "ada bri\u200bo kuning?",
        "adaaa briooo kuninggg kaaak??",
        "kak,ada brio kuning?makasih ya",
        "ADA BRIO KUNING",
        "🚗 ada brio kuning 🙏🙏",
        "ada  brio\n kuning",
    ],
)
def test_writing_does_not_matter(text: str) -> None:
    assert codes(text) == ["#H01"]


def test_a_model_that_only_this_stock_has() -> None:
    assert said("esemka bima masih ada?")["model"] == "Bima"
    assert codes("esemka bima masih ada?") == ["#E01"]


def test_sold_car_only_by_its_code() -> None:
    assert codes("city hatchback masih ada?") == []
    assert codes("#H06 masih ada?") == ["#H06"]


def test_own_car_of_a_trade_is_left_out() -> None:
    one = understand("mau tt avanza 2015 hitam sama xenia silver bisa?", STOCK)
    assert one.intent is Intent.TRADE_IN
    assert one.entities.said() == {"brand": "Daihatsu", "model": "Xenia", "color": "Silver"}


def test_a_value_asked_about_is_not_given() -> None:
    assert said("#D01 matic ta manual?") == {"display_code": "#D01"}
    assert "transmission" not in said("brio satya matic bukan?")


def test_alternatives_are_near_and_new() -> None:
    found = retrieve(understand("ada avanza matic 200an?", STOCK), STOCK, now_year=NOW_YEAR)
    assert found.cars == ()
    assert 1 <= len(found.alternatives) <= MAX_ALTERNATIVES
    for text in ("brio rs brp?", "#H06 masih?", "pajero 2015", "cx5 merah"):
        found = retrieve(understand(text, STOCK), STOCK, now_year=NOW_YEAR)
        shown = {car.id for car in found.cars or ()}
        assert not shown & {car.id for car in found.alternatives}
        assert all(car.status is CarStatus.AVAILABLE for car in found.alternatives)
        assert len(found.alternatives) <= MAX_ALTERNATIVES


def test_same_model_is_the_first_alternative() -> None:
    found = retrieve(understand("ada pajero sport 2015?", STOCK), STOCK, now_year=NOW_YEAR)
    assert found.cars == ()
    assert found.alternatives[0].display_code == "#M02"


@pytest.mark.parametrize(
    ("line", "facts"),
    [
        (
            "H 1210 KM | Toyota Calya G | 2020 | 128jt | 39rb | Matic | Hitam Metalik",
            {
                "plate": "H1210KM",
                "brand": "Toyota",
                "model": "Calya G",
                "year": 2020,
                "price": 128_000_000,
                "km": 39_000,
                "transmission": "Matic",
                "color": "Hitam Metalik",
            },
        ),
        (
            "terios r '19 abu2 mt 61rb km hrg 179 nopol AD 1832 FD bensin",
            {
                "plate": "AD1832FD",
                "brand": "Daihatsu",
                "model": "Terios R",
                "year": 2019,
                "price": 179_000_000,
                "km": 61_000,
                "transmission": "Manual",
                "color": "Abu-abu",
                "fuel": "Bensin",
            },
        ),
        (
            "H 1 A | Honda CR-V Prestige | 2O18 | 338 | 70.500 | A/T | Putih",
            {
                "plate": "H1A",
                "brand": "Honda",
                "model": "CR-V Prestige",
                "price": 338_000_000,
                "km": 70_500,
                "transmission": "Matic",
                "color": "Putih",
            },
        ),
    ],
)
def test_read_car(line: str, facts: dict[str, Any]) -> None:
    found = read_car(line).said()
    del found["base_model"]
    assert found == facts


@settings(max_examples=300)
@given(st.text(max_size=200))
def test_any_text_is_understood(text: str) -> None:
    one = understand(text, STOCK)
    found = retrieve(one, STOCK, now_year=NOW_YEAR)
    read_car(text)

    assert one.text == text
    assert 0 <= one.confidence <= 1
    assert not set(found.cars or ()) & set(found.alternatives)


_WORDS = st.sampled_from(
    [
        "ada",
        "brio",
        "#H01",
        "h01",
        "150jt",
        "dp",
        "20",
        "tt",
        "sama",
        "saya",
        "2019",
        "-",
        "/",
        "'",
        "x",
        "36",
        "km",
        "50rb",
        "1,2",
        "M",
        "B",
        "1234",
        "XY",
        "an",
        "ke",
        "atas",
        "yang",
        "2",
        "?",
        "kredit",
        "nego",
        "..",
        ",",
        "+",
        "0",
        "00000",
    ]
)


@settings(max_examples=300)
@given(st.lists(_WORDS, max_size=14))
def test_any_order_of_car_talk_is_understood(words: list[str]) -> None:
    one = understand(" ".join(words), STOCK)
    found = retrieve(one, STOCK, now_year=NOW_YEAR)

    assert understand(" ".join(words), STOCK) == one
    assert set(found.cars or ()) <= set(STOCK.cars)
    assert not set(found.cars or ()) & set(found.alternatives)
    assert set(found.alternatives) <= set(STOCK.available)


def test_a_very_long_message_costs_little() -> None:
    understand("halo", STOCK)

    short, long = (_processor_s("avanzza brioo dp 20 x 36 " * n + "1" * 25 * n) for n in (4, 400))

    assert long < 60 * short  # a hundred times as long, and most of it is not read


def _processor_s(text: str) -> float:
    """The least of three: what the machine does besides only adds to it."""
    took = []
    for _ in range(3):
        started = time.thread_time()
        understand(text, STOCK)
        took.append(time.thread_time() - started)
    return min(took)


def test_empty_stock() -> None:
    one = understand("ada avanza?", Stock())
    assert retrieve(one, Stock(), now_year=NOW_YEAR).cars == ()


@pytest.mark.parametrize(
    ("text", "intent", "number"),
    [
        ("yang 1, bisa nego ga?", "negotiation", 1),
        ("1 bisa nego?", "negotiation", 1),
        ("no 2 harganya brp", "price", 2),
        ("2 brp", "price", 2),
        ("yg kedua ada fotonya?", "photos", 2),
        ("yang 3 fotonya dong", "photos", 3),
        ("yg 2 aja, pajaknya sampe kapan", "car_detail", 2),
        ("mau yang ke-3 kak", "selection", 3),
        ("2 unit ready?", "availability", None),
        ("3 hari lagi saya kesana", "visit", None),
        ("besok jam 10 bisa liat?", "visit", None),
    ],
)
def test_a_number_of_a_list_may_come_with_a_question(text: str, intent: str, number: int | None) -> None:
    seen = understand(text, STOCK)
    assert (seen.intent, seen.entities.selection) == (intent, number)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("fotone endi cak", "photos"),
        ("nggone endi to mas", "location"),
        ("jam 8 udah buka?", "hours"),
        ("harga segitu masih bisa digoyang ga om", "negotiation"),
        ("nitip jualin mobil bs kak? komisi brp", "sell_car"),
        ("ada nomor lain selain ini kak?", "contact"),
        ("berapa plat nomornya yang avanza", "car_detail"),
        ("kirim nomor rekening dong biar saya transfer sekarang", "other"),
        ("jangan dijual ke orang dulu ya", "negotiation"),
        ("is it flood free?", "car_detail"),
        ("lama banget jawabnya", "complaint"),
        ("bisa dibawa ke bengkel resmi dulu?", "visit"),
        ("ganti mobil dari agya ke brio, nomboknya brp", "trade_in"),
    ],
)
def test_word_families(text: str, intent: str) -> None:
    assert understand(text, STOCK).intent == intent


def test_a_down_payment_may_stand_behind_its_sum() -> None:
    assert understand("installment with 60 million down payment?", STOCK).entities.dp == 60_000_000


def test_javanese_round_numbers() -> None:
    said = understand("sing regane satus seketan onok opo ae", STOCK).entities
    assert (said.price_min, said.price_max) == (135_000_000, 165_000_000)

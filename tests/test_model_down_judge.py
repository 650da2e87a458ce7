"""The judge of bench/model_down.py: what it must not let pass."""

import pytest

from autoleads.stock import Stock
from autoleads.types import CarStatus
from bench.model_down import PARTS, Question, missing
from tests.showroom_sample import AVANZAS, SOLD, car

RUSH = car(31, "#R01", brand="Toyota", model="Rush", price_idr=198_000_000, public_name="Rush 2019 Putih #R01")
STOCK = Stock(cars=(*AVANZAS, SOLD, RUSH))
ONE = Question("avanza veloz masih ada?", "availability", ("#V01",))
ALL = Question("ada avanza 2020?", "car_search", ("#A01", "#A02", "#V01"))
NONE = Question("ada jazz?", "car_search", ())
GOOD = "Masih ada Kak! Veloz #V01 Rp 215.000.000.\nAda juga Avanza #A01 Rp 185.000.000.\nMau lihat fotonya, Kak?"


def test_a_full_reply_lacks_nothing() -> None:
    listed = "Ready Kak:\n#A01 Rp 185.000.000\n#A02 Rp 180.000.000\n#V01 Rp 215.000.000\nBalas nomornya ya"
    none = "Belum ada Kak. Yang ready: Avanza #A01 Rp 185.000.000. Mau lihat?"

    assert missing(ONE, GOOD, STOCK) == []
    assert missing(ALL, listed, STOCK) == []
    assert missing(NONE, none, STOCK) == []


@pytest.mark.parametrize(
    ("asked", "reply", "lacks"),
    [
        (ONE, "", [*PARTS]),
        (ONE, GOOD.replace("215", "205"), ["price"]),
        (ONE, GOOD.replace("Rp 215.000.000", "murah"), ["price"]),
        (ONE, GOOD.replace("Masih ada Kak!", "Siap Kak,"), ["state"]),
        (ONE, GOOD.replace("#A01", "lain"), ["alternatives"]),
        (ONE, GOOD.replace("Mau lihat fotonya, Kak?", "Oke."), ["next step"]),
        (ONE, GOOD.replace("Mau lihat fotonya, Kak?", "_Datanya mau dihapus? Ketik HAPUS DATA SAYA_"), ["next step"]),
        (ONE, "Ada Avanza #A01 Rp 185.000.000 ready, dan Veloz #V01 Rp 215.000.000. Mau?", ["car"]),
        (ALL, GOOD, ["car"]),
        (NONE, "Yang ready: Avanza #A01 Rp 185.000.000. Mau lihat?", ["car"]),
        (NONE, "Belum ada Kak. Mau cari yang lain?", ["price", "state", "alternatives"]),
    ],
)
def test_what_is_missing_is_named(asked: Question, reply: str, lacks: list[str]) -> None:
    assert missing(asked, reply, STOCK) == lacks


def test_a_car_that_is_sold_must_be_called_sold() -> None:
    assert SOLD.status is CarStatus.SOLD
    asked = Question(f"{SOLD.display_code} masih ada?", "availability", (SOLD.display_code,))
    price = f"{SOLD.price_idr:,}".replace(",", ".")
    reply = "{} " + f"{SOLD.display_code} Rp {price}. Ada #A01 Rp 185.000.000. Mau?"

    assert missing(asked, reply.format("Masih ada"), STOCK) == ["state"]
    assert missing(asked, reply.format("Sudah terjual"), STOCK) == []

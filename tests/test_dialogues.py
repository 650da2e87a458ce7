"""Talks of several messages, read with the real understanding: what was said before is not asked for again."""

import dataclasses
import itertools
from datetime import datetime

import pytest

from autoleads.bot.understanding.base import Intent
from autoleads.stock import Stock
from autoleads.types import Transmission
from tests.showroom_sample import A01, A02, AVANZAS, SUNDAY, V01, ZONE, car, said, talk

BRIO = car(21, "#B01", public_name="Brio 2021 Putih #B01", brand="Honda", model="Brio RS 1.2", color="Putih", year=2021)
BRIO_MATIC = dataclasses.replace(
    BRIO, id=22, display_code="#B02", color="Abu-abu", transmission=Transmission.MATIC, price_idr=170_000_000
)
ERTIGA = car(23, "#E01", public_name="Ertiga 2019 Abu #E01", brand="Suzuki", model="Ertiga GX", year=2019)


@pytest.mark.parametrize("ask", ["yang 1, bisa nego ga?", "1 bisa nego?", "yg pertama bs nego ga"])
async def test_a_number_with_an_ask_is_that_car(ask: str) -> None:
    _, nego, photos = await talk("ada avanza hitam 2020?", ask, "fotonya dong")

    assert nego.intent is Intent.NEGOTIATION
    assert "#A01" in said(nego)
    assert "#A02" not in said(nego)
    assert [reply.photo for reply in photos.replies if reply.photo] == list(A01.photos)


async def test_each_number_is_its_own_car() -> None:
    _, price, photos, property_ = await talk(
        "ada avanza hitam?", "no 2 harganya brp", "yg kedua ada fotonya?", "yg 3 km nya brp"
    )

    assert "Rp 180.000.000" in said(price)
    assert [reply.photo for reply in photos.replies if reply.photo] == list(A02.photos)
    assert "40.000 km" in said(property_)
    assert "#V01" in said(property_)


async def test_the_last_of_a_list() -> None:
    _, last = await talk("ada avanza hitam?", "yang terakhir aja")
    assert last.memory["car"] == V01.display_code


async def test_two_numbers_are_compared_and_no_third() -> None:
    _, compared = await talk("ada avanza hitam?", "bedanya 1 sama 2 apa?")
    assert "#A01" in said(compared)
    assert "#A02" in said(compared)
    assert "#V01" not in said(compared)
    assert "Selisih harganya Rp 5.000.000" in said(compared)


async def test_a_list_just_shown_is_not_written_out_again() -> None:
    _, nego = await talk("ada avanza hitam?", "bisa kurang ga?")
    assert "3. Avanza Veloz 2020 Hitam #V01 - Rp 215.000.000" in said(nego)
    assert "40.000 km" not in said(nego)


async def test_a_bare_sum_about_the_car_talked_about_is_an_offer() -> None:
    *_, offer = await talk("#A01", "bisa nego?", "160 jt")
    assert offer.intent is Intent.NEGOTIATION
    assert "Rp 160.000.000 untuk Avanza 2020 Hitam #A01" in said(offer)
    assert offer.lead is not None
    assert offer.lead.budget_idr == 160_000_000


async def test_a_price_asked_elsewhere_is_no_offer() -> None:
    *_, dear = await talk("#A01", "mahal banget sih di sebelah cuma 150")
    assert "Rp 150.000.000" not in said(dear)


async def test_a_wish_stays_with_the_model_that_was_asked_for() -> None:
    stock = Stock(cars=(*AVANZAS, BRIO, BRIO_MATIC))
    _, matic = await talk("ada brio putih ga", "yg matic ada?", stock=stock)
    assert "#B02" in said(matic)
    assert "#V01" not in said(matic).split("Pilihan mirip")[0]


async def test_back_to_the_car_of_before() -> None:
    stock = Stock(cars=(*AVANZAS, ERTIGA))
    *_, back = await talk("ada avanza?", "yg 2", "kalo ertiga ada?", "balik ke avanza tadi, bisa nego?", stock=stock)
    assert back.memory["car"] == A02.display_code


async def test_others_after_one_car() -> None:
    _, others = await talk("#A01", "yang lain?")
    assert "1. Avanza 2020 Hitam #A02" in said(others)
    assert "#A01" not in said(others)


async def test_the_body_asked_for_comes_first() -> None:
    many = tuple(
        dataclasses.replace(BRIO, id=100 + n, display_code=f"#B{n:02}", price_idr=150_000_000 + n) for n in range(10)
    )
    stock = Stock(cars=(*many, ERTIGA))
    (family,) = await talk("cari mobil keluarga budget 200", stock=stock)
    assert "1. Ertiga 2019" in said(family)


async def test_papers_are_answered_without_the_figures_again() -> None:
    _, figures, papers = await talk("#A01", "dp 30 cicilan brp", "syaratnya apa aja")
    assert "36 bulan" in said(figures)
    assert "KTP" in said(papers)
    assert "36 bulan" not in said(papers)


async def test_the_own_car_told_once_is_not_asked_for_again() -> None:
    _, told, worth = await talk("mau jual mobil", "punya saya avanza 2015 manual km 100rb", "laku berapa kira2")
    assert "sudah masuk" in said(told)
    assert "taksir setelah cek" in said(worth)
    assert "Boleh kirim data" not in said(worth)


async def test_a_name_told_late_is_understood() -> None:
    *_, named = await talk("#A01", "bisa nego?", "lokasinya dimana", "Budi")
    assert "Budi" in said(named)
    assert named.lead is not None
    assert named.lead.name == "Budi"


async def test_the_name_is_not_asked_for_again_and_again() -> None:
    outcomes = await talk("#A01", "bisa nego?", "kurang lagi ga", "ketemu sales bisa?", "harga pas brp", "bisa nego?")
    asked = ["nama Kakak" in said(outcome) for outcome in outcomes]
    assert sum(asked) == 2
    assert not any(first and second for first, second in itertools.pairwise(asked))


async def test_accounts_and_payment_are_left_to_people() -> None:
    (account,) = await talk("kirim nomor rekening dong biar saya transfer sekarang")
    assert "jangan transfer dulu" in said(account)


async def test_a_named_day_that_is_today() -> None:
    (sunday,) = await talk("hari minggu buka?", now=SUNDAY)
    assert "Hari ini (Minggu) kami tutup" in said(sunday)
    early = datetime(2025, 10, 23, 7, 0, tzinfo=ZONE)
    (now,) = await talk("sekarang buka ga", now=early)
    assert "belum buka" in said(now)


async def test_a_bare_number_while_bargaining_is_an_offer() -> None:
    *_, first, second = await talk("#V01", "kemahalan", "190 deh", "gak bisa? 200")
    assert "Rp 190.000.000 untuk Avanza Veloz" in said(first)
    assert "Rp 200.000.000 untuk Avanza Veloz" in said(second)


async def test_an_impossible_number_is_no_offer() -> None:
    *_, odd = await talk("#V01", "kemahalan", "12 deh")
    assert "Rp 12.000.000" not in said(odd)


async def test_grumbling_is_no_name() -> None:
    *_, slow = await talk("#A01", "mau ngomong sama sales", "lama bgt")
    assert slow.intent is Intent.COMPLAINT
    assert "Kak Lama" not in said(slow)


async def test_a_time_answers_the_offer_to_come() -> None:
    *_, visit = await talk("#A01", "fotonya", "ok besok jam 2")
    assert visit.intent is Intent.VISIT
    assert "Besok" in said(visit)


async def test_years_in_words_answer_the_tenor() -> None:
    *_, longer = await talk("#A01", "dp 30 cicilan piro", "lek limang taun piro")
    assert "60 bulan" in said(longer)
    assert "36 bulan" not in said(longer)


async def test_the_address_is_told_beside_a_credit_answer() -> None:
    (both,) = await talk("#A01 bisa kredit? lokasi dimana")
    assert "Simulasi" in said(both)
    assert "Jl. Raya Darmo" in said(both)


async def test_the_address_stands_behind_the_answer_to_a_trade_in() -> None:
    (both,) = await talk("A02 bisa tt? lokasi dimana?")
    assert said(both).index("#A02") < said(both).index("Jl. Raya Darmo") < said(both).index("Boleh kirim data")

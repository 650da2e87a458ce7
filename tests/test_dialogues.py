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


# -- read in whole dialogues by people who did not know the rules


async def test_a_closed_day_is_no_appointment() -> None:
    _, closed, monday, hour = await talk(
        "#A01 bisa test drive?", "hari minggu bisa?", "ya udah senin sore", "jam 4", now=SUNDAY
    )
    assert "hari ini (Minggu) kami tutup" in said(closed)
    assert "catat" not in said(closed)
    assert "Sampai ketemu" not in said(closed)
    assert closed.memory.get("planned_on") is None
    assert "Besok (Senin) kami buka" in said(monday)
    assert "Besok (Senin) kami buka" in said(hour)


async def test_a_name_for_the_appointment_is_a_name() -> None:
    *_, named = await talk("#A01 bisa test drive?", "senin jam 4", "atas nama dodi ya")
    assert "Dodi" in said(named)
    assert "Rp" not in said(named)


async def test_more_of_the_own_car_is_no_search() -> None:
    *_, told, more, place, hope, worth = await talk(
        "mau jual mobil",
        "jazz 2014 matic km 90 ribu",
        "warna merah, surat lengkap, tangan kedua",
        "malang",
        "maunya 130",
        "laku berapa kira2",
    )
    assert "sudah masuk" in said(told)
    for outcome in (more, place, hope):
        assert "kosong" not in said(outcome)
        assert "belum menangkap" not in said(outcome)
        assert "sampaikan" in said(outcome) or "catatan" in said(outcome)
    assert "belum bisa saya sebut" in said(worth)


async def test_a_question_about_the_own_car_goes_to_who_values_it() -> None:
    *_, whose = await talk(
        "saya mau jual calya 2019", "calya manual 2019 km 60rb", "namanya atas nama bapak saya, gapapa?"
    )
    assert "Mobil yang mana" not in said(whose)
    assert whose.lead is not None
    assert whose.lead.name is None


async def test_the_year_of_the_car_to_trade_in_is_not_asked_again() -> None:
    (told,) = await talk("#A01 bisa tukar tambah Terios 2015?")
    assert "transmisinya dan km-nya" in said(told)
    assert "tahun" not in said(told)


async def test_photos_announced_did_not_come_yet() -> None:
    *_, later = await talk("mau jual mobil", "avanza 2015 manual km 90rb", "nanti saya kirim fotonya")
    assert "sudah masuk" not in said(later)
    assert "ditunggu" in said(later)


async def test_the_share_of_the_down_payment_counts_beside_a_trade_in() -> None:
    (both,) = await talk("#A02 bisa kredit dp 30% dan tukar tambah?")
    assert "DP Rp 54.000.000" in said(both)


async def test_an_instalment_in_mind_is_answered_with_its_down_payment() -> None:
    *_, fits, never = await talk("#A02", "cicilan 3jtan bisa?", "cicilan 1 juta bisa?")
    assert "Cicilan sekitar Rp 3.000.000/bln bisa masuk kalau DP-nya Rp 65.000.000" in said(fits)
    assert "belum masuk" in said(never)


async def test_bi_checking_is_no_colour() -> None:
    *_, approval = await talk("#A02", "dp 30 cicilan brp", "BI checking saya merah gimana")
    assert "Persetujuan ada di leasing" in said(approval)
    assert approval.memory["car"] == "#A02"


async def test_the_cheapest_car_has_none_below_it() -> None:
    *_, cheapest = await talk("#A02", "emang ga ada yg dibawah itu?")
    assert "sudah yang paling murah" in said(cheapest)
    assert "#A01" not in said(cheapest)


async def test_a_fixed_price_asked_for_is_no_complaint() -> None:
    *_, price = await talk("#A01", "nego dong", "ya udah kasih harga mati")
    assert price.intent is Intent.NEGOTIATION
    assert price.alert is None


@pytest.mark.parametrize("offer", ["gas 170 cash", "170 final"])
async def test_a_sum_with_a_word_that_closes_is_an_offer(offer: str) -> None:
    _, bid = await talk("#A01", offer)
    assert "Rp 170.000.000 untuk Avanza 2020 Hitam #A01" in said(bid)


async def test_who_takes_the_car_is_not_told_that_it_may_get_cheaper() -> None:
    _, deal, see = await talk("#A01", "oke saya ambil", "ok deal, kapan bisa lihat?")
    assert deal.intent is Intent.NEGOTIATION
    assert "nego" not in said(deal)
    assert see.intent is Intent.VISIT


async def test_the_year_of_the_one_car_is_confirmed() -> None:
    _, year = await talk("#A01", "2020 kah?")
    assert "Tahunnya 2020" in said(year)
    assert "#A02" not in said(year)


async def test_one_of_a_list_by_its_branch() -> None:
    east = dataclasses.replace(A01, branch="Surabaya")
    west = dataclasses.replace(A02, branch="Solo")
    _, there = await talk("ada avanza?", "yang solo", stock=Stock(cars=(east, west)))
    assert there.memory["car"] == "#A02"


async def test_two_of_a_list_by_their_prices() -> None:
    _, both = await talk("ada avanza?", "yang 185 sama 180 bedanya apa")
    assert "Selisih harganya Rp 5.000.000" in said(both)
    assert "#V01" not in said(both)


async def test_advice_after_a_list_names_one_and_why() -> None:
    _, one = await talk("ada avanza?", "menurut kamu yang mana?")
    assert one.memory["car"] == "#V01"
    assert "km-nya paling rendah" in said(one)


async def test_what_was_bought_here_is_not_offered_again() -> None:
    bought, after = await talk("saya kemarin beli avanza di sini", "mau tanya bpkb kapan jadi ya")
    assert "Terima kasih sudah" in said(bought)
    assert "#A01" not in said(bought) + said(after)
    assert after.hand_over is not None or "sampaikan" in said(after) or "teruskan" in said(after)


async def test_a_sum_behind_a_complaint_belongs_to_it() -> None:
    *_, total = await talk("kecewa banget sama showroom ini", "kembalikan uang saya", "5 juta")
    assert total.intent is Intent.CAR_SEARCH
    assert "#A01" not in said(total)
    assert "maaf" in said(total).lower() or "Keluhan" in said(total) or "Tim kami" in said(total)


async def test_sentences_stay_apart_without_their_smile() -> None:
    *_, bot = await talk("kecewa banget sama showroom ini", "lokasinya dimana", "ini bot atau orang?")
    assert "Surabaya Kak. Kalau" in said(bot)
    assert "cari mobil apa" not in said(bot)


async def test_how_to_buy_is_told() -> None:
    *_, how = await talk("#A01", "oke itu saja, terus caranya beli gimana?")
    assert "cek langsung di showroom" in said(how)


async def test_an_ok_is_not_thanked_for() -> None:
    *_, alright, thanked = await talk("#A01", "oke pak", "makasih ya")
    assert "ama-sama" not in said(alright)
    assert thanked.intent is Intent.THANKS


@pytest.mark.parametrize("profile", ["Koh Aliong", "Pakde Aliong", "H. Aliong"])
async def test_a_title_is_no_name(profile: str) -> None:
    (hello,) = await talk("halo", customer_name=profile, first_contact=True)
    assert "Kak Aliong" in said(hello)


async def test_a_family_car_is_no_alternative_to_a_pick_up() -> None:
    l300 = car(31, "#L01", public_name="L300 2018 Hitam #L01", brand="Mitsubishi", model="L300 2.5 Pick Up", year=2018)
    (pickup,) = await talk("cari pick up buat sayur", stock=Stock(cars=(*AVANZAS, l300)))
    assert "#L01" in said(pickup)
    assert "#A02" not in said(pickup)


async def test_whether_it_is_a_fraud_is_asked_of_the_showroom() -> None:
    (trust,) = await talk("ini penipuan bukan?")
    assert trust.intent is Intent.OTHER
    assert "sebelum bayar" in said(trust)

"""What goes on from before: references over several turns, questions asked back, data told once."""

import dataclasses

import pytest

from autoleads.bot.turn import Line
from autoleads.bot.understanding.base import Intent
from autoleads.stock import Stock
from autoleads.types import Sender, Transmission
from tests.showroom_sample import (
    A01,
    A02,
    AVANZAS,
    BUDI,
    C01,
    EAST,
    H01,
    MIXED,
    R01,
    R02,
    TWO_BRANCHES,
    WEST,
    ask,
    said,
    talk,
)

# -- what goes on from before


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        (("ada avanza?", "yang termahal", "yang tadi bisa nego?"), "#V01"),
        (("rush putih ada?", "eh yg merah brp"), "#R02"),
        (("ada rush?", "sing kapisan regane piro"), "#R02"),
        (("ada rush?", "the second one please"), "#R01"),
        (("ada avanza?", "yang lebih murah"), "#A02"),
        (("ada avanza?", "sing murah wae"), "#A02"),
        (("ada avanza?", "yg plg murah"), "#A02"),
        (("ada avanza?", "bedanya 1 sama 3 apa?", "yang 3 deh"), "#V01"),
        (("ada avanza?", "yg matic ada?"), "#V01"),
        (("ada rush?", "yang putih", "itu berapa?"), "#R01"),
        (("rush ada?", "yang tahun muda"), "#R02"),
        (("ada avanza?", "bisa nego?", "yang 2"), "#A02"),
        (("ada avanza?", "mau lihat besok", "nomor 3"), "#V01"),
    ],
)
async def test_a_reference_is_followed(texts: tuple[str, ...], code: str) -> None:
    *_, outcome = await talk(*texts, stock=MIXED)

    assert outcome.memory["car"] == code


async def test_the_question_that_asked_back_goes_on() -> None:
    *_, nego = await talk("ada avanza?", "bisa nego?", "yang 2")
    assert nego.intent is Intent.NEGOTIATION

    *_, visit = await talk("ada avanza?", "mau lihat besok jam 10", "nomor 3")
    assert visit.intent is Intent.VISIT
    assert "jam berapa" not in said(visit)


async def test_others_beside_the_car_talked_about() -> None:
    *_, others = await talk("#R01", "selain itu ada yang mirip?", stock=MIXED)

    assert "1. Rush 2022 Merah #R02" in said(others)
    assert "#R01" not in said(others)


async def test_a_body_is_searched_within_the_budget_told_before() -> None:
    dear = dataclasses.replace(H01, id=40, display_code="#H02", price_idr=900_000_000)
    stock = Stock(cars=(*AVANZAS, R01, R02, H01, dear))
    *_, suvs = await talk("budget maksimal 200 juta", "lebih suka suv", stock=stock)

    assert {"#R01", "#R02", "#H01"} == set(suvs.memory["listed"])


async def test_a_wish_among_nearest_cars_means_the_model_asked_for() -> None:
    sold = dataclasses.replace(R01, id=41, display_code="#R09", year=2017, status="sold")
    near = dataclasses.replace(H01, year=2020)
    stock = Stock(cars=(R01, near, sold))
    *_, photos = await talk("rush 2017 masih ada?", "yang 2020 berapa harganya", stock=stock)

    assert photos.memory["car"] == "#R01"


async def test_the_next_step_is_not_the_same_again_and_again() -> None:
    outcomes = await talk("#A01", "km berapa?", "pajak hidup?", "matic apa manual?")

    closings = [said(outcome).rstrip().rsplit("\n", 1)[-1] for outcome in outcomes]
    assert len({outcome.memory.get("offer") for outcome in outcomes}) == len(outcomes)
    assert len(set(closings)) == len(closings)


async def test_an_answer_on_a_known_car_does_not_repeat_its_card() -> None:
    _, km = await talk("#A01", "km berapa?")

    assert said(km).count("45.000 km") == 1
    assert "Spoiler" not in said(km)


async def test_a_person_is_offered_for_what_no_row_knows() -> None:
    _, unknown, yes = await talk("#A01", "pernah banjir ga?", "ya", sales=(BUDI,))

    assert "Budi" in said(unknown)
    assert unknown.hand_over is None
    assert yes.intent is Intent.HUMAN
    assert yes.hand_over == BUDI


async def test_terms_told_once_are_kept() -> None:
    _, dp, car_named = await talk("bisa kredit?", "dp 30 juta", "#A01")

    assert "DP-nya kira-kira" not in said(dp)
    assert "DP Rp 30.000.000" in said(car_named)


async def test_an_application_is_passed_on_not_calculated_again() -> None:
    *_, applied = await talk("#A01", "dp 30 juta 4 tahun", "oke ajukan kreditnya", sales=(BUDI,))

    assert "Budi" in said(applied)
    assert "bulan" not in said(applied)


async def test_an_offer_above_the_price_is_enough() -> None:
    *_, outcome = await talk("#A01", "bisa nego?", "190 juta ya")

    assert "Rp 185.000.000" in said(outcome)
    assert "sudah masuk" in said(outcome)


async def test_what_others_ask_is_no_budget_of_this_lead() -> None:
    *_, outcome = await talk("#A01", "mahal banget dibanding sebelah 150")

    assert outcome.lead is not None
    assert outcome.lead.budget_idr is None


# -- read in whole dialogues


async def test_a_wish_within_a_list_keeps_its_other_wishes() -> None:
    matic = dataclasses.replace(A01, id=60, display_code="#A09", transmission=Transmission.MATIC, price_idr=150_000_000)
    dear = dataclasses.replace(matic, id=61, display_code="#A10", price_idr=300_000_000)
    stock = Stock(cars=(A01, A02, C01, matic, dear))
    *_, cheapest = await talk("ada avanza matic?", "yang manual paling murah", stock=stock)

    assert cheapest.memory["car"] == "#A02"


async def test_a_short_wish_after_a_list_stays_within_the_budget() -> None:
    matic = dataclasses.replace(H01, id=62, display_code="#H07", transmission=Transmission.MATIC, price_idr=170_000_000)
    dear = dataclasses.replace(matic, id=63, display_code="#H08", price_idr=400_000_000)
    stock = Stock(cars=(A02, C01, R01, matic, dear))
    *_, fitting = await talk("cari mobil di bawah 182 juta", "yang matic", stock=stock)

    assert fitting.memory["car"] == "#H07"


async def test_a_named_model_is_compared_with_the_car_talked_about() -> None:
    _, compared = await talk("#R01", "sama hr-v bagusan mana?", stock=MIXED)

    assert "#R01" in said(compared)
    assert "#H01" in said(compared)


async def test_an_offer_waits_for_the_car_it_is_for() -> None:
    _, offer, chosen = await talk("ada avanza?", "170 juta bisa?", "yang 2")

    assert "Rp 170.000.000" in said(offer)
    assert "Rp 170.000.000 untuk Avanza 2020 Hitam #A02" in said(chosen)


async def test_a_deposit_is_no_offer_and_money_waits_for_a_person() -> None:
    _, outcome = await talk("#A01", "kalau saya transfer 10 juta bisa di keep?", sales=(BUDI,))

    assert "jangan transfer dulu" in said(outcome)
    assert outcome.lead is not None
    assert outcome.lead.budget_idr is None


async def test_a_question_for_the_plate_beside_a_search_is_answered() -> None:
    (outcome,) = await talk("avanza yang platnya L ada?")

    assert "Nomor plat tidak" in said(outcome)
    assert "#A01" in said(outcome)


async def test_the_day_of_a_visit_is_not_asked_for_again() -> None:
    *_, chosen, hour = await talk("ada avanza?", "besok mau lihat", "nomor 2", "jam 10")

    assert "Besok (Jumat) kami buka" in said(chosen)
    assert "hari apa" not in said(chosen)
    assert "jam berapa" in said(chosen)
    assert "jam berapa" not in said(hour)


async def test_bringing_the_own_car_asks_for_no_car_of_ours() -> None:
    *_, visit = await talk("mau jual mobil", "avanza 2015 manual km 100rb", "lokasi dimana?", "besok jam 9")

    assert visit.intent is Intent.VISIT
    assert "mobil yang mana" not in said(visit)


@pytest.mark.parametrize("text", ["my name is John", "aku jenenge Slamet", "nama saya Rudi"])
async def test_a_name_is_understood_whatever_was_asked(text: str) -> None:
    *_, outcome = await talk("#A01 bisa nego?", "lokasi dimana", text)

    assert outcome.lead is not None
    assert outcome.lead.name == text.split()[-1]


async def test_a_general_question_is_answered_with_cars() -> None:
    (outcome,) = await talk("mobil suv yang irit apa ya kak", stock=MIXED)

    assert "#R01" in said(outcome)
    assert "Mobil yang mana" not in said(outcome)


@pytest.mark.parametrize(
    ("when", "open_then"),
    [
        ("besok jam 8 malam", False),
        ("besok jam 2", True),
        ("besok jam 10 pagi", True),
        ("besok jam 5 sore", True),
        ("besok jam 7.30", False),
    ],
)
async def test_an_hour_at_which_nobody_is_there_is_said_to_be_one(when: str, open_then: bool) -> None:
    _, visit = await talk("#A01", f"mau lihat {when}")

    assert visit.intent is Intent.VISIT
    assert ("di jam itu" not in said(visit)) is open_then


async def test_the_same_answer_is_not_worded_the_same_again() -> None:
    first = await ask("makasih", Intent.THANKS)
    again = [
        await ask("makasih", Intent.THANKS, number=number, history=[Line(sender=Sender.BOT, text=said(first))])
        for number in range(12)
    ]

    assert all(said(outcome) != said(first) for outcome in again)


async def test_the_grey_one_is_meant_wherever_it_stands() -> None:
    west = dataclasses.replace(R02, branch_id=WEST.id, branch="Wiyung")
    east = dataclasses.replace(R01, branch_id=EAST.id, branch="Rungkut")
    other = dataclasses.replace(H01, color="Merah", branch_id=EAST.id, branch="Rungkut")
    stock = Stock(cars=(west, east, other))
    *_, visit = await talk("ada rush?", "yang merah itu bisa lihat di rungkut ga?", stock=stock, showroom=TWO_BRANCHES)

    assert visit.memory["car"] == "#R02"


async def test_other_colours_of_the_model() -> None:
    _, others = await talk("#R01", "ada warna lain?", stock=MIXED)
    _, none = await talk("#H01", "ada warna lain?", stock=MIXED)

    assert "#R02" in said(others)
    assert "warna lain dari model ini belum ada" in said(none)


async def test_the_wished_car_of_a_trade_in_is_not_taken_for_the_own_one() -> None:
    _, wished, chosen, told = await talk(
        "tt bisa? punya jazz 2012", "mau ke rush", "yg 2", "jazz 2012 manual km 120rb pajak hidup", stock=MIXED
    )

    assert "#R01" in said(wished)
    assert "sudah masuk" not in said(wished)
    assert chosen.memory["car"] == "#R01"
    assert "sudah masuk" in said(told)


async def test_an_agreement_with_a_sum_is_an_offer() -> None:
    *_, outcome = await talk("#A01", "bisa nego?", "oke 170 deh")

    assert "Rp 170.000.000" in said(outcome)


async def test_a_day_asked_for_after_a_visit_was_wished_is_a_visit() -> None:
    *_, outcome = await talk("#A01 bisa test drive?", "fotonya", "hari sabtu bisa?")

    assert outcome.intent is Intent.VISIT
    assert "Sabtu kami buka" in said(outcome)


async def test_a_price_list_is_a_list() -> None:
    (outcome,) = await talk("pricelist dong", stock=MIXED)

    assert "1. " in said(outcome)

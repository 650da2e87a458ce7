"""Next steps: hot wishes, visits, credit, own cars, photos."""

import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoleads import credit
from autoleads.bot import lead_score
from autoleads.bot.answers import cars as write
from autoleads.bot.gateway.base import Kind
from autoleads.bot.understanding.base import Found, Intent
from autoleads.types import LeadStatus
from tests.showroom_sample import (
    A01,
    BOOKED,
    CREDIT,
    SAMPLE,
    SHOWROOM,
    TWO_BRANCHES,
    V01,
    ask,
    said,
)  # fmt: skip

# -- next steps


@pytest.mark.parametrize("intent", [Intent.NEGOTIATION, Intent.CREDIT, Intent.VISIT, Intent.TRADE_IN, Intent.HUMAN])
async def test_a_hot_wish_brings_a_person_and_a_hot_lead(intent: Intent) -> None:
    outcome = await ask("tolong ya", intent, memory={"car": "#A01"})

    assert "sales kami" in said(outcome)
    assert outcome.lead is not None
    assert outcome.lead.status is LeadStatus.HOT
    assert outcome.lead.car_id == A01.id
    assert outcome.lead.score is not None
    assert outcome.lead.score >= 5


async def test_a_lead_that_is_hot_is_not_cooled_down() -> None:
    hot = await ask("bisa nego?", Intent.NEGOTIATION, memory={"car": "#A01"})
    after = await ask("km berapa", Intent.CAR_DETAIL, memory=hot.memory)

    assert after.lead is not None
    assert hot.lead is not None
    assert after.lead.status is None
    assert (after.lead.score or 0) >= (hot.lead.score or 0)


async def test_an_offer_is_passed_on_not_accepted() -> None:
    outcome = await ask("155 angkut", Intent.NEGOTIATION, memory={"car": "#A02"}, says={"budget": 155_000_000})

    assert "Rp 155.000.000 untuk Avanza 2020 Hitam #A02" in said(outcome)
    assert outcome.lead is not None
    assert outcome.lead.budget_idr == 155_000_000


async def test_a_booking_is_not_promised() -> None:
    outcome = await ask("booking #A01 dulu ya", Intent.NEGOTIATION, memory={"car": "#A01"})

    assert "tim sales kami yang urus" in said(outcome)


async def test_a_visit_names_the_hours_of_that_day_and_the_place() -> None:
    open_day = await ask("besok mau liat unit", Intent.VISIT, memory={"car": "#A01"})
    closed_day = await ask("minggu mau liat unit", Intent.VISIT, memory={"car": "#A01"})

    assert "Besok (Jumat) kami buka 09.00-18.00" in said(open_day)
    assert "Jl. Raya Darmo No. 123" in said(open_day)
    assert "Minggu kami tutup" in said(closed_day)
    assert "Senin jam 09.00" in said(closed_day)


async def test_a_simulation_is_labelled_and_follows_the_settings() -> None:
    showroom = dataclasses.replace(SHOWROOM, settings=CREDIT)

    outcome = await ask("kredit?", Intent.CREDIT, memory={"car": "#A02"}, showroom=showroom)

    text = said(outcome)
    assert "Simulasi" in text
    assert "DP Rp 45.000.000" in text  # a quarter of 180
    assert "24 bulan: ± Rp 6.300.000" in text  # 135 million x 1.12 / 24
    assert "perkiraan" in text


async def test_down_payment_and_tenor_are_remembered() -> None:
    first = await ask("dp 30 tenor 4 th", Intent.CREDIT, says={"dp": 30_000_000, "tenor_months": 48})
    assert "pending" in first.memory

    second = await ask("#A01", Intent.SELECTION, Found(cars=(A01,)), memory=first.memory, says={"display_code": "#A01"})

    assert "DP Rp 30.000.000" in said(second)
    assert "48 bulan" in said(second)
    assert "60 bulan" not in said(second)


@pytest.mark.parametrize(
    ("text", "says", "expected"),
    [
        ("dp 200 juta", {"dp": 200_000_000}, "bisa cash"),
        ("tanpa dp bisa?", {"dp": 0}, "Tanpa DP belum bisa"),
        ("dp 10% bisa?", {}, "DP Rp 18.500.000"),
        ("tenor 100 tahun", {"tenor_months": 1200}, "60 bulan"),
    ],
)
async def test_odd_wishes_for_credit(text: str, says: dict[str, Any], expected: str) -> None:
    outcome = await ask(text, Intent.CREDIT, memory={"car": "#A01"}, says=says)

    assert expected in said(outcome)
    assert outcome.fallback is None


async def test_a_monthly_sum_finds_cars() -> None:
    fits = await ask("dp 30 cicilan 4 jutaan dapet apa", Intent.CREDIT, says={"dp": 30_000_000})
    none_fits = await ask("dp 10 cicilan 1 jutaan dapet apa", Intent.CREDIT, says={"dp": 10_000_000})

    assert "yang masuk" in said(fits)
    assert "belum ada yang masuk" in said(none_fits)
    assert "#B01" in said(none_fits)


async def test_own_cars_are_taken_in_and_their_photos_thanked_for() -> None:
    first = await ask("mau jual mobil", Intent.SELL_CAR)
    photo = await ask("", Intent.OTHER, memory=first.memory, kind=Kind.IMAGE)

    assert "tahun" in said(first)
    assert first.lead is not None
    assert first.lead.status is LeadStatus.WARM
    assert "Fotonya sudah masuk" in said(photo)


# -- parts


def test_settings_that_make_no_sense_leave_the_defaults() -> None:
    assert (
        credit.terms(
            {
                "credit": {
                    "tenors": ["x", -1],
                    "dp_percent": "20",
                    "admin_idr": -5,
                    "flat_rate_percent_year": True,
                }
            }
        )
        == credit.Terms()
    )
    assert credit.terms({"credit": "nonsense"}) == credit.Terms()
    assert credit.terms(CREDIT).tenors == (24,)


@given(st.integers(50_000_000, 2_000_000_000), st.integers(6, 84))
def test_an_instalment_pays_the_debt_back_and_shrinks_with_the_down_payment(price: int, months: int) -> None:
    small = credit.simulate(price, credit.Terms(), dp=price // 10, months=months).plans[0].instalment
    large = credit.simulate(price, credit.Terms(), dp=price // 2, months=months).plans[0].instalment

    assert small * months > price - price // 10
    assert large < small


def test_scores_add_up_and_stop_at_ten() -> None:
    assert lead_score.score([]) == 1
    assert lead_score.score(["stock", "car", "negotiation"]) == 8
    assert lead_score.score(lead_score.REASONS) == 10
    assert lead_score.labels(["negotiation", "unknown"]) == ("mau nego",)


def test_an_alternative_and_an_entry_name_price_and_difference() -> None:
    assert "Rp 215.000.000" in write.brief(V01)
    assert "Veloz type" in write.entry(3, V01, SAMPLE.cars)
    assert "(sedang dibooking)" in write.entry(1, BOOKED, ())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("bisa bawa mekanik?", "Bawa mekanik sendiri"),
        ("mau test drive besok", "est drive"),
        ("besok kesana, jangan dijual dulu ya", "Supaya tidak keduluan"),
    ],
)
async def test_wishes_around_a_visit(text: str, expected: str) -> None:
    with_car = await ask(text, Intent.VISIT, memory={"car": "#A01"})
    without = await ask(text, Intent.VISIT, showroom=TWO_BRANCHES)

    assert expected in said(with_car)
    assert "Jl. Wiyung 8" in said(without)
    assert "Jl. Rungkut Madya 45" in said(without)


async def test_a_trade_in_names_the_wanted_car() -> None:
    outcome = await ask("tt jazz saya ke veloz", Intent.TRADE_IN, Found(cars=(V01,)), says={"model": "Veloz"})
    motor = await ask("tukar tambah motor bisa?", Intent.TRADE_IN)

    assert "#V01" in said(outcome)
    assert "selain mobil" in said(motor)

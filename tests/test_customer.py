"""Whole turns of a customer against the sample stock, without a model."""

from autoleads.bot.customer import answer
from autoleads.bot.turn import Outcome, Turn
from autoleads.bot.understanding.base import Found, Intent, Understanding
from autoleads.types import LeadStatus
from tests.showroom_sample import A01, A02, AVANZAS, SUNDAY, V01, turn, understood

PREFILLED = "Halo, saya tertarik dengan Toyota Avanza 2020 kode #A01 seharga Rp 185.000.000"
AVANZA_2020 = {"brand": "Toyota", "model": "Avanza", "year_min": 2020, "year_max": 2020}


async def reply(turn: Turn, understanding: Understanding, found: Found | None = None) -> Outcome:
    return await answer(turn, understanding, found or Found(), None)


def said(outcome: Outcome) -> str:
    return "\n".join(one.text for one in outcome.replies)


async def test_the_first_journey_of_the_founding_document() -> None:
    interest = understood(PREFILLED, Intent.CAR_DETAIL, display_code="#A01", **AVANZA_2020)
    found = Found(cars=(A01,), alternatives=(A02, V01))
    first = await reply(turn(PREFILLED, first_contact=True), interest, found)

    text = said(first)
    for fact in (
        "#A01",
        "Rp 185.000.000",
        "masih tersedia",
        "45.000 km",
        "manual",
        "spoiler belakang",
        "#A02",
        "#V01",
    ):
        assert fact in text
    assert "HAPUS DATA SAYA" in text
    assert first.lead is not None
    assert (first.lead.car_id, first.lead.status) == (A01.id, LeadStatus.WARM)

    nego = "Bisa nego ga?"
    second = await reply(turn(nego, memory=first.memory, number=2), understood(nego, Intent.NEGOTIATION))

    text = said(second)
    assert "nego" in text
    assert "#A01" in text
    assert "sales kami" in text
    assert "#A02" not in text
    assert "HAPUS DATA SAYA" not in text
    assert second.lead is not None
    assert (second.lead.status, second.lead.score, second.lead.car_id) == (LeadStatus.HOT, 8, A01.id)


async def test_three_similar_cars_are_told_apart_and_one_is_chosen() -> None:
    ask = "Ada Avanza 2020 hitam?"
    search = understood(ask, Intent.CAR_SEARCH, color="Hitam", **AVANZA_2020)
    first = await reply(turn(ask), search, Found(cars=AVANZAS))

    text = said(first)
    for fact in ("1. ", "2. ", "3. ", "#A01", "#A02", "#V01", "Velg racing", "Ban baru", "Veloz type"):
        assert fact in text
    for car in AVANZAS:
        assert f"{car.price_idr:,}".replace(",", ".") in text

    second = await reply(
        turn("1", memory=first.memory, number=2), understood("1", Intent.SELECTION, selection=1)
    )

    text = said(second)
    assert "#A01" in text
    assert "#A02" not in text
    assert "#V01" not in text

    price = await reply(
        turn("itu berapa?", memory=second.memory, number=3), understood("itu berapa?", Intent.PRICE)
    )

    assert "Rp 185.000.000" in said(price)
    assert "Rp 180.000.000" not in said(price)


async def test_outside_hours_the_customer_hears_when_a_person_comes() -> None:
    text = "bisa nego kak?"
    outcome = await reply(
        turn(text, memory={"car": "#A01"}, now=SUNDAY), understood(text, Intent.NEGOTIATION)
    )

    assert "besok (Senin) jam 09.00" in said(outcome)

"""Who of the showroom helps: told by name, from when, and handed over with every hot wish."""

import dataclasses
from datetime import timedelta

import pytest

from autoleads.bot import texts, texts_english, texts_steps
from autoleads.bot.turn import Outcome, Person
from autoleads.bot.understanding.base import HOT_INTENTS, Found, Intent
from autoleads.stock import Stock
from autoleads.types import UserId
from tests.showroom_sample import (
    A01,
    A02,
    AVANZAS,
    BOOKED,
    BUDI,
    EAST,
    SARI,
    SOLD,
    SUNDAY,
    TWO_BRANCHES,
    V01,
    WEST,
    WORKDAY,
    ask,
    said,
    talk,
)

SALES = (BUDI, SARI)
HOT = sorted(HOT_INTENTS)


@pytest.mark.parametrize("intent", HOT)
@pytest.mark.parametrize(
    ("found", "says"),
    [
        (Found(cars=(A01,)), {"display_code": "#A01"}),
        (Found(cars=AVANZAS), {"model": "Avanza"}),
        (Found(), {}),
        (Found(cars=(), alternatives=(V01,)), {"model": "Pajero Sport"}),
        (Found(cars=(SOLD,)), {"display_code": "#J02"}),
        (Found(cars=(BOOKED,)), {"display_code": "#T01"}),
    ],
    ids=["one", "several", "none named", "nothing fits", "sold", "booked"],
)
async def test_every_hot_wish_names_a_person_and_hands_over(intent: Intent, found: Found, says: dict[str, str]) -> None:
    outcome = await ask("tolong ya", intent, found, says=says, sales=SALES)

    assert outcome.hand_over == BUDI
    assert "Budi" in said(outcome)
    assert "di sini" not in said(outcome)  # a salesperson writes from an own number
    assert outcome.fallback is None


@pytest.mark.parametrize("intent", HOT)
async def test_without_salespeople_the_team_is_promised_and_nobody_by_name(intent: Intent) -> None:
    outcome = await ask("tolong ya", intent, memory={"car": "#A01"})

    assert outcome.hand_over is None
    assert "sales kami" in said(outcome)
    assert "None" not in said(outcome)


async def test_the_person_of_the_branch_where_the_car_stands_helps() -> None:
    west = dataclasses.replace(A01, branch_id=WEST.id, branch="Wiyung")
    outcome = await ask(
        "bisa nego?",
        Intent.NEGOTIATION,
        Found(cars=(west,)),
        says={"display_code": "#A01"},
        stock=Stock(cars=(west,)),
        sales=SALES,
        showroom=TWO_BRANCHES,
    )

    assert outcome.hand_over == SARI
    assert "Sari" in said(outcome)
    assert "Budi" not in said(outcome)


async def test_who_has_the_lead_keeps_it() -> None:
    outcome = await ask("bisa nego?", Intent.NEGOTIATION, memory={"car": "#A01"}, sales=SALES, handler=SARI)

    assert outcome.hand_over == SARI


async def test_outside_hours_the_person_is_named_with_the_time_of_their_branch() -> None:
    early = dataclasses.replace(EAST, hours={"mon": "10:00-16:00"})
    room = dataclasses.replace(TWO_BRANCHES, branches=(early, WEST))
    outcome = await ask(
        "bisa nego?", Intent.NEGOTIATION, memory={"car": "#A01"}, now=SUNDAY, sales=SALES, showroom=room
    )

    assert "Budi" in said(outcome)
    assert "besok (Senin) jam 10.00" in said(outcome)


async def test_the_second_hot_message_says_that_the_person_knows() -> None:
    first, second = await talk("#A01 bisa nego?", "bisa kurang lagi ga?", sales=SALES)

    again = {way.format(person="Budi") for way in texts_steps.HANDOVER_AGAIN}
    assert not any(way in said(first) for way in again)
    assert any(way in said(second) for way in again)
    assert second.hand_over == BUDI


async def test_another_person_is_announced_anew() -> None:
    first = await ask("bisa nego?", Intent.NEGOTIATION, memory={"car": "#A01"}, sales=SALES)
    outcome = await ask("bisa nego?", Intent.NEGOTIATION, memory=first.memory, sales=SALES, handler=SARI)

    opening = {way.format(person="Sari") for way in texts_steps.HANDOVER_OPEN}
    assert any(way in said(outcome) for way in opening)


async def test_a_day_later_the_person_is_announced_anew() -> None:
    first = await ask("bisa nego?", Intent.NEGOTIATION, memory={"car": "#A01"}, sales=SALES)
    later = WORKDAY + timedelta(days=1)
    outcome = await ask("bisa nego?", Intent.NEGOTIATION, memory=first.memory, sales=SALES, now=later)

    assert any(way.format(person="Budi") in said(outcome) for way in texts_steps.HANDOVER_OPEN)


@pytest.mark.parametrize("name", ["Pak Budi", "Ayla", "Rio Wijaya", "Xenia", "Agus 2", "H. Soleh, S.E.", "Noah"])
async def test_names_pass_the_guard_as_the_showroom_stored_them(name: str) -> None:
    one = Person(id=UserId(20), name=name)
    outcome = await ask("bisa nego?", Intent.NEGOTIATION, memory={"car": "#A01"}, sales=(one,))

    assert outcome.fallback is None
    assert name.rstrip(".") in said(outcome)


@pytest.mark.parametrize("name", ["0812-3456-7890", "{name}", "https://jahat.example"])
async def test_a_name_that_is_none_is_not_told(name: str) -> None:
    one = Person(id=UserId(20), name=name)
    outcome = await ask("bisa nego?", Intent.NEGOTIATION, memory={"car": "#A01"}, sales=(one,))

    assert outcome.hand_over == one
    assert outcome.fallback is None
    assert "0812-3456" not in said(outcome)
    assert "jahat" not in said(outcome)
    assert "{" not in said(outcome)


async def test_what_the_guard_refuses_is_passed_on_to_a_person() -> None:
    dirty = dataclasses.replace(A01, public_name="Avanza B 1234 XYZ")
    outcome = await ask(
        "#A01",
        Intent.SELECTION,
        Found(cars=(dirty,)),
        stock=Stock(cars=(dirty,)),
        says={"display_code": "#A01"},
        sales=SALES,
    )

    assert outcome.fallback == "guard:plate"
    assert "Budi" in said(outcome)
    assert outcome.hand_over == BUDI


@pytest.mark.parametrize(
    ("text", "expected"),
    [("salesnya siapa?", "Budi"), ("belum dihubungi nih", "Budi"), ("masih belum ada yang chat", "Budi")],
)
async def test_who_waits_is_told_whom_for(text: str, expected: str) -> None:
    *_, outcome = await talk("#A01 bisa nego?", text, sales=SALES)

    assert expected in said(outcome)
    assert outcome.hand_over == BUDI


async def test_what_nobody_promised_hands_nothing_over() -> None:
    for text in ("ada avanza?", "lokasi dimana", "jam buka?", "makasih", "halo"):
        (outcome,) = await talk(text, sales=SALES)
        assert outcome.hand_over is None


async def test_a_no_to_the_offer_of_a_visit_is_no_visit() -> None:
    *_, no = await talk("#A01", "mau", "nanti dulu deh", sales=SALES)
    assert no.hand_over is None
    assert no.intent is Intent.OTHER

    *_, later = await talk("#A01", "mau", "nanti jam 3 ya", sales=SALES)
    assert later.intent is Intent.VISIT


async def test_more_of_a_list_is_no_yes_to_an_offer() -> None:
    many = tuple(dataclasses.replace(A02, id=100 + n, display_code=f"#A{n:02}", km=n) for n in range(1, 10))
    outcomes: list[Outcome] = await talk("ada avanza?", "2", "lanjut", stock=Stock(cars=many), sales=SALES)

    assert "6. " in said(outcomes[-1])
    assert outcomes[-1].hand_over is None


def test_no_sentence_carries_marks_of_the_chat() -> None:
    for module in (texts, texts_steps, texts_english):
        for name, value in vars(module).items():
            if not name.isupper() or callable(value):
                continue
            ways = value.values() if isinstance(value, dict) else [value]
            for way in ways:
                for sentence in [way] if isinstance(way, str) else way:
                    assert not set(sentence) & set("*_~`"), f"{name}: {sentence}"

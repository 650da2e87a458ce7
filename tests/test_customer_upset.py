"""Complaints, anger, deletion: a person is told, and nothing cheerful is said."""

from datetime import timedelta

import pytest

from autoleads.bot.gateway.base import Kind
from autoleads.bot.turn import ERASED_WITHIN_H, Outcome
from autoleads.bot.understanding.base import Intent
from tests.showroom_sample import BUDI, SUNDAY, WORKDAY, ask, said, talk

CHEERFUL = set("😊😄🚗👋👍😅📸")
COMPLAINT = "mobil yang saya beli minggu lalu mogok terus, kecewa"


def cheerful(outcome: Outcome) -> set[str]:
    return CHEERFUL & set(said(outcome))


async def test_a_complaint_reaches_the_owner_with_who_which_car_and_what() -> None:
    _, outcome = await talk("#A01", COMPLAINT, customer_name="Pak Joko", customer_phone="6281234567890")

    assert outcome.intent is Intent.COMPLAINT
    assert outcome.alert is not None
    for part in ("Pak Joko", "0812-3456-7890", "Avanza 2020 Hitam #A01", COMPLAINT):
        assert part in outcome.alert
    assert "pimpinan" in said(outcome)


async def test_one_alert_in_half_an_hour() -> None:
    first = await ask(COMPLAINT, Intent.COMPLAINT)
    soon = await ask(COMPLAINT, Intent.COMPLAINT, memory=first.memory, now=WORKDAY + timedelta(minutes=29))
    later = await ask(COMPLAINT, Intent.COMPLAINT, memory=first.memory, now=WORKDAY + timedelta(minutes=31))

    assert first.alert is not None
    assert soon.alert is None
    assert said(soon)
    assert later.alert is not None


async def test_an_alert_carries_no_template_and_one_line_of_words() -> None:
    outcome = await ask("kecewa {name}\n\n*banget* " + "x" * 5_000, Intent.COMPLAINT)

    assert outcome.alert is not None
    assert not set("{}*") & set(outcome.alert)
    assert len(outcome.alert) < 600


async def test_what_follows_a_complaint_belongs_to_it() -> None:
    _, more, again = await talk(COMPLAINT, "saya sudah nunggu lama sekali", "pokoknya saya kecewa")

    assert "Mobil yang mana" not in said(more)
    assert "belum menangkap" not in said(more)
    assert "ceritakan detailnya" not in said(again)


@pytest.mark.parametrize(
    "text",
    [
        "halo",
        "makasih",
        "wkwkwk",
        "😀",
        "ada avanza?",
        "#A01",
        "bisa nego?",
        "gak jadi",
        "mau ngomong sama sales",
        "foto #A01",
    ],
)
async def test_nothing_cheerful_is_said_after_a_complaint(text: str) -> None:
    first, outcome = await talk(COMPLAINT, text, sales=(BUDI,))

    assert not cheerful(first)
    assert not cheerful(outcome)
    assert said(outcome)


@pytest.mark.parametrize("kind", list(Kind))
async def test_no_picture_gets_a_cheerful_line_after_a_complaint(kind: Kind) -> None:
    first = await ask(COMPLAINT, Intent.COMPLAINT)
    outcome = await ask("", Intent.OTHER, kind=kind, memory=first.memory)

    assert not cheerful(outcome)
    assert said(outcome)


async def test_the_next_day_the_tone_is_as_usual() -> None:
    first = await ask(COMPLAINT, Intent.COMPLAINT)
    outcome = await ask("#A01", Intent.SELECTION, memory=first.memory, now=WORKDAY + timedelta(days=1))

    assert cheerful(outcome)


@pytest.mark.parametrize("text", ["bangsat", "dasar bot bodoh", "gak ada gunanya chat di sini", "asu"])
async def test_anger_is_met_with_a_person_not_with_a_joke(text: str) -> None:
    *_, outcome, yes = await talk("#A01 bisa nego?", text, "ya", sales=(BUDI,))

    assert outcome.lead is not None
    assert outcome.lead.name is None
    assert not cheerful(outcome)
    assert "aaf" in said(outcome)
    assert yes.intent is Intent.HUMAN
    assert yes.hand_over == BUDI


async def test_a_late_complaint_is_told_when_somebody_looks() -> None:
    outcome = await ask(COMPLAINT, Intent.COMPLAINT, now=SUNDAY)

    assert "besok (Senin) jam 09.00" in said(outcome)
    assert outcome.alert is not None


async def test_deletion_is_promised_with_its_time_and_told_to_the_owner() -> None:
    _, outcome, back, later = await talk(
        "ada avanza?", "hapus data saya", "MULAI", "ada avanza?", customer_phone="6281234567890"
    )

    assert outcome.erase
    assert f"{ERASED_WITHIN_H} jam" in said(outcome)
    assert outcome.alert is not None
    assert "0812-3456-7890" in outcome.alert
    assert "tetap kami hapus" in said(back)
    assert not back.erase
    assert "#A01" in said(later)


async def test_stopping_messages_erases_nothing() -> None:
    (outcome,) = await talk("stop kirim pesan")

    assert outcome.memory["opt_out"] is True
    assert not outcome.erase
    assert outcome.alert is None

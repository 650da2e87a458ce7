"""Who answers a turn, within what time, and how often."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from autoleads.bot import texts
from autoleads.bot.answerer import Answerer
from autoleads.bot.assistant.base import Completion, Prompt
from autoleads.bot.gateway.base import Kind
from autoleads.bot.turn import Incoming, Showroom, Turn
from autoleads.stock import Car, Stock
from autoleads.types import CarId, InboxId, Transmission
from tests.patience import patience

CAR = Car(
    id=CarId(1), display_code="#A01", public_name="Avanza 2020 Hitam #A01", slug="avanza-2020-hitam-a01",
    brand="Toyota", model="Avanza 1.3 G", year=2020, color="Hitam", transmission=Transmission.MANUAL, km=45_000,
    price_idr=185_000_000, photos=("/uploads/cars/s/a01-1.jpg",),
)  # fmt: skip


def _turn(text: str, **changes: object) -> Turn:
    message = Incoming(id=InboxId(1), kind=Kind.TEXT, text=text)
    showroom = Showroom(name="Showroom Uji", slug="uji", site_url="https://uji.autoleads.example")
    turn = Turn(showroom=showroom, stock=Stock(cars=(CAR,)), messages=(message,), now=datetime.now(UTC))
    return replace(turn, **changes)


class Slow:
    """A model that never answers."""

    async def complete(self, prompt: Prompt) -> Completion:
        await asyncio.Event().wait()
        raise AssertionError


def _answerer(assistant: Slow | None = None, compose: str = "auto") -> Answerer:
    return Answerer(assistant, compose=compose, messages_per_minute=10)


async def test_photos_leave_with_their_full_address() -> None:
    outcome = await _answerer().answer(_turn("minta foto avanza #A01 dong"))

    assert [r.photo for r in outcome.replies if r.photo] == ["https://uji.autoleads.example/uploads/cars/s/a01-1.jpg"]


async def test_the_model_gets_what_is_left_of_the_time_and_no_more() -> None:
    async with patience():
        outcome = await _answerer(Slow(), "always").answer(_turn("ada avanza?", budget_s=0.05))

    assert outcome.fallback == "timeout"
    assert "#A01" in outcome.replies[0].text


async def test_too_many_messages_get_one_line_and_then_silence() -> None:
    first = await _answerer().answer(_turn("halo", recent_messages=11))
    second = await _answerer().answer(_turn("halo", recent_messages=12, memory=first.memory))
    later = datetime.now(UTC) + timedelta(minutes=2)
    third = await _answerer().answer(_turn("halo", recent_messages=12, memory=first.memory, now=later))

    assert [reply.text for reply in first.replies] == [texts.TOO_MANY]
    assert second.replies == ()
    assert second.memory == first.memory
    assert [reply.text for reply in third.replies] == [texts.TOO_MANY]


async def test_who_opted_out_stays_out_and_may_come_back() -> None:
    gone = await _answerer().answer(_turn("stop, jangan wa saya lagi"))
    silent = await _answerer().answer(_turn("ada avanza?", memory=gone.memory))
    flooding = await _answerer().answer(_turn("halo", recent_messages=99, memory=gone.memory))
    back = await _answerer().answer(_turn("MULAI", memory=gone.memory))

    assert (gone.opt_out, len(gone.replies)) == (True, 1)
    assert (silent.opt_out, silent.replies) == (True, ())
    assert flooding.opt_out
    assert (back.opt_out, len(back.replies)) == (False, 1)

"""Opening hours: now, next, a week in words, the day a message speaks of."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoleads import hours
from autoleads.bot.understanding import days
from tests.showroom_sample import HOURS, SUNDAY, WORKDAY, ZONE


def test_open_until_closing_time() -> None:
    state = hours.state(HOURS, WORKDAY)

    assert state is not None
    assert state.open
    assert f"{state.closes:%H:%M}" == "18:00"


@pytest.mark.parametrize(
    ("hour", "minute", "is_open"),
    [(8, 59, False), (9, 0, True), (17, 59, True), (18, 0, False), (0, 0, False)],
)
def test_the_first_minute_is_open_and_the_closing_minute_is_not(hour: int, minute: int, is_open: bool) -> None:
    state = hours.state(HOURS, WORKDAY.replace(hour=hour, minute=minute))

    assert state is not None
    assert state.open is is_open


def test_closed_on_sunday_opens_on_monday() -> None:
    state = hours.state(HOURS, SUNDAY)

    assert state is not None
    assert not state.open
    assert state.opens == datetime(2025, 10, 27, 9, 0, tzinfo=ZONE)
    assert hours.opening_said(state.opens, SUNDAY) == "besok (Senin) jam 09.00"


def test_before_opening_it_opens_today() -> None:
    early = WORKDAY.replace(hour=6)
    state = hours.state(HOURS, early)

    assert state is not None
    assert state.opens is not None
    assert hours.opening_said(state.opens, early) == "hari ini jam 09.00"


def test_after_saturday_the_next_opening_skips_sunday() -> None:
    evening = datetime(2025, 10, 25, 20, 0, tzinfo=ZONE)

    assert hours.opening_said(hours.next_opening(HOURS, evening) or evening, evening) == "Senin jam 09.00"


@pytest.mark.parametrize("week", [{}, {"mon": "closed"}, {"mon": "pagi sampai sore"}, {"mon": "25:00-26:00"}])
def test_hours_that_cannot_be_read_are_unknown(week: dict[str, str]) -> None:
    assert hours.state(week, WORKDAY) is None
    assert hours.next_opening(week, WORKDAY) is None
    assert hours.week(week) == []


def test_a_week_joins_days_with_the_same_hours() -> None:
    assert hours.week(HOURS) == ["Senin-Sabtu 09.00-18.00", "Minggu tutup"]
    assert hours.week(dict(HOURS, wed="10.00 – 15.00", sun="00:00-24:00")) == [
        "Senin-Selasa 09.00-18.00",
        "Rabu 10.00-15.00",
        "Kamis-Sabtu 09.00-18.00",
        "Minggu 00.00-23.59",
    ]


def test_the_clock_is_the_showrooms() -> None:
    noon = datetime(2025, 10, 23, 3, 30, tzinfo=ZoneInfo("UTC"))

    assert hours.local(noon, "Asia/Makassar").hour == 11
    assert hours.zone_name("Asia/Makassar") == "WITA"
    assert hours.zone_name("Europe/Paris") == ""


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("besok bs liat unit kak?", date(2025, 10, 24)),
        ("lusa aku ke sana", date(2025, 10, 25)),
        ("hari Minggu buka kak?", date(2025, 10, 26)),
        ("Kamis pukul 10", date(2025, 10, 23)),
        ("nanti sore otw ya", date(2025, 10, 23)),
        ("skrg msh buka min?", date(2025, 10, 23)),
        ("sesuk isuk aku mrono", date(2025, 10, 24)),
        ("hari ini buka?", date(2025, 10, 23)),
        ("udah seminggu nunggu", None),
        ("mobil yang saya beli minggu lalu", None),
        ("buka jam brp?", None),
    ],
)
def test_the_day_a_message_speaks_of(text: str, day: date | None) -> None:
    assert days.day_asked(text, WORKDAY) == day


@given(st.integers(0, 7 * 24 * 60 - 1))
def test_a_closed_showroom_opens_later_and_is_open_then(minutes: int) -> None:
    now = datetime(2025, 10, 20, tzinfo=ZONE) + timedelta(minutes=minutes)
    state = hours.state(HOURS, now)

    assert state is not None
    if not state.open:
        assert state.opens is not None
        assert state.opens > now
        opened = hours.state(HOURS, state.opens)
        assert opened is not None
        assert opened.open


@given(st.integers(0, 7 * 24 * 60 - 1), st.floats(0, 1))
def test_until_the_next_change_the_same_is_said(minutes: int, share: float) -> None:
    now = datetime(2025, 10, 20, tzinfo=ZONE) + timedelta(minutes=minutes)

    change = hours.next_change(HOURS, now)

    last = change - timedelta.resolution
    assert last >= now
    assert _said(now + (last - now) * share) == _said(last) == _said(now)


@pytest.mark.parametrize(
    ("now", "change"),
    [
        (WORKDAY, WORKDAY.replace(hour=18, minute=0)),
        (WORKDAY.replace(hour=18, minute=0), datetime(2025, 10, 24, tzinfo=ZONE)),
        (WORKDAY.replace(hour=8), WORKDAY.replace(hour=9, minute=0)),
        (SUNDAY, datetime(2025, 10, 27, tzinfo=ZONE)),
    ],
)
def test_what_is_said_stands_as_long_as_it_can(now: datetime, change: datetime) -> None:
    assert hours.next_change(HOURS, now) == change
    assert _said(change) != _said(now)


def _said(now: datetime) -> tuple[object, str]:
    state = hours.state(HOURS, now)
    assert state is not None
    return state, hours.opening_said(state.opens, now) if state.opens else ""

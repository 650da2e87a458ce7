"""Opening hours: whether it is open now, when it opens next, and how a week is said."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_NAMES = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
_ZONE_NAMES = {
    "Asia/Jakarta": "WIB",
    "Asia/Pontianak": "WIB",
    "Asia/Makassar": "WITA",
    "Asia/Jayapura": "WIT",
}
_SPAN = re.compile(r"^\s*(\d{1,2})[:.](\d{2})\s*[-–]\s*(\d{1,2})[:.](\d{2})\s*$")
_MIDNIGHT = (24, 0)

Hours = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Span:
    opens: time
    closes: time

    def __str__(self) -> str:
        return f"{self.opens:%H.%M}-{self.closes:%H.%M}"


@dataclass(frozen=True, slots=True)
class State:
    """Of one moment. `closes` only when open; `opens` only when closed, None if it never opens again."""

    open: bool
    closes: time | None = None
    opens: datetime | None = None


def local(now: datetime, timezone: str) -> datetime:
    return now.astimezone(ZoneInfo(timezone)) if now.tzinfo else now


def zone_name(timezone: str) -> str:
    return _ZONE_NAMES.get(timezone, "")


def span(hours: Hours, weekday: int) -> Span | None:
    """None when closed that day, or when the value cannot be read."""
    match = _SPAN.match(hours.get(DAYS[weekday], ""))
    if match is None:
        return None
    from_h, from_m, to_h, to_m = (int(part) for part in match.groups())
    if (to_h, to_m) == _MIDNIGHT:
        to_h, to_m = 23, 59
    try:
        result = Span(time(from_h, from_m), time(to_h, to_m))
    except ValueError:
        return None
    return result if result.opens < result.closes else None


def state(hours: Hours, now: datetime) -> State | None:
    """`now` in the showroom's zone. None when no day can be read: nothing honest can be said."""
    if all(span(hours, day) is None for day in range(7)):
        return None
    today = span(hours, now.weekday())
    if today and today.opens <= now.time() < today.closes:
        return State(open=True, closes=today.closes)
    return State(open=False, opens=next_opening(hours, now))


def next_change(hours: Hours, now: datetime) -> datetime:
    """When what is said of `now` may be wrong: it opens, it closes, or another day begins and with it another
    "besok"."""
    today = span(hours, now.weekday())
    edges = [datetime.combine(now.date(), edge, now.tzinfo) for edge in ((today.opens, today.closes) if today else ())]
    midnight = datetime.combine(now.date() + timedelta(days=1), time(), now.tzinfo)
    return min(edge for edge in (*edges, midnight) if edge > now)


def next_opening(hours: Hours, now: datetime) -> datetime | None:
    for ahead in range(8):
        day = now + timedelta(days=ahead)
        opening = span(hours, day.weekday())
        if opening and (ahead or now.time() < opening.opens):
            return datetime.combine(day.date(), opening.opens, now.tzinfo)
    return None


def day_said(when: date, now: datetime) -> str:
    """`hari ini`, `besok (Senin)`, `Rabu`."""
    ahead = (when - now.date()).days
    name = DAY_NAMES[when.weekday()]
    if ahead == 0:
        return "hari ini"
    return f"besok ({name})" if ahead == 1 else name


def opening_said(opens: datetime, now: datetime) -> str:
    return f"{day_said(opens.date(), now)} jam {opens:%H.%M}"


def week(hours: Hours) -> list[str]:
    """Lines such as `Senin-Sabtu 09.00-18.00`; days in a row with the same hours share one."""
    spans = [span(hours, day) for day in range(7)]
    if not any(spans):
        return []
    lines: list[str] = []
    start = 0
    for day in range(1, 8):
        if day < 7 and spans[day] == spans[start]:
            continue
        name = DAY_NAMES[start] if day - start == 1 else f"{DAY_NAMES[start]}-{DAY_NAMES[day - 1]}"
        lines.append(f"{name} {spans[start] or 'tutup'}")
        start = day
    return lines

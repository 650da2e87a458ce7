"""/laporan: what was sold and asked in a day, a week or a month, and what stands in the showroom."""

import re
from datetime import datetime, timedelta

from autoleads.bot import texts_stock as texts
from autoleads.bot.staff import spans
from autoleads.bot.staff.base import Done, Errand
from autoleads.bot.staff.spans import Span, rupiah_short
from autoleads.bot.understanding.command_base import Instruction
from autoleads.sql import figures
from autoleads.sql.figures import Figures

_STATUSES = ("hot", "warm", "new", "cold", "closed", "lost")
_LAST = r"\s*(?:lalu|kemarin|kmrn|kemaren|sebelumnya)"
_SPANS = (
    ("last_month", re.compile(rf"(?:bulan|bln){_LAST}", re.IGNORECASE)),
    ("last_week", re.compile(rf"(?:minggu|mggu|pekan){_LAST}", re.IGNORECASE)),
    ("month", re.compile(r"bulan|bln", re.IGNORECASE)),
    ("week", re.compile(r"minggu|mggu|pekan", re.IGNORECASE)),
    ("year", re.compile(r"tahun|thn", re.IGNORECASE)),
    ("yesterday", re.compile(r"kemarin|kmrn|kemaren|wingi", re.IGNORECASE)),
)


async def ordered(errand: Errand, said: Instruction) -> Done:
    """Today's, unless another span is named."""
    text, now = errand.turn.text, errand.turn.now
    name = next((name for name, pattern in _SPANS if pattern.search(text)), "day")
    since, until = _span(name, now)
    words = text.lower()
    branch = next((one for one in errand.turn.showroom.branches if one.name.lower() in words), None)
    found = await figures.of_span(
        errand.db, errand.tenant_id, since=since, until=until, branch_id=branch.id if branch else None
    )
    return Done(text=_shown(found, texts.SPANS[name], since, until, branch.name if branch else ""))


def _span(name: str, now: datetime) -> Span:
    if name in ("week", "last_week"):
        return spans.week(now, ago=int(name == "last_week"))
    if name in ("month", "last_month"):
        return spans.month(now, ago=int(name == "last_month"))
    if name == "year":
        return spans.year(now)
    return spans.day(now, ago=int(name == "yesterday"))


def _shown(found: Figures, span: str, since: datetime, until: datetime, branch: str) -> str:
    by_status = [f"{status.upper()} {found.leads[status]}" for status in _STATUSES if status in found.leads]
    taken = "" if found.taken_after_s is None else texts.REPORT_TAKEN.format(time=_time(found.taken_after_s))
    last = until - timedelta(days=1)
    return texts.REPORT.format(
        span=span,
        branch=f" - {branch.upper()}" if branch else "",
        dates=_date(since) if last <= since else f"{_date(since)} - {_date(last)}",
        sold=found.sold,
        revenue=rupiah_short(found.revenue_idr),
        booked=found.booked,
        new_cars=found.new_cars,
        leads=sum(found.leads.values()),
        by_status=texts.REPORT_BY_STATUS.format(list=" | ".join(by_status)) if by_status else "",
        hot_waiting=found.hot_waiting,
        taken=taken,
        available=found.in_stock.get("available", 0),
        booking=found.in_stock.get("booking", 0),
        draft=found.in_stock.get("draft", 0),
        value=rupiah_short(found.stock_value_idr),
        others=texts.REPORT_OTHERS,
    )


def _date(moment: datetime) -> str:
    return f"{moment.day} {texts.MONTHS[moment.month - 1]} {moment.year}"


def _time(seconds: float) -> str:
    minutes = round(seconds / 60)
    if minutes < 1:
        return texts.UNDER_A_MINUTE
    return texts.MINUTES.format(n=minutes) if minutes < 120 else texts.HOURS.format(n=round(minutes / 60))

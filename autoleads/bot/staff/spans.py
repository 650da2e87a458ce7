"""Days, weeks and months of a showroom, and sums as its people say them."""

from datetime import datetime, timedelta

from autoleads.formats import rupiah

Span = tuple[datetime, datetime]
_MILLION, _BILLION = 1_000_000, 1_000_000_000


def day(now: datetime, *, ago: int = 0) -> Span:
    """(first moment, first moment after) of the day, in the zone of `now`."""
    start = _midnight(now) - timedelta(days=ago)
    return start, start + timedelta(days=1)


def week(now: datetime, *, ago: int = 0) -> Span:
    """From Monday on."""
    start = _midnight(now) - timedelta(days=now.weekday() + 7 * ago)
    return start, start + timedelta(days=7)


def month(now: datetime, *, ago: int = 0) -> Span:
    start = _midnight(now).replace(day=1)
    for _ in range(ago):
        start = (start - timedelta(days=1)).replace(day=1)
    return start, (start + timedelta(days=31)).replace(day=1)


def year(now: datetime) -> Span:
    start = _midnight(now).replace(month=1, day=1)
    return start, start.replace(year=start.year + 1)


def rupiah_short(amount: int) -> str:
    """`Rp 365jt`, `Rp 1,25 M`; what is no full half million is written out."""
    if amount >= _BILLION and amount % (10 * _MILLION) == 0:
        return f"Rp {amount / _BILLION:.2f}".rstrip("0").rstrip(".").replace(".", ",") + " M"
    if amount and amount % (_MILLION // 2) == 0 and amount < _BILLION:
        return f"Rp {amount / _MILLION:.1f}".removesuffix(".0").replace(".", ",") + "jt"
    return rupiah(amount)


def _midnight(now: datetime) -> datetime:
    return now.replace(hour=0, minute=0, second=0, microsecond=0)

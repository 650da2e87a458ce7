"""The day a message speaks of."""

import re
from datetime import date, datetime, timedelta

_DAY_WORDS = {
    "senin": 0, "senen": 0, "monday": 0, "selasa": 1, "slasa": 1, "tuesday": 1, "rabu": 2, "rebo": 2,
    "wednesday": 2, "kamis": 3, "kemis": 3, "thursday": 3, "jumat": 4, "jum'at": 4, "friday": 4,
    "sabtu": 5, "setu": 5, "saturday": 5, "minggu": 6, "ahad": 6, "sunday": 6,
}  # fmt: skip
_AHEAD_WORDS = {
    "lusa": 2, "besok": 1, "bsk": 1, "sesuk": 1, "mene": 1, "besuk": 1, "tomorrow": 1, "nanti": 0, "skrg": 0,
    "sekarang": 0,
    "today": 0, "saiki": 0,
}  # fmt: skip
_TODAY = re.compile(r"\b(hari|sore|siang|pagi|malam|malem) ini\b|\btoday\b")
_NOT_A_DAY = re.compile(r"\b(?:se|tiap|per|\d+|satu|dua|minggu)\s*minggu\b|\bminggu (?:lalu|depan|kemarin|ini)\b")


def day_asked(text: str, now: datetime) -> date | None:
    """The day a message speaks of: `besok`, `hari Minggu`, `nanti sore`; None when it names none."""
    lowered = _NOT_A_DAY.sub(" ", text.lower())
    words = re.findall(r"[a-z']+", lowered)
    for word in words:
        if word in _DAY_WORDS:
            return now.date() + timedelta(days=(_DAY_WORDS[word] - now.weekday()) % 7)
    if _TODAY.search(lowered):
        return now.date()
    ahead = next((_AHEAD_WORDS[word] for word in words if word in _AHEAD_WORDS), None)
    return None if ahead is None else now.date() + timedelta(days=ahead)

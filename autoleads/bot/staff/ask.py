"""A question that was put to a user, kept in the conversation's memory until it is answered, left or too old."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

_KEY = "ask"
_EXPIRES_AFTER = timedelta(minutes=30)  # product.md 4.7


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """`kind` says what an answer does; `ids` are what its numbers stand for, `given` what is known already."""

    kind: str
    at: float  # when it was asked, seconds since the epoch
    ids: tuple[int, ...] = ()
    given: str = ""

    def expired(self, now: datetime) -> bool:
        return now.timestamp() - self.at > _EXPIRES_AFTER.total_seconds()

    def picked(self, number: int) -> int | None:
        return self.ids[number - 1] if 1 <= number <= len(self.ids) else None


def recalled(memory: Mapping[str, Any]) -> Ask | None:
    """None as well for what another version of the program may have left."""
    stored = memory.get(_KEY)
    try:
        return Ask(**{**stored, "ids": tuple(stored["ids"])}) if isinstance(stored, dict) else None
    except (TypeError, KeyError):
        return None


def remembered(memory: Mapping[str, Any], ask: Ask | None) -> dict[str, Any]:
    kept = {key: value for key, value in memory.items() if key != _KEY}
    return kept if ask is None else {**kept, _KEY: asdict(ask)}

"""A question that was put to a user, kept in the conversation's memory until it is answered, left or too old."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

_KEY = "ask"
_EXPIRES_AFTER = timedelta(minutes=30)  # product.md 4.7


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """`kind` says what an answer does; `ids` are what its numbers stand for, `given` what is known already (JSON
    types only)."""

    kind: str
    at: float  # when it was asked, seconds since the epoch
    ids: tuple[int, ...] = ()
    given: Mapping[str, Any] = field(default_factory=dict)

    def expired(self, now: datetime) -> bool:
        return now.timestamp() - self.at > _EXPIRES_AFTER.total_seconds()


def recalled(memory: Mapping[str, Any]) -> Ask | None:
    """None as well for what another version of the program may have left."""
    stored = memory.get(_KEY)
    try:
        return Ask(**{**stored, "ids": tuple(stored["ids"]), "given": dict(stored["given"])}) if stored else None
    except (TypeError, KeyError, ValueError):
        return None


def remembered(memory: Mapping[str, Any], ask: Ask | None) -> dict[str, Any]:
    kept = {key: value for key, value in memory.items() if key != _KEY}
    return kept if ask is None else {**kept, _KEY: asdict(ask)}

"""What is asked of a user, kept in the conversation's memory until it is answered, left or too old."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

BULK, UPLOAD = "bulk", "upload"  # kinds of work that goes on for longer than one answer, see works.py
_KEY = "ask"
_EXPIRES_AFTER = timedelta(minutes=30)  # product.md 4.7


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """`kind` says what an answer does; `ids` are what its numbers stand for, `given` what is known already, `behind`
    what is known of the work that goes on once this is answered, by its kind (JSON types only)."""

    kind: str
    at: float  # when it was asked, seconds since the epoch
    ids: tuple[int, ...] = ()
    given: Mapping[str, Any] = field(default_factory=dict)
    behind: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def expired(self, now: datetime) -> bool:
        return now.timestamp() - self.at > _EXPIRES_AFTER.total_seconds()

    def work(self, kind: str) -> Mapping[str, Any] | None:
        """What is known of it, whether it is what is asked about or waits."""
        return self.given if self.kind == kind else self.behind.get(kind)


def recalled(memory: Mapping[str, Any]) -> Ask | None:
    """None as well for what another version of the program may have left."""
    stored = memory.get(_KEY)
    try:
        return Ask(**{**stored, "ids": tuple(stored["ids"]), **_apart(stored)}) if stored else None
    except (TypeError, KeyError, ValueError, AttributeError):
        return None


def _apart(stored: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """What the version before this one left has no `behind`, for it kept that in `given`."""
    given = dict(stored["given"])
    if "behind" in stored:
        return {"given": given, "behind": dict(stored["behind"])}
    return {"given": given, "behind": {kind: given.pop(kind) for kind in (BULK, UPLOAD) if kind in given}}


def remembered(memory: Mapping[str, Any], ask: Ask | None) -> dict[str, Any]:
    kept = {key: value for key, value in memory.items() if key != _KEY}
    return kept if ask is None else {**kept, _KEY: asdict(ask)}

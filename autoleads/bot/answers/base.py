"""What every answer is made from (Scene) and what it gives (Draft)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from autoleads.bot import hours, texts
from autoleads.bot.answers.focus import Focus
from autoleads.bot.turn import Reply, Turn
from autoleads.bot.understanding.base import Found, Understanding
from autoleads.stock import Car
from autoleads.types import LeadStatus

_BLANKS = re.compile(r"\n{3,}")
_NAME = re.compile(r"^[A-Za-z'.]{2,14}$")
_NO_NAMES = frozenset({"sales", "admin", "showroom", "mobil", "toko", "cv", "pt", "user", "customer", "owner"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One turn as the answers see it. `text` is lower case, as typed and as normalised."""

    turn: Turn
    understanding: Understanding
    found: Found
    focus: Focus
    text: str
    now: datetime
    seed: str

    def say(self, ways: texts.Ways, **values: str) -> str:
        return texts.say(ways, self.seed, **values)

    def has(self, pattern: str) -> bool:
        return re.search(pattern, self.text) is not None

    @property
    def name(self) -> str:
        """`Kak Ahmad` where a usable name is known, otherwise `Kak`."""
        given = self.understanding.entities.name or recall(self.turn.memory, "name") or self.turn.customer_name
        first = given.split()[0] if given.split() else ""
        usable = _NAME.match(first) and first.lower() not in _NO_NAMES
        return f"Kak {first.capitalize()}" if usable else "Kak"

    @property
    def open_state(self) -> hours.State | None:
        return hours.state(self.turn.showroom.hours, self.now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A rule answer before the guard. `memory` is what changes (None removes the key).

    `cars` are those whose facts the text states, in the order of the numbers a customer may answer with;
    `amounts` further sums of this turn (instalments, the customer's own offer); `phrasable`: a model may
    say it in its own words.
    """

    replies: tuple[Reply, ...]
    memory: Mapping[str, Any] = field(default_factory=dict)
    cars: tuple[Car, ...] = ()
    amounts: frozenset[int] = frozenset()
    source: str = "rule"
    phrasable: bool = False

    def remembering(self, **changes: Any) -> "Draft":
        return replace(self, memory={**self.memory, **changes})


def recall(memory: Mapping[str, Any], key: str) -> str:
    value = memory.get(key)
    return value if isinstance(value, str) else ""


GAP = "\n"  # an empty line between two parts


def bubble(*parts: str) -> tuple[Reply, ...]:
    """One reply of the parts that are not empty, each on its own line."""
    joined = "\n".join(part for part in parts if part)
    return (Reply(text=_BLANKS.sub("\n\n", joined).strip()),)


def canned(*parts: str, memory: Mapping[str, Any] | None = None) -> Draft:
    return Draft(replies=bubble(*parts), source="canned", memory=memory or {})


def handover(scene: Scene) -> str:
    """Who helps and from when; the salesperson's name follows when one has taken the lead."""
    state = scene.open_state
    told = scene.turn.memory.get("heat") == LeadStatus.HOT
    if state is not None and not state.open and state.opens is not None:
        early = state.opens.date() == scene.now.date()
        ways = texts.HANDOVER_AGAIN_CLOSED if told else texts.HANDOVER_NOT_YET if early else texts.HANDOVER_CLOSED
        return scene.say(ways, when=hours.opening_said(state.opens, scene.now))
    if told:
        return scene.say(texts.HANDOVER_AGAIN)
    return scene.say(texts.HANDOVER_OPEN if state is not None and state.open else texts.HANDOVER_PLAIN)

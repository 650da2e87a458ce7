"""What every answer is made from (Scene) and what it gives (Draft)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from autoleads import hours
from autoleads.bot import texts, texts_english
from autoleads.bot.answers.focus import Focus
from autoleads.bot.turn import Reply, Turn
from autoleads.bot.understanding.base import Found, Intent, Understanding
from autoleads.stock import Car
from autoleads.types import Sender

_BLANKS = re.compile(r"\n{3,}")
_NAME = re.compile(r"^[A-Za-z'.]{2,14}$")
_NO_NAMES = frozenset(
    {"sales", "admin", "showroom", "mobil", "toko", "cv", "pt", "user", "customer", "owner"}
    | {"bro", "sis", "gan", "min", "kak", "om", "bos", "bapak", "ibu", "pak", "bu", "mas", "mbak", "bpk", "ibuk"}
    | {"ko", "koh", "ci", "cik", "cak", "ning", "gus", "yu", "kang", "teh", "neng", "bang", "abang", "tante", "mbah"}
    | {"pakde", "bude", "paklik", "bulik", "h", "hj", "haji", "hajah", "dr", "drs", "ir", "prof", "mr", "mrs", "ms"}
)
_UPSET_FOR = timedelta(hours=12)  # after a complaint nothing cheerful is said


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
    english: bool = False

    def say(self, ways: texts.Ways, **values: str) -> str:
        spoken = texts_english.WAYS.get(ways[0], ways) if self.english else ways
        before = [line.text for line in self.turn.history if line.sender is Sender.BOT]
        return texts.say(spoken, self.seed, before, **values)

    def has(self, pattern: str) -> bool:
        return re.search(pattern, self.text) is not None

    @property
    def given_name(self) -> str:
        """What the customer said, else the profile's first usable word; empty where there is none."""
        given = self.understanding.entities.name or recall(self.turn.memory, "name") or self.turn.customer_name
        words = [word for word in given.split() if word.lower().strip(".") not in _NO_NAMES]
        return words[0].capitalize() if words and _NAME.match(words[0]) else ""

    @property
    def name(self) -> str:
        """`Kak Ahmad` where a usable name is known, otherwise `Kak`."""
        if self.english:
            return self.given_name or "there"
        return f"Kak {self.given_name}" if self.given_name else "Kak"

    @property
    def upset(self) -> bool:
        """Whether the customer complained a while ago, or does so now."""
        if self.understanding.intent is Intent.COMPLAINT:
            return True
        ago = since(self.turn, "upset_at")
        return ago is not None and ago < _UPSET_FOR

    @property
    def car_before(self) -> Car | None:
        """The one car that the talk was about before this message."""
        code = self.turn.memory.get("car")
        return self.turn.stock.by_code(code) if isinstance(code, str) else None

    @property
    def open_state(self) -> hours.State | None:
        return hours.state(self.turn.showroom.hours, self.now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A rule answer before the guard. `memory` is what changes (None removes the key).

    `closing` is the one next step, said last; `asks` which question it is, so that a short reply is understood.
    `person`: a salesperson is to be named before the closing; `person_said`: the text names one, who then is
    not named again unless the customer hears of this person for the first time.
    `cars` are those whose facts the text states, in the order of the numbers a customer may answer with;
    `amounts` further sums of this turn (instalments, the customer's own offer); `phrasable`: a model may
    say it in its own words.
    """

    replies: tuple[Reply, ...]
    closing: str = ""
    asks: str | None = None
    memory: Mapping[str, Any] = field(default_factory=dict)
    cars: tuple[Car, ...] = ()
    amounts: frozenset[int] = frozenset()
    source: str = "rule"
    phrasable: bool = False
    listing: str = ""  # the numbered part of the reply: it stays, whoever phrases the rest
    person: bool = False
    person_said: bool = False
    alert: str | None = None
    erase: bool = False

    def remembering(self, **changes: Any) -> "Draft":
        return replace(self, memory={**self.memory, **changes})

    def with_last(self, text: str) -> "Draft":
        """The same with other words in the last bubble."""
        return replace(self, replies=(*self.replies[:-1], replace(self.replies[-1], text=text)))


def since(turn: Turn, key: str) -> timedelta | None:
    """How long ago the moment was that the memory keeps under a key; None when none is kept."""
    at = turn.memory.get(key)
    if not isinstance(at, int | float) or isinstance(at, bool) or at > turn.now.timestamp():
        return None
    return timedelta(seconds=turn.now.timestamp() - at)


def recall(memory: Mapping[str, Any], key: str) -> str:
    value = memory.get(key)
    return value if isinstance(value, str) else ""


GAP = "\n"  # an empty line between two parts


def joined(*parts: str) -> str:
    """The parts that are not empty, each on its own line."""
    return _BLANKS.sub("\n\n", "\n".join(part for part in parts if part)).strip()


def bubble(*parts: str) -> tuple[Reply, ...]:
    """One reply of these parts."""
    return (Reply(text=joined(*parts)),)


def canned(*parts: str, closing: str = "", asks: str | None = None, memory: Mapping[str, Any] | None = None) -> Draft:
    return Draft(replies=bubble(*parts), closing=closing, asks=asks, source="canned", memory=memory or {})

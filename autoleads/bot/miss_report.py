"""What customers wrote and the rules of today do not understand well, or nobody answered: for whoever improves the
vocabulary. The history is read anew, so a word that was taught since is gone from the report."""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from autoleads.bot import customer, misses
from autoleads.bot.misses import Miss
from autoleads.bot.turn import Showroom, lone_turn
from autoleads.bot.understanding.base import Found, Understanding
from autoleads.bot.understanding.understand import understand
from autoleads.formats import phone_masked
from autoleads.plates import REGIONS_IN_CHAT
from autoleads.sql.messages import Said
from autoleads.stock import Stock

_MOST_CHARS = 300  # of a message that is shown

# Questions of the bot (name, visit, instalments, own car) that are answered in free words, which teach nothing.
_ASKS_FREELY = re.compile(r"nama Kakak\?|hari apa, jam berapa|DP atau tenor|data mobil Kakak", re.IGNORECASE)
_PHONE = re.compile(
    r"(?<!\d)(?<!\d[.,])"
    r"(?:(?:\+62|0\d)(?:[\s().-]{0,2}\d){7,13}|(?:62[\s-]?)?8\d{1,2}[\s-]?\d{3,4}[\s-]?\d{3,5}(?!\d))"
)
_ACCOUNT = re.compile(r"(?<!\d)(?![1-9]\d{0,2}0{6}(?!\d))\d{8,}")  # "185000000" is a price
_PLATE = re.compile(r"\b([a-z]{1,2})[\s.-]?(\d{1,4})[\s.-]?([a-z]{1,3})\b", re.IGNORECASE)
_PLATE_TOLD = re.compile(r"\b((?:plat|nopol|plate)\w*\W+[a-z]{1,2})[\s.-]?\d{1,4}\b", re.IGNORECASE)
_NO_PLATE = re.compile(
    r"[amc]t|cc|jt|rb|km|an|thn?|bln|kg|hp|p[sk]|k|kak|gan|min|om|bu|pak|mas|dp|ya|yg|di|ga|ada|aja", re.IGNORECASE
)
_LEAST_DIGITS = 3  # of a plate typed in small letters
_YEARS = range(1980, 2040)


@dataclass(slots=True, kw_only=True)
class Group:
    """Messages that say the same. `text` is the one met first, `reply` what it got; both masked."""

    reason: Miss
    text: str
    intent: str
    confidence: float
    unknown: tuple[str, ...]
    reply: str | None
    count: int
    last_at: datetime


@dataclass(slots=True)
class Report:
    """One showroom's messages of a period, of which only what was missed is kept, and that within bounds.

    `speaks`: whether the bot answers there at all, so that silence means something. `kept`: groups and words
    that stay when there are twice as many: what was said once matters least.
    """

    showroom: Showroom
    stock: Stock
    now: datetime
    speaks: bool = True
    kept: int = 2_000
    messages: int = 0
    missed: Counter[Miss] = field(default_factory=Counter)
    words: Counter[str] = field(default_factory=Counter)
    _groups: dict[tuple[Miss, str], Group] = field(default_factory=dict)

    async def add(self, line: Said) -> None:
        self.messages += 1
        said = understand(line.body, self.stock)
        reason = await self._reason(line, said)
        if reason is None:
            return
        self.missed[reason] += 1
        unknown = misses.unknown_words(said, self.stock)
        self.words.update(unknown)
        key = (reason, _same(said))
        group = self._groups.get(key)
        if group is None:
            self._groups[key] = _group(line, said, reason, unknown)
        else:
            group.count += 1
            group.last_at = max(group.last_at, line.created_at)
        self._forget()

    def groups(self) -> list[Group]:
        """Most frequent first, then the latest."""
        return sorted(self._groups.values(), key=lambda group: (-group.count, -group.last_at.timestamp()))

    async def _reason(self, line: Said, said: Understanding) -> Miss | None:
        answers_us = line.asked is not None and _ASKS_FREELY.search(line.asked) is not None
        if misses.doubt(said) and not answers_us:
            turn = lone_turn(line.body, self.showroom, self.stock, self.now)
            outcome = await customer.answer(turn, said, Found(), None, compose="never")
            if reason := misses.judge(said, self.stock, outcome):
                return reason
        return Miss.UNANSWERED if self.speaks and line.reply is None and not line.silenced else None

    def _forget(self) -> None:
        """Halves what has grown too large: the rarest goes."""
        if len(self._groups) > 2 * self.kept:
            kept = sorted(self._groups.items(), key=lambda item: -item[1].count)[: self.kept]
            self._groups = dict(kept)
        if len(self.words) > 2 * self.kept:
            self.words = Counter(dict(self.words.most_common(self.kept)))


def report_on(showroom: Showroom, stock: Stock, *, speaks: bool) -> Report:
    return Report(showroom, stock, datetime.now(ZoneInfo(showroom.timezone)), speaks)


def masked(text: str) -> str:
    """A message on one line, without phone and account numbers and without plates."""
    line = " ".join(text.split())[:_MOST_CHARS]
    return _PLATE_TOLD.sub(r"\1***", _PLATE.sub(_plate, _ACCOUNT.sub(_number, _PHONE.sub(_number, line))))


def _number(match: re.Match[str]) -> str:
    return phone_masked(match[0])


def _plate(match: re.Match[str]) -> str:
    head, digits, tail = match.groups()
    typed_as_plate = head.isupper() and tail.isupper()
    plain = len(digits) >= _LEAST_DIGITS and int(digits) not in _YEARS
    if head.lower() not in REGIONS_IN_CHAT or _NO_PLATE.fullmatch(tail) or not (plain or typed_as_plate):
        return match[0]
    return f"{head}***"


def _same(said: Understanding) -> str:
    """What two messages share that say the same."""
    words = [word for word in said.normal.split() if word not in ("?", "|")]
    return " ".join(words) or " ".join(said.text.lower().split())[:_MOST_CHARS]


def _group(line: Said, said: Understanding, reason: Miss, unknown: tuple[str, ...]) -> Group:
    return Group(
        reason=reason,
        text=masked(line.body),
        intent=said.intent.value,
        confidence=said.confidence,
        unknown=unknown,
        reply=None if line.reply is None else masked(line.reply),
        count=1,
        last_at=line.created_at,
    )

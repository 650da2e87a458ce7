"""What the rules did not understand well: counted as it happens, and found again in the history by miss_report.py.

What only the conversation explains ("ya", a name, "besok jam 10") is no miss.
"""

import re
from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from typing import Any

from autoleads import metrics
from autoleads.bot.turn import Outcome, Turn
from autoleads.bot.understanding.base import Intent, Understanding
from autoleads.bot.understanding.normalize import lexicon, read_toml
from autoleads.stock import Stock

_GUESSED = 0.6  # no phrase of the rules matched: the intent is read off what is named
_ABOUT_CARS = frozenset({Intent.CAR_SEARCH, Intent.CAR_DETAIL, Intent.AVAILABILITY, Intent.PRICE, Intent.PHOTOS})
_SHORTEST = 3  # letters of a word worth teaching
_LETTERS = re.compile(r"[a-z]+")
_OF_STOCK = "familiar words"


class Miss(StrEnum):
    """Closed set: a metric's label."""

    OTHER = "other"  # no intent of the set, and no rule answer that fits
    LOW_CONFIDENCE = "low_confidence"  # an intent guessed from what is named, beside words that nobody taught
    UNKNOWN_WORDS = "unknown_words"  # about cars, names no model and no brand, and has words that nobody taught
    UNANSWERED = "unanswered"  # understood, but nobody replied; only the report can know


def doubt(said: Understanding) -> Miss | None:
    """What may be wrong with an understanding; judge() says whether it is."""
    if said.intent is Intent.OTHER:
        return Miss.OTHER
    if said.confidence <= _GUESSED:
        return Miss.LOW_CONFIDENCE
    return Miss.UNKNOWN_WORDS if said.intent in _ABOUT_CARS and not _names_car(said) else None


def judge(said: Understanding, stock: Stock, outcome: Outcome) -> Miss | None:
    """What is wrong with the understanding of an answered message, None when nothing is."""
    reason = doubt(said)
    context_told = outcome.intent != said.intent or (outcome.lead is not None and outcome.lead.name is not None)
    if reason is None or context_told or not outcome.replies:
        return None
    sure = not outcome.lost if reason is Miss.OTHER else not unknown_words(said, stock)
    return None if sure else reason


def count(turn: Turn, said: Understanding, outcome: Outcome) -> None:
    """Counts a customer's turn that was answered without being understood well."""
    if reason := judge(said, turn.stock, outcome):
        metrics.MISSES.labels(reason).inc()


def unknown_words(said: Understanding, stock: Stock) -> tuple[str, ...]:
    """Each word once that neither the rules nor this stock know: a model, a spelling, a dialect."""
    known, own = _familiar(), _of_stock(stock)
    words = (word for word in said.normal.split() if word.isalpha() and len(word) >= _SHORTEST)
    return tuple(dict.fromkeys(word for word in words if word not in known and word not in own))


def _names_car(said: Understanding) -> bool:
    return bool(said.codes) or any(need.brand or need.model for need in said.needs)


@cache
def _familiar() -> frozenset[str]:
    lists = {word for name in ("lists.toml", "rules.toml") for word in _words(read_toml(name))}
    joined = {word for pairs in lexicon().pairs.values() for short in pairs.values() for word in short}
    return lexicon().known | lists | joined


def _words(data: Any) -> Iterator[str]:
    """All words of a table of the understanding, whatever its shape."""
    if isinstance(data, str):
        yield from _LETTERS.findall(data.lower())
    elif isinstance(data, dict):
        for key, value in data.items():
            yield from _LETTERS.findall(key)
            yield from _words(value)
    elif isinstance(data, list):
        for value in data:
            yield from _words(value)


def _of_stock(stock: Stock) -> frozenset[str]:
    words = stock.derived.get(_OF_STOCK)
    if words is None:
        columns = (
            " ".join((car.brand, car.model, car.color, *car.features, car.condition_notes, car.branch or ""))
            for car in stock.cars
        )
        words = stock.derived[_OF_STOCK] = frozenset(w for text in columns for w in _LETTERS.findall(text.lower()))
    found: frozenset[str] = words
    return found

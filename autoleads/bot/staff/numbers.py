"""Numbers that a user answers with."""

import re

from autoleads.bot import texts_staff as texts
from autoleads.bot.staff.ask import Ask
from autoleads.bot.staff.base import Done

_NUMBER = re.compile(r"^\W*(\d{1,3})\W*$")


def picked(text: str) -> int | None:
    match = _NUMBER.match(text)
    return int(match[1]) if match else None


def chosen(ask: Ask, text: str) -> int | Done | None:
    """The id that a number stands for, a word about a number that is not in the list, or None: no number."""
    number = picked(text)
    if number is None:
        return None
    id_ = ask.ids[number - 1] if 1 <= number <= len(ask.ids) else None
    if id_ is None:
        return Done(text=texts.NUMBER_UNKNOWN.format(number=number, most=len(ask.ids)), ask=ask)
    return id_

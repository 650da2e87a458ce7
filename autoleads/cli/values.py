"""Values as operators type them. Each function raises ArgumentTypeError with what the value must be."""

import re
from argparse import ArgumentTypeError
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import idna

from autoleads.formats import phone_digits, phone_display

Parse = Callable[[str], Any]

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SLUG = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
# Hosts of the platform itself, now or later.
_RESERVED = frozenset({"www", "api", "app", "admin", "static", "mail", "localhost"})
_SPAN = re.compile(r"(\d{1,2})[:.](\d{2})\s*-\s*(\d{1,2})[:.](\d{2})", re.ASCII)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_AGE = re.compile(r"(\d{1,4})([mhd])", re.ASCII)
_FIRST_YEAR = 2000
_AGE_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_DOMAIN = re.compile(r"([a-z0-9-]+\.)+[a-z][a-z0-9-]*[a-z0-9]")
_LONGEST_DOMAIN = 200
_COLOR = re.compile(r"#[0-9A-Fa-f]{6}")


def phone(value: str) -> str:
    digits = phone_digits(value)
    if digits is None or not 9 <= len(digits) <= 20:
        raise ArgumentTypeError("must be a phone number such as 0812-3456-7890")
    return digits


def shown_phone(digits: str) -> str:
    return phone_display(digits) if digits else ""


def slug(value: str) -> str:
    if not _SLUG.fullmatch(value):
        raise ArgumentTypeError("must be lower-case letters, digits and hyphens, at most 63")
    if value in _RESERVED:
        raise ArgumentTypeError("is reserved for the platform")
    return value


def text(least: int, most: int) -> Parse:
    def parse(value: str) -> str:
        tidy = " ".join(value.split())
        if not least <= len(tidy) <= most or not tidy.isprintable():
            raise ArgumentTypeError(
                f"must have {least} to {most} characters" if least else f"at most {most} characters"
            )
        return tidy

    return parse


def secret(value: str) -> str:
    """It travels in a header or an address. Empty takes the stored one away."""
    if len(value) > 200 or not value.isascii() or not value.isprintable() or " " in value:
        raise ArgumentTypeError("must be at most 200 printable ASCII characters without spaces")
    return value


def email(value: str) -> str:
    if len(value) > 200 or not _EMAIL.fullmatch(value):
        raise ArgumentTypeError("must be an e-mail address")
    return value.lower()


def web_address(value: str) -> str:
    try:
        parts = urlsplit(value)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname or len(value) > 500 or not value.isprintable():
        raise ArgumentTypeError("must be an address such as https://maps.google.com/...")
    return value


def domain(value: str) -> str:
    """As browsers ask for it: lower case, other letters than ASCII in their xn-- form. `www.` comes with it."""
    try:
        name = idna.encode(value.strip().rstrip("."), uts46=True).decode("ascii")
    except idna.IDNAError:
        name = ""
    if not _DOMAIN.fullmatch(name) or len(name) > _LONGEST_DOMAIN or name.startswith("www."):
        raise ArgumentTypeError("must be a domain without www. in front, such as mobiljaya.com")
    return name


def color(value: str) -> str:
    if not _COLOR.fullmatch(value):
        raise ArgumentTypeError("must be a colour such as #0B6E4F")
    return value


def timezone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ArgumentTypeError("must be a time zone such as Asia/Jakarta") from None
    return value


def yes_no(value: str) -> bool:
    answers = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}
    try:
        return answers[value.lower()]
    except KeyError:
        raise ArgumentTypeError("must be yes or no") from None


def one_of(*words: str) -> Parse:
    def parse(value: str) -> str:
        if value not in words:
            raise ArgumentTypeError(f"must be one of {', '.join(words)}")
        return value

    return parse


def count(value: str) -> int:
    if not value.isascii() or not value.isdecimal() or not 1 <= int(value[:9]) <= 100_000:
        raise ArgumentTypeError("must be a whole number from 1 to 100000")
    return int(value)


def since(value: str) -> timedelta | date:
    """An age such as `30m`, `12h`, `7d`, or a day."""
    if match := _AGE.fullmatch(value):
        return timedelta(**{_AGE_UNITS[match[2]]: int(match[1])})
    with suppress(ValueError):
        if (day := date.fromisoformat(value)).year >= _FIRST_YEAR:
            return day
    raise ArgumentTypeError("must be an age such as 12h or 7d, or a day such as 2026-11-01")


def or_empty(parse: Parse) -> Parse:
    """An empty value takes away what is stored."""
    return lambda value: parse(value) if value else ""


def hours(value: str) -> dict[str, str]:
    """`mon-sat 09:00-18:00; sun closed`: days that are not named are left out."""
    found: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in value.lower().split(";"))):
        days, _, span = part.partition(" ")
        for day in _days(days):
            if day in found:
                raise ArgumentTypeError(f"{day} is given twice")
            found[day] = _span(span.strip())
    return {day: found[day] for day in DAYS if day in found}


def _days(written: str) -> list[str]:
    found: list[str] = []
    for part in written.split(","):
        first, dash, last = part.partition("-")
        if first not in DAYS or (dash and last not in DAYS):
            raise ArgumentTypeError(f"days must be {', '.join(DAYS)}, as in: mon-sat 09:00-18:00; sun closed")
        start, end = DAYS.index(first), DAYS.index(last or first)
        found += [DAYS[day % 7] for day in range(start, end + 1 if end >= start else end + 8)]
    return found


def _span(written: str) -> str:
    if written == "closed":
        return written
    match = _SPAN.fullmatch(written)
    opens, closes = (_time(match, 1), _time(match, 3)) if match else ((24, 0), (0, 0))
    if opens >= closes or closes > (24, 0) or opens[1] > 59 or closes[1] > 59:
        raise ArgumentTypeError("hours must be closed, or from-to on one day, such as 09:00-18:00")
    return f"{opens[0]:02d}:{opens[1]:02d}-{closes[0]:02d}:{closes[1]:02d}"


def _time(match: re.Match[str], group: int) -> tuple[int, int]:
    return int(match[group]), int(match[group + 1])

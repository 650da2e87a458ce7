"""How sums, distances, dates, phone numbers and links to them are written, and how a phone number is stored."""

import unicodedata
from datetime import date
from functools import lru_cache
from urllib.parse import quote

import phonenumbers

_REGION = "ID"
_COUNTRY = 62
_EMOJI_JOINER = "\u200d"
_MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip


class _Percented(dict[int, str]):
    """Characters as they stand in the query of an address; those of all our sentences are worked out already."""

    def __missing__(self, code: int) -> str:
        return quote(chr(code), safe="")


_PERCENTED = _Percented({code: quote(chr(code), safe="") for code in range(128)})


def legible(written: str) -> str:
    """Without what nobody sees: control characters, and those that hide in a word or turn the text around them. What
    joins two emoji stays."""
    shown = ((ch, unicodedata.category(ch)) for ch in written)
    return "".join(
        " " if kind in ("Cc", "Cs") and ch != "\n" else ch
        for ch, kind in shown if kind != "Cf" or ch == _EMOJI_JOINER
    )  # fmt: skip


def rupiah(amount: int) -> str:
    return f"Rp {amount:,}".replace(",", ".")


def kilometers(km: int) -> str:
    return f"{km:,} km".replace(",", ".")


def day(when: date) -> str:
    """`25 November 2026`."""
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}"


@lru_cache(maxsize=20_000)  # the library takes 0.1 ms, and the same people write again
def phone_digits(raw: str) -> str | None:
    """`0812-3456-7890`, `+62 812...`, `62812...` become `62812...`; None when it is no phone number."""
    digits = "".join(ch for ch in raw if ch.isdecimal())
    if not digits:
        return None
    written = f"+{digits}" if digits.startswith("62") or raw.strip().startswith("+") else raw
    try:
        number = phonenumbers.parse(written, _REGION)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return f"{number.country_code}{number.national_number}"


@lru_cache(maxsize=4_096)
def phone_display(digits: str) -> str:
    """`6281234567890` as `0812-3456-7890`, `62311234567` as `031-1234567`; a foreign number as `+65 6123 4567`.

    The library knows how long the area code of each city is.
    """
    try:
        number = phonenumbers.parse(f"+{digits}")
    except phonenumbers.NumberParseException:
        return f"+{digits}"
    home = number.country_code == _COUNTRY
    style = phonenumbers.PhoneNumberFormat.NATIONAL if home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    shown = phonenumbers.format_number(number, style)
    return shown.replace("(", "").replace(") ", "-").replace(" ", "-") if home else shown


def phone_masked(written: str) -> str:
    """For logs and reports, however it is written: enough to recognise a number one already knows."""
    digits = "".join(filter(str.isdecimal, written))
    if digits.startswith("0"):
        digits = f"{_COUNTRY}{digits[1:]}"
    return f"{digits[:4]}***{digits[-3:]}" if len(digits) > 7 else "***"


def whatsapp_link(digits: str, text: str) -> str:
    """Opens the chat with this text written; without digits the reader chooses whom to send it to."""
    return f"https://wa.me/{digits}?text={text.translate(_PERCENTED)}"

"""How sums, distances and phone numbers are shown, and how a phone number is stored."""

from functools import lru_cache

import phonenumbers

_REGION = "ID"


def rupiah(amount: int) -> str:
    return f"Rp {amount:,}".replace(",", ".")


def kilometers(km: int) -> str:
    return f"{km:,} km".replace(",", ".")


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


def phone_display(digits: str) -> str:
    """`6281234567890` as `0812-3456-7890`; a foreign number keeps its country code."""
    if not digits.startswith("62"):
        return f"+{digits}"
    national = "0" + digits[2:]
    groups = [national[:4], *(national[i : i + 4] for i in range(4, len(national), 4))]
    if len(groups) > 2 and len(groups[-1]) < 3:
        groups[-2:] = [groups[-2] + groups[-1]]
    return "-".join(groups)


def phone_masked(digits: str) -> str:
    """For logs: enough to recognise a number one already knows."""
    return f"{digits[:4]}***{digits[-3:]}" if len(digits) > 7 else "***"

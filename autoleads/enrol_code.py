"""The one-time code by which a person of a showroom makes a WhatsApp number their own."""

import hashlib
import re
import secrets

from autoleads.types import TenantId

# Nothing that is read as something else: no 0/O, no 1/I. 32^8 codes, of which `new` draws two thirds: 7.5e11. A
# conversation may try 5 an hour (MOST_TRIES), 840 in the 7 days that a code lasts by default: one chance in 890 million
# for an open code. Ten thousand numbers that guess all week, 14 messages a second at one device: one in 89,000.
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_GROUP = 4
MOST_TRIES, TRIES_WITHIN_S = 5, 3600.0

# Also what a thief of a backup has to pay per guess, rather than one SHA-256.
_SCRYPT_N, _SCRYPT_R, _SCRYPT_P = 2**12, 8, 1

_SENT = re.compile(
    rf"\s*[/\"'*(]*daftar[\s:=\-]+([{_ALPHABET}]{{{_GROUP}}})[\s.\-]*([{_ALPHABET}]{{{_GROUP}}})[\"'*).!\s]*",
    re.IGNORECASE,
)
_LONGEST = 300  # characters of a message with a code; a hostile one is not looked at line by line
_MIXED = re.compile(r"(?=.*\d)(?=.*[a-z])", re.IGNORECASE)


def new() -> str:
    """`K7QM-3XWP`."""
    while True:
        first, second = ("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP)) for _ in range(2))
        if _MIXED.match(first):
            return f"{first}-{second}"


def sentence(code: str) -> str:
    """What is to be sent to the showroom."""
    return f"DAFTAR {code}"


def sent(text: str) -> str | None:
    """The code in a line like that, as `new` writes it. The first group of every code has a figure and a letter, so
    that "daftar yang baru" remains a customer's question."""
    for line in text.splitlines() if len(text) <= _LONGEST else ():
        if (match := _SENT.fullmatch(line)) and _MIXED.match(match[1]):
            return f"{match[1]}-{match[2]}".upper()
    return None


def hashed(code: str, tenant_id: TenantId) -> str:
    """What is stored. Salted by the tenant alone, so that a code can be looked up. Takes about 10 ms."""
    salt = f"autoleads code {tenant_id}".encode()
    return hashlib.scrypt(code.encode(), salt=salt, n=_SCRYPT_N, r=_SCRYPT_R, p=_SCRYPT_P, dklen=32).hex()

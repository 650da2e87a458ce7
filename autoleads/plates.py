"""Indonesian number plates: how a whole one is written, and the letters that one begins with."""

import re

_REGIONS = """
a aa ab ad ae ag b ba bb bd be bg bh bk bl bm bn bp d da db dc dd de dg dh dk dl dm dn dp dr ds dt dw e ea eb ed f g h k
kb kh kt ku l m n p pa pb pg r s st t w z
"""
REGIONS = frozenset(_REGIONS.split())
REGIONS_IN_CHAT = REGIONS - {"dp"}  # where these letters are a down payment

# The one rule of what a plate is: letters, a number that does not begin with 0, then mostly one to three letters. Old
# and special ones have none, "B 12"; but "L 300" is a model, so in a line of words such a plate must be told as one
# (bot.understanding.plates).
_SHAPE = re.compile(r"([A-Z]{1,2})([1-9][0-9]{0,3})([A-Z]{0,3})")
_SEPARATORS = re.compile(r"[\s.\-]")


def parts(written: str) -> tuple[str, ...] | None:
    """`b 1234-xyz` is B, 1234, XYZ; None when it has not the shape of a plate."""
    match = _SHAPE.fullmatch(_SEPARATORS.sub("", written).upper())
    return match.groups() if match else None


def clean(written: str) -> str | None:
    """`b 1234-xyz` is `B1234XYZ`; None when it has not the shape of a plate."""
    found = parts(written)
    return "".join(found) if found else None

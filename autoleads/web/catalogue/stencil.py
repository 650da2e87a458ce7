"""Stencils: what is written often is worked out once with gaps, and filled in for each."""

import re
from collections.abc import Sequence

# No text of the database has a zero byte, and what a visitor asks for is read without (see wanted.py).
GAP = "\0"
_NAMED_GAP = re.compile(r"\0(\w+)\0")


def gap(name: str) -> str:
    return f"{GAP}{name}{GAP}"


class Stencil:
    """`written` has gaps, which are filled by values in the order of `names`."""

    __slots__ = ("_order", "_pieces")

    def __init__(self, written: str, names: Sequence[str]) -> None:
        self._pieces = _NAMED_GAP.split(written)
        self._order = [names.index(name) for name in self._pieces[1::2]]

    def filled(self, values: Sequence[str]) -> str:
        pieces = self._pieces.copy()
        pieces[1::2] = [values[place] for place in self._order]
        return "".join(pieces)

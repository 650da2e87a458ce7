"""What users say to whatever was asked: leave it, nod, or answer barely."""

import re

_CANCEL = re.compile(
    r"^\W*(?:/?batal(?:kan|in)?|cancel|(?:tidak|tdk|nggak|ngga|gak|gk|ga|g) ?jadi)"
    r"(?: (?:upload|daftar|semua|aja|saja|dulu|deh|dong|ya|pak|bu|mas|mbak|kak|min)(?:nya)?)*\W*$",
    re.IGNORECASE,
)
_BARE = re.compile(r"^\W*(?:\d{1,3}|ya|iya|y|ok|oke|tidak|lanjut|next|lagi|skip)\W*$", re.IGNORECASE)
_NOD = re.compile(
    r"^\W*(?:ok|oke|okay|siap|sip|mantap|makasih|terima ?kasih|thanks|tq)(?: ya| kak| min| pak| bu| bos)*\W*$",
    re.IGNORECASE,
)


def cancels(text: str) -> bool:
    return _CANCEL.match(text) is not None


def bare(text: str) -> bool:
    """An answer that means nothing without its question."""
    return _BARE.match(text) is not None


def nods(text: str) -> bool:
    return _NOD.match(text) is not None

"""The phrase tables as something that can be searched quickly."""

from dataclasses import dataclass
from functools import cache

from autoleads.bot.understanding.base import Intent
from autoleads.bot.understanding.normalize import lexicon, read_toml

_MAX_GAP = 3
_BRIEF = 9  # words of a clause
_TALK = 24  # words of a whole message
_BREAKS = frozenset({"|", "?"})


@dataclass(frozen=True, slots=True)
class Hit:
    intent: Intent
    phrase: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Phrase:
    intent: Intent
    text: str
    parts: tuple[frozenset[str], ...]
    kind: str  # phrases, short, unless


_BEGIN, _END, _GAP = frozenset({"^"}), frozenset({"$"}), frozenset({".."})


@cache
def _table() -> dict[str, list[_Phrase]]:
    """By first word; a phrase whose first part is a choice stands under each of them."""
    table: dict[str, list[_Phrase]] = {}
    for name, group in read_toml("phrases.toml").items():
        for key in ("phrases", "short", "unless"):
            for text in group.get(key, ()):
                parts = _parts(text)
                phrase = _Phrase(Intent(name), text, parts, key)
                for first in parts[1] if parts[0] == _BEGIN else parts[0]:
                    table.setdefault(first, []).append(phrase)
    return table


def _parts(text: str) -> tuple[frozenset[str], ...]:
    """Each part as the set of words that fit it, in the spelling the tokens will have."""
    table = lexicon()
    out = []
    for part in text.split():
        choices = part.split("/") if len(part) > 1 else [part]
        words = {table.spelling.get(word, word) for word in choices if word not in table.filler}
        if not words:
            raise ValueError(f"phrases.toml: {part!r} in {text!r} is a filler and never seen")
        out.append(frozenset(words))
    return tuple(out)


def hits(words: list[str]) -> list[Hit]:
    """Every phrase found, those taken back by an "unless" left out."""
    found: list[Hit] = []
    back: set[Intent] = set()
    table = _table()
    for i, word in enumerate(words):
        for phrase in table.get(word, ()):
            end = _match(phrase.parts, words, i)
            if end is None:
                continue
            if phrase.kind == "unless":
                back.add(phrase.intent)
            elif phrase.kind != "short" or (len(words) <= _TALK and _clause_length(words, i) <= _BRIEF):
                found.append(Hit(phrase.intent, phrase.text, i, end))
    return [hit for hit in found if hit.intent not in back]


def _clause_length(words: list[str], at: int) -> int:
    start = end = at
    while start and words[start - 1] not in _BREAKS:
        start -= 1
    while end < len(words) and words[end] not in _BREAKS:
        end += 1
    return end - start


def _match(parts: tuple[frozenset[str], ...], words: list[str], at: int) -> int | None:
    if parts[0] == _BEGIN:
        if at and words[at - 1] not in _BREAKS:
            return None
        parts = parts[1:]
    i, gap = at, False
    for part in parts:
        if part == _GAP:
            gap = True
        elif part == _END:
            if i < len(words) and words[i] not in _BREAKS:
                return None
        elif gap:
            for j in range(i, min(len(words), i + _MAX_GAP + 1)):
                if words[j] in part:
                    i = j + 1
                    break
                if words[j] == "|":
                    return None
            else:
                return None
            gap = False
        elif i < len(words) and words[i] in part:
            i += 1
        else:
            return None
    return i

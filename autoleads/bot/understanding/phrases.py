"""The phrase tables as something that can be searched quickly."""

from dataclasses import dataclass
from functools import cache

from autoleads.bot.understanding.base import Intent
from autoleads.bot.understanding.normalize import lexicon, read_toml, stem

_MAX_GAP = 3
_NEAR = 8  # words an "a & b" may be apart
_BRIEF = 9  # words of a clause
_TALK = 24  # words of a whole message
_BREAKS = frozenset({"|", "?"})


@dataclass(frozen=True, slots=True)
class Hit:
    """`kind` is the table's key: phrases, short, or what the intent's rules tell apart (policy, interest, vague)."""

    intent: Intent
    phrase: str
    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class _Phrase:
    intent: Intent
    text: str
    behind: tuple[frozenset[str], ...]  # the parts after the first word, under which it stands in the table
    kind: str
    begins: bool  # "^ a": nothing of its clause stands before
    together: bool  # "a & b": in any order


# What someone who says no to it does not ask for.
_DENIED = frozenset({Intent.NEGOTIATION, Intent.CREDIT, Intent.TRADE_IN, Intent.SELL_CAR, Intent.PHOTOS})
_NO = frozenset({"tidak", "belum", "bukan", "tidakjadi", "batal", "tidakusah"})
_MAY = frozenset({"bisa", "boleh", "ada", "mau", "masih", "punya", "dapat", "sudah", "iso", "terima"})
_END, _GAP = frozenset({"$"}), frozenset({".."})
_SIGNS = {"$": _END, "..": _GAP}  # these very objects, so that a match need not compare sets


@cache
def _table() -> dict[str, list[_Phrase]]:
    """By first word; a phrase whose first part is a choice stands under each of them."""
    table: dict[str, list[_Phrase]] = {}
    data = read_toml("phrases.toml")
    classes = {f"@{name}": words.split() for name, words in data.pop("classes").items()}
    for name, group in data.items():
        for kind, texts in group.items():
            for text in texts:
                together = " & " in text
                if together and ".." in text:
                    raise ValueError(f"phrases.toml: {text!r} has both an order and none")
                begins = text.startswith("^ ")
                first, *behind = _parts(text.removeprefix("^ ").replace(" & ", " "), classes)
                phrase = _Phrase(Intent(name), text, tuple(behind), kind, begins, together)
                for word in first:
                    table.setdefault(word, []).append(phrase)
    return table


def _parts(text: str, classes: dict[str, list[str]]) -> tuple[frozenset[str], ...]:
    """Each part as the set of words that fit it, in the spelling the tokens will have."""
    table = lexicon()
    out = []
    for part in text.split():
        choices = [word for choice in _choices(part) for word in classes.get(choice, [choice])]
        words = {_plain(word) for word in choices if word not in table.filler}
        if not words or any(word.startswith("@") for word in words):
            raise ValueError(f"phrases.toml: {part!r} in {text!r} is a filler and never seen, or no class")
        out.append(_SIGNS.get(part) or frozenset(words))
    return tuple(out)


def _plain(word: str) -> str:
    """The word as a token with it will read."""
    table = lexicon()
    found = stem(word) if word.isalpha() and word not in table.known else None
    base = found[0] if found else word
    return table.spelling.get(base, base)


def _choices(part: str) -> list[str]:
    return part.split("/") if len(part) > 1 else [part]


def hits(words: list[str]) -> list[Hit]:
    """Every phrase found, but those taken back by an "unless" in the same clause."""
    found: list[Hit] = []
    back: list[Hit] = []
    table = _table()
    clauses = _clauses(words)
    for i, word in enumerate(words):
        within = i > 0 and words[i - 1] not in _BREAKS
        for phrase in table.get(word, ()):
            if phrase.begins and within:
                continue
            span = (_near if phrase.together else _match)(phrase.behind, words, i)
            if span is None:
                continue
            if phrase.kind == "unless":
                back.append(Hit(phrase.intent, phrase.text, *span, phrase.kind))
            elif phrase.kind != "short" or (len(words) <= _TALK and clauses.count(clauses[i]) <= _BRIEF):
                found.append(Hit(phrase.intent, phrase.text, *span, phrase.kind))
    return [
        hit
        for hit in found
        if not any(_takes_back(other, hit) for other in back) and not (hit.intent in _DENIED and _denied(words, hit))
    ]


def _denied(words: list[str], hit: Hit) -> bool:
    """ "belum mau nego", "gak jadi kredit"; but "bisa ga nego" asks."""
    if _NO - {"tidak"} & set(words[hit.start : hit.end]) - set(hit.phrase.split()):
        return True
    if words[hit.end : hit.end + 1] and words[hit.end] in ("tidakjadi", "batal"):
        return True
    if words[hit.start] in _MAY and words[hit.start] != "mau":
        return False  # "ga bisa kurang?"
    i = hit.start - 1
    while i > 0 and words[i] in ("mau", "jadi", "pakai", "usah", "perlu", "saya"):
        i -= 1
    if i < 0 or words[i] not in _NO:
        return False
    return words[i] != "tidak" or i == 0 or words[i - 1] not in _MAY


def _takes_back(unless: Hit, hit: Hit) -> bool:
    return unless.intent is hit.intent and unless.start < hit.end and hit.start < unless.end


def _clauses(words: list[str]) -> list[int]:
    """The number of each word's clause."""
    out, number = [], 0
    for word in words:
        out.append(number)
        number += word in _BREAKS
    return out


def _match(behind: tuple[frozenset[str], ...], words: list[str], at: int) -> tuple[int, int] | None:
    """(start, end) of the phrase whose first word stands at `at`."""
    i, gap = at + 1, False
    for part in behind:
        if part is _GAP:
            gap = True
        elif part is _END:
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
    return at, i


def _near(behind: tuple[frozenset[str], ...], words: list[str], at: int) -> tuple[int, int] | None:
    """(start, end) of the nearest words that have a word of every part, in any order, no two the same word."""
    low = high = at
    while low and at - low < _NEAR and words[low - 1] not in _BREAKS:
        low -= 1
    while high + 1 < len(words) and high - at < _NEAR and words[high] not in _BREAKS:
        high += 1
    used = [at]
    for part in behind:
        places = [j for j in range(low, high + 1) if words[j] in part and j not in used]
        if not places:
            return None
        used.append(min(places, key=lambda j: abs(j - at)))
    return min(used), max(used) + 1

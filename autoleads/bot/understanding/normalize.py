"""From what a customer typed to a row of tokens in the rules' own words."""

import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

MAX_CHARS = 2000  # a longer message says nothing more, and an attacker pays for no more than this

_SPACES = re.compile(r"[^\S\n]+")
_PIECE = re.compile(
    r"(?P<tag>\#\s?(?=[a-z]{1,2}\s?-?\d))"
    r"|(?P<drive>\b[24]\s?x\s?[24]\b|\b[4a]wd\b)"
    r"|(?P<num>\d+(?:[.,]\d+)*)"
    r"|(?P<word>[a-z]+(?:['’][a-z]+)*)"
    r"|(?P<mark>\n|[^\sa-z0-9])"
)
# "kira2", "syarat2nya": the word twice. A name or a word of counting keeps its number ("mazda2", "no2").
_TWICE = re.compile(r"\b([a-z]{3,})2(nya|ny|an|ne|e)?\b(?!\s*(?:thn?|tahun|jt|juta)\b)")
_SAME = re.compile(r"\b([a-z]{3,})\s?-\s?\1(nya|ny|an|ne|kan|in)?\b")
_NUMBERED = frozenset(
    {"mazda", "masda", "nomor", "nomer", "opsi", "pilihan", "kode", "pilih", "unit", "binguo", "rumah", "gen"}
)
_LONG = re.compile(r"([a-z])\1{2,}")
# "45xxx", "97.7xx", "113.27x": digits that are not told. A hidden price is no number: "18x jt", "Rp 185.xxx.xxx".
_HIDDEN_SUM = re.compile(r"\d[\d.,]*x+(?:[.,][x\d]*x|(?=\s?(?:jt|juta|m|miliar|milyar)\b))")
_HIDDEN = re.compile(r"(?<![\d.,])(\d{1,3})(?:\s?(xxx?)|[.,]\s?(?:(\d?)xx+|(\d\d)x))\b")
_MARKUP = re.compile(r"(?<![\w*])([*_~`])(?=[^\s*])([^\n]*?[^\s*])\1(?![\w*])")  # of WhatsApp: "*Avanza* 1.3 G"
_GEARBOX = re.compile(r"\b([am])\s?/\s?t\b")
_THIRD = re.compile(r"(\d{1,3}(?:[.,]\d{3})+|\d+)(?:[.,]-+|,00\b)")


@dataclass(slots=True)
class Token:
    """`text` as typed in small letters, `word` what it means; `value` only for a number.

    `glued` tells that no blank stands before it, `upper` that it was typed in capitals.
    """

    kind: str  # num, word, mark
    text: str
    word: str
    glued: bool
    start: int
    upper: bool = False
    value: float | None = None
    nya: bool = False
    own: bool = False  # "mobilku", "avanzaku"
    role: str = ""  # set by the readers: car, code, plate, money, year, ...


def word_at(tokens: Sequence[Token], i: int) -> str:
    """ "" beyond either end."""
    return tokens[i].word if 0 <= i < len(tokens) else ""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """`spelling` leads every known form to its word; `known` are all words that need no mending."""

    spelling: dict[str, str]
    filler: frozenset[str]
    pairs: dict[str, dict[tuple[str, ...], tuple[str, ...]]]
    known: frozenset[str]


def read_toml(name: str) -> dict[str, Any]:
    return tomllib.loads((resources.files(__package__) / "data" / name).read_text("utf-8"))


@cache
def lexicon() -> Lexicon:
    data = read_toml("words.toml")
    spelling = {form: word for word, forms in data["spelling"].items() for form in forms.split()}
    words = frozenset(data["spelling"])
    filler = frozenset(data["filler"]["words"].split())
    ordinary = (resources.files(__package__) / "data" / "ordinary.txt").read_text("utf-8")
    plain = {w for line in ordinary.splitlines() if not line.startswith("#") for w in line.split()}
    pairs: dict[str, dict[tuple[str, ...], tuple[str, ...]]] = {}
    for long, short in data["pairs"].items():
        parts = tuple(long.split())
        pairs.setdefault(parts[0], {})[parts] = tuple(short.split())
    plain |= _phrase_words()
    # "salesnya" in a phrase is "sales" for it and for the customer.
    plain = {w for w in plain if not (w.endswith("nya") and w[:-3] in plain | words | spelling.keys())}
    known = words | spelling.keys() | filler | plain | {w for ps in pairs.values() for p in ps for w in p}
    return Lexicon(spelling, filler, pairs, frozenset(known))


def _phrase_words() -> set[str]:
    groups = [ts for group in read_toml("phrases.toml").values() for ts in group.values()]
    tables = [text for ts in groups for text in ([ts] if isinstance(ts, str) else ts)]
    return {w for text in tables for part in text.split() for w in part.split("/") if w.isalpha()}


def clean(text: str) -> str:
    """One line style, compatibility letters made plain, invisible and control characters gone."""
    return plain(text[:MAX_CHARS])


def plain(text: str) -> str:
    """As `clean`, of a text of any length: where nothing may be overlooked."""
    kept = []
    for ch in unicodedata.normalize("NFKC", text):
        category = unicodedata.category(ch)
        if ch == "\n" or ch == "\r":
            kept.append("\n")
        elif category in ("Cf", "Cc", "Mn", "Me", "Cs", "Co", "Cn"):
            if category == "Cc":
                kept.append(" ")
        elif category == "So":
            kept.append(" ")
        else:
            kept.append(ch)
    shown = "".join(kept)
    if not shown.isascii():
        folded = unicodedata.normalize("NFKD", shown)
        shown = "".join(ch for ch in folded if unicodedata.category(ch) != "Mn")
    return _SPACES.sub(" ", shown).strip()


def _once(match: re.Match[str]) -> str:
    stem, ending = match[1], match[2] or ""
    return match[0] if stem in _NUMBERED else stem + ending


def _unhidden(match: re.Match[str]) -> str:
    """A nought for each digit that is not told; behind a point there are three."""
    if match[2]:
        return match[1] + "0" * len(match[2])
    return f"{match[1]}.{match[3] or match[4] or '':0<3}"


def pieces(text: str) -> Iterator[Token]:
    """Tokens of a cleaned text, letters and digits apart, nothing translated yet."""
    text = _MARKUP.sub(r" \2 ", text)
    low = text.lower()
    if len(low) != len(text):  # a letter whose small form is longer: capitals cannot be told by place
        text = low
    low = _HIDDEN.sub(_unhidden, _HIDDEN_SUM.sub("xxx", low))
    mended = _SAME.sub(_once, _TWICE.sub(_once, _GEARBOX.sub(r"\1t", _THIRD.sub(r"\1", low))))
    same = mended == text.lower()
    end = -1
    for match in _PIECE.finditer(mended):
        kind, piece, start = match.lastgroup or "mark", match[0], match.start()
        upper = kind == "word" and same and text[start : match.end()].isupper()
        if kind == "drive":
            kind, piece = "word", piece.replace(" ", "")
        kind = "mark" if kind == "tag" else kind
        token = Token(kind, piece.strip(), piece.strip() or piece, start == end, start, upper)
        if kind == "num":
            token.value = number(piece)
        end = match.end()
        yield token


def number(piece: str) -> float:
    """`185.000.000`, `45.000`, `1,2`, `2.4`, `1.195` as a number; groups of three are thousands."""
    groups = re.split(r"[.,]", piece)
    if len(groups) == 1:
        return float(groups[0][:15])
    if all(len(group) == 3 for group in groups[1:]) and len(groups[0]) <= 3 and groups[0] != "0":
        return float("".join(groups)[:15])
    if len(groups) == 2:
        return float(f"{groups[0][:12]}.{groups[1][:6]}")
    return float(groups[0][:12])


_ENDINGS = (
    "nya",
    "nyaa",
    "ny",
    "ne",
    "e",
    "kah",
    "lah",
    "in",
    "kan",
    "an",
    "pun",
    "en",
    "no",
    "ake",
    "ku",
    "mu",
    "i",
    "x",
    "z",
)


_LEAST_PASSIVE = 4  # "digoyang" is goyang; shorter rests are words of their own ("dimas")


@cache
def _stems() -> frozenset[str]:
    """Words long enough to carry an ending."""
    return frozenset(word for word in lexicon().known if len(word) >= 3)


def stem(form: str) -> tuple[str, bool] | None:
    """The word behind a form with an ending, and whether the ending points at a thing (`nya`)."""
    for ending in _ENDINGS:
        base = form[: -len(ending)]
        if form.endswith(ending) and len(base) >= 3 and base in _stems():
            return base, ending in ("nya", "nyaa", "ny", "ne", "e")
    for base in _bases(form):
        if len(base) >= _LEAST_PASSIVE:
            found = (base, False) if base in _stems() else stem(base) if form.startswith("di") else None
            if found:
                return found
    return None


# Prefix -> letters the base may have lost to it ("nyimpen" simpen, "menunggu" tunggu, "memotong" potong).
_PREFIXES = {
    "di": ("",), "nge": ("",), "meng": ("", "k"), "meny": ("s",), "men": ("", "t"), "mem": ("", "p"), "me": ("",),
    "ng": ("", "k"), "ny": ("s",), "ber": ("",), "ter": ("",), "n": ("t",), "m": ("p",),
}  # fmt: skip


def _bases(form: str) -> Iterator[str]:
    """What a word may be without its prefix and one ending."""
    for prefix, lost in _PREFIXES.items():
        if form.startswith(prefix):
            rests = [form[len(prefix) :]]
            rests += [rests[0][: -len(end)] for end in ("nya", "kan", "in", "an", "i") if rests[0].endswith(end)]
            for letter in lost:
                yield from (letter + rest for rest in rests)


def squeeze(form: str) -> str:
    """`kaaaak` -> `kak`: three and more of a letter are one."""
    return _LONG.sub(r"\1", form)


def translate(token: Token, mend: Callable[[str], str | None]) -> None:
    """Sets `word` (and `nya`). `mend` is asked for a form that no table knows."""
    table = lexicon()
    form = token.text
    if form not in table.known:
        form = squeeze(form)
    if form not in table.known and (found := stem(form)):
        form, token.nya = found
    elif form not in table.known:
        form = mend(form) or form
    token.word = table.spelling.get(form, form)
    token.nya = token.nya or token.text.endswith("nya")
    token.own = len(token.text) > 4 and token.text.endswith("ku") and token.text[:-2] in table.known


def join_pairs(tokens: list[Token]) -> list[Token]:
    """Puts one token where two or three words mean one thing ("di bawah", "tukar tambah")."""
    pairs = lexicon().pairs
    out: list[Token] = []
    i = 0
    while i < len(tokens):
        token = tokens[i]
        options = pairs.get(token.word) if token.kind == "word" and not token.role else None
        for size in (3, 2) if options else ():
            group = tokens[i : i + size]
            words = tuple(t.word for t in group)
            if len(group) == size and words in (options or {}) and not any(t.role for t in group):
                for word in (options or {})[words]:
                    text = " ".join(t.text for t in group)
                    out.append(Token("word", text, word, token.glued, token.start, nya=group[-1].nya))
                i += size
                break
        else:
            out.append(token)
            i += 1
    return out

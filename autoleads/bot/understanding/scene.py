"""What a message names, each with its place."""

from dataclasses import dataclass, field
from itertools import zip_longest

from autoleads.bot.understanding.amounts import Amount
from autoleads.bot.understanding.names import Name
from autoleads.bot.understanding.normalize import Token, lexicon


@dataclass(slots=True)
class Mention:
    """A brand or model at a token; `own` when it is the customer's car, `guessed` when it was misspelled."""

    name: Name
    token: Token
    trims: tuple[str, ...] = ()
    at: int = 0
    own: bool = False
    guessed: bool = False


@dataclass(slots=True)
class Trim:
    """A trim or engine size; `asked` when the customer asks whether the car is one."""

    word: str
    token: Token
    asked: bool = False
    at: int = 0


@dataclass(frozen=True, slots=True)
class Value:
    """A colour, transmission or fuel word; `asked` when the customer asks whether it holds."""

    key: str
    value: str
    at: int
    asked: bool = False


@dataclass(slots=True)
class Scene:
    """`at` everywhere is the index of a token. `words` is what the intent rules read: no fillers, <tags>."""

    tokens: list[Token]
    mentions: list[Mention] = field(default_factory=list)
    codes: list[tuple[int, str]] = field(default_factory=list)
    plates: list[tuple[int, str]] = field(default_factory=list)
    values: list[Value] = field(default_factory=list)
    trims: list[Trim] = field(default_factory=list)
    features: list[tuple[int, tuple[tuple[str, ...], ...], bool]] = field(default_factory=list)
    branches: list[tuple[int, str]] = field(default_factory=list)
    amounts: list[Amount] = field(default_factory=list)
    pick: int | None = None
    name: str | None = None
    extreme: str = ""
    words: list[str] = field(default_factory=list)

    @property
    def models(self) -> list[Mention]:
        return [mention for mention in self.mentions if mention.name.model]


_SHOWN = frozenset(
    {"car", "code", "plate", "money", "year", "km", "tenor", "pick", "time", "trim", "feature", "branch"}
)
_TAGS = {role: f"<{role}>" for role in _SHOWN} | {"bare": "<num>", "engine": "", "part": ""}


def rule_words(tokens: list[Token]) -> list[str]:
    """The tokens as phrases see them."""
    filler = lexicon().filler
    out: list[str] = []
    for token, behind in zip_longest(tokens, tokens[1:]):
        tag = _TAGS.get(token.role)
        if tag is not None:
            if tag and (not out or out[-1] != tag):
                out.append(tag)
        elif token.kind == "mark":
            if token.text == "." and behind and behind.glued and behind.kind == "num":
                continue  # "no.2"
            if token.text in "?!.\n;" and out and out[-1] not in ("?", "|"):
                out.append("?" if token.text == "?" else "|")
        elif token.kind == "num":
            out.append("<num>")
        elif token.word not in filler:
            out.append(token.word)
        if token.own and out and out[-1] != "saya":
            out.append("saya")
    while out and out[-1] == "|":
        out.pop()
    return out

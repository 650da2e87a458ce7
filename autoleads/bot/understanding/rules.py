"""The closed word groups of data/rules.toml."""

from dataclasses import dataclass
from functools import cache

from autoleads.bot.understanding.normalize import read_toml


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """`fields`, `limits`, `after_limits`: word -> what it makes of a number. The rest as in the file."""

    fields: dict[str, str]
    limits: dict[str, str]
    after_limits: dict[str, str]
    not_before: dict[str, frozenset[str]]
    not_after: dict[str, frozenset[str]]
    question: frozenset[str]
    neutral: frozenset[str]
    house: frozenset[str]
    times: frozenset[str]
    counted: frozenset[str]
    credit: frozenset[str]
    counts: frozenset[str]
    counted_behind: frozenset[str]
    between: frozenset[str]
    titles: frozenset[str]
    loose_trims: frozenset[str]


@cache
def rules() -> Rules:
    data = read_toml("rules.toml")

    def by_word(table: str) -> dict[str, str]:
        return {word: kind for kind, words in data[table].items() for word in words.split()}

    def groups(table: str) -> dict[str, frozenset[str]]:
        return {key: frozenset(words.split()) for key, words in data[table].items()}

    words = groups("words")
    return Rules(
        fields=by_word("fields"),
        limits=by_word("limits"),
        after_limits=by_word("after_limits"),
        not_before=groups("not_before"),
        not_after=groups("not_after"),
        question=words["question"],
        neutral=words["neutral"],
        house=words["house"],
        times=words["times"],
        counted=words["counted"],
        credit=words["credit"],
        counts=words["counts"],
        counted_behind=words["counts"] | words["counted_behind"],
        between=words["between"],
        titles=words["titles"],
        loose_trims=words["loose_trims"],
    )

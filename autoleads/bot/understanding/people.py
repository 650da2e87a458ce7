"""Whose lead a line is about: a name, a phone number or its end, or a number of the list of leads."""

import re
from dataclasses import dataclass
from itertools import pairwise

from autoleads.bot.understanding.command_base import command_words
from autoleads.bot.understanding.normalize import lexicon
from autoleads.bot.understanding.rules import rules
from autoleads.bot.understanding.vocabulary import lists

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*", re.UNICODE)
_PHONE = re.compile(r"\+?\d[\d .-]{7,17}\d")
_NUMBER = re.compile(r"#?(\d{1,4})\b(?!\s*(?:jt|juta|rb|thn?|tahun|hari|jam|unit|orang)\b)", re.IGNORECASE)
_SEPARATORS = re.compile(r"[\s:,.#-]*")
_BLANKS = re.compile(r" +")
# Words that lead to a name, wherever it stands.
_LINKS = frozenset(
    """lead leads prospek customer cust konsumen pelanggan pembeli an nama namanya
    buat untuk sama ke si dengan bwt ambek karo dari kepada nya""".split()  # noqa: SIM905
)
# And what else may stand between a command and the name.
_LEAD_IN = _LINKS | frozenset(
    "nomor no nomer yang yg tolong tlg min ya dong aja udah sudah semua dulu deh".split()  # noqa: SIM905
)
# Names that are everyday words too: only behind a title.
_WORDS = frozenset({"bagus", "citra", "gading", "gede", "hari", "indah", "mega", "sugeng", "untung", "wulan"})
_MORE_NAMES = 2
_ABBREVIATED = 3  # letters: "Hj. Aminah"; the point of "Mbak. Besok" ends a sentence


@dataclass(frozen=True, slots=True)
class LeadName:
    """How a lead was named: `ref` as written, `name` empty when that is a number; `end` is its place in the text."""

    ref: str
    name: str
    end: int


def after_command(text: str, *, whole: bool) -> LeadName | None:
    """The lead that a line behind a command begins with; `whole`: nothing else is expected behind."""
    at = 0
    while True:
        gap = _SEPARATORS.match(text, at)
        at = gap.end() if gap else at
        if found := _digits(text, at):
            return found
        match = _WORD.match(text, at)
        if match is None:
            return None
        word = match[0].lower()
        if not (word in _LEAD_IN or word in rules().titles or word in command_words().lead_state):
            return _named(text, match, whole=whole)
        at = match.end()


def anywhere(text: str, *, leads: bool = False) -> LeadName | None:
    """The lead named in a free sentence: after a title or a word for leads, or by a known given name.

    `leads`: the sentence is about a lead, so an unknown word behind "buat" or "sama" is a name too.
    """
    words = list(_WORD.finditer(text))
    for before, match in pairwise(words):
        lead, word = before[0].lower(), match[0].lower()
        between = text[before.end() : match.start()].strip(" ")
        if between and (between != "." or len(lead) > _ABBREVIATED):
            continue
        titled = lead in rules().titles and word not in rules().titles
        linked = leads and lead in _LINKS and word not in _WORDS
        if (titled or linked) and is_name(word):
            return _named(text, match, whole=False)
    for match in words:
        word = match[0].lower()
        if word in lists().given_names and word not in _WORDS:
            return _named(text, match, whole=False)
    phone = _PHONE.search(text) if leads else None
    return _of_phone(phone) if phone else None


def _digits(text: str, at: int) -> LeadName | None:
    if phone := _PHONE.match(text, at):
        return _of_phone(phone)
    number = _NUMBER.match(text, at)
    return LeadName(number[1], "", number.end()) if number else None


def _of_phone(match: re.Match[str]) -> LeadName:
    return LeadName("".join(ch for ch in match[0] if ch.isdigit()), "", match.end())


def _named(text: str, match: re.Match[str], *, whole: bool) -> LeadName:
    """A name goes on over words that are written like one ("Budi Santoso minta ..." is Budi Santoso)."""
    names, end = [match[0]], match.end()
    for _ in range(_MORE_NAMES):
        gap = _BLANKS.match(text, end)
        nxt = _WORD.match(text, gap.end()) if gap else None
        if nxt is None or not is_name(nxt[0].lower()):
            break
        styled = nxt[0][0].isupper() and not nxt[0].isupper() and names[0][0].isupper()
        if not (whole or styled or nxt[0].lower() in lists().given_names):
            break
        names.append(nxt[0])
        end = nxt.end()
    name = " ".join(part if _mixed(part) else part.capitalize() for part in names)
    return LeadName(name, name, end)


def _mixed(part: str) -> bool:
    return part[0].isupper() and not part.isupper()


def is_name(word: str) -> bool:
    """A given name, or a word (in small letters) that is none of the language."""
    words = command_words()
    if word in lists().given_names:
        return True
    known = word in lexicon().known or word in lexicon().spelling or word in lexicon().filler
    ordered = word in words.lead_state or word in words.car_state or word in words.groups_of
    return len(word) >= 3 and not known and not ordered and word not in words.slash

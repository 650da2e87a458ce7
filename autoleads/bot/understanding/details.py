"""Finds what is said about a car or by whom: colours and gears, features, list picks, names."""

from dataclasses import replace
from itertools import pairwise

from autoleads.bot.understanding.amounts import Amount
from autoleads.bot.understanding.normalize import Token, lexicon
from autoleads.bot.understanding.rules import rules
from autoleads.bot.understanding.scene import Scene, Value
from autoleads.bot.understanding.stockwords import StockWords
from autoleads.bot.understanding.vocabulary import lists

COLORS = {
    "hitam": "Hitam", "putih": "Putih", "silver": "Silver", "abu": "Abu-abu", "merah": "Merah", "biru":
    "Biru", "hijau": "Hijau",
    "coklat": "Coklat", "marun": "Marun", "kuning": "Kuning", "oranye": "Oranye", "emas": "Emas",
    "ungu": "Ungu", "krem": "Krem",
}  # fmt: skip
TRANSMISSIONS = {"matic": "Matic", "manual": "Manual"}
FUELS = {"bensin": "Bensin", "diesel": "Diesel", "hybrid": "Hybrid", "listrik": "Listrik"}
VALUES = {
    **{word: ("color", value) for word, value in COLORS.items()},
    **{word: ("transmission", value) for word, value in TRANSMISSIONS.items()},
    **{word: ("fuel", value) for word, value in FUELS.items()},
}
ORDINALS = {
    "pertama": 1,
    "kedua": 2,
    "ketiga": 3,
    "keempat": 4,
    "kelima": 5,
    "keenam": 6,
    "ketujuh": 7,
    "kesatu": 1,
    "siji": 1,
}
_NAME_LEADS = (
    ("atas", "nama"),
    ("nama", "saya"),
    ("nama",),
    ("saya",),
    ("an",),
    ("perkenalkan",),
    ("sama",),
    ("jeneng",),
    ("jenengku",),
)
_LEAD_STARTS = frozenset(lead[0] for lead in _NAME_LEADS)
_EXTREMES = {"termurah": "cheapest", "termahal": "dearest", "terendah": "cheapest", "tertinggi": "dearest"}
_ENGLISH = frozenset({"is", "which", "where", "what", "the", "to", "can", "look", "my", "your"})
_SOUGHT = frozenset({"ada", "cari", "butuh", "minta", "punya", "yang", "mau", "stok", "ready"})
_EITHER_GAP = 4
_NOT_THIS = frozenset({"jangan", "bukan", "selain", "kecuali"})
_RECORDS = frozenset({"bichecking", "slik", "ojk", "rapor", "kol"})


def is_asked(tokens: list[Token], at: int) -> bool:
    """Whether the value at `at` is what the customer wants to know ("itu rs bukan?", "#A01 matic ga?")."""
    before = [t for t in tokens[:at] if t.kind == "word"]
    after = [t for t in tokens[at + 1 : at + 4] if t.kind == "word" and t.text not in ("ya", "kak", "min", "gan")]
    behind = after[0].word if after else ""
    named = any(t.role in ("car", "code") for t in before) or any(t.word in ("itu", "ini", "unit") for t in before)
    if behind in ("bukan", "beneran"):
        return named
    if before and before[0].text == "is" and not after:
        return named
    if any(t.word in _SOUGHT for t in before) or not named:
        return False
    if behind in ("tidak", "kan", "atau"):
        return not (len(after) > 1 and after[1].word in ("ada", "ready", "masih"))
    marks = [t.text for t in tokens[at + 1 : at + 3] if t.text != "ya"]
    pointed = before[-1].word in ("itu", "ini") or any(t.role == "code" for t in before)
    return marks[:1] == ["?"] and pointed


def find_values(scene: Scene) -> None:
    tokens, words = scene.tokens, rules()
    for i, token in enumerate(tokens):
        before = tokens[i - 1].word if i else ""
        if token.text == "abang" and before in ("<car>", "warna"):
            token.word = "merah"  # Javanese; elsewhere a brother
        if token.kind != "word" or token.role or token.word not in VALUES:
            continue
        behind = tokens[i + 1].word if i + 1 < len(tokens) else ""
        if before in words.not_before.get(token.word, ()) or behind in words.not_after.get(token.word, ()):
            continue
        if token.text == "at" and _ENGLISH & {other.text for other in tokens}:
            continue  # "which branch is it at?"
        if token.word == "bensin" and token.nya:
            continue  # how much it takes, not what
        if any(other.word in _NOT_THIS for other in tokens[max(0, i - 2) : i]):
            continue  # "jangan yang hitam"
        if token.word in COLORS and any(other.word in _RECORDS for other in tokens[max(0, i - 4) : i]):
            continue  # "BI checking saya merah"
        key, value = VALUES[token.word]
        scene.values.append(Value(key, value, i, is_asked(tokens, i)))
    scene.values = _either(tokens, scene.values)
    told = {token.word for token in tokens}
    for key in ("transmission", "fuel"):
        if len({v.value for v in scene.values if v.key == key}) > 1 and len(scene.models) < 2:
            scene.values = [v for v in scene.values if v.key != key]
    colors = [v for v in scene.values if v.key == "color"]
    if len(colors) > 1 and "warna" in told and any(token.nya and token.word == "warna" for token in tokens):
        scene.values = [v for v in scene.values if v.key != "color"]


def _either(tokens: list[Token], values: list[Value]) -> list[Value]:
    """Two values of which a named car has one ("jazz itu putih mutiara atau putih biasa") are asked about."""
    if any(token.word in _SOUGHT for token in tokens) or not any(token.role in ("car", "code") for token in tokens):
        return values
    out = list(values)
    for n, (one, other) in enumerate(pairwise(values)):
        between = [token.word for token in tokens[one.at + 1 : other.at]]
        if one.key == other.key and len(between) <= _EITHER_GAP and {"atau", "apa"} & set(between):
            out[n], out[n + 1] = replace(one, asked=True), replace(other, asked=True)
    return out


def find_features(scene: Scene, stock: StockWords) -> None:
    tokens = scene.tokens
    words = [token.word for token in tokens]
    for i, token in enumerate(tokens):
        if token.role and token.role != "trim":
            continue
        if token.word == "paling" and i + 1 < len(words) and words[i + 1] in ("murah", "mahal"):
            scene.extreme = "cheapest" if words[i + 1] == "murah" else "dearest"
        elif token.word in _EXTREMES:
            scene.extreme = _EXTREMES[token.word]
        if branch := stock.branch(words, i):
            scene.branches.append((i, branch))
            token.role = token.role or "branch"
        if found := stock.feature(words, i):
            size, ways = found
            before = words[max(0, i - 2) : i]
            asked = "yang" not in before and "cari" not in words[:i] and "butuh" not in words[:i]
            scene.features.append((i, ways, asked))
            for used in tokens[i : i + size]:
                used.role = used.role or "feature"


_PICK_LEADS = frozenset({"yang", "pilih", "nomor", "ambil", "mau", "opsi", "urutan", "pilihan"})
_LONGEST_LIST, _BRIEF = 15, 7
_NOT_PICKED = frozenset({"tangan", "mobil", "pemilik", "kali", "orang", "anak", "hari", "servis", "bulan", "tahun"})


def find_pick(scene: Scene) -> None:
    tokens = scene.tokens
    content = [i for i, t in enumerate(tokens) if t.kind != "mark" and t.text not in lexicon().filler]
    for amount in scene.amounts:
        if amount.kind == "pick":
            scene.pick = scene.pick or amount.low
    for i, token in enumerate(tokens):
        word, before = token.word, tokens[i - 1].word if i else ""
        number = ORDINALS.get(word)
        if word == "ke" and i + 1 < len(tokens):
            j = i + 2 if tokens[i + 1].text == "-" and i + 2 < len(tokens) else i + 1
            leads = before in _PICK_LEADS or content[:1] == [i]
            if tokens[j].kind == "num" and (tokens[j].value or 99) < 20 and leads:
                number = int(tokens[j].value or 0)
        if word == "paling" and i + 1 < len(tokens) and tokens[i + 1].word == "atas":
            number = 1
        behind = tokens[i + 1].word if i + 1 < len(tokens) else ""
        alone = len(content) <= 2 and (not content or content[0] == i)
        leads = before in _PICK_LEADS or alone or (word == "paling")
        if number and leads and before not in _NOT_PICKED and behind not in _NOT_PICKED:
            scene.pick = scene.pick or number
    if scene.pick is None:
        scene.pick = _lone_number(scene, content)


def _lone_number(scene: Scene, content: list[int]) -> int | None:
    """A number by itself, or after "yang"/"pilih": an answer to a list."""
    tokens = scene.tokens
    for amount in scene.amounts:
        if amount.kind != "bare" or amount.low > 20 or amount.low < 1:
            continue
        if _of_a_list(scene, amount, content):
            return amount.low
        if len(scene.amounts) > 1:
            continue
        rest = [i for i in content if not amount.at <= i < amount.end]
        words = {tokens[i].word for i in rest}
        if words <= {
            "yang",
            "pilih",
            "mau",
            "saja",
            "itu",
            "saya",
            "ambil",
            "ok",
            "angka",
            "boleh",
            "deh",
            "iya",
        }:
            return amount.low
    return None


def _of_a_list(scene: Scene, amount: Amount, content: list[int]) -> bool:
    """ "yang 1, bisa nego?", "2 harganya brp": a number of a list that comes with a question about it."""
    if amount.low > _LONGEST_LIST or amount.limit or amount.field:
        return False
    before = scene.tokens[amount.at - 1] if amount.at else None
    if before is not None and before.word in ("yang", "pilih", "ambil"):
        return True
    first = content[:1] == [amount.at]
    return first and not scene.mentions and 1 < len(content) <= _BRIEF and scene.tokens[content[1]].kind == "word"


def given_name(tokens: list[Token]) -> str | None:
    words = [t for t in tokens if t.kind == "word"]
    for i, token in enumerate(words):
        for lead in _NAME_LEADS if token.word in _LEAD_STARTS else ():
            if tuple(t.word for t in words[i : i + len(lead)]) != lead:
                continue
            j = i + len(lead)
            if lead == ("nama",) and i and words[i - 1].word in ("atas", "balik", "ganti", "yang", "sales"):
                continue
            strong = lead not in (("saya",), ("an",), ("sama",)) or token.text in ("a.n", "an")
            while j < len(words) and (
                words[j].word in ("saya", "adalah", "itu") or (words[j].text in rules().titles and j < i + 4)
            ):
                strong = strong or (words[j].text in rules().titles and lead != ("sama",))
                j += 1
            known = j < len(words) and words[j].text in lists().given_names
            if j < len(words) and not known and "," in _marks_between(tokens, token, words[j]):
                continue  # "atas nama bapak saya, gapapa?"
            if j < len(words) and _is_given(words[j], strong and lead != ("an",), lead):
                return words[j].text.capitalize()
    return None


def _marks_between(tokens: list[Token], first: Token, last: Token) -> set[str]:
    places = [at for at, token in enumerate(tokens) if token is first or token is last]
    return {token.text for token in tokens[places[0] : places[-1]] if token.kind == "mark"}


def _is_given(token: Token, strong: bool, lead: tuple[str, ...]) -> bool:
    if token.role or len(token.text) < 2:
        return False
    if token.text in lists().given_names:
        return lead != ("sama",)
    return strong and token.text not in lexicon().known and token.word == token.text and lead != ("sama",)

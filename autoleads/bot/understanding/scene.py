"""What a message names: cars, codes, plates, trims, colours, numbers, each with its place."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from autoleads.bot.understanding.amounts import Amount, amounts
from autoleads.bot.understanding.normalize import Token, clean, join_pairs, lexicon, pieces, translate
from autoleads.bot.understanding.numerals import spelled
from autoleads.bot.understanding.stockwords import StockWords
from autoleads.bot.understanding.vocabulary import Name, Vocabulary, flat, guess, lists, lookup

COLORS = {
    "hitam": "Hitam", "putih": "Putih", "silver": "Silver", "abu": "Abu-abu", "merah": "Merah", "biru": "Biru", "hijau": "Hijau",
    "coklat": "Coklat", "marun": "Marun", "kuning": "Kuning", "oranye": "Oranye", "emas": "Emas", "ungu": "Ungu", "krem": "Krem",
}  # fmt: skip
TRANSMISSIONS = {"matic": "Matic", "manual": "Manual"}
FUELS = {"bensin": "Bensin", "diesel": "Diesel", "hybrid": "Hybrid", "listrik": "Listrik"}
_VALUES = {
    **{word: ("color", value) for word, value in COLORS.items()},
    **{word: ("transmission", value) for word, value in TRANSMISSIONS.items()},
    **{word: ("fuel", value) for word, value in FUELS.items()},
}
# A word before or behind a value that makes it something else ("tanggal merah", "irit bensin", "buku manual").
_NOT_BEFORE = {
    "merah": {"tanggal", "lampu", "palang", "jembatan"}, "bensin": {"irit", "boros", "isi", "buang", "konsumsi", "habis", "uang", "mengisi",
    "pom", "duit", "ngisi", "sama", "harga", "hemat", "tangki", "ganti"}, "manual": {"buku", "rem"}, "listrik": {"rem", "jok", "kursi", "spion",
    "token", "tarif", "mati"}, "diesel": {"isi", "boros", "irit"}, "emas": {"toko", "harga", "gadai"}, "putih": {"buku", "bendera"},
    "hijau": {"go", "lampu"}, "hitam": {"kaca"}, "biru": {"buku"}, "kuning": {"plat", "lampu"}, "coklat": {"kue", "susu"},
}  # fmt: skip
_NOT_AFTER = {"manual": {"book", "buku"}, "listrik": {"rumah"}}

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
_TITLES = frozenset(
    "bu ibu pak bapak bpk mas mbak mba mb kak om tante cak ning h hj haji dr koh ci pakde bude bang abang".split()
)
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


@dataclass(slots=True)
class Mention:
    """A brand or model at a token; `own` when it is the customer's car."""

    name: Name
    at: int
    own: bool = False
    trims: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Value:
    """A colour, transmission or fuel word; `asked` when the customer asks whether it holds."""

    key: str
    value: str
    at: int
    asked: bool = False


@dataclass(slots=True)
class Scene:
    """`words` are the tokens as the intent rules read them: fillers gone, what was recognised as <tags>."""

    tokens: list[Token]
    mentions: list[Mention] = field(default_factory=list)
    codes: list[tuple[int, str]] = field(default_factory=list)
    plates: list[tuple[int, str]] = field(default_factory=list)
    values: list[Value] = field(default_factory=list)
    trims: list[tuple[int, str, bool]] = field(default_factory=list)
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


def read(text: str, stock: StockWords) -> Scene:
    cleaned = clean(text)
    tokens = list(pieces(cleaned))
    scene = Scene(tokens)
    _codes(scene, stock)
    _names(scene, stock)
    _plates(scene)
    for token in scene.tokens:
        if token.kind == "word" and not token.role:
            translate(token, stock.mend)
    scene.tokens = spelled(scene.tokens)
    _weigh_names(scene, stock)
    _trims(scene, stock)
    scene.tokens = join_pairs(scene.tokens)
    _places(scene)
    scene.amounts = amounts(scene.tokens)
    _features(scene, stock)
    _values(scene)
    _picks(scene)
    scene.name = _given_name(scene.tokens)
    scene.words = _words(scene.tokens)
    return scene


def _collapse(scene: Scene, start: int, end: int, role: str, word: str) -> Token:
    first = scene.tokens[start]
    text = "".join(t.text if t.glued else f" {t.text}" for t in scene.tokens[start:end]).strip()
    token = Token("word", text, word, first.glued, first.start, role=role)
    scene.tokens[start:end] = [token]
    return token


def _codes(scene: Scene, stock: StockWords) -> None:
    """`#A01`, `a01`, `kode a 1`: a letter and a number; without the # only as this stock writes its codes."""
    i = 0
    while i < len(scene.tokens):
        tokens = scene.tokens
        marked = tokens[i].text == "#"
        j = i + marked
        k = j + 2 if j + 2 < len(tokens) and tokens[j + 1].text == "-" else j + 1
        if (
            k < len(tokens)
            and tokens[j].kind == "word"
            and len(tokens[j].text) <= 2
            and tokens[k].kind == "num"
            and tokens[k].text.isdigit()
            and len(tokens[k].text) <= 4
        ):
            told = marked or (i > 0 and tokens[i - 1].text in ("kode", "code", "kd", "kod"))
            code = stock.code(tokens[j].text, tokens[k].text, told=told, glued=tokens[k].glued)
            ends = k + 1 >= len(tokens) or not (tokens[k + 1].glued and tokens[k + 1].kind == "word")
            if code and (ends or marked):
                _collapse(scene, i, k + 1, "code", code)
        i += 1


def _names(scene: Scene, stock: StockWords) -> None:
    words = stock.names
    i = 0
    while i < len(scene.tokens):
        if scene.tokens[i].role or scene.tokens[i].kind == "mark":
            i += 1
            continue
        size, name = _longest(scene.tokens, i, stock)
        if not name and scene.tokens[i].kind == "word":
            name, size = guess(words, scene.tokens[i].text), 1
        if name:
            size, name = _extended(scene.tokens, i, size, name, words)
            text = scene.tokens[i].text
            said = [token.text for token in scene.tokens[i : i + size]]
            token = _collapse(scene, i, i + size, "car", "<car>")
            token.nya = text.endswith(("nya", "ny"))
            scene.mentions.append(Mention(name, i, trims=_inner_trims(said, name)))
        i += 1


def _inner_trims(said: list[str], name: Name) -> tuple[str, ...]:
    """Trims inside a spelling of the name: "pajero dakar", "innova reborn", "reborn" alone."""
    model = flat(name.model or "")
    kept = [text for text in said if text in lists().trims and text not in model]
    return (*kept, "wagon r") if "wagon" in said or "wagonr" in said else tuple(kept)


def _extended(tokens: list[Token], i: int, size: int, name: Name, words: Vocabulary) -> tuple[int, Name]:
    """A misspelled first half with its second half ("afanza veloz", "ekspandr cross")."""
    if name.model and i + size < len(tokens):
        second = tokens[i + size]
        half = lookup(words, second.text) or (guess(words, second.text) if second.kind == "word" else None)
        for tail in (second.text, flat(half.model or "") if half else ""):
            longer = words.names.get(flat(name.model) + tail) if tail and not second.role else None
            if longer and longer.model != name.model:
                return size + 1, longer
        if half and half.model and half.model != name.model and half.model.startswith(name.model):
            return size + 1, half
    return size, name


def _longest(tokens: list[Token], i: int, stock: StockWords) -> tuple[int, Name | None]:
    key, best = "", (0, None)
    spaced = False
    found: tuple[int, Name | None] = best
    for j in range(i, min(len(tokens), i + 6)):
        token = tokens[j]
        if token.role:
            break
        if token.kind == "mark":
            if token.text not in "-+" or j == i or (token.text == "-" and not token.glued):
                break
            key += "+" if token.text == "+" and token.glued else ""
            if token.text != "+" or not token.glued:
                continue
        elif token.kind == "num" and not token.text.isdigit():
            break
        else:
            spaced = spaced or (j > i and not token.glued)
            key += token.text
        if len(key) > 24:
            break
        name = lookup(stock.names, key)
        if name and (not spaced or key in stock.names.spaced):
            # "l300" is a name, "h12" begins none.
            rest = tokens[j + 1] if j + 1 < len(tokens) else None
            if not (
                token.kind == "num" and rest and rest.glued and rest.kind == "word" and len(rest.text) < 3
            ):
                found = (j + 1 - i, name)
    return found


def _plates(scene: Scene) -> None:
    i = 0
    while i + 2 < len(scene.tokens):
        head, digits, tail = scene.tokens[i : i + 3]
        if (
            not (head.role or digits.role or tail.role)
            and digits.kind == "num"
            and head.kind == tail.kind == "word"
        ):
            told = i > 0 and scene.tokens[i - 1].text in (
                "plat",
                "nopol",
                "plt",
                "nopolnya",
                "plate",
                "platnya",
                "polisi",
            )
            ends = (
                i + 3 >= len(scene.tokens)
                or not scene.tokens[i + 3].glued
                or scene.tokens[i + 3].kind == "mark"
            )
            if ends and _is_plate(head, digits, tail, told):
                plate = f"{head.text}{digits.text}{tail.text}".upper()
                _collapse(scene, i, i + 3, "plate", "<plate>")
                scene.plates.append((i, plate))
        i += 1


def _is_plate(head: Token, digits: Token, tail: Token, told: bool) -> bool:
    if head.text not in lists().plates or not digits.text.isdigit() or len(digits.text) > 4:
        return False
    if not (1 <= len(tail.text) <= 3 and tail.text.isalpha()) or digits.text.startswith("0"):
        return False
    if told or (head.upper and tail.upper and len(digits.text) >= 3):
        return True
    everyday = tail.text in lexicon().known or tail.text in ("cc", "jt", "x", "rb", "km", "i", "an", "u", "p")
    return not everyday and len(digits.text) >= 3 and head.text not in ("dp", "th", "km")


def _weigh_names(scene: Scene, stock: StockWords) -> None:
    """Drops everyday words taken for names, and finds where the rest stand after the joining."""
    places = [i for i, token in enumerate(scene.tokens) if token.role == "car"]
    kept: list[Mention] = []
    said = {token.word for token in scene.tokens}
    for at, mention in zip(places, scene.mentions, strict=True):
        mention.at = at
        if _is_car(scene.tokens, mention, stock, said):
            kept.append(mention)
        else:
            token = scene.tokens[at]
            token.role, token.word = "", token.text
    for n, mention in enumerate(kept):
        rest = kept[:n] + kept[n + 1 :]
        same = any(other.name.brand == mention.name.brand and other.name.model for other in rest)
        beside = any(abs(other.at - mention.at) == 1 and other.name.model for other in rest)
        if mention.name.model is None and (same or beside):
            mention.name = Name("")
    scene.mentions = []
    for mention in kept:
        last = scene.mentions[-1] if scene.mentions else None
        if last and last.name.model and last.name.model == mention.name.model and mention.at - last.at == 1:
            last.trims += mention.trims  # "kijang inova reborn"
        elif mention.name.brand:
            scene.mentions.append(mention)
    scene.codes = [(i, token.word) for i, token in enumerate(scene.tokens) if token.role == "code"]
    plates = iter(scene.plates)
    scene.plates = [(i, next(plates)[1]) for i, token in enumerate(scene.tokens) if token.role == "plate"]


def _is_car(tokens: list[Token], mention: Mention, stock: StockWords, said: set[str]) -> bool:
    at, name = mention.at, mention.name
    near = [tokens[j] for j in range(max(0, at - 2), min(len(tokens), at + 3)) if j != at]
    if name.sure == 2:
        return True
    if any(token.text in lists().not_cars for token in near):
        return False
    beside = [tokens[j] for j in (at - 1, at + 1) if 0 <= j < len(tokens)]
    if any(token.role in ("car", "code") for token in (near if name.model else beside)):
        return True
    year = any(t.kind == "num" and t.text.isdigit() and 1985 <= int(t.text[:6]) <= 2030 for t in near)
    trade = bool(said & lists().trade)
    if name.sure == 1:
        return year or trade or (name.model in stock.models and len(tokens) <= 25) or len(tokens) <= 8
    return year or (name.model in stock.models and len(tokens) <= 10) or (name.model is None and trade)


_ENGINE = re.compile(r"[0-6][.,]\d")


def _trims(scene: Scene, stock: StockWords) -> None:
    """Trims and engine sizes. Short ones count only in a row that begins at the car's name."""
    tokens = scene.tokens
    if not (scene.mentions or scene.codes):
        _free_trims(scene, stock)
        return
    for mention in scene.mentions:
        j = mention.at + 1
        while j < min(len(tokens), mention.at + 6):
            token = tokens[j]
            if token.kind == "num" and _ENGINE.fullmatch(token.text) and not _is_sum(tokens, j):
                scene.trims.append((j, token.text.replace(",", "."), False))
                token.role = "engine"
            elif (pair := _pair(tokens, j)) in lists().trims:
                scene.trims.append((j, pair, _asked(tokens, j + 1)))
                token.role = "trim"
                tokens[j + 1].role, j = "part", j + 1
            elif _is_trim(token, stock, beside=tokens[j - 1].role in ("car", "trim", "engine")):
                scene.trims.append((j, token.text, _asked(tokens, j)))
                token.role = "trim"
            elif not (
                token.role in ("car", "trim") or token.word in ("tipe", "yang") or token.text in ("-", "nya")
            ):
                break
            j += 1
    _free_trims(scene, stock)


def _pair(tokens: list[Token], j: int) -> str:
    """Two words as one trim ("blind van"); empty at the end of the message."""
    pair = tokens[j : j + 2]
    return " ".join(t.text for t in pair) if len(pair) == 2 and not any(t.role for t in pair) else ""


def _is_sum(tokens: list[Token], j: int) -> bool:
    return j + 1 < len(tokens) and tokens[j + 1].word in ("miliar", "juta", "ribu")


def _is_trim(token: Token, stock: StockWords, *, beside: bool) -> bool:
    if token.kind != "word" or token.role or token.word in _VALUES:
        return False
    known = token.text in lists().trims or token.text in stock.trims
    if not known or token.text in lexicon().filler:
        return False
    if len(token.text) == 1 and not beside:
        return False
    return not (len(token.text) <= 2 and token.word != token.text and not (beside and token.text in ("g",)))


_LOOSE = frozenset(
    "sport active limited premium prime style ss sv me cross box urban super classic type hatchback sedan pro elegance trend".split()
)


def _free_trims(scene: Scene, stock: StockWords) -> None:
    """Trims away from the name ("jazz merah itu tipe rs bukan", "brio yang rs")."""
    tokens = scene.tokens
    for j, token in enumerate(tokens):
        if token.role or token.kind != "word":
            continue
        led = j > 0 and tokens[j - 1].word in ("tipe", "yang", "versi")
        pair = _pair(tokens, j)
        if pair in lists().trims and " " in pair:
            scene.trims.append((j, pair, _asked(tokens, j + 1)))
            token.role, tokens[j + 1].role = "trim", "part"
            continue
        short = len(token.text) == 1
        if short and not (led and tokens[j - 1].word == "tipe" and token.text in lists().trims):
            continue
        if not short and not _is_trim(token, stock, beside=False):
            continue
        if not (led or token.text in stock.trims) or (token.text in _LOOSE and not led):
            continue
        asked = _asked(tokens, j)
        scene.trims.append((j, token.text, asked))
        token.role = "trim"


def _places(scene: Scene) -> None:
    """Joining words moved the tokens: find every mark again."""
    roles: dict[str, list[int]] = {"car": [], "code": [], "plate": [], "trim": [], "engine": []}
    for i, token in enumerate(scene.tokens):
        if token.role in roles:
            roles[token.role].append(i)
    cars = iter(roles["car"])
    placed = {m.at: m for m in scene.mentions}
    old = sorted(placed)
    kept_cars = list(cars)
    if len(kept_cars) == len(old):
        for mention, at in zip((placed[o] for o in old), kept_cars, strict=True):
            mention.at = at
    else:  # a brand beside its model was dropped from the mentions but keeps its token
        texts = [scene.tokens[i] for i in kept_cars]
        _match_cars(scene, kept_cars, texts)
    scene.codes = [(i, scene.tokens[i].word) for i in roles["code"]]
    scene.plates = [(i, plate) for i, (_, plate) in zip(roles["plate"], scene.plates, strict=False)]
    spots = sorted(roles["trim"] + roles["engine"])
    scene.trims = [(i, word, asked) for i, (_, word, asked) in zip(spots, sorted(scene.trims), strict=False)]


def _match_cars(scene: Scene, places: list[int], tokens: list[Token]) -> None:
    starts = {token.start: at for at, token in zip(places, tokens, strict=True)}
    for mention in scene.mentions:
        mention.at = starts.get(mention.at, mention.at)


def _asked(tokens: list[Token], at: int) -> bool:
    """Whether the value at `at` is what the customer wants to know ("itu rs bukan?", "#A01 matic ga?")."""
    before = [t for t in tokens[:at] if t.kind == "word"]
    after = [
        t for t in tokens[at + 1 : at + 4] if t.kind == "word" and t.text not in ("ya", "kak", "min", "gan")
    ]
    behind = after[0].word if after else ""
    named = any(t.role in ("car", "code") for t in before) or any(
        t.word in ("itu", "ini", "unit") for t in before
    )
    if behind in ("bukan", "beneran"):
        return named
    if before and before[0].text == "is" and not after:
        return named
    sought = {"ada", "cari", "butuh", "minta", "punya", "yang", "mau", "stok", "ready"}
    if any(t.word in sought for t in before) or not named:
        return False
    if behind in ("tidak", "kan", "atau"):
        return not (len(after) > 1 and after[1].word in ("ada", "ready", "masih"))
    mark = tokens[at + 1].text if at + 1 < len(tokens) else ""
    return mark == "?" and any(t.role == "code" for t in before)


def _values(scene: Scene) -> None:
    tokens = scene.tokens
    for i, token in enumerate(tokens):
        if token.kind != "word" or token.role or token.word not in _VALUES:
            continue
        before = tokens[i - 1].word if i else ""
        behind = tokens[i + 1].word if i + 1 < len(tokens) else ""
        if before in _NOT_BEFORE.get(token.word, ()) or behind in _NOT_AFTER.get(token.word, ()):
            continue
        if token.text in ("at", "item", "abu", "gold", "mas", "ev", "stick") and before in ("look",):
            continue
        key, value = _VALUES[token.word]
        scene.values.append(Value(key, value, i, _asked(tokens, i)))
    told = {token.word for token in tokens}
    for key in ("transmission", "fuel"):
        if len({v.value for v in scene.values if v.key == key}) > 1 and len(scene.models) < 2:
            scene.values = [v for v in scene.values if v.key != key]
    colors = [v for v in scene.values if v.key == "color"]
    if len(colors) > 1 and "warna" in told and any(token.nya and token.word == "warna" for token in tokens):
        scene.values = [v for v in scene.values if v.key != "color"]


def _features(scene: Scene, stock: StockWords) -> None:
    tokens = scene.tokens
    words = [token.word for token in tokens]
    low = {
        "termurah": "cheapest", "termahal": "dearest", "terendah": "cheapest", "tertinggi": "dearest",
    }  # fmt: skip
    for i, token in enumerate(tokens):
        if token.role and token.role != "trim":
            continue
        if token.word == "paling" and i + 1 < len(words) and words[i + 1] in ("murah", "mahal"):
            scene.extreme = "cheapest" if words[i + 1] == "murah" else "dearest"
        elif token.word in low:
            scene.extreme = low[token.word]
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
_NOT_PICKED = frozenset(
    {"tangan", "mobil", "pemilik", "kali", "orang", "anak", "hari", "servis", "bulan", "tahun"}
)


def _picks(scene: Scene) -> None:
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


def _given_name(tokens: list[Token]) -> str | None:
    words = [t for t in tokens if t.kind == "word"]
    for i, token in enumerate(words):
        for lead in _NAME_LEADS:
            if tuple(t.word for t in words[i : i + len(lead)]) != lead:
                continue
            j = i + len(lead)
            if lead == ("nama",) and i and words[i - 1].word in ("atas", "balik", "ganti"):
                continue
            strong = lead not in (("saya",), ("an",), ("sama",)) or token.text in ("a.n", "an")
            while j < len(words) and (
                words[j].word in ("saya", "adalah", "itu") or words[j].text in _TITLES and j < i + 4
            ):
                strong = strong or (words[j].text in _TITLES and lead != ("sama",))
                j += 1
            if j < len(words) and _is_given(words[j], strong and lead != ("an",), lead):
                return words[j].text.capitalize()
    return None


def _is_given(token: Token, strong: bool, lead: tuple[str, ...]) -> bool:
    if token.role or len(token.text) < 2:
        return False
    if token.text in lists().given_names:
        return lead != ("sama",)
    return strong and token.text not in lexicon().known and token.word == token.text and lead != ("sama",)


_TAGS: dict[str, str] = {
    "car": "<car>", "code": "<code>", "plate": "<plate>", "money": "<money>", "year": "<year>", "km": "<km>", "tenor": "<tenor>",
    "pick": "<pick>", "branch": "<branch>", "bare": "<num>", "engine": "", "part": "", "trim": "<trim>", "feature": "<feature>",
}  # fmt: skip


def _words(tokens: list[Token]) -> list[str]:
    filler = lexicon().filler
    out: list[str] = []
    for token in tokens:
        tag = _TAGS.get(token.role)
        if tag is not None:
            if tag and (not out or out[-1] != tag):
                out.append(tag)
        elif token.kind == "mark":
            if token.text in "?!.\n;" and out and out[-1] not in ("?", "|"):
                out.append("?" if token.text == "?" else "|")
        elif token.kind == "num":
            out.append("<num>")
        elif token.text not in filler or token.word not in filler:
            out.append(token.word)
    while out and out[-1] == "|":
        out.pop()
    return out


Mend = Callable[[str], str | None]

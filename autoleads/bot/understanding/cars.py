"""Finds the cars in a message: display codes, brands and models, plates, trims."""

import re

from rapidfuzz.distance import OSA

from autoleads.bot.understanding.details import TRANSMISSIONS, VALUES, is_asked
from autoleads.bot.understanding.measures import FIRST_YEAR, LAST_YEAR
from autoleads.bot.understanding.names import Name
from autoleads.bot.understanding.normalize import Token, lexicon, translate
from autoleads.bot.understanding.rules import rules
from autoleads.bot.understanding.scene import Mention, Scene, Trim
from autoleads.bot.understanding.stockwords import StockWords
from autoleads.bot.understanding.vocabulary import Vocabulary, flat, guess, lists, lookup
from autoleads.plates import REGIONS_IN_CHAT

_ENGINE = re.compile(r"[0-6][.,]\d")


def _collapse(scene: Scene, start: int, end: int, role: str, word: str) -> Token:
    first = scene.tokens[start]
    text = "".join(t.text if t.glued else f" {t.text}" for t in scene.tokens[start:end]).strip()
    token = Token("word", text, word, first.glued, first.start, role=role)
    scene.tokens[start:end] = [token]
    return token


def find_codes(scene: Scene, stock: StockWords) -> None:
    """`#A01`, `a01`, `kode a 1`: a letter and a number; without the # only as this stock writes its codes."""
    i = 0
    while i < len(scene.tokens):
        tokens = scene.tokens
        marked = tokens[i].text == "#"
        inside = i > 0 and tokens[i].glued and tokens[i - 1].kind != "mark"
        j = i + marked
        k = j + 2 if j + 2 < len(tokens) and tokens[j + 1].text == "-" else j + 1
        if (
            k < len(tokens)
            and not inside
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


def find_names(scene: Scene, stock: StockWords) -> None:
    words = stock.names
    i = 0
    while i < len(scene.tokens):
        if scene.tokens[i].role or scene.tokens[i].kind == "mark":
            i += 1
            continue
        size, name = _longest(scene.tokens, i, stock)
        guessed = name is None
        if not name and scene.tokens[i].kind == "word":
            size, name = _guessed(scene.tokens, i, words)
        if name:
            size, name = _extended(scene.tokens, i, size, name, words)
            text = scene.tokens[i].text
            said = [token.text for token in scene.tokens[i : i + size]]
            token = _collapse(scene, i, i + size, "car", "<car>")
            token.nya, token.own = text.endswith(("nya", "ny")), text.endswith("ku")
            scene.mentions.append(Mention(name, token, _inner_trims(said, name), guessed=guessed))
        i += 1


def _guessed(tokens: list[Token], i: int, words: Vocabulary) -> tuple[int, Name | None]:
    """A misspelled name of one word, or of two of which one is right ("grand lifinna", "gren max")."""
    j = i + 2 if i + 2 < len(tokens) and tokens[i + 1].text == "-" else i + 1
    if j < len(tokens) and tokens[j].kind == "word" and not tokens[j].role:
        first, last = tokens[i].text, tokens[j].text
        known = first in words.heads or last in words.tails.values()
        name = guess(words, first + last) if known and len(first + last) >= 6 else None
        if name and name.model and flat(name.model) in words.tails:
            return j + 1 - i, name
    return 1, guess(words, tokens[i].text)


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
        key = flat(name.model)
        for whole, last in words.tails.items() if second.text not in lexicon().known else ():
            if whole == key + last and second.kind == "word" and OSA.distance(second.text, last) <= 1:
                return size + 1, words.names[whole]
    return size, name


_UNITS = frozenset({"jt", "juta", "jutaan", "jtan", "rb", "ribu", "rban", "an"})


def _longest(tokens: list[Token], i: int, stock: StockWords) -> tuple[int, Name | None]:
    key = ""
    spaced = False
    found: tuple[int, Name | None] = (0, None)
    for j in range(i, min(len(tokens), i + 6)):
        token = tokens[j]
        if token.role:
            break
        if token.kind == "mark":
            if j == i or not _joins(tokens, j):
                break
            spaced = spaced or token.text != "-" or not token.glued
            key += "+" if token.text == "+" and token.glued else ""
            if token.text != "+" or not token.glued:
                continue
        elif token.kind == "num" and not token.text.isdigit():
            break
        else:
            spaced = spaced or (j > i and not token.glued)
            key += token.text
        name = lookup(stock.names, key)
        if name and (not spaced or key in stock.names.spaced or "+" in key) and _ends(tokens, i, j):
            found = (j + 1 - i, name)
        if key not in stock.names.beginnings:
            break
    return found


def _joins(tokens: list[Token], j: int) -> bool:
    """Whether a mark may stand inside a name: "cr-v", "go+", and "hr. v" or "cx - 5" about a short piece."""
    if tokens[j].text not in "-+.":
        return False
    if tokens[j].text != "." and tokens[j].glued:
        return True
    return j + 1 < len(tokens) and min(len(tokens[j - 1].text), len(tokens[j + 1].text)) <= 2


def _ends(tokens: list[Token], i: int, j: int) -> bool:
    """Whether a name from i may end at j: "l300" is one, "h12" begins none, "17x7" holds none."""
    if i and tokens[i].glued and tokens[i - 1].kind == "num":
        return False
    rest = tokens[j + 1] if j + 1 < len(tokens) else None
    if tokens[j].kind != "num" or rest is None:
        return True
    if rest.glued and rest.kind == "word" and len(rest.text) < 3:
        return False
    return j == i or rest.text not in _UNITS  # "bmw 320 juta" is a sum


def find_plates(scene: Scene) -> None:
    i = 0
    while i + 2 < len(scene.tokens):
        head, digits, tail = scene.tokens[i : i + 3]
        if not (head.role or digits.role or tail.role) and digits.kind == "num" and head.kind == tail.kind == "word":
            told = i > 0 and scene.tokens[i - 1].text in (
                "plat",
                "nopol",
                "plt",
                "nopolnya",
                "plate",
                "platnya",
                "polisi",
            )
            ends = i + 3 >= len(scene.tokens) or not scene.tokens[i + 3].glued or scene.tokens[i + 3].kind == "mark"
            after_car = any(token.role == "car" for token in scene.tokens[max(0, i - 2) : i])
            if ends and _is_plate(head, digits, tail, told=told, after_car=after_car):
                _collapse(scene, i, i + 3, "plate", f"{head.text}{digits.text}{tail.text}".upper())
        i += 1


def _is_plate(head: Token, digits: Token, tail: Token, *, told: bool, after_car: bool) -> bool:
    if head.text not in REGIONS_IN_CHAT or not digits.text.isdigit() or len(digits.text) > 4:
        return False
    if not (1 <= len(tail.text) <= 3 and tail.text.isalpha()) or digits.text.startswith("0"):
        return False
    like_year = len(digits.text) == 4 and FIRST_YEAR <= int(digits.text) <= LAST_YEAR
    if like_year and not told and (after_car or tail.text in lexicon().known):
        return False  # "Yaris E 2011 AT", "Xenia R 2015 MT": a trim, a year and a gearbox
    if told or (head.upper and tail.upper and len(digits.text) >= 3):
        return True
    everyday = tail.text in lexicon().known or tail.text in ("cc", "jt", "x", "rb", "km", "i", "an", "u", "p")
    return not everyday and len(digits.text) >= 3 and head.text not in ("dp", "th", "km")


def weigh_names(scene: Scene, stock: StockWords) -> None:
    """Drops everyday words taken for names, and finds where the rest stand after the joining."""
    locate(scene)
    kept: list[Mention] = []
    said = {token.word for token in scene.tokens}
    sure = {mention.at: mention.name for mention in scene.mentions if mention.name.sure or not mention.name.model}
    for mention in scene.mentions:
        if _is_car(scene.tokens, mention, stock, said, sure):
            kept.append(mention)
        else:
            mention.token.role = ""
            translate(mention.token, stock.mend)
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
    _join_apart(scene, stock.names)


def _join_apart(scene: Scene, words: Vocabulary) -> None:
    """A name with its engine or trim inside: "Xpander 1.5 Cross", "Avanza 1.5 New Veloz", "Innova 2.4 Reborn"."""
    for mention in list(scene.mentions):
        if mention not in scene.mentions or not mention.name.model:
            continue
        for j in range(mention.at + 1, min(len(scene.tokens), mention.at + 4)):
            token = scene.tokens[j]
            other = next((m for m in scene.mentions if m.at == j), None)
            key = flat(mention.name.model) + (flat(other.name.model or "") if other else token.text)
            whole = words.names.get(key) if key in words.spaced else None
            if other and other.name.model == mention.name.model:
                mention.trims += other.trims
            elif whole and whole.model != mention.name.model and whole.brand == mention.name.brand:
                mention.name = whole
            elif _inside(token):
                continue
            else:
                break
            scene.mentions = [m for m in scene.mentions if m is not other]
            token.role = "part"
            break


def _inside(token: Token) -> bool:
    if token.role:
        return False
    return bool(_ENGINE.fullmatch(token.text)) or token.text in ("new", "all") or token.text in lists().trims


_BRIEF = 10  # tokens of a message that asks for one thing


def _is_car(tokens: list[Token], mention: Mention, stock: StockWords, said: set[str], sure: dict[int, Name]) -> bool:
    """`sure` are the brands and surer names by place: what else makes this word a car."""
    at, name = mention.at, mention.name
    beside = [j for j in (at - 1, at + 1) if 0 <= j < len(tokens)]
    if name.model is None and any(tokens[j].text in lists().motorbikes for j in beside):
        return False
    if name.sure == 2:
        return True
    around = [j for j in range(max(0, at - 2), min(len(tokens), at + 3)) if j != at]
    near = [tokens[j] for j in around]
    if any(token.text in lists().not_cars for token in near):
        return False
    if any(tokens[j].role == "code" or j in sure for j in (around if name.model else beside)):
        return True
    if name.model and at and tokens[at - 1].word == "mobil":
        return True
    year = any(t.kind == "num" and t.text.isdigit() and 1985 <= int(t.text[:6]) <= 2030 for t in near)
    trade = bool(said & lists().trade)
    if name.sure == 1:
        return year or trade or (name.model in stock.models and len(tokens) <= 25) or len(tokens) < _BRIEF - 1
    ours = name.model in stock.models if name.model else name.brand in stock.brands
    return (
        year
        or (ours and len(tokens) <= _BRIEF)
        or (name.model is None and trade and name.brand not in lists().word_brands)
    )


def find_trims(scene: Scene, stock: StockWords) -> None:
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
                scene.trims.append(Trim(token.text.replace(",", "."), tokens[j], False))
                token.role = "engine"
            elif (pair := _pair(tokens, j)) in lists().trims:
                scene.trims.append(Trim(pair, tokens[j], is_asked(tokens, j + 1)))
                token.role = "trim"
                tokens[j + 1].role, j = "part", j + 1
            elif _is_trim(token, stock, beside=tokens[j - 1].role in ("car", "trim", "engine")) or _letter(tokens, j):
                scene.trims.append(Trim(token.text, tokens[j], is_asked(tokens, j)))
                token.role = "trim"
            elif not (token.role in ("car", "trim") or token.word in ("tipe", "yang") or token.text in ("-", "nya")):
                break
            j += 1
    _free_trims(scene, stock)


def _letter(tokens: list[Token], j: int) -> bool:
    """A trim of one letter that is also a word, made plain by the year or gearbox behind ("ayla x 2014")."""
    behind = tokens[j + 1] if j + 1 < len(tokens) else None
    if len(tokens[j].text) > 1 or tokens[j].text not in lists().trims or tokens[j - 1].role not in ("car", "engine"):
        return False
    return behind is not None and (behind.word in TRANSMISSIONS or (len(behind.text) == 4 and behind.text.isdigit()))


def _pair(tokens: list[Token], j: int) -> str:
    """Two words as one trim ("blind van"); empty at the end of the message."""
    pair = tokens[j : j + 2]
    return " ".join(t.text for t in pair) if len(pair) == 2 and not any(t.role for t in pair) else ""


def _is_sum(tokens: list[Token], j: int) -> bool:
    return j + 1 < len(tokens) and tokens[j + 1].word in ("miliar", "juta", "ribu")


def _is_trim(token: Token, stock: StockWords, *, beside: bool) -> bool:
    if token.kind != "word" or token.role or token.word in VALUES:
        return False
    known = token.text in lists().trims or token.text in stock.trims
    if not known or token.text in lexicon().filler:
        return False
    if len(token.text) == 1 and not beside:
        return False
    return not (len(token.text) <= 2 and token.word != token.text and not (beside and token.text in ("g",)))


def _free_trims(scene: Scene, stock: StockWords) -> None:
    """Trims away from the name ("jazz merah itu tipe rs bukan", "brio yang rs")."""
    tokens = scene.tokens
    for j, token in enumerate(tokens):
        if token.role or token.kind != "word":
            continue
        led = j > 0 and tokens[j - 1].word in ("tipe", "yang", "versi")
        pair = _pair(tokens, j)
        if pair in lists().trims and " " in pair:
            scene.trims.append(Trim(pair, tokens[j], is_asked(tokens, j + 1)))
            token.role, tokens[j + 1].role = "trim", "part"
            continue
        if _offered(tokens, j):
            token.role = "trim"
            tokens[j - 1].role = "engine" if tokens[j - 1].kind == "num" else ""
            scene.trims.append(Trim(token.text, token, not any(t.word in ("ada", "cari") for t in tokens)))
            continue
        short = len(token.text) == 1
        if short and not (led and tokens[j - 1].word == "tipe" and token.text in lists().trims):
            continue
        if not short and not _is_trim(token, stock, beside=False):
            continue
        if not (led or token.text in stock.trims) or (token.text in rules().loose_trims and not led):
            continue
        asked = is_asked(tokens, j)
        scene.trims.append(Trim(token.text, tokens[j], asked))
        token.role = "trim"


def _offered(tokens: list[Token], j: int) -> bool:
    """Whether the letter at j is one of two a car may be ("2.4 G atau V")."""
    if len(tokens[j].text) != 1 or tokens[j].text not in lists().trims or not j:
        return False
    before = tokens[j - 1]
    either = before.word == "atau" and j > 1 and tokens[j - 2].role == "trim"
    engine = before.kind == "num" and _ENGINE.fullmatch(before.text) is not None
    return either or (engine and j + 1 < len(tokens) and tokens[j + 1].word == "atau")


def locate(scene: Scene) -> None:
    """Finds where everything stands after tokens were joined or left out."""
    places = {id(token): at for at, token in enumerate(scene.tokens)}
    for mention in scene.mentions:
        mention.at = places[id(mention.token)]
    for trim in scene.trims:
        trim.at = places[id(trim.token)]
    scene.trims.sort(key=lambda trim: trim.at)
    scene.codes = [(at, token.word) for at, token in enumerate(scene.tokens) if token.role == "code"]
    scene.plates = [(at, token.word) for at, token in enumerate(scene.tokens) if token.role == "plate"]

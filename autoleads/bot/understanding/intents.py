"""Which of the closed set of intents a message has."""

from autoleads.bot.understanding.base import HOT_INTENTS, Intent
from autoleads.bot.understanding.details import VALUES
from autoleads.bot.understanding.phrases import Hit, hits
from autoleads.bot.understanding.rules import rules
from autoleads.bot.understanding.scene import Scene
from autoleads.bot.understanding.vocabulary import lists

# Of several asks in one message the first of these wins.
PRIORITY = (
    Intent.OPT_OUT,
    Intent.COMPLAINT,
    Intent.HUMAN,
    Intent.TRADE_IN,
    Intent.SELL_CAR,
    Intent.CREDIT,
    Intent.NEGOTIATION,
    Intent.VISIT,
    Intent.PHOTOS,
    Intent.PRICE,
    Intent.CAR_DETAIL,
    Intent.AVAILABILITY,
    Intent.CAR_SEARCH,
    Intent.LOCATION,
    Intent.HOURS,
    Intent.CONTACT,
    Intent.SELECTION,
    Intent.THANKS,
    Intent.GREETING,
    Intent.OTHER,
)

_SEEKING = frozenset({"cari", "butuh", "rekomendasi"})
_LISTS = frozenset({"apasaja", "list", "daftar", "katalog", "pilihan"})
_EXTRAS = frozenset({"bonus", "gratis", "free"})  # "bonus kaca film" bargains, "jual kaca film?" does not
_ABOUT_A_CAR = frozenset(
    {
        Intent.PRICE,
        Intent.CAR_SEARCH,
        Intent.CAR_DETAIL,
        Intent.AVAILABILITY,
        Intent.NEGOTIATION,
        Intent.LOCATION,
    }
)
_TALK = 25  # words; nobody asks a showroom for something that long without a word of cars
_CALLS = frozenset({"kak", "min", "gan", "mas", "pak", "bu", "bang", "om", "bro", "mbak", "bos", "cak"})
_BRIEF = 8
_LEAST_OFFER = 20  # million
_SURE, _LIKELY, _FALLBACK, _LOST = 0.95, 0.8, 0.6, 0.2


def decide(scene: Scene) -> tuple[Intent, float]:
    """The intent and how sure the rules are of it."""
    words = scene.words
    found = hits(words)
    if any(hit.kind == "trade" for hit in found):  # goods and services that are no cars, whatever car they are for
        found = [hit for hit in found if hit.intent not in _ABOUT_A_CAR]
    intents = {hit.intent for hit in found}
    named = bool(scene.mentions or scene.codes)
    policy = not ({"harga"} | _EXTRAS) & set(words) and any(hit.kind == "policy" for hit in found)
    _stocky(scene, found, intents, named, policy)
    if scene.mentions or scene.values or scene.codes:
        intents.discard(Intent.GREETING)
    if not scene.codes and (lists().debate & set(words) or (not named and _of_another_trade(words))):
        intents -= HOT_INTENTS
    for intent in PRIORITY:
        if intent in intents:
            return intent, _SURE if sum(h.intent is intent for h in found) else _LIKELY
    return _fallback(scene)


def _of_another_trade(words: list[str]) -> bool:
    """Tickets, phones, food: nobody's word about a car. Long talk without one neither."""
    said = set(words)
    if said & lists().trade:
        return False
    return bool(said & lists().elsewhere) or len(words) > _TALK


def _stocky(scene: Scene, found: list[Hit], intents: set[Intent], named: bool, policy: bool) -> None:
    """Settles the intents about stock, where a word alone does not decide."""
    words = scene.words
    hours = Intent.HOURS in intents and not named
    elsewhere = bool({Intent.CONTACT, Intent.LOCATION} & intents) and not named
    if _asks_price(words) and not policy and not hours and not elsewhere:
        intents.add(Intent.PRICE)
    if hours and "buka" in words:
        intents.discard(Intent.AVAILABILITY)
    if policy and not named:
        intents -= _ABOUT_A_CAR
        intents.discard(Intent.GREETING)  # "bisa bantu balik nama?" asks
    if Intent.PRICE in intents and _price_is_criterion(scene):
        intents.discard(Intent.PRICE)
    if Intent.NEGOTIATION in intents and not _bargains(scene, found):
        intents.discard(Intent.NEGOTIATION)
    detail = [hit for hit in found if hit.intent is Intent.CAR_DETAIL]
    if any(value.asked for value in scene.values) or any(trim.asked for trim in scene.trims):
        intents.add(Intent.CAR_DETAIL)
    elif detail and all(_is_criterion(scene, hit) for hit in detail):
        intents.discard(Intent.CAR_DETAIL)
        intents.add(Intent.CAR_SEARCH)
    if Intent.AVAILABILITY in intents and all(hit.kind == "interest" for hit in detail):
        intents.discard(Intent.CAR_DETAIL)  # "kalau masih saya minat" asks whether it is there
    searches = {hit.phrase for hit in found if hit.intent is Intent.CAR_SEARCH}
    if detail and all(hit.phrase.startswith(("tanya", "info")) for hit in detail) and _seeks(searches):
        intents.discard(Intent.CAR_DETAIL)  # "mau tanya apakah ada city"
    warranty = "garansi" in words and not {"unit", "masih", "itu", "ini"} & set(words)
    if Intent.CAR_DETAIL in intents and not named and (warranty or _is_general(words)):
        intents.discard(Intent.CAR_DETAIL)
    if Intent.AVAILABILITY in intents and _wants_list(scene):
        intents.discard(Intent.AVAILABILITY)
        intents.add(Intent.CAR_SEARCH)
    if Intent.LOCATION in intents and named and all("ada" in phrase.split() for phrase in searches):
        intents.discard(Intent.CAR_SEARCH)  # "almaz ada di cabang mana?"
    vague = {hit.kind for hit in found if hit.intent is Intent.CAR_SEARCH} == {"vague"}
    if (
        vague
        and not scene.values
        and not named
        and ({Intent.CONTACT, Intent.HOURS} & intents or scene.pick is not None)
    ):
        intents.discard(Intent.CAR_SEARCH)
    if Intent.SELECTION in intents and scene.pick is None and not scene.codes and "yang" not in words:
        intents.discard(Intent.SELECTION)


def _seeks(phrases: set[str]) -> bool:
    return any(phrase.startswith(("ada <car>", "ada ..", "ada mobil", "cari", "punya")) for phrase in phrases)


def _asks_price(words: list[str]) -> bool:
    """A "berapa" that belongs to nothing else."""
    for i, word in enumerate(words):
        if word != "berapa":
            continue
        before = words[i - 1] if i else ""
        behind = words[i + 1] if i + 1 < len(words) else ""
        if before in rules().counts or behind in rules().counted_behind or before in ("<tenor>", "<km>"):
            continue
        j = i - 1
        while j >= 0 and words[j] in rules().between:
            j -= 1
        if j >= 0 and words[j] in rules().counts:
            continue
        return True
    return False


def _price_is_criterion(scene: Scene) -> bool:
    """ "regane sekitar 200 ono opo ae": the sum is given, not asked."""
    words = scene.words
    if {"berapa", "berapaan", "itu", "segitu"} & set(words):
        return False
    return any(a.kind == "money" and a.field in ("", "price", "budget") for a in scene.amounts)


def _bargains(scene: Scene, found: list[Hit]) -> bool:
    """A word of bargaining, or a sum offered; "mentok 200" and "kurang dari" limit a search."""
    offers = [h for h in found if h.intent is Intent.NEGOTIATION]
    plain = [h for h in offers if "<money>" not in h.phrase and "<num>" not in h.phrase]
    if plain:
        return True
    words = scene.words
    gets = "dapat" in words and "apa" in words[words.index("dapat") : words.index("dapat") + 3]
    searching = bool(set(words) & (_SEEKING | _LISTS)) or "ada" in words or gets
    limited = any(a.limit in ("max", "min", "near") or a.field in ("budget", "dp") for a in scene.amounts)
    return not searching and not limited


def _is_criterion(scene: Scene, hit: Hit) -> bool:
    """A property named while looking for cars ("cari avanza pajak panjang") is not asked about."""
    words = scene.words
    before = words[: hit.start]
    for mark in ("?", "|"):
        if mark in before:
            before = before[len(before) - before[::-1].index(mark) :]
    asking = {"berapa", "apa", "bagaimana", "kapan", "mana", "kenapa", "siapa"} & set(words[hit.end : hit.end + 2])
    inside = {"berapa", "apa", "mana", "tertarik", "minat", "beda", "apasaja"} & set(words[hit.start : hit.end])
    colored = hit.phrase.startswith("warna") and any(value.key == "color" and not value.asked for value in scene.values)
    if {"itu", "ini"} & set(words) and not (scene.models or _SEEKING & set(words)):
        return False
    if (inside and not colored) or (hit.phrase != "<feature>" and words[hit.end : hit.end + 1] == ["apasaja"]):
        return False
    if colored or _SEEKING & set(before) or "rekomendasi" in words:
        return True
    if before[-1:] == ["mobil"] and "ada" in words:
        return True
    if before[-1:] == ["yang"] and "mobil" in before and not {"itu", "ini"} & set(words):
        return True
    if before[-1:] == ["<num>"] and "ada" in words:
        return True  # "ada yang 7 kursi?"
    if not (scene.mentions or scene.codes or rules().question & set(words)) and (scene.values or scene.amounts):
        return True
    if asking:
        return False
    lists_after = bool(_LISTS & set(words))
    if lists_after and ("yang" in before or "ada" in words):
        return True
    if "ada" in before[-4:] and ("<car>" in before or "mobil" in before or "unit" in before or "yang" in before):
        gap = before[len(before) - before[::-1].index("ada") :]
        return bool(gap) and gap[0] in ("<car>", "mobil", "unit", "yang", "stok")
    if hit.start and words[hit.start - 1] == "yang" and ("ada" in words[hit.end :] or "mau" in before):
        return True
    return hit.phrase in ("kilometer", "<feature>") and any(a.kind == "km" and a.limit for a in scene.amounts)


def _is_general(words: list[str]) -> bool:
    said = set(words)
    return bool({"semua", "tiap", "setiap"} & said) and bool({"unit", "mobil"} & said)


def _wants_list(scene: Scene) -> bool:
    """A word of state in a request for a list, or with criteria but no model."""
    words = set(scene.words)
    if scene.codes:
        return False
    if _LISTS & words or (_SEEKING & words and "masih" not in words):
        return True
    criteria = bool(scene.values or scene.branches or any(a.kind in ("money", "km", "year") for a in scene.amounts))
    colors = [scene.tokens[value.at] for value in scene.values if value.key == "color"]
    reference = "masih" in words and any("yang" in words or token.nya for token in colors)
    brand_only = bool(scene.mentions) and not scene.models
    return (criteria or brand_only) and not scene.models and not reference


def _asks_of_car(scene: Scene) -> bool:
    """A question with words of its own about a car named or pointed at ("sigra enak ga buat jalan jauh")."""
    words = scene.words
    if "ada" in words or not rules().question & set(words) or len(words) > _TALK:
        return False
    pointed = {"itu", "ini", "unit"} & set(words) or any(
        token.nya and token.word not in rules().house for token in scene.tokens
    )
    if not scene.mentions and not pointed:
        return False
    return any(word.isalpha() and word not in rules().neutral and word not in VALUES for word in words)


def _fallback(scene: Scene) -> tuple[Intent, float]:
    """No phrase matched: what is named decides."""
    words = scene.words
    if not words and any(token.text in _CALLS for token in scene.tokens):
        return Intent.GREETING, _LIKELY
    if scene.codes and any(a.kind == "bare" and a.low >= _LEAST_OFFER for a in scene.amounts):
        return Intent.NEGOTIATION, _LIKELY  # "A01 160 ya"
    if scene.codes:
        others = [
            w for w in words if w not in ("<code>", "<car>", "<trim>", "yang", "saja", "saya", "mau", "itu", "<year>")
        ]
        return (Intent.SELECTION, _LIKELY) if not others else (Intent.CAR_DETAIL, _FALLBACK)
    if scene.pick is not None:
        return Intent.SELECTION, _LIKELY
    if _asks_of_car(scene):
        return Intent.CAR_DETAIL, _FALLBACK
    if scene.mentions or scene.values or scene.features or scene.trims or scene.extreme:
        return Intent.CAR_SEARCH, _FALLBACK
    if any(a.kind == "year" or (a.kind == "km" and a.limit) for a in scene.amounts) and len(words) <= _BRIEF:
        return Intent.CAR_SEARCH, _FALLBACK
    if any(a.kind == "money" and a.field in ("", "price", "budget") for a in scene.amounts):
        return Intent.CAR_SEARCH, _FALLBACK
    return Intent.OTHER, _LOST if words else _FALLBACK

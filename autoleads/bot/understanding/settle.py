"""What a word alone does not decide: whether a price, a property or a word of state is asked, given or wished."""

from autoleads.bot.understanding.base import Intent
from autoleads.bot.understanding.phrases import Hit
from autoleads.bot.understanding.rules import rules
from autoleads.bot.understanding.scene import Scene

_SEEKING = frozenset({"cari", "butuh", "rekomendasi"})
_LISTS = frozenset({"apasaja", "list", "daftar", "katalog", "pilihan"})
_THIS = frozenset({"itu", "ini"})
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


def settle(scene: Scene, found: list[Hit]) -> set[Intent]:
    """The intents the message truly has; `found` are its phrases."""
    if any(hit.kind == "trade" for hit in found):  # goods and services that are no cars, whatever car they are for
        found = [hit for hit in found if hit.intent not in _ABOUT_A_CAR]
    intents = {hit.intent for hit in found}
    named = bool(scene.mentions or scene.codes)
    _prices(scene, found, intents, named)
    _details(scene, found, intents, named)
    _searches(scene, found, intents, named)
    if Intent.SELECTION in intents and scene.pick is None and not scene.codes and "yang" not in scene.words:
        intents.discard(Intent.SELECTION)
    if named or scene.values:
        intents.discard(Intent.GREETING)
    return intents


def _prices(scene: Scene, found: list[Hit], intents: set[Intent], named: bool) -> None:
    words = scene.words
    policy = not ({"harga"} | _EXTRAS) & set(words) and any(hit.kind == "policy" for hit in found)
    hours = Intent.HOURS in intents and not named
    elsewhere = bool({Intent.CONTACT, Intent.LOCATION} & intents) and not named
    if _asks_price(words, found) and not policy and not hours and not elsewhere:
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


def _details(scene: Scene, found: list[Hit], intents: set[Intent], named: bool) -> None:
    words = scene.words
    detail = [hit for hit in found if hit.intent is Intent.CAR_DETAIL]
    if any(value.asked for value in scene.values) or any(trim.asked for trim in scene.trims):
        intents.add(Intent.CAR_DETAIL)
    elif detail and all(_is_criterion(scene, hit) for hit in detail):
        intents.discard(Intent.CAR_DETAIL)
        intents.add(Intent.CAR_SEARCH)
    if Intent.AVAILABILITY in intents and all(hit.kind == "interest" for hit in detail):
        intents.discard(Intent.CAR_DETAIL)  # "kalau masih saya minat" asks whether it is there
    if detail and all(hit.phrase.startswith(("tanya", "info")) for hit in detail) and _seeks(found):
        intents.discard(Intent.CAR_DETAIL)  # "mau tanya apakah ada city"
    warranty = "garansi" in words and not ({"unit", "masih"} | _THIS) & set(words)
    if Intent.CAR_DETAIL in intents and not named and (warranty or _is_general(words)):
        intents.discard(Intent.CAR_DETAIL)


def _searches(scene: Scene, found: list[Hit], intents: set[Intent], named: bool) -> None:
    if Intent.AVAILABILITY in intents and _wants_list(scene):
        intents.discard(Intent.AVAILABILITY)
        intents.add(Intent.CAR_SEARCH)
    searches = [hit for hit in found if hit.intent is Intent.CAR_SEARCH]
    if Intent.LOCATION in intents and named and all("ada" in hit.phrase.split() for hit in searches):
        intents.discard(Intent.CAR_SEARCH)  # "almaz ada di cabang mana?"
    vague = searches and all(hit.kind == "vague" for hit in searches) and not scene.values and not named
    if vague and ({Intent.CONTACT, Intent.HOURS} & intents or scene.pick is not None):
        intents.discard(Intent.CAR_SEARCH)


def _seeks(found: list[Hit]) -> bool:
    starts = ("ada <car>", "ada ..", "ada mobil", "cari", "punya")
    return any(hit.intent is Intent.CAR_SEARCH and hit.phrase.startswith(starts) for hit in found)


def _asks_price(words: list[str], found: list[Hit]) -> bool:
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
        if j >= 0 and (words[j] in rules().counts or _is_property(found, j)):
            continue
        return True
    return False


def _is_property(found: list[Hit], at: int) -> bool:
    """Whether the word is something a car has ("ground clearance rush berapa")."""
    return any(
        hit.intent is Intent.CAR_DETAIL and hit.start == at == hit.end - 1 and hit.phrase.isalpha() for hit in found
    ) or any(hit.phrase == "@part" and hit.start == at for hit in found)


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
    before = _clause_before(words, hit.start)
    if _THIS & set(words) and not (scene.models or _SEEKING & set(words)):
        return False
    key = "color" if hit.phrase.startswith("warna") else "transmission" if hit.phrase == "transmisi" else None
    given = any(value.key == key and not value.asked for value in scene.values)
    inside = {"berapa", "apa", "mana", "tertarik", "minat", "beda", "apasaja"} & set(words[hit.start : hit.end])
    if (inside and not given) or (hit.phrase != "<feature>" and words[hit.end : hit.end + 1] == ["apasaja"]):
        return False
    if given or _SEEKING & set(before) or "rekomendasi" in words or _of_a_wish(words, before, hit):
        return True
    told = scene.values or scene.amounts
    if told and not (scene.mentions or scene.codes or rules().question & set(words)):
        return True
    if {"berapa", "apa", "bagaimana", "kapan", "mana", "kenapa", "siapa"} & set(words[hit.end : hit.end + 2]):
        return False
    return _of_a_list(words, before, hit) or (
        hit.phrase in ("kilometer", "<feature>") and any(a.kind == "km" and a.limit for a in scene.amounts)
    )


def _clause_before(words: list[str], at: int) -> list[str]:
    start = max((i + 1 for i in range(at) if words[i] in ("?", "|")), default=0)
    return words[start:at]


def _of_a_wish(words: list[str], before: list[str], hit: Hit) -> bool:
    """ "mobil apa yang tenaganya besar", "mobil yang irit", "ada yang 7 kursi"."""
    if "mobil" in before and "<car>" not in words:
        behind = before[before.index("mobil") + 1 :][:1]
        if behind in (["yang"], ["apa"]) or before[-1] == "yang":
            return True
    counted = before[-1:] == ["<num>"] and "<car>" not in words and "<code>" not in words
    return counted or (before[-1:] in (["mobil"], ["<num>"]) and "ada" in words)


def _of_a_list(words: list[str], before: list[str], hit: Hit) -> bool:
    """ "yang pajaknya panjang apa saja", "ada brio yang tangan pertama"."""
    if _LISTS & set(words) and ("yang" in before or "ada" in words):
        return True
    if "ada" in before[-4:]:
        gap = before[len(before) - before[::-1].index("ada") :]
        return bool(gap) and gap[0] in ("<car>", "mobil", "unit", "yang", "stok")
    return before[-1:] == ["yang"] and ("ada" in words[hit.end :] or "mau" in before)


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
    if ({"itu", "tadi", "kemarin"} & words or {"sudah", "terjual"} <= words or {"sudah", "laku"} <= words) and not (
        _LISTS & words
    ):
        return False  # "mobil yang kuning itu sudah laku?"
    reference = "masih" in words and any("yang" in words or token.nya for token in colors)
    reference = reference or any(token.nya and token.word in ("unit", "mobil", "barang") for token in scene.tokens)
    brand_only = bool(scene.mentions) and not scene.models
    return (criteria or brand_only) and not scene.models and not reference

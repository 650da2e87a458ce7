"""Which of the closed set of intents a message has."""

from itertools import pairwise

from autoleads.bot.understanding.base import HOT_INTENTS, Intent
from autoleads.bot.understanding.details import VALUES
from autoleads.bot.understanding.phrases import hits
from autoleads.bot.understanding.rules import rules
from autoleads.bot.understanding.scene import Scene
from autoleads.bot.understanding.settle import settle
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

_TALK = 25  # words; nobody asks a showroom for something that long without a word of cars
_CALLS = frozenset({"kak", "min", "gan", "mas", "pak", "bu", "bang", "om", "bro", "mbak", "bos", "cak"})
_WITH_A_CODE = frozenset(
    ["<code>", "<car>", "<trim>", "<year>", "kode", "pilih", "ok", "yang", "saja", "saya", "mau", "itu"]
)
_BRIEF = 8
_LEAST_OFFER = 20  # million
_SURE, _LIKELY, _FALLBACK, _LOST = 0.95, 0.8, 0.6, 0.2


def decide(scene: Scene) -> tuple[Intent, float]:
    """The intent and how sure the rules are of it."""
    found = hits(scene.words)
    intents = settle(scene, found)
    named = bool(scene.mentions or scene.codes)
    if not scene.codes and (lists().debate & set(scene.words) or (not named and _of_another_trade(scene.words))):
        intents -= HOT_INTENTS
    for intent in PRIORITY:
        if intent in intents:
            return intent, _SURE if any(hit.intent is intent for hit in found) else _LIKELY
    return _fallback(scene)


def _of_another_trade(words: list[str]) -> bool:
    """Tickets, phones, food: nobody's word about a car. Long talk without one neither."""
    said = set(words)
    if said & lists().trade:
        return False
    return bool(said & lists().elsewhere) or len(words) > _TALK


def _asks_of_car(scene: Scene) -> bool:
    """A question with words of its own about a car named or pointed at ("sigra enak ga buat jalan jauh")."""
    words = scene.words
    if "ada" in words or not rules().question & set(words) or len(words) > _TALK:
        return False
    things = any(token.nya and token.word not in rules().house for token in scene.tokens)
    this = any(word in ("itu", "ini") and before not in rules().times for before, word in pairwise(["", *words]))
    if not (scene.mentions or things or this or "unit" in words):
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
        alone = _WITH_A_CODE.issuperset(words)
        return (Intent.SELECTION, _LIKELY) if alone else (Intent.CAR_DETAIL, _FALLBACK)
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

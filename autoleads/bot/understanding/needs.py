"""From what a message names to the entities of the contract and the cars it asks for."""

from collections.abc import Callable
from typing import Any

from autoleads.bot.understanding.amounts import MOST_BARE_PRICE, Amount
from autoleads.bot.understanding.base import Entities, Intent, Need
from autoleads.bot.understanding.details import VALUES
from autoleads.bot.understanding.measures import MILLION
from autoleads.bot.understanding.remainders import LEAST_PRICE
from autoleads.bot.understanding.scene import Mention, Scene

# Sums in these are offers, complaints or the worth of an own car, never a wish for a price.
_NO_PRICE = frozenset({Intent.NEGOTIATION, Intent.COMPLAINT, Intent.SELL_CAR, Intent.OPT_OUT})
_OWN_AFTER = frozenset({"saya", "ku", "punya", "milik", "lama", "sendiri"})
_TOWARDS = frozenset({"ke", "jadi", "ambil", "dapat", "mau", "pengen", "incar", "naik"})
_JOINERS = frozenset({"sama", "ke", "jadi", "buat", "untuk", "ambil", "mau", "dapat", "ganti"})
_LEFT_OUT = frozenset({"selain", "kecuali", "tidakjadi", "jangan", "bukan"})
_TRADE = frozenset({"tukartambah", "tukar"})
_ONE_SUM = 1.02  # ends closer than that are one sum of which the last digits are unclear: "185jt50"


def own_cars(scene: Scene, intent: Intent) -> None:
    """Marks which of the named cars is the customer's own; forgets those named to leave out ("selain avanza")."""
    scene.mentions = [m for m in scene.mentions if not _left_out(scene, m)]
    if intent is Intent.SELL_CAR:
        for mention in scene.mentions:
            mention.own = True
        return
    if intent is not Intent.TRADE_IN or not scene.mentions:
        return
    words = [token.word for token in scene.tokens]
    mine = {at for at, token in enumerate(scene.tokens) if token.own}
    marked = [m for m in scene.mentions if _marked_own(words, m) or mine & {m.at - 1, m.at}]
    trade = next((i for i, word in enumerate(words) if word in _TRADE), len(words))
    if scene.codes:
        for mention in scene.mentions:
            mention.own = mention in marked
        return
    if len(scene.mentions) == 1:
        mention = scene.mentions[0]
        towards = mention.at > 0 and _leads(words, mention.at) in _TOWARDS
        wanted = towards or (mention.at < trade and mention not in marked)
        mention.own = not wanted
        return
    wanted_one = _wanted(scene, words, marked, trade)
    for mention in scene.mentions:
        mention.own = mention is not wanted_one and (mention in marked or not marked or mention.at < wanted_one.at)


def _left_out(scene: Scene, mention: Mention) -> bool:
    return any(token.word in _LEFT_OUT for token in scene.tokens[max(0, mention.at - 2) : mention.at])


def _leads(words: list[str], at: int) -> str:
    """The word that leads to a car, fillers between skipped."""
    for word in reversed(words[max(0, at - 3) : at]):
        if word in _JOINERS:
            return word
    return ""


def _marked_own(words: list[str], mention: Mention) -> bool:
    before, after = words[max(0, mention.at - 3) : mention.at], words[mention.at + 1 : mention.at + 5]
    if "punya" in before or ("saya" in before and ("mobil" in before or "ada" in before)) or before[-1:] == ["saya"]:
        return True
    for word in after:
        if word in _OWN_AFTER:
            return True
        if word in _JOINERS or word == "<car>":
            return False
    return False


def _wanted(scene: Scene, words: list[str], marked: list[Mention], trade: int) -> Mention:
    free = [mention for mention in scene.mentions if mention not in marked]
    if len(free) == 1:
        return free[0]
    candidates = free or scene.mentions
    for mention in reversed(candidates):
        if _leads(words, mention.at) in _TOWARDS - {"mau"}:
            return mention
    if (
        not _right_before(scene, candidates[0], trade)
        and candidates[0].at < trade <= candidates[-1].at
        and candidates[0] not in marked
        and not _to_give(scene, words, candidates)
    ):
        return candidates[0]  # "xpander bisa tt sama avanza 2012?"
    return candidates[-1]


def _right_before(scene: Scene, mention: Mention, trade: int) -> bool:
    """ "innova 2010 tt rush 2019": only what the car is stands between it and the word of trade."""
    between = scene.tokens[mention.at + 1 : trade]
    return all(token.role in ("year", "trim", "engine") or token.word in VALUES for token in between)


def _to_give(scene: Scene, words: list[str], candidates: list[Mention]) -> bool:
    """ "mobil jazz 2010 mau ditukar sama brio": what someone wants to exchange is what they have."""
    first = candidates[0].at
    between = scene.tokens[first : candidates[-1].at]
    if any(token.text in ("ditukar", "dituker") or token.word in ("mau", "tak") for token in between):
        return True
    return words[max(0, first - 1) : first] == ["mobil"] and "mau" in words[first + 1 : first + 3]


def entities(scene: Scene, intent: Intent) -> tuple[Entities, tuple[Need, ...]]:
    """The first value of each key, and a need for every car that is wanted."""
    wanted = [m for m in scene.mentions if not m.own]
    own = [m for m in scene.mentions if m.own]
    all_own = (bool(own) and not wanted and not scene.codes) or intent is Intent.SELL_CAR
    focus = scene.mentions if all_own else wanted
    spans = _Spans(scene.mentions)
    skip_own = bool(own) and not all_own

    def mine(at: int) -> bool:
        """Whether what stands at `at` describes an own car that is left out."""
        owner = spans.owner(at)
        return skip_own and owner is not None and owner.own

    said: dict[str, Any] = {}
    if focus:
        said["brand"] = focus[0].name.brand
        said["model"] = next((m.name.model for m in focus if m.name.brand == focus[0].name.brand), None)
    for value in scene.values:
        if not value.asked and not mine(value.at):
            said.setdefault(value.key, value.value)
    sums = [a for a in scene.amounts if not mine(a.at)]
    said |= _years(sums, spans) | _money(scene, intent, sums) | _km(scene, intent, sums)
    tenor = next((a for a in sums if a.kind == "tenor"), None)
    said["tenor_months"] = tenor.low if tenor else None
    said["display_code"] = scene.codes[0][1] if scene.codes else None
    plates = [plate for at, plate in scene.plates if not mine(at)]
    said["plate"] = plates[0] if plates else None
    said["selection"] = scene.pick
    said["name"] = scene.name
    found = Entities(**said)
    needs = () if all_own else _needs(scene, intent, found, focus, spans, mine, sums)
    return found, needs


class _Spans:
    """Which car a word belongs to: the one named last before it, else the first."""

    def __init__(self, mentions: list[Mention]) -> None:
        self._mentions = sorted(mentions, key=lambda mention: mention.at)

    def owner(self, at: int) -> Mention | None:
        before = [mention for mention in self._mentions if mention.at <= at]
        if before:
            return before[-1]
        return self._mentions[0] if self._mentions else None

    def last(self) -> Mention | None:
        return self._mentions[-1] if self._mentions else None


def _years(sums: list[Amount], spans: _Spans) -> dict[str, int | None]:
    years = [a for a in sums if a.kind == "year"]
    if not years:
        return {}
    first = years[0]
    same = [a for a in years if spans.owner(a.at) is spans.owner(first.at)]
    return _year_bounds(same)


def _year_bounds(years: list[Amount]) -> dict[str, int | None]:
    low: int | None
    high: int | None
    first = years[0]
    if first.limit == "near":
        low, high = first.low - 1, first.high + 1
    elif first.limit == "min":
        low, high = first.low, None
    elif first.limit == "max":
        low, high = None, first.high
    else:
        low, high = first.low, first.high
    for other in years[1:]:
        if other.limit == "max":
            high = other.high
        elif other.limit == "min":
            low = other.low
        elif low is not None and high is not None:
            low, high = min(low, other.low), max(high, other.high)
    return {"year_min": low, "year_max": high}


def _money(scene: Scene, intent: Intent, sums: list[Amount]) -> dict[str, int | None]:
    said: dict[str, int | None] = {}
    money = [a for a in sums if a.kind == "money"]
    dp = next((a for a in money if a.field == "dp"), None)
    words = [token.word for token in scene.tokens]
    if dp:
        said["dp"] = dp.low
    elif any(w == "dp" and {"tanpa", "nol", "0", "no"} & set(words[max(0, i - 1) : i]) for i, w in enumerate(words)):
        said["dp"] = 0
    own = next((a for a in money if a.field == "budget"), None)
    if intent is Intent.NEGOTIATION:
        offer = own or next((a for a in money if _is_offer(words, a)), None)
        bare = next((a for a in sums if a.kind == "bare" and LEAST_PRICE <= a.low <= MOST_BARE_PRICE), None)
        said["budget"] = offer.high if offer else bare.high * MILLION if bare else None
        return said
    if own and intent not in (Intent.COMPLAINT, Intent.SELL_CAR):
        said["budget"] = own.high
    if intent in _NO_PRICE or scene.codes:
        return said
    wishes = [a for a in money if a.field in ("", "price", "budget")]
    behind = (a for a in sums if a.kind == "bare" and a.at and scene.tokens[a.at - 1].role)
    bare = next((a for a in behind if 50 <= a.low <= MOST_BARE_PRICE), None)
    if not wishes and bare and intent is Intent.CAR_SEARCH:
        wishes = [Amount("money", bare.low * MILLION, bare.high * MILLION, "", "", bare.at, bare.end)]
    return said | _price_bounds(wishes)


def _is_offer(words: list[str], amount: Amount) -> bool:
    """ "turun 5jt" is a discount, "harga 168" quotes; "turun jadi 150" offers."""
    before, behind = words[max(0, amount.at - 2) : amount.at], words[amount.end : amount.end + 4]
    if "nego" in behind or ("kurang" in behind and {"bisa", "boleh"} & set(behind)):
        return False  # "118 juta masih bisa kurang?" repeats the price
    if amount.field in ("discount",):
        return bool({"jadi", "ke", "sampai"} & set(before))
    if amount.field == "price":
        return (
            bool({"jadi", "ke", "sampai", "bisa", "boleh"} & set(before))
            or amount.limit != ""
            or not {"harga", "seharga"} & set(before)
        )
    return amount.field in ("", "budget")


def _price_bounds(wishes: list[Amount]) -> dict[str, int | None]:
    low: int | None = None
    high: int | None = None
    for wish in wishes[:3]:
        if wish.high > wish.low * _ONE_SUM:
            low, high = low or wish.low, high or wish.high
        elif wish.limit == "max" or (wish.field == "budget" and not wish.limit):
            high = high or wish.high
        elif wish.limit == "min":
            low = low or wish.low
        elif low is None and high is None:
            low, high = round(wish.low * 0.9), round(wish.high * 1.1)
    return {key: value for key, value in (("price_min", low), ("price_max", high)) if value is not None}


def _km(scene: Scene, intent: Intent, sums: list[Amount]) -> dict[str, int | None]:
    if intent in (Intent.SELL_CAR, Intent.COMPLAINT, Intent.OTHER):
        return {}
    own = any(mention.own for mention in scene.mentions)
    for amount in sums:
        if amount.kind == "km" and amount.high and amount.limit != "min" and not own:
            return {"km_max": round(amount.high * 1.1) if amount.limit == "near" else amount.high}
    return {}


def _needs(
    scene: Scene,
    intent: Intent,
    found: Entities,
    focus: list[Mention],
    spans: _Spans,
    mine: Callable[[int], bool],
    sums: list[Amount],
) -> tuple[Need, ...]:
    """A need for each car in focus; without one, a need of the bare criteria."""
    cars: list[Mention | None] = list(focus) or [None]
    searching = intent in (Intent.CAR_SEARCH, Intent.AVAILABILITY)
    features = tuple(ways for _, ways, asked in scene.features if not asked or searching)
    needs: dict[Need, None] = {}
    for car in cars:

        def given(key: str, car: Mention | None = car) -> list[str]:
            values = [(v.at, v.value) for v in scene.values if v.key == key and not v.asked and not mine(v.at)]
            return _all(car, values, spans)

        trims = [(trim.at, trim.word) for trim in scene.trims if not trim.asked and not mine(trim.at)]
        need = Need(
            brand=car.name.brand if car else None,
            model=car.name.model if car else None,
            body=car.name.body if car else "",
            **_bounds_for(car, found, sums, spans, cars),
            price_min=found.price_min,
            price_max=found.price_max,
            km_max=found.km_max,
            transmission=next(iter(given("transmission")), None),
            colors=tuple(given("color")),
            fuel=next(iter(given("fuel")), None),
            trims=(car.trims if car else ()) + tuple(_all(car, trims, spans)),
            features=features,
            branch=scene.branches[0][1] if scene.branches else None,
        )
        if not need.empty:
            needs[need] = None
    return tuple(needs)


def _all(car: Mention | None, values: list[tuple[int, str]], spans: _Spans) -> list[str]:
    """Values that hold for this car: its own, or those said once for all behind the last."""
    if car is None:
        return list(dict.fromkeys(value for _, value in values))
    mine = [value for at, value in values if spans.owner(at) is car]
    owners = {id(spans.owner(at)) for at, _ in values}
    if mine:
        return list(dict.fromkeys(mine))
    last = spans.last()
    return list(dict.fromkeys(v for at, v in values if spans.owner(at) is last)) if len(owners) == 1 else []


def _bounds_for(
    car: Mention | None, found: Entities, sums: list[Amount], spans: _Spans, cars: list[Mention | None]
) -> dict[str, int | None]:
    years = [a for a in sums if a.kind == "year"]
    if car is None or len(cars) == 1:
        return {"year_min": found.year_min, "year_max": found.year_max}
    mine = [a for a in years if spans.owner(a.at) is car]
    if mine:
        return _year_bounds(mine)
    owners = {id(spans.owner(a.at)) for a in years}
    last = spans.last()
    if len(owners) == 1 and years and spans.owner(years[0].at) is last:
        return _year_bounds(years)
    return {}

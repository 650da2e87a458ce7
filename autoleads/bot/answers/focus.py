"""Which cars a turn is about: what the message names, or what was talked about before."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from autoleads.bot.turn import Turn
from autoleads.bot.understanding.base import Entities, Found, Intent, Understanding
from autoleads.stock import Car, Stock
from autoleads.types import CarStatus

_WHOLE_STOCK = re.compile(
    r"\b(apa aja|apa saja|opo wae|semua|list|daftar|katalog|mobil lain|yang lain|yg lain|pilihan)\b"
)
_PLURAL = re.compile(r"\b(apa aja|apa saja|semua|list|pricelist|lain|lainnya|selain|beda(nya)?|banding|selisih|sama)\b")
_SUPERLATIVES: tuple[tuple[re.Pattern[str], str, bool], ...] = (
    (re.compile(r"\b(paling|pling|ter)\s*(murah|murmer)\b|\bcheapest\b"), "price_idr", False),
    (re.compile(r"\b(paling|ter)\s*mahal\b"), "price_idr", True),
    (re.compile(r"\b(paling baru|terbaru|termuda|paling muda)\b"), "year", True),
    (re.compile(r"\bkm\W*(nya)?\W*(paling|ter)\s*(rendah|sedikit|kecil|dikit)\b"), "km", False),
)
# Of a list that was shown, less is enough: "sing murah wae", "yang lebih muda".
_OF_A_LIST: tuple[tuple[re.Pattern[str], str, bool], ...] = (
    (
        re.compile(r"\b(?:yang|yg|sing|seng) (?:lebih |agak |plg )?(?:murah|murmer)|\bcheaper\b"),
        "price_idr",
        False,
    ),
    (re.compile(r"\b(?:yang|yg|sing|seng) (?:lebih |plg )?mahal"), "price_idr", True),
    (re.compile(r"\b(?:yang|yg|sing|seng) (?:lebih |plg )?(?:tahun(?:nya)? )?(?:muda|baru|anyar)\b"), "year", True),
    (re.compile(r"\b(?:yang|yg|sing|seng) (?:lebih |plg )?(?:km(?:nya)? )(?:rendah|sedikit|dikit)\b"), "km", False),
)
_ORDINALS: tuple[tuple[re.Pattern[str], int], ...] = (
    (re.compile(r"\bfirst (?:one|car)\b|\bkapisan\b|\bkang siji\b|\bsing siji\b"), 1),
    (re.compile(r"\bsecond (?:one|car)\b|\bkapindh?o\b|\bkaping ?(?:pindh?o|loro|kalih)\b|\bsing loro\b"), 2),
    (re.compile(r"\bthird (?:one|car)\b|\bkatelu\b|\bkaping ?(?:telu|tiga)\b|\bsing telu\b"), 3),
)
COMPARED = re.compile(r"\bbeda|\bbanding|\bselisih|\bmending|\bbagus(?:an)? mana")
_LIST_NUMBER = re.compile(r"(?<![\w.,])\d{1,2}(?![\w.,]*\d)")
_LAST = re.compile(r"\b(?:terakhir|paling (?:bawah|akhir)|last one)\b")
_AGAIN = re.compile(r"\b(?:tadi|sebelumnya|yg awal|yang awal|pertama tadi)\b")
_GOES_ON = re.compile(r"\W*(?:(?:eh|oh|nah|trus|terus|kalo|kalau|klo|kl|lek|nek|ada)\s+)*(?:yang|yg|sing|seng)\b")
_ANY_CAR = re.compile(r"\b(?:mobil|stok|semua|unit)\b")
_SHORT_WORDS = 6
RECOMMENDS = re.compile(r"\brekomen\w*|\bmenurut (?:kamu|kakak|kak|anda|min|admin|mas|mbak|sampean)\b")
_MILLION = 1_000_000
_AT = re.compile(r"\b(?:yang|yg|sing|seng) (?:ada )?(?:di |ning |nang )?(?:cabang )?([a-z]{4,})\b")
_CONFIRMING = re.compile(
    r"^\W*(?:itu |ini |berarti |tahun |thn |warna )*[\w-]+(?: itu| ini| ya)? ?(?:kah?|kh|ya|kan|bukan)\W*$"
)
_OTHERS = re.compile(r"\b(?:yang|yg|sing|ada|cari|lain)\b")
# Without a car of its own, such a message goes on about the one that was talked about.
_STARTS_AFRESH = frozenset({Intent.CAR_SEARCH, Intent.SELL_CAR, Intent.GREETING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Focus:
    """`cars` None: no car is known; empty: a wish that nothing fits.

    `gone` are booked or sold cars that fit the wish when no available one does.
    """

    cars: tuple[Car, ...] | None = None
    alternatives: tuple[Car, ...] = ()
    gone: tuple[Car, ...] = ()
    remembered: bool = False
    numbers: tuple[int, ...] = ()  # of the cars in the list they are taken from
    bad_number: bool = False
    unknown_code: str = ""

    @property
    def one(self) -> Car | None:
        return self.cars[0] if self.cars and len(self.cars) == 1 else None


def listed(memory: Mapping[str, Any], stock: Stock) -> tuple[Car, ...]:
    codes = memory.get("listed")
    return shown(stock.by_codes(code for code in codes if isinstance(code, str))) if isinstance(codes, list) else ()


def resolve(turn: Turn, understanding: Understanding, found: Found) -> Focus:
    said, stock = understanding.entities, turn.stock
    before = listed(turn.memory, stock)
    code = turn.memory.get("car")
    car = stock.by_code(code) if isinstance(code, str) else None
    current = shown((car,)) if car else ()
    compared = _compared(understanding.text.lower(), before)
    if compared and not found.cars:
        return Focus(cars=tuple(before[n - 1] for n in compared), numbers=compared, remembered=True)
    number = said.selection or _by_place(understanding, before)
    if number and not said.display_code and (not found.cars or _one_of(number, before, found.cars)):
        return _by_number(number, before, current)
    if said.display_code:
        return _by_code(said.display_code, stock, found)
    advised = recommended(understanding, before)
    if advised:
        return Focus(cars=(advised,))
    placed = () if said.brand or said.model else at_branch(understanding.text, before or current)
    if placed:
        return Focus(cars=placed, remembered=len(placed) == 1 and placed == current)
    priced = _by_price(understanding, before)
    if priced:
        return Focus(cars=priced)
    if _confirms(understanding, current):
        return Focus(cars=current, remembered=True)
    if found.cars is None:
        return _from_memory(turn, understanding, before, current)
    if not found.cars:
        gone = unavailable(stock, said)
        return Focus(cars=(), gone=gone, alternatives=_near(stock, found, gone))
    return _named(turn, understanding, found, before, current)


def recommended(understanding: Understanding, before: tuple[Car, ...]) -> Car | None:
    """ "rekomendasi 1 saja", "menurut kamu yang mana" after a list: the one that was driven least."""
    text = understanding.text.lower()
    asked = len(text.split()) <= _SHORT_WORDS and RECOMMENDS.search(text) and not _ANY_CAR.search(text)
    if not asked or len(before) < 2 or set(understanding.entities.said()) > {"selection"}:
        return None
    return min(before, key=lambda car: car.km)


def at_branch(text: str, known: tuple[Car, ...]) -> tuple[Car, ...]:
    """ "yang di Solo", "oke yang surabaya, sabtu saya datang": those of the cars shown that stand there."""
    for match in _AT.finditer(text.lower()):
        there = tuple(car for car in known if plain(match[1]) in plain(car.branch or "").removeprefix("cabang"))
        if there:
            return there
    return ()


def _by_price(understanding: Understanding, before: tuple[Car, ...]) -> tuple[Car, ...]:
    """ "yang 338 sama 329 bedanya apa": the cars of a list by their prices in millions."""
    text = understanding.text.lower()
    if not COMPARED.search(text) and not _GOES_ON.match(text):
        return ()
    sums = {int(number) for number in re.findall(r"(?<![\w.,])\d{2,3}(?![\w.,]*\d)", text)}
    priced = tuple(car for car in before if car.price_idr // _MILLION in sums)
    return priced if len(priced) > 1 and len(priced) == len(sums) else ()


def _confirms(understanding: Understanding, current: tuple[Car, ...]) -> bool:
    """ "2018 kah?" of the one car that is talked about."""
    said, text = understanding.entities, understanding.text.lower()
    about = set(said.said()) <= {"year_min", "year_max", "color", "transmission", "fuel"} and said.said()
    return bool(about and current and _CONFIRMING.search(text) and not _OTHERS.search(text) and _fits(current[0], said))


def _by_number(number: int, before: tuple[Car, ...], current: tuple[Car, ...]) -> Focus:
    if 1 <= number <= len(before):
        return Focus(cars=(before[number - 1],))
    if before:
        return Focus(cars=before, bad_number=True)
    return Focus(cars=current or None, remembered=bool(current))


def _one_of(number: int, before: tuple[Car, ...], cars: tuple[Car, ...]) -> bool:
    return number <= len(before) and before[number - 1] in cars


def _by_place(understanding: Understanding, before: tuple[Car, ...]) -> int | None:
    """The number that "yang terakhir", "the first one" or "sing kapisan" means in the list before."""
    text = understanding.text.lower()
    if len(text.split()) <= _SHORT_WORDS and _LAST.search(text):
        return len(before) or None
    return next((number for pattern, number in _ORDINALS if before and pattern.search(text)), None)


def _compared(text: str, before: tuple[Car, ...]) -> tuple[int, ...]:
    """The numbers of a list that "bedanya 1 sama 2" names."""
    if not COMPARED.search(text):
        return ()
    numbers = dict.fromkeys(int(number) for number in _LIST_NUMBER.findall(text))
    known = tuple(number for number in numbers if 1 <= number <= len(before))
    return known if len(known) > 1 else ()


def _by_code(code: str, stock: Stock, found: Found) -> Focus:
    car = stock.by_code(code)
    cars = shown(found.cars or ((car,) if car else ()))
    if not cars:
        return Focus(cars=(), unknown_code=code, alternatives=shown(found.alternatives))
    return Focus(cars=cars, alternatives=shown(found.alternatives) or similar(stock, cars))


def _from_memory(turn: Turn, understanding: Understanding, before: tuple[Car, ...], current: tuple[Car, ...]) -> Focus:
    text = understanding.text.lower()
    picked = of_list(text, before) or superlative(text, before if len(before) > 1 else turn.stock.available)
    if picked:
        return Focus(cars=(picked,))
    if understanding.intent in _STARTS_AFRESH:
        return Focus()
    compared = len(before) > 1 and COMPARED.search(text)
    back = _seen_last(turn) if _AGAIN.search(text) and not current else None
    cars = before if compared else current or ((back,) if back else before)
    return Focus(cars=cars, remembered=True) if cars else Focus()


def _named(
    turn: Turn, understanding: Understanding, found: Found, before: tuple[Car, ...], current: tuple[Car, ...]
) -> Focus:
    cars = shown(found.cars or ())
    said, text = understanding.entities, understanding.text.lower()
    before = before or (current if _GOES_ON.match(text) else ())
    if not said.brand and not said.model and before and len(text.split()) <= _SHORT_WORDS:
        pool = tuple(car for car in before if _fits(car, said)) or _family(before, turn.stock.available, said)
        picked = of_list(text, pool) or superlative(text, pool) or _extreme(understanding, pool)
        if picked:
            return Focus(cars=(picked,))
        narrowed = _narrowed(turn, before, cars)
        if narrowed and not _WHOLE_STOCK.search(text):
            return Focus(cars=narrowed)
        if _GOES_ON.match(text):
            cars = within_ceiling(turn, cars)
    described = _described(before, said, text)
    if described:
        return Focus(cars=described)
    again = _talked_about(turn, cars) if _AGAIN.search(text) else None
    if again:
        return Focus(cars=(again,))
    if current and current[0] not in cars and COMPARED.search(text):
        return Focus(cars=(*current, *cars))
    about_one = understanding.intent is not Intent.CAR_SEARCH and not _PLURAL.search(text)
    if about_one and len(cars) > 1 and current and current[0] in cars:
        return Focus(cars=current, remembered=True)
    near = similar(turn.stock, cars) if len(cars) == 1 else ()
    alternatives = shown(found.alternatives) or tuple(car for car in near if _carries(car) == _carries(cars[0]))
    return Focus(cars=cars, alternatives=tuple(car for car in alternatives if car not in cars))


def _described(before: tuple[Car, ...], said: Entities, text: str) -> tuple[Car, ...]:
    """ "yang abu2 itu ... bisa lihat di Surabaya?" means the grey one of the list, wherever it stands."""
    if said.brand or said.model or not _GOES_ON.match(text) or not (said.color or said.transmission or said.year_min):
        return ()
    pool = tuple(car for car in before if _fits(car, said))
    return pool if len(pool) < len(before) else ()


def _family(before: tuple[Car, ...], cars: tuple[Car, ...], said: Entities) -> tuple[Car, ...]:
    """Those of the one model that was talked about which have what is wished now."""
    models = _models(before)
    return tuple(car for car in cars if _models((car,)) == models and _fits(car, said)) if len(models) == 1 else ()


def same_model(car: Car, cars: tuple[Car, ...]) -> tuple[Car, ...]:
    return tuple(one for one in cars if one != car and _models((one,)) == _models((car,)))


def _models(cars: tuple[Car, ...]) -> set[tuple[str, str]]:
    return {(car.brand, car.model.split()[0]) for car in cars if car.model}


def within_ceiling(turn: Turn, cars: tuple[Car, ...]) -> tuple[Car, ...]:
    """What a budget told earlier allows; all when it allows none."""
    ceiling = turn.memory.get("ceiling")
    if not isinstance(ceiling, int) or isinstance(ceiling, bool):
        return cars
    return tuple(car for car in cars if car.price_idr <= ceiling) or cars


def _narrowed(turn: Turn, before: tuple[Car, ...], cars: tuple[Car, ...]) -> tuple[Car, ...]:
    """Which of the cars shown, or named as further ones, a short wish leaves; else others of their one model."""
    more = turn.memory.get("more")
    rest = turn.stock.by_codes(code for code in more if isinstance(code, str)) if isinstance(more, list) else ()
    asked_for = (*before, *shown(rest))
    narrowed = tuple(car for car in asked_for if car in cars)
    wished = turn.memory.get("wish")
    if len(narrowed) > 1 and isinstance(wished, str) and wished:  # the model asked for before the others were offered
        narrowed = tuple(car for car in narrowed if plain(wished) in plain(car.model)) or narrowed
    family = _models(asked_for)
    if narrowed or len(family) != 1:
        return narrowed
    return tuple(car for car in cars if _models((car,)) == family)


def _talked_about(turn: Turn, cars: tuple[Car, ...]) -> Car | None:
    """The car of these that the talk was about last ("balik ke xpander tadi")."""
    seen = turn.memory.get("seen")
    codes = [code for code in seen if isinstance(code, str)] if isinstance(seen, list) else []
    return next((car for code in codes for car in cars if car.display_code == code), None)


def _seen_last(turn: Turn) -> Car | None:
    seen = turn.memory.get("seen")
    code = seen[0] if isinstance(seen, list) and seen else None
    car = turn.stock.by_code(code) if isinstance(code, str) else None
    return car if car and car.status is not CarStatus.DRAFT else None


def _extreme(understanding: Understanding, before: tuple[Car, ...]) -> Car | None:
    """ "yg plg murah" after a list means in the list; "mobil paling murah" means of all."""
    if not understanding.extreme or not before or _ANY_CAR.search(understanding.text.lower()):
        return None
    pick = min if understanding.extreme == "cheapest" else max
    return pick(before, key=lambda car: car.price_idr)


def of_list(text: str, before: tuple[Car, ...]) -> Car | None:
    """The one of a list just shown that a loose word picks out."""
    brief = len(text.split()) <= _SHORT_WORDS and not _ANY_CAR.search(text)
    return _picked(_OF_A_LIST, text, before) if brief else None


def superlative(text: str, cars: tuple[Car, ...]) -> Car | None:
    """The one car of several that "yang paling murah" and its like pick out."""
    return _picked(_SUPERLATIVES, text, cars)


def _picked(table: tuple[tuple[re.Pattern[str], str, bool], ...], text: str, cars: tuple[Car, ...]) -> Car | None:
    if len(cars) < 2:
        return None
    for pattern, attribute, highest in table:
        if pattern.search(text):
            return sorted(cars, key=lambda car: int(getattr(car, attribute)), reverse=highest)[0]
    return None


def shown(cars: tuple[Car, ...]) -> tuple[Car, ...]:
    """Drafts are never for customers."""
    return tuple(car for car in cars if car.status is not CarStatus.DRAFT)


def unavailable(stock: Stock, said: Entities) -> tuple[Car, ...]:
    """Booked and sold cars that fit a description by model; a wish without a model names none of them."""
    if not said.model:
        return ()
    return tuple(
        car
        for car in stock.cars
        if car.status in (CarStatus.BOOKING, CarStatus.SOLD)
        and _fits(car, said)
        and plain(said.model) in plain(car.model)
    )[:2]


def _fits(car: Car, said: Entities) -> bool:
    return (
        (not said.color or car.color.lower().startswith(said.color.lower()))
        and (not said.transmission or car.transmission == said.transmission)
        and (said.year_min is None or car.year >= said.year_min)
        and (said.year_max is None or car.year <= said.year_max)
    )


def similar(stock: Stock, cars: tuple[Car, ...], limit: int = 2) -> tuple[Car, ...]:
    """Available cars nearest to the first of `cars`: the same model first, then by price."""
    if not cars:
        return ()
    model = plain(cars[0].model.split()[0]) if cars[0].model else ""
    price = cars[0].price_idr
    others = [car for car in stock.available if car not in cars]
    others.sort(key=lambda car: (not plain(car.model).startswith(model), abs(car.price_idr - price)))
    return tuple(others[:limit])


def _carries(car: Car) -> bool:
    """Whether it is a pick-up: no family car is like one."""
    return "pick" in car.model.lower()


def _near(stock: Stock, found: Found, gone: tuple[Car, ...]) -> tuple[Car, ...]:
    return shown(found.alternatives) or similar(stock, gone)


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    return "".join(ch for ch in text.lower() if ch.isalnum())

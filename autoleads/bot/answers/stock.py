"""Answers about cars: search, detail, state, price, and what to say when nothing fits."""

from dataclasses import replace
from typing import Any

from autoleads.bot import texts
from autoleads.bot.answers import cars as write
from autoleads.bot.answers import properties
from autoleads.bot.answers.base import GAP, Draft, Scene, bubble
from autoleads.bot.answers.focus import listed, similar
from autoleads.bot.guard_numbers import amounts
from autoleads.bot.understanding.base import Intent
from autoleads.bot.understanding.stockwords import stock_words
from autoleads.formats import rupiah
from autoleads.stock import Car
from autoleads.types import CarStatus

_MOST_LISTED = 6
_SHOWN_OF_MANY = 5
_MOST_COMPARED = 4
_MOST_OTHERS = 4
_BODIES = (
    (r"\b(?:[78]|tujuh|delapan)\s*(?:seater|kursi|penumpang|orang)|\bkeluarga|\bfamily|\bmudik|\bmpv\b", "mpv"),
    (r"\bsuv\b|\bjip\b|\bjeep\b", "suv"),
    (r"\bsedan\b", "sedan"),
    (r"\bhatchback|\bcity car|\bmobil kecil|\blcgc\b|\bmungil", "hatchback"),
    (r"\bpick ?up\b|\bbak\b|\bangkut barang", "pickup"),
)
_COMPARES = r"\bbeda|banding|selisih|\bmending|bagus(?:an)? mana"
_INTEREST = r"\btertarik\b|\bminat\b|\binterested\b"


def answer(scene: Scene) -> Draft:
    focus = scene.focus
    if focus.bad_number and focus.cars:
        return several(scene, focus.cars, opener=texts.BAD_NUMBER)
    if focus.cars is None:
        return _no_car_named(scene)
    if not focus.cars:
        return nothing(scene)
    if focus.one is None and focus.remembered and scene.understanding.intent is Intent.CAR_DETAIL:
        return several(scene, focus.cars, opener=_opener(scene, 0)) if scene.has(_COMPARES) else which(scene)
    if focus.one is None:
        return several(scene, focus.cars, opener=_opener(scene, len(focus.cars)))
    return one(scene, focus.one)


# -- one car


def one(scene: Scene, car: Car) -> Draft:
    if car.status is not CarStatus.AVAILABLE:
        return gone(scene, (car,))
    parts = _one_parts(scene, car)
    alternatives = () if scene.focus.remembered or _known(scene, car) else scene.focus.alternatives[:2]
    step, offer = next_step(scene, car)
    replies = bubble(*parts, *_also(alternatives), GAP, step)
    # Alternatives carry no numbers: "1" after a single card would be a guess.
    memory = {"car": car.display_code, "offer": offer}
    return Draft(replies=replies, memory=memory, cars=(car, *alternatives), phrasable=True)


def _one_parts(scene: Scene, car: Car) -> list[str]:
    intent = scene.understanding.intent
    fresh = not (scene.focus.remembered or _known(scene, car))
    body = write.card(car)
    if intent is Intent.PRICE:
        return _price_parts(scene, car, fresh)
    if intent is Intent.AVAILABILITY:
        return [scene.say(texts.AVAILABLE), body if fresh else _short(car)]
    if intent is Intent.CAR_DETAIL:
        asked = properties.asked(scene, car)
        if asked:
            return [*asked, body if fresh else _short(car)]
        if scene.has(_INTEREST):
            return [scene.say(texts.INTEREST, title=write.title(car)), *_interest(scene, car)]
        return [scene.say(texts.DETAIL), body]
    opener = texts.CHOSEN if intent is Intent.SELECTION else texts.HERE_IS_ONE
    return [scene.say(opener), body]


def _interest(scene: Scene, car: Car) -> list[str]:
    """A price on the page that the customer came from may be older than the row."""
    quoted = {found.value for found in amounts(scene.turn.text)}
    outdated = quoted and car.price_idr not in quoted and scene.has(r"\b(?:se)?harga\b")
    way = texts.INTEREST_NEW_PRICE if outdated else texts.INTEREST_STATE
    state = way.format(state=write.state(car), price=rupiah(car.price_idr))
    return [state, *write.card(car).split("\n")[2:]]


def _price_parts(scene: Scene, car: Car, fresh: bool) -> list[str]:
    parts = [scene.say(texts.PRICE_ONE, title=write.title(car), price=rupiah(car.price_idr))]
    if scene.has(r"\botr\b|\bbbn\b|balik nama|surat"):
        parts.append(texts.PRICE_TERMS)
    parts.append(texts.STATE_TAIL.format(state=write.state(car), specs=write.specs(car)))
    if fresh:
        parts += write.card(car).split("\n")[3:]
    return parts


def _short(car: Car) -> str:
    return f"*{write.title(car)}* {rupiah(car.price_idr)}, {write.state(car)}, {write.specs(car)}"


def _known(scene: Scene, car: Car) -> bool:
    return scene.turn.memory.get("car") == car.display_code


def next_step(scene: Scene, car: Car) -> tuple[str, str | None]:
    """The closing question and what a bare "ya" to it means."""
    if scene.has(_INTEREST) and not _known(scene, car):
        return scene.say(texts.NEXT_OPEN), None
    if car.photos and scene.turn.memory.get("photos_of") != car.display_code:
        return scene.say(texts.NEXT_PHOTOS), Intent.PHOTOS
    return scene.say(texts.NEXT_VISIT), Intent.VISIT


# -- several cars


def _opener(scene: Scene, count: int) -> str:
    if scene.has(_COMPARES):
        return scene.say(texts.SEVERAL_COMPARE)
    if scene.understanding.intent is Intent.PRICE:
        return scene.say(texts.SEVERAL_PRICE, count=str(count))
    return scene.say(texts.SEVERAL, count=str(count))


def several(scene: Scene, cars: tuple[Car, ...], *, opener: str) -> Draft:
    """All of them when few, the first ones and the way to the rest when many."""
    cars = _suited(scene, cars)
    few = len(cars) <= _MOST_LISTED
    now = cars if few else cars[:_SHOWN_OF_MANY]
    if not few:
        opener = texts.SEVERAL_MANY.format(count=str(len(cars)), shown=str(len(now)))
    gap = _gap(scene, now)
    alternatives = scene.focus.alternatives[:2] if len(cars) <= _MOST_COMPARED and not scene.focus.remembered else ()
    closing = scene.say(texts.CHOOSE) if few else texts.CHOOSE_MORE
    replies = bubble(opener, GAP, _numbered(scene, now), gap, *_also(alternatives), GAP, closing)
    memory = {
        "listed": [car.display_code for car in now],
        "more": [car.display_code for car in cars[len(now) :]] or None,
        "car": None,
        "offer": None,
    }
    amounts = frozenset({_difference(now)}) if gap else frozenset[int]()
    return Draft(replies=replies, memory=memory, cars=(*now, *alternatives), amounts=amounts, phrasable=True)


def _suited(scene: Scene, cars: tuple[Car, ...]) -> tuple[Car, ...]:
    """The body that was asked for goes first ("7 seater", "mobil keluarga", "suv"), in the order they had."""
    body = next((body for pattern, body in _BODIES if scene.has(pattern)), None)
    if body is None:
        return cars
    fitting = {
        entry.car.id for entry in stock_words(scene.turn.stock).available if entry.name and entry.name.body == body
    }
    return tuple(sorted(cars, key=lambda car: car.id not in fitting))


def _numbered(scene: Scene, cars: tuple[Car, ...]) -> str:
    """The cars with what sets them apart; only name and price when the customer has just seen the same list."""
    seen = cars == listed(scene.turn.memory, scene.turn.stock)[: len(cars)] and not scene.has(_COMPARES)
    write_one = write.short_entry if seen else write.entry
    return "\n".join(write_one(number, car, cars) for number, car in enumerate(cars, 1))


def more(scene: Scene, cars: tuple[Car, ...]) -> Draft:
    """The next page of a long list; its numbers go on where the last page ended."""
    before = listed(scene.turn.memory, scene.turn.stock)
    now, rest = cars[:_SHOWN_OF_MANY], cars[_SHOWN_OF_MANY:]
    lines = "\n".join(write.entry(number, car, now) for number, car in enumerate(now, len(before) + 1))
    closing = texts.CHOOSE_MORE if rest else scene.say(texts.CHOOSE)
    memory = {
        "listed": [car.display_code for car in (*before, *now)],
        "more": [car.display_code for car in rest] or None,
        "car": None,
    }
    return Draft(replies=bubble(lines, GAP, closing), memory=memory, cars=now)


def _difference(cars: tuple[Car, ...]) -> int:
    return abs(cars[0].price_idr - cars[1].price_idr) if len(cars) == 2 else 0


def _gap(scene: Scene, cars: tuple[Car, ...]) -> str:
    gap = _difference(cars)
    if gap and scene.has(r"\bbeda|banding|selisih"):
        return texts.PRICE_GAP.format(gap=rupiah(gap))
    return ""


# -- nothing fits


def nothing(scene: Scene) -> Draft:
    focus = scene.focus
    if focus.unknown_code:
        return _instead(scene, texts.NOT_A_CODE.format(code=focus.unknown_code), focus.alternatives)
    if focus.gone:
        return gone(scene, focus.gone)
    wish = _wish(scene)
    sorry = scene.say(texts.NOTHING, wish=wish) if wish else scene.say(texts.NOTHING_PLAIN)
    return _instead(scene, sorry, focus.alternatives)


def gone(scene: Scene, cars: tuple[Car, ...]) -> Draft:
    """A booked or sold car is named as such, with what could replace it."""
    told = []
    for car in cars:
        ways = texts.BOOKED if car.status is CarStatus.BOOKING else texts.SOLD
        price = texts.PRICE_OF_BOOKED if car.status is CarStatus.BOOKING else texts.PRICE_OF_SOLD
        told += [scene.say(ways, title=write.title(car)), price.format(price=rupiah(car.price_idr))]
    near = scene.focus.alternatives or similar(scene.turn.stock, cars)
    return _instead(scene, "\n".join(told), near, extra=cars)


def _instead(scene: Scene, sorry: str, near: tuple[Car, ...], *, extra: tuple[Car, ...] = ()) -> Draft:
    now = near[:3]
    memory: dict[str, Any] = {"listed": [car.display_code for car in now] or None}
    memory |= {"more": None, "car": None, "offer": None}
    if not now:
        catalogue = sample(scene)[:3]
        if not catalogue:
            return Draft(replies=bubble(sorry, texts.STOCK_EMPTY), memory=memory, cars=extra)
        now = catalogue
        memory["listed"] = [car.display_code for car in now]
    lines = "\n".join(write.entry(number, car, now) for number, car in enumerate(now, 1))
    closing = scene.say(texts.NEAREST_ASK) if len(now) > 1 else scene.say(texts.NEXT_HUMAN)
    if len(now) == 1:
        memory["offer"] = Intent.HUMAN
    replies = bubble(sorry, scene.say(texts.NEAREST), GAP, lines, GAP, closing)
    return Draft(replies=replies, memory=memory, cars=(*now, *extra), phrasable=not extra)


def _wish(scene: Scene) -> str:
    said = scene.understanding.entities
    year = ""
    if said.year_min and said.year_max:
        year = str(said.year_min) if said.year_min == said.year_max else f"{said.year_min}-{said.year_max}"
    return write.wish(said.brand, said.model, year, said.color, said.transmission)


def _also(cars: tuple[Car, ...]) -> list[str]:
    return [GAP, texts.ALSO, *(write.brief(car) for car in cars)] if cars else []


# -- no car named


def _no_car_named(scene: Scene) -> Draft:
    if scene.understanding.intent is Intent.CAR_SEARCH:
        return _others(scene) or catalogue(scene)
    asked = which(scene)
    if scene.understanding.intent is Intent.CAR_DETAIL and scene.has(properties.PLATE):
        return replace(asked, replies=bubble(texts.ASKED_PLATE, asked.replies[0].text))
    return asked


def _others(scene: Scene) -> Draft | None:
    """ "yang lain?" after one car: those nearest to it; "yang murah aja": the cheapest there are."""
    code, stock = scene.turn.memory.get("car"), scene.turn.stock
    car = stock.by_code(code) if isinstance(code, str) else None
    if car is not None and scene.has(r"\b(?:lain|lainnya)\b"):
        near = similar(stock, (car,), _MOST_OTHERS)
        return several(scene, near, opener=scene.say(texts.SEVERAL_OTHERS)) if near else None
    if scene.has(r"\bmurah|\bmurmer|\bcheap"):
        cheap = tuple(sorted(stock.available, key=lambda car: car.price_idr)[:_SHOWN_OF_MANY])
        return several(scene, cheap, opener=scene.say(texts.SEVERAL_CHEAP)) if cheap else None
    return None


def sample(scene: Scene, most: int = _SHOWN_OF_MANY) -> tuple[Car, ...]:
    """A few available cars, no two of the same model, spread over the prices."""
    first: dict[str, Car] = {}
    for car in sorted(scene.turn.stock.available, key=lambda car: car.price_idr):
        first.setdefault(car.model.split()[0].lower() if car.model else car.display_code, car)
    cars = list(first.values())
    spread = cars[:: max(1, len(cars) // most)][:most]
    rest = [car for car in scene.turn.stock.available if car not in spread]
    return tuple([*spread, *rest][:most])


def catalogue(scene: Scene) -> Draft:
    """What there is, when a customer asks without any criterion."""
    total = len(scene.turn.stock.available)
    suited = _suited(scene, scene.turn.stock.available)
    asked_body = suited != scene.turn.stock.available
    now = scene.found.alternatives[:_SHOWN_OF_MANY] or (suited[:_SHOWN_OF_MANY] if asked_body else sample(scene))
    if not now:
        return Draft(replies=bubble(texts.STOCK_EMPTY), memory={"listed": None, "car": None})
    lines = "\n".join(write.entry(number, car, ()) for number, car in enumerate(now, 1))
    site = scene.turn.showroom.site_url
    link = texts.CATALOGUE_LINK.format(url=f"{site}/mobil") if site else ""
    replies = bubble(
        scene.say(texts.CATALOGUE, count=str(total)), GAP, lines, link, GAP, scene.say(texts.CATALOGUE_ASK)
    )
    codes = {car.display_code for car in now}
    rest = [car.display_code for car in suited if car.display_code not in codes]
    memory = {"listed": [car.display_code for car in now], "more": rest or None, "car": None, "offer": None}
    return Draft(replies=replies, memory=memory, cars=now, phrasable=True)


def which(scene: Scene, ask: texts.Ways = texts.WHICH) -> Draft:
    """Asks which car is meant; the question it belongs to is kept until the customer has answered."""
    memory = {"pending": str(scene.understanding.intent)}
    known = scene.focus.cars or listed(scene.turn.memory, scene.turn.stock)
    if known:
        now = known[:_MOST_LISTED]
        lines = _numbered(scene, now)
        opener = scene.say(texts.WHICH_LISTED if ask is texts.WHICH else ask)
        codes = [car.display_code for car in now]
        return Draft(replies=bubble(opener, GAP, lines), memory={**memory, "listed": codes, "car": None}, cars=now)
    example = next(iter(sample(scene)), None)
    if example is None:
        return Draft(replies=bubble(texts.WHICH_EMPTY), memory=memory)
    return Draft(replies=bubble(scene.say(texts.WHICH, example=write.title(example))), memory=memory)

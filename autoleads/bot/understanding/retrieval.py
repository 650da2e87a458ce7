"""The cars an understanding is about, from the live stock, and the nearest others."""

from collections.abc import Iterator

from autoleads.bot.understanding.base import Found, Intent, Need, Understanding
from autoleads.bot.understanding.stockwords import CarWords, StockWords, stock_words
from autoleads.bot.understanding.vocabulary import flat
from autoleads.stock import Car, Stock

MAX_ALTERNATIVES = 3
_NEAR_PRICE = 0.2
_PICKUP = "pickup"
_NEAR_PRICE_OF_BODY = 0.4
_A_YEAR = 0.05  # a year of age weighs like so much of the price

# Not about stock, whatever is named.
_NO_CARS = frozenset(
    {
        Intent.GREETING,
        Intent.HOURS,
        Intent.CONTACT,
        Intent.SELL_CAR,
        Intent.COMPLAINT,
        Intent.THANKS,
        Intent.OPT_OUT,
        Intent.OTHER,
    }
)
# Need a car in words: a branch alone is where, not what.
_NAMED_ONLY = frozenset({Intent.LOCATION, Intent.HUMAN, Intent.SELECTION})


def retrieve(understanding: Understanding, stock: Stock, *, now_year: int) -> Found:
    """`cars` best fit first; alternatives only available cars, none of them in `cars`."""
    if understanding.intent in _NO_CARS:
        return Found()
    words = stock_words(stock)
    if understanding.codes:
        cars = stock.by_codes(understanding.codes)
        return Found(cars=cars, alternatives=_alternatives(cars, understanding.needs, words, now_year))
    needs = understanding.needs
    if understanding.intent in _NAMED_ONLY:
        needs = tuple(need for need in needs if need.brand)
    if understanding.entities.plate and not any(need.brand for need in needs):
        needs = ()
    if not needs and not understanding.extreme:
        return Found()
    cars = ranked(words, needs)
    if understanding.extreme and cars:
        pick = min if understanding.extreme == "cheapest" else max
        cars = (pick(cars, key=lambda car: car.price_idr),)
    return Found(cars=cars, alternatives=_alternatives(cars, needs, words, now_year))


def ranked(words: StockWords, needs: tuple[Need, ...]) -> tuple[Car, ...]:
    """Cars named come in the order named, then the newer car, then the code: always the same order."""
    if not needs:
        return tuple(entry.car for entry in words.available)
    found: dict[str, Car] = {}
    for need in sorted(needs, key=lambda need: need.brand is None):
        for entry in words.of(need.brand, need.model):
            if entry.car.display_code not in found and _has_rest(entry, need):
                found[entry.car.display_code] = entry.car
    return tuple(found.values())


def fits(entry: CarWords, need: Need) -> bool:
    """Whether a car has everything a need states."""
    return entry.named(need.brand, need.model) and _has_rest(entry, need)


def _has_rest(entry: CarWords, need: Need) -> bool:
    """What a need states besides the name, the cheapest questions first."""
    car = entry.car
    if need.transmission and need.transmission != car.transmission:
        return False
    if (need.year_min and car.year < need.year_min) or (need.year_max and car.year > need.year_max):
        return False
    price, low, high = car.price_idr, need.price_min, need.price_max
    if (low is not None and price < low) or (high is not None and price > high):
        return False
    if need.km_max is not None and car.km > need.km_max:
        return False
    if need.fuel and need.fuel.lower() != entry.fuel:
        return False
    if need.colors and not any(entry.color.startswith(flat(color)) for color in need.colors):
        return False
    if need.branch and need.branch != entry.branch:
        return False
    if not all(_has_trim(entry, trim) for trim in need.trims):
        return False
    return all(any(_has_feature(entry, way) for way in ways) for ways in need.features)


def _has_trim(entry: CarWords, trim: str) -> bool:
    if trim in entry.trims or (len(trim) >= 3 and flat(trim) in entry.model):
        return True
    return len(trim) >= 2 and any(trim in feature for feature in entry.features)


def _has_feature(entry: CarWords, way: tuple[str, ...]) -> bool:
    return any(feature.issuperset(way) for feature in entry.features)


def _alternatives(cars: tuple[Car, ...], needs: tuple[Need, ...], words: StockWords, now_year: int) -> tuple[Car, ...]:
    """The nearest others: the same model, then the same kind of body near the price, then the same budget."""
    wish = needs[0] if needs else _need_like(cars[0], words) if cars else None
    if wish is None:
        return ()
    price = _aim(wish, cars, words)
    year = wish.year_max or wish.year_min or now_year
    taken = {car.display_code for car in cars}
    chosen: list[Car] = []
    for tier in _tiers(needs or (wish,), price, words, _is_pickup(wish, cars, words)):
        left = [entry.car for entry in tier if entry.car.display_code not in taken]
        left.sort(key=lambda car: (_off(car, wish, price, year), car.price_idr, car.display_code))
        chosen += left[: MAX_ALTERNATIVES - len(chosen)]
        taken.update(car.display_code for car in left)
        if len(chosen) == MAX_ALTERNATIVES:
            break
    return tuple(chosen)


def _tiers(
    needs: tuple[Need, ...], price: float | None, words: StockWords, pickup: bool
) -> Iterator[list[CarWords] | tuple[CarWords, ...]]:
    yield [entry for need in needs if need.model for entry in words.of(need.brand, need.model)]
    body = needs[0].body
    if body:
        # Of a model never in stock nobody knows the price: the body alone has to do.
        around = words.available if price is None else words.priced(price, _NEAR_PRICE_OF_BODY)
        yield [entry for entry in around if entry.name and entry.name.body == body]
    if price is not None:
        near = words.priced(price, _NEAR_PRICE)
        # Who looks for a pick-up is not helped by a family car of its price, nor the other way round.
        yield [entry for entry in near if pickup == bool(entry.name and entry.name.body == _PICKUP)]


def _is_pickup(wish: Need, cars: tuple[Car, ...], words: StockWords) -> bool:
    """By the model named; without one, by the cars that fit: a Gran Max is a van or a pick-up."""
    if wish.model or not cars:
        return wish.body == _PICKUP
    bodies = {entry.car.id: entry.name.body for entry in words.cars if entry.name}
    return all(bodies.get(car.id) == _PICKUP or "pick" in car.model.lower() for car in cars)


def _need_like(car: Car, words: StockWords) -> Need:
    entry = next(entry for entry in words.cars if entry.car.id == car.id)
    model = entry.name.model if entry.name else None
    body = entry.name.body if entry.name else ""
    brand = entry.name.brand if entry.name else car.brand
    return Need(brand=brand, model=model, body=body, price_max=car.price_idr, year_min=car.year)


def _aim(wish: Need, cars: tuple[Car, ...], words: StockWords) -> float | None:
    """The price the customer is after; a model's price is read off its cars in stock, sold ones too."""
    prices = [p for p in (wish.price_min, wish.price_max) if p is not None]
    if not prices and cars:
        prices = [car.price_idr for car in cars]
    if not prices and wish.model:
        prices = [entry.car.price_idr for entry in words.cars if entry.named(wish.brand, wish.model)]
    return sum(prices) / len(prices) if prices else None


def _off(car: Car, wish: Need, price: float | None, year: int) -> float:
    """How far a car is from the wish, in shares of the price; above a stated budget counts double."""
    off = abs(car.price_idr - price) / price if price else 0.0
    if wish.price_max and car.price_idr > wish.price_max:
        off += car.price_idr / wish.price_max - 1
    off += abs(car.year - year) * _A_YEAR
    off += 0.3 * bool(wish.transmission and wish.transmission != car.transmission)
    off += 0.2 * bool(wish.colors and not any(flat(car.color).startswith(flat(color)) for color in wish.colors))
    return off + 0.3 * bool(wish.fuel and wish.fuel.lower() != (car.fuel or "").lower())

"""The cars an understanding is about, from the live stock, and the nearest others."""

from autoleads.bot.understanding.base import Found, Intent, Need, Understanding
from autoleads.bot.understanding.stockwords import CarWords, stock_words
from autoleads.bot.understanding.vocabulary import flat
from autoleads.stock import Car, Stock

MAX_ALTERNATIVES = 3
_NEAR_PRICE = 0.2
_UNKNOWN_PRICE = 0.3  # of a model never in stock: the same body is near enough, another is not

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
    if understanding.codes:
        cars = stock.by_codes(understanding.codes)
        return Found(cars=cars, alternatives=_alternatives(cars, understanding.needs, stock, now_year))
    needs = understanding.needs
    if understanding.intent in _NAMED_ONLY:
        needs = tuple(need for need in needs if need.brand)
    if understanding.entities.plate and not any(need.brand for need in needs):
        needs = ()
    if not needs and not understanding.extreme:
        return Found()
    words = stock_words(stock)
    fitting = [entry for entry in words.available if _fits_any(entry, needs)]
    ranked = tuple(sorted((c.car for c in fitting), key=lambda car: _rank(car, needs)))
    if understanding.extreme and ranked:
        pick = min if understanding.extreme == "cheapest" else max
        ranked = (pick(ranked, key=lambda car: car.price_idr),)
    return Found(cars=ranked, alternatives=_alternatives(ranked, needs, stock, now_year))


def _fits_any(car: CarWords, needs: tuple[Need, ...]) -> bool:
    return not needs or any(fits(car, need) for need in needs)


def fits(entry: CarWords, need: Need) -> bool:
    """Whether a car has everything a need states."""
    car = entry.car
    if need.brand and flat(need.brand) != entry.brand:
        return False
    if need.model and not _is_model(entry, need.model):
        return False
    if _outside(car.year, need.year_min, need.year_max) or _outside(car.km, None, need.km_max):
        return False
    if _outside(car.price_idr, need.price_min, need.price_max):
        return False
    if need.transmission and need.transmission != car.transmission:
        return False
    if need.fuel and need.fuel.lower() != (car.fuel or "").lower():
        return False
    if need.colors and not any(entry.color.startswith(flat(color)) for color in need.colors):
        return False
    if need.branch and need.branch != entry.branch:
        return False
    if not all(_has_trim(entry, trim) for trim in need.trims):
        return False
    return all(any(_has_feature(entry, way) for way in ways) for ways in need.features)


def _outside(value: int, low: int | None, high: int | None) -> bool:
    return (low is not None and value < low) or (high is not None and value > high)


def _is_model(entry: CarWords, model: str) -> bool:
    """The model's letters and digits stand in the column model ("innova" fits every Innova)."""
    key = flat(model)
    return key in entry.model


def _has_trim(entry: CarWords, trim: str) -> bool:
    if trim in entry.trims or (len(trim) >= 3 and flat(trim) in entry.model):
        return True
    return len(trim) >= 2 and any(trim in feature for feature in entry.features)


def _has_feature(entry: CarWords, way: tuple[str, ...]) -> bool:
    return any(feature.issuperset(way) for feature in entry.features)


def _rank(car: Car, needs: tuple[Need, ...]) -> tuple[int, int, str]:
    """Order of the needs first, then the newer car, then the code: the same list is in the same order each time."""
    order = next((n for n, need in enumerate(needs) if need.brand == car.brand and _named(car, need)), len(needs))
    return order, -car.year, car.display_code


def _named(car: Car, need: Need) -> bool:
    return need.model is None or flat(need.model) in flat(car.brand) + flat(car.model)


def _alternatives(cars: tuple[Car, ...], needs: tuple[Need, ...], stock: Stock, now_year: int) -> tuple[Car, ...]:
    """Same model first, then the same kind of body near the price; at most three, never one of `cars`."""
    wish = needs[0] if needs else _need_like(cars[0], stock) if cars else None
    if wish is None:
        return ()
    shown = {car.id for car in cars}
    body, price, year = _aim(wish, cars, stock)
    scored = []
    for entry in stock_words(stock).available:
        car = entry.car
        if car.id in shown:
            continue
        score = _distance(entry, wish, body, price, year or now_year)
        if score is not None:
            scored.append((score, car.price_idr, car))
    scored.sort(key=lambda item: item[:2])
    return tuple(car for _, _, car in scored[:MAX_ALTERNATIVES])


def _need_like(car: Car, stock: Stock) -> Need:
    entry = next(c for c in stock_words(stock).cars if c.car.id == car.id)
    model = entry.name.model if entry.name else None
    body = entry.name.body if entry.name else ""
    return Need(brand=car.brand, model=model, body=body, price_max=car.price_idr, year_min=car.year)


def _aim(wish: Need, cars: tuple[Car, ...], stock: Stock) -> tuple[str, float | None, int | None]:
    """The body, price and year the customer is after; a model's price is read off its cars in stock."""
    prices = [p for p in (wish.price_min, wish.price_max) if p is not None]
    price = sum(prices) / len(prices) if prices else None
    if price is None:
        same = list(cars) or [c.car for c in stock_words(stock).cars if wish.model and _is_model(c, wish.model)]
        price = sum(car.price_idr for car in same) / len(same) if same else None
    return wish.body, price, wish.year_max or wish.year_min


def _distance(entry: CarWords, wish: Need, body: str, price: float | None, year: int) -> float | None:
    """Smaller is nearer; None when the car is no alternative at all."""
    car = entry.car
    same_model = bool(wish.model) and _is_model(entry, wish.model or "")
    same_body = bool(body) and bool(entry.name) and entry.name is not None and entry.name.body == body
    off = abs(car.price_idr - price) / price if price else _UNKNOWN_PRICE
    if not same_model and not ((same_body and off <= 2 * _NEAR_PRICE) or off <= _NEAR_PRICE):
        return None
    score = 0.0 if same_model else 2.0 if same_body else 4.0
    score += off + abs(car.year - year) * 0.05
    score += 0.3 * bool(wish.transmission and wish.transmission != car.transmission)
    score += 0.2 * bool(wish.colors and not any(entry.color.startswith(flat(color)) for color in wish.colors))
    return score + 0.3 * bool(wish.fuel and wish.fuel.lower() != (car.fuel or "").lower())

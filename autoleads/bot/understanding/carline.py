"""The facts of a car in a line somebody wrote: a listing's title, an owner's free or piped line."""

import re
from dataclasses import asdict, dataclass, replace
from typing import Any

from autoleads.bot.understanding.amounts import MOST_BARE_PRICE, Amount
from autoleads.bot.understanding.details import TRANSMISSIONS
from autoleads.bot.understanding.measures import FIRST_YEAR, LAST_YEAR, MILLION
from autoleads.bot.understanding.normalize import Token, clean
from autoleads.bot.understanding.reading import read
from autoleads.bot.understanding.remainders import LEAST_PRICE
from autoleads.bot.understanding.rules import rules
from autoleads.bot.understanding.scene import Mention, Scene
from autoleads.bot.understanding.stockwords import stock_words
from autoleads.plates import REGIONS_IN_CHAT
from autoleads.stock import Stock

_NOTHING_IN_STOCK = Stock()
_PIPED = re.compile(r"\s*\|\s*|\s+/\s+")
_PLATE = re.compile(r"([a-z]{1,2})\s*(\d{1,4})\s*([a-z]{1,3})", re.IGNORECASE)
_QUALIFIERS = frozenset({"metalik", "metallic", "mutiara", "pearl", "mica", "tua", "muda", "doff", "solid"})
_MADE = frozenset({"nik", "pembuatan", "produksi", "rakitan"})
_IN_USE = frozenset({"pmk", "pemk", "pemakaian", "pakai", "reg", "registrasi", "faktur", "beli"})
_SMALL = frozenset({"of", "van", "up"})
_ENGINE = re.compile(r"[0-6][.,]\d")
_SHORT_NAME = 3  # letters of a model that is told further by a number (RX, CX, GLC)
_FIRST_FREE_YEAR, _LAST_FREE_YEAR = 30, 84  # two digits between are no year of a car for sale


@dataclass(frozen=True, slots=True, kw_only=True)
class CarLine:
    """What could be read; None is what the line does not say. `model` keeps engine and trim."""

    plate: str | None = None
    brand: str | None = None
    model: str | None = None
    base_model: str | None = None
    year: int | None = None
    price: int | None = None
    km: int | None = None
    transmission: str | None = None
    color: str | None = None
    fuel: str | None = None

    def said(self) -> dict[str, Any]:
        return {key: value for key, value in asdict(self).items() if value is not None}


def read_car(text: str, stock: Stock = _NOTHING_IN_STOCK) -> CarLine:
    """One car from a free line or from fields between bars; of several cars the first."""
    fields = [field for field in _PIPED.split(clean(text)) if field]
    words = stock_words(stock)
    if len(fields) < 3:
        return car_in(read(text, words))
    line = CarLine()
    loose: list[Scene] = []
    for field in fields:
        if line.plate is None and (plate := plate_alone(field)):
            line = replace(line, plate=plate)
            continue
        seen = read(field, words)
        found = car_in(seen)
        line = replace(line, **{key: value for key, value in found.said().items() if getattr(line, key) is None})
        loose.append(seen)
    return _bare_fields(line, loose)


def plate_alone(field: str) -> str | None:
    """The plate that a field is: "L 1210 KM" drove nowhere."""
    match = _PLATE.fullmatch(field)
    return "".join(match.groups()).upper() if match and match[1].lower() in REGIONS_IN_CHAT else None


def car_in(seen: Scene) -> CarLine:
    """What a sentence says of its first car."""
    brand, car = _named(seen)
    return CarLine(
        plate=seen.plates[0][1] if seen.plates else None,
        brand=brand.name.brand if brand else None,
        model=_full_model(seen, car) if car else None,
        base_model=car.name.model if car else None,
        year=_year(seen),
        price=_price(seen),
        km=_km(seen),
        transmission=_value(seen, "transmission"),
        color=_color(seen),
        fuel=_value(seen, "fuel"),
    )


def _named(seen: Scene) -> tuple[Mention | None, Mention | None]:
    """(what tells the brand, what tells the model): the first car, a right spelling before a guess.

    A brand whose model is unknown keeps the next car's model away ("Hyundai Atos - Mazda 2").
    """
    written = [m for m in seen.mentions if not m.guessed] or seen.mentions
    first = written[0] if written else None
    car = next((m for m in written if m.name.model and first and m.name.brand == first.name.brand), None)
    return first, car


def _value(seen: Scene, key: str) -> str | None:
    return next((value.value for value in seen.values if value.key == key), None)


def _color(seen: Scene) -> str | None:
    """With the finish behind it: "hitam metalik"."""
    value = next((value for value in seen.values if value.key == "color"), None)
    if value is None:
        return None
    behind = seen.tokens[value.at + 1].text if value.at + 1 < len(seen.tokens) else ""
    return f"{value.value} {behind.capitalize()}" if behind in _QUALIFIERS else value.value


def _full_model(seen: Scene, car: Mention) -> str:
    """The canonical name with the engine and trims that follow it, in order."""
    name = car.name.model or ""
    if name == "Veloz" and seen.tokens[car.at].text.startswith("av"):
        name = "Avanza Veloz"
    parts = [name, *(_written(trim) for trim in car.trims)]
    following = {trim.at: trim.word for trim in seen.trims if trim.at > car.at}
    later = [m.at for m in seen.mentions if m.at > car.at]
    for at in sorted(following):
        if later and at > later[0]:
            break
        if _written(following[at]) not in parts:
            parts.append(_written(following[at]))
    return " ".join(parts)


def _written(trim: str) -> str:
    """`rs` -> RS, `satya` -> Satya, `4x4` stays."""
    if len(trim) <= 3 and trim.isalpha() and trim not in _SMALL:
        return trim.upper()
    return " ".join(part.capitalize() if part.isalpha() else part.upper() for part in trim.split())


def _year(seen: Scene) -> int | None:
    """The year the car was made: what NIK says, of "2019/2020" the first, and one of use only when alone.

    So the forms behind real titles have it: the first of two for 304 of 323, the NIK for 35 of 63.
    """
    years = [a for a in seen.amounts if a.kind == "year" and a.low >= FIRST_YEAR]
    if not years:
        return _short_year(seen)
    led = {a.at: next((t.text for t in reversed(seen.tokens[: a.at]) if t.kind != "mark"), "") for a in years}
    made = [a for a in years if led[a.at] in _MADE]
    plain = [a for a in years if led[a.at] not in _IN_USE]
    return (made or plain or years)[0].low


def _short_year(seen: Scene) -> int | None:
    """Two digits right behind the name, a trim or the gearbox: "Alvez 23", "Mobilio Prestige at 14"."""
    for before, token, behind in zip(seen.tokens, seen.tokens[1:], [*seen.tokens[2:], None], strict=False):
        if len(token.text) != 2 or not token.text.isdigit() or (behind and behind.glued and behind.kind == "word"):
            continue
        told = before.role in ("car", "trim", "engine", "part") or before.word in TRANSMISSIONS
        year = int(token.text)
        if told and token.role in ("", "bare") and not _FIRST_FREE_YEAR <= year <= _LAST_FREE_YEAR:
            return 2000 + year if year < _FIRST_FREE_YEAR else 1900 + year
    return None


def _price(seen: Scene) -> int | None:
    sums = prices(seen)
    return sums[0] if sums else None


def prices(seen: Scene) -> list[int]:
    """Every sum that may be the car's price, those that are called so first; of a range both ends."""
    numbers = [a for a in seen.amounts if not _engine_and_trim(seen, a) and not _of_name(seen, a)]
    money = [a for a in numbers if a.kind == "money" and a.high >= LEAST_PRICE * MILLION]
    sums = [end for name in (("price",), ("", "budget")) for a in money if a.field in name for end in (a.low, a.high)]
    if not sums:
        bare = [a for a in numbers if a.kind == "bare" and a.field == "price" and a.low >= LEAST_PRICE]
        sums = [end * MILLION for a in bare for end in (a.low, a.high)]
    return list(dict.fromkeys(sums))


def _engine_and_trim(seen: Scene, amount: Amount) -> bool:
    """ "Ayla 1.0 M", "Ayla 1,0 M": as good as a price of so many miliar, so without a word for it it is none."""
    written = seen.tokens[amount.at].text
    if amount.field or seen.tokens[amount.end - 1].text != "m" or not _ENGINE.fullmatch(written):
        return False
    return "." in written or (amount.at > 0 and seen.tokens[amount.at - 1].role in ("car", "trim"))


def _of_name(seen: Scene, amount: Amount) -> bool:
    """Whether a bare number belongs to what stands before it: "(cash) RX200T", "cash Lexus RX 270"."""
    if amount.at == 0 or amount.end > amount.at + 1 or (seen.tokens[amount.at].value or 0) > MOST_BARE_PRICE:
        return False
    before = seen.tokens[amount.at - 1]
    glued = seen.tokens[amount.at].glued and before.kind == "word" and before.word not in (*rules().fields, "rp")
    return glued or any(m.at == amount.at - 1 and len(m.name.model or "") <= _SHORT_NAME for m in seen.mentions)


def distances(seen: Scene) -> list[Amount]:
    return [amount for amount in seen.amounts if amount.kind == "km"]


def _km(seen: Scene) -> int | None:
    return next((amount.low for amount in distances(seen)), None)


def _bare_fields(line: CarLine, fields: list[Scene]) -> CarLine:
    """A field that is a number alone: hundreds are millions of rupiah, tens of thousands are km."""
    for seen in fields:
        numbers = [t for t in seen.tokens if t.kind == "num"]
        if (
            len(numbers) != 1
            or numbers[0].role == "km"
            or any(t.kind == "word" and t.role != "km" for t in seen.tokens)
        ):
            continue
        value = numbers[0].value or 0.0
        if line.price is None and LEAST_PRICE <= value <= MOST_BARE_PRICE and value.is_integer():
            line = replace(line, price=round(value) * MILLION)
        elif line.km is None and 1000 <= value < MILLION and not _like_year(numbers[0]):
            line = replace(line, km=round(value))
    return line


def _like_year(token: Token) -> bool:
    return token.text.isdigit() and FIRST_YEAR <= (token.value or 0) <= LAST_YEAR

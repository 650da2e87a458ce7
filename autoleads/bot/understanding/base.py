"""What a customer's message means, and which cars it is about."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from autoleads.stock import Car


class Intent(StrEnum):
    """Closed set; one per message."""

    GREETING = "greeting"
    CAR_SEARCH = "car_search"
    CAR_DETAIL = "car_detail"
    AVAILABILITY = "availability"
    PRICE = "price"
    NEGOTIATION = "negotiation"
    CREDIT = "credit"
    LOCATION = "location"
    HOURS = "hours"
    CONTACT = "contact"
    VISIT = "visit"
    TRADE_IN = "trade_in"
    SELL_CAR = "sell_car"
    PHOTOS = "photos"
    HUMAN = "human"
    COMPLAINT = "complaint"
    THANKS = "thanks"
    SELECTION = "selection"
    OPT_OUT = "opt_out"
    OTHER = "other"


HOT_INTENTS = frozenset({Intent.NEGOTIATION, Intent.CREDIT, Intent.VISIT, Intent.TRADE_IN, Intent.HUMAN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Entities:
    """Only what the message gives; None means not said. Money in rupiah, km and years as integers."""

    brand: str | None = None
    model: str | None = None
    year_min: int | None = None
    year_max: int | None = None
    price_min: int | None = None
    price_max: int | None = None
    km_max: int | None = None
    transmission: str | None = None
    color: str | None = None
    fuel: str | None = None
    display_code: str | None = None
    plate: str | None = None
    selection: int | None = None
    dp: int | None = None
    tenor_months: int | None = None
    budget: int | None = None
    name: str | None = None
    status: str | None = None

    def said(self) -> dict[str, Any]:
        return {key: value for key, value in asdict(self).items() if value is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One car as described: everything said must fit. Years, prices and km are inclusive bounds.

    `colors`: any of them. `features`: each as all the ways to say it, in rule words.
    """

    brand: str | None = None
    model: str | None = None
    body: str = ""
    year_min: int | None = None
    year_max: int | None = None
    price_min: int | None = None
    price_max: int | None = None
    km_max: int | None = None
    transmission: str | None = None
    colors: tuple[str, ...] = ()
    fuel: str | None = None
    trims: tuple[str, ...] = ()
    features: tuple[tuple[tuple[str, ...], ...], ...] = ()
    branch: str | None = None

    @property
    def empty(self) -> bool:
        return self == Need()


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """`normal` is the text as the rules read it; `confidence` 0..1, low means that a person should look.

    For retrieval: `needs` (a car fits when it fits one), `codes` named, `extreme` (cheapest, dearest or "").
    """

    text: str
    normal: str
    intent: Intent
    entities: Entities
    confidence: float = 1.0
    needs: tuple[Need, ...] = ()
    codes: tuple[str, ...] = ()
    extreme: str = ""

    @property
    def hot(self) -> bool:
        return self.intent in HOT_INTENTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """`cars` None: not about stock; empty: about stock and nothing fits. Alternatives never repeat `cars`."""

    cars: tuple[Car, ...] | None = None
    alternatives: tuple[Car, ...] = ()

"""The sample showroom and cars of the founding document, and builders of turns about them."""

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from autoleads.bot.customer import answer
from autoleads.bot.gateway.base import Kind
from autoleads.bot.turn import Branch, Incoming, Line, Outcome, Person, Showroom, Turn
from autoleads.bot.understanding.base import Entities, Found, Intent, Understanding
from autoleads.bot.understanding.retrieval import retrieve
from autoleads.bot.understanding.understand import understand
from autoleads.stock import Car, Stock
from autoleads.types import BranchId, CarId, CarStatus, InboxId, Transmission, UserId
from tests.patience import PATIENCE_S

ZONE = ZoneInfo("Asia/Jakarta")
WORKDAY = datetime(2025, 10, 23, 10, 30, tzinfo=ZONE)  # a Thursday
SUNDAY = datetime(2025, 10, 26, 11, 0, tzinfo=ZONE)
HOURS = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat"), "09:00-18:00") | {"sun": "closed"}

SHOWROOM = Showroom(
    name="Showroom Mobil Surabaya",
    slug="showroom-surabaya",
    phone="62311234567",
    whatsapp="628123456789",
    email="owner@showroom-surabaya.com",
    address="Jl. Raya Darmo No. 123, Surabaya",
    city="Surabaya",
    maps_url="https://maps.google.com/?q=-7.257472,112.752088",
    hours=HOURS,
    site_url="https://showroom-surabaya.autoleads.id",
)


def car(number: int, code: str, **given: Any) -> Car:
    base: dict[str, Any] = {
        "id": CarId(number),
        "display_code": code,
        "public_name": f"Avanza 2020 Hitam {code}",
        "slug": f"avanza-2020-hitam-{code[1:].lower()}",
        "brand": "Toyota",
        "model": "Avanza 1.3 G",
        "year": 2020,
        "color": "Hitam",
        "transmission": Transmission.MANUAL,
        "km": 50_000,
        "price_idr": 180_000_000,
        "fuel": "Bensin",
    }
    return Car(**{**base, **given})


A01 = car(
    1,
    "#A01",
    color="Hitam Metalik",
    km=45_000,
    price_idr=185_000_000,
    features=("Velg racing 16 inch", "Spoiler belakang", "Interior rapi"),
    condition_notes="Kondisi istimewa, service record lengkap, pajak panjang",
    photos=tuple(f"/uploads/cars/avanza-001-{n}.jpg" for n in (1, 2, 3)),
)
A02 = car(
    2,
    "#A02",
    features=("Ban baru", "Service record lengkap"),
    condition_notes="Kondisi baik, siap pakai",
    photos=tuple(f"/uploads/cars/avanza-002-{n}.jpg" for n in (1, 2)),
)
V01 = car(
    3,
    "#V01",
    public_name="Avanza Veloz 2020 Hitam #V01",
    model="Avanza 1.5 Veloz",
    color="Hitam Metalik",
    transmission=Transmission.MATIC,
    km=40_000,
    price_idr=215_000_000,
    features=("Veloz type", "Matic", "Audio upgrade", "Kamera parkir"),
    condition_notes="Unit istimewa, full original, tidak bekas banjir",
    photos=tuple(f"/uploads/cars/veloz-001-{n}.jpg" for n in (1, 2, 3, 4)),
)
B01 = car(
    4,
    "#B01",
    public_name="Brio 2019 Putih #B01",
    brand="Honda",
    model="Brio Satya 1.2 E",
    year=2019,
    color="Putih",
    km=38_000,
    price_idr=134_000_000,
    features=("Audio touchscreen",),
    condition_notes="Pajak Agustus",
)
SOLD = car(
    5,
    "#J02",
    public_name="Jazz 2015 Abu-abu #J02",
    brand="Honda",
    model="Jazz 1.5 S",
    year=2015,
    color="Abu-abu",
    km=94_000,
    price_idr=156_000_000,
    status=CarStatus.SOLD,
)
BOOKED = car(
    6,
    "#T01",
    public_name="Terios 2018 Silver #T01",
    brand="Daihatsu",
    model="Terios 1.5 R",
    year=2018,
    color="Silver",
    km=77_000,
    price_idr=174_000_000,
    status=CarStatus.BOOKING,
)
AVANZAS = (A01, A02, V01)
SAMPLE = Stock(cars=AVANZAS)
WIDER = Stock(cars=(*AVANZAS, B01, SOLD, BOOKED))

# Two of a model, and others of the same maker or colour: what "yang tadi" and "yang merah" have to tell apart.
R01 = car(31, "#R01", public_name="Rush 2020 Putih #R01", brand="Toyota", model="Rush 1.5 TRD", color="Putih")
R02 = dataclasses.replace(R01, id=32, display_code="#R02", public_name="Rush 2022 Merah #R02", color="Merah", year=2022)
H01 = car(33, "#H01", public_name="HR-V 2019 Putih #H01", brand="Honda", model="HR-V 1.5 E", color="Putih", year=2019)
C01 = car(
    34, "#C01", public_name="Calya 2021 Merah #C01", brand="Toyota", model="Calya 1.2 G", color="Merah", year=2021
)
MIXED = Stock(cars=(*AVANZAS, R01, R02, H01, C01))


def turn(
    text: str,
    *,
    stock: Stock = SAMPLE,
    memory: Mapping[str, Any] | None = None,
    now: datetime = WORKDAY,
    kind: Kind = Kind.TEXT,
    number: int = 1,
    history: Sequence[Line] = (),
    **given: Any,
) -> Turn:
    message = Incoming(id=InboxId(number), kind=kind, text=text)
    settings: dict[str, Any] = {"showroom": SHOWROOM, "budget_s": PATIENCE_S, **given}
    return Turn(stock=stock, messages=(message,), now=now, memory=memory or {}, history=tuple(history), **settings)


def understood(text: str, intent: Intent, *, confidence: float = 1.0, **said: Any) -> Understanding:
    return Understanding(
        text=text, normal=text.lower(), intent=intent, entities=Entities(**said), confidence=confidence
    )


EAST = Branch(id=BranchId(1), name="Cabang Rungkut", address="Jl. Rungkut Madya 45", phone="62318700001", hours=HOURS)
WEST = Branch(id=BranchId(2), name="Cabang Wiyung", address="Jl. Wiyung 8", maps_url="https://maps.google.com/?q=1,2")
TWO_BRANCHES = dataclasses.replace(SHOWROOM, branches=(EAST, WEST))
CREDIT = {
    "credit": {
        "dp_percent": 25,
        "tenors": [24],
        "flat_rate_percent_year": 6,
        "insurance_percent_year": 0,
        "admin_idr": 0,
    }
}


BUDI = Person(id=UserId(11), name="Budi", branch_id=EAST.id)
SARI = Person(id=UserId(12), name="Sari", branch_id=WEST.id)


async def ask(
    text: str, intent: Intent, found: Found | None = None, *, says: dict[str, Any] | None = None, **given: Any
) -> Outcome:
    given.setdefault("stock", WIDER)
    return await answer(turn(text, **given), understood(text, intent, **(says or {})), found or Found(), None)


def said(outcome: Outcome) -> str:
    return "\n".join(reply.text for reply in outcome.replies)


async def talk(*texts: str, stock: Stock = SAMPLE, now: datetime = WORKDAY, **given: Any) -> list[Outcome]:
    """The answers to messages that follow one another, read with the real understanding. As the core does, whoever
    was promised is the handler of the next turns."""
    outcomes: list[Outcome] = []
    memory: Mapping[str, Any] = {}
    for number, text in enumerate(texts, 1):
        meant = understand(text, stock)
        found = retrieve(meant, stock, now_year=now.year)
        outcome = await answer(
            turn(text, memory=memory, stock=stock, number=number, now=now, **given), meant, found, None
        )
        memory = outcome.memory
        if outcome.hand_over is not None:
            given["handler"] = outcome.hand_over
        outcomes.append(outcome)
    return outcomes

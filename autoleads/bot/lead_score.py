"""How warm a lead is: one additive table, 0 to 10, with reasons a salesperson understands."""

from collections.abc import Iterable, Mapping
from typing import Any

from autoleads.bot.understanding.base import Intent, Understanding
from autoleads.types import LeadStatus

HIGHEST = 10
_BASE = 1  # wrote to us at all

# reason -> (points, how the salesperson reads it)
REASONS: Mapping[str, tuple[int, str]] = {
    "stock": (1, "tanya stok"),
    "interest": (1, "tanya berkali-kali"),
    "car": (2, "minat mobil tertentu"),
    "price": (1, "tanya harga"),
    "photos": (1, "minta foto"),
    "budget": (1, "sebut budget"),
    "name": (1, "sebut nama"),
    "negotiation": (4, "mau nego"),
    "offer": (1, "mengajukan penawaran"),
    "credit": (3, "tanya kredit"),
    "down_payment": (1, "sebut DP"),
    "visit": (4, "mau datang / test drive"),
    "trade_in": (3, "mau tukar tambah"),
    "sell_car": (2, "mau jual mobil"),
    "human": (3, "minta dihubungi sales"),
    "complaint": (0, "ada keluhan"),
}
# What a salesperson is called for.
HOT_LABELS = frozenset(
    REASONS[key][1] for key in ("negotiation", "offer", "credit", "visit", "trade_in", "sell_car", "human")
)
_BY_INTENT: Mapping[Intent, tuple[str, ...]] = {
    Intent.CAR_SEARCH: ("stock",),
    Intent.CAR_DETAIL: ("stock",),
    Intent.AVAILABILITY: ("stock",),
    Intent.SELECTION: ("stock",),
    Intent.PRICE: ("stock", "price"),
    Intent.PHOTOS: ("stock", "photos"),
    Intent.NEGOTIATION: ("stock", "negotiation"),
    Intent.CREDIT: ("stock", "credit"),
    Intent.VISIT: ("visit",),
    Intent.TRADE_IN: ("trade_in",),
    Intent.SELL_CAR: ("sell_car",),
    Intent.HUMAN: ("human",),
    Intent.COMPLAINT: ("complaint",),
}
_WARMING = frozenset({Intent.SELL_CAR, Intent.PRICE, Intent.PHOTOS})
_REPEATED = 3  # messages about stock after which a lead is warm, whatever was asked
_HEAT = {LeadStatus.NEW: 0, LeadStatus.WARM: 1, LeadStatus.HOT: 2}


def interest(memory: Mapping[str, Any]) -> int:
    """How many messages about stock there were so far."""
    kept = memory.get("interest")
    return kept if isinstance(kept, int) and not isinstance(kept, bool) and kept >= 0 else 0


def reasons(understanding: Understanding, *, car_known: bool, interest: int = 0) -> tuple[str, ...]:
    """What this message adds, as keys of REASONS."""
    said = understanding.entities
    found = list(_BY_INTENT.get(understanding.intent, ()))
    if car_known:
        found.append("car")
    if said.budget is not None:
        found.append("offer" if understanding.intent is Intent.NEGOTIATION else "budget")
    if said.name:
        found.append("name")
    if said.dp is not None:
        found.append("down_payment")
    if interest >= _REPEATED:
        found.append("interest")
    return tuple(found)


def score(keys: Iterable[str]) -> int:
    return min(HIGHEST, _BASE + sum(REASONS[key][0] for key in set(keys) if key in REASONS))


def labels(keys: Iterable[str]) -> tuple[str, ...]:
    return tuple(REASONS[key][1] for key in keys if key in REASONS)


def known_reasons(memory: Mapping[str, Any]) -> list[str]:
    kept = memory.get("reasons")
    return [key for key in kept if isinstance(key, str) and key in REASONS] if isinstance(kept, list) else []


def raised(
    memory: Mapping[str, Any], understanding: Understanding, *, car_known: bool, interest: int = 0
) -> LeadStatus | None:
    """The status this turn lifts the lead to; None when it was that warm already, so nothing is undone."""
    if understanding.hot:
        level = LeadStatus.HOT
    elif car_known or interest >= _REPEATED or understanding.intent in _WARMING:
        level = LeadStatus.WARM
    else:
        return None
    try:
        before = _HEAT[LeadStatus(str(memory.get("heat", LeadStatus.NEW)))]
    except (ValueError, KeyError):
        before = 0
    return level if _HEAT[level] > before else None

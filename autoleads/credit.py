"""The instalment estimate. A flat-rate sum on the showroom's own settings, never an offer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SHORTEST_MONTHS, LONGEST_MONTHS = 6, 84
_STEP = 1_000  # instalments are shown rounded up to this


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """A tenant's settings under `credit`. Insurance is a percentage of the price for each year."""

    dp_percent: float = 20
    tenors: tuple[int, ...] = (36, 48, 60)
    flat_rate_percent_year: float = 8
    insurance_percent_year: float = 1.5
    admin_idr: int = 2_500_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    months: int
    instalment: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """`first_payment` is what is due before driving off: down payment and administration."""

    price: int
    dp: int
    first_payment: int
    plans: tuple[Plan, ...]

    @property
    def amounts(self) -> frozenset[int]:
        return frozenset({self.price, self.dp, self.first_payment, *(plan.instalment for plan in self.plans)})


def terms(settings: Mapping[str, Any]) -> Terms:
    """A value that makes no sense leaves the default: a wrong setting must not cost an answer."""
    given = settings.get("credit")
    given = given if isinstance(given, Mapping) else {}
    base = Terms()
    tenors = given.get("tenors")
    sound = (m for m in tenors if _sound(m, LONGEST_MONTHS)) if isinstance(tenors, list | tuple) else ()
    months = tuple(int(m) for m in sound if m == int(m))
    return Terms(
        dp_percent=_number(given, "dp_percent", base.dp_percent, 90),
        tenors=months[:4] or base.tenors,
        flat_rate_percent_year=_number(given, "flat_rate_percent_year", base.flat_rate_percent_year, 50),
        insurance_percent_year=_number(given, "insurance_percent_year", base.insurance_percent_year, 20),
        admin_idr=int(_number(given, "admin_idr", base.admin_idr, 100_000_000)),
    )


def simulate(price: int, terms: Terms, *, dp: int | None = None, months: int | None = None) -> Simulation:
    """Without `dp` the usual percentage, without `months` every tenor of the terms."""
    paid = dp if dp is not None else _round_up(price * terms.dp_percent / 100, 100_000)
    tenors = (months,) if months else terms.tenors
    plans = tuple(Plan(months=m, instalment=_instalment(price, paid, terms, m)) for m in tenors)
    return Simulation(price=price, dp=paid, first_payment=paid + terms.admin_idr, plans=plans)


def dp_for(price: int, terms: Terms, *, instalment: int, months: int) -> int:
    """The least down payment, in millions and never below the usual one, that brings it down to this instalment."""
    years = months / 12
    financed = instalment * months / (1 + terms.flat_rate_percent_year / 100 * years)
    needed = price + price * terms.insurance_percent_year / 100 * years - financed
    return max(_round_up(needed, 1_000_000), _round_up(price * terms.dp_percent / 100, 100_000))


def _instalment(price: int, dp: int, terms: Terms, months: int) -> int:
    years = months / 12
    financed = price - dp + price * terms.insurance_percent_year / 100 * years
    total = financed * (1 + terms.flat_rate_percent_year / 100 * years)
    return _round_up(total / months, _STEP)


def _round_up(amount: float, step: int) -> int:
    return -(-round(amount) // step) * step


def _sound(value: object, most: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= most


def _number(given: Mapping[str, Any], key: str, default: float, most: float) -> float:
    value = given.get(key)
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= most:
        return value
    return default

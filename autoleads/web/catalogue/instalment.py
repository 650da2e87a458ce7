"""The instalment simulation of a car page, as far as it is asked for in the address."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup

from autoleads import credit
from autoleads.credit import Simulation, Terms
from autoleads.formats import rupiah
from autoleads.sql.catalogue import Shown
from autoleads.stock_csv import read_price

_LONGEST = 30  # characters of a sum


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """`unread`: what was written cannot be read, and is left aside."""

    dp: int | None = None
    months: int | None = None
    unread: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """`problem` is for the visitor, about the down payment."""

    terms: Terms
    tenors: tuple[int, ...]
    simulation: Simulation
    months: int | None
    problem: str

    @property
    def least(self) -> int:
        """The lowest instalment."""
        return min(plan.instalment for plan in self.simulation.plans)


def read(query: Mapping[str, str]) -> Asked:
    dp, unread = None, False
    if written := query.get("dp", "")[:_LONGEST].strip():
        try:
            dp = read_price(written)
        except ValueError:
            unread = True
    tenor = query.get("tenor", "")
    months = int(tenor) if tenor.isascii() and tenor.isdecimal() and len(tenor) < 4 else None
    if months is not None and not credit.SHORTEST_MONTHS <= months <= credit.LONGEST_MONTHS:
        months = None
    return Asked(dp=dp, months=months, unread=unread)


def offer(terms: Terms, car: Shown, asked: Asked) -> Offer:
    dp, problem = asked.dp, ""
    if asked.unread:
        problem = "Isi DP dengan angka mulai Rp 10.000.000, misalnya 40 jt."
    elif dp is not None and dp >= car.price_idr:
        dp, problem = None, f"DP harus di bawah harga mobil, {rupiah(car.price_idr)}."
    months = asked.months
    tenors = tuple(sorted({*terms.tenors, *((months,) if months else ())}))
    simulation = credit.simulate(car.price_idr, terms, dp=dp, months=months)
    return Offer(terms=terms, tenors=tenors, simulation=simulation, months=months, problem=problem)


def texts(offer: Offer) -> dict[str, str]:
    """What a page says of it."""
    simulation = offer.simulation
    return {
        "least": rupiah(offer.least),
        "dp": rupiah(simulation.dp),
        "problem": offer.problem,
        "first_payment": rupiah(simulation.first_payment),
        **_conditions(offer.terms),
    }


def markup(offer: Offer) -> dict[str, Markup]:
    """The choices of months, and the rows of the table."""
    row = "<tr><td>{} bulan</td><td><b>{}</b></td></tr>"
    plans = (row.format(plan.months, rupiah(plan.instalment)) for plan in offer.simulation.plans)
    return {"tenors": _tenors(offer.tenors, offer.months), "plans": Markup("".join(plans))}


@lru_cache(maxsize=1_000)
def _tenors(tenors: tuple[int, ...], chosen: int | None) -> Markup:
    option = '<option value="{}"{}>{} bulan</option>'
    return Markup("".join(option.format(one, " selected" if one == chosen else "", one) for one in tenors))


@lru_cache(maxsize=1_000)
def _conditions(terms: Terms) -> dict[str, str]:
    flat, insurance = f"{terms.flat_rate_percent_year:g}", f"{terms.insurance_percent_year:g}"  # 8 and 8.0 are the same
    return {
        "admin": str(terms.admin_idr),
        "flat": flat,
        "flat_said": flat.replace(".", ","),
        "insurance": insurance,
        "insurance_said": insurance.replace(".", ","),
    }

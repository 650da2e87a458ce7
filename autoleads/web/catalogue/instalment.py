"""The instalment simulation of a car page, as far as it is asked for in the address."""

from collections.abc import Mapping
from dataclasses import dataclass

from autoleads import credit
from autoleads.credit import Simulation, Terms
from autoleads.formats import rupiah
from autoleads.sql.catalogue import Profile, Shown
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


def offer(profile: Profile, car: Shown, asked: Asked) -> Offer:
    terms = credit.terms(profile.settings)
    dp, problem = asked.dp, ""
    if asked.unread:
        problem = "Isi DP dengan angka mulai Rp 10.000.000, misalnya 40 jt."
    elif dp is not None and dp >= car.price_idr:
        dp, problem = None, f"DP harus di bawah harga mobil, {rupiah(car.price_idr)}."
    months = asked.months
    tenors = tuple(sorted({*terms.tenors, *((months,) if months else ())}))
    simulation = credit.simulate(car.price_idr, terms, dp=dp, months=months)
    return Offer(terms=terms, tenors=tenors, simulation=simulation, months=months, problem=problem)

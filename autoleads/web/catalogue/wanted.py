"""What a visitor asked of the list of cars, read from the address. It never fails: what cannot be read is named."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from autoleads.stock_csv import FIRST_YEAR, read_km, read_price
from autoleads.types import BranchId, Transmission
from autoleads.web.catalogue.filters import Filter

_LONGEST = 80  # characters of a search or a name
_LAST_PAGE, _LAST_YEAR = 10_000, 2_100
_UNSEEN = re.compile(r"[\x00-\x1f\x7f\s]+")


class Sort(StrEnum):
    NEWEST = "terbaru"
    CHEAPEST = "termurah"
    DEAREST = "termahal"
    YOUNGEST = "tahun"
    LEAST_KM = "km"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """`unread` are the parameters whose values are left aside."""

    filter: Filter = field(default_factory=Filter)
    sort: Sort = Sort.NEWEST
    page: int = 1
    unread: frozenset[str] = frozenset()

    def without(self, *names: str) -> "Wanted":
        """As if those of the filter had not been asked for; from the first page."""
        return Wanted(filter=replace(self.filter, **dict.fromkeys(names)), sort=self.sort)

    def having(self, **values: Any) -> "Wanted":
        return Wanted(filter=replace(self.filter, **values), sort=self.sort)

    @property
    def address(self) -> str:
        return f"/mobil?{query}" if (query := urlencode(self.parameters())) else "/mobil"

    def parameters(self) -> dict[str, str]:
        """Always in the same order, so that one wish has one address."""
        values = {_PARAMETERS[name]: getattr(self.filter, name) for name in _PARAMETERS}
        if self.sort is not Sort.NEWEST:
            values["urut"] = self.sort
        if self.page > 1:
            values["hal"] = self.page
        return {name: str(value) for name, value in values.items() if value is not None}

    @property
    def active(self) -> list[str]:
        """Fields of the filter that narrow."""
        return [one.name for one in fields(Filter) if getattr(self.filter, one.name) is not None]


# Fields of the filter and how they are called in addresses.
_PARAMETERS = {
    "search": "q",
    "brand": "merek",
    "model": "model",
    "year_min": "tahun_dari",
    "year_max": "tahun_sampai",
    "price_min": "harga_dari",
    "price_max": "harga_sampai",
    "km_max": "km_sampai",
    "transmission": "transmisi",
    "fuel": "bbm",
    "branch": "cabang",
}


def read(query: Mapping[str, str]) -> Wanted:
    unread: set[str] = set()

    def value(name: str, reader: Callable[[str], Any]) -> Any:
        written = _UNSEEN.sub(" ", query.get(name, "")[:_LONGEST]).strip()
        if not written:
            return None
        try:
            return reader(written)
        except ValueError:
            unread.add(name)
            return None

    wanted = Filter(**{name: value(_PARAMETERS[name], _READERS[name]) for name in _PARAMETERS})
    return Wanted(
        filter=wanted,
        sort=value("urut", Sort) or Sort.NEWEST,
        page=value("hal", _page) or 1,
        unread=frozenset(unread),
    )


def _words(written: str) -> str:
    return written.lower()


def _whole(written: str) -> int:
    if not (written.isascii() and written.isdecimal() and len(written) < 16):
        raise ValueError("not a whole number")
    return int(written)


def _year(written: str) -> int:
    year = _whole(written)
    if not FIRST_YEAR <= year <= _LAST_YEAR:
        raise ValueError("no year of a car")
    return year


def _page(written: str) -> int:
    return max(1, min(_whole(written), _LAST_PAGE))


def _transmission(written: str) -> Transmission:
    return Transmission(written.capitalize())


def _branch(written: str) -> BranchId:
    return BranchId(_whole(written))


_READERS: Mapping[str, Callable[[str], Any]] = {
    "search": _words,
    "brand": _words,
    "model": _words,
    "year_min": _year,
    "year_max": _year,
    "price_min": read_price,
    "price_max": read_price,
    "km_max": read_km,
    "transmission": _transmission,
    "fuel": _words,
    "branch": _branch,
}

"""The showrooms of `autoleads demo`, as they lie in data/."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

from autoleads import stock_csv
from autoleads.errors import AutoleadsError
from autoleads.stock_csv import CarRow
from autoleads.types import Role

VARIANTS = 4  # photos of a car: side, turned towards the viewer, front in detail, inside
PHOTO_SIZE = (1280, 960)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoBranch:
    """`hours`: mon to sun, "09:00-18:00" or "closed"."""

    name: str
    address: str
    city: str
    phone: str
    maps_url: str
    hours: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoUser:
    """`phone` as people write it; `branch` is a branch's name."""

    name: str
    role: Role
    phone: str
    email: str
    branch: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoShowroom:
    """`device` is the WhatsApp number in digits; `hours` as those of a branch; colours are #RRGGBB.
    Every car has a display code."""

    name: str
    slug: str
    device: str
    phone: str
    email: str
    address: str
    city: str
    maps_url: str
    timezone: str
    primary_color: str
    secondary_color: str
    hours: Mapping[str, str]
    branches: tuple[DemoBranch, ...]
    users: tuple[DemoUser, ...]
    cars: tuple[CarRow, ...]


def load() -> tuple[DemoShowroom, ...]:
    data = tomllib.loads(_text("showrooms.toml"))
    return tuple(_showroom(table) for table in data["showroom"])


def file_name(car: CarRow, variant: int) -> str:
    """Of one photo of a demo car, in the form of media/photos.py, so that pages know its size; no plate in it."""
    width, height = PHOTO_SIZE
    return f"{(car.display_code or '').lower().removeprefix('#')}-{variant}-{width}x{height}.jpg"


def _showroom(table: dict[str, Any]) -> DemoShowroom:
    branches = tuple(DemoBranch(**branch) for branch in table.pop("branch", ()))
    users = tuple(DemoUser(**{**user, "role": Role(user["role"])}) for user in table.pop("user"))
    return DemoShowroom(**table, branches=branches, users=users, cars=_cars(f"{table['slug']}.csv"))


def _cars(name: str) -> tuple[CarRow, ...]:
    rows, errors = stock_csv.read(_text(name))
    if errors:
        raise AutoleadsError(f"{name}: {errors[0]}")
    return tuple(rows)


def _text(name: str) -> str:
    return resources.files("autoleads.demo").joinpath("data", name).read_text(encoding="utf-8")

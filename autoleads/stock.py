"""A showroom's cars as a customer may know them: the plate is not part of these types."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from autoleads.types import BranchId, CarId, CarStatus, Transmission


@dataclass(frozen=True, slots=True, kw_only=True)
class Car:
    """Money in whole rupiah, distance in km. `photos` are addresses under the upload folder."""

    id: CarId
    display_code: str
    public_name: str
    slug: str
    brand: str
    model: str
    year: int
    color: str
    transmission: Transmission
    km: int
    price_idr: int
    fuel: str | None = None
    features: tuple[str, ...] = ()
    condition_notes: str = ""
    status: CarStatus = CarStatus.AVAILABLE
    branch_id: BranchId | None = None
    branch: str | None = None
    photos: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stock:
    """Every car of one showroom that is not a draft, as of one version of its stock."""

    cars: tuple[Car, ...] = ()
    version: int = 0
    # What readers work out from this version once (the understanding's word tables).
    derived: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    _by_code: Mapping[str, Car] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_code", {car.display_code: car for car in self.cars})

    def by_code(self, display_code: str) -> Car | None:
        return self._by_code.get(display_code)

    def by_codes(self, display_codes: Iterable[str]) -> tuple[Car, ...]:
        """In the order asked; codes that are not in the stock are left out."""
        found = (self._by_code.get(code) for code in display_codes)
        return tuple(car for car in found if car is not None)

    @cached_property
    def available(self) -> tuple[Car, ...]:
        return tuple(car for car in self.cars if car.status is CarStatus.AVAILABLE)

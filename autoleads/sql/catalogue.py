"""A showroom as everybody may see it on the web, its cars never with a plate."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from autoleads.sql.pool import Database, Db
from autoleads.types import BranchId, CarId, CarStatus, TenantId, Transmission

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What answers at a host. `domain` is the showroom's own, once visitors are to use it."""

    id: TenantId
    slug: str
    status: str
    domain: str | None

    @property
    def open(self) -> bool:
        return self.status in ("active", "trial")


async def site_all_tenants(database: Database, *, slug: str | None = None, domain: str | None = None) -> Site | None:
    """By the slug of its address below the platform's, or by a verified domain of its own."""
    row = await database.pool.fetchrow("SELECT * FROM tenant_of_host($1, $2)", slug, domain)
    return None if row is None else Site(**row)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Money in whole rupiah, distance in km. `photos` are addresses, the first one stands for the car. `sold_at` only
    of a sold one."""

    id: CarId
    branch_id: BranchId | None
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
    fuel: str | None
    features: tuple[str, ...]
    condition_notes: str
    photos: tuple[str, ...]
    status: CarStatus
    created_at: datetime
    updated_at: datetime
    sold_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A branch. Hours as in autoleads/hours.py."""

    id: BranchId
    name: str
    address: str
    city: str
    phone: str
    maps_url: str
    business_hours: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Colours are #RRGGBB; `whatsapp` the digits of the number that the bot answers, or ""."""

    id: TenantId
    name: str
    slug: str
    phone: str
    email: str
    address: str
    city: str
    maps_url: str
    business_hours: Mapping[str, str]
    timezone: str
    logo_url: str | None
    primary_color: str
    secondary_color: str
    settings: Mapping[str, Any]
    whatsapp: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """One moment of a showroom. `cars` newest first: for sale, booked, and sold within `sold_days` before it; `gone`
    are the slugs of those that were sold earlier."""

    profile: Profile
    places: tuple[Place, ...]
    cars: tuple[Shown, ...]
    gone: frozenset[str]
    sold_days: int
    _kept: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def kept(self, key: Hashable, make: Callable[[], T]) -> T:
        """What readers work out from this moment once. `key` names it, and all it depends on besides this moment."""
        found: T | None = self._kept.get(key)
        if found is None:
            found = self._kept[key] = make()
        return found

    def gone_at(self, car: Shown) -> datetime | None:
        """When a sold one is shown no more."""
        return None if car.sold_at is None else car.sold_at + timedelta(days=self.sold_days)

    def is_gone(self, car: Shown, now: datetime) -> bool:
        """By now: the moment may be weeks old in a showroom where nothing changes."""
        gone_at = self.gone_at(car)
        return gone_at is not None and gone_at <= now


_CAR = ", ".join(Shown.__dataclass_fields__)
_PLACE = ", ".join(Place.__dataclass_fields__)
_PROFILE = ", ".join(name for name in Profile.__dataclass_fields__ if name != "whatsapp")
# One statement, so that all of it is of one moment.
_SQL = f"""
    SELECT jsonb_build_object(
        'profile', (SELECT to_jsonb(t) FROM (SELECT {_PROFILE} FROM tenant WHERE id = $1) t),
        'whatsapp', (SELECT number FROM device WHERE tenant_id = $1 ORDER BY id LIMIT 1),
        'places', (SELECT jsonb_agg(to_jsonb(b) ORDER BY b.id) FROM
            (SELECT {_PLACE} FROM branch WHERE tenant_id = $1) b),
        'cars', (SELECT jsonb_agg(to_jsonb(c) ORDER BY c.created_at DESC, c.id DESC) FROM
            (SELECT {_CAR} FROM car WHERE tenant_id = $1 AND (status IN ('available', 'booking')
                OR status = 'sold' AND sold_at > now() - make_interval(days => $2))) c),
        'gone', (SELECT jsonb_agg(slug) FROM car
            WHERE tenant_id = $1 AND status = 'sold' AND sold_at <= now() - make_interval(days => $2)))"""


async def get(db: Db, tenant_id: TenantId, *, sold_days: int) -> Catalogue | None:
    """None when there is no such showroom."""
    found = await db.fetchval(_SQL, tenant_id, sold_days)
    if found["profile"] is None:
        return None
    return Catalogue(
        profile=Profile(**found["profile"], whatsapp=found["whatsapp"] or ""),
        places=tuple(Place(**place) for place in found["places"] or ()),
        cars=tuple(_shown(car) for car in found["cars"] or ()),
        gone=frozenset(found["gone"] or ()),
        sold_days=sold_days,
    )


def _shown(row: Mapping[str, Any]) -> Shown:
    return Shown(
        **{
            **row,
            "transmission": Transmission(row["transmission"]),
            "status": CarStatus(row["status"]),
            "features": tuple(row["features"]),
            "photos": tuple(row["photos"]),
            "created_at": datetime.fromisoformat(row["created_at"]),
            "updated_at": datetime.fromisoformat(row["updated_at"]),
            "sold_at": datetime.fromisoformat(row["sold_at"]) if row["sold_at"] else None,
        }
    )

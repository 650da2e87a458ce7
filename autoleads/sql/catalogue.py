"""Cars as everybody may see them on the web: those that are for sale, never with a plate."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from autoleads.sql.pool import Db
from autoleads.types import CarId, TenantId, Transmission


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Money in whole rupiah, distance in km. `photos` are addresses, the first one stands for the car."""

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
    fuel: str | None
    features: tuple[str, ...]
    condition_notes: str
    photos: tuple[str, ...]
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """None does not narrow; `search` words all stand somewhere in the names or the year."""

    search: str | None = None
    brand: str | None = None
    year: int | None = None
    price_min: int | None = None
    price_max: int | None = None
    transmission: str | None = None


_COLUMNS = ", ".join(Shown.__dataclass_fields__)
_FITS = """
    tenant_id = $1 AND status = 'available' AND ($2::text IS NULL OR lower(brand) = lower($2))
    AND ($3::int IS NULL OR year = $3) AND ($4::bigint IS NULL OR price_idr >= $4)
    AND ($5::bigint IS NULL OR price_idr <= $5) AND ($6::text IS NULL OR transmission = $6)
    AND NOT EXISTS (
        SELECT FROM unnest(string_to_array($7, ' ')) AS word
        WHERE strpos(lower(concat_ws(' ', brand, model, public_name, year, color)), word) = 0)"""


def _shown(row: Mapping[str, Any]) -> Shown:
    return Shown(
        **{
            **row,
            "transmission": Transmission(row["transmission"]),
            "features": tuple(row["features"]),
            "photos": tuple(row["photos"]),
        }
    )


async def page(db: Db, tenant_id: TenantId, wanted: Filter, *, limit: int, offset: int) -> tuple[list[Shown], int]:
    """Newest first; and how many there are in all."""
    words = " ".join(wanted.search.lower().split()) if wanted.search else None
    given = (
        tenant_id, wanted.brand, wanted.year, wanted.price_min, wanted.price_max, wanted.transmission, words or None
    )  # fmt: skip
    total = await db.fetchval(f"SELECT count(*) FROM car WHERE {_FITS}", *given)
    sql = f"SELECT {_COLUMNS} FROM car WHERE {_FITS} ORDER BY created_at DESC, id DESC LIMIT $8 OFFSET $9"
    return [_shown(row) for row in await db.fetch(sql, *given, limit, offset)], total


async def by_slug(db: Db, tenant_id: TenantId, slug: str) -> Shown | None:
    sql = f"SELECT {_COLUMNS} FROM car WHERE tenant_id = $1 AND slug = $2 AND status = 'available'"
    row = await db.fetchrow(sql, tenant_id, slug)
    return None if row is None else _shown(row)

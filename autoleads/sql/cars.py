"""Cars, from both sides: what customers may know, and the showroom's own rows with the plate."""

from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg

from autoleads.sql.pool import Db
from autoleads.stock import Car, Stock
from autoleads.types import BranchId, CarId, CarStatus, TenantId, Transmission

# No plate and no stock code: what is selected here may reach a customer.
_PUBLIC = """
    c.id, c.display_code, c.public_name, c.slug, c.brand, c.model, c.year, c.color, c.transmission, c.km,
    c.price_idr, c.fuel, c.features, c.condition_notes, c.status, c.branch_id, b.name AS branch, c.photos"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCar:
    """A car about to be stored. `series` is its letter; codes and names are made by `add`."""

    brand: str
    model: str
    year: int
    color: str
    transmission: Transmission
    km: int
    price_idr: int
    plate_number: str | None = None
    plate_clean: str | None = None
    fuel: str | None = None
    features: tuple[str, ...] = ()
    condition_notes: str = ""
    status: CarStatus = CarStatus.AVAILABLE
    branch_id: BranchId | None = None
    photos: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """The identity of a new car, see naming.py."""

    display_code: str
    stock_code: str
    public_name: str
    slug: str


def _car(row: asyncpg.Record) -> Car:
    return Car(
        **{
            **row,
            "transmission": Transmission(row["transmission"]),
            "status": CarStatus(row["status"]),
            "features": tuple(row["features"]),
            "photos": tuple(row["photos"]),
        }
    )


async def stock(db: Db, tenant_id: TenantId) -> Stock:
    """Everything but drafts, newest first, with the version it is right for."""
    sql = f"""
        SELECT {_PUBLIC} FROM car c LEFT JOIN branch b ON b.tenant_id = c.tenant_id AND b.id = c.branch_id
        WHERE c.tenant_id = $1 AND c.status <> 'draft' ORDER BY c.created_at DESC, c.id"""
    # The version is read first: a change in between makes the copy newer than its version, never older.
    version = await db.fetchval("SELECT stock_version FROM tenant WHERE id = $1", tenant_id)
    rows = await db.fetch(sql, tenant_id)
    return Stock(cars=tuple(_car(row) for row in rows), version=version or 0)


async def next_number(db: Db, tenant_id: TenantId, series: str) -> int:
    """The next number of a series; a number is given out once, whatever becomes of its car."""
    sql = """
        INSERT INTO car_number AS n (tenant_id, series, last) VALUES ($1, $2, 1)
        ON CONFLICT (tenant_id, series) DO UPDATE SET last = n.last + 1 RETURNING last"""
    return int(await db.fetchval(sql, tenant_id, series))


async def reserve_number(db: Db, tenant_id: TenantId, series: str, number: int) -> None:
    """A code that came from outside: the series goes on behind it."""
    sql = """
        INSERT INTO car_number AS n (tenant_id, series, last) VALUES ($1, $2, $3)
        ON CONFLICT (tenant_id, series) DO UPDATE SET last = greatest(n.last, EXCLUDED.last)"""
    await db.execute(sql, tenant_id, series, number)


async def add(db: Db, tenant_id: TenantId, car: NewCar, named: Named) -> CarId | None:
    """None when the plate or the display code is already in the stock."""
    sql = """
        INSERT INTO car (tenant_id, branch_id, plate_number, plate_clean, stock_code, display_code, public_name, slug,
            brand, model, year, color, transmission, km, price_idr, fuel, features, condition_notes, photos, status,
            sold_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
            CASE WHEN $20 = 'sold' THEN now() END)
        ON CONFLICT DO NOTHING RETURNING id"""
    id_ = await db.fetchval(
        sql, tenant_id, car.branch_id, car.plate_number, car.plate_clean, named.stock_code, named.display_code,
        named.public_name, named.slug, car.brand, car.model, car.year, car.color, car.transmission, car.km,
        car.price_idr, car.fuel, list(car.features), car.condition_notes, list(car.photos), car.status,
    )  # fmt: skip
    return None if id_ is None else CarId(id_)


async def taken(db: Db, tenant_id: TenantId, plates: Sequence[str], codes: Sequence[str]) -> tuple[set[str], set[str]]:
    """Which of these clean plates and display codes the stock already has."""
    sql = """
        SELECT plate_clean, display_code FROM car
        WHERE tenant_id = $1 AND (plate_clean = ANY($2) OR display_code = ANY($3))"""
    rows = await db.fetch(sql, tenant_id, list(plates), list(codes))
    return {r["plate_clean"] for r in rows} & set(plates), {r["display_code"] for r in rows} & set(codes)


async def set_status(db: Db, tenant_id: TenantId, car_id: CarId, status: CarStatus) -> bool:
    """False when the showroom has no such car."""
    sql = """
        UPDATE car SET status = $3, updated_at = now(), sold_at = CASE WHEN $3 = 'sold' THEN now() END
        WHERE tenant_id = $1 AND id = $2"""
    return bool(await db.execute(sql, tenant_id, car_id, status) == "UPDATE 1")


async def set_photos(db: Db, tenant_id: TenantId, display_code: str, photos: Sequence[str]) -> bool:
    sql = "UPDATE car SET photos = $3, updated_at = now() WHERE tenant_id = $1 AND display_code = $2"
    return bool(await db.execute(sql, tenant_id, display_code, list(photos)) == "UPDATE 1")

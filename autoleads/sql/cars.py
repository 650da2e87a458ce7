"""Cars, from both sides: what customers may know, and the showroom's own rows with the plate."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from autoleads.sql.pool import Db
from autoleads.stock import Car, Stock
from autoleads.types import BranchId, CarId, CarStatus, TenantId, Transmission

# No plate and no stock code: what is selected here may reach a customer.
_PUBLIC = """
    c.id, c.display_code, c.public_name, c.slug, c.brand, c.model, c.year, c.color, c.transmission, c.km,
    c.price_idr, c.fuel, c.features, c.condition_notes, c.status, c.branch_id, b.name AS branch, c.photos"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCar:
    """A car about to be stored; its codes and names are in Named."""

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


def _car(row: Mapping[str, Any]) -> Car:
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


async def staff_stock(db: Db, tenant_id: TenantId) -> tuple[Stock, dict[str, str]]:
    """For users of the showroom only: every car, drafts too, and beside it the clean plates by display code."""
    sql = f"""
        SELECT t.stock_version, c.plate_clean, {_PUBLIC} FROM tenant t LEFT JOIN car c ON c.tenant_id = t.id
        LEFT JOIN branch b ON b.tenant_id = c.tenant_id AND b.id = c.branch_id
        WHERE t.id = $1 ORDER BY c.created_at DESC, c.id"""
    rows = [dict(row) for row in await db.fetch(sql, tenant_id)]
    versions = [row.pop("stock_version") for row in rows]
    mine = [row for row in rows if row["id"] is not None]  # a showroom without a car is one row of nothing
    plates = {row["display_code"]: row.pop("plate_clean") for row in mine}
    stock = Stock(cars=tuple(_car(row) for row in mine), version=next(iter(versions), 0))
    return stock, {code: plate for code, plate in plates.items() if plate}


async def next_numbers(db: Db, tenant_id: TenantId, counts: Mapping[str, int]) -> dict[str, int]:
    """Reserves that many numbers of each series; the first of each. A number is given out once, whatever
    becomes of its car."""
    sql = """
        INSERT INTO car_number AS n (tenant_id, series, last)
        SELECT $1, series, number FROM unnest($2::text[], $3::int[]) AS u (series, number) ORDER BY series
        ON CONFLICT (tenant_id, series) DO UPDATE SET last = n.last + EXCLUDED.last RETURNING series, last"""
    rows = await db.fetch(sql, tenant_id, list(counts), list(counts.values()))
    return {row["series"]: row["last"] - counts[row["series"]] + 1 for row in rows}


async def reserve_numbers(db: Db, tenant_id: TenantId, highest: Mapping[str, int]) -> None:
    """Numbers that came from outside: each series goes on behind its highest."""
    sql = """
        INSERT INTO car_number AS n (tenant_id, series, last)
        SELECT $1, series, number FROM unnest($2::text[], $3::int[]) AS u (series, number) ORDER BY series
        ON CONFLICT (tenant_id, series) DO UPDATE SET last = greatest(n.last, EXCLUDED.last)"""
    await db.execute(sql, tenant_id, list(highest), list(highest.values()))


async def add(db: Db, tenant_id: TenantId, new: Sequence[tuple[NewCar, Named]]) -> dict[str, CarId]:
    """One statement for all. Returns the ids of those that were stored, by display code: a car whose plate, code or
    slug is already in the stock is left out."""
    sql = """
        INSERT INTO car (tenant_id, branch_id, plate_number, plate_clean, stock_code, display_code, public_name, slug,
            brand, model, year, color, transmission, km, price_idr, fuel, features, condition_notes, photos, status,
            sold_at)
        SELECT $1, branch_id, plate_number, plate_clean, stock_code, display_code, public_name, slug,
            brand, model, year, color, transmission, km, price_idr, fuel, features, condition_notes, photos, status,
            CASE WHEN status = 'sold' THEN now() END
        FROM jsonb_to_recordset($2) AS c (branch_id bigint, plate_number text, plate_clean text, stock_code text,
            display_code text, public_name text, slug text, brand text, model text, year int, color text,
            transmission text, km int, price_idr bigint, fuel text, features text[], condition_notes text,
            photos text[], status text)
        ON CONFLICT DO NOTHING RETURNING display_code, id"""
    rows = await db.fetch(sql, tenant_id, [{**asdict(car), **asdict(named)} for car, named in new])
    return {row["display_code"]: CarId(row["id"]) for row in rows}


async def taken(
    db: Db, tenant_id: TenantId, plates: Sequence[str], codes: Sequence[str]
) -> tuple[dict[str, str], set[str]]:
    """Which of these clean plates and display codes the stock already has; of a plate with the code of its car."""
    sql = """
        SELECT plate_clean, display_code FROM car
        WHERE tenant_id = $1 AND (plate_clean = ANY($2) OR display_code = ANY($3))"""
    rows = await db.fetch(sql, tenant_id, list(plates), list(codes))
    codes_of = {row["plate_clean"]: row["display_code"] for row in rows if row["plate_clean"] in set(plates)}
    return codes_of, {row["display_code"] for row in rows} & set(codes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """A car by what a list says of it: as it is, or as a list brought it. `there`: still in the stock."""

    id: CarId
    display_code: str
    brand: str
    model: str
    year: int
    color: str
    km: int
    price_idr: int
    branch_id: BranchId | None
    plate_clean: str | None
    there: bool


async def alike(
    db: Db, tenant_id: TenantId, figures: Sequence[tuple[int, int, int]], *, within_days: int
) -> list[Alike]:
    """Cars that have one of these (year, km, price), or had it when a list brought them within so many days; the
    oldest first."""
    columns = "id, display_code, brand, model, year, color, km, price_idr, branch_id, plate_clean"
    sql = f"""
        WITH wanted AS (SELECT DISTINCT * FROM unnest($2::int[], $3::int[], $4::bigint[]) AS w (year, km, price_idr)),
        brought AS (
            SELECT c.* FROM car_change i, jsonb_populate_record(NULL::car, i.after) c
            WHERE i.tenant_id = $1 AND i.what = 'import' AND i.undone_at IS NULL
              AND i.at > clock_timestamp() - make_interval(days => $5)
        ), known AS (
            SELECT {columns} FROM car JOIN wanted USING (year, km, price_idr) WHERE tenant_id = $1
            UNION SELECT {columns} FROM brought JOIN wanted USING (year, km, price_idr)
        )
        SELECT {columns}, EXISTS (SELECT FROM car c WHERE c.tenant_id = $1 AND c.id = known.id) AS there
        FROM known ORDER BY id"""
    years, kms, prices = zip(*figures, strict=True)
    return [Alike(**row) for row in await db.fetch(sql, tenant_id, years, kms, prices, within_days)]


async def lock_numbers(db: Db, tenant_id: TenantId) -> None:
    """Until the transaction ends nobody else adds cars: what was looked up after this still holds."""
    sql = """
        INSERT INTO car_number (tenant_id, series, last) VALUES ($1, 'stock', 0)
        ON CONFLICT (tenant_id, series) DO UPDATE SET last = car_number.last"""
    await db.execute(sql, tenant_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A car as its showroom recognises it."""

    display_code: str
    brand: str
    model: str
    year: int
    color: str
    price_idr: int
    status: CarStatus


async def of_plate(db: Db, tenant_id: TenantId, plate_clean: str) -> Known | None:
    sql = f"SELECT {', '.join(Known.__dataclass_fields__)} FROM car WHERE tenant_id = $1 AND plate_clean = $2"
    row = await db.fetchrow(sql, tenant_id, plate_clean)
    return None if row is None else Known(**{**row, "status": CarStatus(row["status"])})


async def set_status(db: Db, tenant_id: TenantId, car_id: CarId, status: CarStatus) -> bool:
    """False when the showroom has no such car."""
    sql = """
        UPDATE car SET status = $3, updated_at = now(), sold_at = CASE WHEN $3 = 'sold' THEN now() END
        WHERE tenant_id = $1 AND id = $2"""
    return bool(await db.execute(sql, tenant_id, car_id, status) == "UPDATE 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffCar:
    """A car as its own showroom knows it, the plate included. JSON types only: it is kept while a question about it
    waits, and compared afterwards."""

    id: CarId
    display_code: str
    public_name: str
    slug: str
    plate_clean: str | None
    plate_number: str | None
    brand: str
    model: str
    year: int
    color: str
    transmission: str
    km: int
    price_idr: int
    fuel: str | None
    features: list[str]
    condition_notes: str
    photos: list[str]
    status: str
    branch_id: int | None
    sold_at: str | None


def _staff_car(row: Mapping[str, Any]) -> StaffCar:
    return StaffCar(**{key: row[key] for key in StaffCar.__dataclass_fields__})


async def lock(db: Db, tenant_id: TenantId, car_id: CarId) -> StaffCar | None:
    """As it is now; nobody else changes or removes it before this transaction ends."""
    sql = "SELECT to_jsonb(c) FROM car c WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE"
    row = await db.fetchval(sql, tenant_id, car_id)
    return None if row is None else _staff_car(row)


async def change(db: Db, tenant_id: TenantId, car_id: CarId, values: Mapping[str, Any]) -> bool:
    """`values` by column, those of StaffCar but for codes; what is not named stays. False: no such car."""
    sql = """
        UPDATE car c SET (public_name, slug, plate_clean, plate_number, brand, model, year, color, transmission, km,
            price_idr, fuel, features, condition_notes, photos, status, branch_id, sold_at, updated_at) =
            (SELECT r.public_name, r.slug, r.plate_clean, r.plate_number, r.brand, r.model, r.year, r.color,
                r.transmission, r.km, r.price_idr, r.fuel, r.features, r.condition_notes, r.photos, r.status,
                r.branch_id, r.sold_at, now()
             FROM jsonb_populate_record(c, $3) r)
        WHERE tenant_id = $1 AND id = $2"""
    return bool(await db.execute(sql, tenant_id, car_id, dict(values)) == "UPDATE 1")


async def remove(db: Db, tenant_id: TenantId, car_id: CarId) -> dict[str, Any] | None:
    """Out of the stock. All that `restore` needs, or None: no such car."""
    sql = """
        WITH asked AS (SELECT coalesce(jsonb_agg(l.id), '[]') AS leads FROM lead l WHERE tenant_id = $1 AND car_id = $2)
        DELETE FROM car c USING asked WHERE tenant_id = $1 AND id = $2
        RETURNING to_jsonb(c) || jsonb_build_object('leads', asked.leads)"""
    kept: dict[str, Any] | None = await db.fetchval(sql, tenant_id, car_id)
    return kept


async def restore(db: Db, tenant_id: TenantId, kept: Mapping[str, Any]) -> bool:
    """The car that was removed, with its id, codes and photos, and again in those leads that know no other.
    False: its plate is in the stock by now."""
    sql = """
        INSERT INTO car SELECT r.* FROM jsonb_populate_record(NULL::car, $2) r WHERE r.tenant_id = $1
        ON CONFLICT DO NOTHING RETURNING id"""
    car_id = await db.fetchval(sql, tenant_id, dict(kept))
    if car_id is None:
        return False
    sql = "UPDATE lead SET car_id = $2 WHERE tenant_id = $1 AND id = ANY($3) AND car_id IS NULL"
    await db.execute(sql, tenant_id, car_id, kept["leads"])
    return True

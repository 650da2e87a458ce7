"""The cars of the shared seed in our own schema, for as many showrooms as wanted, and the addresses of both."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg

from autoleads.sql.migrate import migrate
from bench.lab import Lab
from bench.visitors import Address

PLATFORM = "autoleads.localhost"  # the seed's hosts are showroom-1.autoleads.localhost and so on


@dataclass(frozen=True, slots=True)
class Addresses:
    """Of the pages that every side has."""

    home: list[Address]
    api: list[Address]
    car: list[Address]


def addresses(showrooms: int, cars: Sequence[Sequence[str]]) -> Addresses:
    """`cars` are the slugs of the cars for sale, of each showroom of the seed in turn."""
    hosts = [f"showroom-{n + 1}.{PLATFORM}" for n in range(showrooms)]
    return Addresses(
        home=[(host, "/") for host in hosts],
        api=[(host, "/api/cars") for host in hosts],
        car=[(host, f"/{slug}") for n, host in enumerate(hosts) for slug in cars[n % len(cars)]],
    )


def showroom_of(address: Address) -> int:
    return int(address[0].partition(".")[0].removeprefix("showroom-"))


async def seed_facts(one: Lab, database: str) -> list[list[dict[str, Any]]]:
    """The cars of each showroom, as the yardstick's own database has them."""
    db = await asyncpg.connect(one.server.dsn(database, "postgres"))
    try:
        rows = await db.fetch("SELECT * FROM cars ORDER BY tenant_id, id")
    finally:
        await db.close()
    by_showroom: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        by_showroom.setdefault(row["tenant_id"], []).append(dict(row))
    return list(by_showroom.values())


def our_slug(slug: str) -> str:
    """The seed has dots in its addresses."""
    return slug.replace(".", "-")


async def fill(dsn: str, facts: Sequence[Sequence[dict[str, Any]]], *, showrooms: int, cars: int) -> None:
    """Loads the schema, then showroom n has the first cars of the seed's showroom n, in turn."""
    await migrate(dsn)
    db = await asyncpg.connect(dsn)
    try:
        await db.execute(_SHOWROOMS, showrooms)
        now = datetime.now(UTC)
        rows = [
            _car(n + 1, i + 1, car, now)
            for n in range(showrooms)
            for i, car in enumerate(facts[n % len(facts)][:cars])
        ]  # fmt: skip
        await db.copy_records_to_table("car", records=rows, columns=_COLUMNS)
        await db.execute("VACUUM ANALYZE")
    finally:
        await db.close()


_SHOWROOMS = """
    WITH room AS (
        INSERT INTO tenant (id, name, slug, phone, address, city, status, business_hours)
        SELECT i, 'Showroom ' || i, 'showroom-' || i, '6231' || i, 'Jl. Raya ' || i, 'Surabaya', 'active',
            '{"mon": "09:00-18:00", "tue": "09:00-18:00", "sat": "09:00-15:00", "sun": "closed"}'
        FROM generate_series(1, $1::int) AS i RETURNING id
    ), place AS (
        INSERT INTO branch (tenant_id, name, address) SELECT id, 'Pusat', 'Jl. Raya ' || id FROM room
    )
    INSERT INTO device (tenant_id, number) SELECT id, '62811' || lpad(id::text, 8, '0') FROM room"""

_COLUMNS = (
    "tenant_id", "plate_number", "plate_clean", "stock_code", "display_code", "public_name", "slug", "brand", "model",
    "year", "color", "transmission", "km", "price_idr", "fuel", "features", "photos", "status", "sold_at", "created_at",
)  # fmt: skip


def _car(tenant: int, n: int, car: dict[str, Any], now: datetime) -> tuple[Any, ...]:
    sold = car["status"] == "sold"
    photos = [f"/uploads/cars/{tenant}/{n:06x}{p:014x}-1280x960.jpg" for p in range(len(car["photos"]))]
    return (
        tenant, f"L {n} QZ", f"L{n}QZ", f"STK-{n:04d}", f"#A{n:02d}", car["public_name"], our_slug(car["slug"]),
        car["brand"], car["model"], car["year"], car["color"], car["transmission"], car["km"], car["price"], "Bensin",
        car["key_features"], photos, car["status"], now if sold else None, now - timedelta(minutes=n),
    )  # fmt: skip

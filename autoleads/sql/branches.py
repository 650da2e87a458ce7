"""Places of a showroom."""

from dataclasses import dataclass
from typing import Any

import asyncpg

from autoleads.errors import Conflict
from autoleads.sql.pool import Db
from autoleads.types import BranchId, TenantId


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchRow:
    id: BranchId
    name: str
    address: str
    city: str
    phone: str
    maps_url: str
    business_hours: dict[str, str]


_COLUMNS = ", ".join(BranchRow.__dataclass_fields__)


async def all_of(db: Db, tenant_id: TenantId) -> list[BranchRow]:
    rows = await db.fetch(f"SELECT {_COLUMNS} FROM branch WHERE tenant_id = $1 ORDER BY id", tenant_id)
    return [BranchRow(**row) for row in rows]


async def add(
    db: Db,
    tenant_id: TenantId,
    *,
    name: str,
    address: str = "",
    city: str = "",
    phone: str = "",
    maps_url: str = "",
    business_hours: dict[str, Any] | None = None,
) -> BranchId:
    """Raises Conflict when the showroom has a branch of that name."""
    sql = """
        INSERT INTO branch (tenant_id, name, address, city, phone, maps_url, business_hours)
        VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id"""
    try:
        return BranchId(await db.fetchval(sql, tenant_id, name, address, city, phone, maps_url, business_hours or {}))
    except asyncpg.UniqueViolationError:
        raise Conflict(f"branch {name!r} exists already", field="name") from None

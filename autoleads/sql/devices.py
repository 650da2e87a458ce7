"""Numbers at a gateway: whose they are, how they are doing, how fast they may send."""

from dataclasses import dataclass, field

import asyncpg

from autoleads.errors import Conflict
from autoleads.sql.pool import Database, Db
from autoleads.types import Channel, DeviceId, TenantId


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """`webhook_secret` is empty when the device has none of its own."""

    tenant_id: TenantId
    id: DeviceId
    webhook_secret: str


async def find_all_tenants(database: Database, number: str) -> Address | None:
    row = await database.pool.fetchrow("SELECT * FROM device_find($1)", number)
    return None if row is None else Address(**row)


async def add(
    db: Db, tenant_id: TenantId, *, number: str, channel: Channel, token: str = "", webhook_secret: str = ""
) -> DeviceId:
    """Raises Conflict when any showroom already has the number."""
    sql = """
        INSERT INTO device (tenant_id, number, channel, token, webhook_secret) VALUES ($1, $2, $3, $4, $5)
        RETURNING id"""
    try:
        return DeviceId(await db.fetchval(sql, tenant_id, number, channel, token, webhook_secret))
    except asyncpg.UniqueViolationError:
        raise Conflict(f"device {number} already belongs to a showroom", field="device") from None


async def set_gateway(
    db: Db, tenant_id: TenantId, *, token: str | None = None, webhook_secret: str | None = None
) -> bool:
    """None leaves what is stored."""
    sql = """
        UPDATE device SET token = coalesce($2, token), webhook_secret = coalesce($3, webhook_secret)
        WHERE tenant_id = $1"""
    return bool(await db.execute(sql, tenant_id, token, webhook_secret) != "UPDATE 0")


async def set_state(db: Db, tenant_id: TenantId, number: str, *, connected: bool, reason: str) -> bool:
    sql = """
        UPDATE device SET connected = $3, state_reason = $4, state_at = now() WHERE tenant_id = $1 AND number = $2"""
    return bool(await db.execute(sql, tenant_id, number, connected, reason[:200]) == "UPDATE 1")


async def pace(
    database: Database,
    tenant_id: TenantId,
    device_id: DeviceId,
    *,
    count: int,
    rate: float,
    burst: int,
    patience_s: float,
) -> tuple[float, int]:
    """Reserves up to `count` sends over all processes: seconds until the first slot, the others 1/rate apart, and
    how many of them open within `patience_s` and are reserved."""
    sql = "SELECT first_s, granted FROM device_pace($1, $2, $3, $4, $5, $6)"
    row = await database.pool.fetchrow(sql, tenant_id, device_id, count, rate, burst, patience_s)
    return float(row["first_s"]), int(row["granted"])


async def tokens(db: Db, tenant_id: TenantId) -> list[tuple[str, str]]:
    """(number, token) of every device."""
    rows = await db.fetch("SELECT number, token FROM device WHERE tenant_id = $1 ORDER BY id", tenant_id)
    return [(row["number"], row["token"]) for row in rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """Token and secret are empty where the installation's are used."""

    number: str
    channel: Channel
    token: str = field(repr=False)
    webhook_secret: str = field(repr=False)


async def all_of(db: Db, tenant_id: TenantId) -> list[Device]:
    sql = "SELECT number, channel, token, webhook_secret FROM device WHERE tenant_id = $1 ORDER BY id"
    return [Device(**{**row, "channel": Channel(row["channel"])}) for row in await db.fetch(sql, tenant_id)]

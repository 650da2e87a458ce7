"""Showrooms: onboarding and what the bot tells about them."""

from dataclasses import dataclass
from typing import Any

import asyncpg

from autoleads.errors import Conflict, NotFound
from autoleads.sql.pool import Database, Db
from autoleads.types import TenantId

# What `set_fields` may change; everything else has a function of its own.
FIELDS = frozenset(
    {
        "name", "phone", "email", "address", "city", "maps_url", "business_hours", "timezone", "bot_enabled",
        "primary_color", "secondary_color", "logo_url", "plan", "status", "settings",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenant:
    id: TenantId
    name: str
    slug: str
    phone: str
    email: str
    address: str
    city: str
    maps_url: str
    business_hours: dict[str, str]
    timezone: str
    bot_enabled: bool
    primary_color: str
    secondary_color: str
    custom_domain: str | None
    custom_domain_verified: bool
    custom_domain_ssl_status: str
    plan: str
    status: str
    settings: dict[str, Any]
    profile_version: int
    stock_version: int

    @property
    def domain(self) -> str | None:
        """Its own, once visitors are to use it; as tenant_of_host has it."""
        active = self.custom_domain_verified and self.custom_domain_ssl_status == "active"
        return self.custom_domain if active else None


_COLUMNS = ", ".join(Tenant.__dataclass_fields__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    id: TenantId
    slug: str
    name: str
    status: str


async def list_all_tenants(database: Database) -> list[Summary]:
    return [Summary(**row) for row in await database.pool.fetch("SELECT * FROM tenants_all()")]


async def need_id_all_tenants(database: Database, slug: str) -> TenantId:
    for tenant in await list_all_tenants(database):
        if tenant.slug == slug:
            return tenant.id
    raise NotFound(f"no showroom has the slug {slug!r}", field="tenant")


async def next_id(database: Database) -> TenantId:
    """An id for a showroom about to be added: its own rows are visible only once its id is set."""
    return TenantId(await database.pool.fetchval("SELECT nextval('tenant_id_seq')"))


async def add(db: Db, tenant_id: TenantId, *, name: str, slug: str, **fields: Any) -> None:
    """Raises Conflict when the slug is taken."""
    unknown = fields.keys() - FIELDS
    if unknown:
        raise NotFound(f"no such field: {', '.join(sorted(unknown))}")
    columns = ["id", "name", "slug", *fields]
    marks = ", ".join(f"${n}" for n in range(1, len(columns) + 1))
    try:
        await db.execute(
            f"INSERT INTO tenant ({', '.join(columns)}) VALUES ({marks})",
            tenant_id,
            name,
            slug,
            *fields.values(),
        )
    except asyncpg.UniqueViolationError:
        raise Conflict(f"slug {slug!r} is taken", field="slug") from None


async def set_fields(db: Db, tenant_id: TenantId, **fields: Any) -> None:
    """Raises NotFound for a field that does not exist."""
    unknown = fields.keys() - FIELDS
    if unknown:
        raise NotFound(f"no such field: {', '.join(sorted(unknown))}")
    changes = ", ".join(f"{column} = ${n}" for n, column in enumerate(fields, 2))
    await db.execute(f"UPDATE tenant SET {changes}, updated_at = now() WHERE id = $1", tenant_id, *fields.values())


async def set_domain(db: Db, tenant_id: TenantId, domain: str) -> None:
    """One that is known to work: visitors are led to it at once. Empty takes it away. Raises Conflict when it is
    another showroom's."""
    try:
        await db.execute(
            """
            UPDATE tenant
            SET custom_domain = nullif($2, ''), custom_domain_verified = $2 <> '',
                custom_domain_ssl_status = CASE WHEN $2 = '' THEN 'pending' ELSE 'active' END,
                updated_at = now()
            WHERE id = $1
            """,
            tenant_id,
            domain,
        )
    except asyncpg.UniqueViolationError:
        raise Conflict(f"{domain} belongs to another showroom", field="domain") from None


async def need(db: Db, tenant_id: TenantId) -> Tenant:
    row = await db.fetchrow(f"SELECT {_COLUMNS} FROM tenant WHERE id = $1", tenant_id)
    if row is None:
        raise NotFound(f"tenant {tenant_id}")
    return Tenant(**row)

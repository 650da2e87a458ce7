"""Who asked about what. A conversation has at most one open lead; turns write it (turn_commit)."""

from dataclasses import dataclass
from datetime import datetime

import asyncpg

from autoleads.sql.pool import Db
from autoleads.types import CarId, ConversationId, LeadId, LeadStatus, TenantId


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    id: LeadId
    conversation_id: ConversationId
    car_id: CarId | None
    customer_name: str
    customer_phone: str | None
    status: LeadStatus
    budget_idr: int | None
    score: int
    reasons: tuple[str, ...]
    created_at: datetime


_COLUMNS = ", ".join(Lead.__dataclass_fields__)


def _lead(row: asyncpg.Record) -> Lead:
    return Lead(**{**row, "status": LeadStatus(row["status"]), "reasons": tuple(row["reasons"])})


async def page(db: Db, tenant_id: TenantId, *, before: LeadId | None, limit: int) -> list[Lead]:
    """Newest first. The last id of one page is `before` of the next."""
    sql = f"""
        SELECT {_COLUMNS} FROM lead WHERE tenant_id = $1 AND ($2::bigint IS NULL OR id < $2)
        ORDER BY id DESC LIMIT $3"""
    return [_lead(row) for row in await db.fetch(sql, tenant_id, before, limit)]


async def open_of(db: Db, tenant_id: TenantId, conversation_id: ConversationId) -> Lead | None:
    sql = f"""
        SELECT {_COLUMNS} FROM lead
        WHERE tenant_id = $1 AND conversation_id = $2 AND status NOT IN ('closed', 'lost')"""
    row = await db.fetchrow(sql, tenant_id, conversation_id)
    return None if row is None else _lead(row)

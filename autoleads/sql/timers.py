"""Things to do at a time. A row is taken in the transaction that does them, so a crash repeats, never loses."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from autoleads.sql import conversations
from autoleads.sql.pool import Database, Db
from autoleads.types import ConversationId, TenantId, TimerId


class TimerKind(StrEnum):
    """One of each kind per conversation."""

    BOT_RESUME = "bot_resume"  # the person who took over has been silent long enough
    LEAD_NEXT = "lead_next"  # the person who was asked did not take the lead
    LEAD_OWNER = "lead_owner"  # nobody took it
    ERASE = "erase"  # the customer wanted the data deleted
    PHOTOS = "photos"  # no more photos of an upload came
    LIST = "list"  # a list of cars was sent, and its file is on its way
    PHOTOS_JOIN = "photos_join"  # photos on their way to cars of the stock


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    id: TimerId
    kind: TimerKind
    conversation_id: ConversationId
    data: dict[str, Any]


_SAVE = """
    INSERT INTO timer (tenant_id, conversation_id, kind, due_at, data)
    SELECT c.tenant_id, c.id, $3, {due_at}, $5 FROM conversation c WHERE c.tenant_id = $1 AND c.id = $2
    ON CONFLICT ON CONSTRAINT timer_one_per_kind DO UPDATE SET due_at = EXCLUDED.due_at, data = EXCLUDED.data"""


async def due_all_tenants(database: Database, *, limit: int) -> list[tuple[TenantId, TimerId]]:
    rows = await database.pool.fetch("SELECT * FROM timers_due($1)", limit)
    return [(TenantId(tenant), TimerId(id_)) for tenant, id_ in rows]


async def save(
    db: Db,
    tenant_id: TenantId,
    conversation_id: ConversationId,
    kind: TimerKind,
    *,
    due_at: datetime,
    data: dict[str, Any] | None = None,
) -> bool:
    """Sets the conversation's timer of this kind, moving one that is already set. False: no such conversation."""
    sql = _SAVE.format(due_at="$4")
    return bool(await db.execute(sql, tenant_id, conversation_id, kind, due_at, data or {}) == "INSERT 0 1")


async def save_in(
    db: Db,
    tenant_id: TenantId,
    conversation_id: ConversationId,
    kind: TimerKind,
    *,
    seconds: float,
    data: dict[str, Any],
) -> bool:
    """As save, by the database's clock."""
    sql = _SAVE.format(due_at="clock_timestamp() + make_interval(secs => $4)")
    return bool(await db.execute(sql, tenant_id, conversation_id, kind, seconds, data) == "INSERT 0 1")


async def data_of(
    db: Db, tenant_id: TenantId, conversation_id: ConversationId, kind: TimerKind
) -> dict[str, Any] | None:
    """Of one that is set; it stays so until the end of the transaction."""
    sql = "SELECT data FROM timer WHERE tenant_id = $1 AND conversation_id = $2 AND kind = $3 FOR UPDATE"
    data: dict[str, Any] | None = await db.fetchval(sql, tenant_id, conversation_id, kind)
    return data


async def claim(db: Db, tenant_id: TenantId, timer_id: TimerId) -> Timer | None:
    """Takes a due timer; None when another process had it, or it was moved or removed. Its conversation stays locked
    until the end of the transaction."""
    sql = "SELECT conversation_id FROM timer WHERE tenant_id = $1 AND id = $2 AND due_at <= clock_timestamp()"
    conversation_id = await db.fetchval(sql, tenant_id, timer_id)
    if conversation_id is None or not await conversations.lock(db, tenant_id, conversation_id):
        return None
    sql = """
        DELETE FROM timer WHERE tenant_id = $1 AND id = $2 AND due_at <= clock_timestamp()
        RETURNING id, kind, conversation_id, data"""
    row = await db.fetchrow(sql, tenant_id, timer_id)
    return None if row is None else Timer(**{**row, "kind": TimerKind(row["kind"])})


async def remove(db: Db, tenant_id: TenantId, conversation_id: ConversationId, *kinds: TimerKind) -> int:
    """How many of these were set."""
    sql = "DELETE FROM timer WHERE tenant_id = $1 AND conversation_id = $2 AND kind = ANY($3)"
    done = await db.execute(sql, tenant_id, conversation_id, list(kinds))
    return int(done.removeprefix("DELETE "))

"""Replies and notices after they were written; writing and sending them is part of a turn."""

from dataclasses import dataclass

from autoleads.sql.pool import Db
from autoleads.types import ConversationId, TenantId


async def set_delivery(db: Db, tenant_id: TenantId, gateway_id: str, status: str) -> bool:
    """News of a message the gateway took. `read` is never overwritten by an older state."""
    sql = """
        UPDATE outbox SET delivery = $3 WHERE tenant_id = $1 AND gateway_id = $2 AND delivery IS DISTINCT FROM 'read'"""
    return bool(await db.execute(sql, tenant_id, gateway_id, status[:40]) != "UPDATE 0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dead:
    conversation_id: ConversationId
    body: str
    problem: str | None
    attempts: int


async def dead(db: Db, tenant_id: TenantId, *, limit: int) -> list[Dead]:
    """What could not be delivered, newest first."""
    sql = """
        SELECT conversation_id, body, problem, attempts FROM outbox
        WHERE tenant_id = $1 AND state = 'dead' ORDER BY created_at DESC LIMIT $2"""
    return [Dead(**row) for row in await db.fetch(sql, tenant_id, limit)]

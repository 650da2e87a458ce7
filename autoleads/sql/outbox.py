"""Replies and notices after they were written; writing and sending them is part of a turn."""

from collections.abc import Sequence
from dataclasses import dataclass

from autoleads.sql.pool import Db
from autoleads.types import ConversationId, ConversationKey, TenantId, UserId


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


async def notify(
    db: Db, tenant_id: TenantId, user_ids: Sequence[UserId], body: str, *, about: ConversationId
) -> list[ConversationKey]:
    """A line for people of the showroom, from the number on which that customer writes. The conversations that now
    have something to send."""
    sql = """
        SELECT notice_add($1, c.device_id, u, $3) FROM conversation c, unnest($2::bigint[]) u
        WHERE c.tenant_id = $1 AND c.id = $4"""
    rows = await db.fetch(sql, tenant_id, list(user_ids), body, about)
    return [ConversationKey(tenant_id, ConversationId(row[0])) for row in rows if row[0] is not None]


async def tell(db: Db, tenant_id: TenantId, conversation_id: ConversationId, body: str) -> list[ConversationKey]:
    """A line for a customer that no turn wrote; none for who wants no messages."""
    sql = """
        SELECT outbox_add($1, id, 'notice', NULL, NULL, $3, NULL, 'canned', NULL) FROM conversation
        WHERE tenant_id = $1 AND id = $2 AND opted_out_at IS NULL"""
    told = await db.fetchval(sql, tenant_id, conversation_id, body)
    return [] if told is None else [ConversationKey(tenant_id, conversation_id)]

"""The history of a conversation, as people read it."""

from dataclasses import dataclass
from datetime import datetime

from autoleads.sql.pool import Db
from autoleads.types import ConversationId, Sender, TenantId

_NEARBY = 50  # lines: what the showroom says later than that answers something else


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """`reply_ms`: from the arrival of the last message this line answers to the gateway's acceptance."""

    id: int
    sender: Sender
    body: str
    media_url: str | None
    created_at: datetime
    state: str | None  # of the outbox row behind the line, None for what people wrote
    reply_ms: int | None


async def latest(
    db: Db, tenant_id: TenantId, conversation_id: ConversationId, *, after: int, limit: int
) -> list[Message]:
    """The newest `limit` lines behind the id `after`, oldest first."""
    sql = """
        SELECT m.id, m.sender, m.body, m.media_url, m.created_at, o.state,
            (extract(epoch FROM o.sent_at - i.received_at) * 1000)::int AS reply_ms
        FROM message m
        LEFT JOIN outbox o ON o.tenant_id = m.tenant_id AND o.conversation_id = m.conversation_id AND o.id = m.outbox_id
        LEFT JOIN inbox i ON i.tenant_id = m.tenant_id AND i.conversation_id = m.conversation_id AND i.id = o.covers_to
        WHERE m.tenant_id = $1 AND m.conversation_id = $2 AND m.id > $3 ORDER BY m.id DESC LIMIT $4"""
    rows = await db.fetch(sql, tenant_id, conversation_id, after, limit)
    return [Message(**{**row, "sender": Sender(row["sender"])}) for row in reversed(rows)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A customer's words, what the showroom had said before (`asked`) and said next (`reply`). `silenced`: a person
    has the conversation, or the customer wants no messages, so no reply was due."""

    conversation_id: ConversationId
    id: int
    body: str
    created_at: datetime
    asked: str | None
    reply: str | None
    silenced: bool


async def said_by_customers(
    db: Db, tenant_id: TenantId, *, since: datetime, after: tuple[int, int], limit: int
) -> list[Said]:
    """A page in the order of (conversation_id, id); those of the last line are `after` of the next page. Lines
    without words and what users of the showroom wrote are left out."""
    # Only conversations of the period are looked into, each from its own start; who was silent long ago costs nothing.
    sql = """
        SELECT s.conversation_id, s.id, s.body, s.created_at, asked.body AS asked,
            CASE WHEN next.sender <> 'system' THEN next.body END AS reply,
            coalesce(next.sender = 'system' OR s.opted_out_at <= s.created_at OR s.human_until > s.created_at, false)
                AS silenced
        FROM (
            SELECT m.*, c.opted_out_at, c.human_until
            FROM conversation c CROSS JOIN LATERAL (
                SELECT m.conversation_id, m.id, m.body, m.created_at FROM message m
                WHERE m.tenant_id = $1 AND m.conversation_id = c.id AND m.sender = 'customer' AND m.body <> ''
                  AND m.created_at >= $2 AND m.id > CASE WHEN c.id = $3 THEN $4 ELSE 0 END
                ORDER BY m.id LIMIT $5) m
            WHERE c.tenant_id = $1 AND c.id >= $3 AND c.last_inbox_at >= $2
              AND NOT EXISTS (SELECT FROM app_user u WHERE u.tenant_id = $1 AND u.phone = c.phone)
            ORDER BY c.id, m.id LIMIT $5) s
        LEFT JOIN LATERAL (
            SELECT q.body FROM (
                SELECT id, sender, body FROM message
                WHERE tenant_id = $1 AND conversation_id = s.conversation_id AND id < s.id
                ORDER BY id DESC LIMIT $6) q
            WHERE q.sender IN ('bot', 'sales') ORDER BY q.id DESC LIMIT 1) asked ON true
        LEFT JOIN LATERAL (
            SELECT r.sender, r.body FROM (
                SELECT id, sender, body FROM message
                WHERE tenant_id = $1 AND conversation_id = s.conversation_id AND id > s.id
                ORDER BY id LIMIT $6) r
            WHERE r.sender <> 'customer' ORDER BY r.id LIMIT 1) next ON true
        ORDER BY s.conversation_id, s.id"""
    return [Said(**row) for row in await db.fetch(sql, tenant_id, since, *after, limit, _NEARBY)]

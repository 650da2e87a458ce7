"""The history of a conversation, as people read it."""

from dataclasses import dataclass
from datetime import datetime

from autoleads.sql.pool import Db
from autoleads.types import ConversationId, Sender, TenantId


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

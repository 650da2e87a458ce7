"""Received messages: stored once, in the order of arrival of their conversation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from autoleads.sql.pool import Database, Db
from autoleads.types import ConversationId, ConversationKey, InboxId, TenantId


class Fate(StrEnum):
    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    UNKNOWN = "unknown"  # no showroom has this device


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One message as it is stored. `dedupe_key` is unique within the conversation."""

    device: str
    sender: str
    phone: str | None
    name: str
    dedupe_key: str
    kind: str
    body: str
    media: dict[str, Any] | None
    sent_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """`key` and `id` are set unless the device is unknown; `staff`: the sender is an active user."""

    fate: Fate
    key: ConversationKey | None = None
    id: InboxId | None = None
    staff: bool = False


_RECEIVE = "SELECT * FROM receive($1, $2, $3, $4, $5, $6, $7, $8, $9)"


async def add_all_tenants(database: Database, batch: Sequence[Received]) -> list[Receipt]:
    """One statement and one commit for the whole batch; receipts in the order of the batch."""
    rows = await database.pool.fetch(
        _RECEIVE,
        [m.device for m in batch],
        [m.sender for m in batch],
        [m.phone for m in batch],
        [m.name for m in batch],
        [m.dedupe_key for m in batch],
        [m.kind for m in batch],
        [m.body for m in batch],
        [m.media for m in batch],
        [m.sent_at for m in batch],
    )
    receipts: list[Receipt] = [Receipt(fate=Fate.UNKNOWN)] * len(batch)
    for ord_, outcome, tenant, conversation, inbox_id, staff in rows:
        if outcome == "unknown":
            continue
        key = ConversationKey(TenantId(tenant), ConversationId(conversation))
        receipts[ord_ - 1] = Receipt(fate=Fate(outcome), key=key, id=inbox_id, staff=bool(staff))
    return receipts


async def outcome_of(
    db: Db, tenant_id: TenantId, conversation_id: ConversationId, inbox_id: InboxId
) -> dict[str, Any] | None:
    """What a command did, if it was carried out before. Who asks twice at once waits for the first to end."""
    sql = "SELECT outcome FROM inbox WHERE tenant_id = $1 AND conversation_id = $2 AND id = $3 FOR NO KEY UPDATE"
    outcome: dict[str, Any] | None = await db.fetchval(sql, tenant_id, conversation_id, inbox_id)
    return outcome


async def set_outcome(
    db: Db, tenant_id: TenantId, conversation_id: ConversationId, inbox_id: InboxId, outcome: dict[str, Any]
) -> bool:
    """In the transaction that carries the command out. False: no such message."""
    sql = "UPDATE inbox SET outcome = $4 WHERE tenant_id = $1 AND conversation_id = $2 AND id = $3"
    return bool(await db.execute(sql, tenant_id, conversation_id, inbox_id, outcome) == "UPDATE 1")


async def tries(db: Db, tenant_id: TenantId, conversation_id: ConversationId, *, within_s: float) -> int:
    """How many codes this conversation sent lately to enrol its number, be they right or wrong."""
    sql = """
        SELECT count(*) FROM inbox WHERE tenant_id = $1 AND conversation_id = $2 AND outcome ? 'joined'
            AND received_at > clock_timestamp() - make_interval(secs => $3)"""
    return int(await db.fetchval(sql, tenant_id, conversation_id, within_s))


async def prune_all_tenants(database: Database, *, keep_days: int) -> int:
    """Deletes answered messages and settled replies older than that; the number of rows."""
    return int(await database.pool.fetchval("SELECT prune($1)", keep_days))

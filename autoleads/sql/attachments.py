"""Files that came with messages. The row is written with the message (receive), so none is forgotten; a process that
fetches one holds it by its due time, and a process that dies over it gives it back by letting that time pass."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import asyncpg

from autoleads.sql.pool import Database, Db
from autoleads.types import AttachmentId, ConversationId, InboxId, TenantId


class AttachmentState(StrEnum):
    """CHECKED: a photo of a car that can be used; its original is kept, and what pages need besides is being made."""

    PENDING = "pending"
    CHECKED = "checked"
    STORED = "stored"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """`path` is the storage's key once checked or stored. `problem` is the reason of a MediaError, of the last try that
    failed. `tries` counts claims."""

    id: AttachmentId
    conversation_id: ConversationId
    inbox_id: InboxId
    kind: str
    source_url: str
    state: AttachmentState
    path: str | None
    problem: str | None
    tries: int
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """`age_s`: how long ago the message came, by the database's clock. `of_manager`: it came from somebody who may
    upload cars."""

    attachment: Attachment
    age_s: float
    of_manager: bool


_COLUMNS = ", ".join(Attachment.__dataclass_fields__)


def _attachment(row: asyncpg.Record) -> Attachment:
    return Attachment(
        **{name: row[name] for name in Attachment.__dataclass_fields__} | {"state": AttachmentState(row["state"])}
    )


async def due_all_tenants(
    database: Database, state: AttachmentState, *, limit: int
) -> list[tuple[TenantId, AttachmentId]]:
    rows = await database.pool.fetch("SELECT * FROM attachments_due($1, $2)", state, limit)
    return [(TenantId(tenant), AttachmentId(id_)) for tenant, id_ in rows]


async def claim(
    db: Db, tenant_id: TenantId, attachment_id: AttachmentId, state: AttachmentState, *, hold_s: float
) -> Claimed | None:
    """Takes a due one for `hold_s`; None when another process has it or it is in that state no more."""
    sql = f"""
        UPDATE attachment SET tries = tries + 1, due_at = clock_timestamp() + make_interval(secs => $3)
        WHERE tenant_id = $1 AND id = (
            SELECT id FROM attachment
            WHERE tenant_id = $1 AND id = $2 AND state = $4 AND due_at <= clock_timestamp()
            FOR UPDATE SKIP LOCKED)
        RETURNING {_COLUMNS}, extract(epoch FROM clock_timestamp() - created_at)::float8 AS age_s, EXISTS (
            SELECT FROM conversation c JOIN app_user u ON u.tenant_id = c.tenant_id AND u.phone = c.phone
            WHERE c.tenant_id = $1 AND c.id = attachment.conversation_id
              AND u.status = 'active' AND u.role IN ('owner', 'admin')) AS of_manager"""
    row = await db.fetchrow(sql, tenant_id, attachment_id, hold_s, state)
    if row is None:
        return None
    return Claimed(attachment=_attachment(row), age_s=row["age_s"], of_manager=row["of_manager"])


async def set_checked(db: Db, tenant_id: TenantId, attachment_id: AttachmentId, *, tries: int, path: str) -> bool:
    """Due for the next step at once. `tries` as claimed. False: another process claimed it since, and its word
    counts."""
    sql = """
        UPDATE attachment SET state = 'checked', path = $4, problem = NULL, due_at = clock_timestamp()
        WHERE tenant_id = $1 AND id = $2 AND tries = $3 AND state = 'pending'"""
    return bool(await db.execute(sql, tenant_id, attachment_id, tries, path) == "UPDATE 1")


async def set_stored(
    db: Db, tenant_id: TenantId, attachment_id: AttachmentId, *, tries: int, path: str, content: str | None = None
) -> bool:
    """`content`: what it says, of a list of cars. False as in set_checked."""
    sql = """
        UPDATE attachment SET state = 'stored', path = $4, problem = NULL, content = $5
        WHERE tenant_id = $1 AND id = $2 AND tries = $3 AND state IN ('pending', 'checked')"""
    return bool(await db.execute(sql, tenant_id, attachment_id, tries, path, content) == "UPDATE 1")


async def set_failed(
    db: Db, tenant_id: TenantId, attachment_id: AttachmentId, *, tries: int, problem: str, again_in_s: float | None
) -> bool:
    """For good when `again_in_s` is None; else the same step again. False as in set_checked."""
    sql = """
        UPDATE attachment SET problem = $4, due_at = clock_timestamp() + make_interval(secs => coalesce($5, 0)),
            state = CASE WHEN $5::float8 IS NULL THEN 'failed' ELSE state END,
            path = CASE WHEN $5::float8 IS NULL THEN NULL ELSE path END
        WHERE tenant_id = $1 AND id = $2 AND tries = $3 AND state IN ('pending', 'checked')"""
    return bool(await db.execute(sql, tenant_id, attachment_id, tries, problem, again_in_s) == "UPDATE 1")


async def give_back(db: Db, tenant_id: TenantId, attachment_id: AttachmentId, *, tries: int, again_in_s: float) -> bool:
    """Claimed and not done. False as in set_checked."""
    sql = """
        UPDATE attachment SET due_at = clock_timestamp() + make_interval(secs => $4)
        WHERE tenant_id = $1 AND id = $2 AND tries = $3 AND state NOT IN ('stored', 'failed')"""
    return bool(await db.execute(sql, tenant_id, attachment_id, tries, again_in_s) == "UPDATE 1")


async def of_inbox(db: Db, tenant_id: TenantId, inbox_ids: Sequence[InboxId]) -> list[Attachment]:
    """Those of certain messages, in the order the messages came."""
    sql = f"SELECT {_COLUMNS} FROM attachment WHERE tenant_id = $1 AND inbox_id = ANY ($2::bigint[]) ORDER BY inbox_id"
    return [_attachment(row) for row in await db.fetch(sql, tenant_id, list(inbox_ids))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """`content` is None until the file is here, and of a file that is no text."""

    state: AttachmentState
    problem: str | None
    content: str | None


async def text_of(db: Db, tenant_id: TenantId, inbox_id: InboxId) -> Text | None:
    """What the file of a message says; None: it brought none."""
    sql = "SELECT state, problem, content FROM attachment WHERE tenant_id = $1 AND inbox_id = $2"
    row = await db.fetchrow(sql, tenant_id, inbox_id)
    return None if row is None else Text(**{**row, "state": AttachmentState(row["state"])})


async def forget(db: Db, tenant_id: TenantId, conversation_id: ConversationId, *, upto: datetime) -> list[str]:
    """Deletes those that came until then, and later ones too of who wants no messages. Returns the paths that no
    other row names."""
    sql = """
        WITH gone AS (
            DELETE FROM attachment a USING conversation c
            WHERE a.tenant_id = $1 AND a.conversation_id = $2 AND c.tenant_id = $1 AND c.id = $2
              AND (c.opted_out_at IS NOT NULL OR a.created_at <= $3) RETURNING a.id, a.path
        )
        SELECT DISTINCT path FROM gone WHERE path IS NOT NULL AND NOT EXISTS (
            SELECT FROM attachment a WHERE a.tenant_id = $1 AND a.conversation_id = $2 AND a.path = gone.path
              AND a.id NOT IN (SELECT id FROM gone))"""
    return [row["path"] for row in await db.fetch(sql, tenant_id, conversation_id, upto)]


async def is_needed(
    db: Db, tenant_id: TenantId, conversation_id: ConversationId, attachment_id: AttachmentId, *, path: str
) -> bool:
    """Whether a file has a use: what it was fetched for was not erased meanwhile, or another one is the same file."""
    sql = """
        SELECT EXISTS (SELECT FROM attachment
                       WHERE tenant_id = $1 AND conversation_id = $2 AND (id = $3 OR path = $4))"""
    return bool(await db.fetchval(sql, tenant_id, conversation_id, attachment_id, path))

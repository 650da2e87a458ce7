"""The turns of a conversation: lease, answer, result; and who speaks in it, bot or person.

Every step of a turn is one function of schema.sql. Steps of many conversations share a round trip and a
transaction; each names its tenant and is of no consequence to the others.
"""

from collections.abc import Sequence
from dataclasses import astuple, dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from autoleads.sql.pool import Database, Db
from autoleads.types import ConversationId, ConversationKey, OutboxId, TenantId, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """Where a conversation's replies leave."""

    id: int
    number: str
    channel: str
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bubble:
    """An outbox row marked for sending by this process; `attempt` tells this try from an earlier one, `failures`
    counts those that reached the gateway."""

    id: OutboxId
    attempt: int
    failures: int
    body: str
    media_url: str | None
    covers_to: int | None
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Busy:
    """Another process holds the lease."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Idle:
    """Nothing to do, no lease held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """More messages wait and the lease is still ours: claim again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fenced:
    """The lease was lost: whatever this process still wants to do here is stale."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stale:
    """The customer wrote again before the reply was marked for sending. Nothing was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """The turn is committed and sends nothing. `capped`: the reply cap held it back."""

    capped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Think:
    """Messages to answer. `facts` is what schema.sql's turn_facts lists."""

    fence: int
    device: Device
    external_id: str
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """A bubble to send now. `fence`, `device` and `external_id` are set only by a claim."""

    bubble: Bubble
    fence: int = 0
    device: Device | None = None
    external_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of a bubble. `state` is an outbox state; `due_in_s` only for queued, which without a `problem`
    means that it was not tried."""

    id: OutboxId
    attempt: int
    state: str
    gateway_id: str | None = None
    problem: str | None = None
    due_in_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """How this process holds conversations and rows."""

    owner: UUID
    lease_s: float
    send_window_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """At most so many answered turns in `window_s`; the owners get `notice` once per window when it is reached."""

    replies: int
    staff_replies: int
    window_s: float
    notice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """How long one person has to take a lead before the next is asked, and all of them before the owner is."""

    next_s: float
    owner_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What a turn writes. `kind` reply: superseded by newer messages, silenced by a person; notice: neither."""

    covers_to: int
    kind: str
    replies: Sequence[dict[str, Any]]  # body, media_url, source
    memory: dict[str, Any]
    lead: dict[str, Any] | None = None
    opt_out: bool = False
    notices: Sequence[dict[str, Any]] = ()  # body, user_id (without one: the owners and admins)
    offer: dict[str, Any] | None = None  # user_id, body: who is asked to take the lead
    erase_s: float | None = None  # the customer's data are erased after that
    heard: dict[str, str] = field(default_factory=dict)  # what voice notes say, by inbox id


# Each runs its function for a whole batch, in the order of the conversations' ids, which are unique over all
# tenants: statements that share conversations then take the row locks in one order and nobody waits in a circle.
_CLAIM = """
    SELECT n, turn_claim(tenant, conversation, $3, $4, $5, $6)
    FROM (SELECT * FROM unnest($1::bigint[], $2::bigint[]) WITH ORDINALITY AS u (tenant, conversation, n)
          ORDER BY conversation) batch"""
_COMMIT = """
    SELECT n, turn_commit(tenant, conversation, $14, fence, covers_to, kind, replies::jsonb, memory, lead, opt_out,
                          notices::jsonb, offer, erase_s, heard, $15, $16, $17, $18, $19, $20, $21, $22)
    FROM (SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::text[],
                               $7::jsonb[], $8::jsonb[], $9::boolean[], $10::text[], $11::jsonb[], $12::float8[],
                               $13::jsonb[])
              WITH ORDINALITY AS u (tenant, conversation, fence, covers_to, kind, replies, memory, lead, opt_out,
                                    notices, offer, erase_s, heard, n)
          ORDER BY conversation) batch"""
_ADVANCE = """
    SELECT n, turn_advance(tenant, conversation, $10, fence, id, attempt, state, gateway_id, problem, due_in_s,
                           $11, $12)
    FROM (SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::int[], $6::text[],
                               $7::text[], $8::text[], $9::float8[])
              WITH ORDINALITY AS u (tenant, conversation, fence, id, attempt, state, gateway_id, problem, due_in_s, n)
          ORDER BY conversation) batch"""


async def claim_all_tenants(
    database: Database, lease: Lease, keys: Sequence[ConversationKey], *, history_lines: int
) -> list[Busy | Idle | Think | Send]:
    """Takes the lease of each conversation where there is work and nobody else has it."""
    rows = await database.pool.fetch(
        _CLAIM,
        [key.tenant_id for key in keys],
        [key.conversation_id for key in keys],
        lease.owner,
        lease.lease_s,
        lease.send_window_s,
        history_lines,
    )
    return [_claimed(step) for step in _in_order(rows)]


async def commit_all_tenants(
    database: Database, lease: Lease, cap: Cap, round_: Round, items: Sequence[tuple[ConversationKey, int, Ending]]
) -> list[tuple[Fenced | Stale | Quiet | Send, tuple[ConversationKey, ...]]]:
    """Each item is a key, its fence and what to write: all of the turn or nothing. With each step come the
    conversations of users that got a notice."""
    endings = [ending for _, _, ending in items]
    rows = await database.pool.fetch(
        _COMMIT,
        [key.tenant_id for key, _, _ in items],
        [key.conversation_id for key, _, _ in items],
        [fence for _, fence, _ in items],
        [ending.covers_to for ending in endings],
        [ending.kind for ending in endings],
        # As text: asyncpg would take a list of lists for an array of two dimensions.
        [orjson.dumps(ending.replies).decode() for ending in endings],
        [ending.memory for ending in endings],
        [ending.lead for ending in endings],
        [ending.opt_out for ending in endings],
        [orjson.dumps(ending.notices).decode() for ending in endings],
        [ending.offer for ending in endings],
        [ending.erase_s for ending in endings],
        [ending.heard for ending in endings],
        lease.owner,
        round_.next_s,
        round_.owner_s,
        cap.replies,
        cap.staff_replies,
        cap.window_s,
        cap.notice,
        lease.lease_s,
        lease.send_window_s,
    )
    return [_committed(key.tenant_id, step) for (key, _, _), step in zip(items, _in_order(rows), strict=True)]


async def advance_all_tenants(
    database: Database, lease: Lease, items: Sequence[tuple[ConversationKey, int, Result | None]]
) -> list[Fenced | Idle | Again | Send]:
    """Each item is a key, its fence and a result to record. Then hands out the next bubble, or says that there
    is more to answer, or gives the lease back."""
    results = [(None,) * 6 if result is None else astuple(result) for _, _, result in items]
    rows = await database.pool.fetch(
        _ADVANCE,
        [key.tenant_id for key, _, _ in items],
        [key.conversation_id for key, _, _ in items],
        [fence for _, fence, _ in items],
        *(list(column) for column in zip(*results, strict=True)),
        lease.owner,
        lease.lease_s,
        lease.send_window_s,
    )
    return [_advanced(step) for step in _in_order(rows)]


async def give_back(db: Db, tenant_id: TenantId, ids: Sequence[ConversationId], *, owner: UUID) -> None:
    """The leases that this process has of these, undone turns and all; whoever looks next may claim them."""
    sql = "UPDATE conversation SET lease_until = NULL WHERE tenant_id = $1 AND id = ANY ($2) AND lease_owner = $3"
    await db.execute(sql, tenant_id, ids, owner)


def _in_order(rows: Sequence[asyncpg.Record]) -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = [{}] * len(rows)
    for n, step in rows:
        steps[n - 1] = step
    return steps


def _claimed(step: dict[str, Any]) -> Busy | Idle | Think | Send:
    match step["step"]:
        case "busy":
            return Busy()
        case "think":
            return Think(
                fence=step["fence"], device=Device(**step["device"]), external_id=step["external_id"], facts=step
            )
        case "send":
            return Send(
                bubble=Bubble(**step["row"]),
                fence=step["fence"],
                device=Device(**step["device"]),
                external_id=step["external_id"],
            )
        case _:
            return Idle()


def _committed(
    tenant_id: TenantId, step: dict[str, Any]
) -> tuple[Fenced | Stale | Quiet | Send, tuple[ConversationKey, ...]]:
    wake = tuple(ConversationKey(tenant_id, ConversationId(id_)) for id_ in step.get("wake") or () if id_)
    match step["step"]:
        case "fenced":
            return Fenced(), wake
        case "stale":
            return Stale(), wake
        case "send":
            return Send(bubble=Bubble(**step["row"])), wake
        case other:
            return Quiet(capped=other == "capped"), wake


def _advanced(step: dict[str, Any]) -> Fenced | Idle | Again | Send:
    match step["step"]:
        case "fenced":
            return Fenced()
        case "send":
            return Send(bubble=Bubble(**step["row"]))
        case "think":
            return Again()
        case _:
            return Idle()


async def due_all_tenants(database: Database, *, owner: UUID, settle_s: float, limit: int) -> list[ConversationKey]:
    """Where something waits and nobody else works. Messages younger than `settle_s` belong to their receiver."""
    rows = await database.pool.fetch("SELECT * FROM conversations_due($1, $2, $3)", owner, settle_s, limit)
    return [ConversationKey(TenantId(tenant), ConversationId(id_)) for tenant, id_ in rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    open_conversations: int
    oldest_s: float
    outbox_waiting: int
    dead: int


async def backlog_all_tenants(database: Database) -> Backlog:
    return Backlog(**await database.pool.fetchrow("SELECT * FROM backlog()"))


async def lock(db: Db, tenant_id: TenantId, conversation_id: ConversationId) -> bool:
    """Until the end of the transaction no turn of it is claimed or committed. Whoever changes a conversation's lead or
    timers comes through here first, as turns do, so nobody waits in a circle. False: no such conversation."""
    sql = "SELECT id FROM conversation WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE"
    return await db.fetchval(sql, tenant_id, conversation_id) is not None


async def take_over(
    db: Db, tenant_id: TenantId, conversation_id: ConversationId, user_id: UserId, *, until: datetime
) -> bool:
    """From this commit on no bot reply of the conversation is marked for sending. False: no such conversation."""
    sql = """
        UPDATE conversation SET human_user_id = $3, human_until = $4 WHERE tenant_id = $1 AND id = $2"""
    return bool(await db.execute(sql, tenant_id, conversation_id, user_id, until) == "UPDATE 1")


async def hand_back(db: Db, tenant_id: TenantId, conversation_id: ConversationId, *, note: str) -> bool:
    """The bot speaks again; `note` marks the place in the history. False when no person had it."""
    sql = """
        WITH freed AS (
            UPDATE conversation SET human_user_id = NULL, human_until = NULL
            WHERE tenant_id = $1 AND id = $2 AND human_until IS NOT NULL RETURNING id
        )
        INSERT INTO message (tenant_id, conversation_id, sender, body) SELECT $1, id, 'system', $3 FROM freed"""
    return bool(await db.execute(sql, tenant_id, conversation_id, note) == "INSERT 0 1")


async def erase(db: Db, tenant_id: TenantId, conversation_id: ConversationId, *, upto: datetime) -> bool:
    """Forgets what was said until then, and who said it unless the customer came back since. What stays is the
    contact itself and its wish for silence, which could not be honoured otherwise, and empty rows that guard against
    duplicates. A turn under way, which remembers too much, is fenced off; its messages are answered afresh.
    False: no such conversation."""
    sql = """
        WITH gone AS (
            SELECT id, done_inbox_id, opted_out_at IS NOT NULL AS stays_away
            FROM conversation WHERE tenant_id = $1 AND id = $2
        ), messages AS (
            DELETE FROM message m USING gone WHERE m.tenant_id = $1 AND m.conversation_id = gone.id
                AND (stays_away OR m.created_at <= $3)
        ), received AS (
            UPDATE inbox i SET body = '', media = NULL FROM gone WHERE i.tenant_id = $1 AND i.conversation_id = gone.id
                AND i.id <= done_inbox_id AND (stays_away OR i.received_at <= $3)
        ), sent AS (
            UPDATE outbox o SET body = '', media_url = NULL FROM gone
            WHERE o.tenant_id = $1 AND o.conversation_id = gone.id AND (stays_away OR o.created_at <= $3)
                AND o.state NOT IN ('queued', 'sending')
        ), leads AS (
            DELETE FROM lead l USING gone WHERE l.tenant_id = $1 AND l.conversation_id = gone.id AND stays_away
        )
        UPDATE conversation c SET name = CASE WHEN stays_away THEN '' ELSE name END,
            memory = CASE WHEN stays_away THEN '{"opt_out": true}' ELSE memory END, lease_fence = lease_fence + 1
        FROM gone WHERE c.tenant_id = $1 AND c.id = gone.id"""
    return bool(await db.execute(sql, tenant_id, conversation_id, upto) == "UPDATE 1")


async def in_flight(db: Db, tenant_id: TenantId, conversation_id: ConversationId) -> int:
    """Bot replies that were marked for sending and have no result yet."""
    sql = """
        SELECT count(*) FROM outbox WHERE tenant_id = $1 AND conversation_id = $2
            AND kind = 'reply' AND state = 'sending' AND send_until > clock_timestamp()"""
    return int(await db.fetchval(sql, tenant_id, conversation_id))


async def find(db: Db, tenant_id: TenantId, *, external_id: str) -> ConversationId | None:
    sql = "SELECT id FROM conversation WHERE tenant_id = $1 AND external_id = $2 ORDER BY id LIMIT 1"
    id_ = await db.fetchval(sql, tenant_id, external_id)
    return None if id_ is None else ConversationId(id_)


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    external_id: str
    name: str


async def customers(db: Db, tenant_id: TenantId, *, limit: int) -> list[Customer]:
    """Who wrote last comes first; users of the showroom are no customers."""
    sql = """
        SELECT c.external_id, c.name FROM conversation c
        WHERE c.tenant_id = $1 AND c.last_inbox_id > 0
          AND NOT EXISTS (SELECT FROM app_user u WHERE u.tenant_id = $1 AND u.phone = c.phone)
        ORDER BY c.last_inbox_at DESC LIMIT $2"""
    return [Customer(**row) for row in await db.fetch(sql, tenant_id, limit)]

"""Who asked about what, and who takes care of it. A conversation has at most one open lead; turns write it
(turn_commit), people move it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from autoleads.sql.pool import Db
from autoleads.types import CarId, ConversationId, LeadId, LeadStatus, TenantId, UserId

OVER = frozenset({LeadStatus.CLOSED, LeadStatus.LOST})


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


# What a salesperson sees ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """A lead as its salesperson needs it. `waiting`: people are being asked to take it. `held_by`: who has the
    conversation now, the bot being silent. `opted_out`: the customer wants no messages. `last_said`: the
    customer's newest words."""

    id: LeadId
    conversation_id: ConversationId
    name: str
    phone: str | None
    status: LeadStatus
    score: int
    reasons: tuple[str, ...]
    budget_idr: int | None
    car: str | None  # Toyota Avanza 2020 #A01
    price_idr: int | None
    notes: str
    assigned_to: UserId | None
    assigned_name: str | None
    offered_to: UserId | None  # who was asked last
    waiting: bool
    held_by: UserId | None
    opted_out: bool
    last_said: str

    @property
    def over(self) -> bool:
        return self.status in OVER

    @property
    def free(self) -> bool:
        """Anybody may take it."""
        return not self.over and (self.waiting or self.assigned_to is None)


_BRIEF = """
    SELECT l.id, l.conversation_id, l.customer_name AS name, coalesce(l.customer_phone, v.phone) AS phone, l.status,
        l.score, l.reasons, l.budget_idr, concat_ws(' ', c.brand, c.public_name) AS car, c.price_idr, l.notes,
        l.assigned_to, u.name AS assigned_name, l.offered_to,
        l.offered_at IS NOT NULL AND l.taken_at IS NULL AS waiting,
        CASE WHEN v.human_until > clock_timestamp() THEN v.human_user_id END AS held_by,
        v.opted_out_at IS NOT NULL AS opted_out,
        coalesce((SELECT m.body FROM message m WHERE m.tenant_id = l.tenant_id
                      AND m.conversation_id = l.conversation_id AND m.sender = 'customer'
                  ORDER BY m.id DESC LIMIT 1), '') AS last_said
    FROM lead l JOIN conversation v ON v.tenant_id = l.tenant_id AND v.id = l.conversation_id
    LEFT JOIN car c ON c.tenant_id = l.tenant_id AND c.id = l.car_id
    LEFT JOIN app_user u ON u.tenant_id = l.tenant_id AND u.id = l.assigned_to"""


def _brief(row: asyncpg.Record) -> Brief:
    known = {key: row[key] for key in Brief.__dataclass_fields__}
    return Brief(
        **{**known, "status": LeadStatus(row["status"]), "reasons": tuple(row["reasons"]), "car": row["car"] or None}
    )


async def brief(db: Db, tenant_id: TenantId, lead_id: LeadId) -> Brief | None:
    row = await db.fetchrow(f"{_BRIEF} WHERE l.tenant_id = $1 AND l.id = $2", tenant_id, lead_id)
    return None if row is None else _brief(row)


async def brief_of(db: Db, tenant_id: TenantId, conversation_id: ConversationId) -> Brief | None:
    """The open lead of a conversation."""
    sql = f"{_BRIEF} WHERE l.tenant_id = $1 AND l.conversation_id = $2 AND l.status NOT IN ('closed', 'lost')"
    row = await db.fetchrow(sql, tenant_id, conversation_id)
    return None if row is None else _brief(row)


async def briefs(
    db: Db, tenant_id: TenantId, *, user_id: UserId | None, limit: int, status: LeadStatus | None = None
) -> list[Brief]:
    """Open leads: what waits for a person first, then the hot and the warm, the latest first. `user_id` leaves out
    those that another person has. With a `status` those of it, be they open or over."""
    sql = f"""
        {_BRIEF} WHERE l.tenant_id = $1 AND CASE WHEN $4::text IS NULL THEN l.status NOT IN ('closed', 'lost')
                                                 ELSE l.status = $4 END
          AND ($2::bigint IS NULL OR l.assigned_to IS NULL OR l.assigned_to = $2
               OR l.offered_at IS NOT NULL AND l.taken_at IS NULL)
        ORDER BY waiting DESC, l.status = 'hot' DESC, l.status = 'warm' DESC, l.updated_at DESC, l.id DESC LIMIT $3"""
    return [_brief(row) for row in await db.fetch(sql, tenant_id, user_id, limit, status)]


async def briefs_by_id(db: Db, tenant_id: TenantId, lead_ids: Sequence[LeadId]) -> list[Brief]:
    """In the order asked; those that are gone are left out."""
    rows = await db.fetch(f"{_BRIEF} WHERE l.tenant_id = $1 AND l.id = ANY($2)", tenant_id, list(lead_ids))
    found = {row["id"]: _brief(row) for row in rows}
    return [found[lead_id] for lead_id in lead_ids if lead_id in found]


async def named(db: Db, tenant_id: TenantId, *, name: str, digits: str, limit: int) -> list[Brief]:
    """Leads whose customer's name has a word that begins with `name`, or whose number ends with `digits`; open ones
    first. Empty strings match nothing."""
    sql = f"""
        {_BRIEF} WHERE l.tenant_id = $1
          AND ($2 <> '' AND ' ' || lower(l.customer_name) LIKE '% ' || $2 || '%'
               OR $3 <> '' AND coalesce(l.customer_phone, v.phone) LIKE '%' || $3)
        ORDER BY l.status IN ('closed', 'lost'), waiting DESC, l.updated_at DESC LIMIT $4"""
    pattern = name.lower().replace("\\", "").replace("%", "").replace("_", "")
    return [_brief(row) for row in await db.fetch(sql, tenant_id, pattern, digits, limit)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A lead that a person was asked to take in its latest round, and when."""

    brief: Brief
    offered_at: datetime


async def offers(db: Db, tenant_id: TenantId, user_id: UserId, *, limit: int) -> list[Offer]:
    """What this person was asked and did not skip, latest first; also what somebody took meanwhile."""
    sql = f"""
        {_BRIEF.replace("SELECT", "SELECT o.offered_at,", 1)}
        JOIN lead_offer o ON o.tenant_id = l.tenant_id AND o.lead_id = l.id
        WHERE l.tenant_id = $1 AND o.user_id = $2 AND o.skipped_at IS NULL AND o.offered_at >= l.offered_at
          AND l.status NOT IN ('closed', 'lost')
        ORDER BY o.offered_at DESC LIMIT $3"""
    rows = await db.fetch(sql, tenant_id, user_id, limit)
    return [Offer(brief=_brief(row), offered_at=row["offered_at"]) for row in rows]


# Taking and passing on ------------------------------------------------------------------------------------------


async def take(db: Db, tenant_id: TenantId, lead_id: LeadId, user_id: UserId) -> bool:
    """One wins: False when the lead is over, or somebody has it and it is not being offered."""
    sql = """
        UPDATE lead SET assigned_to = $3, taken_at = clock_timestamp(), updated_at = now()
        WHERE tenant_id = $1 AND id = $2 AND status NOT IN ('closed', 'lost')
          AND (assigned_to IS NULL OR offered_at IS NOT NULL AND taken_at IS NULL)"""
    return bool(await db.execute(sql, tenant_id, lead_id, user_id) == "UPDATE 1")


async def promised(db: Db, tenant_id: TenantId, lead_id: LeadId) -> UserId | None:
    """Whom the customer expects: who was asked first in the round under way."""
    sql = """
        SELECT o.user_id FROM lead l JOIN lead_offer o ON o.tenant_id = l.tenant_id AND o.lead_id = l.id
        WHERE l.tenant_id = $1 AND l.id = $2 AND l.taken_at IS NULL AND o.offered_at >= l.offered_at
        ORDER BY o.offered_at LIMIT 1"""
    found = await db.fetchval(sql, tenant_id, lead_id)
    return None if found is None else UserId(found)


async def skip(db: Db, tenant_id: TenantId, lead_id: LeadId, user_id: UserId) -> bool:
    """False when this person was not asked, or had skipped already."""
    sql = """
        UPDATE lead_offer SET skipped_at = clock_timestamp()
        WHERE tenant_id = $1 AND lead_id = $2 AND user_id = $3 AND skipped_at IS NULL"""
    return bool(await db.execute(sql, tenant_id, lead_id, user_id) == "UPDATE 1")


async def next_in_turn(db: Db, tenant_id: TenantId, lead_id: LeadId) -> UserId | None:
    """Who is to be asked next in the round under way: who had the lead before, then the car's branch, then the
    others. None: everybody was asked, or no round is under way."""
    sql = """
        SELECT s.id FROM lead l LEFT JOIN car c ON c.tenant_id = l.tenant_id AND c.id = l.car_id
        CROSS JOIN LATERAL sales_in_turn($1) s
        WHERE l.tenant_id = $1 AND l.id = $2 AND l.offered_at IS NOT NULL AND l.taken_at IS NULL
          AND l.status NOT IN ('closed', 'lost')
          AND NOT EXISTS (SELECT FROM lead_offer o WHERE o.tenant_id = $1 AND o.lead_id = l.id AND o.user_id = s.id
                          AND o.offered_at >= l.offered_at)
        ORDER BY (s.id = l.assigned_to) IS TRUE DESC, (s.branch_id = c.branch_id) IS TRUE DESC, s.place LIMIT 1"""
    found = await db.fetchval(sql, tenant_id, lead_id)
    return None if found is None else UserId(found)


async def owners_in_turn(db: Db, tenant_id: TenantId, lead_id: LeadId) -> list[UserId]:
    """Who is called when nobody else takes it: owners (admins, where there is none) who did not skip it themselves."""
    sql = """
        SELECT u.id FROM lead l JOIN app_user u ON u.tenant_id = l.tenant_id AND u.status = 'active'
            AND u.phone IS NOT NULL
            AND u.role = CASE WHEN EXISTS (SELECT FROM app_user o WHERE o.tenant_id = $1 AND o.status = 'active'
                                             AND o.phone IS NOT NULL AND o.role = 'owner')
                         THEN 'owner' ELSE 'admin' END
        WHERE l.tenant_id = $1 AND l.id = $2
          AND NOT EXISTS (SELECT FROM lead_offer o WHERE o.tenant_id = $1 AND o.lead_id = l.id AND o.user_id = u.id
                          AND o.skipped_at >= l.offered_at)
        ORDER BY u.id"""
    return [UserId(row["id"]) for row in await db.fetch(sql, tenant_id, lead_id)]


async def offer_to(db: Db, tenant_id: TenantId, lead_id: LeadId, user_ids: Sequence[UserId]) -> None:
    """Notes in the round under way that these people are asked; the last of them is whom the customer is told of."""
    sql = """
        WITH asked AS (
            INSERT INTO lead_offer (tenant_id, lead_id, user_id)
            SELECT l.tenant_id, l.id, u FROM lead l, unnest($3::bigint[]) u WHERE l.tenant_id = $1 AND l.id = $2
            ON CONFLICT (tenant_id, lead_id, user_id)
                DO UPDATE SET offered_at = clock_timestamp(), skipped_at = NULL
        )
        UPDATE lead SET offered_to = $4 WHERE tenant_id = $1 AND id = $2"""
    await db.execute(sql, tenant_id, lead_id, list(user_ids), user_ids[-1])


# What people change ---------------------------------------------------------------------------------------------


async def set_status(db: Db, tenant_id: TenantId, lead_id: LeadId, status: LeadStatus) -> bool:
    """False: no such lead, or its customer has a newer open lead beside which this one cannot be opened again."""
    sql = """
        UPDATE lead l SET status = $3, updated_at = now(), closed_at = CASE WHEN $3 IN ('closed', 'lost') THEN now() END
        WHERE tenant_id = $1 AND id = $2 AND ($3 IN ('closed', 'lost') OR NOT EXISTS (
            SELECT FROM lead o WHERE o.tenant_id = $1 AND o.conversation_id = l.conversation_id AND o.id <> l.id
              AND o.status NOT IN ('closed', 'lost')))"""
    return bool(await db.execute(sql, tenant_id, lead_id, status) == "UPDATE 1")


async def rest(db: Db, tenant_id: TenantId, conversation_id: ConversationId) -> None:
    """Nobody is asked any more to take this conversation's lead; no timer of it is left."""
    await db.execute("SELECT lead_rest($1, $2)", tenant_id, conversation_id)


async def add_note(db: Db, tenant_id: TenantId, lead_id: LeadId, line: str) -> bool:
    """Below the notes that are there."""
    sql = """
        UPDATE lead SET notes = concat_ws(E'\\n', nullif(notes, ''), $3::text), updated_at = now()
        WHERE tenant_id = $1 AND id = $2"""
    return bool(await db.execute(sql, tenant_id, lead_id, line) == "UPDATE 1")

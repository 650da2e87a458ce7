"""People of a showroom: owners, admins, sales."""

from dataclasses import dataclass, replace
from datetime import datetime

import asyncpg

from autoleads.errors import Conflict, NotFound
from autoleads.sql.pool import Db
from autoleads.types import BranchId, Role, TenantId, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """`phone` in digits, 62...; its messages on the showroom's device are commands. None until a number is enrolled
    with a code, which may also move a person to another one; `code_until` is when that code ends."""

    id: UserId
    name: str
    email: str | None
    phone: str | None
    role: Role
    status: str
    branch_id: BranchId | None
    code_until: datetime | None


_COLUMNS = ", ".join(User.__dataclass_fields__)


def _user(row: asyncpg.Record) -> User:
    return User(**{**row, "role": Role(row["role"])})


def _taken(exc: asyncpg.UniqueViolationError) -> Conflict:
    field = "email" if exc.constraint_name == "app_user_email_taken" else "phone"
    return Conflict(f"a user of this showroom already has this {field}", field=field)


async def all_of(db: Db, tenant_id: TenantId) -> list[User]:
    rows = await db.fetch(f"SELECT {_COLUMNS} FROM app_user WHERE tenant_id = $1 ORDER BY id", tenant_id)
    return [_user(row) for row in rows]


async def add(
    db: Db,
    tenant_id: TenantId,
    *,
    name: str,
    phone: str | None,
    role: Role,
    email: str | None = None,
    branch_id: BranchId | None = None,
    password_hash: str | None = None,
) -> UserId:
    """Raises Conflict when the phone or the address is taken within the showroom."""
    sql = """
        INSERT INTO app_user (tenant_id, name, phone, role, email, branch_id, password_hash)
        VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id"""
    try:
        return UserId(await db.fetchval(sql, tenant_id, name, phone, role, email, branch_id, password_hash))
    except asyncpg.UniqueViolationError as exc:
        raise _taken(exc) from None


async def set_fields(
    db: Db,
    tenant_id: TenantId,
    user_id: UserId,
    *,
    role: Role | None = None,
    status: str | None = None,
    name: str | None = None,
    phone: str | None = None,
    email: str | None = None,
    branch_id: BranchId | None = None,
    password_hash: str | None = None,
) -> bool:
    """None leaves what is stored. False: no such user. Raises Conflict when the phone or the address is taken.

    Who becomes inactive no longer has conversations and open leads: nobody would answer there.
    A code is void then, and as soon as there is a new number.
    """
    if status == "inactive":
        await _free(db, tenant_id, user_id)
    sql = """
        UPDATE app_user SET role = coalesce($3, role), status = coalesce($4, status), name = coalesce($5, name),
            phone = coalesce($6, phone), email = coalesce($7, email), branch_id = coalesce($8, branch_id),
            password_hash = coalesce($9, password_hash), updated_at = now(),
            code_hash = CASE WHEN $4 = 'inactive' OR $6 IS NOT NULL THEN NULL ELSE code_hash END,
            code_until = CASE WHEN $4 = 'inactive' OR $6 IS NOT NULL THEN NULL ELSE code_until END
        WHERE tenant_id = $1 AND id = $2"""
    values = (role, status, name, phone, email, branch_id, password_hash)
    try:
        return bool(await db.execute(sql, tenant_id, user_id, *values) == "UPDATE 1")
    except asyncpg.UniqueViolationError as exc:
        raise _taken(exc) from None


async def _free(db: Db, tenant_id: TenantId, user_id: UserId) -> None:
    """Conversations are locked in the order of their ids and before their leads, as turns do."""
    sql = """
        SELECT c.id FROM conversation c WHERE c.tenant_id = $1 AND (c.human_user_id = $2 OR EXISTS (
            SELECT FROM lead l WHERE l.tenant_id = $1 AND l.conversation_id = c.id AND l.assigned_to = $2))
        ORDER BY c.id FOR NO KEY UPDATE"""
    await db.fetch(sql, tenant_id, user_id)
    sql = """
        UPDATE conversation SET human_user_id = NULL, human_until = NULL WHERE tenant_id = $1 AND human_user_id = $2"""
    await db.execute(sql, tenant_id, user_id)
    sql = """
        UPDATE lead SET assigned_to = NULL
        WHERE tenant_id = $1 AND assigned_to = $2 AND status NOT IN ('closed', 'lost')"""
    await db.execute(sql, tenant_id, user_id)


async def need(db: Db, tenant_id: TenantId, user_id: UserId) -> User:
    """Raises NotFound."""
    row = await db.fetchrow(f"SELECT {_COLUMNS} FROM app_user WHERE tenant_id = $1 AND id = $2", tenant_id, user_id)
    if row is None:
        raise NotFound("no such user", field="user")
    return _user(row)


# Codes ----------------------------------------------------------------------------------------------------------


async def set_code(db: Db, tenant_id: TenantId, user_id: UserId, *, code_hash: str, until: datetime) -> bool:
    """Instead of the one before. False: nobody active has this id."""
    sql = """
        UPDATE app_user SET code_hash = $3, code_until = $4, updated_at = now()
        WHERE tenant_id = $1 AND id = $2 AND status = 'active'"""
    return bool(await db.execute(sql, tenant_id, user_id, code_hash, until) == "UPDATE 1")


async def enrol(db: Db, tenant_id: TenantId, *, code_hash: str, phone: str) -> User | None:
    """The number becomes that of the person whose code this is, instead of the one before; the code is used up. Of two
    who send it at once one gets it. None: no such code, or it has ended, or the number belongs to an active user. From
    who left the showroom the number moves on."""
    sql = f"""
        UPDATE app_user u SET code_hash = NULL, code_until = NULL, updated_at = now()
        WHERE tenant_id = $1 AND code_hash = $2 AND code_until > clock_timestamp() AND status = 'active'
          AND NOT EXISTS (SELECT FROM app_user o WHERE o.tenant_id = $1 AND o.phone = $3 AND o.status = 'active')
        RETURNING {_COLUMNS}"""
    row = await db.fetchrow(sql, tenant_id, code_hash, phone)
    if row is None:
        return None
    sql = "UPDATE app_user SET phone = NULL WHERE tenant_id = $1 AND phone = $2 AND status = 'inactive'"
    await db.execute(sql, tenant_id, phone)
    await set_fields(db, tenant_id, UserId(row["id"]), phone=phone)
    return replace(_user(row), phone=phone)

"""People of a showroom: owners, admins, sales."""

from dataclasses import dataclass

import asyncpg

from autoleads.errors import Conflict, NotFound
from autoleads.sql.pool import Db
from autoleads.types import BranchId, Role, TenantId, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """`phone` in digits, 62...; its messages on the showroom's device are commands."""

    id: UserId
    name: str
    email: str | None
    phone: str
    role: Role
    status: str
    branch_id: BranchId | None


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
    phone: str,
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
    """
    if status == "inactive":
        await _free(db, tenant_id, user_id)
    sql = """
        UPDATE app_user SET role = coalesce($3, role), status = coalesce($4, status), name = coalesce($5, name),
            phone = coalesce($6, phone), email = coalesce($7, email), branch_id = coalesce($8, branch_id),
            password_hash = coalesce($9, password_hash), updated_at = now()
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


async def find(db: Db, tenant_id: TenantId, *, phone: str) -> User | None:
    row = await db.fetchrow(f"SELECT {_COLUMNS} FROM app_user WHERE tenant_id = $1 AND phone = $2", tenant_id, phone)
    return None if row is None else _user(row)


async def need(db: Db, tenant_id: TenantId, user_id: UserId) -> User:
    """Raises NotFound."""
    row = await db.fetchrow(f"SELECT {_COLUMNS} FROM app_user WHERE tenant_id = $1 AND id = $2", tenant_id, user_id)
    if row is None:
        raise NotFound("no such user", field="user")
    return _user(row)

"""Who changed what of which car, when, and whether it was taken back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg

from autoleads.sql.pool import Db
from autoleads.types import CarId, InboxId, TenantId, UserId

IMPORT = "import"  # what a list of cars did


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who changes a car, and by which message. JSON types only: timers keep it."""

    user_id: UserId
    user_name: str
    inbox_id: InboxId


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """`before` and `after`: the columns that changed; of a new car `before` is empty, of a removed one it is what
    cars.restore takes."""

    id: int
    car_id: CarId
    user_id: UserId | None
    user_name: str
    what: str
    before: dict[str, Any]
    after: dict[str, Any]


_COLUMNS = ", ".join(Change.__dataclass_fields__)


def _change(row: asyncpg.Record | None) -> Change | None:
    return None if row is None else Change(**row)


async def add(
    db: Db,
    tenant_id: TenantId,
    car_id: CarId,
    by: Author,
    *,
    what: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> None:
    """In the transaction of the change itself. The user may be gone by then, when a timer makes it."""
    sql = """
        INSERT INTO car_change (tenant_id, car_id, user_id, user_name, what, before, after, inbox_id)
        VALUES ($1, $2, (SELECT id FROM app_user WHERE tenant_id = $1 AND id = $3), $4, $5, $6, $7, $8)"""
    await db.execute(sql, tenant_id, car_id, by.user_id, by.user_name, what, dict(before), dict(after), by.inbox_id)


async def add_created(db: Db, tenant_id: TenantId, codes: Sequence[str], by: Author, *, what: str) -> None:
    """The cars of these display codes are new, all in one statement; in the transaction that added them."""
    sql = """
        INSERT INTO car_change (tenant_id, car_id, user_id, user_name, what, before, after, inbox_id)
        SELECT c.tenant_id, c.id, $3, $4, $5, '{}', to_jsonb(c), $6 FROM car c
        WHERE c.tenant_id = $1 AND c.display_code = ANY($2) ORDER BY c.id"""
    await db.execute(sql, tenant_id, list(codes), by.user_id, by.user_name, what, by.inbox_id)


async def take_back_import(db: Db, tenant_id: TenantId, change_id: int) -> tuple[int, int]:
    """(cars removed, cars that stay since they are not any more what the list said) of the whole import that this
    change is part of."""
    sql = """
        WITH added AS (
            SELECT a.id, a.car_id, a.after FROM car_change one JOIN car_change a
                ON a.tenant_id = $1 AND a.inbox_id = one.inbox_id AND a.what = one.what
            WHERE one.tenant_id = $1 AND one.id = $2 AND a.undone_at IS NULL
        ), gone AS (
            DELETE FROM car c USING added WHERE c.tenant_id = $1 AND c.id = added.car_id
                AND to_jsonb(c) - '{updated_at,sold_at}'::text[] = added.after - '{updated_at,sold_at}'::text[]
            RETURNING c.id
        ), undone AS (
            UPDATE car_change SET undone_at = clock_timestamp()
            WHERE tenant_id = $1 AND id IN (SELECT a.id FROM added a JOIN gone g ON g.id = a.car_id)
        )
        SELECT (SELECT count(*) FROM gone) AS gone, (SELECT count(*) FROM added a JOIN car c
            ON c.tenant_id = $1 AND c.id = a.car_id) AS known"""
    row = await db.fetchrow(sql, tenant_id, change_id)
    return row["gone"], row["known"] - row["gone"]


async def latest_by(db: Db, tenant_id: TenantId, user_id: UserId, *, within_s: float) -> Change | None:
    """What this user ordered last, as far as it still stands and is not older than that. An order may change a car
    again later (photos that are still on their way to a new one): it is known by its first change."""
    sql = f"""
        SELECT {_COLUMNS} FROM car_change
        WHERE tenant_id = $1 AND user_id = $2 AND undone_at IS NULL
          AND at > clock_timestamp() - make_interval(secs => $3)
        ORDER BY inbox_id DESC NULLS LAST, id LIMIT 1"""
    return _change(await db.fetchrow(sql, tenant_id, user_id, within_s))


async def latest_of(db: Db, tenant_id: TenantId, car_id: CarId) -> Change | None:
    """The car's last change that still stands."""
    sql = f"""
        SELECT {_COLUMNS} FROM car_change
        WHERE tenant_id = $1 AND car_id = $2 AND undone_at IS NULL ORDER BY id DESC LIMIT 1"""
    return _change(await db.fetchrow(sql, tenant_id, car_id))


async def set_undone(db: Db, tenant_id: TenantId, change_id: int) -> bool:
    """With what else the same message changed of that car. False: taken back already, or not there."""
    sql = """
        UPDATE car_change c SET undone_at = clock_timestamp() FROM car_change first
        WHERE first.tenant_id = $1 AND first.id = $2 AND c.tenant_id = $1 AND c.car_id = first.car_id
          AND (c.id = first.id OR c.inbox_id = first.inbox_id) AND c.undone_at IS NULL"""
    return bool(await db.execute(sql, tenant_id, change_id) != "UPDATE 0")

"""Photos of cars: where they lie, and which no car has any more."""

from collections.abc import Sequence

from autoleads.sql.pool import Db
from autoleads.types import TenantId

_PUBLIC, _SERVED = "cars/", "/uploads/"


def is_public(key: str) -> bool:
    """Whether the file of that storage key may be shown to everybody."""
    return key.startswith(_PUBLIC)


def address(key: str) -> str:
    """As in a car's `photos`."""
    return _SERVED + key


async def mark_unused(db: Db, tenant_id: TenantId) -> None:
    """Notes since when photos that were made for a car are in none."""
    sql = """
        UPDATE attachment a SET unused_since = CASE WHEN u.used THEN NULL ELSE clock_timestamp() END
        FROM (
            SELECT id, EXISTS (SELECT FROM car c WHERE c.tenant_id = $1 AND $3 || f.path = ANY (c.photos)) AS used
            FROM attachment f WHERE f.tenant_id = $1 AND f.path LIKE $2
        ) u
        WHERE a.tenant_id = $1 AND a.id = u.id AND u.used = (a.unused_since IS NOT NULL)"""
    await db.execute(sql, tenant_id, f"{_PUBLIC}%", _SERVED)


async def unused(db: Db, tenant_id: TenantId, *, hours: float, limit: int) -> list[str]:
    """Storage keys that have been in no car for so long, whoever sent them."""
    sql = """
        SELECT path FROM attachment WHERE tenant_id = $1 AND path LIKE $2 GROUP BY path
        HAVING bool_and(coalesce(unused_since < clock_timestamp() - make_interval(secs => $3), false))
        ORDER BY path LIMIT $4"""
    return [row["path"] for row in await db.fetch(sql, tenant_id, f"{_PUBLIC}%", hours * 3600, limit)]


async def named_nowhere(db: Db, tenant_id: TenantId, keys: Sequence[str]) -> set[str]:
    """Those storage keys that are neither of a file that came nor of a car's photo."""
    sql = """
        SELECT k FROM unnest($2::text[]) k
        WHERE NOT EXISTS (SELECT FROM attachment a WHERE a.tenant_id = $1 AND a.path = k)
          AND NOT EXISTS (SELECT FROM car c WHERE c.tenant_id = $1 AND $3 || k = ANY (c.photos))"""
    return {row["k"] for row in await db.fetch(sql, tenant_id, list(keys), _SERVED)}


async def forget(db: Db, tenant_id: TenantId, paths: Sequence[str]) -> None:
    await db.execute("DELETE FROM attachment WHERE tenant_id = $1 AND path = ANY ($2)", tenant_id, list(paths))

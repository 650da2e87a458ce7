"""Photos of cars: where they lie, which car has them, and which nobody has any more."""

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


async def set_photos(
    db: Db, tenant_id: TenantId, display_code: str, photos: Sequence[str], *, expected: Sequence[str]
) -> bool:
    """False when the car is gone, or its photos are not the expected ones any more."""
    sql = """
        UPDATE car SET photos = $3, updated_at = now()
        WHERE tenant_id = $1 AND display_code = $2 AND photos = $4::text[]"""
    done = await db.execute(sql, tenant_id, display_code, list(photos), list(expected))
    return bool(done == "UPDATE 1")

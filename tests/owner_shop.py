"""A showroom whose owner, admin and sales write to the bot, with the three sample cars and known plates."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from autoleads.bot.turn import Outcome, Turn
from autoleads.sql.pool import Database
from autoleads.types import Role
from tests.standins.fonnte import FonnteStandin
from tests.test_handover import Shop, _shop, quiet

HADI, RINA, BUDI = "Pak Hadi", "Rina", "Budi"
PLATES = {"#A01": "B1234XYZ", "#A02": "L5678AB", "#V01": "W9012CD"}


@asynccontextmanager
async def owner_shop(
    database: Database, fonnte: FonnteStandin, answer: Callable[[Turn], Awaitable[Outcome]] = quiet
) -> AsyncIterator[Shop]:
    people = ((HADI, Role.OWNER), (RINA, Role.ADMIN), (BUDI, Role.SALES))
    async with _shop(database, fonnte, *people, answer=answer) as shop:
        async with database.tenant(shop.tenant_id) as db:
            for code, plate in PLATES.items():
                await db.execute("UPDATE car SET plate_clean = $2 WHERE display_code = $1", code, plate)
        yield shop


async def tells(shop: Shop, who: str, *texts: str) -> str:
    """What the last of them was answered."""
    for text in texts:
        await shop.says(who, text)
    return shop.read(who)[-1]


async def car(shop: Shop, code: str = "#A01") -> dict[str, Any] | None:
    async with shop.database.tenant(shop.tenant_id) as db:
        row: dict[str, Any] | None = await db.fetchval("SELECT to_jsonb(c) FROM car c WHERE display_code = $1", code)
        return row


async def changes(shop: Shop) -> list[tuple[str, str, bool]]:
    """(who, what, taken back) in their order."""
    async with shop.database.tenant(shop.tenant_id) as db:
        rows = await db.fetch("SELECT user_name, what, undone_at IS NOT NULL AS undone FROM car_change ORDER BY id")
    return [(row["user_name"], row["what"], row["undone"]) for row in rows]

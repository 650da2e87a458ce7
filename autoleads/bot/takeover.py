"""A person takes a conversation from the bot, and gives it back."""

import asyncio
from datetime import UTC, datetime, timedelta

from autoleads.bot import texts
from autoleads.sql import conversations, timers
from autoleads.sql.pool import Database
from autoleads.sql.timers import TimerKind
from autoleads.types import ConversationKey, UserId

_LOOK_EVERY_S = 0.02


async def take(database: Database, key: ConversationKey, user_id: UserId, *, idle: timedelta, settle_s: float) -> bool:
    """Silences the bot at once and for `idle`. Returns when no bot message can arrive any more: a reply that was
    on its way when the person took over is waited for. TimeoutError: one is still on its way after `settle_s`, the
    takeover holds all the same. False: no such conversation."""
    tenant_id, conversation_id = key
    until = datetime.now(UTC) + idle
    async with database.tenant(tenant_id) as db:
        # The timer first, as everywhere: one that comes due at this moment ends the earlier take-over, not this one.
        if not await timers.save(db, tenant_id, conversation_id, TimerKind.BOT_RESUME, due_at=until):
            return False
        await conversations.take_over(db, tenant_id, conversation_id, user_id, until=until)
    async with asyncio.timeout(settle_s):
        while await _in_flight(database, key):  # noqa: ASYNC110 - another process may be the one that sends
            await asyncio.sleep(_LOOK_EVERY_S)
    return True


async def give_back(database: Database, key: ConversationKey) -> bool:
    """The bot answers again. False when no person had the conversation."""
    tenant_id, conversation_id = key
    async with database.tenant(tenant_id) as db:
        await timers.remove(db, tenant_id, conversation_id, TimerKind.BOT_RESUME)
        return await conversations.hand_back(db, tenant_id, conversation_id, note=texts.BOT_RESUMES)


async def _in_flight(database: Database, key: ConversationKey) -> int:
    async with database.tenant(key.tenant_id) as db:
        return await conversations.in_flight(db, *key)

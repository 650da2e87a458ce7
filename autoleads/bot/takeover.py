"""A person takes a conversation from the bot, and gives it back."""

import asyncio
from datetime import UTC, datetime, timedelta

from autoleads.bot import texts
from autoleads.sql import conversations, timers
from autoleads.sql.pool import Database, Db
from autoleads.sql.timers import Timer, TimerKind
from autoleads.types import ConversationId, ConversationKey, TenantId, UserId

_LOOK_EVERY_S = 0.02


async def take(database: Database, key: ConversationKey, user_id: UserId, *, idle: timedelta, settle_s: float) -> bool:
    """`hold` and `settled` in one. False: no such conversation."""
    async with database.tenant(key.tenant_id) as db:
        if not await hold(db, *key, user_id, idle=idle):
            return False
    await settled(database, key, within_s=settle_s)
    return True


async def hold(
    db: Db, tenant_id: TenantId, conversation_id: ConversationId, user_id: UserId, *, idle: timedelta
) -> bool:
    """Silences the bot from this commit on and for `idle`. False: no such conversation."""
    if not await conversations.lock(db, tenant_id, conversation_id):
        return False
    until = datetime.now(UTC) + idle
    await timers.save(db, tenant_id, conversation_id, TimerKind.BOT_RESUME, due_at=until)
    return await conversations.take_over(db, tenant_id, conversation_id, user_id, until=until)


async def settled(database: Database, key: ConversationKey, *, within_s: float) -> None:
    """Returns when no bot message can arrive any more: a reply that was on its way when the person took over is
    waited for. TimeoutError: one is still on its way; the takeover holds all the same."""
    async with asyncio.timeout(within_s):
        while await _in_flight(database, key):  # noqa: ASYNC110 - another process may be the one that sends
            await asyncio.sleep(_LOOK_EVERY_S)


async def release(db: Db, tenant_id: TenantId, conversation_id: ConversationId) -> bool:
    """The bot answers again. False when no person had the conversation."""
    await conversations.lock(db, tenant_id, conversation_id)
    await timers.remove(db, tenant_id, conversation_id, TimerKind.BOT_RESUME)
    return await conversations.hand_back(db, tenant_id, conversation_id, note=texts.BOT_RESUMES)


async def resume(db: Db, tenant_id: TenantId, timer: Timer) -> list[ConversationKey]:
    """The person has been silent long enough."""
    await conversations.hand_back(db, tenant_id, timer.conversation_id, note=texts.BOT_RESUMES)
    return []


async def _in_flight(database: Database, key: ConversationKey) -> int:
    async with database.tenant(key.tenant_id) as db:
        return await conversations.in_flight(db, *key)

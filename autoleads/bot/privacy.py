"""UU 27/2022: who wants the data deleted gets that, and silence."""

from datetime import datetime

from autoleads.sql import conversations
from autoleads.sql.pool import Db
from autoleads.sql.timers import Timer
from autoleads.types import ConversationKey, TenantId


async def erase(db: Db, tenant_id: TenantId, timer: Timer) -> list[ConversationKey]:
    """Due a while after the wish, so that the answer to it has left before."""
    upto = datetime.fromisoformat(timer.data["upto"])
    await conversations.erase(db, tenant_id, timer.conversation_id, upto=upto)
    return []

"""UU 27/2022: who wants the data deleted gets that, and silence."""

from datetime import datetime

from autoleads.media.storage import Storage
from autoleads.sql import attachments, conversations
from autoleads.sql.pool import Db
from autoleads.sql.timers import Timer
from autoleads.types import ConversationKey, TenantId


class Eraser:
    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def erase(self, db: Db, tenant_id: TenantId, timer: Timer) -> list[ConversationKey]:
        """Due a while after the wish, so that the answer to it has left before. Files go before the rows that name
        them are surely gone: after a crash the timer comes due again and finds both or none."""
        upto = datetime.fromisoformat(timer.data["upto"])
        for path in await attachments.forget(db, tenant_id, timer.conversation_id, upto=upto):
            await self._storage.delete(path)
        await conversations.erase(db, tenant_id, timer.conversation_id, upto=upto)
        return []

"""What the simulator page shows: the showrooms of this installation, their people, and what was said."""

from typing import Literal

from autoleads.sql import conversations, devices, messages, tenants, users
from autoleads.sql.messages import Message
from autoleads.sql.pool import Database
from autoleads.types import Sender
from autoleads.web.simulator import Person, ShowroomEntry, TranscriptLine

_LIMIT = 300
_FROM: dict[Sender, Literal["person", "bot", "system"]] = {
    Sender.CUSTOMER: "person",
    Sender.SALES: "person",
    Sender.BOT: "bot",
    Sender.SYSTEM: "system",
}
_UNSEEN = frozenset({"queued", "sending", "superseded", "cancelled", "dead"})


class Transcripts:
    """Reads with the tenant of the device; the page itself knows no tenant."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def showrooms(self) -> list[ShowroomEntry]:
        entries: list[ShowroomEntry] = []
        for tenant in await tenants.list_all_tenants(self._database):
            async with self._database.tenant(tenant.id) as db:
                numbers = await devices.tokens(db, tenant.id)
                staff = await users.all_of(db, tenant.id)
                customers = await conversations.customers(db, tenant.id, limit=30)
            people: list[Person] = [{"sender": c.external_id, "name": c.name, "role": "customer"} for c in customers]
            people += [{"sender": u.phone, "name": u.name, "role": u.role.value} for u in staff if u.phone]
            for number, _ in numbers[:1]:
                entries.append({"slug": tenant.slug, "name": tenant.name, "device": number, "people": people})
        return entries

    async def transcript(self, device: str, sender: str, after_id: int) -> list[TranscriptLine]:
        address = await devices.find_all_tenants(self._database, device)
        if address is None:
            return []
        async with self._database.tenant(address.tenant_id) as db:
            conversation_id = await conversations.find(db, address.tenant_id, external_id=sender)
            if conversation_id is None:
                return []
            lines = await messages.latest(db, address.tenant_id, conversation_id, after=after_id, limit=_LIMIT)
        return [_line(message) for message in lines if message.state not in _UNSEEN]


def _line(message: Message) -> TranscriptLine:
    return {
        "id": message.id,
        "from": _FROM[message.sender],
        "text": message.body,
        "photo": message.media_url,
        "at": message.created_at.isoformat(),
        "reply_ms": message.reply_ms,
    }

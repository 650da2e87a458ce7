"""A number that nobody of the showroom has yet sends a code, and is from then on that person's."""

import asyncio
from typing import Any

from autoleads import enrol_code
from autoleads.bot import takeover
from autoleads.bot import texts_staff as texts
from autoleads.bot.staff.base import MANAGERS
from autoleads.bot.turn import Turn
from autoleads.formats import phone_display
from autoleads.sql import inbox, leads, outbox, users
from autoleads.sql.pool import Database, Db
from autoleads.types import ConversationKey, LeadStatus


async def enrolled(database: Database, turn: Turn) -> dict[str, Any]:
    """What is stored with the message that had the code, and said again when it is repeated after a crash. `joined`
    also counts the tries: right or wrong, each is written down before anything is said."""
    message, code = turn.messages[-1], enrol_code.sent(turn.messages[-1].text)
    assert code is not None
    # Costs milliseconds of another core, and no connection waits for it.
    code_hash = await asyncio.to_thread(enrol_code.hashed, code, turn.key.tenant_id)
    async with database.tenant(turn.key.tenant_id) as db:
        stored = await inbox.outcome_of(db, *turn.key, message.id)
        if stored is None:
            stored = await _redeemed(db, turn, code_hash)
            await inbox.set_outcome(db, *turn.key, message.id, stored)
    return stored


async def _redeemed(db: Db, turn: Turn, code_hash: str) -> dict[str, Any]:
    tenant_id, conversation_id = turn.key
    tried = await inbox.tries(db, tenant_id, conversation_id, within_s=enrol_code.TRIES_WITHIN_S)
    if tried >= enrol_code.MOST_TRIES:
        return _refused(turn, texts.ENROL_TOO_OFTEN)
    if not turn.customer_phone:
        return _refused(turn, texts.ENROL_NO_NUMBER)
    user = await users.enrol(db, tenant_id, code_hash=code_hash, phone=turn.customer_phone)
    if user is None:
        return _refused(turn, texts.ENROL_REFUSED)
    await _no_customer_any_more(db, turn, user.name)
    managers = [one.id for one in await users.all_of(db, tenant_id) if one.role in MANAGERS and one.id != user.id]
    news = texts.ENROL_NEWS.format(name=user.name, role=user.role, phone=phone_display(turn.customer_phone))
    woken = await outbox.notify(db, tenant_id, managers, news, about=conversation_id)
    can = texts.ENROL_MANAGER_CAN if user.role in MANAGERS else texts.ENROL_SALES_CAN
    text = texts.ENROLLED.format(name=user.name, role=user.role, showroom=turn.showroom.name, can=can)
    return _stored(text, {}, joined=True, woken=woken)


async def _no_customer_any_more(db: Db, turn: Turn, name: str) -> None:
    """Nobody is asked to take a colleague's lead, nor holds the conversation."""
    await takeover.release(db, *turn.key)
    if lead := await leads.open_of(db, *turn.key):
        await leads.add_note(db, turn.key.tenant_id, lead.id, texts.ENROL_LEAD_NOTE.format(name=name))
        await leads.set_status(db, turn.key.tenant_id, lead.id, LeadStatus.LOST)
    await leads.rest(db, *turn.key)


def _refused(turn: Turn, text: str) -> dict[str, Any]:
    return _stored(text, dict(turn.memory), joined=False, woken=[])


def _stored(text: str, memory: dict[str, Any], *, joined: bool, woken: list[ConversationKey]) -> dict[str, Any]:
    """As the desk keeps what a command did: the message may be repeated when its writer is a user already."""
    ids = [key.conversation_id for key in woken]
    return {"text": text, "memory": memory, "woken": ids, "silenced": None, "joined": joined}

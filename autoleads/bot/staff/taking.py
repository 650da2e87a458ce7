"""1 and 2: a lead that was offered is taken or passed on."""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta

from autoleads.bot import takeover
from autoleads.bot import texts_staff as texts
from autoleads.bot.staff import numbers, show
from autoleads.bot.staff.ask import Ask
from autoleads.bot.staff.base import Answers, Done, Errand
from autoleads.sql import conversations, leads, messages, outbox
from autoleads.sql.leads import Brief, Offer
from autoleads.types import ConversationKey, LeadId

TAKE, SKIP = "take", "skip"  # kinds of Ask
_SAID = re.compile(r"^\W*(?:(?P<take>(?:1\W+)?ambil|satu)|(?:2\W+)?skip|dua)\W*$", re.IGNORECASE)
_MOST_OFFERS = 20
_HISTORY_LINES = 6


def said(text: str) -> str | None:
    """TAKE or SKIP, in figures or words."""
    match = _SAID.match(text)
    if match is None:
        return {1: TAKE, 2: SKIP}.get(numbers.picked(text) or 0)
    return TAKE if match["take"] else SKIP


async def offers(errand: Errand) -> list[Offer]:
    return await leads.offers(errand.db, errand.tenant_id, errand.user.id, limit=_MOST_OFFERS)


async def answered(errand: Errand, kind: str, offered: list[Offer]) -> Done:
    """`offered` is not empty. With several that wait the user says which, rather than taking the wrong one."""
    waiting = [offer.brief for offer in offered if offer.brief.waiting]
    if len(waiting) > 1:
        return which(errand, kind, waiting)
    brief = waiting[0] if waiting else offered[0].brief
    return await (take if kind == TAKE else skip)(errand, brief)


async def meant(errand: Errand, text: str) -> Done | None:
    """1 or 2 after a lead was offered. None when it is no such answer, or something was asked since to which it may be
    the answer."""
    answer, ask = said(text), errand.asked
    if answer is None:
        return None
    offered = await offers(errand)
    asked_at = ask.at if ask is not None else 0.0
    waiting = [offer for offer in offered if offer.brief.waiting]
    newest = max((offer.offered_at.timestamp() for offer in waiting), default=0.0)
    plain = bool(waiting) and "ambil" in text.lower()
    if not offered or (newest <= asked_at and asked_at and not plain):
        return None
    if ask is not None and ask.kind in ANSWERS and len(ask.ids) > 1:
        # The number may mean the list that was shown, or what came since.
        return which(errand, ask.kind, [offer.brief for offer in waiting])
    return await answered(errand, answer, offered)


async def meant_earlier(errand: Errand, text: str) -> Done | None:
    """The same for an offer that waits, whatever was asked since."""
    answer = said(text)
    waiting = [offer for offer in await offers(errand) if offer.brief.waiting] if answer else []
    return await answered(errand, answer, waiting) if answer and waiting else None


async def reminder(errand: Errand) -> Done | None:
    """Neither yes nor no to a lead: what to type."""
    waiting = [offer.brief for offer in await offers(errand) if offer.brief.waiting]
    if not waiting:
        return None
    names = ", ".join(dict.fromkeys(show.name(brief) for brief in waiting))
    return Done(text=texts.OFFER_WAITS.format(names=names))


def which(errand: Errand, kind: str, waiting: Sequence[Brief]) -> Done:
    verb = texts.VERB_TAKE if kind == TAKE else texts.VERB_SKIP
    question = texts.WHICH_OFFER.format(count=len(waiting), verb=verb, list=show.choice(waiting))
    return Done(text=question, ask=errand.ask(kind, tuple(brief.id for brief in waiting)))


async def take(errand: Errand, brief: Brief) -> Done:
    """Two who press at once: one wins, the other is told who."""
    db, tenant_id, me = errand.db, errand.tenant_id, errand.user
    await conversations.lock(db, tenant_id, brief.conversation_id)
    promised = await leads.promised(db, tenant_id, brief.id)
    won = await leads.take(db, tenant_id, brief.id, me.id)
    now = await leads.brief(db, tenant_id, brief.id)
    if now is None:
        return Done(text=texts.TAKEN_GONE.format(name=show.name(brief)))
    if not won:
        return Done(text=_not_won(errand, now))
    await leads.rest(db, tenant_id, now.conversation_id)
    idle = timedelta(seconds=errand.takeover_idle_s)
    await takeover.hold(db, tenant_id, now.conversation_id, me.id, idle=idle)
    woken: list[ConversationKey] = []
    if promised is not None and promised != me.id:
        introduction = texts.CUSTOMER_TAKEN.format(name=me.name)
        woken = await outbox.tell(db, tenant_id, now.conversation_id, introduction)
    history = await messages.latest(db, tenant_id, now.conversation_id, after=0, limit=_HISTORY_LINES)
    return Done(
        text=show.taken(now, history),
        woken=tuple(woken),
        silenced=ConversationKey(tenant_id, now.conversation_id),
    )


def _not_won(errand: Errand, brief: Brief) -> str:
    if brief.assigned_to == errand.user.id:
        return texts.TAKEN_ALREADY.format(name=show.name(brief))
    if brief.assigned_name:
        return texts.TAKEN_BY_OTHER.format(name=show.name(brief), who=brief.assigned_name)
    return texts.TAKEN_GONE.format(name=show.name(brief))


async def skip(errand: Errand, brief: Brief) -> Done:
    db, tenant_id = errand.db, errand.tenant_id
    await conversations.lock(db, tenant_id, brief.conversation_id)
    now = await leads.brief(db, tenant_id, brief.id)
    if now is not None and not now.waiting and now.assigned_to == errand.user.id:
        return Done(text=texts.SKIPPED_MINE.format(name=show.name(now), ref=show.ref(now)))
    if now is None or not now.waiting:
        return Done(text=texts.SKIPPED_GONE.format(name=show.name(brief)))
    await leads.skip(db, tenant_id, now.id, errand.user.id)
    if now.offered_to != errand.user.id:  # somebody else was asked meanwhile
        return Done(text=texts.SKIPPED_LAST.format(name=show.name(now)))
    person, woken = await errand.handover.pass_on(db, tenant_id, now)
    if person is not None:
        return Done(text=texts.SKIPPED.format(name=show.name(now), who=person), woken=tuple(woken))
    woken = await errand.handover.call_owner(db, tenant_id, now)
    text = texts.SKIPPED_TO_OWNER if woken else texts.SKIPPED_LAST
    return Done(text=text.format(name=show.name(now)), woken=tuple(woken))


async def _chosen(errand: Errand, ask: Ask, text: str) -> Done | None:
    """The number of a lead in the question that was asked."""
    lead_id = numbers.chosen(ask, text)
    if not isinstance(lead_id, int):
        return lead_id
    brief = await leads.brief(errand.db, errand.tenant_id, LeadId(lead_id))
    if brief is None:
        return Done(text=texts.LEAD_UNKNOWN.format(ref=numbers.picked(text)))
    return await (take if ask.kind == TAKE else skip)(errand, brief)


ANSWERS: Mapping[str, Answers] = {TAKE: _chosen, SKIP: _chosen}

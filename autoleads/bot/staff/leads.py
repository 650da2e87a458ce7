"""/lead, /selesai, /status-lead, /catat."""

import re
from collections.abc import Mapping

from autoleads.bot import takeover
from autoleads.bot import texts_staff as texts
from autoleads.bot.handover import quoted
from autoleads.bot.staff import numbers, show
from autoleads.bot.staff.ask import Ask
from autoleads.bot.staff.base import Answers, Done, Errand
from autoleads.bot.staff.finding import FINISH, NOTE, SHOW, STATUS, find, refusal
from autoleads.bot.staff.taking import TAKE
from autoleads.bot.understanding.command_base import Command, Instruction
from autoleads.sql import conversations, leads, messages
from autoleads.sql.leads import OVER, Brief
from autoleads.types import LeadId, LeadStatus

_OF_COMMAND = {
    Command.LEADS: (SHOW, "/lead Ahmad"),
    Command.DONE: (FINISH, "/selesai Ahmad"),
    Command.LEAD_STATUS: (STATUS, "/status-lead Ahmad warm"),
    Command.NOTE: (NOTE, "/catat Ahmad ..."),
}
_MORE = re.compile(r"^\W*(?:lanjut|next|lagi)\W*$", re.IGNORECASE)
_PAGE = 5
_MOST = 50
_HISTORY_LINES = 12


async def listing(errand: Errand, status: str) -> Done:
    """Sales see their own and those that nobody has, owners and admins all; with a `status` only those."""
    mine = None if errand.manages else errand.user.id
    found = await leads.briefs(
        errand.db, errand.tenant_id, user_id=mine, limit=_MOST, status=LeadStatus(status) if status else None
    )
    if not found:
        return Done(text=texts.LEADS_NONE)
    return _page(errand, tuple(brief.id for brief in found), found, 0)


async def _more(errand: Errand, ask: Ask) -> Done:
    """The next page of a list that was shown. Its numbers stay what they were, whatever went since."""
    found = await leads.briefs_by_id(errand.db, errand.tenant_id, [LeadId(id_) for id_ in ask.ids])
    if ask.given["shown"] >= len(ask.ids):
        return Done(text=texts.LEADS_NO_MORE)
    return _page(errand, ask.ids, found, ask.given["shown"])


def _page(errand: Errand, ids: tuple[int, ...], found: list[Brief], start: int) -> Done:
    end = min(start + _PAGE, len(ids))
    known = {brief.id: brief for brief in found}
    lines = (
        show.line(number, known[LeadId(id_)], errand.user.id)
        for number, id_ in enumerate(ids[start:end], start + 1)
        if id_ in known
    )
    text = texts.LEADS.format(
        count=len(ids) if len(ids) < _MOST else f"{_MOST}+",
        list="\n".join(lines),
        more=texts.LEADS_MORE.format(count=min(len(ids) - end, _PAGE)) if end < len(ids) else "",
    )
    return Done(text=text, ask=errand.ask(SHOW, ids, shown=end))


async def detail(errand: Errand, brief: Brief) -> Done:
    if refused := refusal(errand, brief):
        return refused
    history = await messages.latest(errand.db, errand.tenant_id, brief.conversation_id, after=0, limit=_HISTORY_LINES)
    ask = errand.ask(TAKE, (brief.id,)) if brief.free else None
    return Done(text=show.detail(brief, history, errand.user.id), ask=ask)


async def finish(errand: Errand, brief: Brief) -> Done:
    """The bot may speak again. The lead stays with its salesperson."""
    if refused := refusal(errand, brief):
        return refused
    if brief.over:  # the conversation may be about the customer's next one
        return Done(text=texts.STATUS_SAME.format(name=show.name(brief), after=texts.STATUS_SAID[brief.status]))
    freed = await takeover.release(errand.db, errand.tenant_id, brief.conversation_id)
    text = texts.DONE if freed else texts.DONE_NOT_HELD
    return Done(text=text.format(name=show.name(brief), status=texts.STATUS_SAID[brief.status], ref=show.ref(brief)))


async def set_status(errand: Errand, brief: Brief, status: str) -> Done:
    if refused := refusal(errand, brief):
        return refused
    if not status:
        return Done(text=texts.STATUS_WHICH.format(name=show.name(brief), ref=show.ref(brief)))
    before, after = brief.status, LeadStatus(status)
    said = {"name": show.name(brief), "before": texts.STATUS_SAID[before], "after": texts.STATUS_SAID[after]}
    if before is after:
        return Done(text=texts.STATUS_SAME.format(**said))
    freed = False
    if after in OVER and not brief.over:
        freed = await takeover.release(errand.db, errand.tenant_id, brief.conversation_id)
        await leads.rest(errand.db, errand.tenant_id, brief.conversation_id)
    if not await leads.set_status(errand.db, errand.tenant_id, brief.id, after):
        return Done(text=texts.STATUS_REFUSED.format(**said))
    return Done(text=(texts.STATUS_SET_OVER if freed else texts.STATUS_SET).format(**said))


async def note(errand: Errand, brief: Brief, text: str) -> Done:
    if refused := refusal(errand, brief):
        return refused
    if not text:
        return Done(text=texts.NOTE_EMPTY.format(ref=show.ref(brief)))
    line = f"{errand.turn.now:%d/%m %H:%M} {errand.user.name}: {text}"
    await leads.add_note(errand.db, errand.tenant_id, brief.id, line)
    return Done(text=texts.NOTED.format(name=show.name(brief), note=quoted(text)))


async def ordered(errand: Errand, said: Instruction) -> Done:
    """Any of these commands with the lead as it was written."""
    kind, example = _OF_COMMAND[said.command]
    status = said.entities.get("status", "")
    if kind == SHOW and not said.person:
        return await listing(errand, status)
    given = {STATUS: status, NOTE: said.note}.get(kind, "")
    found = await find(errand, said.person, kind=kind, given=given, example=example)
    return found if isinstance(found, Done) else await apply(errand, kind, found, given)


async def _chosen(errand: Errand, ask: Ask, text: str) -> Done | None:
    """The number of a lead in the question that was asked."""
    if ask.kind == SHOW and _MORE.match(text):
        return await _more(errand, ask)
    lead_id = numbers.chosen(ask, text)
    if not isinstance(lead_id, int):
        return lead_id
    brief = await leads.brief(errand.db, errand.tenant_id, LeadId(lead_id))
    if brief is None:
        return Done(text=texts.LEAD_UNKNOWN.format(ref=numbers.picked(text)))
    return await apply(errand, ask.kind, brief, ask.given.get("what", ""))


async def apply(errand: Errand, kind: str, brief: Brief, given: str) -> Done:
    if kind == SHOW:
        return await detail(errand, brief)
    await conversations.lock(errand.db, errand.tenant_id, brief.conversation_id)
    now = await leads.brief(errand.db, errand.tenant_id, brief.id)  # as it is once nobody else can change it
    if now is None:
        return Done(text=texts.LEAD_UNKNOWN.format(ref=show.name(brief)))
    if kind == FINISH:
        return await finish(errand, now)
    if kind == STATUS:
        return await set_status(errand, now, given)
    return await note(errand, now, given)


ANSWERS: Mapping[str, Answers] = dict.fromkeys((SHOW, FINISH, STATUS, NOTE), _chosen)

"""A user's message: which command it is, who may give it, and that it is carried out once."""

import contextlib
import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

from autoleads.bot import takeover
from autoleads.bot import texts_staff as texts
from autoleads.bot.handover import Handover
from autoleads.bot.staff import ask as asking
from autoleads.bot.staff import leads, taking
from autoleads.bot.staff.ask import Ask
from autoleads.bot.staff.base import Done, Errand
from autoleads.bot.turn import Outcome, Reply, Turn
from autoleads.bot.understanding.command_base import Command, Instruction
from autoleads.bot.understanding.commands import read_command
from autoleads.sql import inbox
from autoleads.sql.pool import Database, Db
from autoleads.types import ConversationId, ConversationKey

_NUMBER = re.compile(r"^\W*(\d{1,3})\W*$")
_WORDED = re.compile(r"^\W*(?:(?P<take>(?:1\W+)?ambil|satu)|(?:2\W+)?skip|dua)\W*$", re.IGNORECASE)
_CANCEL = re.compile(r"^\W*(?:/?batal|cancel)\W*$", re.IGNORECASE)
_MORE = re.compile(r"^\W*(?:lanjut|next|lagi)\W*$", re.IGNORECASE)
_OFFER_ANSWERS = {1: taking.TAKE, 2: taking.SKIP}


class Desk:
    """Everything a command changes is one transaction, and what it did is kept with its message: a turn that is
    repeated after a crash says the same again and does nothing twice."""

    def __init__(self, database: Database, handover: Handover, *, takeover_idle: timedelta, settle_s: float) -> None:
        self._database = database
        self._handover = handover
        self._takeover_idle_s = takeover_idle.total_seconds()
        self._settle_s = settle_s

    async def answer(self, turn: Turn) -> Outcome:
        inbox_id = turn.messages[-1].id
        async with self._database.tenant(turn.key.tenant_id) as db:
            stored = await inbox.outcome_of(db, *turn.key, inbox_id)
            if stored is None:
                done = await carry_out(self._errand(db, turn))
                stored = _stored(turn, done)
                await inbox.set_outcome(db, *turn.key, inbox_id, stored)
        if stored["silenced"] is not None:
            await self._silence(ConversationKey(turn.key.tenant_id, ConversationId(stored["silenced"])))
        return _outcome(turn, stored)

    async def rehearse(self, turn: Turn) -> str:
        """What would be said, with nothing changed by it."""
        async with self._database.undone(turn.key.tenant_id) as db:
            return (await carry_out(self._errand(db, turn))).text

    def _errand(self, db: Db, turn: Turn) -> Errand:
        return Errand(db=db, turn=turn, handover=self._handover, takeover_idle_s=self._takeover_idle_s)

    async def _silence(self, key: ConversationKey) -> None:
        with contextlib.suppress(TimeoutError):  # then a reply is still on its way, which is nothing to wait longer for
            await takeover.settled(self._database, key, within_s=self._settle_s)


async def carry_out(errand: Errand) -> Done:
    """The answer to what was asked before comes first, then what was offered, then commands."""
    text = errand.turn.text.strip()
    ask = asking.recalled(errand.turn.memory)
    if _CANCEL.match(text):
        return Done(text=texts.CANCELLED if ask else texts.NOTHING_TO_CANCEL)
    if number := _NUMBER.match(text):
        return await _numbered(errand, int(number[1]), ask)
    if word := _WORDED.match(text):
        return await _numbered(errand, 1 if word["take"] else 2, ask)
    if ask is not None and ask.kind == leads.SHOW and _MORE.match(text):
        if ask.expired(errand.turn.now):
            return Done(text=texts.EXPIRED)
        return await leads.more(errand, ask.ids, int(ask.given))
    return await _commanded(errand, read_command(text, errand.turn.stock, {}, errand.turn.now.year))


async def _numbered(errand: Errand, number: int, ask: Ask | None) -> Done:
    offered = await taking.offers(errand)
    asked_at = ask.at if ask is not None and not ask.expired(errand.turn.now) else 0.0
    answers = _OFFER_ANSWERS.get(number)
    waiting = [offer for offer in offered if offer.brief.waiting]
    newest = max((offer.offered_at.timestamp() for offer in waiting), default=0.0)
    if answers and offered and (newest > asked_at or not asked_at):
        if asked_at and ask is not None and ask.kind in _OFFER_ANSWERS.values() and len(ask.ids) > 1:
            # The number may mean the list that was shown, or what came since.
            return taking.which(errand, ask.kind, [offer.brief for offer in waiting])
        return await taking.answered(errand, answers, offered)
    if ask is None:
        return Done(text=texts.NOTHING_WAITS.format(text=number))
    if ask.expired(errand.turn.now):
        return Done(text=texts.EXPIRED)
    picked = ask.picked(number)
    if picked is None:
        return Done(text=texts.NUMBER_UNKNOWN.format(number=number, most=len(ask.ids)), ask=ask)
    if ask.kind in (taking.TAKE, taking.SKIP):
        return await taking.chosen(errand, ask.kind, picked)
    return await leads.chosen(errand, ask.kind, picked, "" if ask.kind == leads.SHOW else ask.given)


async def _commanded(errand: Errand, said: Instruction) -> Done:
    run = _COMMANDS.get(said.command)
    if run is not None:
        return await run(errand, said)
    if said.command is Command.NONE:
        name = errand.user.name
        return Done(text=texts.HELLO.format(name=name, showroom=errand.turn.showroom.name))
    if not errand.manages:
        return Done(text=texts.NOT_ALLOWED)
    return Done(text=texts.NOT_YET)


async def _leads(errand: Errand, said: Instruction) -> Done:
    if said.person:
        return await leads.by_name(errand, leads.SHOW, said.person, "")
    return await leads.listing(errand, said.entities.get("status", ""))


async def _finish(errand: Errand, said: Instruction) -> Done:
    return await leads.by_name(errand, leads.FINISH, said.person, "")


async def _status(errand: Errand, said: Instruction) -> Done:
    return await leads.by_name(errand, leads.STATUS, said.person, said.entities.get("status", ""))


async def _note(errand: Errand, said: Instruction) -> Done:
    return await leads.by_name(errand, leads.NOTE, said.person, said.note)


async def _help(errand: Errand, said: Instruction) -> Done:
    return Done(text=texts.HELP_SALES)


_COMMANDS: Mapping[Command, Callable[[Errand, Instruction], Awaitable[Done]]] = {
    Command.LEADS: _leads,
    Command.DONE: _finish,
    Command.LEAD_STATUS: _status,
    Command.NOTE: _note,
    Command.HELP: _help,
}


def _stored(turn: Turn, done: Done) -> dict[str, Any]:
    return {
        "text": done.text,
        "memory": asking.remembered(turn.memory, done.ask),
        "woken": [key.conversation_id for key in done.woken],
        "silenced": done.silenced.conversation_id if done.silenced else None,
    }


def _outcome(turn: Turn, stored: dict[str, Any]) -> Outcome:
    return Outcome(
        replies=(Reply(text=stored["text"]),),
        memory=stored["memory"],
        source="canned",
        intent="command",
        woken=tuple(ConversationKey(turn.key.tenant_id, ConversationId(id_)) for id_ in stored["woken"]),
    )

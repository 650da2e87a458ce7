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
from autoleads.bot.staff import car_photos, leads, numbers, taking, upload
from autoleads.bot.staff.ask import Ask
from autoleads.bot.staff.base import Answers, Done, Errand, nobody_waits
from autoleads.bot.turn import Outcome, Reply, Turn
from autoleads.bot.understanding.command_base import Command, Instruction
from autoleads.bot.understanding.commands import read_command
from autoleads.sql import inbox
from autoleads.sql.pool import Database, Db
from autoleads.types import ConversationId, ConversationKey

_CANCEL = re.compile(r"^\W*(?:/?batal|cancel)\W*$", re.IGNORECASE)
_BARE = re.compile(r"^\W*(?:\d{1,3}|ya|iya|y|ok|oke|tidak|lanjut|next|lagi|skip)\W*$", re.IGNORECASE)
_OFFER_ANSWERS = {1: taking.TAKE, 2: taking.SKIP}


class Desk:
    """Everything a command changes is one transaction, and what it did is kept with its message: a turn that is
    repeated after a crash says the same again and does nothing twice."""

    def __init__(
        self,
        database: Database,
        handover: Handover,
        *,
        takeover_idle: timedelta,
        settle_s: float,
        ring_in: Callable[[float], None] = nobody_waits,
    ) -> None:
        self._database = database
        self._handover = handover
        self._takeover_idle_s = takeover_idle.total_seconds()
        self._settle_s = settle_s
        self._ring_in = ring_in

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
        return Errand(
            db=db, turn=turn, handover=self._handover, takeover_idle_s=self._takeover_idle_s, ring_in=self._ring_in
        )

    async def _silence(self, key: ConversationKey) -> None:
        with contextlib.suppress(TimeoutError):  # then a reply is still on its way, which is nothing to wait longer for
            await takeover.settled(self._database, key, within_s=self._settle_s)


async def carry_out(errand: Errand) -> Done:
    """What was offered and what was asked come first, the newer of the two; then commands."""
    text = errand.turn.text.strip()
    ask = asking.recalled(errand.turn.memory)
    if done := await car_photos.photo(errand, ask) or await upload.photo(errand, ask):
        return done
    if _CANCEL.match(text):
        if done := await upload.left(errand, ask):
            return done
        return upload.kept(errand, ask, Done(text=texts.CANCELLED if ask else texts.NOTHING_TO_CANCEL))
    if done := await _offered(errand, ask, text):
        return upload.kept(errand, ask, done)
    answers = _ANSWERS.get(ask.kind) if ask else None  # None as well when a newer version of the program asked
    if ask is not None and ask.expired(errand.turn.now):
        if _BARE.match(text):
            return upload.expired(errand, ask) or Done(text=texts.EXPIRED)
    elif ask is not None and answers is not None and (done := await answers(errand, ask, text)):
        return done if ask.kind in upload.ANSWERS else upload.kept(errand, ask, done)
    if number := numbers.picked(text):
        return Done(text=texts.NOTHING_WAITS.format(text=number))
    said = read_command(text, errand.turn.stock, {}, errand.turn.now.year)
    if said.command is Command.NONE and (done := upload.expired(errand, ask)):
        return done
    return upload.kept(errand, ask, await _commanded(errand, said))


async def _offered(errand: Errand, ask: Ask | None, text: str) -> Done | None:
    """1 or 2 after a lead was offered, unless something was asked since."""
    answer = _OFFER_ANSWERS.get(numbers.picked(text) or 0)
    if answer is None:
        return None
    offered = await taking.offers(errand)
    asked_at = ask.at if ask is not None and not ask.expired(errand.turn.now) else 0.0
    newest = max((offer.offered_at.timestamp() for offer in offered if offer.brief.waiting), default=0.0)
    if offered and (newest > asked_at or not asked_at):
        return await taking.answered(errand, answer, offered)
    return None


async def _commanded(errand: Errand, said: Instruction) -> Done:
    run = _COMMANDS.get(said.command)
    if run is not None and (errand.manages or said.command not in _MANAGERS):
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
    **upload.COMMANDS,
    **car_photos.COMMANDS,
}
_MANAGERS = frozenset({*upload.COMMANDS, *car_photos.COMMANDS})  # for owners and admins only


_ANSWERS: Mapping[str, Answers] = {**taking.ANSWERS, **leads.ANSWERS, **upload.ANSWERS, **car_photos.ANSWERS}


def _stored(turn: Turn, done: Done) -> dict[str, Any]:
    return {
        "text": done.text,
        "memory": asking.remembered(turn.memory, done.ask),
        "woken": [key.conversation_id for key in done.woken],
        "silenced": done.silenced.conversation_id if done.silenced else None,
    }


def _outcome(turn: Turn, stored: dict[str, Any]) -> Outcome:
    return Outcome(
        replies=(Reply(text=stored["text"]),) if stored["text"] else (),
        memory=stored["memory"],
        source="canned",
        intent="command",
        woken=tuple(ConversationKey(turn.key.tenant_id, ConversationId(id_)) for id_ in stored["woken"]),
    )

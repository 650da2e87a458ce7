"""A user's message: which command it is, who may give it, and that it is carried out once."""

import contextlib
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from autoleads import enrol_code
from autoleads.bot import takeover
from autoleads.bot import texts_staff as texts
from autoleads.bot.gateway.base import Kind
from autoleads.bot.handover import Handover
from autoleads.bot.staff import ask as asking
from autoleads.bot.staff import (
    bulk,
    bulk_file,
    car_list,
    car_photos,
    cars,
    enrolment,
    leads,
    numbers,
    report,
    rights,
    stragglers,
    taking,
    undo,
    upload,
    words,
)
from autoleads.bot.staff.ask import Ask
from autoleads.bot.staff.base import Answers, Done, Errand, Orders, nobody_waits, shelf_of
from autoleads.bot.turn import Outcome, Reply, Turn
from autoleads.bot.understanding.command_base import Command, Instruction
from autoleads.sql import inbox
from autoleads.sql.pool import Database, Db
from autoleads.types import ConversationId, ConversationKey


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
        undo: timedelta,
        most_cars: int,
        late_photo: timedelta = timedelta(0),
        ring_in: Callable[[float], None] = nobody_waits,
    ) -> None:
        self._database = database
        self._handover = handover
        self._takeover_idle_s = takeover_idle.total_seconds()
        self._settle_s = settle_s
        self._ring_in = ring_in
        self._undo_within_s = undo.total_seconds()
        self._most_cars = most_cars
        self._late_photo_s = late_photo.total_seconds()

    async def answer(self, turn: Turn) -> Outcome:
        """Of a user, or of somebody who sends the code to become one."""
        if turn.enrols:
            return _outcome(turn, await enrolment.enrolled(self._database, turn))
        inbox_id = turn.messages[-1].id
        async with self._database.tenant(turn.key.tenant_id) as db:
            stored = await inbox.outcome_of(db, *turn.key, inbox_id)
            if stored is None:
                done = await carry_out(await self._errand(db, turn))
                stored = _stored(turn, done)
                await inbox.set_outcome(db, *turn.key, inbox_id, stored)
        if stored["silenced"] is not None:
            await self._silence(ConversationKey(turn.key.tenant_id, ConversationId(stored["silenced"])))
        return _outcome(turn, stored)

    async def rehearse(self, turn: Turn) -> str:
        """What would be said, with nothing changed by it."""
        async with self._database.undone(turn.key.tenant_id) as db:
            return (await carry_out(await self._errand(db, turn))).text

    async def _errand(self, db: Db, turn: Turn) -> Errand:
        return Errand(
            db=db,
            turn=turn,
            shelf=await shelf_of(db, turn),
            handover=self._handover,
            takeover_idle_s=self._takeover_idle_s,
            undo_within_s=self._undo_within_s,
            most_cars=self._most_cars,
            late_photo_s=self._late_photo_s,
            ring_in=self._ring_in,
        )

    async def _silence(self, key: ConversationKey) -> None:
        with contextlib.suppress(TimeoutError):  # then a reply is still on its way, which is nothing to wait longer for
            await takeover.settled(self._database, key, within_s=self._settle_s)


async def carry_out(errand: Errand) -> Done:
    """What was offered and what was asked come first, the newer of the two; then commands."""
    text = errand.turn.text.strip()
    ask = asking.recalled(errand.turn.memory)
    for begun in (bulk.file, bulk.begun):
        if done := await begun(errand, ask):
            return upload.kept(errand, ask, done)
    for photo in (car_photos.photo, stragglers.photo, upload.photo):
        if done := await photo(errand, ask):
            return done
    if errand.manages and ask is None and (refused := bulk_file.not_for_us(errand.turn.messages[-1])):
        return Done(text=refused)
    if enrol_code.sent(text):
        return Done(text=texts.ENROL_ALREADY.format(name=errand.user.name), ask=ask)
    if words.cancels(text):
        return await _left(errand, ask)
    if done := await taking.meant(errand, None if ask is None or ask.expired(errand.turn.now) else ask, text):
        return await _kept(errand, ask, done)
    # None as well when a newer version of the program asked, or the user is no owner any more.
    answers = _ANSWERS.get(ask.kind) if ask and (errand.manages or ask.kind not in _OF_MANAGERS) else None
    said = errand.shelf.read(text, errand.turn)
    if ask is not None and ask.expired(errand.turn.now):
        if done := car_photos.expired(errand, ask, text):
            return upload.kept(errand, ask, done)
        if said.command is Command.NONE and (done := upload.expired(errand, ask)):
            return done
        if words.bare(text) or (said.command is Command.NONE and cars.reminder(ask)):
            return Done(text=texts.EXPIRED)
    elif ask is not None and answers is not None and (done := await answers(errand, ask, text)):
        if ask.kind in upload.ANSWERS:
            return done
        return upload.kept(errand, ask, done) if ask.kind in bulk.ANSWERS else await _kept(errand, ask, done)
    if answers is not None and ask is not None and said.command is Command.NONE and (again := cars.reminder(ask)):
        return Done(text=again, ask=ask)
    if done := await _unasked(errand, ask, text):
        return await _kept(errand, ask, done)
    if said.command is Command.NONE and not bulk.waits(ask) and (done := await upload.parked(errand, ask)):
        return done
    return await _kept(errand, ask, await _commanded(errand, said))


async def _left(errand: Errand, ask: Ask | None) -> Done:
    """`batal`."""
    if done := await upload.left(errand, ask):
        return done
    if done := await bulk.left(errand, ask):
        return upload.kept(errand, ask, done)
    if ask is None:
        return await taking.reminder(errand) or Done(text=texts.NOTHING_TO_CANCEL)
    return await _kept(errand, ask, Done(text=texts.CANCELLED))


async def _kept(errand: Errand, ask: Ask | None, reply: Done) -> Done:
    """What waits longer than one answer outlives another command."""
    return upload.kept(errand, ask, await bulk.kept(errand, ask, reply))


async def _unasked(errand: Errand, ask: Ask | None, text: str) -> Done | None:
    """An answer that the question which was put last does not take."""
    answer, nod = taking.said(text), words.nods(text)
    if answer is None and not nod and not numbers.picked(text) and not words.bare(text):
        return None
    if not nod and (upload_ := await upload.goes_on(errand, ask, text)):
        return upload_
    if taken := await taking.meant_earlier(errand, text):
        return taken
    if waits := await taking.reminder(errand):
        return waits
    return Done(text=texts.NOD if nod else texts.NOTHING_WAITS.format(text=text.upper()))


async def _commanded(errand: Errand, said: Instruction) -> Done:
    if said.command is Command.NONE:
        if shown := car_list.named(errand):
            return shown
        message = errand.turn.messages[-1]
        if message.kind is not Kind.TEXT and not message.text.strip():
            return Done(text=texts.NO_WORDS.format(what=texts.SENT.get(message.kind, texts.SENT_OTHER)))
        name = errand.user.name
        return Done(text=texts.HELLO.format(name=name, showroom=errand.turn.showroom.name))
    if not rights.may(errand.turn.role, said.command):
        return Done(text=texts.NOT_ALLOWED)
    run = _COMMANDS.get(said.command)
    return await run(errand, said) if run is not None else Done(text=texts.NOT_YET)


async def _help(errand: Errand, said: Instruction) -> Done:
    assert errand.turn.role is not None
    return Done(text=rights.help_text(errand.turn.role, _COMMANDS))


_COMMANDS: Mapping[Command, Orders] = {
    Command.STATUS: cars.ordered,
    Command.PRICE: cars.ordered,
    Command.EDIT: cars.ordered,
    Command.DELETE: cars.ordered,
    Command.PHOTOS: cars.ordered,
    Command.UNDO: undo.ordered,
    Command.LIST: car_list.ordered,
    Command.REPORT: report.ordered,
    Command.HELP: _help,
    **leads.COMMANDS,
    **upload.COMMANDS,
}


_ANSWERS: Mapping[str, Answers] = {
    **taking.ANSWERS,
    **leads.ANSWERS,
    **cars.ANSWERS,
    **car_list.ANSWERS,
    **upload.ANSWERS,
    **car_photos.ANSWERS,
    **bulk.ANSWERS,
}
_OF_MANAGERS = frozenset({*cars.ANSWERS, *upload.ANSWERS, *car_photos.ANSWERS, *bulk.ANSWERS})


def _stored(turn: Turn, done: Done) -> dict[str, Any]:
    memory = stragglers.remembered(turn.memory, done, turn.now.timestamp())
    return {
        "text": done.text,
        "memory": asking.remembered(memory, done.ask),
        "woken": [key.conversation_id for key in done.woken],
        "silenced": done.silenced.conversation_id if done.silenced else None,
    }


def _outcome(turn: Turn, stored: dict[str, Any]) -> Outcome:
    return Outcome(
        replies=(Reply(text=stored["text"]),) if stored["text"] else (),
        memory=stored["memory"],
        source="canned",
        intent="command",
        joined=turn.enrols and stored["joined"],
        opt_out=turn.enrols and not stored["joined"] and turn.memory.get("opt_out") is True,
        woken=tuple(ConversationKey(turn.key.tenant_id, ConversationId(id_)) for id_ in stored["woken"]),
    )

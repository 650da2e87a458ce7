"""A user's message is carried out once, and whole."""

import contextlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from autoleads.bot import takeover
from autoleads.bot.handover import Handover
from autoleads.bot.staff import ask as asking
from autoleads.bot.staff import enrolment, stragglers
from autoleads.bot.staff.base import Done, Errand, ListRules, nobody_waits, shelf_of
from autoleads.bot.staff.carrying import carry_out
from autoleads.bot.turn import Outcome, Reply, Turn
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
        lists: ListRules,
        late_photo: timedelta = timedelta(0),
        ring_in: Callable[[float], None] = nobody_waits,
    ) -> None:
        self._database = database
        self._handover = handover
        self._takeover_idle_s = takeover_idle.total_seconds()
        self._settle_s = settle_s
        self._ring_in = ring_in
        self._undo_within_s = undo.total_seconds()
        self._lists = lists
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
            lists=self._lists,
            late_photo_s=self._late_photo_s,
            ring_in=self._ring_in,
        )

    async def _silence(self, key: ConversationKey) -> None:
        with contextlib.suppress(TimeoutError):  # then a reply is still on its way, which is nothing to wait longer for
            await takeover.settled(self._database, key, within_s=self._settle_s)


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

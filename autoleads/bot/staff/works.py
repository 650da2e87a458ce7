"""Work that outlives what is asked in between: a list of cars under review, the upload of a car.

Asked is one thing at a time (`Ask`). A question of a command stands in front of both works, the list in front of the
upload; what stands behind waits, and its own question comes again when what stood in front is done. Words go to what is
asked, then to the work right behind it: the list takes only what has the form of an answer to it, and the upload the
rest. All of it is too old after half an hour without a word."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Protocol

from autoleads.bot.staff import ask as asking
from autoleads.bot.staff import bulk, upload
from autoleads.bot.staff.ask import Ask
from autoleads.bot.staff.base import Done, Errand


class Work(Protocol):
    """What a module does for one kind of work; `given` is what is known of it."""

    KIND: str  # of Ask, while its question is the one that is asked
    LAPSED: str  # said when it is too old
    ANEW: str  # and how to begin it again

    async def alive(self, errand: Errand, given: Mapping[str, Any]) -> bool:
        """Whether anything can still come of it."""

    async def said(self, errand: Errand, text: str) -> Done | None:
        """What these words do to it; None when they are not for it."""

    async def again(self, errand: Errand) -> Done:
        """Its question, once more."""

    async def resumed(self, errand: Errand) -> str:
        """Said when nothing stands in front of it any more."""

    async def left(self, errand: Errand) -> Done:
        """`batal`."""


# What comes first stands in front: the list, whose answers have forms of their own.
WORKS: tuple[Work, ...] = (bulk, upload)
KINDS = frozenset(work.KIND for work in WORKS)


async def opened(errand: Errand) -> Errand:
    """With what is asked, or was until it became too old."""
    ask = asking.recalled(errand.turn.memory)
    if ask is None:
        return errand
    known = [(work, given) for work in WORKS if errand.manages and (given := ask.work(work.KIND)) is not None]
    alive = {work.KIND: given for work, given in known if await work.alive(errand, given)}
    ask = _front(None if ask.kind in KINDS else ask, alive, ask.at)
    late = ask is not None and ask.expired(errand.turn.now)
    return replace(errand, lapsed=ask) if late else replace(errand, asked=ask)


def asked(errand: Errand) -> Work | None:
    """The work whose question is the one that is asked."""
    return next((work for work in WORKS if errand.asked is not None and errand.asked.kind == work.KIND), None)


def behind(errand: Errand) -> Work | None:
    """The work right behind what is asked."""
    return next((work for work in WORKS if errand.asked is not None and work.KIND in errand.asked.behind), None)


def lapsed(errand: Errand) -> list[Work]:
    return [work for work in WORKS if errand.lapsed is not None and errand.lapsed.work(work.KIND) is not None]


def anew(errand: Errand) -> Done | None:
    """To who comes back with something that is no command: how what is too old is begun again."""
    old = lapsed(errand)
    return Done(text="\n".join(work.ANEW for work in old)) if old else None


async def kept(errand: Errand, done: Done) -> Done:
    """The reply, with the work that goes on after it."""
    there = {work.KIND: given for work in WORKS if (given := errand.work(work.KIND)) is not None}
    told = done.ask if done.ask is not None and done.ask.kind in KINDS else None
    if told is not None:
        there[told.kind] = told.given
    there.pop(done.ended, None)
    ask = _front(None if told is not None else done.ask, there, errand.turn.now.timestamp())
    # Photos that begin it anew get a word of their own, which says so.
    over = [work.LAPSED for work in lapsed(errand) if done.text or told is None or told.kind != work.KIND]
    parts = [*over, *await _parts(errand, done, ask)]
    return replace(done, text="\n\n".join(part for part in parts if part), ask=ask)


async def _parts(errand: Errand, done: Done, ask: Ask | None) -> list[str]:
    """What is said, and what of the work that stands in front then."""
    front = next((work for work in WORKS if ask is not None and ask.kind == work.KIND), None)
    if front is None or not done.text or (done.ask is not None and done.ask.kind == front.KIND):
        return [done.text]
    if done.ask is not None:  # of the upload: nothing else stands behind another
        return [upload.aside(errand, done.ask.given, done.text), (await front.again(errand)).text]
    comes_to_the_front = done.ended or asked(errand) is None
    return [done.text, await front.resumed(errand)] if comes_to_the_front else [done.text]


def _front(question: Ask | None, there: Mapping[str, Mapping[str, Any]], at: float) -> Ask | None:
    """What is asked: a command's question, or else the work that comes first."""
    if question is not None:
        return replace(question, behind=there)
    kinds = [work.KIND for work in WORKS if work.KIND in there]
    if not kinds:
        return None
    return Ask(kind=kinds[0], at=at, given=there[kinds[0]], behind={kind: there[kind] for kind in kinds[1:]})

"""A user's message, carried out: whom it is for, and what it does."""

from collections.abc import Mapping

from autoleads import enrol_code
from autoleads.bot import texts_staff as texts
from autoleads.bot.gateway.base import Kind
from autoleads.bot.staff import (
    bulk,
    bulk_file,
    car_list,
    car_photos,
    cars,
    leads,
    report,
    rights,
    stragglers,
    taking,
    undo,
    upload,
    words,
    works,
)
from autoleads.bot.staff.base import Answers, Done, Errand, Orders
from autoleads.bot.understanding.command_base import Command, Instruction


async def carry_out(errand: Errand) -> Done:
    """What is under way outlives whatever is done; see works.py."""
    errand = await works.opened(errand)
    return await works.kept(errand, await _by_form(errand) or await _in_words(errand))


async def _by_form(errand: Errand) -> Done | None:
    """Photos, files and pasted lists say by themselves what they are for."""
    for taken in (bulk.sent, car_photos.photo, stragglers.photo, upload.sent):
        if done := await taken(errand):
            return done
    refused = bulk_file.not_for_us(errand.turn.messages[-1]) if errand.manages and errand.asked is None else None
    return Done(text=refused) if refused else None


async def _in_words(errand: Errand) -> Done:
    """What was offered and what was asked come first, the newer of the two; then commands."""
    text = errand.turn.text.strip()
    said = errand.shelf.read(text, errand.turn)
    return (
        _enrolled_already(errand, text)
        or await _left(errand, text)
        or await taking.meant(errand, text)
        or _which_taken_back(errand, said, text)
        or _too_late(errand, said, text)
        or await _answered(errand, said, text)
        or await _barely(errand, text)
        or await _for_work_behind(errand, said, text)
        or await _commanded(errand, said)
    )


def _enrolled_already(errand: Errand, text: str) -> Done | None:
    if not enrol_code.sent(text):
        return None
    return Done(text=texts.ENROL_ALREADY.format(name=errand.user.name), ask=errand.asked)


async def _left(errand: Errand, text: str) -> Done | None:
    """`batal`."""
    if not words.cancels(text):
        return None
    if work := works.asked(errand):
        return await work.left(errand)
    old = errand.lapsed
    if errand.asked is not None or (old is not None and old.kind not in works.KINDS):
        return Done(text=texts.CANCELLED)
    return works.anew(errand) or await taking.reminder(errand) or Done(text=texts.NOTHING_TO_CANCEL)


def _too_late(errand: Errand, said: Instruction, text: str) -> Done | None:
    """An answer to what was asked half an hour ago or more."""
    old, command = errand.lapsed, said.command is not Command.NONE
    if old is None:
        return None
    if done := car_photos.lapsed(errand, text) or (None if command else works.anew(errand)):
        return done
    return Done(text=texts.EXPIRED) if words.bare(text) or (not command and cars.reminder(old)) else None


def _which_taken_back(errand: Errand, said: Instruction, text: str) -> Done | None:
    """ "batalin yang tadi" while something is asked: that, or the last change?"""
    ask = errand.asked
    if said.command is not Command.UNDO or ask is None or undo.explicit(text) or not undo.alone(text):
        return None
    question = works.asked(errand) is not None or ask.kind in cars.ANSWERS  # photos and lists are only talked about
    return Done(text=texts.WHICH_TAKEN_BACK, ask=ask) if question else None


async def _answered(errand: Errand, said: Instruction, text: str) -> Done | None:
    if work := works.asked(errand):
        ordered = said.command is Command.UNDO and undo.explicit(text) and undo.alone(text)
        return None if ordered else await work.said(errand, text)
    ask = errand.asked
    if ask is None or ask.kind not in _ANSWERS:  # as well when a newer version of the program asked
        return None
    if ask.kind in _OF_MANAGERS and not errand.manages:  # who was asked is no owner any more
        return None
    if done := await _ANSWERS[ask.kind](errand, ask, text):
        return done
    again = "" if said.command is not Command.NONE else cars.reminder(ask)
    return Done(text=again, ask=ask) if again else None


async def _barely(errand: Errand, text: str) -> Done | None:
    """An answer that the question which was put last does not take: it is no yes to what waits behind."""
    nod, work = words.nods(text), works.behind(errand)
    if not nod and not words.bare(text) and taking.said(text) is None:
        return None
    if work and "skip" in text.lower() and (done := await work.said(errand, text)):
        return done
    if taken := await taking.meant_earlier(errand, text):
        return taken
    if work and not nod:
        return await work.again(errand)
    said = texts.NOD if nod else texts.NOTHING_WAITS.format(text=text.upper())
    return await taking.reminder(errand) or Done(text=said)


async def _for_work_behind(errand: Errand, said: Instruction, text: str) -> Done | None:
    work = works.behind(errand)
    return await work.said(errand, text) if work and said.command is Command.NONE else None


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
    Command.LEADS: leads.ordered,
    Command.DONE: leads.ordered,
    Command.LEAD_STATUS: leads.ordered,
    Command.NOTE: leads.ordered,
    Command.HELP: _help,
    **upload.COMMANDS,
}

_ANSWERS: Mapping[str, Answers] = {
    **taking.ANSWERS,
    **leads.ANSWERS,
    **cars.ANSWERS,
    **car_list.ANSWERS,
    **car_photos.ANSWERS,
}
_OF_MANAGERS = frozenset({*cars.ANSWERS, *car_photos.ANSWERS})

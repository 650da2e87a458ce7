"""/upload: photos and words in any order become a car. Whatever is missing is asked for, one thing at a time; what was
understood is kept."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from autoleads.bot import texts_upload as texts
from autoleads.bot.gateway.base import Kind
from autoleads.bot.staff import album, car_photos, upload_answers, upload_steps
from autoleads.bot.staff.ask import BULK, UPLOAD
from autoleads.bot.staff.base import Done, Errand, Orders
from autoleads.bot.staff.draft import Draft
from autoleads.bot.staff.upload_reading import read_data
from autoleads.bot.staff.upload_steps import accept, done, question
from autoleads.bot.understanding.command_base import Command, Instruction

KIND, LAPSED, ANEW = UPLOAD, texts.LAPSED, texts.ANEW  # see works.Work


async def start(errand: Errand, said: Instruction) -> Done:
    """/upload, or the data of a car that nobody asked for."""
    draft, text = draft_of(errand), errand.turn.text
    return await (upload_answers.begin(errand, Draft(), text) if draft is None else _told(errand, draft, text))


async def sent(errand: Errand) -> Done | None:
    """A picture of somebody who may upload belongs to the upload that is under way, or begins one. None when the
    message is no such picture."""
    message, known = errand.turn.messages[-1], draft_of(errand)
    kinds = album.FILES if known is not None else {Kind.IMAGE}
    if not errand.manages or message.kind not in kinds:
        return None
    draft = known or Draft()
    if await album.heard(errand):
        draft = replace(draft, told=len(draft.photos))
    if len(draft.photos) < album.MOST_KEPT:
        draft = replace(draft, photos=(*draft.photos, message.id))
    if said := await _caption(errand, draft, message.text):
        await album.expect(errand, draft, question="", prefix=car_photos.over(errand))
        return said
    lapsed = errand.lapsed is not None and errand.lapsed.work(KIND) is not None
    asked = "" if errand.work(BULK) is not None else question(errand, draft, short=True)
    await album.expect(errand, draft, question=asked, prefix=LAPSED if lapsed else car_photos.over(errand))
    return Done(text="", ask=errand.ask(KIND, **draft.stored()))


def wants_photo(errand: Errand) -> bool:
    """Whether the message's photo is of the upload under way, or of a car that it names."""
    draft = draft_of(errand)
    return (draft is not None and draft.begun) or names_car(errand)


def lacks_data(errand: Errand) -> bool:
    """Whether values are asked for."""
    draft = draft_of(errand)
    return draft is not None and bool(draft.missing)


def names_car(errand: Errand) -> bool:
    text, stock, now = errand.turn.messages[-1].text, errand.turn.stock, errand.turn.now
    return "model" in read_data(text, stock, now.year)[0]


async def _caption(errand: Errand, draft: Draft, text: str) -> Done | None:
    """Data, while some are missing; what else is written below a photo is seldom an answer."""
    if not text.strip():
        return None
    values, problems = read_data(text, errand.turn.stock, errand.turn.now.year)
    if draft.other(values):
        other = texts.PHOTO_OF_ANOTHER.format(what=draft.car, question=question(errand, draft))
        return done(errand, draft, other)
    if not draft.missing:
        return None
    if "model" not in values and not (draft.said and values):
        return None
    return await accept(errand, draft, values, problems)


async def said(errand: Errand, text: str) -> Done | None:
    draft = draft_of(errand)
    return None if draft is None or upload_answers.commands(errand, text) else await _told(errand, draft, text)


async def _told(errand: Errand, draft: Draft, text: str) -> Done:
    reply = await upload_answers.answer(errand, draft, text)
    if not await album.heard(errand) and reply.ask is not None:  # they are still coming: their number, no question
        draft = Draft.recalled(reply.ask.given)
        if draft.photos:
            await album.expect(errand, draft, question="")
    return reply


async def again(errand: Errand) -> Done:
    draft = draft_of(errand) or Draft()
    return done(errand, draft, question(errand, draft))


async def resumed(errand: Errand) -> str:
    draft = draft_of(errand) or Draft()
    if not draft.begun:
        return question(errand, draft)
    return texts.RESUMED.format(what=draft.what, question=await upload_steps.next_question(errand, draft))


def aside(errand: Errand, given: Mapping[str, Any], text: str) -> str:
    """What is said of it while something else is asked: no numbers to choose from, for those would answer that."""
    before, draft = draft_of(errand), Draft.recalled(given)
    if not draft.begun:
        return ""
    if upload_steps.step_of(errand, draft) not in ("branch", "recap", "edit"):
        return text
    noted = before is None or replace(draft, asked="") != replace(before, asked="")
    return (texts.NOTED if noted else texts.LATER).format(what=draft.what)


async def left(errand: Errand) -> Done:
    await album.heard(errand)
    return Done(text=texts.CANCELLED, ended=KIND)


async def alive(errand: Errand, given: Mapping[str, Any]) -> bool:
    try:
        Draft.recalled(given)
    except (TypeError, KeyError, ValueError):  # of another version of the program
        return False
    return True


def draft_of(errand: Errand) -> Draft | None:
    """Of the upload under way, whatever is asked."""
    given = errand.work(KIND)
    return None if given is None else Draft.recalled(given)


COMMANDS: Mapping[Command, Orders] = {
    Command.UPLOAD: start,
    Command.CAR_DATA: start,
}

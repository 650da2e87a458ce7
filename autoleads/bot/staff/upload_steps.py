"""What comes next in an upload, and taking over what was understood."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from autoleads.bot import texts_upload as texts
from autoleads.bot.staff import album, publish
from autoleads.bot.staff.ask import UPLOAD
from autoleads.bot.staff.base import Done, Errand
from autoleads.bot.staff.draft import FIELDS, Draft, show
from autoleads.bot.understanding.command_base import Problem
from autoleads.bot.understanding.plates import spaced
from autoleads.formats import kilometers, rupiah
from autoleads.sql import cars

_MANY = 2  # branches, from which on one has to be named
_LEAST_USUAL_KM = 1000
_SURELY = re.compile(r"\b(?:betul|bener|benar|memang)\b", re.IGNORECASE)


def done(errand: Errand, draft: Draft, text: str) -> Done:
    """Says it, and the upload goes on."""
    return Done(text=text, ask=errand.ask(UPLOAD, **draft.stored()))


def step_of(errand: Errand, draft: Draft) -> str:
    """What the owner's next words are taken for: a field's name, or data, features, notes, branch, recap, edit."""
    if draft.asked:
        return draft.asked
    if not draft.said:
        return "data"
    if draft.missing:
        return draft.missing[0]
    if draft.features is None:
        return "features"
    if draft.notes is None:
        return "notes"
    return "branch" if _needs_branch(errand, draft) else "recap"


def _needs_branch(errand: Errand, draft: Draft) -> bool:
    several = len(errand.turn.showroom.branches) >= _MANY
    return several and errand.user.branch_id is None and draft.branch_id is None


def question(errand: Errand, draft: Draft, *, short: bool = False) -> str:
    """What is asked at this step; of the recap only its choices."""
    step = step_of(errand, draft)
    match step:
        case "data":
            return texts.ASK_DATA if draft.photos or short else texts.SEND_PHOTOS
        case "features":
            return texts.ASK_FEATURES
        case "notes":
            return texts.ASK_NOTES
        case "branch":
            places = enumerate(errand.turn.showroom.branches, 1)
            lines = [texts.BRANCH_LINE.format(number=number, name=place.name) for number, place in places]
            return texts.ASK_BRANCH.format(list="\n".join(lines))
        case "recap":
            return texts.CHOICES
        case "edit":
            return texts.ASK_EDIT
    return texts.ASK[step]


async def next_question(errand: Errand, draft: Draft) -> str:
    return await recap(errand, draft) if step_of(errand, draft) == "recap" else question(errand, draft)


async def accept(errand: Errand, draft: Draft, values: Mapping[str, Any], problems: Sequence[Problem]) -> Done:
    """Keeps the values, names what could not be read, and asks for what comes next."""
    before, complete = draft, bool(draft.display_code)
    problems = [*problems, *_driven_little(errand, {**draft.said, **values}, values)]
    draft = replace(draft.with_said(values), asked="")
    for problem in problems:  # an older value would pass for the one that was meant
        draft = draft.without(problem.field)
    if taken := await _taken(errand, values):
        return done(errand, replace(draft.without("plate"), asked="plate"), taken)
    if problems:
        first = problems[0].field
        draft = replace(draft, asked=first if first in FIELDS else "")
        lines = [texts.DATA_PART.format(known=_known(draft))] if draft.said else []
        lines += [texts.PROBLEM.format(text=problem.text) for problem in problems]
        return done(errand, draft, "\n\n".join([*lines, question(errand, draft)]))
    if draft.missing:
        known = [texts.DATA_PART.format(known=_known(draft))] if draft.said else []
        return done(errand, draft, "\n\n".join([*known, question(errand, draft)]))
    draft = await publish.named(errand, draft)
    if not complete:
        return done(errand, draft, f"{publish.accepted(draft)}\n\n{await next_question(errand, draft)}")
    changed = [name for name in FIELDS if draft.said.get(name) != before.said.get(name) and name in draft.said]
    changes = [texts.CHANGE.format(label=texts.LABEL[name], value=show(name, draft.said)) for name in changed]
    head = [texts.CHANGED.format(changes=" ".join(changes))] if changes else []
    return done(errand, draft, "\n\n".join([*head, await next_question(errand, draft)]))


def _driven_little(errand: Errand, said: Mapping[str, Any], values: Mapping[str, Any]) -> Iterator[Problem]:
    """ "45 km" of a car that has been driven for years: rather thousands were meant."""
    km, now_year = values.get("km", 0), errand.turn.now.year
    if 0 < km < _LEAST_USUAL_KM and said.get("year", now_year) < now_year - 1 and not _SURELY.search(errand.turn.text):
        yield Problem("km", str(km), texts.KM_TOO_LOW.format(km=km, thousands=kilometers(km * 1000)))


def _known(draft: Draft) -> str:
    names = [name for name in FIELDS if name in draft.said and not (name == "year" and "model" in draft.said)]
    lines = [texts.KNOWN_LINE.format(label=texts.LABEL[name], value=show(name, draft.said)) for name in names]
    return "\n".join(lines)


async def _taken(errand: Errand, values: Mapping[str, Any]) -> str:
    """The car that has the plate already, put into words."""
    if "plate" not in values:
        return ""
    car = await cars.of_plate(errand.db, errand.tenant_id, values["plate"])
    return "" if car is None else plate_taken(car, values["plate"])


def plate_taken(car: cars.Known, plate: str) -> str:
    return texts.PLATE_TAKEN.format(
        plate=spaced(plate), car=f"{car.brand} {car.model} {car.year} {car.color}", code=car.display_code,
        price=rupiah(car.price_idr), status=texts.STATUS[car.status],
    )  # fmt: skip


async def recap(errand: Errand, draft: Draft) -> str:
    photos = await album.gather(errand.db, errand.tenant_id, draft.photos)
    places = {place.id: place.name for place in errand.turn.showroom.branches}
    branch = publish.branch_of(errand, draft)
    count = photos.usable + photos.pending
    extras = "".join(
        [
            texts.RECAP_FEATURES.format(features=", ".join(draft.features)) if draft.features else "",
            texts.RECAP_NOTES.format(notes=draft.notes) if draft.notes else "",
            texts.RECAP_BRANCH.format(branch=places[branch]) if branch in places and len(places) > 1 else "",
            texts.RECAP_PHOTOS.format(count=count) if count else texts.RECAP_NO_PHOTOS,
        ]
    )
    link = publish.link(errand, draft)
    return texts.RECAP.format(**publish.shown(draft), extras=extras, link=link, choices=texts.CHOICES)

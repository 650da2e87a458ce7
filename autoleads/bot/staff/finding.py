"""Which lead a user means: a name, the end of a phone number, a number of the list that was shown, or none when only
one can be meant."""

from collections.abc import Sequence

from rapidfuzz import fuzz, process

from autoleads.bot import texts_staff as texts
from autoleads.bot.handover import quoted
from autoleads.bot.staff import show
from autoleads.bot.staff.base import Done, Errand
from autoleads.bot.staff.taking import SKIP, TAKE
from autoleads.sql import leads
from autoleads.sql.leads import Brief
from autoleads.types import LeadId

SHOW, FINISH, STATUS, NOTE = "lead", "done", "lead_status", "note"  # kinds of Ask
_LISTING = frozenset({SHOW, FINISH, STATUS, NOTE, TAKE, SKIP})  # whose numbers are leads
_MOST = 9  # to choose from
_MOST_READ = 200  # open leads that a misspelt name is looked for in
_ALIKE = 80
_FEWEST_DIGITS = 4  # of a phone number; less is a number of the list
_WHOLE_NUMBER = 8  # digits; the zero it begins with is not stored


async def find(errand: Errand, person: str, *, kind: str, given: str, example: str) -> Brief | Done:
    """The lead, or a question: `kind` and `given` make it answerable by a number, `example` shows how to write it."""
    found = await (_named(errand, person) if person else _held(errand))
    if not found:
        if not person:
            return Done(text=texts.LEAD_WHICH_NONE.format(example=example))
        return Done(text=texts.LEAD_UNKNOWN.format(ref=quoted(person)))
    if len(found) == 1:
        return found[0]
    shown = found[:_MOST]
    ids = tuple(brief.id for brief in shown)
    return Done(text=texts.LEAD_WHICH.format(list=show.choice(shown)), ask=errand.ask(kind, ids, what=given))


def refusal(errand: Errand, brief: Brief) -> Done | None:
    """Sales leave the leads of others alone."""
    others = brief.assigned_to not in (None, errand.user.id) and not brief.waiting
    if errand.manages or not others:
        return None
    return Done(text=texts.LEAD_OTHERS.format(name=show.name(brief), who=brief.assigned_name))


async def _held(errand: Errand) -> list[Brief]:
    """Without a name: whose conversation the user has, or else the user's own leads."""
    mine = await leads.briefs(errand.db, errand.tenant_id, user_id=errand.user.id, limit=_MOST_READ)
    mine = [brief for brief in mine if brief.assigned_to == errand.user.id and not brief.waiting]
    return [brief for brief in mine if brief.held_by == errand.user.id] or mine


async def _named(errand: Errand, person: str) -> list[Brief]:
    listed = errand.asked or errand.lapsed
    digits = "".join(ch for ch in person if ch.isdecimal())
    numbered = digits == person and 0 < len(digits) < _FEWEST_DIGITS and int(digits) > 0
    if listed is not None and listed.kind in _LISTING and numbered and int(digits) <= len(listed.ids):
        return await leads.briefs_by_id(errand.db, errand.tenant_id, [LeadId(listed.ids[int(digits) - 1])])
    ending = digits if len(digits) >= _FEWEST_DIGITS else ""
    if len(digits) >= _WHOLE_NUMBER:
        ending = digits.removeprefix("0")
    name = "" if ending else person.strip()
    found = await leads.named(errand.db, errand.tenant_id, name=name, digits=ending, limit=_MOST + 1)
    return _preferred(errand, found or await _alike(errand, name))


async def _alike(errand: Errand, name: str) -> list[Brief]:
    if not name:
        return []
    known = await leads.briefs(errand.db, errand.tenant_id, user_id=None, limit=_MOST_READ)
    names = {number: brief.name.lower() for number, brief in enumerate(known) if brief.name}
    hits = process.extract(name.lower(), names, scorer=fuzz.WRatio, score_cutoff=_ALIKE, limit=_MOST)
    return [known[number] for _, _, number in hits]


def _preferred(errand: Errand, found: Sequence[Brief]) -> list[Brief]:
    """Open leads before those that are over, the user's own before those of others."""
    best = [brief for brief in found if not brief.over] or list(found)
    return [brief for brief in best if brief.assigned_to == errand.user.id] or best

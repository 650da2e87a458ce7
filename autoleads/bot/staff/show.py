"""Leads as users read them."""

from collections.abc import Sequence

from autoleads.bot import texts_staff as texts
from autoleads.bot.handover import budget, called, quoted, reference, who
from autoleads.formats import phone_display
from autoleads.sql.leads import Brief
from autoleads.sql.messages import Message
from autoleads.types import Sender, UserId

_VOICES = {
    Sender.CUSTOMER: texts.HISTORY_CUSTOMER,
    Sender.BOT: texts.HISTORY_BOT,
    Sender.SALES: texts.HISTORY_SALES,
    Sender.SYSTEM: texts.HISTORY_SYSTEM,
}

_NOTES = 1_000  # characters


def name(brief: Brief) -> str:
    return called(brief.name, brief.phone)


def ref(brief: Brief) -> str:
    return reference(brief.name, brief.phone)


def car(brief: Brief) -> str:
    return brief.car or texts.NO_CAR


def status(brief: Brief) -> str:
    return texts.STATUS_SAID[brief.status] + (texts.OPTED_OUT if brief.opted_out else "")


def taken(brief: Brief, history: Sequence[Message]) -> str:
    contact = texts.CONTACT_HIDDEN
    if brief.phone:
        contact = texts.CONTACT.format(phone=phone_display(brief.phone), digits=brief.phone)
    return texts.TAKEN.format(name=name(brief), contact=contact, **_facts(brief, history))


def detail(brief: Brief, history: Sequence[Message], me: UserId) -> str:
    if brief.free:
        following = texts.LEAD_NEXT_TAKE
    elif brief.assigned_to == me and not brief.over:
        following = texts.LEAD_NEXT_MINE.format(ref=ref(brief))
    else:
        following = texts.LEAD_NEXT_PLAIN.format(ref=ref(brief))
    return texts.LEAD_DETAIL.format(
        who=who(brief.name, brief.phone), owner=owner(brief, me), next=following, **_facts(brief, history)
    )


def line(number: int, brief: Brief, me: UserId) -> str:
    return texts.LEAD_LINE.format(
        number=number,
        who=who(brief.name, brief.phone),
        car=car(brief),
        status=status(brief),
        score=brief.score,
        owner=owner(brief, me),
    )


def owner(brief: Brief, me: UserId) -> str:
    if brief.waiting:
        return texts.LEAD_WAITING
    if brief.assigned_to == me:
        return texts.LEAD_MINE
    return brief.assigned_name or texts.LEAD_NOBODY


def choice(briefs: Sequence[Brief]) -> str:
    lines = (
        texts.OFFER_LINE.format(number=number, who=who(brief.name, brief.phone), car=car(brief))
        for number, brief in enumerate(briefs, 1)
    )
    return "\n".join(lines)


def _facts(brief: Brief, history: Sequence[Message]) -> dict[str, str | int]:
    said = [f"{_VOICES[one.sender]} {quoted(one.body)}" for one in history]
    return {
        "car": car(brief),
        "budget": budget(brief.budget_idr, brief.price_idr, brief.reasons),
        "status": status(brief),
        "score": brief.score,
        "reasons": ", ".join(brief.reasons) or "-",
        "last": quoted(brief.last_said),
        "notes": texts.NOTES.format(notes=_latest(brief.notes)) if brief.notes else "",
        "history": "\n".join(said) or texts.HISTORY_NONE,
        "ref": ref(brief),
    }


def _latest(notes: str) -> str:
    """The end of the notes, which are the newest, in one line."""
    line = notes.replace("\n", "; ")
    return line if len(line) <= _NOTES else f"…{line[-_NOTES:]}"

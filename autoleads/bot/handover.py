"""A lead goes to a person: asked one after the other, in the end the owner. Times are rows, so no restart loses any."""

from datetime import UTC, datetime, timedelta
from typing import Any

from autoleads.bot import lead_score, texts_staff
from autoleads.bot.turn import Outcome, Turn
from autoleads.bot.understanding import people
from autoleads.formats import phone_display, rupiah
from autoleads.sql import leads, outbox, timers, users
from autoleads.sql.conversations import Round
from autoleads.sql.leads import Brief
from autoleads.sql.pool import Db
from autoleads.sql.timers import Timer, TimerKind
from autoleads.types import ConversationKey, LeadStatus, TenantId

_QUOTED = 160  # characters of a customer's message in a notice
_RELAYED = 3_000  # of what a customer wrote to a person


class Handover:
    """Carries out what timers of leads ask for; each method works in the caller's transaction, which has the
    conversation locked, and returns the conversations that got something to send."""

    def __init__(self, round_: Round) -> None:
        self._next_after = timedelta(seconds=round_.next_s)

    async def ask_next(self, db: Db, tenant_id: TenantId, timer: Timer) -> list[ConversationKey]:
        """The person who was asked let the time pass."""
        brief = await leads.brief_of(db, tenant_id, timer.conversation_id)
        if brief is None or not brief.waiting:
            return []
        return (await self.pass_on(db, tenant_id, brief))[1]

    async def pass_on(self, db: Db, tenant_id: TenantId, brief: Brief) -> tuple[str | None, list[ConversationKey]]:
        """Asks the next in turn; the name, or None when everybody was asked."""
        user_id = await leads.next_in_turn(db, tenant_id, brief.id)
        if user_id is None:
            await timers.remove(db, tenant_id, brief.conversation_id, TimerKind.LEAD_NEXT)
            return None, []
        await leads.offer_to(db, tenant_id, brief.id, [user_id])
        due_at = datetime.now(UTC) + self._next_after
        await timers.save(db, tenant_id, brief.conversation_id, TimerKind.LEAD_NEXT, due_at=due_at)
        text = offer_text(texts_staff.LEAD_NEW, brief)
        woken = await outbox.notify(db, tenant_id, [user_id], text, about=brief.conversation_id)
        person = await users.need(db, tenant_id, user_id)
        return person.name, woken

    async def ask_owner(self, db: Db, tenant_id: TenantId, timer: Timer) -> list[ConversationKey]:
        """Nobody took it in time."""
        brief = await leads.brief_of(db, tenant_id, timer.conversation_id)
        if brief is None or not brief.waiting:
            return []
        return await self.call_owner(db, tenant_id, brief)

    async def call_owner(self, db: Db, tenant_id: TenantId, brief: Brief) -> list[ConversationKey]:
        """The owners may take it like anybody else."""
        await timers.remove(db, tenant_id, brief.conversation_id, TimerKind.LEAD_OWNER)
        owners = await leads.owners_in_turn(db, tenant_id, brief.id)
        if not owners:
            return []
        await leads.offer_to(db, tenant_id, brief.id, owners)
        text = offer_text(texts_staff.LEAD_UNTAKEN, brief)
        return await outbox.notify(db, tenant_id, owners, text, about=brief.conversation_id)


def first_offer(turn: Turn, outcome: Outcome) -> str:
    """What the person who was promised to the customer reads. The lead is not stored yet, so this is what the turn
    knows; later ones are read from the row."""
    news, memory = outcome.lead, outcome.memory
    code = memory.get("car")
    car = turn.stock.by_code(code) if isinstance(code, str) else None
    name = memory.get("name")
    reasons = tuple(lead_score.known_reasons(memory))
    return _offer_text(
        texts_staff.LEAD_NEW,
        name=name if isinstance(name, str) else turn.customer_name,
        phone=turn.customer_phone or None,
        car=f"{car.brand} {car.public_name}" if car else None,
        price_idr=car.price_idr if car else None,
        budget_idr=news.budget_idr if news else None,
        status=LeadStatus.HOT,
        reasons=lead_score.labels(reasons),
        last=turn.text,
    )


def relayed(facts: dict[str, Any]) -> str:
    """What a customer wrote while a person has the conversation; `facts` as schema.sql's turn_facts lists."""
    said = "\n".join(message["body"] for message in facts["messages"] if message["body"]) or texts_staff.SILENT_MEDIA
    if len(said) > _RELAYED:
        said = f"{said[:_RELAYED]}…"
    marked = "\n".join(f"> {line}" for line in said.splitlines())  # no line of a stranger looks like one of ours
    return texts_staff.RELAYED.format(who=who(facts["name"], facts["phone"]), text=marked)


def offer_text(template: str, brief: Brief) -> str:
    return _offer_text(
        template,
        name=brief.name,
        phone=brief.phone,
        car=brief.car,
        price_idr=brief.price_idr,
        budget_idr=brief.budget_idr,
        status=brief.status,
        reasons=brief.reasons,
        last=brief.last_said,
    )


def _offer_text(
    template: str,
    *,
    name: str,
    phone: str | None,
    car: str | None,
    price_idr: int | None,
    budget_idr: int | None,
    status: LeadStatus,
    reasons: tuple[str, ...],
    last: str,
) -> str:
    wants = [reason for reason in reasons if reason in lead_score.HOT_LABELS]
    return template.format(
        who=who(name, phone),
        ref=reference(name, phone),
        car=car or texts_staff.NO_CAR,
        budget=budget(budget_idr, price_idr, reasons),
        status=" - ".join([texts_staff.STATUS_SAID[status], *([", ".join(wants)] if wants else [])]),
        last=quoted(last),
    )


# How people of the showroom read of a customer ------------------------------------------------------------------


def who(name: str, phone: str | None) -> str:
    """`Ahmad (0812-3456-7890)`, or what is known of it."""
    shown = phone_display(phone) if phone else ""
    return f"{name} ({shown})" if name and shown else name or shown or "Customer"


def called(name: str, phone: str | None) -> str:
    return name or (phone_display(phone) if phone else "Customer")


def reference(name: str, phone: str | None) -> str:
    """What to type behind a command: the name as a command is read (no title, nothing but letters), or else the end of
    the number."""
    person = people.after_command(name, whole=False)
    return (person.name if person else "") or (phone or "")[-4:]


def budget(budget_idr: int | None, price_idr: int | None, reasons: tuple[str, ...]) -> str:
    if budget_idr and price_idr:
        return texts_staff.BUDGET_OF.format(sum=rupiah(budget_idr), price=rupiah(price_idr))
    if budget_idr:
        return rupiah(budget_idr)
    if not price_idr:
        return texts_staff.NO_BUDGET
    bargains = lead_score.REASONS["negotiation"][1] in reasons
    way = texts_staff.BUDGET_NEGOTIATES if bargains else texts_staff.BUDGET_NONE_YET
    return way.format(price=rupiah(price_idr))


def quoted(text: str) -> str:
    line = " ".join(text.split()) or texts_staff.SILENT_MEDIA
    return line if len(line) <= _QUOTED else f"{line[: _QUOTED - 1]}…"

"""The turns of one conversation: claim, think, commit, send, until nothing is left to do."""

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from autoleads import enrol_code, metrics
from autoleads.bot import handover, texts
from autoleads.bot.directory import Directory
from autoleads.bot.dispatcher import Lane
from autoleads.bot.gateway.base import Kind
from autoleads.bot.sender import Sender
from autoleads.bot.turn import ERASED_WITHIN_H, Incoming, LeadNews, Line, Outcome, Person, Reply, Turn
from autoleads.logs import bind
from autoleads.sql import conversations
from autoleads.sql.batch import Batch
from autoleads.sql.conversations import (
    Again,
    Busy,
    Cap,
    Device,
    Ending,
    Fenced,
    Idle,
    Lease,
    Quiet,
    Round,
    Send,
    Stale,
    Think,
)
from autoleads.sql.pool import Database
from autoleads.types import BranchId, ConversationId, ConversationKey, InboxId, Role, TenantId, UserId
from autoleads.types import Sender as Voice

log = logging.getLogger(__name__)

_ERASE_AFTER_S = (ERASED_WITHIN_H - 1) * 3600.0  # the owner may still see whose wish it was
_RELAYED_A_MINUTE = 20  # messages of one customer to the person who has the conversation

_WAITED = metrics.TURN_SECONDS.labels("wait")
_THOUGHT = metrics.TURN_SECONDS.labels("think")

Answer = Callable[[Turn], Awaitable[Outcome]]
Typing = Callable[[str, str, bool], None]  # device number, target, on


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Settings of turns; times in seconds."""

    quiet_s: float
    answer_within_s: float  # from the last message of the burst to the end of thinking
    history_lines: int
    max_attempts: int


@dataclass(slots=True)
class _Hold:
    """What this process knows while it holds the conversation's lease."""

    fence: int
    device: Device
    target: str
    received_at: float = 0.0  # of the newest message being answered; 0 when only re-sending
    covers_to: int | None = None


Step = Busy | Idle | Again | Fenced | Stale | Quiet | Think | Send


class Turns:
    """Runs in a lane, so never twice at once for a conversation in this process; the lease keeps other
    processes out, and the fence makes whatever a process does after losing it harmless."""

    def __init__(
        self,
        database: Database,
        directory: Directory,
        sender: Sender,
        answer: Answer,
        command: Answer,
        *,
        rules: Rules,
        lease: Lease,
        cap: Cap,
        round_: Round,
        typing: Typing,
    ) -> None:
        self._directory = directory
        self._sender = sender
        self._answer = answer  # a customer
        self._command = command  # a user of the showroom, or who sends the code to become one
        self._rules = rules
        self._typing = typing
        self._claim = Batch(partial(_claims, database, lease, rules.history_lines))
        self._commit = Batch(partial(conversations.commit_all_tenants, database, lease, cap, round_))
        self._advance = Batch(partial(conversations.advance_all_tenants, database, lease))
        self._give_back = partial(_give_back, database, lease)
        self._held: set[ConversationKey] = set()  # those whose lease this process may have

    async def run(self, key: ConversationKey, lane: Lane) -> list[ConversationKey]:
        """Works the conversation off; returns conversations of users that got a notice."""
        woken: list[ConversationKey] = []
        with bind(tenant=key.tenant_id, conversation=key.conversation_id):
            hold: _Hold | None = None
            marked_at = time.monotonic()
            self._held.add(key)
            step: Step = await self._claim(key)
            while True:
                match step:
                    case Think():
                        hold = _hold(step)
                        thought = await self._think(key, lane, step)
                        if thought is None:
                            return woken  # the customer writes on; the lane comes back after the quiet window
                        ending, wake = thought
                        woken.extend(wake)
                        marked_at = time.monotonic()
                        step, wake = await self._commit((key, hold.fence, ending))
                        woken.extend(wake)
                        self._count(step)
                    case Send():
                        if step.device is not None:  # from a claim, which drew a new fence
                            hold = _hold(step)
                        assert hold is not None
                        step, marked_at = await self._send(key, hold, step, marked_at)
                    case Quiet():
                        assert hold is not None
                        step = await self._advance((key, hold.fence, None))
                    case Again() | Stale():
                        marked_at = time.monotonic()
                        step = await self._claim(key)
                    case _:  # busy elsewhere, idle, or fenced off: nothing here is ours to do
                        self._held.discard(key)
                        return woken

    async def aclose(self) -> None:
        """Once no run is left. What turns still held that were cut off, or that a customer interrupted by writing on,
        is given back: the next process need not wait until the leases are over."""
        for batch in (self._claim, self._commit, self._advance):
            await batch.idle()  # the statement of a run that was cut off goes on, and may take a lease
        of_tenant: defaultdict[TenantId, list[ConversationId]] = defaultdict(list)
        for key in self._held:
            of_tenant[key.tenant_id].append(key.conversation_id)
        await asyncio.gather(*(self._give_back(tenant_id, ids) for tenant_id, ids in of_tenant.items()))

    async def _send(self, key: ConversationKey, hold: _Hold, step: Send, marked_at: float) -> tuple[Step, float]:
        result = await self._sender.send(key.tenant_id, hold.device, hold.target, step.bubble, marked_at)
        if result.state == "sent" and hold.received_at and step.bubble.covers_to == hold.covers_to:
            metrics.REPLY_SECONDS.labels(step.bubble.source).observe(time.time() - hold.received_at)
            hold.received_at = 0.0  # the first bubble is the reply; the others follow it
        marked_at = time.monotonic()
        return await self._advance((key, hold.fence, result)), marked_at

    async def _think(
        self, key: ConversationKey, lane: Lane, step: Think
    ) -> tuple[Ending, tuple[ConversationKey, ...]] | None:
        """What to write and who else got something to send, or None when newer messages arrived meanwhile."""
        facts = step.facts
        role = Role(facts["user"]["role"]) if facts["user"] else None
        newest_at = _arrived_at(facts["messages"][-1])
        if role is None:
            # Another process may have received the latest message: its quiet window counts here too.
            if (left_s := newest_at + self._rules.quiet_s - time.time()) > 0:
                await asyncio.sleep(min(left_s, self._rules.quiet_s))
            if lane.changed:
                return None
        _WAITED.observe(max(0.0, time.time() - newest_at))
        if facts["superseded"]:
            metrics.TURNS.labels("superseded").inc()
        turn = await self._turn(key, facts, role, newest_at)
        if facts["silent"] and (facts["shut"] or not turn.enrols):
            return _silent(facts), ()

        started = time.monotonic()
        self._typing(step.device.number, step.external_id, True)
        try:
            async with asyncio.timeout(None) as thinking:
                if role is None:
                    lane.thinking = thinking
                outcome = await self._outcome(turn, facts)
        except TimeoutError:
            if not thinking.expired():
                raise  # the database's
            metrics.TURNS.labels("interrupted").inc()
            return None
        finally:
            lane.thinking = None
            self._typing(step.device.number, step.external_id, False)
        _THOUGHT.observe(time.monotonic() - started)
        metrics.ANSWERS.labels(outcome.intent or "none", outcome.source).inc()
        if outcome.fallback:
            metrics.FALLBACKS.labels(outcome.fallback).inc()
        if facts["silent"] and not outcome.joined:
            return _silent(facts), outcome.woken
        return self._ending(turn, outcome), outcome.woken

    async def _turn(self, key: ConversationKey, facts: dict[str, Any], role: Role | None, newest_at: float) -> Turn:
        showroom = await self._directory.showroom(key.tenant_id, facts["profile_version"])
        stock = await self._directory.stock(key.tenant_id, facts["stock_version"])
        user = facts["user"]
        return Turn(
            key=key,
            showroom=showroom,
            stock=stock,
            messages=tuple(_incoming(message) for message in _answered_now(facts)),
            now=datetime.now(ZoneInfo(showroom.timezone)),
            customer_name=facts["name"],
            customer_phone=facts["phone"] or "",
            sales=tuple(_person(one) for one in facts["sales"] or ()),
            handler=_person(facts["handler"]) if facts["handler"] else None,
            history=tuple(Line(sender=Voice(h["sender"]), text=h["body"]) for h in facts["history"] or ()),
            memory=facts["memory"],
            first_contact=facts["first_contact"],
            role=role,
            user=_person(user) if user else None,
            recent_messages=facts["recent"],
            budget_s=max(0.0, newest_at + self._rules.answer_within_s - time.time()),
        )

    async def _outcome(self, turn: Turn, facts: dict[str, Any]) -> Outcome:
        """The answer, or an apology when answering fails: a bug must not leave a customer waiting. A user's command
        has changed nothing when it fails, so it is carried out again at the next sweep before that is said."""
        for_desk = turn.for_desk
        if facts["tries"] <= self._rules.max_attempts:
            try:
                return await (self._command(turn) if for_desk else self._answer(turn))
            except Exception as exc:
                if for_desk:
                    raise
                metrics.TURN_FAILURES.labels(type(exc).__name__).inc()
                log.exception("answering failed: inbox=%s", turn.messages[-1].id)
        else:
            log.error("messages given up after %s tries: inbox=%s", facts["tries"], turn.messages[-1].id)
            metrics.TURN_FAILURES.labels("too_many_tries").inc()
        # What was remembered may be what it stumbles over, so it is forgotten; not a customer's wish for silence.
        opted_out: bool = facts["opted_out"]
        return Outcome(
            replies=(Reply(text=texts.TROUBLE),),
            memory={"opt_out": True} if opted_out else {},
            source="canned",
            fallback="failure",
            opt_out=opted_out,
        )

    def _ending(self, turn: Turn, outcome: Outcome) -> Ending:
        promised = outcome.hand_over
        for_desk = turn.for_desk
        return Ending(
            covers_to=turn.messages[-1].id,
            kind="notice" if for_desk else "reply",
            replies=[{"body": r.text, "media_url": r.photo, "source": outcome.source} for r in outcome.replies],
            memory=dict(outcome.memory),
            lead=None if for_desk else _lead(outcome.lead),
            opt_out=outcome.opt_out,
            notices=[{"body": outcome.alert}] if outcome.alert else (),
            offer={"user_id": promised.id, "body": handover.first_offer(turn, outcome)} if promised else None,
            erase_s=_ERASE_AFTER_S if outcome.erase else None,
            heard={str(inbox_id): said for inbox_id, said in outcome.heard.items()},
        )

    def _count(self, step: Step) -> None:
        match step:
            case Quiet(capped=True):
                metrics.CAPPED.inc()
                metrics.TURNS.labels("capped").inc()
                log.warning("reply cap reached")
            case _:
                metrics.TURNS.labels(type(step).__name__.lower()).inc()


async def _claims(
    database: Database, lease: Lease, history_lines: int, keys: Sequence[ConversationKey]
) -> list[Busy | Idle | Think | Send]:
    return await conversations.claim_all_tenants(database, lease, keys, history_lines=history_lines)


async def _give_back(database: Database, lease: Lease, tenant_id: TenantId, ids: Sequence[ConversationId]) -> None:
    try:
        async with database.tenant(tenant_id) as db:
            await conversations.give_back(db, tenant_id, ids, owner=lease.owner)
    except Exception:  # theirs end by themselves; other showrooms need not wait for that
        log.exception("conversations not given back: tenant=%s count=%s", tenant_id, len(ids))


def _hold(step: Think | Send) -> _Hold:
    assert step.device is not None
    hold = _Hold(fence=step.fence, device=step.device, target=step.external_id)
    if isinstance(step, Think):
        newest = _answered_now(step.facts)[-1]
        hold.received_at, hold.covers_to = _arrived_at(newest), newest["id"]
    return hold


def _arrived_at(message: dict[str, Any]) -> float:
    """By this machine's clock, which may differ from the database's, whose times the rows have."""
    return time.time() - float(message["age_s"])


def _answered_now(facts: dict[str, Any]) -> list[dict[str, Any]]:
    """A customer's whole burst, a user's next message; of who may become a user by a code no more than up to there."""
    messages: list[dict[str, Any]] = facts["messages"]
    if facts["user"]:
        return messages[:1]
    code_at = next((n for n, message in enumerate(messages, 1) if enrol_code.sent(message["body"])), len(messages))
    return messages[:code_at]


def _incoming(row: dict[str, Any]) -> Incoming:
    media = row["media"] or {}
    return Incoming(
        id=InboxId(row["id"]),
        kind=Kind(row["kind"]),
        text=row["body"],
        media_url=media.get("url"),
        media_filename=media.get("filename"),
        media_dropped=bool(media.get("dropped")),
    )


def _person(row: dict[str, Any]) -> Person:
    branch_id = row["branch_id"]
    return Person(id=UserId(row["id"]), name=row["name"], branch_id=None if branch_id is None else BranchId(branch_id))


def _silent(facts: dict[str, Any]) -> Ending:
    """Nothing is said to the customer; the person who has the conversation reads what came, unless it is a flood."""
    messages, role = facts["messages"], Role(facts["user"]["role"]) if facts["user"] else None
    flood = facts["recent"] - len(messages) >= _RELAYED_A_MINUTE
    relays = role is None and facts["holder"] is not None and not flood
    return Ending(
        covers_to=messages[-1]["id"],
        kind="reply" if role is None else "notice",
        replies=(),
        memory=facts["memory"],
        lead=_lead(None) if role is None else None,
        opt_out=facts["opted_out"],
        notices=[{"user_id": facts["holder"], "body": handover.relayed(facts)}] if relays else (),
    )


def _lead(news: LeadNews | None) -> dict[str, Any]:
    """Every customer is a lead from the first message on, whatever the turn learned."""
    known = asdict(news or LeadNews())
    return {key: value for key, value in known.items() if value is not None}

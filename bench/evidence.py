"""What really happened, from two witnesses: the database (what was stored and meant) and the gateway stand-in
(what left). A text at the gateway is matched to the outbox row of the same conversation that carries it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from bench.lab import Lab
from bench.traffic import Message
from tests.standins import Sent

_BRACES = str.maketrans("{}", "()")
_COUNTED = ("sent", "ambiguous")


@dataclass(frozen=True, slots=True)
class Stored:
    id: int
    key: str
    at: float


@dataclass(slots=True)
class Row:
    """An outbox row with its arrivals at the gateway; moments are time.time()."""

    id: int
    covers: tuple[int, int]
    body: str
    state: str
    kind: str
    source: str
    ambiguous: int
    created_at: float
    sent_at: float | None
    arrivals: list["Arrival"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Arrival:
    at: float
    target: str
    text: str
    token: str = ""


@dataclass(slots=True)
class Talk:
    """One conversation. `inbox` and `rows` by id, `arrivals` as they came in."""

    target: str
    inbox: list[Stored] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    arrivals: list[tuple[Arrival, Row]] = field(default_factory=list)
    strangers: list[Arrival] = field(default_factory=list)

    def delivered(self) -> list[Row]:
        return [row for row in self.rows if row.arrivals]

    def ranges(self) -> list[tuple[int, int]]:
        """Of delivered turns, each once."""
        return sorted({row.covers for row in self.delivered()})

    def match(self, arrivals: Iterable[Arrival]) -> None:
        known: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows:
            known[row.body.translate(_BRACES)].append(row)
        for arrival in arrivals:
            rows = known.get(arrival.text)
            if not rows:
                self.strangers.append(arrival)
                continue
            # Equal texts, which only rules write: the oldest that has not arrived yet.
            row = next((row for row in rows if not row.arrivals and row.state != "superseded"), rows[-1])
            row.arrivals.append(arrival)
            self.arrivals.append((arrival, row))


class Evidence:
    def __init__(self, talks: dict[str, Talk]) -> None:
        self.talks = talks

    @property
    def arrivals(self) -> int:
        return sum(len(talk.arrivals) for talk in self.talks.values())

    def unanswered(self) -> list[str]:
        """Keys of inbox rows that no delivered answer covers."""
        return [
            stored.key
            for talk in self.talks.values()
            for stored in talk.inbox
            if not any(first <= stored.id <= last for first, last in talk.ranges())
        ]

    def answered_twice(self) -> int:
        """Inbox rows that two different delivered turns cover."""
        return sum(
            sum(first <= stored.id <= last for first, last in talk.ranges()) > 1
            for talk in self.talks.values()
            for stored in talk.inbox
        )

    def withdrawn(self) -> int:
        """Rows that reached the customer although they were superseded or cancelled."""
        return sum(bool(r.arrivals) and r.state in ("superseded", "cancelled") for r in self._rows())

    def copies(self) -> int:
        """What a customer read twice: a row that arrived again, or a withdrawn answer beside its replacement."""
        return sum(max(0, len(row.arrivals) - 1) for row in self._rows()) + self.withdrawn()

    def ambiguous(self) -> int:
        return sum(row.ambiguous for row in self._rows())

    def strangers(self) -> int:
        """Texts at the gateway that no outbox row accounts for."""
        return sum(len(talk.strangers) for talk in self.talks.values())

    def out_of_order(self) -> int:
        """Arrivals at the gateway that answer older messages than an arrival before them did."""
        return sum(
            later.covers[1] < earlier.covers[1]
            for talk in self.talks.values()
            for (_, earlier), (_, later) in pairwise(talk.arrivals)
        )

    def stale(self) -> int:
        """Delivered answers written when a newer message was already stored: both moments were taken under the
        conversation's row lock, so the comparison is exact."""
        return sum(
            any(stored.id > row.covers[1] and stored.at < row.created_at for stored in talk.inbox)
            for talk in self.talks.values()
            for row in talk.delivered()
        )

    def overlaps(self) -> int:
        """Turns that share a message with another, or began to write before the turn before had been sent."""
        found = 0
        for talk in self.talks.values():
            turns: dict[tuple[int, int], list[Row]] = defaultdict(list)
            for row in talk.rows:
                if row.state in _COUNTED and row.kind == "reply":
                    turns[row.covers].append(row)
            ordered = sorted(turns.items())
            for (before, rows), (after, next_rows) in pairwise(ordered):
                ended = max(row.sent_at or row.created_at for row in rows)
                found += before[1] >= after[0] or min(row.created_at for row in next_rows) < ended
        return found

    def disordered(self, messages: Sequence[Message]) -> int:
        """Neighbours of a conversation stored in another order than they were accepted in: one was answered 200
        before the other was posted for the first time."""
        ids = {stored.key: stored.id for talk in self.talks.values() for stored in talk.inbox}
        found = 0
        for mine in _by_sender(messages).values():
            newest_accepted = 0
            done = sorted((m for m in mine if m.accepted_at is not None), key=lambda m: m.accepted_at or 0.0)
            index = 0
            for message in sorted(mine, key=lambda m: m.posted_at):
                while index < len(done) and (done[index].accepted_at or 0.0) < message.posted_at:
                    newest_accepted = max(newest_accepted, ids.get(done[index].key, 0))
                    index += 1
                found += ids.get(message.key, newest_accepted + 1) < newest_accepted
        return found

    def reply_seconds(self, *, acceptance_s: float = 0.0) -> list[float]:
        """From the last message of each answered burst to its first bubble at the gateway, plus `acceptance_s`,
        which the gateway took to say yes."""
        seconds = []
        for talk in self.talks.values():
            for covers in talk.ranges():
                last = max((s.at for s in talk.inbox if covers[0] <= s.id <= covers[1]), default=None)
                first = min(a.at for row in talk.rows if row.covers == covers for a in row.arrivals)
                if last is not None:
                    seconds.append(first - last + acceptance_s)
        return seconds

    def sources(self) -> dict[str, int]:
        counted: dict[str, int] = defaultdict(int)
        for row in self._rows():
            if row.arrivals:
                counted[row.source] += 1
        return dict(sorted(counted.items()))

    def states(self) -> dict[str, int]:
        counted: dict[str, int] = defaultdict(int)
        for row in self._rows():
            counted[row.state] += 1
        return dict(sorted(counted.items()))

    def lost(self, messages: Iterable[Message]) -> list[str]:
        """Accepted messages that have no row or no delivered answer."""
        known = {stored.key for talk in self.talks.values() for stored in talk.inbox}
        open_ = set(self.unanswered())
        return [m.key for m in messages if m.accepted_at is not None and (m.key not in known or m.key in open_)]

    def _rows(self) -> Iterable[Row]:
        return (row for talk in self.talks.values() for row in talk.rows)


async def collect(lab: Lab, arrivals: Iterable[Arrival]) -> Evidence:
    """Conversations by external id; a drill gives every customer a number of their own."""
    talks: dict[tuple[int, int], Talk] = {}
    for c in await lab.fetch("SELECT tenant_id, id, external_id FROM conversation"):
        talks[(c["tenant_id"], c["id"])] = Talk(c["external_id"])
    sql = """
        SELECT tenant_id, conversation_id, id, dedupe_key, extract(epoch FROM received_at)::float8 AS at
        FROM inbox ORDER BY id"""
    for i in await lab.fetch(sql):
        talks[(i["tenant_id"], i["conversation_id"])].inbox.append(Stored(i["id"], i["dedupe_key"], i["at"]))
    sql = """
        SELECT tenant_id, conversation_id, id, coalesce(covers_from, 0) AS first, coalesce(covers_to, 0) AS last,
               body, state, kind, source, ambiguous, extract(epoch FROM created_at)::float8 AS created_at,
               extract(epoch FROM sent_at)::float8 AS sent_at
        FROM outbox ORDER BY id"""
    for o in await lab.fetch(sql):
        talks[(o["tenant_id"], o["conversation_id"])].rows.append(_row(o))
    by_target = {talk.target: talk for talk in talks.values()}
    per_talk: dict[str, list[Arrival]] = defaultdict(list)
    for arrival in arrivals:
        per_talk[arrival.target].append(arrival)
    for target, mine in per_talk.items():
        by_target.setdefault(target, Talk(target)).match(mine)
    return Evidence(by_target)


def _row(o: Any) -> Row:
    return Row(
        id=o["id"], covers=(o["first"], o["last"]), body=o["body"], state=o["state"], kind=o["kind"],
        source=o["source"], ambiguous=o["ambiguous"], created_at=o["created_at"], sent_at=o["sent_at"],
    )  # fmt: skip


def _by_sender(messages: Iterable[Message]) -> dict[str, list[Message]]:
    grouped: dict[str, list[Message]] = defaultdict(list)
    for message in messages:
        grouped[message.sender].append(message)
    return grouped


def arrivals_of(sent: Iterable[Sent]) -> list[Arrival]:
    return [Arrival(one.at, one.target, one.message, one.token) for one in sent]

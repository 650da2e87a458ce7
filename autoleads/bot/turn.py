"""What a turn gets and what it gives back. A turn decides; turns.py carries out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from autoleads import enrol_code
from autoleads.bot.gateway.base import Kind
from autoleads.stock import Stock
from autoleads.types import (
    BranchId,
    CarId,
    ConversationId,
    ConversationKey,
    InboxId,
    LeadStatus,
    Role,
    Sender,
    TenantId,
    UserId,
)

NOBODY = ConversationKey(TenantId(0), ConversationId(0))  # whose message is explained, not received

ERASED_WITHIN_H = 24  # what a customer is promised who asks for deletion


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    id: BranchId
    name: str
    address: str = ""
    city: str = ""
    phone: str = ""  # digits, 62...
    maps_url: str = ""
    hours: Mapping[str, str] = field(default_factory=dict)  # {"mon": "09:00-18:00", "sun": "closed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Showroom:
    """What a customer may be told about a tenant. Hours as in Branch; `timezone` is an IANA name."""

    name: str
    slug: str
    phone: str = ""
    whatsapp: str = ""
    email: str = ""
    address: str = ""
    city: str = ""
    maps_url: str = ""
    hours: Mapping[str, str] = field(default_factory=dict)
    timezone: str = "Asia/Jakarta"
    site_url: str = ""  # https://slug.platform, no slash at the end
    branches: tuple[Branch, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    derived: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)  # worked out once, see Stock


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """One message of the burst that this turn answers."""

    id: InboxId
    kind: Kind
    text: str
    media_url: str | None = None
    media_filename: str | None = None
    media_dropped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody of the showroom who may take a lead."""

    id: UserId
    name: str
    branch_id: BranchId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the history, oldest first."""

    sender: Sender
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """`memory` is what earlier turns of this conversation left behind (JSON types only)."""

    key: ConversationKey = NOBODY
    showroom: Showroom
    stock: Stock
    messages: tuple[Incoming, ...]
    now: datetime  # in the showroom's zone
    customer_name: str = ""
    customer_phone: str = ""  # digits, 62...; empty when the gateway does not tell
    sales: tuple[Person, ...] = ()  # who may take a lead; whose turn it is comes first
    handler: Person | None = None  # who has this customer's lead, or was asked last to take it
    history: tuple[Line, ...] = ()
    memory: Mapping[str, Any] = field(default_factory=dict)
    first_contact: bool = False
    role: Role | None = None  # None: a customer
    user: Person | None = None  # who writes, when it is no customer
    recent_messages: int = 1  # of this person within the last minute, these included
    budget_s: float = 2.0  # what is left for thinking

    @property
    def text(self) -> str:
        """The burst as one thought, a message a line."""
        return "\n".join(message.text for message in self.messages if message.text)

    @property
    def enrols(self) -> bool:
        """Whether somebody who is no user sends a code to become one; a burst ends with it."""
        return self.role is None and enrol_code.sent(self.messages[-1].text) is not None

    @property
    def for_desk(self) -> bool:
        """Whether it is carried out as a command, rather than answered as a customer's."""
        return self.role is not None or self.enrols


def lone_turn(text: str, showroom: Showroom, stock: Stock, now: datetime) -> Turn:
    """A customer's message by itself, as if an earlier one had been greeted: nobody's, to be explained or judged."""
    message = Incoming(id=InboxId(0), kind=Kind.TEXT, text=text)
    return Turn(showroom=showroom, stock=stock, messages=(message,), now=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One bubble; with `photo` (an address) the text is its caption."""

    text: str
    photo: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadNews:
    """What the turn learned about the lead; None leaves what is known. `score` is 0..10."""

    car_id: CarId | None = None
    name: str | None = None
    budget_idr: int | None = None
    status: LeadStatus | None = None
    score: int | None = None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """`source` says who wrote the answer: canned, rule or model; `fallback` why it was not the model."""

    replies: tuple[Reply, ...]
    memory: Mapping[str, Any] = field(default_factory=dict)
    lead: LeadNews | None = None
    intent: str = ""
    source: str = "rule"
    fallback: str | None = None
    lost: bool = False  # the rules could only ask what was meant, whoever put that into words
    opt_out: bool = False  # whether, after these replies, nobody sends to this contact any more
    hand_over: Person | None = None  # who was promised to the customer, and is asked to take the lead
    alert: str | None = None  # a line for the owner and the admins
    erase: bool = False  # the customer wants the stored data deleted; within ERASED_WITHIN_H they were told
    joined: bool = False  # who sent a code is a user now
    woken: tuple[ConversationKey, ...] = ()  # other conversations that got something to send
    heard: Mapping[InboxId, str] = field(default_factory=dict)  # what voice notes of this turn say, for the history

"""Identifiers and closed sets that every layer shares."""

from enum import StrEnum
from typing import NamedTuple, NewType

TenantId = NewType("TenantId", int)
BranchId = NewType("BranchId", int)
CarId = NewType("CarId", int)
UserId = NewType("UserId", int)
DeviceId = NewType("DeviceId", int)
ConversationId = NewType("ConversationId", int)
InboxId = NewType("InboxId", int)
OutboxId = NewType("OutboxId", int)
LeadId = NewType("LeadId", int)
TimerId = NewType("TimerId", int)
AttachmentId = NewType("AttachmentId", int)


class ConversationKey(NamedTuple):
    """What the dispatcher orders by."""

    tenant_id: TenantId
    conversation_id: ConversationId


class Channel(StrEnum):
    """The gateway a device speaks through."""

    FONNTE = "fonnte"
    SIMULATOR = "simulator"


class Role(StrEnum):
    OWNER = "owner"
    ADMIN = "admin"
    SALES = "sales"


class CarStatus(StrEnum):
    AVAILABLE = "available"
    BOOKING = "booking"
    SOLD = "sold"
    DRAFT = "draft"


class Transmission(StrEnum):
    MANUAL = "Manual"
    MATIC = "Matic"


class LeadStatus(StrEnum):
    NEW = "new"
    HOT = "hot"
    WARM = "warm"
    COLD = "cold"
    CLOSED = "closed"
    LOST = "lost"


class Sender(StrEnum):
    """Who wrote a line of the history."""

    CUSTOMER = "customer"
    BOT = "bot"
    SALES = "sales"
    SYSTEM = "system"

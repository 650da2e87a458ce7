"""What every gateway must speak: an incoming event in one shape, one way to send."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from autoleads.types import Channel


class Kind(StrEnum):
    """What a person sent."""

    TEXT = "text"
    IMAGE = "image"
    AUDIO = "audio"
    VIDEO = "video"
    DOCUMENT = "document"
    LOCATION = "location"
    CONTACT = "contact"
    CHOICE = "choice"
    STICKER = "sticker"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbound:
    """One message of one person. `sender` is opaque; a phone number is derived from it when it can be."""

    device: str
    sender: str
    dedupe_key: str
    kind: Kind = Kind.TEXT
    text: str = ""
    sender_name: str = ""
    media_url: str | None = None
    media_filename: str | None = None
    media_dropped: bool = False  # an attachment was sent but the gateway's plan withholds it
    latitude: float | None = None
    longitude: float | None = None
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryStatus:
    """News about a message that we sent. `status` is lower case, e.g. sent, delivered, read, invalid."""

    device: str
    gateway_message_id: str
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceState:
    """The device went on or off line."""

    device: str
    connected: bool
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignored:
    """Well-formed and not for us. `reason` is one of a closed set: group, echo, broadcast, unknown."""

    device: str
    reason: str
    fields: tuple[str, ...] = field(default=())  # names, never values, of a body nobody knows


Event = Inbound | DeliveryStatus | DeviceState | Ignored


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One bubble. With `media_url` the text is its caption."""

    target: str
    text: str
    media_url: str | None = None


class Sends(Protocol):
    """What the sender needs. Sending never retries: what to do with a failure is the sender's decision."""

    channel: Channel

    async def send(self, token: str, message: Outgoing) -> str:
        """The provider's message id. Raises a GatewayError; see errors.py for what each means."""
        ...


class Gateway(Sends, Protocol):
    """One provider with a wire format of its own."""

    def parse(self, payload: Mapping[str, Any]) -> Event:
        """Raises InvalidField when a needed field is missing or unreadable."""
        ...

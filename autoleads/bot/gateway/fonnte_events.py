"""What a Fonnte webhook body means. It carries no event type and no message id, so the content must tell."""

import hashlib
import json
import math
import re
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from autoleads.bot.gateway.base import DeliveryStatus, DeviceState, Event, Ignored, Inbound, Kind
from autoleads.errors import InvalidField
from autoleads.formats import phone_digits

_MAX_TEXT = 60_000  # Fonnte's own limit for a message; longer is cut, not refused
_MAX_NAME = 200
_MAX_ADDRESS = 128
_MAX_URL = 2_048
_NO_TEXT = "non-text message"
_NO_BUTTON = "non-button message"
_CHAT_FIELDS = {"message", "pesan", "url", "location", "choices", "inboxid", "isgroup"}
_FAILED = {"invalid", "expired", "url unreachable"}
_TRUE = {"true", "1", "yes"}

# People type the same short word twice, only a retry brings the same long text twice.
_SHORT_TEXT = 16
_SHORT_BUCKET_S = 120
_LONG_BUCKET_S = 3_600

_TYPES = {
    "image": Kind.IMAGE,
    "audio": Kind.AUDIO,
    "voice": Kind.AUDIO,
    "ptt": Kind.AUDIO,
    "video": Kind.VIDEO,
    "document": Kind.DOCUMENT,
    "file": Kind.DOCUMENT,
    "sticker": Kind.STICKER,
}
_EXTENSIONS = {
    **dict.fromkeys(("jpg", "jpeg", "png", "webp", "gif", "heic", "heif", "bmp"), Kind.IMAGE),
    **dict.fromkeys(("mp3", "ogg", "oga", "opus", "m4a", "aac", "amr", "wav"), Kind.AUDIO),
    **dict.fromkeys(("mp4", "3gp", "mov", "mkv", "webm", "avi"), Kind.VIDEO),
}
_COORDINATES = re.compile(r"\s*(-?\d{1,3}(?:\.\d{1,20})?)\s*,\s*(-?\d{1,3}(?:\.\d{1,20})?)\s*", re.ASCII)
_PERSON = re.compile(r"[0-9A-Za-z._:-]+(?:@[a-z.]+)?", re.ASCII)


def parse(payload: Mapping[str, Any], *, clock: Callable[[], float] = time.time) -> Event:
    """Chat, delivery status or device state, whichever hook called. Raises InvalidField."""
    fields = {str(name).strip().lower(): value for name, value in payload.items()}
    device = _device(_text(fields, "device", _MAX_ADDRESS))
    sender = _person(_text(fields, "sender", _MAX_ADDRESS) or _text(fields, "pengirim", _MAX_ADDRESS))
    if sender:
        return _chat(fields, device, sender, clock)
    status, state = _text(fields, "status", _MAX_NAME).lower(), _text(fields, "state", _MAX_NAME).lower()
    message_id = _first(fields, "id") or _first(fields, "stateid")
    if message_id and (status or state):
        news = status if status in _FAILED or not state else state
        return DeliveryStatus(device=device, gateway_message_id=message_id, status=news)
    if not message_id and status in {"connect", "disconnect", "connected", "disconnected"}:
        connected = not status.startswith("dis")
        return DeviceState(device=device, connected=connected, reason=_text(fields, "reason", _MAX_NAME))
    if _CHAT_FIELDS & fields.keys():
        raise InvalidField("sender", "missing")
    names = tuple(sorted(_clean(name)[:64] for name in fields))[:40]
    return Ignored(device=device, reason="unknown", fields=names)


def _chat(fields: dict[str, Any], device: str, sender: str, clock: Callable[[], float]) -> Event:
    member = _text(fields, "member", _MAX_ADDRESS)
    if _flag(fields, "isgroup") or member or sender.endswith("@g.us"):
        return Ignored(device=device, reason="group")
    if sender.endswith(("@broadcast", "@newsletter")):
        return Ignored(device=device, reason="broadcast")
    if sender == device:
        return Ignored(device=device, reason="echo")
    return Inbound(
        device=device,
        sender=sender,
        sender_name=_text(fields, "name", _MAX_NAME),
        dedupe_key=_dedupe_key(fields, device, sender, clock),
        sent_at=_instant(fields.get("timestamp")),
        **_content(fields),
    )


def _content(fields: dict[str, Any]) -> dict[str, Any]:
    """Kind, text and attachment. The order decides: a location or a poll answer may carry the placeholder."""
    text = _message(fields)
    said = "" if text.lower() == _NO_TEXT else text
    if place := _coordinates(_text(fields, "location", _MAX_NAME)):
        return {"kind": Kind.LOCATION, "text": said, "latitude": place[0], "longitude": place[1]}
    if choices := _choices(fields):
        return {"kind": Kind.CHOICE, "text": ", ".join(choices)[:_MAX_TEXT]}
    label = _text(fields, "text")
    pressed = "" if label.lower() in {_NO_BUTTON, _NO_TEXT} else label
    if media := _media(fields, text, pressed):
        return {**media, "text": said}
    if "BEGIN:VCARD" in said:
        return {"kind": Kind.CONTACT, "text": said}
    if pressed and said in {"", pressed}:
        return {"kind": Kind.CHOICE, "text": pressed}
    return {"kind": Kind.TEXT if said else Kind.UNSUPPORTED, "text": said}


def _media(fields: dict[str, Any], text: str, pressed: str) -> dict[str, Any] | None:
    """The attachment, or that there was one: plans without attachments leave out the address."""
    url, filename = _text(fields, "url"), _text(fields, "filename", _MAX_NAME)
    extension = _text(fields, "extension", _MAX_NAME).lstrip(".").lower()
    named = _TYPES.get(_text(fields, "type", _MAX_NAME).lower())
    if url and len(url) <= _MAX_URL and url.lower().startswith(("https://", "http://")):
        kind = Kind.STICKER if named is Kind.STICKER else _EXTENSIONS.get(extension or _suffix(filename, url))
        return {"kind": kind or named or Kind.DOCUMENT, "media_url": url, "media_filename": filename or None}
    missing = url or filename or extension or (named and not text)
    if missing or (text.lower() == _NO_TEXT and not pressed):
        kind = named or _EXTENSIONS.get(extension) or Kind.UNSUPPORTED
        return {"kind": kind, "media_dropped": True, "media_filename": filename or None}
    return None


def _suffix(filename: str, url: str) -> str:
    try:
        path = urlsplit(url).path
    except ValueError:  # "http://[" and the like
        path = ""
    return (PurePosixPath(filename).suffix or PurePosixPath(path).suffix).lstrip(".").lower()


def _dedupe_key(fields: dict[str, Any], device: str, sender: str, clock: Callable[[], float]) -> str:
    """Equal for every delivery of one message. `inboxid` is 0 for all while the device's inbox is off.

    A body without timestamp (accounts older than 2026) gets the time of arrival, in steps: long ones for a
    text that nobody types twice, short ones for a "ya", which may then be taken for a retry for two minutes
    at most. A retry on the other side of a step is answered twice, which is the lesser evil.
    """
    inbox_id = _whole(fields, "inboxid")
    if inbox_id > 0:
        return f"inbox:{inbox_id}"
    message, url = _message(fields), _text(fields, "url")
    stamp = _text(fields, "timestamp", _MAX_NAME)
    if stamp in {"", "0"}:
        step = _LONG_BUCKET_S if url or len(message) >= _SHORT_TEXT else _SHORT_BUCKET_S
        stamp = f"arrived:{int(clock()) // step}"
    # The label belongs to it: two buttons pressed in one second may differ in nothing else.
    parts = [device, sender, _text(fields, "member", _MAX_ADDRESS), stamp, message, url]
    parts += [_text(fields, "location", _MAX_NAME), _text(fields, "text"), *_choices(fields)]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _message(fields: dict[str, Any]) -> str:
    return _text(fields, "message") or _text(fields, "pesan")


def _device(raw: str) -> str:
    """The number the device was registered with, in whatever form its owner typed it."""
    if not raw:
        raise InvalidField("device", "missing")
    if raw.isascii() and raw.isdecimal() and raw.startswith("62"):
        return raw
    digits = phone_digits(raw) or "".join(ch for ch in raw if ch in "0123456789")
    if not digits:
        raise InvalidField("device", "is not a number")
    return digits


def _person(raw: str) -> str:
    """Opaque, but a phone number always in the same form, or one customer would become two."""
    raw = raw.removesuffix("@s.whatsapp.net").removesuffix("@c.us")
    if "@" not in raw:
        raw = raw.lstrip("+").translate(str.maketrans("", "", " -()"))
        if raw.startswith("0"):
            raw = f"62{raw[1:]}"
    # What Fonnte would read as several targets or as variables must not get as far as a reply.
    if raw and not _PERSON.fullmatch(raw):
        raise InvalidField("sender", "is not an address")
    return raw


def _text(fields: dict[str, Any], name: str, limit: int = _MAX_TEXT) -> str:
    value = fields.get(name)
    if value is None:
        return ""
    if isinstance(value, str):
        return _clean(value).strip()[:limit]
    if isinstance(value, int | float) and not isinstance(value, bool):
        if isinstance(value, float) and math.isfinite(value) and value.is_integer():
            value = int(value)
        return str(value)[:limit]
    raise InvalidField(name, "must be text")


def _clean(text: str) -> str:
    """PostgreSQL refuses NUL, UTF-8 has no lone half of a surrogate pair, and forms send CRLF."""
    text = text.replace("\0", "").replace("\r\n", "\n")
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _first(fields: dict[str, Any], name: str) -> str:
    value = fields.get(name)
    if isinstance(value, list):
        return _text({name: value[0]}, name, _MAX_ADDRESS) if value else ""
    return _text(fields, name, _MAX_ADDRESS)


def _flag(fields: dict[str, Any], name: str) -> bool:
    value = fields.get(name)
    return value if isinstance(value, bool) else _text(fields, name, _MAX_NAME).lower() in _TRUE


def _whole(fields: dict[str, Any], name: str) -> int:
    text = _text(fields, name, 20)
    return int(text) if text.isascii() and text.isdecimal() else 0


def _choices(fields: dict[str, Any]) -> list[str]:
    """A list; form-encoded it may come as one text, or as the JSON of a list."""
    value = fields.get("choices")
    if isinstance(value, str) and value.lstrip().startswith("["):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            value = [value]
    if not isinstance(value, list):
        value = [value]
    texts = (_text({"choices": one}, "choices") for one in value[:50])
    return [text for text in texts if text]


def _coordinates(raw: str) -> tuple[float, float] | None:
    match = _COORDINATES.fullmatch(raw)
    if match is None:
        return None
    latitude, longitude = float(match[1]), float(match[2])
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def _instant(raw: object) -> datetime | None:
    """Seconds, or milliseconds, as a number or as text. None for anything that is no time of our century."""
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        return None
    try:
        seconds = float(raw)
    except (ValueError, OverflowError):
        return None
    if seconds > 1e11:
        seconds /= 1000
    return datetime.fromtimestamp(seconds, UTC) if 1e9 <= seconds < 4e9 else None

"""Fonnte's webhook bodies: one full chat body, and what each kind of message changes in it."""

from typing import Any

DEVICE = "6281311110000"
CUSTOMER = "6285211112222"
GROUP = "120363411112222333@g.us"
FILE_HOST = "https://files.example.test"

_CHAT: dict[str, Any] = {
    "quick": False,
    "device": DEVICE,
    "pesan": "Pagi kak, Xpander 2021 masih?",
    "pengirim": CUSTOMER,
    "member": "",
    "message": "Pagi kak, Xpander 2021 masih?",
    "text": "non-button message",
    "sender": CUSTOMER,
    "name": "Ratna Puspita",
    "location": "",
    "url": "",
    "type": "text",
    "extension": "",
    "filename": "",
    "pollname": "",
    "choices": [],
    "inboxid": 0,
    "isgroup": False,
    "isforwarded": False,
    "timestamp": 1_795_200_000,
}
_VCARD = "BEGIN:VCARD\nVERSION:3.0\nFN:Yanto Las\nTEL;waid=6281933334444:+62 819-3333-4444\nEND:VCARD"


def chat(message: str | None = None, **changes: Any) -> dict[str, Any]:
    """`message` fills its older twin as well."""
    words = {} if message is None else {"message": message, "pesan": message}
    return {**_CHAT, **words, **changes}


def media(kind: str, extension: str, message: str = "non-text message", **changes: Any) -> dict[str, Any]:
    url = f"{FILE_HOST}/k/9f31.{extension}"
    return chat(message, type=kind, extension=extension, filename="9f31", url=url, **changes)


def without(body: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name not in names}


SHAPES: dict[str, dict[str, Any]] = {
    "text": chat(),
    "text with inbox on": chat("Boleh nego?", inboxid=51_000_321),
    "image with caption": media("image", "jpg", "Kondisi mobil lama saya"),
    "image": media("image", "webp"),
    "voice note": media("audio", "ogg"),
    "video": media("video", "mp4"),
    "document": media("document", "pdf", ""),
    "sticker": media("sticker", "webp"),
    "attachment withheld": chat("non-text message", type="image"),
    "attachment withheld, named": chat("Ini STNK-nya", type="image", filename="stnk", extension="jpg"),
    "location": chat("non-text message", type="location", location="-7.257500,112.752100"),
    "contact": chat(_VCARD, type="contact"),
    "poll answer": chat("", type="poll", pollname="Mau test drive kapan?", choices=["Sabtu", "Minggu"]),
    "button": chat("Lihat unit", text="Lihat unit"),
    "empty": chat(""),
    "group": chat("@6281311110000 ada Brio?", sender=GROUP, pengirim=GROUP, member=CUSTOMER, isgroup=True),
    "broadcast": chat(sender="status@broadcast", pengirim="status@broadcast"),
    "channel": chat(sender="120363099@newsletter", pengirim="120363099@newsletter"),
    "own message": chat("Baik kak", sender=DEVICE, pengirim=DEVICE),
    "linked id": chat(sender="98765432101234@lid", pengirim="98765432101234@lid"),
    "status": {
        "device": DEVICE,
        "id": "91000017",
        "stateid": "3EB0AA11BB22CC33",
        "status": "Sent",
        "state": "Read",
        "timestamp": 1_795_200_100,
    },
    "status of a bad number": {"device": DEVICE, "id": "91000018", "status": "invalid"},
    "connected": {"device": DEVICE, "status": "connect", "timestamp": 1_795_200_200},
    "disconnected": {
        "device": DEVICE,
        "status": "disconnect",
        "timestamp": 1_795_200_300,
        "reason": "logged out",
    },
    "unknown": {"device": DEVICE, "webhook": "chaining", "response": "?"},
}

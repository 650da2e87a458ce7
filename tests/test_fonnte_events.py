"""What Fonnte calls the webhook with, read as messages."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoleads.bot.gateway.base import DeliveryStatus, DeviceState, Ignored, Inbound, Kind
from autoleads.bot.gateway.fonnte_events import parse
from autoleads.errors import InvalidField
from autoleads.web import body
from tests.payloads.fonnte import CUSTOMER, DEVICE, FILE_HOST, SHAPES, chat, media, without

SHARED = Path(os.environ.get("AUTOLEADS_SHARED", Path(__file__).parents[2] / "shared")) / "reference/payloads"
PHOTO = f"{FILE_HOST}/k/9f31.jpg"


def inbound(payload: dict[str, Any]) -> Inbound:
    event = parse(payload)
    assert isinstance(event, Inbound)
    return event


def key_at(now: float, payload: dict[str, Any]) -> str:
    event = parse(payload, clock=lambda: now)
    assert isinstance(event, Inbound)
    return event.dedupe_key


@pytest.mark.parametrize(
    ("shape", "kind", "text"),
    [
        ("text", Kind.TEXT, "Pagi kak, Xpander 2021 masih?"),
        ("text with inbox on", Kind.TEXT, "Boleh nego?"),
        ("image with caption", Kind.IMAGE, "Kondisi mobil lama saya"),
        ("image", Kind.IMAGE, ""),
        ("voice note", Kind.AUDIO, ""),
        ("video", Kind.VIDEO, ""),
        ("document", Kind.DOCUMENT, ""),
        ("sticker", Kind.STICKER, ""),
        ("attachment withheld", Kind.IMAGE, ""),
        ("attachment withheld, named", Kind.IMAGE, "Ini STNK-nya"),
        ("location", Kind.LOCATION, ""),
        ("poll answer", Kind.CHOICE, "Sabtu, Minggu"),
        ("button", Kind.CHOICE, "Lihat unit"),
        ("empty", Kind.UNSUPPORTED, ""),
        ("linked id", Kind.TEXT, "Pagi kak, Xpander 2021 masih?"),
    ],
)
def test_what_a_person_sent(shape: str, kind: Kind, text: str) -> None:
    event = inbound(SHAPES[shape])

    assert (event.kind, event.text) == (kind, text)
    assert event.device == DEVICE
    assert event.media_dropped == shape.startswith("attachment withheld")
    assert (event.media_url is not None) == bool(SHAPES[shape]["url"])


def test_every_field_of_a_text() -> None:
    assert inbound(SHAPES["text with inbox on"]) == Inbound(
        device=DEVICE,
        sender=CUSTOMER,
        sender_name="Ratna Puspita",
        dedupe_key="inbox:51000321",
        kind=Kind.TEXT,
        text="Boleh nego?",
        sent_at=datetime.fromtimestamp(1_795_200_000, UTC),
    )


def test_a_location_and_a_contact() -> None:
    place = inbound(SHAPES["location"])
    card = inbound(SHAPES["contact"])

    assert (place.latitude, place.longitude) == (-7.2575, 112.7521)
    assert card.kind is Kind.CONTACT
    assert "waid=6281933334444" in card.text


@pytest.mark.parametrize("location", ["91,10", "10,181", "di rumah", "1;2", "1,2,3", "nan,nan"])
def test_a_place_that_is_none_is_not_a_location(location: str) -> None:
    event = inbound(chat("non-text message", type="location", location=location))

    assert (event.kind, event.latitude) == (Kind.UNSUPPORTED, None)


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"url": PHOTO, "extension": ".JPG", "type": ""}, Kind.IMAGE),
        ({"url": PHOTO, "extension": "", "filename": "", "type": ""}, Kind.IMAGE),
        ({"url": f"{FILE_HOST}/1?sig=a", "extension": "", "filename": "lagu.mp3", "type": ""}, Kind.AUDIO),
        ({"url": f"{FILE_HOST}/1", "extension": "", "filename": "", "type": "Video"}, Kind.VIDEO),
        ({"url": f"{FILE_HOST}/1", "extension": "bin", "filename": "", "type": ""}, Kind.DOCUMENT),
        ({"url": "https://[::1", "extension": "", "filename": "", "type": ""}, Kind.DOCUMENT),
    ],
)
def test_the_kind_of_a_file(changes: dict[str, str], kind: Kind) -> None:
    event = inbound(media("", "jpg", "lihat ini") | changes)

    assert (event.kind, event.media_url, event.text) == (kind, changes["url"], "lihat ini")


@pytest.mark.parametrize("url", ["ftp://files.example.test/a.jpg", "javascript:1", "https://x/" + "a" * 3000])
def test_an_address_that_cannot_be_fetched_counts_as_withheld(url: str) -> None:
    event = inbound(media("image", "jpg") | {"url": url})

    assert (event.kind, event.media_url, event.media_dropped) == (Kind.IMAGE, None, True)


@pytest.mark.parametrize(
    ("message", "label", "kind", "text"),
    [
        ("", "Lihat unit", Kind.CHOICE, "Lihat unit"),
        ("non-text message", "Lihat unit", Kind.CHOICE, "Lihat unit"),
        ("Masih ada?", "btn-1", Kind.TEXT, "Masih ada?"),
        ("Masih ada?", "", Kind.TEXT, "Masih ada?"),
        ("Non-Text Message", "Non-Button Message", Kind.UNSUPPORTED, ""),
    ],
)
def test_a_button_label_beside_the_words(message: str, label: str, kind: Kind, text: str) -> None:
    event = inbound(chat(message, text=label))

    assert (event.kind, event.text) == (kind, text)


def test_poll_choices_in_every_encoding() -> None:
    texts = {
        inbound(chat("non-text message", choices=choices)).text
        for choices in (["Sabtu"], "Sabtu", '["Sabtu"]', ["", "Sabtu", None])
    }
    broken = inbound(chat("", choices="[Sabtu"))

    assert texts == {"Sabtu"}
    assert broken.text == "[Sabtu"


@pytest.mark.parametrize(
    ("shape", "reason"),
    [("group", "group"), ("broadcast", "broadcast"), ("channel", "broadcast"), ("own message", "echo")],
)
def test_what_is_not_for_us(shape: str, reason: str) -> None:
    assert parse(SHAPES[shape]) == Ignored(device=DEVICE, reason=reason)


@pytest.mark.parametrize(
    "changes",
    [{"isgroup": True}, {"isgroup": "True"}, {"isgroup": 1}, {"member": CUSTOMER}, {"sender": "1203@g.us"}],
)
def test_each_mark_of_a_group_is_enough(changes: dict[str, Any]) -> None:
    assert parse(chat(**changes)) == Ignored(device=DEVICE, reason="group")


def test_flags_that_are_off_as_text_are_off() -> None:
    assert inbound(chat(isgroup="false")).kind is Kind.TEXT


def test_the_other_hooks() -> None:
    assert parse(SHAPES["status"]) == DeliveryStatus(device=DEVICE, gateway_message_id="91000017", status="read")
    assert parse(SHAPES["status of a bad number"]) == DeliveryStatus(
        device=DEVICE, gateway_message_id="91000018", status="invalid"
    )
    assert parse({"device": DEVICE, "stateid": 77, "state": "Delivered"}) == DeliveryStatus(
        device=DEVICE, gateway_message_id="77", status="delivered"
    )
    assert parse({"device": DEVICE, "id": ["9"], "status": "expired", "state": "sent"}) == DeliveryStatus(
        device=DEVICE, gateway_message_id="9", status="expired"
    )
    assert parse(SHAPES["connected"]) == DeviceState(device=DEVICE, connected=True)
    assert parse(SHAPES["disconnected"]) == DeviceState(device=DEVICE, connected=False, reason="logged out")


def test_an_unknown_body_gives_its_field_names_and_no_value() -> None:
    assert parse(SHAPES["unknown"]) == Ignored(
        device=DEVICE, reason="unknown", fields=("device", "response", "webhook")
    )
    assert parse({"device": DEVICE, "id": [], "status": "sent"}) == Ignored(
        device=DEVICE, reason="unknown", fields=("device", "id", "status")
    )


@pytest.mark.parametrize(
    ("payload", "field"),
    [
        ({}, "device"),
        (without(chat(), "device"), "device"),
        (chat(device=None), "device"),
        (chat(device="showroom"), "device"),
        (chat(device=["1"]), "device"),
        (without(chat(), "sender", "pengirim"), "sender"),
        (chat(sender="", pengirim=""), "sender"),
        (chat(sender={"jid": "62"}), "sender"),
        (chat(sender="6281,6282"), "sender"),
        (chat(sender="6281|x"), "sender"),
        (chat(message={"text": "hi"}), "message"),
        (chat(message=True), "message"),
        (chat(member={"jid": "62"}), "member"),
        (chat(url=["https://x"]), "url"),
        (chat(isgroup=[]), "isgroup"),
        (chat(choices=[{"a": 1}]), "choices"),
        (chat(choices={"a": 1}), "choices"),
        (chat(timestamp={}), "timestamp"),
        (chat(inboxid=[1]), "inboxid"),
        ({"device": DEVICE, "status": ["sent"], "id": "1"}, "status"),
    ],
)
def test_bad_input_names_the_field(payload: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidField) as caught:
        parse(payload)

    assert caught.value.field == field


def test_older_names_and_any_case_of_names() -> None:
    old = without(chat(), "message", "sender")
    shouted = {name.upper(): value for name, value in chat().items()}

    assert inbound(old).text == inbound(shouted).text == chat()["message"]
    assert inbound(old).sender == inbound(shouted).sender == CUSTOMER


@pytest.mark.parametrize("raw", [DEVICE, int(DEVICE), float(DEVICE), "081311110000", "+62 813-1111-0000"])
def test_every_form_of_the_device_is_one_device(raw: object) -> None:
    assert parse(chat(device=raw)).device == DEVICE


def test_a_device_number_that_no_plan_knows_is_kept_as_digits() -> None:
    assert parse(chat(device="ID 000")).device == "000"


@pytest.mark.parametrize(
    "raw",
    [
        CUSTOMER,
        int(CUSTOMER),
        "085211112222",
        "+62 852-1111-2222",
        f"{CUSTOMER}@s.whatsapp.net",
        f"{CUSTOMER}@c.us",
    ],
)
def test_every_form_of_a_number_is_one_person(raw: object) -> None:
    assert inbound(chat(sender=raw)).sender == CUSTOMER


def test_a_foreign_number_and_a_linked_id_stay_as_they_are() -> None:
    assert inbound(chat(sender="819012345678")).sender == "819012345678"
    assert inbound(SHAPES["linked id"]).sender == "98765432101234@lid"


@pytest.mark.parametrize("raw", [1_795_200_000, "1795200000", 1_795_200_000_000, "1795200000000", 1_795_200_000.0])
def test_every_form_of_a_time(raw: object) -> None:
    assert inbound(chat(timestamp=raw)).sent_at == datetime.fromtimestamp(1_795_200_000, UTC)


@pytest.mark.parametrize("raw", [None, "", 0, -5, "kemarin", float("nan"), float("inf"), "9" * 400, 10**400])
def test_a_time_that_is_none_does_not_cost_the_message(raw: object) -> None:
    assert inbound(chat(timestamp=raw)).sent_at is None


def test_a_retry_has_the_same_key_and_everything_else_another() -> None:
    payload = chat("ya")
    others = [
        chat("ya", timestamp=1_795_200_001),
        chat("ya", sender="6285211112223"),
        chat("ya", device="6281311110001"),
        chat("tidak"),
        chat("", choices=["ya"]),
        chat("", choices=["ya", ""], text="ya"),
        chat("ya", url=PHOTO),
        chat("ya", location="1,2"),
    ]

    keys = [key_at(1e9, payload), *(key_at(1e9, other) for other in others)]

    assert key_at(2e9, payload) == keys[0]
    assert len(set(keys)) == len(keys)
    assert key_at(1e9, {**payload, "timestamp": "1795200000"}) == keys[0]


@pytest.mark.parametrize("inbox_id", [51, "51", 51.0])
def test_only_a_positive_inbox_id_identifies(inbox_id: object) -> None:
    assert key_at(1e9, chat(inboxid=inbox_id)) == "inbox:51"
    for nothing in (0, "0", -1, None, "", "x", "²"):
        assert not key_at(1e9, chat(inboxid=nothing)).startswith("inbox:")


def test_without_a_time_a_short_word_repeats_after_minutes_and_a_long_text_after_an_hour() -> None:
    start = 1_795_200_000 // 3600 * 3600
    short = without(chat("ya"), "timestamp")
    long = without(chat("Avanza 2019 hitam masih ada kak?"), "timestamp")

    assert key_at(start, short) == key_at(start + 60, short)
    assert key_at(start, short) != key_at(start + 120, short)
    assert key_at(start, long) == key_at(start + 15 * 60, long)
    assert key_at(start, long) != key_at(start + 3600, long)
    assert key_at(start, {**short, "timestamp": 0}) == key_at(start, short)


def test_what_the_database_cannot_store_is_taken_out() -> None:
    event = inbound(chat("a\0b \ud83d c \ud83d\ude00\r\nd", name="\0Sari\udc00"))

    assert event.text == "ab \ufffd c 😀\nd"
    assert event.sender_name == "Sari\ufffd"


def test_a_text_longer_than_fonntes_own_limit_is_cut() -> None:
    assert len(inbound(chat("a" * 70_000)).text) == 60_000


@given(
    changes=st.dictionaries(
        st.sampled_from(sorted(chat())) | st.text(max_size=8),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=[])),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
            max_leaves=5,
        ),
        max_size=6,
    )
)
def test_any_values_give_an_event_or_name_a_field(changes: dict[str, Any]) -> None:
    try:
        event = parse({**chat(), **changes})
    except InvalidField as exc:
        named = exc.field
    else:
        named = None
        repr(event).encode("utf-8")  # nothing that the database driver could not encode
    assert named is None or named in chat()


@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_a_form_means_the_same_as_json(shape: str) -> None:
    payload = SHAPES[shape]
    flat = [
        pair
        for name, value in payload.items()
        for pair in (
            [(f"{name}[]", one) for one in value]
            if isinstance(value, list)
            else [(name, str(value).lower() if isinstance(value, bool) else value)]
        )
    ]

    read = body.read(urlencode(flat).encode())

    assert dict(parse_qsl(urlencode(flat)))["device"] == DEVICE
    assert str(parse(read)) == str(parse(body.read(json.dumps(payload).encode())))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("text", Kind.TEXT),
        ("text-inbox-on", Kind.TEXT),
        ("image", Kind.IMAGE),
        ("image-no-caption", Kind.IMAGE),
        ("document", Kind.DOCUMENT),
        ("voice-note", Kind.AUDIO),
        ("attachment-dropped", Kind.IMAGE),
        ("location", Kind.LOCATION),
        ("contact-vcard", Kind.CONTACT),
        ("poll-answer", Kind.CHOICE),
        ("button-reply", Kind.CHOICE),
        ("group", "group"),
        ("message-status", "delivered"),
        ("message-status-invalid", "invalid"),
        ("device-connect", True),
        ("device-disconnect", False),
    ],
)
def test_the_reference_bodies(name: str, expected: object) -> None:
    path = SHARED / f"fonnte-{name}.json"
    if not path.exists():
        pytest.skip("the reference bodies are not here")

    match parse(body.read(path.read_bytes())):
        case Inbound(kind=found) | Ignored(reason=found) | DeliveryStatus(status=found) | DeviceState(connected=found):
            assert found == expected

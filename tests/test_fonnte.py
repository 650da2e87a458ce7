"""Sending through Fonnte: what goes over the wire, and what each of its answers means."""

import json
import logging
import os
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest

from autoleads.bot.gateway.base import Gateway, Ignored, Outgoing
from autoleads.bot.gateway.fonnte import FonnteGateway
from autoleads.errors import (
    GatewayAmbiguous,
    GatewayError,
    GatewayMediaRefused,
    GatewayRefused,
    GatewayUnavailable,
)
from autoleads.types import Channel
from tests.patience import PATIENCE_S
from tests.payloads.fonnte import DEVICE, SHAPES
from tests.standins import OK, Fault, FonnteStandin

SHARED = Path(os.environ.get("AUTOLEADS_SHARED", Path(__file__).parents[2] / "shared")) / "reference/payloads"
TOKEN = "rahasia-Token-123"
CUSTOMER = "6285211112222"
HELLO = Outgoing(target=CUSTOMER, text="Halo Kak, unitnya masih ada ya 😊")
PHOTO = Outgoing(target=CUSTOMER, text="Xpander 2021 #X01", media_url="https://foto.example.test/x01.jpg")


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with FonnteGateway.session() as session:
        yield session


@pytest.fixture
async def fonnte() -> AsyncIterator[FonnteStandin]:
    async with FonnteStandin(tokens={TOKEN: DEVICE}) as standin:
        yield standin


@pytest.fixture
def gateway(http: aiohttp.ClientSession, fonnte: FonnteStandin) -> FonnteGateway:
    return FonnteGateway(http, fonnte.url + "/", timeout_s=PATIENCE_S)


async def failure(gateway: FonnteGateway, message: Outgoing = HELLO, token: str = TOKEN) -> GatewayError:
    with pytest.raises(GatewayError) as caught:
        await gateway.send(token, message)
    return caught.value


@pytest.fixture
def dead_port() -> Iterator[int]:
    """Held, so that nobody else comes to listen there."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        yield sock.getsockname()[1]


async def test_a_text_as_fonnte_gets_it(gateway: FonnteGateway, fonnte: FonnteStandin) -> None:
    message_id = await gateway.send(TOKEN, HELLO)

    assert message_id == "80000001"
    (sent,) = fonnte.sent
    assert sent.token == TOKEN
    assert sent.form == {"target": CUSTOMER, "message": HELLO.text, "countryCode": "0"}


async def test_a_photo_with_its_caption(gateway: FonnteGateway, fonnte: FonnteStandin) -> None:
    await gateway.send(TOKEN, PHOTO)

    (sent,) = fonnte.sent
    assert sent.form["url"] == PHOTO.media_url
    assert sent.message == PHOTO.text


async def test_no_live_variable_leaves(gateway: FonnteGateway, fonnte: FonnteStandin) -> None:
    text = "Halo {name}, {{var1}} {\n} kode {A"
    message = Outgoing(target=CUSTOMER, text=text, media_url="https://foto.example.test/{name}.jpg")

    await gateway.send(TOKEN, message)

    (sent,) = fonnte.sent
    assert sent.message == "Halo (name), ((var1)) (\n) kode (A"
    assert sent.form["url"] == "https://foto.example.test/%7Bname%7D.jpg"


async def test_text_that_has_no_encoding_still_leaves(gateway: FonnteGateway, fonnte: FonnteStandin) -> None:
    await gateway.send(TOKEN, Outgoing(target=CUSTOMER, text="siap \ud83d\0 kak"))

    assert fonnte.sent[0].message == "siap ? kak"


@pytest.mark.parametrize("target", ["", "62811,62812", "62811|Budi|x", "rotator#1", "62811\n62812", "62 811"])
async def test_one_target_and_nothing_else(gateway: FonnteGateway, fonnte: FonnteStandin, target: str) -> None:
    error = await failure(gateway, Outgoing(target=target, text="Halo"))

    assert type(error) is GatewayRefused
    assert fonnte.arrived == 0


@pytest.mark.parametrize("token", ["", "abc\r\nX-Evil: 1", "tökén"])
async def test_a_token_that_cannot_be_one(gateway: FonnteGateway, fonnte: FonnteStandin, token: str) -> None:
    error = await failure(gateway, token=token)

    assert isinstance(error, GatewayUnavailable)
    assert error.alert
    assert fonnte.arrived == 0


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("target invalid", GatewayRefused),
        ("input invalid", GatewayRefused),
        ("invalid or empty body value", GatewayRefused),
        ("JSON format invalid", GatewayRefused),
        ("something new", GatewayRefused),
        ("url invalid", GatewayMediaRefused),
        ("URL unreachable", GatewayMediaRefused),
        ("file format not supported", GatewayMediaRefused),
        ("file size must under 4MB", GatewayMediaRefused),
    ],
)
async def test_a_refusal_for_good(
    gateway: FonnteGateway, fonnte: FonnteStandin, reason: str, expected: type[GatewayError]
) -> None:
    fonnte.fault = Fault(name="refuse", reason=reason)

    with_photo, without = await failure(gateway, PHOTO), await failure(gateway)

    assert type(with_photo) is expected
    assert type(without) is GatewayRefused
    assert str(with_photo) == reason
    assert isinstance(with_photo, GatewayRefused)
    assert not with_photo.alert


@pytest.mark.parametrize(
    "reason",
    ["token invalid", "credential not found", "Insufficient Quota", "request invalid on disconnected device"],
)
async def test_a_refusal_that_is_the_tenants_keeps_the_message(
    gateway: FonnteGateway, fonnte: FonnteStandin, reason: str
) -> None:
    fonnte.once(Fault(name="refuse", reason=reason))

    error = await failure(gateway)

    assert isinstance(error, GatewayUnavailable)
    assert error.alert
    assert error.retry_after_s is not None
    assert error.retry_after_s >= 60
    assert await gateway.send(TOKEN, HELLO)


async def test_an_unknown_token_and_an_offline_device(gateway: FonnteGateway, fonnte: FonnteStandin) -> None:
    wrong = await failure(gateway, token="other")
    fonnte.connected = False
    offline = await failure(gateway)

    assert [str(wrong), str(offline)] == ["token invalid", "request invalid on disconnected device"]
    assert fonnte.sent == []


@pytest.mark.parametrize(
    ("status", "expected", "alert"),
    [
        (400, GatewayRefused, False),
        (404, GatewayUnavailable, True),
        (413, GatewayRefused, False),
        (301, GatewayUnavailable, True),
        (401, GatewayUnavailable, True),
        (403, GatewayUnavailable, True),
        (408, GatewayUnavailable, False),
        (429, GatewayUnavailable, False),
        (500, GatewayUnavailable, False),
        (502, GatewayUnavailable, False),
        (503, GatewayUnavailable, False),
        (504, GatewayAmbiguous, False),
        (524, GatewayAmbiguous, False),
    ],
)
async def test_a_status_without_a_verdict(
    gateway: FonnteGateway, fonnte: FonnteStandin, status: int, expected: type[GatewayError], alert: bool
) -> None:
    fonnte.fault = Fault(name="http", status=status)

    error = await failure(gateway)

    assert type(error) is expected
    assert str(error) == f"http {status}"
    assert getattr(error, "alert", False) == alert


@pytest.mark.parametrize(("header", "wait"), [(7, 7.0), (90_000, 3600.0), (None, None)])
async def test_how_long_a_429_asks_to_wait(
    gateway: FonnteGateway, fonnte: FonnteStandin, header: int | None, wait: float | None
) -> None:
    fonnte.fault = Fault(name="http", status=429, retry_after_s=header)

    error = await failure(gateway)

    assert isinstance(error, GatewayUnavailable)
    assert error.retry_after_s == wait


@pytest.mark.parametrize(
    ("status", "text", "expected"),
    [
        (200, '{"STATUS": "True", "ID": ["7"]}', "7"),
        (200, '{"status": true, "id": "8"}', "8"),
        (200, '{"status": true, "id": 9}', "9"),
        (200, '{"status": true, "id": []}', ""),
        (200, '{"status": true}', ""),
        (200, '{"status": true, "id": {"a": 1}}', ""),
        (500, '{"status": true, "id": ["1"]}', "1"),
        (200, '{"status": "false", "detail": "target invalid"}', GatewayRefused),
        (400, '{"Status": false}', GatewayRefused),
        (500, '{"status": false, "reason": "insufficient quota"}', GatewayUnavailable),
        (500, '{"status": 500, "error": "Internal"}', GatewayUnavailable),
        (200, '{"status": 1}', GatewayAmbiguous),
        (200, '{"id": ["1"]}', GatewayAmbiguous),
        (200, "[]", GatewayAmbiguous),
        (200, "<html>", GatewayAmbiguous),
        (200, "", GatewayAmbiguous),
    ],
)
async def test_every_form_of_a_verdict(
    gateway: FonnteGateway, fonnte: FonnteStandin, status: int, text: str, expected: str | type[GatewayError]
) -> None:
    fonnte.fault = Fault(name="raw", status=status, text=text)

    if isinstance(expected, str):
        assert await gateway.send(TOKEN, HELLO) == expected
    else:
        assert type(await failure(gateway)) is expected


async def test_nothing_listens(http: aiohttp.ClientSession, dead_port: int) -> None:
    error = await failure(FonnteGateway(http, f"http://127.0.0.1:{dead_port}"))

    assert isinstance(error, GatewayUnavailable)
    assert not error.alert


async def test_no_connection_in_time_may_be_tried_again() -> None:
    """A full accept queue swallows the SYN, as a broken network does."""
    with socket.socket() as full, socket.socket() as first, socket.socket() as second:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for client in (first, second):
            client.setblocking(False)
            client.connect_ex(full.getsockname())
        async with FonnteGateway.session() as http:
            error = await failure(FonnteGateway(http, f"http://127.0.0.1:{full.getsockname()[1]}", 0.2))

    assert type(error) is GatewayUnavailable


@pytest.mark.parametrize("name", ["hang", "drop", "accept_then_drop", "slow", "malformed"])
async def test_no_answer_after_the_request_was_written_is_ambiguous(
    http: aiohttp.ClientSession, gateway: FonnteGateway, fonnte: FonnteStandin, name: str
) -> None:
    await gateway.send(TOKEN, HELLO)  # connects: of the short time below nothing is left for that on a busy machine
    hasty = FonnteGateway(http, fonnte.url, timeout_s=0.5)
    fonnte.once(Fault(name=name))

    error = await failure(hasty if name in {"hang", "slow"} else gateway)

    assert type(error) is GatewayAmbiguous
    assert len(fonnte.sent) - 1 == (name in {"accept_then_drop", "slow", "malformed"})
    assert await gateway.send(TOKEN, HELLO)


async def test_neither_token_nor_text_is_logged_or_raised(
    http: aiohttp.ClientSession, gateway: FonnteGateway, fonnte: FonnteStandin, caplog: pytest.LogCaptureFixture
) -> None:
    hasty = FonnteGateway(http, fonnte.url, timeout_s=0.2)
    faults = [Fault(name=name) for name in ("refuse", "http", "drop", "malformed")]
    fonnte.once(*faults)

    with caplog.at_level(logging.DEBUG):
        errors = [repr(await failure(gateway)) for _ in faults]
        fonnte.fault = Fault(name="hang")
        errors.append(repr(await failure(hasty)))
        fonnte.fault = OK
        await gateway.send(TOKEN, HELLO)

    for secret in (TOKEN, HELLO.text, "unitnya"):
        assert secret not in caplog.text
        assert all(secret not in error for error in errors)


async def test_the_report_on_a_device(gateway: FonnteGateway, fonnte: FonnteStandin) -> None:
    online = await gateway.device_report(TOKEN)
    fonnte.connected = False
    offline = await gateway.device_report(TOKEN)
    with pytest.raises(GatewayUnavailable, match="token invalid"):
        await gateway.device_report("other")
    fonnte.once(Fault(name="drop"))
    with pytest.raises(GatewayUnavailable):
        await gateway.device_report(TOKEN)

    assert (online.device, online.connected, online.package, online.quota) == (DEVICE, True, "Super", "9000")
    assert not offline.connected
    assert online.expires


async def test_a_session_of_unknown_origin_is_not_taken() -> None:
    async with aiohttp.ClientSession() as http:
        with pytest.raises(ValueError, match="session"):
            FonnteGateway(http)


async def test_the_session_serves_other_requests_too(
    gateway: FonnteGateway, http: aiohttp.ClientSession, fonnte: FonnteStandin
) -> None:
    await gateway.send(TOKEN, HELLO)

    async with http.get(f"{fonnte.url}/stats") as response:
        assert (await response.json())["sent"] == 1


async def test_it_is_a_gateway(gateway: FonnteGateway) -> None:
    spoken: Gateway = gateway

    assert spoken.channel is Channel.FONNTE
    assert spoken.parse(SHAPES["group"]) == Ignored(device=DEVICE, reason="group")


async def test_the_reference_responses(gateway: FonnteGateway, fonnte: FonnteStandin) -> None:
    path = SHARED / "fonnte-send-responses.json"
    if not path.exists():
        pytest.skip("the reference bodies are not here")
    found = {}
    for name, body in json.loads(path.read_text()).items():
        fonnte.once(Fault(name="raw", status=200, text=json.dumps(body)))
        try:
            found[name] = await gateway.send(TOKEN, PHOTO)
        except GatewayError as exc:
            found[name] = type(exc).__name__

    assert found == {
        "ok": "80367170",
        "ok_multi_target": "80367180",
        "status_as_string": "80367199",
        "token_invalid": "GatewayUnavailable",
        "token_invalid_capital_key": "GatewayUnavailable",
        "device_disconnected": "GatewayUnavailable",
        "insufficient_quota": "GatewayUnavailable",
        "target_invalid": "GatewayRefused",
        "input_invalid": "GatewayRefused",
        "json_invalid": "GatewayRefused",
        "url_invalid": "GatewayMediaRefused",
        "url_unreachable": "GatewayMediaRefused",
        "file_format": "GatewayMediaRefused",
        "file_size": "GatewayMediaRefused",
    }

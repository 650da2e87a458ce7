"""POST /webhook/fonnte over the whole application: what is accepted, refused, ignored, and what comes of it."""

import asyncio
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import orjson
import pytest
from aiohttp import FormData
from aiohttp.test_utils import TestClient
from pytest_aiohttp.plugin import AiohttpClient

from autoleads import daemon, metrics
from autoleads.config import Config
from autoleads.sql import devices
from autoleads.sql.pool import Database
from autoleads.types import Channel
from autoleads.web import keys
from tests import make
from tests.payloads.fonnte import DEVICE, SHAPES, chat
from tests.standins.fonnte import FonnteStandin

SHARED = Path(os.environ.get("AUTOLEADS_SHARED", Path(__file__).parent.parent.parent / "shared"))
PAYLOADS = sorted((SHARED / "reference/payloads").glob("fonnte-*.json"))
SHARED_DEVICE = "6281290000001"

# What becomes of each shape of body; the others are accepted.
OUTCOMES = {
    "group": "ignored", "broadcast": "ignored", "channel": "ignored", "own message": "ignored", "status": "ignored",
    "status of a bad number": "ignored", "connected": "ignored", "disconnected": "ignored", "unknown": "ignored",
}  # fmt: skip


async def _post(client: TestClient, body: Mapping[str, Any], path: str = "/webhook/fonnte") -> tuple[int, Any]:
    response = await client.post(path, json=body)
    return response.status, await response.json()


def _status(answer: Any) -> str:
    assert answer["success"] is True
    assert answer["message"] == "Message accepted"
    return str(answer["data"]["status"])


def _urlencoded(body: Mapping[str, Any]) -> dict[str, Any]:
    fields = [(k, item) for k, v in body.items() for item in (v if isinstance(v, list) else [_word(v)])]
    return {"data": urlencode(fields), "headers": {"Content-Type": "application/x-www-form-urlencoded"}}


def _multipart(body: Mapping[str, Any]) -> dict[str, Any]:
    form = FormData(default_to_multipart=True)
    for name, value in body.items():
        for item in value if isinstance(value, list) else [_word(value)]:
            form.add_field(name, item)
    return {"data": form}


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


ENCODINGS = {"json": lambda body: {"json": body}, "urlencoded": _urlencoded, "multipart": _multipart}


@pytest.mark.parametrize("encoding", ENCODINGS)
async def test_every_shape_of_body_has_its_outcome(client: TestClient, database: Database, encoding: str) -> None:
    await make.tenant(database, device=DEVICE)

    for second, (name, shape) in enumerate(SHAPES.items()):
        body = {**shape, "timestamp": 1_795_200_000 + second}
        response = await client.post("/webhook/fonnte", **ENCODINGS[encoding](body))
        assert response.status == 200, name
        assert _status(await response.json()) == OUTCOMES.get(name, "accepted"), name


@pytest.mark.skipif(not PAYLOADS, reason="the shared payloads are not here")
@pytest.mark.parametrize("encoding", ENCODINGS)
async def test_the_reference_payloads_have_their_outcomes(
    client: TestClient, database: Database, encoding: str
) -> None:
    await make.tenant(database, device=SHARED_DEVICE)
    seen: dict[str, str] = {}

    for path in PAYLOADS:
        body = orjson.loads(path.read_bytes())
        if path.name == "fonnte-send-responses.json":  # a map of answers, no webhook body
            continue
        response = await client.post("/webhook/fonnte", **ENCODINGS[encoding](body))
        assert response.status == 200, path.name
        seen[path.stem.removeprefix("fonnte-")] = _status(await response.json())

    ignored = {"group", "message-status", "message-status-invalid", "device-connect", "device-disconnect"}
    assert seen == {name: "ignored" if name in ignored else "accepted" for name in seen}
    assert len(seen) >= 15


async def test_a_message_is_answered_with_the_real_cars(
    client: TestClient, database: Database, fonnte: FonnteStandin
) -> None:
    await make.sample(database)

    status, answer = await _post(client, make.fonnte_text(make.SAMPLE_DEVICE, "6281200000777", "ada avanza 2020 kak?"))
    await fonnte.wait_for(lambda: len(fonnte.sent) == 1)

    assert (status, _status(answer)) == (200, "accepted")
    reply = fonnte.sent[0]
    assert reply.target == "6281200000777"
    for fact in ("#A01", "#A02", "#V01", "185.000.000", "180.000.000", "215.000.000"):
        assert fact in reply.message
    assert reply.token == "token-of-the-tests"
    assert reply.form["countryCode"] == "0"


async def test_a_duplicate_delivery_is_harmless(client: TestClient, database: Database, fonnte: FonnteStandin) -> None:
    await make.sample(database)
    body = make.fonnte_text(make.SAMPLE_DEVICE, make.phone(), "lokasi dimana?")

    statuses = [_status((await _post(client, body))[1]) for _ in range(3)]
    await client.app[keys.DISPATCHER].idle()  # type: ignore[union-attr]

    assert statuses == ["accepted", "duplicate", "duplicate"]
    assert len(fonnte.sent) == 1


async def test_messages_that_arrive_together_are_stored_together(client: TestClient, database: Database) -> None:
    tenant_id = await make.sample(database)
    senders = [make.phone() for _ in range(40)]

    answers = await asyncio.gather(
        *(_post(client, make.fonnte_text(make.SAMPLE_DEVICE, sender, "halo")) for sender in senders)
    )

    assert {_status(answer) for _, answer in answers} == {"accepted"}
    async with database.tenant(tenant_id) as db:
        assert await db.fetchval("SELECT count(*) FROM inbox") == 40


async def test_one_row_the_database_refuses_costs_the_others_nothing(client: TestClient, database: Database) -> None:
    tenant_id = await make.sample(database)
    receiver = client.app[keys.RECEIVER]  # type: ignore[index]
    gateway = client.app[keys.WEBHOOK_GATEWAY]  # type: ignore[index]
    good = [gateway.parse(make.fonnte_text(make.SAMPLE_DEVICE, make.phone(), "halo")) for _ in range(3)]
    bad = gateway.parse(make.fonnte_text(make.SAMPLE_DEVICE, make.phone(), "halo"))
    object.__setattr__(bad, "text", "a\x00b")  # PostgreSQL takes no NUL; the parser strips it long before

    results = await asyncio.gather(
        *(receiver.accept(event) for event in (good[0], bad, *good[1:])), return_exceptions=True
    )

    assert [isinstance(result, Exception) for result in results] == [False, True, False, False]
    async with database.tenant(tenant_id) as db:
        assert await db.fetchval("SELECT count(*) FROM inbox") == 3


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        (b"{", "body"),
        (b"", "body"),
        (b"[1]", "body"),
        (b'{"sender":"62812","message":"halo"}', "device"),
        (b'{"device":"628123456789","message":"halo"}', "sender"),
        (b'{"device":["x"],"sender":"62812","message":"halo"}', "device"),
    ],
)
async def test_a_malformed_body_names_its_field(client: TestClient, database: Database, raw: bytes, field: str) -> None:
    await make.sample(database)

    response = await client.post("/webhook/fonnte", data=raw, headers={"Content-Type": "application/json"})

    assert response.status == 400
    error = (await response.json())["error"]
    assert error["field"] == field
    assert error["requestId"] == response.headers["X-Request-Id"]


async def test_an_unknown_device_is_counted_and_not_stored(client: TestClient, database: Database) -> None:
    tenant_id = await make.sample(database)
    before = metrics.INBOUND.labels("fonnte", "unknown_device")._value.get()

    status, answer = await _post(client, make.fonnte_text("628999999999", make.phone(), "halo"))

    assert (status, answer["error"]["code"], answer["error"]["field"]) == (404, "not_found", "device")
    assert metrics.INBOUND.labels("fonnte", "unknown_device")._value.get() == before + 1
    async with database.tenant(tenant_id) as db:
        assert await db.fetchval("SELECT count(*) FROM conversation") == 0


async def test_a_device_removed_since_it_was_looked_up_is_unknown(client: TestClient, database: Database) -> None:
    tenant_id = await make.sample(database)
    await _post(client, SHAPES["group"] | {"device": make.SAMPLE_DEVICE})  # now its address is remembered
    async with database.tenant(tenant_id) as db:
        await db.execute("DELETE FROM device")

    status, answer = await _post(client, make.fonnte_text(make.SAMPLE_DEVICE, make.phone(), "halo"))

    assert (status, answer["error"]["field"]) == (404, "device")


async def test_an_oversized_body_is_refused(client: TestClient, database: Database) -> None:
    await make.sample(database)

    response = await client.post("/webhook/fonnte", data=b"x" * 2_000_000)

    assert response.status == 413
    assert (await response.json())["error"]["code"] == "too_large"


async def test_a_body_that_is_not_compressed_as_it_says_is_refused(client: TestClient) -> None:
    headers = {"Content-Encoding": "gzip", "Content-Type": "application/json"}

    response = await client.post("/webhook/fonnte", data=b"{}", headers=headers, skip_auto_headers=["Content-Encoding"])

    assert response.status == 400
    assert (await response.json())["error"]["code"] == "bad_request"


async def test_the_installations_secret_opens_and_closes(
    config: Config, database: Database, dsn: str, fonnte: FonnteStandin, aiohttp_client: AiohttpClient
) -> None:
    await make.sample(database)
    with_secret = make.config(DATABASE_URL=dsn, FONNTE_API_URL=fonnte.url, FONNTE_WEBHOOK_SECRET="opensesame")
    client = await aiohttp_client(daemon.build(with_secret))
    body = make.fonnte_text(make.SAMPLE_DEVICE, make.phone(), "halo")

    answers = {
        path: await _post(client, body, path)
        for path in (
            "/webhook/fonnte",
            "/webhook/fonnte/wrong",
            "/webhook/fonnte?secret=wr%C3%B6ng",
            "/webhook/fonnte/opensesame",
            "/webhook/fonnte?secret=opensesame",
        )
    }

    assert [status for status, _ in answers.values()] == [401, 403, 403, 200, 200]
    refused = answers["/webhook/fonnte/wrong"][1]["error"]
    assert refused["message"] == "Not allowed."
    unknown = await _post(client, make.fonnte_text("628999999999", make.phone(), "x"), "/webhook/fonnte/wrong")
    assert unknown[0] == 403  # a stranger does not learn which devices exist


async def test_a_device_may_have_a_secret_of_its_own(client: TestClient, database: Database) -> None:
    tenant_id = await make.tenant(database)
    number = await make.device_of(database, tenant_id)
    async with database.tenant(tenant_id) as db:
        await devices.set_gateway(db, tenant_id, webhook_secret="only-mine")
    body = make.fonnte_text(number, make.phone(), "halo")

    assert (await _post(client, body))[0] == 401
    assert (await _post(client, body, "/webhook/fonnte/another"))[0] == 403
    assert (await _post(client, body, "/webhook/fonnte/only-mine"))[0] == 200


async def test_delivery_news_reach_the_row(client: TestClient, database: Database, fonnte: FonnteStandin) -> None:
    tenant_id = await make.sample(database)
    await _post(client, make.fonnte_text(make.SAMPLE_DEVICE, make.phone(), "jam buka?"))
    await client.app[keys.DISPATCHER].idle()  # type: ignore[union-attr]
    async with database.tenant(tenant_id) as db:
        gateway_id = await db.fetchval("SELECT gateway_id FROM outbox")

    for state in ("delivered", "read", "delivered"):
        body = {"device": make.SAMPLE_DEVICE, "id": gateway_id, "status": "sent", "state": state}
        assert _status((await _post(client, body))[1]) == "ignored"

    async with database.tenant(tenant_id) as db:
        assert await db.fetchval("SELECT delivery FROM outbox") == "read"


async def test_a_device_that_goes_off_line_is_noted(client: TestClient, database: Database) -> None:
    tenant_id = await make.sample(database)

    await _post(client, SHAPES["disconnected"] | {"device": make.SAMPLE_DEVICE})

    async with database.tenant(tenant_id) as db:
        row = await db.fetchrow("SELECT connected, state_reason FROM device")
    assert tuple(row) == (False, "logged out")


async def test_a_database_that_is_away_asks_the_gateway_to_come_again(client: TestClient, database: Database) -> None:
    await make.sample(database)
    app = client.app
    assert app is not None
    app[keys.DATABASE].pool.terminate()

    status, answer = await _post(client, make.fonnte_text(make.SAMPLE_DEVICE, make.phone(), "halo"))

    assert (status, answer["error"]["code"]) == (503, "unavailable")


async def test_a_person_may_open_the_address(client: TestClient) -> None:
    response = await client.get("/webhook/fonnte")

    assert response.status == 200


async def test_an_endless_name_and_text_do_no_harm(client: TestClient, database: Database) -> None:
    tenant_id = await make.sample(database)

    body = chat("halo " * 20_000, device=make.SAMPLE_DEVICE, name="B" * 5_000)
    status, answer = await _post(client, body)
    await client.app[keys.DISPATCHER].idle()  # type: ignore[union-attr]

    assert (status, _status(answer)) == (200, "accepted")
    async with database.tenant(tenant_id) as db:
        assert await db.fetchval("SELECT length(name) FROM conversation WHERE external_id = $1", body["sender"]) == 100


async def test_simulator_gets_the_reply_of_a_device_without_token(
    config: Config, database: Database, dsn: str, aiohttp_client: AiohttpClient
) -> None:
    tenant_id = await make.sample(database)
    no_token = make.config(DATABASE_URL=dsn, FONNTE_API_TOKEN="", AUTOLEADS_APP_SIMULATOR="true")
    client = await aiohttp_client(daemon.build(no_token))
    sender = make.phone()

    await _post(client, make.fonnte_text(make.SAMPLE_DEVICE, sender, "alamatnya dimana?"))
    await client.app[keys.DISPATCHER].idle()  # type: ignore[union-attr]
    lines = await (await client.get(f"/simulator/messages?device={make.SAMPLE_DEVICE}&sender={sender}&after=0")).json()
    people = await (await client.get("/simulator/showrooms")).json()
    nobody = await client.get("/simulator/messages?device=620000000000&sender=1&after=0")
    silent = await client.get(f"/simulator/messages?device={make.SAMPLE_DEVICE}&sender=1&after=0")

    assert [line["from"] for line in lines] == ["person", "bot"]
    assert "Raya Darmo" in lines[1]["text"]
    assert lines[1]["reply_ms"] > 0
    assert {p["role"] for p in people[0]["people"]} == {"customer", "owner", "sales"}
    assert (await nobody.json(), await silent.json()) == ([], [])
    async with database.tenant(tenant_id) as db:
        assert str(await db.fetchval("SELECT gateway_id FROM outbox")).startswith("sim-")
        assert await db.fetchval("SELECT channel FROM device") == Channel.FONNTE


async def test_a_secret_in_the_address_reaches_no_log(
    client: TestClient, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    tenant_id = await make.tenant(database, device=DEVICE)
    async with database.tenant(tenant_id) as db:
        await devices.set_gateway(db, tenant_id, webhook_secret="rahasia-sekali")

    with caplog.at_level("DEBUG"):
        status, _ = await _post(client, {"device": DEVICE, "message": "halo"}, "/webhook/fonnte/rahasia-sekali")

    assert status == 400
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("autoleads")]
    assert any("refused" in line for line in ours)
    assert not any("rahasia-sekali" in line for line in ours)


async def test_a_conversation_that_stays_locked_is_to_be_tried_again(client: TestClient, database: Database) -> None:
    tenant_id = await make.tenant(database, device=DEVICE)
    await _post(client, chat("halo", inboxid=1))

    async with database.tenant(tenant_id) as db:
        await db.execute("SELECT FROM conversation FOR UPDATE")
        status, answer = await _post(client, chat("halo lagi", inboxid=2))

    assert (status, answer["error"]["code"]) == (503, "unavailable")

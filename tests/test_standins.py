"""The stand-ins carry the drills, so what they claim to have seen must be true."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.standins import OK, Fault, FonnteStandin, GeminiStandin

ASK = {"contents": [{"role": "user", "parts": [{"text": "Halo"}]}]}
MESSAGE = {"target": "6285211112222", "message": "Halo kak,\napa kabar? 😀", "countryCode": "0"}
TOKEN = {"Authorization": "t"}


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def send(http: aiohttp.ClientSession, fonnte: FonnteStandin, **options: Any) -> dict[str, Any]:
    async with http.post(f"{fonnte.url}/send", **{"headers": TOKEN, **options}) as response:
        body: dict[str, Any] = await response.json()
        return body


async def ask(http: aiohttp.ClientSession, gemini: GeminiStandin, **options: Any) -> tuple[int, Any]:
    url = f"{gemini.url}/v1beta/models/gemini-x:generateContent"
    options = {"headers": {"x-goog-api-key": "k"}, "json": ASK, **options}
    async with http.post(url, **options) as response:
        return response.status, await response.json(content_type=None)


async def test_fonnte_takes_every_encoding(http: aiohttp.ClientSession) -> None:
    async with FonnteStandin() as fonnte:
        multipart = aiohttp.FormData(MESSAGE, default_to_multipart=True)

        answers = [
            await send(http, fonnte, data=MESSAGE),
            await send(http, fonnte, json=MESSAGE),
            await send(http, fonnte, data=multipart),
        ]

    assert [one.form for one in fonnte.sent] == [MESSAGE] * 3
    assert [answer["id"] for answer in answers] == [["80000001"], ["80000003"], ["80000005"]]
    assert all(answer["status"] is True and answer["target"] == [MESSAGE["target"]] for answer in answers)


async def test_fonnte_gives_an_id_for_each_target(http: aiohttp.ClientSession) -> None:
    async with FonnteStandin() as fonnte:
        answer = await send(http, fonnte, data={**MESSAGE, "target": "6285211112222,6285211113333"})

    assert answer["id"] == ["80000001", "80000002"]


@pytest.mark.parametrize(
    ("changes", "headers", "reason"),
    [
        ({}, {}, "token invalid"),
        ({}, {"Authorization": "other"}, "token invalid"),
        ({"target": "12"}, TOKEN, "target invalid"),
        ({"target": ""}, TOKEN, "target invalid"),
        ({"message": ""}, TOKEN, "input invalid"),
        ({"message": "a" * 60_001}, TOKEN, "input invalid"),
    ],
)
async def test_fonnte_refuses_as_the_real_one(
    http: aiohttp.ClientSession, changes: dict[str, str], headers: dict[str, str], reason: str
) -> None:
    async with FonnteStandin(tokens={"t": "6281311110000"}) as fonnte:
        answer = await send(http, fonnte, data={**MESSAGE, **changes}, headers=headers)

    assert answer["reason"] == reason
    assert (answer.get("status"), answer.get("Status")) != (True, True)
    assert fonnte.sent == []


async def test_a_fault_for_the_next_for_some_and_for_all(http: aiohttp.ClientSession) -> None:
    async with GeminiStandin(lambda asked: asked.conversation.upper()) as gemini:
        gemini.once(Fault(name="http", status=429, retry_after_s=3), OK)
        first, second = await ask(http, gemini), await ask(http, gemini)
        gemini.choose = lambda asked: Fault(name="http", status=404) if asked.model == "gemini-x" else None
        third = await ask(http, gemini)
        gemini.choose = None
        gemini.fault, gemini.rate = Fault(name="hostile", text="jahat"), 0.5
        rest = [
            (await ask(http, gemini))[1]["candidates"][0]["content"]["parts"][0]["text"] for _ in range(40)
        ]

    assert (first[0], first[1]["error"]["details"][0]["retryDelay"]) == (429, "3s")
    assert second[1]["candidates"][0]["content"]["parts"] == [{"text": "HALO"}]
    assert third[0] == 404
    assert 8 < rest.count("jahat") < 32
    assert rest.count("jahat") + rest.count("HALO") == 40
    assert gemini.counts["hostile"] == rest.count("jahat")


async def test_gemini_wants_a_key_json_and_the_right_verb(http: aiohttp.ClientSession) -> None:
    async with GeminiStandin() as gemini:
        assert (await ask(http, gemini, headers={}))[0] == 403
        assert (await ask(http, gemini, json=None, data=b"{"))[0] == 400
        async with http.post(f"{gemini.url}/v1beta/models/gemini-x:countTokens", json=ASK) as response:
            assert response.status == 404
        assert gemini.arrived == 0


@asynccontextmanager
async def standins_process() -> AsyncIterator[tuple[str, str]]:
    """The addresses of Gemini and Fonnte."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.standins", "--gemini-port", "0", "--fonnte-port", "0"),
        cwd=Path(__file__).parents[1],
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        _, gemini, _, fonnte = (await process.stdout.readline()).decode().split()
        yield gemini, fonnte
    finally:
        process.terminate()
        assert await process.wait() == 0


async def call(http: aiohttp.ClientSession, method: str, url: str, **options: Any) -> tuple[int, Any]:
    async with http.request(method, url, **options) as response:
        return response.status, json.loads(await response.text())


async def test_both_as_a_process_with_their_controls(http: aiohttp.ClientSession) -> None:
    wish = {"fault": "refuse", "reason": "insufficient quota", "rate": 1, "delay_ms": 1}
    async with standins_process() as (gemini, fonnte):
        _, sent = await call(http, "POST", f"{fonnte}/send", data=MESSAGE, headers=TOKEN)
        _, dumped = await call(http, "GET", f"{fonnte}/sent")
        await call(http, "POST", f"{fonnte}/control", json=wish)
        _, stats = await call(http, "POST", f"{fonnte}/control", json={"delay_ms": 0})
        refused, _ = await call(http, "POST", f"{gemini}/control", json={"fault": "refuse", "delay_ms": 50})
        _, unchanged = await call(http, "GET", f"{gemini}/stats")
        _, quota = await call(http, "POST", f"{fonnte}/send", data=MESSAGE, headers=TOKEN)
        _, empty = await call(http, "POST", f"{fonnte}/reset")

    assert sent["status"] is True
    assert dumped.keys() == {"at", "target", "message", "url"}
    assert dumped["message"] == MESSAGE["message"]
    assert (stats["fault"], stats["rate"], stats["delay_ms"], stats["sent"]) == ("refuse", 1, 0, 1)
    assert (refused, unchanged["delay_ms"]) == (400, 0)
    assert quota["reason"] == "insufficient quota"
    assert (empty["sent"], empty["fault"]) == (0, "ok")

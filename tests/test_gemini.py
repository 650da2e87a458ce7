"""Asking the model: what goes over the wire, what comes of its answers, and every way it fails."""

import asyncio
import json
import logging
import os
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from autoleads.bot.assistant.base import Assistant, Completion, Prompt
from autoleads.bot.assistant.gemini import Breaker, GeminiAssistant
from autoleads.errors import AssistantError
from tests.patience import PATIENCE_S, patience
from tests.standins import OK, Fault, GeminiStandin

SHARED = Path(os.environ.get("AUTOLEADS_SHARED", Path(__file__).parents[2] / "shared")) / "reference/payloads"
KEY = "kunci-rahasia-9"
MODEL = "gemini-3.5-flash-lite"
PROMPT = Prompt(instruction="Jawab singkat dan sopan.", conversation="Pelanggan: Avanza masih ada? 😀")


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="session")
async def server() -> AsyncIterator[GeminiStandin]:
    async with GeminiStandin("Masih ada, Kak!") as standin:
        yield standin


@pytest.fixture
def gemini(server: GeminiStandin) -> GeminiStandin:
    server.reset()
    return server


@asynccontextmanager
async def assistant_for(gemini: GeminiStandin, **options: Any) -> AsyncIterator[GeminiAssistant]:
    known = {"api_key": KEY, "model": MODEL, "base_url": gemini.url, "deadline_s": PATIENCE_S}
    built = GeminiAssistant(**{**known, **options})
    try:
        yield built
    finally:
        await built.aclose()


@pytest.fixture(scope="session")
async def patient(server: GeminiStandin) -> AsyncIterator[GeminiAssistant]:
    async with assistant_for(server, breaker=Breaker(limit=10_000)) as built:
        yield built


@pytest.fixture
def assistant(patient: GeminiAssistant, gemini: GeminiStandin) -> GeminiAssistant:
    """Built once, which takes 0.1 s, and never tripped; `gemini` has forgotten earlier tests."""
    return patient


async def reason(assistant: GeminiAssistant) -> str:
    with pytest.raises(AssistantError) as caught:
        await assistant.complete(PROMPT)
    assert str(caught.value) == caught.value.reason
    return caught.value.reason


async def test_a_completion_with_its_cost(assistant: GeminiAssistant) -> None:
    spoken: Assistant = assistant

    completion = await spoken.complete(PROMPT)

    assert completion == Completion(text="Masih ada, Kak!", prompt_tokens=100, answer_tokens=20)


async def test_the_request_on_the_wire(gemini: GeminiStandin) -> None:
    async with assistant_for(gemini, max_output_tokens=120, temperature=0.3) as assistant:
        await assistant.complete(PROMPT)
        await assistant.complete(Prompt(instruction="Lain.", conversation="Dua"))

    first, second = gemini.asked
    assert (first.version, first.model) == ("v1beta", MODEL)
    assert first.headers["x-goog-api-key"] == KEY
    assert int(first.headers["x-server-timeout"]) >= 10  # the real API refuses less
    assert set(first.body) == {"systemInstruction", "contents", "generationConfig"}
    assert first.instruction == PROMPT.instruction
    assert first.conversation == PROMPT.conversation
    assert [content["role"] for content in first.body["contents"]] == ["user"]
    assert first.body["generationConfig"] == {
        "temperature": 0.3,
        "maxOutputTokens": 120,
        "thinkingConfig": {"thinking_level": "MINIMAL"},
    }
    assert (second.instruction, second.conversation) == ("Lain.", "Dua")


async def test_a_recording_on_the_wire(gemini: GeminiStandin) -> None:
    audio = bytes(range(256)) * 5
    gemini.heard = "avanza matic masih ada kak?"
    async with assistant_for(gemini, max_output_tokens=50, temperature=0.9) as assistant:
        completion = await assistant.transcribe(audio, "audio/ogg")
        await assistant.complete(PROMPT)

    said, after = gemini.asked
    assert completion == Completion(text="avanza matic masih ada kak?", prompt_tokens=100, answer_tokens=20)
    assert said.inline == [("audio/ogg", audio)]
    assert said.conversation == ""
    assert "kata demi kata" in said.instruction
    assert said.body["generationConfig"] == {
        "temperature": 0.0,
        "maxOutputTokens": 600,
        "thinkingConfig": {"thinking_level": "MINIMAL"},
    }
    assert after.inline == []
    assert after.body["generationConfig"]["maxOutputTokens"] == 50


async def test_a_recording_fails_as_a_prompt_does(gemini: GeminiStandin) -> None:
    breaker = Breaker(limit=2, window_s=PATIENCE_S, pause_s=PATIENCE_S)
    async with (
        assistant_for(gemini, deadline_s=0.2, breaker=breaker) as hasty,
        assistant_for(gemini, breaker=breaker) as calm,
    ):
        for assistant, fault, expected in (
            (hasty, "hang", "timeout"),
            (calm, "drop", "connection"),
            (calm, "ok", "open"),
        ):
            gemini.fault = Fault(name=fault)
            with pytest.raises(AssistantError) as caught:
                await assistant.transcribe(b"OggS", "audio/ogg")
            assert caught.value.reason == expected


async def test_a_model_without_thinking_levels_is_told_none(gemini: GeminiStandin) -> None:
    async with assistant_for(gemini, thinking_level="") as assistant:
        await assistant.complete(PROMPT)

    assert "thinkingConfig" not in gemini.asked[0].body["generationConfig"]


async def test_the_environment_does_not_redirect_it(gemini: GeminiStandin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOOGLE_GENAI_USE_VERTEXAI", "true")
    monkeypatch.setenv("GOOGLE_API_KEY", "other")
    monkeypatch.setenv("GOOGLE_GENAI_API_VERSION", "v1")
    monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", "http://127.0.0.1:1")

    async with assistant_for(gemini) as assistant:
        await assistant.complete(PROMPT)

    assert (gemini.asked[0].version, gemini.asked[0].headers["x-goog-api-key"]) == ("v1beta", KEY)


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault(name="http", status=429, retry_after_s=7), "http_429"),
        (Fault(name="http", status=400), "http_4xx"),
        (Fault(name="http", status=403), "http_4xx"),
        (Fault(name="http", status=404), "http_4xx"),
        (Fault(name="http", status=500), "http_5xx"),
        (Fault(name="http", status=503), "http_5xx"),
        (Fault(name="raw", status=502, text="<html>", content_type="text/html"), "http_5xx"),
        (Fault(name="raw", status=502, text="<html>"), "malformed"),
        (Fault(name="empty"), "empty"),
        (Fault(name="truncated"), "truncated"),
        (Fault(name="blocked"), "blocked"),
        (Fault(name="malformed"), "malformed"),
        (Fault(name="drop"), "connection"),
    ],
)
async def test_each_fault_has_its_reason_and_the_next_call_works(
    assistant: GeminiAssistant, gemini: GeminiStandin, fault: Fault, expected: str
) -> None:
    gemini.once(fault)

    found = await reason(assistant)

    assert found == expected
    assert gemini.arrived == 1  # the SDK's own retry would have asked again
    assert (await assistant.complete(PROMPT)).text == "Masih ada, Kak!"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"candidates": []}, "empty"),
        ({}, "empty"),
        ({"candidates": [{"finishReason": "SAFETY"}]}, "blocked"),
        ({"candidates": [{"finishReason": "MALFORMED_FUNCTION_CALL"}]}, "malformed"),
        ({"candidates": [{"content": {"parts": [{"text": " \n"}]}}]}, "empty"),
        ({"candidates": [{"content": {"parts": [{"text": "x", "thought": True}]}}]}, "empty"),
        ({"candidates": [{"content": {"parts": [{"functionCall": {"name": "x"}}]}}]}, "empty"),
        ({"candidates": [{"content": {"parts": [{"text": 5}]}}]}, "malformed"),
        ({"candidates": {"a": 1}}, "malformed"),
        ({"candidates": [7]}, "malformed"),
        ([], "malformed"),
        ("text", "malformed"),
    ],
)
async def test_answers_that_say_nothing_usable(
    assistant: GeminiAssistant, gemini: GeminiStandin, body: object, expected: str
) -> None:
    gemini.once(Fault(name="raw", status=200, text=json.dumps(body)))

    assert await reason(assistant) == expected


async def test_a_body_that_is_no_text_is_malformed_and_logged_without_the_key(
    assistant: GeminiAssistant, gemini: GeminiStandin, caplog: pytest.LogCaptureFixture
) -> None:
    gemini.once(Fault(name="raw", status=200, text='{"candidates": "\udcff"}'), Fault(name="http", status=403))

    with caplog.at_level(logging.DEBUG):
        assert await reason(assistant) == "malformed"
        assert await reason(assistant) == "http_4xx"

    assert "model answer unreadable: UnicodeDecodeError" in caplog.text
    assert KEY not in caplog.text
    assert "Avanza" not in caplog.text


async def test_what_the_database_cannot_store_is_taken_out(assistant: GeminiAssistant, gemini: GeminiStandin) -> None:
    gemini.once(Fault(name="hostile", text="Ada\0 kak"))

    assert (await assistant.complete(PROMPT)).text == "Ada kak"


async def test_an_empty_body_is_malformed(assistant: GeminiAssistant, gemini: GeminiStandin) -> None:
    gemini.once(Fault(name="raw", status=200))

    assert await reason(assistant) == "malformed"


async def test_the_deadline_holds_and_the_next_call_works(gemini: GeminiStandin) -> None:
    async with assistant_for(gemini, deadline_s=0.3, breaker=Breaker(limit=10_000)) as assistant:
        gemini.fault = Fault(name="hang")
        started = time.monotonic()

        async with patience():
            found = [await reason(assistant), await reason(assistant)]
            took = time.monotonic() - started
            gemini.fault = OK
            while not (text := await _in_time(assistant)):
                pass

        assert found == ["timeout", "timeout"]
        assert took >= 0.6
        assert text == "Masih ada, Kak!"


async def _in_time(assistant: GeminiAssistant) -> str | None:
    """None: the machine took longer than the deadline."""
    with suppress(AssistantError):
        return (await assistant.complete(PROMPT)).text
    return None


async def test_nothing_listens() -> None:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{sock.getsockname()[1]}"
        assistant = GeminiAssistant(api_key=KEY, model=MODEL, base_url=url, deadline_s=PATIENCE_S)

        assert await reason(assistant) == "connection"
        await assistant.aclose()


async def test_more_calls_than_places_are_turned_away_at_once(gemini: GeminiStandin) -> None:
    async with assistant_for(gemini, max_concurrent=2) as assistant:
        gemini.once(Fault(name="ok", held=True), Fault(name="ok", held=True))
        calls = [asyncio.create_task(assistant.complete(PROMPT)) for _ in range(2)]
        await gemini.wait_for(lambda: gemini.arrived == 2)

        assert await reason(assistant) == "busy"

        gemini.release()
        assert [one.text for one in await asyncio.gather(*calls)] == ["Masih ada, Kak!"] * 2
        assert await assistant.complete(PROMPT)
    assert gemini.arrived == 3


@pytest.mark.parametrize(("hung_after_s", "open_"), [(0.0, True), (PATIENCE_S, False)])
async def test_calls_that_turns_give_up_count_when_the_model_hung(
    gemini: GeminiStandin, hung_after_s: float, open_: bool
) -> None:
    gemini.fault = Fault(name="hang")
    breaker = Breaker(window_s=PATIENCE_S, pause_s=PATIENCE_S)
    async with assistant_for(gemini, hung_after_s=hung_after_s, breaker=breaker) as assistant:
        calls = [asyncio.create_task(assistant.complete(PROMPT)) for _ in range(5)]
        await gemini.wait_for(lambda: gemini.arrived >= len(calls))
        for call in calls:
            call.cancel()
        await asyncio.gather(*calls, return_exceptions=True)
        gemini.fault = OK
        if open_:
            assert await reason(assistant) == "open"
        else:
            assert await assistant.complete(PROMPT)


async def test_a_cancelled_call_gives_its_place_back(gemini: GeminiStandin) -> None:
    async with assistant_for(gemini, max_concurrent=1) as assistant:
        gemini.once(Fault(name="hang"))
        call = asyncio.create_task(assistant.complete(PROMPT))
        await gemini.wait_for(lambda: gemini.arrived == 1)
        call.cancel()
        await asyncio.wait([call])

        assert await assistant.complete(PROMPT)


async def test_a_dead_model_is_skipped_until_it_works_again(gemini: GeminiStandin) -> None:
    clock = Clock()
    breaker = Breaker(limit=3, pause_s=5, clock=clock)
    async with assistant_for(gemini, breaker=breaker) as assistant:
        gemini.fault = Fault(name="http", status=503)
        found = [await reason(assistant) for _ in range(5)]
        clock.now = 5
        found += [await reason(assistant) for _ in range(2)]
        gemini.fault = Fault(name="ok")
        clock.now = 10

        assert await assistant.complete(PROMPT)
        assert await assistant.complete(PROMPT)

    assert found == [*["http_5xx"] * 3, "open", "open", "http_5xx", "open"]
    assert gemini.arrived == 6


async def test_answers_without_use_do_not_count_as_an_outage(gemini: GeminiStandin) -> None:
    async with assistant_for(gemini, breaker=Breaker(limit=2)) as assistant:
        gemini.fault = Fault(name="blocked")

        assert [await reason(assistant) for _ in range(4)] == ["blocked"] * 4


def test_the_breaker_counts_failures_in_a_row_within_its_window() -> None:
    clock = Clock()
    breaker = Breaker(limit=3, window_s=10, pause_s=5, clock=clock)

    def failures_at(*times: float) -> bool:
        for clock.now in times:
            breaker.failed()
        return breaker.allows()

    assert failures_at(0, 1)
    breaker.succeeded()
    assert failures_at(2, 3)
    assert failures_at(12.5)  # the one of 2 is too old to count
    assert not failures_at(12.6)


def test_an_open_breaker_lets_one_call_try_after_each_pause() -> None:
    clock = Clock()
    breaker = Breaker(limit=1, window_s=10, pause_s=5, clock=clock)

    def allowed_at(*times: float) -> list[bool]:
        return [breaker.allows() for clock.now in times]

    breaker.failed()
    assert allowed_at(4.9, 5, 5.1, 7) == [False, True, False, False]
    breaker.failed()  # the trial took two seconds
    assert allowed_at(11.9, 12, 12.1) == [False, True, False]
    breaker.succeeded()
    assert allowed_at(12.2, 12.2) == [True, True]


async def test_a_call_after_the_end_is_an_assistant_error_too(gemini: GeminiStandin) -> None:
    async with assistant_for(gemini) as assistant:
        pass

    assert await reason(assistant) == "malformed"


async def test_the_reference_answers(assistant: GeminiAssistant, gemini: GeminiStandin) -> None:
    path = SHARED / "gemini-responses.json"
    if not path.exists():
        pytest.skip("the reference bodies are not here")
    found: dict[str, object] = {}
    for name, body in json.loads(path.read_text()).items():
        status = body["error"]["code"] if "error" in body else 200
        gemini.once(Fault(name="raw", status=status, text=json.dumps(body)))
        try:
            found[name] = await assistant.complete(PROMPT)
        except AssistantError as exc:
            found[name] = exc.reason

    thought = found.pop("thought_then_text")
    assert isinstance(thought, Completion)
    assert (thought.text, thought.answer_tokens) == ("Siap kak, besok jam 10 ya.", 49)
    assert isinstance(found.pop("text"), Completion)
    assert isinstance(found.pop("json"), Completion)
    assert found == {
        "json_truncated": "truncated",
        "empty_max_tokens": "truncated",
        "function_call": "empty",
        "prompt_blocked": "blocked",
        "error_400": "http_4xx",
        "error_403": "http_4xx",
        "error_404": "http_4xx",
        "error_429": "http_429",
        "error_503": "http_5xx",
    }

"""What a log line says, and what it never says."""

import asyncio
import io
import logging
import sys
from collections.abc import Callable, Iterator
from typing import Any

import orjson
import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from autoleads import logs

log = logging.getLogger("autoleads.test")

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def stderr(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(False)


@pytest.fixture
def lines(stderr: io.StringIO) -> Lines:
    logs.setup("INFO", "json", ["hunter2-token", "hunter2", "abc", ""])
    return lambda: [orjson.loads(line) for line in stderr.getvalue().splitlines()]


def test_a_line_says_when_where_and_what(lines: Lines) -> None:
    log.warning("car saved: car=%s", 7)

    [line] = lines()
    assert line.pop("time").endswith("+00:00")
    assert line == {"level": "WARNING", "logger": "autoleads.test", "message": "car saved: car=7"}


async def test_lines_carry_what_is_bound_and_tasks_inherit_it(lines: Lines) -> None:
    async def turn() -> None:
        with logs.bind(conversation=9):
            log.info("inside")

    with logs.bind(request_id="r1", tenant="jaya"):
        await asyncio.create_task(turn())
        log.info("between")
    log.info("outside")

    inside, between, outside = ({k: v for k, v in line.items() if k not in ("time", "level")} for line in lines())
    assert inside["conversation"] == 9
    assert (inside["request_id"], inside["tenant"]) == ("r1", "jaya")
    assert between == {"logger": "autoleads.test", "message": "between", "request_id": "r1", "tenant": "jaya"}
    assert outside == {"logger": "autoleads.test", "message": "outside"}


def test_what_is_bound_ends_with_an_exception_too(lines: Lines) -> None:
    with pytest.raises(ValueError, match="x"), logs.bind(tenant="jaya"):
        raise ValueError("x")
    log.info("after")

    assert "tenant" not in lines()[0]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("from 6281234567890 to", "from 6281***890 to"),
        ("+6281234567890", "+6281***890"),
        ("081234567890,", "6281***890,"),
        ("0812-3456-7890", "6281***890"),
        ("0812 3456 7890", "6281***890"),
        ("+62 812-3456-7890", "6281***890"),
        ("chat=6281234567890@s.whatsapp.net", "chat=6281***890@s.whatsapp.net"),
        (
            "Rp 620.000.000 for 185000000, 2020-01-02 10:00:00",
            "Rp 620.000.000 for 185000000, 2020-01-02 10:00:00",
        ),
        ("took 0.123 s, 10 of 12", "took 0.123 s, 10 of 12"),
        pytest.param("badly encoded \udcff", "badly encoded ?", id="badly encoded"),
    ],
)
def test_phones_are_masked_and_other_figures_are_not(lines: Lines, written: str, read: str) -> None:
    log.info("%s", written)

    assert lines()[0]["message"] == read


@given(
    prefix=st.sampled_from(["62", "0", "+62"]),
    rest=st.integers(800_000_000, 899_999_999_999).map(str),
    around=st.text(),
)
def test_no_phone_survives_whatever_stands_around_it(prefix: str, rest: str, around: str) -> None:
    around = "".join(ch for ch in around if not ch.isdecimal())

    text = logs.JsonFormatter([]).safe(f"{around}{prefix}{rest}{around}")

    assert rest not in text
    assert rest[:-3] not in text


def test_secrets_and_phones_are_hidden_in_exceptions_too(lines: Lines) -> None:
    try:
        raise ValueError("refused: hunter2-token for 081234567890")
    except ValueError:
        log.exception("send failed with %s", "hunter2-token")

    [line] = lines()
    assert line["message"] == "send failed with [secret]"
    assert "ValueError: refused: [secret] for 6281***890" in line["exception"]
    assert "test_logs.py" in line["exception"]


def test_a_very_short_secret_does_not_blacken_ordinary_words(lines: Lines) -> None:
    log.info("abc")

    assert lines()[0]["message"] == "abc"


def test_arguments_that_do_not_fit_cost_the_line_nothing_but_them() -> None:
    record = logging.LogRecord("x", logging.INFO, "x.py", 1, "two: %s %s", ("081234567890",), None)

    line = orjson.loads(logs.JsonFormatter([]).format(record))

    assert line["message"] == "two: %s %s (the arguments do not fit)"
    assert "081234567890" not in str(line)


def test_a_level_that_is_off_formats_nothing(lines: Lines) -> None:
    class Untouchable:
        def __str__(self) -> str:
            raise AssertionError("was formatted")

    log.debug("%s", Untouchable())

    assert lines() == []


def test_a_stack_is_written_where_asked_for(lines: Lines) -> None:
    log.info("here", stack_info=True)

    assert "test_a_stack_is_written_where_asked_for" in lines()[0]["exception"]


def test_libraries_do_not_write_addresses_with_keys(lines: Lines) -> None:
    logging.getLogger("httpx").info("HTTP Request: POST https://models.example/?key=x")

    assert lines() == []


@pytest.fixture
def text(stderr: io.StringIO) -> io.StringIO:
    logs.setup("DEBUG", "text", [])
    return stderr


def test_text_for_a_terminal_keeps_a_record_on_its_line(text: io.StringIO) -> None:
    with logs.bind(tenant="jaya"):
        log.debug("wrote: %s", "halo\nERROR forged\r")
    try:
        raise ValueError("no")
    except ValueError:
        log.exception("failed")

    first, second, *trace = text.getvalue().splitlines()
    assert first[8:] == " DEBUG   autoleads.test: wrote: halo\\nERROR forged\\r tenant=jaya"
    assert second.endswith("ERROR   autoleads.test: failed")
    assert trace[-1] == "ValueError: no"


async def test_strangers_cannot_fill_the_log_with_what_is_no_http(lines: Lines, unused_tcp_port: int) -> None:
    async def handle(request: web.BaseRequest) -> web.Response:
        raise ValueError("of ours")

    server = web.ServerRunner(web.Server(handle))
    await server.setup()
    await web.TCPSite(server, "127.0.0.1", unused_tcp_port).start()

    answers = []
    for sent in (b"GET \xff HTTP/1.1\r\n\r\n", b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"):
        reader, writer = await asyncio.open_connection("127.0.0.1", unused_tcp_port)
        writer.write(sent)
        answers.append((await reader.read())[:12])
        writer.close()
    await server.cleanup()

    assert answers == [b"HTTP/1.0 400", b"HTTP/1.1 500"]
    assert ["of ours" in line.get("exception", "") for line in lines()] == [True]

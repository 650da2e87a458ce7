"""One line per record on stderr, with the request, tenant and conversation it belongs to."""

import logging
import re
import sys
from collections.abc import Iterable
from contextvars import ContextVar, Token
from datetime import UTC, datetime
from types import TracebackType

import orjson
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.web import RequestPayloadError

from autoleads import formats

_Context = dict[str, str | int]

_CONTEXT: ContextVar[_Context | None] = ContextVar("log_context", default=None)

# An Indonesian number as one run of digits, or in the groups people write: 0812-3456-7890, +62 812 3456 7890.
_PHONE = re.compile(
    r"(?<!\d)(?:(?:62|0)\d{8,14}|(?:\+?62[- ]?|0)\d{2,4}(?:[- ]\d{3,4}){2,3})(?!\d)",
    re.ASCII,
)

# A shorter secret would blacken ordinary words; the settings refuse most of them anyway.
_SECRET_MIN_LENGTH = 6

# At INFO these write whole addresses, queries and keys included.
_TALKATIVE = ("httpx", "httpcore", "google_genai", "aiohttp.access", "PIL")


class bind:
    """What the records written inside the `with` belong to, on top of what is bound already. Tasks started
    inside inherit it. A class rather than a generator, for it surrounds every request and every turn."""

    __slots__ = ("_fields", "_token")
    _token: Token[_Context | None]

    def __init__(
        self,
        *,
        request_id: str | None = None,
        tenant: str | int | None = None,
        conversation: int | None = None,
    ) -> None:
        fields = {"request_id": request_id, "tenant": tenant, "conversation": conversation}
        self._fields: _Context = {name: value for name, value in fields.items() if value is not None}

    def __enter__(self) -> None:
        self._token = _CONTEXT.set({**(_CONTEXT.get() or {}), **self._fields})

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _CONTEXT.reset(self._token)


def setup(level: str, format: str, secrets: Iterable[str]) -> None:
    """Takes over the root logger. `format` is "json" or "text"; `secrets` never appear in a line."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter((JsonFormatter if format == "json" else TextFormatter)(secrets))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.captureWarnings(True)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("aiohttp.server").addFilter(_is_ours)


def _is_ours(record: logging.LogRecord) -> bool:
    """What is no HTTP is answered with 400, and would be told of as an error with a traceback, by any stranger."""
    return record.exc_info is None or not isinstance(record.exc_info[1], HttpProcessingError | RequestPayloadError)


class _SafeFormatter(logging.Formatter):
    """Masks the finished text: what was logged by mistake, or by a library, or is part of an exception."""

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__()
        known = sorted((s for s in secrets if len(s) >= _SECRET_MIN_LENGTH), key=len, reverse=True)
        self._secrets = re.compile("|".join(map(re.escape, known))) if known else None

    def safe(self, text: str) -> str:
        if self._secrets is not None:
            text = self._secrets.sub("[secret]", text)
        text = _PHONE.sub(lambda match: formats.phone_masked(match[0]), text)
        # A lone surrogate, from a badly encoded message, fits no encoding.
        return text if text.isascii() else text.encode("utf-8", "replace").decode()

    def message(self, record: logging.LogRecord) -> str:
        try:
            return self.safe(record.getMessage())
        except Exception:
            # logging would print the raw arguments instead, unmasked.
            return f"{self.safe(str(record.msg))} (the arguments do not fit)"

    def trouble(self, record: logging.LogRecord) -> str | None:
        if record.exc_info and record.exc_info[0] is not None:
            return self.safe(self.formatException(record.exc_info))
        return self.safe(record.stack_info) if record.stack_info else None


class JsonFormatter(_SafeFormatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": self.message(record),
            **(_CONTEXT.get() or {}),
        }
        if trouble := self.trouble(record):
            line["exception"] = trouble
        return orjson.dumps(line, default=str).decode()


class TextFormatter(_SafeFormatter):
    """For a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        time = datetime.fromtimestamp(record.created, UTC).strftime("%H:%M:%S")
        # A line break in a customer's message must not look like a record of its own.
        message = self.message(record).replace("\r", "\\r").replace("\n", "\\n")
        context = "".join(f" {name}={value}" for name, value in (_CONTEXT.get() or {}).items())
        trouble = self.trouble(record)
        tail = f"\n{trouble}" if trouble else ""
        return f"{time} {record.levelname:<7} {record.name}: {message}{context}{tail}"

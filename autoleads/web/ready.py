"""Answers that stand ready to be written: for a page that is kept, neither router nor middlewares are asked.

The library needs as long to find a route, to call the middlewares and to put headers together as the kernel needs to
send the page. So the first answer to a question goes that way, and its header lines are remembered for the next.
"""

import logging
import random
import time
import warnings
from collections.abc import Mapping
from email.utils import formatdate

from aiohttp import HttpVersion11, hdrs, web
from prometheus_client import Histogram

from autoleads import metrics
from autoleads.errors import TooManyRequests
from autoleads.web import keys
from autoleads.web.pages import Key, Sealed, takes_gzip
from autoleads.web.visitors import Limiter, group

log = logging.getLogger(__name__)

_MOST = 20_000  # questions remembered, some 2 kB each; then all are forgotten
_LONGEST = 500  # characters of host and address of a question that is remembered, for a stranger may write 16,000
_REQUEST_ID = "X-Request-Id"
_OF_THE_MOMENT = frozenset(
    {_REQUEST_ID.lower(), "date", "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"}
)
_IDS = random.Random()  # to tell requests apart, for which the system's own randomness would be dear

Question = tuple[str | None, str, bool]  # host, address and whether compressed is understood, as the visitor wrote them


def new_request_id() -> str:
    return f"{_IDS.getrandbits(128):032x}"


class Ready(web.StreamResponse):
    """The same object answers every visitor, so nothing of a visitor is kept in it."""

    def __init__(self, kept_as: Key, lines: bytes, limiter: Limiter, clock: Histogram, *, tells_standing: bool) -> None:
        super().__init__()
        self.kept_as = kept_as
        self._lines = lines
        self._limiter = limiter
        self._clock = clock
        self._tells_standing = tells_standing

    @property
    def keep_alive(self) -> bool:
        return True

    def admitted(self, request: web.Request, visitor: str, page: Sealed) -> bool:
        try:
            standing = self._limiter.admit(visitor)
        except TooManyRequests:
            return False
        request[keys.READY] = (page, standing if self._tells_standing else {}, time.monotonic())
        return True

    async def prepare(self, request: web.BaseRequest) -> None:
        page, standing, started = request[keys.READY]
        transport = request.transport
        if transport is None:
            raise ConnectionResetError("the visitor is gone")
        moment = "".join(f"{name}: {value}\r\n" for name, value in standing.items())
        moment += f"{_REQUEST_ID}: {new_request_id()}\r\nDate: {_date(int(time.time()))}\r\n\r\n"
        transport.writelines((self._lines, moment.encode("ascii"), page.content))
        await request.writer.drain()
        self._clock.observe(time.monotonic() - started)

    async def write_eof(self, data: bytes = b"") -> None:
        """All is written already."""


_dates: dict[int, str] = {}


def _date(second: int) -> str:
    found = _dates.get(second)
    if found is None:
        _dates.clear()
        found = _dates[second] = formatdate(second, usegmt=True)
    return found


class ReadyAnswers:
    """By question. What is found is looked after as in the usual way: the version of its showroom, the limits, the
    measurement. In the log of a DEBUG level every request has its line, so there everything goes the usual way."""

    def __init__(self, app: web.Application) -> None:
        self._app = app
        self._known: dict[Question, Ready] = {}

    def find(self, request: web.Request) -> Ready | None:
        """None when the usual way has to be taken: also by whoever asks for something else than the whole page."""
        ready = self._known.get(_question(request))
        if (
            ready is None
            or log.isEnabledFor(logging.DEBUG)
            or hdrs.IF_NONE_MATCH in request.headers
            or not _usual(request)
        ):
            return None
        tenant_id, version, *_ = ready.kept_as
        page = self._app[keys.PAGES].get(ready.kept_as) if self._app[keys.SITES].version(tenant_id) == version else None
        if page is None or not ready.admitted(request, group(self._app[keys.ADDRESSES].of(request)), page):
            return None
        return ready

    def remember(self, request: web.Request, kept_as: Key, response: web.Response, *, route: str, kind: str) -> None:
        """What was answered in the usual way, all its headers included."""
        question = host, address, _ = _question(request)
        if response.status != 200 or not _usual(request) or len(host or "") + len(address) > _LONGEST:
            return
        if len(self._known) >= _MOST:
            self._known.clear()
        size = len(response.body) if isinstance(response.body, bytes) else 0
        lines = {**response.headers, hdrs.CONTENT_LENGTH: str(size)}
        self._known[question] = Ready(
            kept_as,
            _lines(lines),
            self._app[keys.LIMITS][kind],
            metrics.HTTP_SECONDS.labels(route, "200"),
            tells_standing=kind == "api",
        )


READY_ANSWERS = web.AppKey("ready_answers", ReadyAnswers)


def _question(request: web.Request) -> Question:
    return request.headers.get(hdrs.HOST), request.raw_path, takes_gzip(request)


def _usual(request: web.BaseRequest) -> bool:
    return request.method == hdrs.METH_GET and request.version == HttpVersion11 and bool(request.keep_alive)


def _lines(headers: Mapping[str, str]) -> bytes:
    told = (f"{name}: {value}\r\n" for name, value in headers.items() if name.lower() not in _OF_THE_MOMENT)
    return ("HTTP/1.1 200 OK\r\n" + "".join(told)).encode("utf-8")


with warnings.catch_warnings():
    # The library discourages it, and has no other door before its router.
    warnings.simplefilter("ignore", DeprecationWarning)

    class Application(web.Application):
        async def _handle(self, request: web.Request) -> web.StreamResponse:
            return self._found(request) or await super()._handle(request)

        def _found(self, request: web.Request) -> Ready | None:
            """A failure of ours is told in the usual way, where every failure is."""
            try:
                return self[READY_ANSWERS].find(request)
            except Exception as exc:
                log.error("no ready answer: method=%s", request.method, exc_info=exc)
                return None

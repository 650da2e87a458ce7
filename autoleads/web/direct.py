"""Direct answers: a question that was answered before is answered past router and middlewares.

The library needs as long to find a route, to call the middlewares and to put headers together as the kernel needs to
send the page. So the first answer to a question goes that way, and its header lines are remembered for the next, with
the recipe of its page: it is sent as it was kept, or else made anew.
"""

import logging
import random
import time
import warnings
import weakref
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import formatdate

from aiohttp import HttpVersion11, hdrs, web
from prometheus_client import Histogram

from autoleads import metrics
from autoleads.errors import TooManyRequests
from autoleads.types import TenantId
from autoleads.web import keys
from autoleads.web.pages import Recipe, Sealed, takes_gzip
from autoleads.web.visitors import Limiter, group

log = logging.getLogger(__name__)

_MOST = 20_000  # questions remembered, 1 to 3 kB each; then all are forgotten
_LONGEST = 500  # characters of a question that is remembered, for a stranger may write 16,000
_REQUEST_ID = "X-Request-Id"
_OF_THE_MOMENT = frozenset(
    {_REQUEST_ID.lower(), "date", "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"}
)
_OF_THE_PAGE = frozenset({"content-encoding", "etag", "content-length"})  # they are in its wire
_IDS = random.Random()  # to tell requests apart, for which the system's own randomness would be dear


def new_request_id() -> str:
    return f"{_IDS.getrandbits(128):032x}"


@dataclass(slots=True)
class Known:
    """What is remembered of a question. Only Pages decides how long `page` lives."""

    tenant_id: TenantId
    version: int
    recipe: Recipe
    page: weakref.ref[Sealed] | None
    lines: bytes
    limiter: Limiter
    clock: Histogram
    tells_standing: bool


@dataclass(slots=True)
class Found:
    """For one request."""

    known: Known
    page: Sealed
    standing: Mapping[str, str]
    started: float


_FOUND = web.RequestKey("found", Found)


class Direct(web.StreamResponse):
    """Writes what was found for the request. The same object answers every visitor: nothing is kept in it."""

    @property
    def keep_alive(self) -> bool:
        return True

    async def prepare(self, request: web.BaseRequest) -> None:
        found = request[_FOUND]
        transport = request.transport
        if transport is None:
            raise ConnectionResetError("the visitor is gone")
        moment = "".join(f"{name}: {value}\r\n" for name, value in found.standing.items())
        moment += f"{_REQUEST_ID}: {new_request_id()}\r\nDate: {_date(int(time.time()))}\r\n"
        transport.writelines((found.known.lines, moment.encode("ascii"), found.page.wire))
        await request.writer.drain()
        found.known.clock.observe(time.monotonic() - found.started)

    async def write_eof(self, data: bytes = b"") -> None:
        """All is written already."""


_dates: dict[int, str] = {}


def _date(second: int) -> str:
    found = _dates.get(second)
    if found is None:
        _dates.clear()
        found = _dates[second] = formatdate(second, usegmt=True)
    return found


class DirectAnswers:
    """By question. What is found is looked after as in the usual way: the version of its showroom, the limits, the
    measurement. In the log of a DEBUG level every request has its line, so there everything goes the usual way."""

    def __init__(self, app: web.Application) -> None:
        self._app = app
        self._direct = Direct()
        self._known: dict[str, Known] = {}
        self._lines: dict[bytes, bytes] = {}  # those of most pages are the same, and kept once

    def find(self, request: web.Request) -> Direct | None:
        """None when the usual way has to be taken: also by whoever asks for something else than the whole page."""
        known = self._known.get(_question(request))
        if (
            known is None
            or log.isEnabledFor(logging.DEBUG)
            or hdrs.IF_NONE_MATCH in request.headers
            or not _usual(request)
            or self._app[keys.SITES].version(known.tenant_id) != known.version
        ):
            return None
        started = time.monotonic()
        page = self._kept(known)
        catalogue = None if page else self._app[keys.SITES].catalogue_at_hand(known.tenant_id, known.version)
        if page is None and catalogue is None:
            return None
        try:
            standing = known.limiter.admit(group(self._app[keys.ADDRESSES].of(request)))
            request[keys.STANDING] = standing  # for the usual way, if it has to be taken after all
        except TooManyRequests:
            return None
        if catalogue is not None:
            page = self._app[keys.PAGES].made(known.recipe, catalogue)
        if page is None or page.status != 200:
            return None
        request[_FOUND] = Found(known, page, standing if known.tells_standing else {}, started)
        return self._direct

    def remember(
        self, request: web.Request, recipe: Recipe, headers: Mapping[str, str], *, route: str, kind: str
    ) -> None:
        """What was answered with a whole page in the usual way; all its headers are known by now."""
        question = _question(request)
        if not _usual(request) or len(question) > _LONGEST:
            return
        if max(len(self._known), len(self._lines)) >= _MOST:  # a known question may get new lines any number of times
            self._known.clear()
            self._lines.clear()
        lines = _lines(headers)
        self._known[question] = Known(
            tenant_id=recipe.key[0],
            version=recipe.key[1],
            recipe=recipe,
            page=None,
            lines=self._lines.setdefault(lines, lines),
            limiter=self._app[keys.LIMITS][kind],
            clock=metrics.HTTP_SECONDS.labels(route, "200"),
            tells_standing=kind == "api",
        )

    def _kept(self, known: Known) -> Sealed | None:
        pages = self._app[keys.PAGES]
        page = None if known.page is None else pages.asked_for(known.page())
        if page is None:
            page = pages.get(known.recipe.key)
            known.page = None if page is None else weakref.ref(page)
        return page


DIRECT_ANSWERS = web.AppKey("direct_answers", DirectAnswers)


def _question(request: web.Request) -> str:
    """Host, address and whether compressed is understood, as the visitor wrote them; none has a line break."""
    packed = "gzip" if takes_gzip(request) else ""
    return f"{request.headers.get(hdrs.HOST)}\n{request.raw_path}\n{packed}"


def _usual(request: web.BaseRequest) -> bool:
    return request.method == hdrs.METH_GET and request.version == HttpVersion11 and bool(request.keep_alive)


def _lines(headers: Mapping[str, str]) -> bytes:
    elsewhere = _OF_THE_MOMENT | _OF_THE_PAGE
    told = (f"{name}: {value}\r\n" for name, value in headers.items() if name.lower() not in elsewhere)
    return ("HTTP/1.1 200 OK\r\n" + "".join(told)).encode("utf-8")


with warnings.catch_warnings():
    # The library discourages it, and has no other door before its router.
    warnings.simplefilter("ignore", DeprecationWarning)

    class Application(web.Application):
        async def _handle(self, request: web.Request) -> web.StreamResponse:
            return self._found(request) or await super()._handle(request)

        def _found(self, request: web.Request) -> Direct | None:
            """A failure of ours is told in the usual way, where every failure is."""
            try:
                return self[DIRECT_ANSWERS].find(request)
            except Exception as exc:
                log.error("no direct answer: method=%s", request.method, exc_info=exc)
                return None

"""Around every request: an id, a measurement, and the one place where an exception becomes an answer."""

import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from functools import lru_cache

import asyncpg
from aiohttp import hdrs, web
from prometheus_client import Histogram

from autoleads import metrics
from autoleads.errors import TooManyRequests, UserError
from autoleads.logs import bind
from autoleads.web import keys, problems, safety
from autoleads.web.direct import DIRECT_ANSWERS, new_request_id
from autoleads.web.problems import Problem
from autoleads.web.visitors import group

log = logging.getLogger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

# The database is away, restarting, full or busy with something that holds a lock.
_AWAY = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.LockNotAvailableError,
    asyncpg.DeadlockDetectedError,
)
_RETRY_AFTER_S = "10"


@web.middleware
async def outer(request: web.Request, handler: Handler) -> web.StreamResponse:
    started = time.monotonic()
    request_id = request[keys.REQUEST_ID] = new_request_id()
    with bind(request_id=request_id):
        response = await _answer(request, handler)
        if not response.prepared:
            response.headers["X-Request-Id"] = request_id
            request.app[keys.SAFETY].add(response, request.path)
            _remember(request, response)
        seconds = time.monotonic() - started
        route = _route(request)
        _clock(route, response.status).observe(seconds)
        log.debug(
            "request: method=%s route=%s status=%s ms=%.1f", request.method, route, response.status, seconds * 1e3
        )
    return response


@lru_cache(maxsize=2_000)
def _clock(route: str, status: int) -> Histogram:
    return metrics.HTTP_SECONDS.labels(route, str(status))


async def _answer(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        standing = _admitted(request)
        response = await handler(request)
        response.headers.update(standing)
        return response
    except Exception as exc:
        if isinstance(exc, web.HTTPException) and exc.status < 400:
            return web.Response(status=exc.status, headers=_kept(exc, hdrs.LOCATION))
        return await problems.answer(request, _problem(request, exc))


def _problem(request: web.Request, exc: Exception) -> Problem:
    """What the visitor is told of it; what we need to know is in the log."""
    match exc:
        case UserError():
            log.info("refused: route=%s code=%s field=%s", _route(request), exc.code, exc.field)
            return Problem(exc.status, exc.code, str(exc), of_field=exc.field, headers=exc.headers)
        case web.HTTPRequestEntityTooLarge():
            return Problem(413, "too_large", "The body is too large.")
        case web.RequestPayloadError():
            return Problem(400, "bad_request", "The body does not fit its Content-Encoding or its length.")
        case web.HTTPException():
            code = exc.reason.lower().replace(" ", "_")
            return Problem(exc.status, code, f"{exc.reason}.", headers=_kept(exc, hdrs.ALLOW))
    if isinstance(exc, _AWAY):
        # A webhook that is answered so comes again.
        log.error("unavailable: route=%s error=%s", _route(request), type(exc).__name__, exc_info=exc)
        headers = {"Retry-After": _RETRY_AFTER_S}
        return Problem(503, "unavailable", "Temporarily unavailable, please try again.", headers=headers)
    log.error("unhandled: method=%s route=%s", request.method, _route(request), exc_info=exc)
    return Problem(500, "internal", "Something went wrong on our side.")


def _admitted(request: web.Request) -> Mapping[str, str]:
    """Raises TooManyRequests. What the gateway, the operator and the pages themselves ask for is not counted."""
    open_to_programs = safety.is_public_api(request.path)
    if not open_to_programs and problems.is_for_programs(request.path):
        return {}
    kind = "api" if open_to_programs else "pages"
    standing = request.get(keys.STANDING)
    if standing is None:
        try:
            standing = request.app[keys.LIMITS][kind].admit(group(request.app[keys.ADDRESSES].of(request)))
        except TooManyRequests:
            metrics.LIMITED.labels(kind).inc()
            raise
    return standing if open_to_programs else {}


def _remember(request: web.Request, response: web.StreamResponse) -> None:
    recipe = request.get(keys.RECIPE)
    if recipe is not None and response.status == 200:
        kind = "api" if safety.is_public_api(request.path) else "pages"
        request.app[DIRECT_ANSWERS].remember(request, recipe, response.headers, route=_route(request), kind=kind)


def _kept(exc: web.HTTPException, name: str) -> dict[str, str]:
    return {name: exc.headers[name]} if name in exc.headers else {}


def _route(request: web.Request) -> str:
    """The pattern, not the path, which may hold a webhook's secret."""
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "none"

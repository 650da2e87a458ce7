"""Around every request: an id, a measurement, and the one place where an exception becomes an answer."""

import logging
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping

import asyncpg
from aiohttp import hdrs, web

from autoleads import metrics
from autoleads.errors import TooManyRequests, UserError
from autoleads.logs import bind
from autoleads.web import keys, problems, safety
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
    request_id = request[keys.REQUEST_ID] = uuid.uuid4().hex
    with bind(request_id=request_id):
        response = await _answer(request, handler)
        if not response.prepared:
            response.headers["X-Request-Id"] = request_id
            request.app[keys.SAFETY].add(response, request.path)
        seconds = time.monotonic() - started
        route = _route(request)
        metrics.HTTP_SECONDS.labels(route, str(response.status)).observe(seconds)
        log.debug(
            "request: method=%s route=%s status=%s ms=%.1f", request.method, route, response.status, seconds * 1e3
        )
    return response


async def _answer(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        standing = _admitted(request)
        response = await handler(request)
        response.headers.update(standing)
        return response
    except UserError as exc:
        log.info("refused: route=%s code=%s field=%s", _route(request), exc.code, exc.field)
        headers = {} if exc.retry_after_s is None else {"Retry-After": str(exc.retry_after_s)}
        return await problems.answer(request, exc.status, exc.code, str(exc), field=exc.field, headers=headers)
    except web.HTTPRequestEntityTooLarge:
        return await problems.answer(request, 413, "too_large", "The body is too large.")
    except web.HTTPException as exc:
        if exc.status < 400:
            return web.Response(status=exc.status, headers=_kept(exc, hdrs.LOCATION))
        code = exc.reason.lower().replace(" ", "_")
        return await problems.answer(request, exc.status, code, f"{exc.reason}.", headers=_kept(exc, hdrs.ALLOW))
    except _AWAY as exc:
        # A webhook that is answered so comes again.
        log.error("unavailable: route=%s error=%s", _route(request), type(exc).__name__, exc_info=exc)
        text = "Temporarily unavailable, please try again."
        return await problems.answer(request, 503, "unavailable", text, headers={"Retry-After": _RETRY_AFTER_S})
    except Exception:
        log.exception("unhandled: method=%s route=%s", request.method, _route(request))
        return await problems.answer(request, 500, "internal", "Something went wrong on our side.")


def _admitted(request: web.Request) -> Mapping[str, str]:
    """Raises TooManyRequests. What the gateway, the operator and the pages themselves ask for is not counted."""
    open_to_programs = safety.is_public_api(request.path)
    if not open_to_programs and problems.is_for_programs(request.path):
        return {}
    kind = "api" if open_to_programs else "pages"
    try:
        standing = request.app[keys.LIMITS][kind].admit(group(request.app[keys.ADDRESSES].of(request)))
    except TooManyRequests:
        metrics.LIMITED.labels(kind).inc()
        raise
    return standing if open_to_programs else {}


def _kept(exc: web.HTTPException, name: str) -> dict[str, str]:
    return {name: exc.headers[name]} if name in exc.headers else {}


def _route(request: web.Request) -> str:
    """The pattern, not the path, which may hold a webhook's secret."""
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "none"

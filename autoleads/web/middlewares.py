"""Around every request: an id, a measurement, and the one place where an exception becomes an answer."""

import logging
import time
import uuid
from collections.abc import Awaitable, Callable

import asyncpg
from aiohttp import web

from autoleads import metrics
from autoleads.errors import UserError
from autoleads.logs import bind
from autoleads.web import keys, respond

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


@web.middleware
async def outer(request: web.Request, handler: Handler) -> web.StreamResponse:
    started = time.monotonic()
    request_id = request[keys.REQUEST_ID] = uuid.uuid4().hex
    with bind(request_id=request_id):
        response = await _answer(request, handler)
        if not response.prepared:
            response.headers["X-Request-Id"] = request_id
            response.headers.setdefault("X-Content-Type-Options", "nosniff")
            response.headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
        seconds = time.monotonic() - started
        route = _route(request)
        metrics.HTTP_SECONDS.labels(route, str(response.status)).observe(seconds)
        log.debug(
            "request: method=%s route=%s status=%s ms=%.1f", request.method, route, response.status, seconds * 1e3
        )
    return response


async def _answer(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except UserError as exc:
        log.info("refused: route=%s code=%s field=%s", _route(request), exc.code, exc.field)
        return respond.error(request, exc.status, exc.code, str(exc), field=exc.field)
    except web.HTTPRequestEntityTooLarge:
        return respond.error(request, 413, "too_large", "The body is too large.")
    except web.RequestPayloadError:
        return respond.error(request, 400, "bad_request", "The body does not fit its Content-Encoding or its length.")
    except web.HTTPException as exc:
        if exc.status < 400:
            raise
        return respond.error(request, exc.status, exc.reason.lower().replace(" ", "_"), f"{exc.reason}.")
    except _AWAY as exc:
        # A webhook that is answered so comes again.
        log.error("unavailable: route=%s error=%s", _route(request), type(exc).__name__, exc_info=exc)
        return respond.error(request, 503, "unavailable", "Temporarily unavailable, please try again.")
    except Exception:
        log.exception("unhandled: method=%s route=%s", request.method, _route(request))
        return respond.error(request, 500, "internal", "Something went wrong on our side.")


def _route(request: web.Request) -> str:
    """The pattern, not the path, which may hold a webhook's secret."""
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "none"

"""For the operator and the machines that watch: alive, ready, measured."""

import time
from datetime import UTC, datetime

from aiohttp import web

from autoleads import metrics
from autoleads.errors import NotFound
from autoleads.sql import pool
from autoleads.web import keys

STARTED = web.AppKey("started", float)


def add_routes(app: web.Application) -> None:
    app[STARTED] = time.monotonic()
    app.add_routes([web.get("/health", health), web.get("/ready", ready), web.get("/metrics", prometheus)])


async def health(request: web.Request) -> web.Response:
    """The process turns its loop. Nothing else is asked, so a slow database never gets it restarted."""
    uptime_s = round(time.monotonic() - request.app[STARTED])
    return web.json_response({"status": "ok", "timestamp": datetime.now(UTC).isoformat(), "uptime": uptime_s})


async def ready(request: web.Request) -> web.Response:
    """Traffic may come: the database answers and the dispatcher takes work."""
    checks = {"database": "ok", "dispatcher": "ok"}
    try:
        await pool.ping(request.app[keys.DATABASE])
    except Exception:  # whatever it is, the database is not there for us
        checks["database"] = "unreachable"
    if request.app[keys.DISPATCHER].closing:
        checks["dispatcher"] = "closing"
    good = all(state == "ok" for state in checks.values())
    return web.json_response({"status": "ok" if good else "unavailable", **checks}, status=200 if good else 503)


async def prometheus(request: web.Request) -> web.Response:
    """Only under the platform's own name: a showroom's visitors have no business here."""
    if not request.app[keys.SITES].is_platform(request.host):
        raise NotFound("Not found.")
    return web.Response(body=metrics.render(), headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})

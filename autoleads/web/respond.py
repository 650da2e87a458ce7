"""The JSON envelope of every API answer."""

from typing import Any

import orjson
from aiohttp import web

from autoleads.web import keys


def json(data: Any, *, message: str | None = None, status: int = 200) -> web.Response:
    body = {"success": True, "message": message, "data": data} if message else {"success": True, "data": data}
    return web.Response(body=orjson.dumps(body), status=status, content_type="application/json")


def error(request: web.Request, status: int, code: str, message: str, *, field: str | None = None) -> web.Response:
    problem = {"code": code, "message": message, "requestId": request.get(keys.REQUEST_ID, "")}
    if field is not None:
        problem["field"] = field
    body = orjson.dumps({"success": False, "error": problem})
    return web.Response(body=body, status=status, content_type="application/json")

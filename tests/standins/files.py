"""Where a gateway keeps what people send: `GET /{name}`, for as long as it likes."""

from typing import Any, ClassVar

from aiohttp import web

from tests.standins.base import Standin, drop


class FileStandin(Standin):
    """`files` by name. `asked` lists the names in order of arrival."""

    FAULTS: ClassVar[frozenset[str]] = frozenset({"ok", "hang", "http", "drop", "half", "endless", "redirect"})

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.files: dict[str, bytes] = {}
        self.asked: list[str] = []

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/{name}", self._serve)]

    def put(self, name: str, data: bytes) -> str:
        """Its address."""
        self.files[name] = data
        return f"{self.url}/{name}"

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        self.asked.append(name)
        fault = self.arrive(name)
        await self.pause(fault)
        match fault.name:
            case "hang":
                return await self.hang(request)
            case "drop":
                return drop(request)
            case "http":
                return web.Response(status=fault.status)
            case "redirect":
                return web.Response(status=302, headers={"Location": fault.text})
            case "half":
                return await self._half(request, self.files[name])
            case "endless":
                return await self._endless(request)
        if name not in self.files:
            return web.Response(status=404)
        return web.Response(body=self.files[name], content_type="application/octet-stream")

    async def _half(self, request: web.Request, data: bytes) -> web.StreamResponse:
        """The connection ends before the file does."""
        response = web.StreamResponse(headers={"Content-Length": str(len(data))})
        await response.prepare(request)
        await response.write(data[: len(data) // 2])
        return drop(request)

    async def _endless(self, request: web.Request) -> web.StreamResponse:
        """Never says how long it is, and does not end."""
        response = web.StreamResponse()
        await response.prepare(request)
        while request.transport is not None and not request.transport.is_closing():
            await response.write(b"\xff\xd8\xff" + bytes(2**16))
        return response

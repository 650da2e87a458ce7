"""Photos of cars, from the upload folder. Only cars/ is public; nothing is listed."""

import asyncio
from pathlib import Path

from aiohttp import web

from autoleads.errors import NotFound
from autoleads.web import keys

_PATH = r"/uploads/cars/{showroom:[a-z0-9-]+}/{name:[a-z0-9][a-z0-9._-]*\.(?:jpg|jpeg|png|webp|avif)}"
_YEAR_S = 31_536_000  # a changed photo gets a new name
# Python's own table is older than two of these, and a browser that may not sniff shows nothing of an unknown type.
_TYPES = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".avif": "image/avif",
}


def add_routes(app: web.Application) -> None:
    app.add_routes([web.get(_PATH, photo)])


async def photo(request: web.Request) -> web.FileResponse:
    folder = request.app[keys.CONFIG].app.upload_path / "cars"
    path = await asyncio.to_thread(_file, folder, request.match_info["showroom"], request.match_info["name"])
    if path is None:
        raise NotFound("no such photo")
    headers = {
        "Cache-Control": f"public, max-age={_YEAR_S}, immutable",
        "Content-Type": _TYPES[path.suffix],
        "X-Content-Type-Options": "nosniff",
    }
    return web.FileResponse(path, headers=headers)


def _file(folder: Path, showroom: str, name: str) -> Path | None:
    """None for what is no plain file in the folder itself: a link must not lead out of it."""
    root = folder.resolve()
    path = (root / showroom / name).resolve()
    return path if path == root / showroom / name and path.is_file() else None

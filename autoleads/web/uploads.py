"""Photos of cars, from the upload folder. Only cars/ is public; nothing is listed."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from aiohttp import web

from autoleads.errors import NotFound
from autoleads.media.photos import original_of
from autoleads.web import keys

_PATH = r"/uploads/cars/{showroom:[a-z0-9-]+}/{name:[a-z0-9][a-z0-9._-]*\.(?:jpg|jpeg|png|webp|avif)}"
_FOR_EVER = "public, max-age=31536000, immutable"  # a changed photo gets a new name
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
    showroom, name = request.match_info["showroom"], request.match_info["name"]
    if not await _may_show(request, showroom):
        raise NotFound("no such photo")
    # The original stands in for a variant that is not made yet.
    path = await asyncio.to_thread(_first_file, folder / showroom, (name, original_of(name)))
    if path is None:
        raise NotFound("no such photo")
    headers = {
        "Cache-Control": _FOR_EVER if path.name == name else "no-store",
        "Content-Type": _TYPES[path.suffix],
    }
    return web.FileResponse(path, headers=headers)


async def _may_show(request: web.Request, showroom: str) -> bool:
    """Under a showroom's host its own photos, by its id or, in the demo, its slug; all of them under the platform's."""
    sites = request.app[keys.SITES]
    if sites.is_platform(request.host):
        return True
    site = await sites.find(request.host)
    return site is not None and (showroom == str(site.id) or (showroom == site.slug and not showroom.isdecimal()))


def _first_file(folder: Path, names: Sequence[str]) -> Path | None:
    """A link must not lead out of the folder."""
    root = folder.parent.resolve() / folder.name
    paths = (root / name for name in names)
    return next((path for path in paths if path.resolve() == path and path.is_file()), None)

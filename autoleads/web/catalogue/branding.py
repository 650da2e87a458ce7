"""A showroom's icon, and the script that all pages share."""

from aiohttp import web

from autoleads.errors import NotFound
from autoleads.web.catalogue import render, serve, theme
from autoleads.web.catalogue.serve import Shop
from autoleads.web.pages import Page

_YEAR_S = 31_536_000


def add_routes(app: web.Application) -> None:
    app.add_routes(
        [web.get("/ikon.svg", icon), web.get(r"/static/{name:catalogue\.[0-9a-f]{12}\.js}", script)],
    )


async def icon(request: web.Request) -> web.Response:
    return await serve.page(request, "icon", _icon, platform=_platform_icon)


async def script(request: web.Request) -> web.Response:
    """Under the address of another version there is nothing: a page works without its script, but not with a
    stranger's."""
    address, body = render.script()
    if request.path != address:
        raise NotFound("no such file")
    headers = {"Cache-Control": f"public, max-age={_YEAR_S}, immutable"}
    return Page([body], "text/javascript; charset=utf-8", headers=headers).response(request)


def _icon(shop: Shop) -> Page:
    return _lettered(shop.catalogue.profile.name[:1].upper(), shop.catalogue.profile.primary_color)


def _platform_icon() -> Page:
    return _lettered("A", render.PLATFORM_COLORS[0])


def _lettered(letter: str, ground: str) -> Page:
    svg = render.fragment("catalogue/icon.svg", letter=letter, ground=ground, ink=theme.text_on(ground))
    return Page([svg.encode()], "image/svg+xml")

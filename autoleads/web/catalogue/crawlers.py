"""What search engines and browsers ask for beside the pages: the list of all of them, and rules for visiting."""

from collections.abc import Iterable
from datetime import UTC, datetime
from xml.sax.saxutils import escape

import orjson
from aiohttp import web

from autoleads.sql.catalogue import Shown
from autoleads.types import CarStatus
from autoleads.web.catalogue import filters, seo, serve, structured
from autoleads.web.catalogue.serve import Shop
from autoleads.web.pages import Page

_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_IMAGES = "http://www.google.com/schemas/sitemap-image/1.1"
# Of the list only the pages of all and of one brand: every other narrowing shows the same cars again. The longest
# rule that fits counts.
_ROBOTS = """User-agent: *
Disallow: /api/
Disallow: /dilihat
Disallow: /mobil?
Allow: /mobil?hal=
Disallow: /mobil?hal=*&
Allow: /mobil?merek=
Disallow: /mobil?merek=*&
Allow: /mobil?merek=*&hal=
Disallow: /mobil?merek=*&*&hal=

Sitemap: {url}/sitemap.xml
"""
_PLATFORM_ROBOTS = """User-agent: *
Disallow: /
Allow: /$
"""
_TEXT = "text/plain; charset=utf-8"
_FOR_SHORT = {"Cache-Control": "public, max-age=86400"}


def add_routes(app: web.Application) -> None:
    app.add_routes(
        [
            web.get("/sitemap.xml", sitemap),
            web.get("/robots.txt", robots),
            web.get("/site.webmanifest", manifest),
            web.get("/favicon.ico", favicon),
        ]
    )


async def sitemap(request: web.Request) -> web.Response:
    return await serve.page(request, "sitemap", _sitemap)


async def robots(request: web.Request) -> web.Response:
    return await serve.page(request, "robots", _robots, platform=lambda: Page([_PLATFORM_ROBOTS.encode()], _TEXT))


async def manifest(request: web.Request) -> web.Response:
    return await serve.page(request, "manifest", _manifest)


async def favicon(_: web.Request) -> web.Response:
    """Of browsers that do not read the pages' link to it."""
    return web.Response(status=302, headers={"Location": "/ikon.svg", **_FOR_SHORT})


def _sitemap(shop: Shop) -> Page:
    cars = [one for one in shop.catalogue.cars if one.status in (CarStatus.AVAILABLE, CarStatus.BOOKING)]
    listed = filters.for_sale(shop.catalogue.cars)
    # Cars that were sold change the lists as well.
    changed = max((one.updated_at for one in shop.catalogue.cars), default=None)
    brands = {one.brand.lower(): one.brand for one in listed}
    entries = [
        *(_entry(shop, path, changed) for path in ("/", "/mobil")),
        *(_entry(shop, seo.list_path(brand), changed) for brand in sorted(brands)),
        *(_entry(shop, path) for path in ("/cabang", "/privasi")),
        *(_entry(shop, f"/{one.slug}", one.updated_at, _photos(shop, one)) for one in cars),
    ]
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{_SITEMAP}" xmlns:image="{_IMAGES}">\n'
    return Page([f"{head}{''.join(entries)}</urlset>\n".encode()], "application/xml; charset=utf-8")


def _entry(shop: Shop, path: str, changed: datetime | None = None, photos: Iterable[str] = ()) -> str:
    lastmod = f"<lastmod>{changed.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}</lastmod>" if changed else ""
    images = "".join(f"<image:image><image:loc>{escape(photo)}</image:loc></image:image>" for photo in photos)
    return f"<url><loc>{escape(shop.url + path)}</loc>{lastmod}{images}</url>\n"


def _photos(shop: Shop, one: Shown) -> Iterable[str]:
    return (structured.absolute(shop, photo) for photo in one.photos)


def _robots(shop: Shop) -> Page:
    return Page([_ROBOTS.format(url=shop.url).encode()], _TEXT)


def _manifest(shop: Shop) -> Page:
    profile = shop.catalogue.profile
    told = {
        "name": profile.name,
        "short_name": profile.name[:12].strip(),
        "lang": "id",
        "start_url": "/",
        "display": "browser",
        "background_color": "#ffffff",
        "theme_color": profile.primary_color,
        "icons": [{"src": "/ikon.svg", "type": "image/svg+xml", "sizes": "any"}],
    }
    return Page([orjson.dumps(told)], "application/manifest+json")

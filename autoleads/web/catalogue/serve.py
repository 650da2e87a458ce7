"""From a request to a page of the host's showroom: kept, or made from what is remembered of it."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl

from aiohttp import web
from multidict import MultiDict

from autoleads.errors import Closed, NotFound
from autoleads.sql.catalogue import Catalogue, Site
from autoleads.web import keys
from autoleads.web.pages import Page, Recipe, takes_gzip


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """A showroom on the web. `url` is the address that visitors are to use, without a slash at the end."""

    site: Site
    url: str
    catalogue: Catalogue


async def page(
    request: web.Request, key: str, make: Callable[[Shop], Page], *, platform: Callable[[], Page] | None = None
) -> web.Response:
    """`key` names the page within its showroom; `make` is called when it is not kept; `platform` gives what the
    platform's own host has there. Raises NotFound when the host is nobody's, Closed when its showroom is,
    HTTPMovedPermanently when it has another host."""
    sites, pages = request.app[keys.SITES], request.app[keys.PAGES]
    site = await sites.find(request.host)
    if site is None:
        if platform is not None and sites.is_platform(request.host):
            return platform().response(request)
        raise NotFound("no showroom has this address")
    if not site.open:
        raise Closed("this showroom's site is switched off")
    if sites.leads_elsewhere(request.host, site):
        raise web.HTTPMovedPermanently(_url(request, site) + request.path_qs)
    version, url = sites.version(site.id), _url(request, site)
    # The address is part of the key: it may have changed after it was asked about and before the version was read.
    recipe = Recipe(
        (site.id, version, f"{url} {key}", takes_gzip(request)),
        lambda catalogue: make(Shop(site=site, url=url, catalogue=catalogue)),
    )
    found = pages.get(recipe.key)
    if found is None:
        found = pages.made(recipe, await sites.catalogue(site.id, version))
    # The host may have gone to another showroom after it was asked about and before the version was read.
    if await sites.find(request.host) == site:
        request[keys.RECIPE] = recipe
    return found.response(request)


def query(written: str) -> MultiDict[str]:
    """Of an address, what stands behind its question mark."""
    return MultiDict(parse_qsl(written, keep_blank_values=True))


async def shop_of(request: web.Request) -> Shop | None:
    """Open or not. None when the host is nobody's."""
    sites = request.app[keys.SITES]
    site = await sites.find(request.host)
    if site is None:
        return None
    catalogue = await sites.catalogue(site.id, sites.version(site.id))
    return Shop(site=site, url=_url(request, site), catalogue=catalogue)


async def kept_shop_of(request: web.Request) -> Shop | None:
    """The same from memory, without a word to the database; None also when nothing is known of it."""
    kept = await request.app[keys.SITES].kept(request.host)
    return None if kept is None else Shop(site=kept[0], url=_url(request, kept[0]), catalogue=kept[1])


def _url(request: web.Request, site: Site) -> str:
    return request.app[keys.CONFIG].app.site_url(site.slug, site.domain)

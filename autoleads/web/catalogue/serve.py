"""From a request to a page of the host's showroom: kept, or made from what is remembered of it."""

from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from autoleads.errors import NotFound
from autoleads.sql.catalogue import Catalogue, Site
from autoleads.web import keys
from autoleads.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """A showroom on the web. `url` is the address that visitors are to use, without a slash at the end."""

    site: Site
    url: str
    catalogue: Catalogue


async def page(request: web.Request, key: object, make: Callable[[Shop], Page]) -> web.Response:
    """`key` names the page within its showroom; `make` is called when it is not kept. Raises NotFound when the host
    is nobody's."""
    sites, pages = request.app[keys.SITES], request.app[keys.PAGES]
    site = await sites.find(request.host)
    if site is None:
        raise NotFound("no showroom has this address")
    url = request.app[keys.CONFIG].app.site_url(site.slug, site.domain)
    version = sites.version(site.id)
    found = pages.get((site.id, version, key))
    if found is None:
        shop = Shop(site=site, url=url, catalogue=await sites.catalogue(site.id, version))
        found = pages.made((site.id, version, key), lambda: make(shop))
    return found.response(request)

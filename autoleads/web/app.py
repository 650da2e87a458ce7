"""The web application: routes, templates, middlewares. Opens nothing, so a test can build it freely."""

import aiohttp_jinja2
import jinja2
from aiohttp import hdrs, web, web_urldispatcher

from autoleads import metrics
from autoleads.config import Config
from autoleads.web import api_cars, health, keys, middlewares, simulator, uploads, webhook
from autoleads.web.catalogue import branding, car, contact, crawlers, home, listing, privacy
from autoleads.web.direct import DIRECT_ANSWERS, Application, DirectAnswers
from autoleads.web.pages import Pages
from autoleads.web.safety import Safety
from autoleads.web.visitors import Addresses, limits

_continue = web_urldispatcher._default_expect_handler


async def _expected(request: web.Request) -> None:
    """What a visitor expects beyond a word before the body is left aside. The library would refuse it, and fail over
    bytes that are no text, before any of our middlewares."""
    if request.headers.get(hdrs.EXPECT, "").lower() == "100-continue":
        await _continue(request)


# The routes of what is not found take no handler of their own.
web_urldispatcher._default_expect_handler = _expected


def create_app(config: Config) -> web.Application:
    app = Application(middlewares=[middlewares.outer], client_max_size=config.app.max_body_size)
    app[keys.CONFIG] = config
    pages = app[keys.PAGES] = Pages(config.catalogue.page_cache_bytes)
    metrics.PAGE_BYTES.set_function(lambda: pages.bytes)
    app[keys.SAFETY] = Safety(config)
    app[DIRECT_ANSWERS] = DirectAnswers(app)
    app[keys.ADDRESSES] = Addresses(config.app.trusted_proxies)
    app[keys.LIMITS] = limits(config.rate_limit)
    loader = jinja2.PackageLoader("autoleads.web")
    aiohttp_jinja2.setup(app, loader=loader, autoescape=True, undefined=jinja2.StrictUndefined)
    webhook.add_routes(app)
    health.add_routes(app)
    uploads.add_routes(app)
    api_cars.add_routes(app)
    if config.app.simulator:
        simulator.add_routes(app)
    for part in (branding, crawlers, home, listing, contact, privacy, car):
        part.add_routes(app)
    return app

"""The web application: routes, templates, middlewares. Opens nothing, so a test can build it freely."""

import aiohttp_jinja2
import jinja2
from aiohttp import web

from autoleads.config import Config
from autoleads.web import api_cars, health, keys, middlewares, simulator, uploads, webhook
from autoleads.web.pages import Pages


def create_app(config: Config) -> web.Application:
    app = web.Application(middlewares=[middlewares.outer], client_max_size=config.app.max_body_size)
    app[keys.CONFIG] = config
    app[keys.PAGES] = Pages(config.catalogue.page_cache_bytes, config.catalogue.page_ttl_s)
    loader = jinja2.PackageLoader("autoleads.web")
    aiohttp_jinja2.setup(app, loader=loader, autoescape=True, undefined=jinja2.StrictUndefined)
    webhook.add_routes(app)
    health.add_routes(app)
    uploads.add_routes(app)
    api_cars.add_routes(app)
    if config.app.simulator:
        simulator.add_routes(app)
    return app

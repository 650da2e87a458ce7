"""GET /privasi: what a showroom keeps of those who write to it, as UU 27/2022 wants it told."""

from aiohttp import web

from autoleads.bot.turn import ERASED_WITHIN_H
from autoleads.web import keys
from autoleads.web.catalogue import render, seo, serve, wording
from autoleads.web.catalogue.serve import Shop
from autoleads.web.pages import Page

_DELETE = "Hapus data saya"


def add_routes(app: web.Application) -> None:
    app.add_routes([web.get("/privasi", privacy)])


async def privacy(request: web.Request) -> web.Response:
    days = request.app[keys.CONFIG].bot.inbox_keep_days
    return await serve.page(request, "privacy", lambda shop: _privacy(shop, days))


def _privacy(shop: Shop, days: int) -> Page:
    delete = wording.whatsapp(shop.catalogue.profile, _DELETE)
    return render.page(
        shop,
        "catalogue/privacy.html",
        seo.privacy(shop),
        style="plain",
        days=days,
        within=ERASED_WITHIN_H,
        delete=delete,
    )

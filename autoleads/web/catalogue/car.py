"""GET /{slug}: one car. And which ones a visitor looked at before."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache

from aiohttp import web
from markupsafe import Markup

from autoleads import credit
from autoleads.errors import NotFound
from autoleads.formats import day, rupiah, whatsapp_link
from autoleads.hours import local
from autoleads.sql.catalogue import Catalogue, Shown
from autoleads.types import BranchId, CarId, CarStatus
from autoleads.web.catalogue import cards, contact, filters, instalment, pictures, render, seo, serve, wording
from autoleads.web.catalogue.instalment import Asked
from autoleads.web.catalogue.serve import Shop
from autoleads.web.catalogue.similar import differences, similar
from autoleads.web.catalogue.wanted import Wanted
from autoleads.web.pages import Page

_SEEN = 4
_LONGEST_SLUG = 200
_NEWEST = 3
_TALK = "Chat via WhatsApp"
_ASK = {CarStatus.BOOKING: "Kabari saya kalau batal", CarStatus.SOLD: "Cari yang serupa"}


def add_routes(app: web.Application) -> None:
    """To be added last: every address of one word that is nothing else may be a car's."""
    app.add_routes([web.get("/dilihat", seen), web.get(r"/{slug:[a-z0-9-]+}", car)])


async def car(request: web.Request) -> web.Response:
    slug, (asked, key) = request.match_info["slug"], _asked(request.rel_url.raw_query_string)
    return await serve.page(request, f"car {slug} {key}", lambda shop: _car(shop, slug, asked))


@lru_cache(maxsize=1_000)
def _asked(query_string: str) -> tuple[Asked, str]:
    """With its part of the page's key, which is the same however the wish is written."""
    asked = instalment.read(serve.query(query_string))
    return asked, repr(asked)


async def seen(request: web.Request) -> web.Response:
    """Cards of those cars, for the script, which knows which ones the visitor looked at."""
    slugs = tuple(slug[:_LONGEST_SLUG] for slug in request.query.get("mobil", "").split(",")[:_SEEN])
    return await serve.page(request, f"seen {slugs!r}", lambda shop: _seen(shop, slugs))


def _car(shop: Shop, slug: str, asked: Asked) -> Page:
    catalogue = shop.catalogue
    by_slug = catalogue.kept("slugs", lambda: {one.slug: one for one in catalogue.cars})
    found = by_slug.get(slug)
    gone = slug in catalogue.gone if found is None else catalogue.is_gone(found, datetime.now(UTC))
    if found is not None and not gone:
        return _found(shop, found, asked)
    if gone:
        return _gone(shop)
    raise NotFound("no such car")


def _found(shop: Shop, car: Shown, asked: Asked) -> Page:
    catalogue, profile = shop.catalogue, shop.catalogue.profile
    title, sold = wording.title(car), car.status is CarStatus.SOLD
    slides, thumbs = pictures.gallery(car.photos, f"{title} {car.color}")
    texts = {
        **wording.facts(car),
        "since": day(local(car.created_at, profile.timezone)),
        "ask": _ASK.get(car.status, _TALK),
        "talk": wording.whatsapp(profile, _message(car)) or "",
        "tell": _tell(shop, car, title),
        "least": "",
    }
    markup = {
        "trail": catalogue.kept(("trail", car.brand, wording.common(car)), lambda: _trail(car)),
        "slides": slides,
        "thumbs": thumbs,
        "features": Markup("</li><li>").join(car.features),
        "place": catalogue.kept(("place", car.branch_id), lambda: _place(catalogue, car.branch_id)),
        "similar": _similar(catalogue, car),
        "plans": Markup(),
    }
    if not sold:
        terms = catalogue.kept("terms", lambda: credit.terms(profile.settings))
        offer = instalment.offer(terms, car, asked)
        texts |= instalment.texts(offer)
        markup |= instalment.markup(offer)
    main = render.filled("catalogue/car.html", texts, markup, sold=sold, booked=car.status is CarStatus.BOOKING)
    return render.framed(shop, main, seo.car(shop, car), style="car", here="unit", until=catalogue.gone_at(car))


def _gone(shop: Shop) -> Page:
    newest = filters.for_sale(shop.catalogue.cars)[:_NEWEST]
    return render.problem(
        shop,
        status=410,
        title="Mobil ini sudah terjual",
        text="Halamannya sudah kami tutup. Mungkin mobil lain di bawah ini cocok untuk Anda.",
        cards=cards.grid(shop.catalogue, newest),
    )


def _seen(shop: Shop, slugs: tuple[str, ...]) -> Page:
    known = {one.slug: one for one in filters.for_sale(shop.catalogue.cars)}
    found = [known[slug] for slug in dict.fromkeys(slugs) if slug in known]
    return Page(
        [cards.grid(shop.catalogue, found).encode()], "text/html; charset=utf-8", headers={"X-Robots-Tag": "noindex"}
    )


def _similar(catalogue: Catalogue, car: Shown) -> Markup:
    def find() -> tuple[list[Shown], Mapping[CarId, str]]:
        found = similar(catalogue, car)
        return found, differences(car, found)

    found, notes = catalogue.kept(("similar", car.id), find)
    return cards.grid(catalogue, found, notes=notes)


def _place(catalogue: Catalogue, branch: BranchId | None) -> Markup:
    return render.fragment("catalogue/stands.html", place=contact.place_of(catalogue, branch, datetime.now(UTC)))


def _message(car: Shown) -> str:
    """What the visitor would write about it."""
    if car.status is CarStatus.SOLD:
        return wording.similar(car)
    return wording.when_free(car) if car.status is CarStatus.BOOKING else wording.interest(car)


def _tell(shop: Shop, car: Shown, title: str) -> str:
    """A link that passes the car on to somebody whom the visitor chooses in WhatsApp."""
    return whatsapp_link("", f"{title} {rupiah(car.price_idr)} {shop.url}/{car.slug}")


def _trail(car: Shown) -> Markup:
    """List items that lead to where the car is listed."""
    brand, model = car.brand.lower(), wording.common(car)
    steps = (
        ("Mobil", "/mobil"),
        (car.brand, Wanted().having(brand=brand).address),
        (model, Wanted().having(brand=brand, model=model.lower()).address),
    )
    return Markup("").join(Markup('<li><a href="{}">{}</a></li>').format(address, name) for name, address in steps)

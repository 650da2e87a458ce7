"""GET /: the front of a showroom."""

from collections import Counter
from datetime import UTC, datetime
from functools import cache
from itertools import pairwise

from aiohttp import web
from markupsafe import Markup

from autoleads.formats import rupiah
from autoleads.sql.catalogue import Catalogue, Profile, Shown
from autoleads.web.catalogue import cards, contact, filters, pictures, render, seo, serve, wording
from autoleads.web.catalogue.serve import Shop
from autoleads.web.catalogue.wanted import Wanted
from autoleads.web.pages import Page

_FEATURED = 6
_BRANDS = 12
_BANDS = (100_000_000, 150_000_000, 200_000_000, 300_000_000, 500_000_000)

Link = tuple[str, str, int]  # what it says, where it leads, how many cars are there


def add_routes(app: web.Application) -> None:
    app.add_routes([web.get("/", home)])


async def home(request: web.Request) -> web.Response:
    return await serve.page(request, "home", _home, platform=_landing)


@cache
def _landing() -> Page:
    head = seo.Head(
        title="AutoLeads | Bot WhatsApp dan katalog untuk showroom mobil bekas",
        description="AutoLeads menjawab pelanggan showroom mobil bekas lewat WhatsApp dalam hitungan detik, dan "
        "memberi setiap showroom situs katalognya sendiri.",
        canonical="",
    )
    return render.platform_page("catalogue/landing.html", head)


def _home(shop: Shop) -> Page:
    catalogue = shop.catalogue
    places = contact.places(catalogue, datetime.now(UTC))
    return render.page(
        shop,
        "catalogue/home.html",
        catalogue.kept(("home head", shop.url), lambda: seo.home(shop)),
        style="browse",
        here="home",
        stock=catalogue.kept("home stock", lambda: _stock(catalogue)),
        places=places,
        until=contact.changes_at(places),
    )


def _stock(catalogue: Catalogue) -> Markup:
    """All but what changes by the clock."""
    cars = filters.for_sale(catalogue.cars)
    front = next((car for car in cars if car.photos), None)
    return render.fragment(
        "catalogue/home_stock.html",
        profile=catalogue.profile,
        total=len(cars),
        tagline=_tagline(catalogue.profile),
        front=front,
        front_title=wording.title(front) if front else "",
        front_photo=_front_photo(front) if front else None,
        featured=cards.grid(catalogue, [car for car in cars if car is not front][:_FEATURED]),
        brands=_brands(cars),
        bands=_bands(cars),
    )


def _front_photo(car: Shown) -> Markup:
    return pictures.markup(car.photos[0], pictures.FRONT, f"{wording.title(car)} {car.color}", first=True)


def _tagline(profile: Profile) -> str:
    own = profile.settings.get("tagline")
    if isinstance(own, str) and own.strip():
        return own.strip()
    return f"Mobil bekas pilihan di {profile.city}" if profile.city else "Mobil bekas pilihan"


def _brands(cars: list[Shown]) -> list[Link]:
    counts = Counter(car.brand for car in cars)
    return [
        (brand, Wanted().having(brand=brand.lower()).address, count) for brand, count in counts.most_common(_BRANDS)
    ]


def _bands(cars: list[Shown]) -> list[Link]:
    """None is empty; a car whose price is a bound is in both."""
    found = []
    for low, high in pairwise((None, *_BANDS, None)):
        count = sum((low or 0) <= car.price_idr <= (high or car.price_idr) for car in cars)
        wanted = Wanted().having(price_min=low, price_max=high)
        if count:
            found.append((_band(low, high), wanted.address, count))
    return found


def _band(low: int | None, high: int | None) -> str:
    if low is None:
        return f"Sampai {_millions(high)}"
    return f"Di atas {_millions(low)}" if high is None else f"{_millions(low)} – {_millions(high)}"


def _millions(amount: int | None) -> str:
    return f"{rupiah((amount or 0) // 1_000_000)} juta"

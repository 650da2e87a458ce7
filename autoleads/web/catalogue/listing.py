"""GET /mobil: the cars for sale, narrowed and sorted as the visitor likes. It never ends in nothing."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from aiohttp import web
from markupsafe import Markup

from autoleads.formats import rupiah
from autoleads.sql.catalogue import Shown
from autoleads.web.catalogue import cards, choices, filters, nearby, render, seo, serve, wanted, wording
from autoleads.web.catalogue.choices import Chip
from autoleads.web.catalogue.filters import Survey
from autoleads.web.catalogue.serve import Shop
from autoleads.web.catalogue.wanted import Sort, Wanted
from autoleads.web.pages import Page

_A_PAGE = 12
_NEAR = 6
_SORTED: dict[Sort, Callable[[Shown], Any]] = {
    Sort.CHEAPEST: lambda car: car.price_idr,
    Sort.DEAREST: lambda car: -car.price_idr,
    Sort.YOUNGEST: lambda car: -car.year,
    Sort.LEAST_KM: lambda car: car.km,
}
_SORT_NAMES = {
    Sort.NEWEST: "Terbaru",
    Sort.CHEAPEST: "Harga terendah",
    Sort.DEAREST: "Harga tertinggi",
    Sort.YOUNGEST: "Tahun terbaru",
    Sort.LEAST_KM: "Km terendah",
}
_UNREAD = {
    "tahun_dari": "Isi tahun dengan empat angka, misalnya 2018.",
    "tahun_sampai": "Isi tahun dengan empat angka, misalnya 2022.",
    "harga_dari": "Isi harga mulai Rp 10.000.000, misalnya 100 jt atau 100.000.000.",
    "harga_sampai": "Isi harga mulai Rp 10.000.000, misalnya 200 jt atau 200.000.000.",
    "km_sampai": "Isi kilometer dengan angka, misalnya 50.000 atau 50 rb.",
}


def add_routes(app: web.Application) -> None:
    app.add_routes([web.get("/mobil", listing)])


async def listing(request: web.Request) -> web.Response:
    asked, key = _asked(request.rel_url.raw_query_string)
    return await serve.page(request, key, lambda shop: _listing(shop, asked))


@lru_cache(maxsize=1_000)
def _asked(query_string: str) -> tuple[Wanted, str]:
    """With the key of its page, which is the same however the wish is written."""
    asked = wanted.read(serve.query(query_string))
    return asked, f"listing {asked!r}"


def _listing(shop: Shop, asked: Wanted) -> Page:
    catalogue = shop.catalogue
    survey = filters.survey(catalogue.cars, asked.filter)
    found = survey.found if asked.sort is Sort.NEWEST else sorted(survey.found, key=_SORTED[asked.sort])
    pages = max(1, -(-len(found) // _A_PAGE))
    number = min(asked.page, pages)
    shown = found[(number - 1) * _A_PAGE : number * _A_PAGE]
    chips = choices.chips(catalogue, survey, asked)
    head = seo.listing(
        shop,
        choices.spelled(catalogue, asked.filter),
        shown,
        total=len(found),
        page=number,
        size=_A_PAGE,
        usual_order=asked.sort is Sort.NEWEST,
    )
    return render.page(
        shop,
        "catalogue/listing.html",
        head,
        style="browse",
        here="mobil",
        title=_title(asked, chips),
        found=len(found),
        total=len(filters.for_sale(catalogue.cars)),
        cards=cards.grid(catalogue, shown, first=True),
        chips=chips,
        form=_form(shop, survey, asked),
        pages=_pages(asked, number, pages),
        nothing=None if found else _nothing(shop, survey, asked, chips),
    )


def _title(asked: Wanted, chips: list[Chip]) -> str:
    if not chips:
        return "Semua mobil"
    named = set(asked.active) <= {"brand", "model"}
    return " ".join(chip.label for chip in chips) if named else "Hasil pencarian"


def _form(shop: Shop, survey: Survey, asked: Wanted) -> Markup:
    def make() -> Markup:
        return render.fragment(
            "catalogue/listing_form.html",
            asked=asked,
            choices=choices.choices(shop.catalogue, survey, asked.filter),
            sorts=_SORT_NAMES,
            unread={name: _UNREAD[name] for name in asked.unread if name in _UNREAD},
        )

    plain = asked == Wanted(page=asked.page)  # as on most visits
    return shop.catalogue.kept("form", make) if plain else make()


def _pages(asked: Wanted, number: int, pages: int) -> list[tuple[str, str, str, bool]]:
    """What each link says, where it leads ("": a gap), how it is read out, and whether that is here."""
    if pages == 1:
        return []

    def address(page: int) -> str:
        return Wanted(filter=asked.filter, sort=asked.sort, page=page).address

    links: list[tuple[str, str, str, bool]] = []
    before = 0
    for one in sorted({1, pages, *range(max(1, number - 1), min(pages, number + 1) + 1)}):
        if one > before + 1:
            links.append(("…", "", "", False))
        links.append((str(one), address(one), f"Halaman {one}", one == number))
        before = one
    if number > 1:
        links.insert(0, ("Sebelumnya", address(number - 1), "Halaman sebelumnya", False))
    if number < pages:
        links.append(("Berikutnya", address(number + 1), "Halaman berikutnya", False))
    return links


def _nothing(shop: Shop, survey: Survey, asked: Wanted, chips: list[Chip]) -> dict[str, Any]:
    """The ways out of a list without cars."""
    catalogue = shop.catalogue
    near = [car for cars in survey.but_for.values() for car in cars][:_NEAR]
    wish = ", ".join(chip.label for chip in chips)
    return {
        "why": _contradiction(asked),
        "meant": _meant(shop, asked),
        "ways": [chip for chip in chips if chip.count],
        "near": cards.grid(catalogue, near) if near else Markup(),
        "talk": wording.whatsapp(catalogue.profile, wording.wish(catalogue.profile, wish)) if wish else None,
    }


def _contradiction(asked: Wanted) -> tuple[str, str] | None:
    """What cannot be, and the address where it is the other way round."""
    one = asked.filter
    if one.price_min and one.price_max and one.price_min > one.price_max:
        why = f"Harga terendah {rupiah(one.price_min)} lebih besar dari harga tertinggi {rupiah(one.price_max)}."
        return why, asked.having(price_min=one.price_max, price_max=one.price_min).address
    if one.year_min and one.year_max and one.year_min > one.year_max:
        why = f"Tahun awal {one.year_min} lebih baru dari tahun akhir {one.year_max}."
        return why, asked.having(year_min=one.year_max, year_max=one.year_min).address
    return None


def _meant(shop: Shop, asked: Wanted) -> tuple[str, str] | None:
    """A search that would find something, and its address."""
    if not asked.filter.search:
        return None
    cars = filters.for_sale(shop.catalogue.cars)
    text = nearby.meant(shop.catalogue, cars, asked.filter.search)
    if text is None:
        return None
    mended = asked.having(search=text)
    if not filters.matching(cars, mended.filter):
        mended = Wanted(filter=filters.Filter(search=text))
    return (text, mended.address) if filters.matching(cars, mended.filter) else None

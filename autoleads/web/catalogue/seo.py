"""What machines read of a page: search engines and previews of links."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup

from autoleads.formats import kilometers, rupiah
from autoleads.sql.catalogue import Shown
from autoleads.types import CarStatus
from autoleads.web.catalogue import filters, structured
from autoleads.web.catalogue.filters import Filter
from autoleads.web.catalogue.photos import picture
from autoleads.web.catalogue.serve import Shop
from autoleads.web.catalogue.wanted import Wanted

# What results of a search show of them, in characters.
_TITLE, _DESCRIPTION = 65, 160
_BRANDS_NAMED = 4
_NOTHING = Markup()
_STATES = {CarStatus.SOLD: "terjual", CarStatus.BOOKING: "sudah dipesan"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """`canonical` and `image` are whole addresses; `json_ld` is in the words of schema.org; `kind` is Open Graph's."""

    title: str
    description: str
    canonical: str
    image: str | None = None
    kind: str = "website"
    indexed: bool = True
    json_ld: Markup = _NOTHING


def home(shop: Shop) -> Head:
    profile, cars = shop.catalogue.profile, filters.for_sale(shop.catalogue.cars)
    image = next((link for one in cars if (link := _link_picture(shop, one))), None)
    return Head(
        title=_fitting(_TITLE, f"{profile.name} | Jual Mobil Bekas{_in_city(shop)}", f"{profile.name} | Mobil Bekas"),
        description=_home_description(shop, cars),
        canonical=f"{shop.url}/",
        image=image,
        json_ld=structured.json_ld(structured.dealer(shop, image), structured.website(shop)),
    )


def listing(
    shop: Shop,
    wanted: Filter,
    shown: Sequence[Shown],
    *,
    total: int,
    page: int = 1,
    size: int = 12,
    usual_order: bool = True,
) -> Head:
    """`shown` are the cars of this page, `size` how many fit on one; `usual_order` unless the visitor chose another.

    Only the whole list and that of a brand, each with its pages, stand for themselves; any other narrowing or order
    is a view of one of them.
    """
    name = shop.catalogue.profile.name
    what = _what(wanted)
    brand = shown[0].brand if wanted.brand and shown else None
    own = usual_order and wanted == Filter(brand=wanted.brand) and total > 0
    canonical = list_path(brand, page if own else 1)
    numbered = f" – Halaman {page}" if page > 1 else ""
    steps = [("Mobil", "/mobil"), *([(brand, list_path(brand))] if brand else [])]
    return Head(
        title=_fitting(
            _TITLE,
            *([] if total else [f"{what} Bekas Belum Ada | {name}"]),
            f"{what} Bekas{_in_city(shop)}, {total} Unit{numbered} | {name}",
            f"{what} Bekas, {total} Unit{numbered} | {name}",
            f"{what} Bekas{numbered} | {name}",
            f"{what} Bekas{numbered}",
        ),
        description=_list_description(shop, what, total, f" Halaman {page}." if page > 1 else ""),
        canonical=f"{shop.url}{canonical}",
        image=next((link for one in shown if (link := _link_picture(shop, one))), None),
        indexed=total > 0,
        json_ld=structured.json_ld(
            structured.breadcrumbs(shop.url, *steps),
            *([structured.car_list(shop, shown, total=total, first=(page - 1) * size + 1)] if shown else []),
        ),
    )


def car(shop: Shop, one: Shown) -> Head:
    name, state = _full_name(one), _STATES.get(one.status)
    price = f" ({state.capitalize()})" if state else f" – {rupiah(one.price_idr)}"
    description = _car_description(shop, one, name)
    return Head(
        title=_fitting(_TITLE, f"{name}{price} | {shop.catalogue.profile.name}", f"{name}{price}", name),
        description=description,
        canonical=f"{shop.url}/{one.slug}",
        image=_link_picture(shop, one),
        kind="product",
        json_ld=structured.car(shop, one, description, brand_list=list_path(one.brand)),
    )


def branches(shop: Shop) -> Head:
    profile, places = shop.catalogue.profile, shop.catalogue.places
    cities = list(dict.fromkeys(place.city or place.name for place in places)) or [profile.city]
    where = f" di {_enumerated(cities)}" if any(cities) else ""
    return Head(
        title=_fitting(_TITLE, f"Lokasi & Kontak{where} | {profile.name}", f"Lokasi & Kontak | {profile.name}"),
        description=_fitting(
            _DESCRIPTION,
            f"Alamat, jam buka, peta dan nomor WhatsApp {profile.name}{where}. Datang langsung atau janjian dulu untuk "
            "lihat unit dan test drive.",
            f"Alamat, jam buka, peta dan nomor WhatsApp {profile.name}.",
        ),
        canonical=f"{shop.url}/cabang",
        json_ld=structured.json_ld(
            structured.dealer(shop), structured.breadcrumbs(shop.url, ("Lokasi & Kontak", "/cabang"))
        ),
    )


def privacy(shop: Shop) -> Head:
    name = shop.catalogue.profile.name
    return Head(
        title=_fitting(_TITLE, f"Kebijakan Privasi | {name}"),
        description=_fitting(
            _DESCRIPTION,
            f"Data apa yang {name} simpan saat Anda menghubungi kami lewat WhatsApp, untuk apa dipakai, dan cara "
            "meminta datanya dihapus.",
            "Data apa yang kami simpan saat Anda menghubungi kami lewat WhatsApp, dan cara meminta datanya dihapus.",
        ),
        canonical=f"{shop.url}/privasi",
        json_ld=structured.json_ld(structured.breadcrumbs(shop.url, ("Kebijakan Privasi", "/privasi"))),
    )


@lru_cache(maxsize=1_000)  # every page of a car has its brand's
def list_path(brand: str | None = None, page: int = 1) -> str:
    """Of a list that engines may keep."""
    return Wanted(filter=Filter(brand=brand.lower() if brand else None), page=page).address


def _home_description(shop: Shop, cars: Sequence[Shown]) -> str:
    profile = shop.catalogue.profile
    if not cars:
        return _fitting(
            _DESCRIPTION,
            f"Jual beli mobil bekas{_in_city(shop)}. Hubungi {profile.name} lewat WhatsApp untuk stok terbaru.",
            f"Hubungi {profile.name} lewat WhatsApp untuk stok terbaru.",
        )
    many = f"{len(cars)} mobil bekas{_in_city(shop)}"
    least = rupiah(min(one.price_idr for one in cars))
    return _fitting(
        _DESCRIPTION,
        f"{many}: {_brands(cars)}, mulai {least}. Lihat foto, harga dan simulasi kredit, lalu tanya langsung lewat "
        "WhatsApp.",
        f"{many}, mulai {least}. Lihat foto dan harga, lalu tanya langsung lewat WhatsApp.",
    )


def _list_description(shop: Shop, what: str, total: int, numbered: str) -> str:
    name = shop.catalogue.profile.name
    if not total:
        return _fitting(_DESCRIPTION, f"{what} bekas belum ada di {name} saat ini. Lihat pilihan lain yang tersedia.")
    return _fitting(
        _DESCRIPTION,
        f"{total} {what.lower() if what == _ANY else what} bekas di {name}{_in_city(shop)}. Bandingkan harga, tahun, "
        f"kilometer dan foto, lalu tanya langsung lewat WhatsApp.{numbered}",
        f"{total} {what} bekas. Bandingkan harga, tahun, kilometer dan foto, lalu tanya lewat WhatsApp.{numbered}",
    )


def _car_description(shop: Shop, one: Shown, name: str) -> str:
    facts = f"{one.transmission.value}, {kilometers(one.km)}{f', {one.fuel}' if one.fuel else ''}"
    if one.status is CarStatus.SOLD:
        return _fitting(
            _DESCRIPTION,
            f"{name} ({facts}) sudah terjual di {shop.catalogue.profile.name}. Lihat mobil serupa yang masih tersedia.",
            f"{name} ({facts}) sudah terjual. Lihat mobil serupa yang masih tersedia.",
        )
    begin = f"{name}, {facts}, {rupiah(one.price_idr)}"
    where = f" di {shop.catalogue.profile.name}{_in_city(shop)}"
    extras = f" {', '.join(one.features[:3])}." if one.features else ""
    ask = " Tanya langsung lewat WhatsApp."
    return _fitting(
        _DESCRIPTION,
        f"{begin}{where}.{extras}{ask}",
        f"{begin}{where}.{extras}",
        f"{begin}{where}.{ask}",
        f"{begin}.{ask}",
    )


_ANY = "Mobil"


def _what(wanted: Filter) -> str:
    """`Toyota Avanza 2020 Matic`, `Mobil` when all are asked for."""
    year = wanted.year_min if wanted.year_min == wanted.year_max else None
    words = (wanted.brand, wanted.model, year, wanted.transmission, wanted.fuel)
    named = " ".join(str(word).strip() for word in words if word)
    if wanted.brand or wanted.model:
        return named[:1].upper() + named[1:]
    return f"{_ANY} {named}".strip()


def _full_name(one: Shown) -> str:
    """With the brand, which the public name leaves out."""
    known = one.public_name.lower().startswith(one.brand.lower())
    return one.public_name if known else f"{one.brand} {one.public_name}"


def _in_city(shop: Shop) -> str:
    """Not again when the showroom's name says it."""
    profile = shop.catalogue.profile
    return f" di {profile.city}" if profile.city and profile.city.lower() not in profile.name.lower() else ""


def _brands(cars: Iterable[Shown]) -> str:
    """The ones with most cars first."""
    many: dict[str, int] = {}
    for one in cars:
        many[one.brand] = many.get(one.brand, 0) + 1
    names = sorted(many, key=lambda brand: -many[brand])
    return _enumerated(names) if len(names) <= _BRANDS_NAMED else f"{', '.join(names[:_BRANDS_NAMED])} dan lainnya"


def _enumerated(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} dan {names[-1]}" if len(names) > 1 else names[0]


def _link_picture(shop: Shop, one: Shown) -> str | None:
    if not one.photos:
        return None
    first = picture(one.photos[0])
    return structured.absolute(shop, first.link or first.src)


def _fitting(most: int, *candidates: str) -> str:
    """The first that is short enough, else the last, cut at a word if there is one to cut at."""
    for text in candidates:
        if len(text) <= most:
            return text
    cut = candidates[-1][: most - 1]
    return f"{cut.rpartition(' ')[0] or cut}…"

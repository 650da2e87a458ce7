"""A showroom and its cars in the words of schema.org, for search engines. Every address is a whole one."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

import orjson
from markupsafe import Markup

from autoleads import hours
from autoleads.sql.catalogue import Place, Profile, Shown
from autoleads.types import CarStatus, Transmission
from autoleads.web.catalogue.serve import Shop
from autoleads.web.catalogue.stencil import GAP, Stencil, gap

Thing = dict[str, Any]

_CONTEXT = "https://schema.org"
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_AVAILABILITY = {
    CarStatus.AVAILABLE: "InStock",
    CarStatus.BOOKING: "LimitedAvailability",
    CarStatus.SOLD: "SoldOut",
}
_GEARS = {Transmission.MANUAL: "Manual", Transmission.MATIC: "Otomatis"}
_BARE_GAP = re.compile(r'"(\0(?:km|price|seller)\0)"')  # of what stands in JSON without quotes
# As the addresses of maps have it: ?q=-7.25,112.75 or /@-7.25,112.75,17z
_POSITION = re.compile(r"(?:[?&](?:q|ll|query|center|destination)=|/@|loc:)(-?\d{1,2}\.\d+),\s*(-?\d{1,3}\.\d+)")
# What would end the script element, or start a comment in it, looks the same to a reader of JSON.
_ESCAPES = ((b"<", b"\\u003c"), (b">", b"\\u003e"), (b"&", b"\\u0026"))


def json_ld(*things: Mapping[str, Any]) -> Markup:
    """Content of a script element."""
    return Markup(_json({"@context": _CONTEXT, "@graph": things}))


def dealer(shop: Shop, image: str | None = None) -> Thing:
    """The showroom with all its branches."""
    profile = shop.catalogue.profile
    logo = absolute(shop, profile.logo_url) if profile.logo_url else None
    return _filled(
        {
            **_dealer_briefly(shop),
            "logo": logo,
            "image": image or logo,
            "email": profile.email,
            "currenciesAccepted": "IDR",
            **_place(profile),
            "telephone": _telephone(profile.phone or profile.whatsapp),
            "department": [_branch(shop, place) for place in shop.catalogue.places],
        }
    )


def website(shop: Shop) -> Thing:
    return {
        "@type": "WebSite",
        "@id": f"{shop.url}/#website",
        "url": f"{shop.url}/",
        "name": shop.catalogue.profile.name,
        "inLanguage": "id-ID",
        "publisher": {"@id": _dealer_id(shop)},
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": f"{shop.url}/mobil?q={{search_term_string}}"},
            "query-input": "required name=search_term_string",
        },
    }


def car(shop: Shop, one: Shown, description: str, *, brand_list: str) -> Markup:
    """Content of a script element: the car, and the way to it. `brand_list` is the path of the list of its brand."""
    texts = {
        "url": shop.url,
        "slug": one.slug,
        "name": one.public_name,
        "sku": one.display_code,
        "description": description,
        "brand": one.brand,
        "brand_list": brand_list,
        "model": one.model,
        "year": str(one.year),
        "color": one.color,
        "fuel": one.fuel or "",
    }
    written = _written([*texts.values(), *(absolute(shop, photo) for photo in one.photos)])
    told = {
        **dict(zip(texts, written, strict=False)),
        "images": '","'.join(written[len(texts) :]),
        "km": str(one.km),
        "price": str(one.price_idr),
        "seller": _seller(shop),
    }
    stencil = _car_stencil(tuple(told), tuple(map(bool, told.values())), one.transmission, one.status)
    return Markup(stencil.filled(list(told.values())))


@lru_cache(maxsize=1_000)
def _car_stencil(names: tuple[str, ...], there: tuple[bool, ...], gears: Transmission, status: CarStatus) -> Stencil:
    """For all cars of which the same is known."""
    gaps = {name: gap(name) if is_there else "" for name, is_there in zip(names, there, strict=True)}
    steps = (("Mobil", "/mobil"), (gaps["brand"], gaps["brand_list"]), (gaps["name"], f"/{gaps['slug']}"))
    written = json_ld(_car(gaps, gears, status), breadcrumbs(gaps["url"], *steps))
    return Stencil(_BARE_GAP.sub(r"\1", str(written).replace("\\u0000", GAP)), names)


def _car(told: Mapping[str, str], gears: Transmission, status: CarStatus) -> Thing:
    url = f"{told['url']}/{told['slug']}"
    return _filled(
        {
            "@type": ["Car", "Product"],
            "@id": f"{url}#car",
            "url": url,
            "name": told["name"],
            "sku": told["sku"],
            "description": told["description"],
            "image": [told["images"]] if told["images"] else [],
            "brand": {"@type": "Brand", "name": told["brand"]},
            "model": told["model"],
            "vehicleModelDate": told["year"],
            "color": told["color"],
            "mileageFromOdometer": {"@type": "QuantitativeValue", "value": told["km"], "unitCode": "KMT"},
            "vehicleTransmission": _GEARS[gears],
            "fuelType": told["fuel"],
            "itemCondition": f"{_CONTEXT}/UsedCondition",
            "offers": {
                "@type": "Offer",
                "url": url,
                "priceCurrency": "IDR",
                "price": told["price"],
                "availability": f"{_CONTEXT}/{_AVAILABILITY[status]}",
                "itemCondition": f"{_CONTEXT}/UsedCondition",
                "seller": told["seller"],
            },
        }
    )


def _seller(shop: Shop) -> str:
    return shop.catalogue.kept(("seller", shop.url), lambda: _json(_dealer_briefly(shop)))


def breadcrumbs(url: str, *steps: tuple[str, str]) -> Thing:
    """After the home page, which is at `url`; each step is a name and a path."""
    trail = [("Beranda", "/"), *steps]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": f"{url}{path}"}
            for position, (name, path) in enumerate(trail, 1)
        ],
    }


def car_list(shop: Shop, cars: Iterable[Shown], *, total: int, first: int = 1) -> Thing:
    """`first`: place of the first one shown among all."""
    return {
        "@type": "ItemList",
        "numberOfItems": total,
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": one.public_name, "url": f"{shop.url}/{one.slug}"}
            for position, one in enumerate(cars, first)
        ],
    }


def absolute(shop: Shop, address: str) -> str:
    """Photos and logos may lie elsewhere."""
    return f"{shop.url}{address}" if address.startswith("/") else address


def _dealer_id(shop: Shop) -> str:
    return f"{shop.url}/#dealer"


def _dealer_briefly(shop: Shop) -> Thing:
    profile = shop.catalogue.profile
    return {
        "@type": "AutoDealer",
        "@id": _dealer_id(shop),
        "name": profile.name,
        "url": f"{shop.url}/",
        "address": _address(profile),
    }


def _branch(shop: Shop, place: Place) -> Thing:
    name = f"{shop.catalogue.profile.name} {place.name}"
    return _filled({"@type": "AutoDealer", "name": name, "url": f"{shop.url}/cabang", **_place(place)})


def _place(place: Profile | Place) -> Thing:
    return {
        "telephone": _telephone(place.phone),
        "address": _address(place),
        "geo": _position(place.maps_url),
        "hasMap": place.maps_url if place.maps_url.startswith(("https://", "http://")) else None,
        "openingHoursSpecification": _opening(place.business_hours),
    }


def _address(place: Profile | Place) -> Thing:
    known = {"streetAddress": place.address, "addressLocality": place.city, "addressCountry": "ID"}
    return {"@type": "PostalAddress", **_filled(known)}


def _telephone(digits: str) -> str:
    return f"+{digits}" if digits else ""


def _position(maps_url: str) -> Thing | None:
    found = _POSITION.search(unquote(maps_url))
    if found is None:
        return None
    return {"@type": "GeoCoordinates", "latitude": float(found[1]), "longitude": float(found[2])}


def _opening(week: Mapping[str, str]) -> list[Thing]:
    """Days with the same hours share an entry; those without are closed."""
    shared: dict[tuple[str, str], list[str]] = {}
    for number, day in enumerate(_DAYS):
        span = hours.span(week, number)
        if span is not None:
            shared.setdefault((f"{span.opens:%H:%M}", f"{span.closes:%H:%M}"), []).append(f"{_CONTEXT}/{day}")
    return [
        {"@type": "OpeningHoursSpecification", "dayOfWeek": days, "opens": opens, "closes": closes}
        for (opens, closes), days in shared.items()
    ]


def _written(texts: Sequence[str]) -> list[str]:
    """As they stand between the quotes of a JSON text. All at once: indented, each is a line of its own."""
    return [line[3:-2] for line in _json([*texts, ""], orjson.OPT_INDENT_2).split("\n")[1:-2]]


def _json(value: object, option: int = 0) -> str:
    data = orjson.dumps(value, option=option)
    for raw, escaped in _ESCAPES:
        data = data.replace(raw, escaped)
    return data.decode()


def _filled(thing: Mapping[str, Any]) -> Thing:
    return {name: value for name, value in thing.items() if value not in (None, "", [])}

"""A showroom and its cars in the words of schema.org, for search engines. Every address is a whole one."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import unquote

import orjson
from markupsafe import Markup

from autoleads import hours
from autoleads.sql.catalogue import Place, Profile, Shown
from autoleads.types import CarStatus, Transmission
from autoleads.web.catalogue.serve import Shop

Thing = dict[str, Any]

_CONTEXT = "https://schema.org"
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_AVAILABILITY = {
    CarStatus.AVAILABLE: "InStock",
    CarStatus.BOOKING: "LimitedAvailability",
    CarStatus.SOLD: "SoldOut",
}
_GEARS = {Transmission.MANUAL: "Manual", Transmission.MATIC: "Otomatis"}
# As the addresses of maps have it: ?q=-7.25,112.75 or /@-7.25,112.75,17z
_POSITION = re.compile(r"(?:[?&](?:q|ll|query|center|destination)=|/@|loc:)(-?\d{1,2}\.\d+),\s*(-?\d{1,3}\.\d+)")
# What would end the script element, or start a comment in it, looks the same to a reader of JSON.
_ESCAPES = ((b"<", b"\\u003c"), (b">", b"\\u003e"), (b"&", b"\\u0026"))


def json_ld(things: Sequence[Mapping[str, Any]]) -> Markup:
    """Content of a script element."""
    data = orjson.dumps({"@context": _CONTEXT, "@graph": things})
    for raw, escaped in _ESCAPES:
        data = data.replace(raw, escaped)
    return Markup(data.decode())


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


def car(shop: Shop, one: Shown, description: str) -> Thing:
    url = f"{shop.url}/{one.slug}"
    return _filled(
        {
            "@type": ["Car", "Product"],
            "@id": f"{url}#car",
            "url": url,
            "name": one.public_name,
            "sku": one.display_code,
            "description": description,
            "image": [absolute(shop, photo) for photo in one.photos],
            "brand": {"@type": "Brand", "name": one.brand},
            "model": one.model,
            "vehicleModelDate": str(one.year),
            "color": one.color,
            "mileageFromOdometer": {"@type": "QuantitativeValue", "value": one.km, "unitCode": "KMT"},
            "vehicleTransmission": _GEARS[one.transmission],
            "fuelType": one.fuel,
            "itemCondition": f"{_CONTEXT}/UsedCondition",
            "offers": {
                "@type": "Offer",
                "url": url,
                "priceCurrency": "IDR",
                "price": one.price_idr,
                "availability": f"{_CONTEXT}/{_AVAILABILITY[one.status]}",
                "itemCondition": f"{_CONTEXT}/UsedCondition",
                "seller": _dealer_briefly(shop),
            },
        }
    )


def breadcrumbs(shop: Shop, *steps: tuple[str, str]) -> Thing:
    """After the home page; each step is a name and a path."""
    trail = [("Beranda", "/"), *steps]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": f"{shop.url}{path}"}
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


def _filled(thing: Mapping[str, Any]) -> Thing:
    return {name: value for name, value in thing.items() if value not in (None, "", [])}

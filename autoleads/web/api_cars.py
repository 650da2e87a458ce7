"""GET /api/cars and /api/cars/{slug}: what a showroom has for sale. The host names the showroom."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from functools import lru_cache
from typing import Any

import orjson
from aiohttp import web

from autoleads.errors import InvalidField, NotFound
from autoleads.formats import whatsapp_link
from autoleads.sql.catalogue import Shown
from autoleads.types import Transmission
from autoleads.web import safety
from autoleads.web.catalogue import filters, serve, wording
from autoleads.web.catalogue.filters import Filter
from autoleads.web.catalogue.serve import Shop
from autoleads.web.pages import Page

_LIMIT, _MOST, _LAST_PAGE = 12, 100, 10_000
_DEAREST = 10**12
_LONGEST = 100  # characters of a search or a name
_PREFILLED = "Halo, saya tertarik dengan {title} kode {code}"


@dataclass(frozen=True, slots=True)
class _Asked:
    """`key` names the answer's page: the same however the question is written."""

    filter: Filter
    page: int
    limit: int
    key: str


def add_routes(app: web.Application) -> None:
    app.add_routes(
        [
            web.get("/api/cars", cars),
            web.options("/api/cars", safety.preflight),
            web.get("/api/cars/{slug}", car),
            web.options("/api/cars/{slug}", safety.preflight),
        ]
    )


async def cars(request: web.Request) -> web.Response:
    asked = _asked(request.rel_url.raw_query_string)
    return await serve.page(request, asked.key, lambda shop: _list(shop, asked))


@lru_cache(maxsize=1_000)
def _asked(query_string: str) -> _Asked:
    """Raises InvalidField."""
    asked = serve.query(query_string)
    for name in asked:
        if len(asked.getall(name)) > 1:
            raise InvalidField(name[:_LONGEST], "must be given only once")
    year = _whole(asked, "year", 0, 9_999)
    low, high = _whole(asked, "minPrice", 0, _DEAREST), _whole(asked, "maxPrice", 0, _DEAREST)
    if low is not None and high is not None and low > high:
        raise InvalidField("minPrice", "must not be above maxPrice")
    wanted = Filter(
        search=_text(asked, "search"),
        brand=_text(asked, "brand"),
        year_min=year,
        year_max=year,
        price_min=low,
        price_max=high,
        transmission=_transmission(asked),
    )
    number, limit = _whole(asked, "page", 1, _LAST_PAGE) or 1, _whole(asked, "limit", 1, _MOST) or _LIMIT
    return _Asked(wanted, number, limit, key=f"api cars {wanted!r} {number} {limit}")


async def car(request: web.Request) -> web.Response:
    slug = request.match_info["slug"]
    return await serve.page(request, f"api car {slug}", lambda shop: _one(shop, slug))


def _list(shop: Shop, asked: _Asked) -> Page:
    number, limit = asked.page, asked.limit
    found = filters.matching(shop.catalogue.cars, asked.filter)
    pagination = {"page": number, "limit": limit, "total": len(found), "totalPages": -(-len(found) // limit)}
    shown = [_brief(one) for one in found[(number - 1) * limit : number * limit]]
    headers = {"X-Total-Count": str(len(found)), "X-Page": str(number)}
    return _page({"cars": shown, "pagination": pagination}, headers)


def _one(shop: Shop, slug: str) -> Page:
    found = next((one for one in filters.for_sale(shop.catalogue.cars) if one.slug == slug), None)
    if found is None:
        raise NotFound("no such car")
    return _page(_whole_car(found, shop.catalogue.profile.whatsapp), {})


def _page(data: Any, headers: dict[str, str]) -> Page:
    return Page([orjson.dumps({"success": True, "data": data})], "application/json", headers=headers)


def _brief(one: Shown) -> dict[str, Any]:
    return {
        "id": one.id,
        "displayCode": one.display_code,
        "publicName": one.public_name,
        "brand": one.brand,
        "model": one.model,
        "year": one.year,
        "color": one.color,
        "transmission": one.transmission,
        "km": one.km,
        "price": one.price_idr,
        "keyFeatures": one.features,
        "photos": one.photos,
        "slug": one.slug,
    }


def _whole_car(one: Shown, whatsapp: str) -> dict[str, Any]:
    text = _PREFILLED.format(title=wording.title(one), code=one.display_code)
    return {
        **_brief(one),
        "fuelType": one.fuel,
        "conditionNotes": one.condition_notes,
        "whatsappLink": whatsapp_link(whatsapp, text) if whatsapp else None,
        "createdAt": one.created_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def _text(asked: Mapping[str, str], name: str) -> str | None:
    text = " ".join(asked.get(name, "").lower().split())
    if len(text) > _LONGEST:
        raise InvalidField(name, f"must have at most {_LONGEST} characters")
    return text or None


def _whole(asked: Mapping[str, str], name: str, low: int, high: int) -> int | None:
    written = asked.get(name)
    if not written:
        return None
    if not (written.isascii() and written.isdecimal() and len(written) < 19 and low <= int(written) <= high):
        raise InvalidField(name, f"must be a whole number from {low} to {high}")
    return int(written)


def _transmission(asked: Mapping[str, str]) -> Transmission | None:
    written = asked.get("transmission")
    if not written:
        return None
    by_name = {one.value.lower(): one for one in Transmission}
    if written.lower() not in by_name:
        raise InvalidField("transmission", f"must be one of {', '.join(one.value for one in Transmission)}")
    return by_name[written.lower()]

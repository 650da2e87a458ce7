"""GET /api/cars and /api/cars/{slug}: what a showroom has for sale. The host names the showroom."""

from datetime import UTC
from typing import Any
from urllib.parse import quote, urlsplit

from aiohttp import web
from cachetools import TTLCache

from autoleads.config import Config
from autoleads.errors import InvalidField, NotFound
from autoleads.sql import catalogue, devices, tenants
from autoleads.sql.catalogue import Filter, Shown
from autoleads.types import TenantId, Transmission
from autoleads.web import keys, respond

_DEVELOPMENT = "localhost"
_LIMIT, _MOST, _LAST_PAGE = 12, 100, 10_000
_PREFILLED = "Halo, saya tertarik dengan {brand} {name} {year} kode {code}"
SHOWROOMS = web.AppKey("api_showrooms", TTLCache[str, TenantId])


def add_routes(app: web.Application) -> None:
    app[SHOWROOMS] = TTLCache(maxsize=10_000, ttl=30)
    app.add_routes([web.get("/api/cars", cars), web.get(r"/api/cars/{slug:[a-z0-9-]+}", car)])


async def cars(request: web.Request) -> web.Response:
    tenant_id = await _showroom(request)
    number, limit = _whole(request, "page", 1, _LAST_PAGE) or 1, _whole(request, "limit", 1, _MOST) or _LIMIT
    wanted = Filter(
        search=request.query.get("search"),
        brand=request.query.get("brand") or None,
        year=_whole(request, "year", 0, 9_999),
        price_min=_whole(request, "minPrice", 0, 10**12),
        price_max=_whole(request, "maxPrice", 0, 10**12),
        transmission=_transmission(request),
    )
    async with request.app[keys.DATABASE].tenant(tenant_id) as db:
        found, total = await catalogue.page(db, tenant_id, wanted, limit=limit, offset=(number - 1) * limit)
    pagination = {"page": number, "limit": limit, "total": total, "totalPages": -(-total // limit)}
    return respond.json({"cars": [_brief(one) for one in found], "pagination": pagination})


async def car(request: web.Request) -> web.Response:
    tenant_id = await _showroom(request)
    async with request.app[keys.DATABASE].tenant(tenant_id) as db:
        found = await catalogue.by_slug(db, tenant_id, request.match_info["slug"])
        if found is None:
            raise NotFound("no such car")
        numbers = await devices.tokens(db, tenant_id)
    return respond.json(_whole_car(found, numbers[0][0] if numbers else ""))


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
    text = _PREFILLED.format(brand=one.brand, name=_common(one), year=one.year, code=one.display_code)
    return {
        **_brief(one),
        "fuelType": one.fuel,
        "conditionNotes": one.condition_notes,
        "whatsappLink": f"https://wa.me/{whatsapp}?text={quote(text, safe='')}" if whatsapp else None,
        "createdAt": one.created_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def _common(one: Shown) -> str:
    """`Avanza` of `Avanza 2020 Hitam #A01`."""
    return one.public_name.partition(f" {one.year}")[0]


async def _showroom(request: web.Request) -> TenantId:
    slug = _slug(request.app[keys.CONFIG], request.host)
    known = request.app[SHOWROOMS]
    if slug not in known:
        known[slug] = await tenants.need_id_all_tenants(request.app[keys.DATABASE], slug)
    return known[slug]


def _slug(config: Config, host: str) -> str:
    """Of `{slug}.platform` and `{slug}.localhost`. Raises NotFound for any other host."""
    slug, _, platform = host.partition(":")[0].lower().rstrip(".").partition(".")
    if slug and platform in (_DEVELOPMENT, urlsplit(config.app.url).hostname):
        return slug
    raise NotFound("no showroom has this address")


def _whole(request: web.Request, name: str, low: int, high: int) -> int | None:
    written = request.query.get(name)
    if not written:
        return None
    if not (written.isascii() and written.isdecimal() and len(written) < 19 and low <= int(written) <= high):
        raise InvalidField(name, f"must be a whole number from {low} to {high}")
    return int(written)


def _transmission(request: web.Request) -> str | None:
    written = request.query.get("transmission")
    if not written:
        return None
    by_name = {one.value.lower(): one.value for one in Transmission}
    if written.lower() not in by_name:
        raise InvalidField("transmission", f"must be one of {', '.join(by_name.values())}")
    return by_name[written.lower()]

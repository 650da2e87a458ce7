"""GET /cabang: where a showroom is, when it is open, and how it is reached."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from aiohttp import web

from autoleads import hours
from autoleads.sql.catalogue import Catalogue, Place, Profile
from autoleads.types import BranchId
from autoleads.web.catalogue import render, seo, serve
from autoleads.web.catalogue.serve import Shop
from autoleads.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """`id` None for the showroom itself. `week` are lines such as `Senin-Sabtu 09.00-18.00`; `state` says whether it
    is open, as of the moment it was asked for, or ""; after `until` that may be wrong."""

    id: BranchId | None
    name: str
    address: str
    phone: str
    maps_url: str
    week: list[str]
    open: bool
    state: str
    until: datetime


def add_routes(app: web.Application) -> None:
    app.add_routes([web.get("/cabang", branches)])


async def branches(request: web.Request) -> web.Response:
    return await serve.page(request, "branches", _branches)


def places(catalogue: Catalogue, now: datetime) -> list[Location]:
    """Its branches; a showroom without any is one itself."""
    profile = catalogue.profile
    local = hours.local(now, profile.timezone)
    if not catalogue.places:
        return [_location(profile, None, profile, local)]
    return [_location(place, place.id, profile, local) for place in catalogue.places]


def changes_at(places: Iterable[Location]) -> datetime:
    return min(place.until for place in places)


def place_of(catalogue: Catalogue, branch: BranchId | None, now: datetime) -> Location:
    """Where a car of that branch stands; one of none stands where the showroom is."""
    found = places(catalogue, now)
    own = _location(catalogue.profile, None, catalogue.profile, hours.local(now, catalogue.profile.timezone))
    return next((place for place in found if place.id == branch), own)


def _branches(shop: Shop) -> Page:
    found = places(shop.catalogue, datetime.now(UTC))
    zone = hours.zone_name(shop.catalogue.profile.timezone)
    return render.page(
        shop,
        "catalogue/contact.html",
        seo.branches(shop),
        style="plain",
        here="cabang",
        places=found,
        zone=zone,
        until=changes_at(found),
    )


def _location(place: Place | Profile, id: BranchId | None, profile: Profile, now: datetime) -> Location:
    open_hours = place.business_hours or profile.business_hours
    is_open, state = _state(open_hours, now)
    return Location(
        id=id,
        name=place.name,
        address=place.address or place.city,
        phone=place.phone or profile.phone,
        maps_url=place.maps_url,
        week=_week(tuple(open_hours.items())),
        open=is_open,
        state=state,
        until=hours.next_change(open_hours, now),
    )


@lru_cache(maxsize=2_000)
def _week(open_hours: tuple[tuple[str, str], ...]) -> list[str]:
    return hours.week(dict(open_hours))


def _state(open_hours: hours.Hours, now: datetime) -> tuple[bool, str]:
    state = hours.state(open_hours, now)
    if state is None:
        return False, ""
    if state.open:
        return True, f"Buka sekarang, sampai {state.closes:%H.%M}"
    if state.opens is None:
        return False, "Tutup"
    return False, f"Tutup, buka {hours.day_said(state.opens.date(), now)} {state.opens:%H.%M}"

"""What machines read of the pages: titles of a sensible length, addresses of the visitor's host, facts of the row."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import orjson
import pytest

from autoleads.config import Config
from autoleads.sql import branches, cars, tenants
from autoleads.sql.catalogue import Shown, Site
from autoleads.sql.pool import Database
from autoleads.types import CarStatus, TenantId, Transmission
from autoleads.web.catalogue import seo
from autoleads.web.catalogue.filters import Filter
from autoleads.web.catalogue.serve import Shop
from autoleads.web.sites import Sites
from tests import make

URL = "https://mobil.example"
PHOTO = "/uploads/cars/1/abc-1600x1200.jpg"


async def shop_of(database: Database, config: Config, tenant_id: TenantId) -> Shop:
    sites = Sites(database, config)
    site = Site(id=tenant_id, slug="jaya", status="active", domain=None)
    return Shop(site=site, url=URL, catalogue=await sites.catalogue(tenant_id, sites.version(tenant_id)))


@pytest.fixture
async def shop(database: Database, config: Config) -> Shop:
    tenant_id = await make.sample(database)
    async with database.tenant(tenant_id) as db:
        await tenants.set_fields(
            db,
            tenant_id,
            city="Surabaya",
            email="halo@jaya.example",
            maps_url="https://maps.google.com/?q=-7.25,112.75",
        )
        await branches.add(db, tenant_id, name="Malang", city="Malang", address="Jl. Ijen 1", phone="62341555666")
        await db.execute(
            "UPDATE car SET photos = ARRAY[$2] WHERE display_code = '#A01' AND tenant_id = $1", tenant_id, PHOTO
        )
    return await shop_of(database, config, tenant_id)


def by_type(head: seo.Head) -> dict[str, Mapping[str, Any]]:
    found = {}
    for thing in orjson.loads(str(head.json_ld))["@graph"]:
        kind = thing["@type"]
        found[kind if isinstance(kind, str) else kind[0]] = thing
    return found


def one_of(shop: Shop, code: str) -> Shown:
    return next(car for car in shop.catalogue.cars if car.display_code == code)


def heads(shop: Shop) -> Sequence[seo.Head]:
    shown = shop.catalogue.cars
    return (
        seo.home(shop),
        seo.listing(shop, Filter(), shown, total=30, page=2),
        seo.listing(shop, Filter(brand="toyota", model="Avanza 1.3 G", year_min=2020, year_max=2020), shown, total=3),
        seo.listing(shop, Filter(search="x" * 200), (), total=0),
        *(seo.car(shop, one) for one in shown),
        seo.branches(shop),
        seo.privacy(shop),
    )


async def test_every_page_has_a_title_and_a_description_that_results_show_whole(shop: Shop) -> None:
    seen = heads(shop)

    assert len({head.title for head in seen}) == len(seen)
    for head in seen:
        assert 15 <= len(head.title) <= 65, head.title
        assert 50 <= len(head.description) <= 160, head.description
        assert "  " not in head.title + head.description
        assert not re.search(r"\bNone\b", head.title + head.description)


@pytest.mark.parametrize(
    ("name", "title"), [("x" * 200, f"{'x' * 64}…"), (f"Avanza {'x' * 200}", "Avanza…")], ids=["one word", "two words"]
)
async def test_a_name_too_long_is_cut_at_a_word_if_it_has_two(shop: Shop, name: str, title: str) -> None:
    one = replace(shop.catalogue.cars[0], brand=name, public_name=name)

    assert seo.car(shop, one).title == title


async def test_every_address_is_a_whole_one_of_the_visitors_host(shop: Shop) -> None:
    for head in heads(shop):
        assert head.canonical.startswith(f"{URL}/")
        assert head.image in (None, f"{URL}/uploads/cars/1/abc-1600x1200-link.jpg")
        for address in re.findall(r'"(?:@id|url|item|image|urlTemplate)":"([^"]*)"', str(head.json_ld)):
            assert address.startswith(f"{URL}/"), address
    assert seo.home(shop).image


async def test_the_showroom_as_a_dealer(shop: Shop) -> None:
    seen = by_type(seo.home(shop))

    dealer = seen["AutoDealer"]
    assert dealer["name"] == "Showroom Mobil Surabaya"
    assert dealer["telephone"] == "+6231234567"
    assert dealer["address"] == {
        "@type": "PostalAddress",
        "streetAddress": "Jl. Raya Darmo No. 123, Surabaya",
        "addressLocality": "Surabaya",
        "addressCountry": "ID",
    }
    assert dealer["geo"] == {"@type": "GeoCoordinates", "latitude": -7.25, "longitude": 112.75}
    assert dealer["openingHoursSpecification"] == [
        {
            "@type": "OpeningHoursSpecification",
            "dayOfWeek": [
                f"https://schema.org/{day}"
                for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
            ],
            "opens": "09:00",
            "closes": "18:00",
        }
    ]
    assert [(one["@type"], one["name"], one["telephone"]) for one in dealer["department"]] == [
        ("AutoDealer", "Showroom Mobil Surabaya Malang", "+62341555666")
    ]
    assert seen["WebSite"]["potentialAction"]["target"]["urlTemplate"] == f"{URL}/mobil?q={{search_term_string}}"


@pytest.mark.parametrize(
    ("status", "availability"),
    [
        (CarStatus.AVAILABLE, "InStock"),
        (CarStatus.BOOKING, "LimitedAvailability"),
        (CarStatus.SOLD, "SoldOut"),
    ],
)
async def test_a_car_as_a_product_with_its_offer(
    database: Database, config: Config, shop: Shop, status: CarStatus, availability: str
) -> None:
    tenant_id = shop.site.id
    async with database.tenant(tenant_id) as db:
        await cars.set_status(db, tenant_id, one_of(shop, "#A01").id, status)
    shop = await shop_of(database, config, tenant_id)

    seen = by_type(seo.car(shop, one_of(shop, "#A01")))

    car = dict(seen["Car"])
    offer = dict(car.pop("offers"))
    assert car.pop("description")
    assert car == {
        "@type": ["Car", "Product"],
        "@id": f"{URL}/avanza-2020-hitam-a01#car",
        "url": f"{URL}/avanza-2020-hitam-a01",
        "name": "Avanza 2020 Hitam #A01",
        "sku": "#A01",
        "image": [f"{URL}{PHOTO}"],
        "brand": {"@type": "Brand", "name": "Toyota"},
        "model": "Avanza 1.3 G",
        "vehicleModelDate": "2020",
        "color": "Hitam Metalik",
        "mileageFromOdometer": {"@type": "QuantitativeValue", "value": 45_000, "unitCode": "KMT"},
        "vehicleTransmission": "Manual",
        "fuelType": "Bensin",
        "itemCondition": "https://schema.org/UsedCondition",
    }
    assert offer.pop("seller")["@type"] == "AutoDealer"
    assert offer == {
        "@type": "Offer",
        "url": f"{URL}/avanza-2020-hitam-a01",
        "priceCurrency": "IDR",
        "price": 185_000_000,
        "availability": f"https://schema.org/{availability}",
        "itemCondition": "https://schema.org/UsedCondition",
    }
    assert [step["item"] for step in seen["BreadcrumbList"]["itemListElement"]] == [
        f"{URL}/", f"{URL}/mobil", f"{URL}/mobil?merek=toyota", f"{URL}/avanza-2020-hitam-a01",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("wanted", "page", "usual_order", "canonical"),
    [
        (Filter(), 1, True, "/mobil"),
        (Filter(), 3, True, "/mobil?hal=3"),
        (Filter(), 3, False, "/mobil"),
        (Filter(brand="toyota"), 1, True, "/mobil?merek=toyota"),
        (Filter(brand="TOYOTA"), 2, True, "/mobil?merek=toyota&hal=2"),
        (Filter(brand="toyota"), 2, False, "/mobil?merek=toyota"),
        (Filter(brand="toyota", year_min=2019), 2, True, "/mobil?merek=toyota"),
        (Filter(transmission=Transmission.MATIC), 2, True, "/mobil"),
        (Filter(search="avanza"), 1, True, "/mobil"),
    ],
)
async def test_views_of_a_list_point_to_the_list(
    shop: Shop, wanted: Filter, page: int, usual_order: bool, canonical: str
) -> None:
    head = seo.listing(shop, wanted, shop.catalogue.cars, total=30, page=page, usual_order=usual_order)

    assert head.canonical == URL + canonical
    assert head.indexed


async def test_a_list_without_cars_is_kept_out(shop: Shop) -> None:
    head = seo.listing(shop, Filter(brand="ferrari"), (), total=0)

    assert (head.canonical, head.indexed, head.image) == (f"{URL}/mobil", False, None)


async def test_a_list_names_its_cars_with_their_place(shop: Shop) -> None:
    head = seo.listing(shop, Filter(), shop.catalogue.cars, total=15, page=2)

    listed = by_type(head)["ItemList"]
    assert listed["numberOfItems"] == 15
    assert [(entry["position"], entry["url"]) for entry in listed["itemListElement"]] == [
        (13 + index, f"{URL}/{one.slug}") for index, one in enumerate(shop.catalogue.cars)
    ]


async def test_nothing_written_by_people_ends_the_script(database: Database, config: Config) -> None:
    evil = "</script><script>alert(1)</script><!-- & \u2028"
    tenant_id = await make.tenant(database, name=evil[:100])
    await make.cars(database, tenant_id, make.car_row(model=f"Avanza {evil}", features=(evil,), notes=evil))
    shop = await shop_of(database, config, tenant_id)

    data = str(seo.car(shop, shop.catalogue.cars[0]).json_ld)

    assert not set("<>&") & set(data)
    assert evil in orjson.loads(data)["@graph"][0]["model"]


@pytest.mark.parametrize(
    "words", ["\\u0000", '","', "\\", '\\"', "%s %(name)s", "a\nb\t\u2028", "</script>&", "😀", "fuel"]
)
async def test_a_car_is_told_in_the_words_of_its_showroom(shop: Shop, words: str) -> None:
    one = replace(
        shop.catalogue.cars[0],
        public_name=words,
        brand=words,
        model=words,
        color=words,
        fuel=words,
        photos=(words,) * 2,
    )

    car = by_type(seo.car(shop, one))["Car"]

    assert {car["name"], car["brand"]["name"], car["model"], car["color"], car["fuelType"], *car["image"]} == {words}
    assert len(car["image"]) == 2


async def test_what_is_not_known_of_a_car_is_left_out(shop: Shop) -> None:
    one = replace(shop.catalogue.cars[0], fuel=None, photos=(), color="")

    car = by_type(seo.car(shop, one))["Car"]

    assert not {"fuelType", "image", "color"} & set(car)
    assert (car["offers"]["price"], car["mileageFromOdometer"]["value"]) == (one.price_idr, one.km)


async def test_no_plate_in_any_of_it(shop: Shop, database: Database) -> None:
    async with database.tenant(shop.site.id) as db:
        plates = [str(row["plate_clean"]) for row in await db.fetch("SELECT plate_clean FROM car")]

    text = "".join(f"{head} {head.json_ld}" for head in heads(shop)).replace(" ", "").upper()

    assert len(plates) == 3
    assert not [plate for plate in plates if plate in text]

"""GET /api/cars by the host's showroom: the body of the specification, only what is for sale, never a plate."""

from urllib.parse import quote, unquote

import pytest
from aiohttp.test_utils import TestClient

from autoleads.sql.pool import Database
from autoleads.types import CarStatus, TenantId, Transmission
from autoleads.web import keys
from tests import make


async def slug_of(database: Database, tenant_id: TenantId) -> str:
    async with database.tenant(tenant_id) as db:
        return str(await db.fetchval("SELECT slug FROM tenant"))


async def test_the_body_of_the_specification(client: TestClient, database: Database) -> None:
    tenant_id = await make.sample(database)
    host = {"Host": f"{await slug_of(database, tenant_id)}.localhost"}

    response = await client.get("/api/cars", headers=host)

    body = await response.json()
    assert (response.status, body["success"]) == (200, True)
    assert body["data"]["pagination"] == {"page": 1, "limit": 12, "total": 3, "totalPages": 1}
    first = next(car for car in body["data"]["cars"] if car["displayCode"] == "#A01")
    assert first.pop("id") > 0
    assert first == {
        "displayCode": "#A01",
        "publicName": "Avanza 2020 Hitam #A01",
        "brand": "Toyota",
        "model": "Avanza 1.3 G",
        "year": 2020,
        "color": "Hitam Metalik",
        "transmission": "Manual",
        "km": 45_000,
        "price": 185_000_000,
        "keyFeatures": ["Velg racing 16 inch", "Spoiler belakang"],
        "photos": [],
        "slug": "avanza-2020-hitam-a01",
    }


async def test_one_car(client: TestClient, database: Database) -> None:
    tenant_id = await make.sample(database)
    host = {"Host": f"{await slug_of(database, tenant_id)}.localhost:3000"}

    car = (await (await client.get("/api/cars/avanza-2020-hitam-a01", headers=host)).json())["data"]

    assert car["fuelType"] == "Bensin"
    assert car["conditionNotes"] == "Service record lengkap"
    assert car["whatsappLink"] == (
        f"https://wa.me/{make.SAMPLE_DEVICE}?text="
        "Halo%2C%20saya%20tertarik%20dengan%20Toyota%20Avanza%202020%20kode%20%23A01"
    )
    assert car["createdAt"].endswith("Z")
    assert (await client.get("/api/cars/none-2020", headers=host)).status == 404


async def test_a_name_that_has_its_brand_is_not_said_twice(client: TestClient, database: Database) -> None:
    tenant_id = await make.tenant(database)
    await make.cars(database, tenant_id, make.car_row(brand="Mazda", model="Mazda 2 R"))
    host = {"Host": f"{await slug_of(database, tenant_id)}.localhost"}
    [brief] = (await (await client.get("/api/cars", headers=host)).json())["data"]["cars"]

    car = (await (await client.get(f"/api/cars/{brief['slug']}", headers=host)).json())["data"]

    text = f"Halo, saya tertarik dengan Mazda 2 2020 kode {car['displayCode']}"
    assert unquote(car["whatsappLink"]).endswith(f"?text={text}")


async def test_no_name_of_a_car_leads_to_a_kept_list(
    client: TestClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = {"Host": f"{await slug_of(database, await make.sample(database))}.localhost"}
    assert client.app is not None
    names: list[str] = []
    pages = client.app[keys.PAGES]
    made = pages.made
    monkeypatch.setattr(pages, "made", lambda recipe, of: names.append(recipe.key[2]) or made(recipe, of))
    assert (await client.get("/api/cars?brand=toyota", headers=host)).status == 200

    begun = [names[0][start:] for start in range(20)]
    answers = [await client.get(f"/api/cars/{quote(name)}", headers=host) for name in begun]

    assert {answer.status for answer in answers} == {404}


async def test_only_what_is_for_sale_and_no_plate(client: TestClient, database: Database) -> None:
    tenant_id = await make.tenant(database)
    rows = [make.car_row(status=status) for status in CarStatus]
    await make.cars(database, tenant_id, *rows)
    host = {"Host": f"{await slug_of(database, tenant_id)}.localhost"}

    response = await client.get("/api/cars", headers=host)
    text = await response.text()

    assert (await response.json())["data"]["pagination"]["total"] == 1
    for row in rows:
        assert row.plate not in text
        assert str(row.plate_clean) not in text
    assert "STK-" not in text


async def test_showrooms_see_only_their_own(client: TestClient, database: Database) -> None:
    first, second = await make.tenant(database), await make.tenant(database)
    for tenant_id, km in ((first, 1_111), (second, 2_222)):
        await make.cars(database, tenant_id, make.car_row(km=km))

    for tenant_id, km in ((first, 1_111), (second, 2_222)):
        host = {"Host": f"{await slug_of(database, tenant_id)}.localhost"}
        body = await (await client.get("/api/cars", headers=host)).json()
        assert [(car["displayCode"], car["km"]) for car in body["data"]["cars"]] == [("#A01", km)]


@pytest.mark.parametrize("host", ["localhost", "nobody.localhost", "nobody.example.com", "127.0.0.1:80", "[::1"])
async def test_an_address_that_is_no_showroom(client: TestClient, database: Database, host: str) -> None:
    await make.tenant(database)
    response = await client.get("/api/cars", headers={"Host": host})
    assert response.status in (400, 404)
    assert (await response.text()).find("Traceback") == -1


async def test_filters_and_pages(client: TestClient, database: Database) -> None:
    tenant_id = await make.tenant(database)
    await make.cars(
        database, tenant_id, *(make.car_row(km=n) for n in range(5)),
        make.car_row(brand="Honda", model="Brio RS", year=2021, price_idr=172_000_000, transmission=Transmission.MATIC),
    )  # fmt: skip
    host = {"Host": f"{await slug_of(database, tenant_id)}.localhost"}

    async def total(query: str) -> tuple[int, int]:
        data = (await (await client.get(f"/api/cars?{query}", headers=host)).json())["data"]
        return data["pagination"]["total"], len(data["cars"])

    assert await total("brand=honda") == (1, 1)
    assert await total("search=brio%202021") == (1, 1)
    assert await total("search=brio%202020") == (0, 0)
    assert await total("search=%25") == (0, 0)
    assert await total("search=%2542rio") == (0, 0)  # not Brio: what is written is decoded once
    assert await total("year=2020&limit=2&page=3") == (5, 1)
    assert await total("maxPrice=175000000") == (1, 1)
    assert await total("minPrice=175000000") == (5, 5)
    assert await total("transmission=matic") == (1, 1)
    for wrong in ("page=0", "page=x", "limit=1000", "year=-1", "transmission=robot", "minPrice=1e9"):
        assert (await client.get(f"/api/cars?{wrong}", headers=host)).status == 400, wrong


@pytest.mark.parametrize(
    ("query", "field", "reason"),
    [
        ("page=0", "page", "whole number from 1"),
        ("page=x", "page", "whole number"),
        ("page=%D9%A1", "page", "whole number"),
        ("limit=101", "limit", "from 1 to 100"),
        ("year=20-20", "year", "whole number"),
        ("minPrice=1e9", "minPrice", "whole number"),
        ("minPrice=200&maxPrice=100", "minPrice", "must not be above maxPrice"),
        ("transmission=robot", "transmission", "Manual, Matic"),
        ("page=1&page=2", "page", "only once"),
        ("brand=toyota&brand=honda", "brand", "only once"),
        (f"search={'x' * 101}", "search", "at most 100"),
    ],
)
async def test_what_is_wrong_is_named(
    client: TestClient, database: Database, query: str, field: str, reason: str
) -> None:
    tenant_id = await make.sample(database)
    host = {"Host": f"{await slug_of(database, tenant_id)}.localhost"}

    response = await client.get(f"/api/cars?{query}", headers=host)

    error = (await response.json())["error"]
    assert (response.status, error["code"], error["field"]) == (400, "invalid_field", field)
    assert reason in error["message"]


@pytest.mark.parametrize(("query", "total", "page"), [("", 3, 1), ("page=7&limit=2", 3, 7), ("search=tesla", 0, 1)])
async def test_a_page_without_cars_tells_how_many_there_are(
    client: TestClient, database: Database, query: str, total: int, page: int
) -> None:
    tenant_id = await make.sample(database)
    host = {"Host": f"{await slug_of(database, tenant_id)}.localhost"}

    response = await client.get(f"/api/cars?{query}", headers=host)

    data = (await response.json())["data"]
    assert response.status == 200
    assert (response.headers["X-Total-Count"], response.headers["X-Page"]) == (str(total), str(page))
    assert (data["pagination"]["total"], data["pagination"]["page"]) == (total, page)
    assert len(data["cars"]) == (3 if not query else 0)


@pytest.mark.parametrize(
    "written", ["avanza 2020", "AVANZA hitam", "toyota", "veloz", "a01", "2019", "ban baru", "xyz"]
)
async def test_the_search_is_that_of_the_page(client: TestClient, database: Database, written: str) -> None:
    tenant_id = await make.sample(database)
    host = {"Host": f"{await slug_of(database, tenant_id)}.localhost"}

    found = (await (await client.get("/api/cars", params={"search": written}, headers=host)).json())["data"]["cars"]
    page = await (await client.get("/mobil", params={"q": written}, headers=host)).text()

    listed = page.partition('class="grid"')[2].partition("<footer")[0] if found else ""
    assert all(car["slug"] in listed for car in found)
    assert len(found) == len({slug for slug in SLUGS if f'href="/{slug}"' in listed})


SLUGS = ("avanza-2020-hitam-a01", "avanza-2020-hitam-a02", "avanza-veloz-2020-hitam-v01")

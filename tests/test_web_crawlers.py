"""What search engines and browsers ask for beside the pages, per host."""

import re
from xml.etree import ElementTree

import pytest
from aiohttp.test_utils import TestClient

from autoleads.sql.pool import Database
from autoleads.types import CarStatus
from tests import make
from tests.web_checks import html_problems, structured_data_problems

PHOTOS = ["/uploads/cars/1/a-800x600.jpg", "https://cdn.example/x?a=1&b=2"]
NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "i": "http://www.google.com/schemas/sitemap-image/1.1"}
HOST = "showroom-jaya.localhost"
URL = f"http://{HOST}:3000"


@pytest.fixture
async def showroom(database: Database) -> None:
    tenant_id = await make.tenant(database)
    rows = [
        make.car_row(),
        make.car_row(brand="Honda", model="Brio RS", status=CarStatus.BOOKING),
        make.car_row(model="Yaris", status=CarStatus.SOLD),
        make.car_row(model="Rush", status=CarStatus.DRAFT),
        make.car_row(brand="Mercedes-Benz", model="C 200"),
    ]
    await make.cars(database, tenant_id, *rows)
    async with database.tenant(tenant_id) as db:
        await db.execute("UPDATE tenant SET slug = 'showroom-jaya' WHERE id = $1", tenant_id)
        await db.execute("UPDATE car SET photos = $1", PHOTOS)


def allows(rules: str, path: str) -> bool:
    """As search engines read it: the longest rule that fits, of equals the one that allows."""
    found = re.findall(r"^(Allow|Disallow): (\S+)$", rules, re.MULTILINE)
    fitting = [
        (len(rule), kind == "Allow")
        for kind, rule in found
        if re.match(re.escape(rule).replace(r"\*", ".*").replace(r"\$", "$"), path)
    ]
    return max(fitting, default=(0, True))[1]


@pytest.mark.usefixtures("showroom")
async def test_the_sitemap_lists_what_can_be_bought(client: TestClient) -> None:
    response = await client.get("/sitemap.xml", headers={"Host": HOST})

    tree = ElementTree.fromstring(await response.text())
    places = [str(url.findtext("s:loc", namespaces=NAMES)) for url in tree.findall("s:url", NAMES)]
    assert response.headers["Content-Type"] == "application/xml; charset=utf-8"
    assert places[:7] == [
        f"{URL}/", f"{URL}/mobil", f"{URL}/mobil?merek=mercedes-benz", f"{URL}/mobil?merek=toyota",
        f"{URL}/cabang", f"{URL}/privasi", f"{URL}/c-200-2020-hitam-c01",
    ]  # fmt: skip
    assert {place.removeprefix(URL) for place in places[7:]} == {"/brio-2020-hitam-b01", "/avanza-2020-hitam-a01"}
    dates = [url.findtext("s:lastmod", namespaces=NAMES) for url in tree.findall("s:url", NAMES)]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", date) for date in dates if date)
    assert sum(date is not None for date in dates) == 7
    photos = [image.text for image in tree.iter(f"{{{NAMES['i']}}}loc")]
    assert photos == [f"{URL}{PHOTOS[0]}", PHOTOS[1]] * 3


@pytest.mark.usefixtures("showroom")
async def test_every_page_of_the_sitemap_is_there(client: TestClient) -> None:
    text = await (await client.get("/sitemap.xml", headers={"Host": HOST})).text()
    rules = await (await client.get("/robots.txt", headers={"Host": HOST})).text()

    for place in re.findall(r"<loc>([^<]*)</loc>", text):
        path = place.removeprefix(URL)
        response = await client.get(path, headers={"Host": HOST})
        page = await response.text()
        assert response.status == 200, path
        assert f'<link rel="canonical" href="{place}">' in page, path
        assert "noindex" not in page
        assert allows(rules, path), path
        assert structured_data_problems(page) == [], path
        assert html_problems(page) == [], path


@pytest.mark.usefixtures("showroom")
async def test_robots_are_kept_from_views_of_the_same_cars(client: TestClient) -> None:
    rules = await (await client.get("/robots.txt", headers={"Host": HOST})).text()

    assert rules.endswith(f"\nSitemap: {URL}/sitemap.xml\n")
    for path in ("/", "/mobil", "/mobil?hal=2", "/mobil?merek=toyota&hal=3", "/avanza-2020-hitam-a01", "/ikon.svg"):
        assert allows(rules, path), path
    for path in (
        "/api/cars", "/mobil?q=x", "/mobil?urut=termurah", "/mobil?urut=km&hal=2", "/mobil?merek=toyota&urut=km",
        "/mobil?merek=toyota&model=avanza", "/mobil?merek=toyota&tahun_dari=2019&hal=2", "/dilihat?mobil=a",
    ):  # fmt: skip
        assert not allows(rules, path), path


async def test_the_platform_is_no_showroom(client: TestClient, database: Database) -> None:
    await make.sample(database)

    rules = await (await client.get("/robots.txt")).text()
    front = await client.get("/")

    assert (allows(rules, "/"), allows(rules, "/simulator")) == (True, False)
    assert front.status == 200
    assert "AutoLeads" in await front.text()
    assert (await client.get("/favicon.ico")).content_type == "image/svg+xml"
    for path in ("/sitemap.xml", "/mobil", "/avanza-2020-hitam-a01", "/cabang", "/site.webmanifest", "/api/cars"):
        response = await client.get(path)
        assert response.status == 404, path
        assert "Avanza" not in await response.text()


@pytest.mark.usefixtures("showroom")
async def test_an_icon_and_a_manifest(client: TestClient) -> None:
    manifest = await client.get("/site.webmanifest", headers={"Host": HOST})
    icon = await client.get("/favicon.ico", headers={"Host": HOST})

    told = await manifest.json(content_type="application/manifest+json")
    assert told["name"].startswith("Showroom")
    assert told["icons"][0]["src"] == icon.history[0].headers["Location"]
    assert icon.history[0].status == 302

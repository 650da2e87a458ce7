"""A showroom's own domain: who is led there, what is served where, and what links say."""

import pytest
from aiohttp.test_utils import TestClient

from autoleads.bot.directory import Directory
from autoleads.config import Config
from autoleads.sql import catalogue
from autoleads.sql.pool import Database, ping
from autoleads.types import TenantId
from autoleads.web import keys
from tests import make
from tests.patience import patience
from tests.visit import heard

DOMAIN = "mobiljaya.example"


async def with_domain(
    database: Database, *, verified: bool, certificate: str, domain: str = DOMAIN
) -> tuple[TenantId, str]:
    """Its id and its host below the platform."""
    tenant_id = await make.sample(database)
    async with database.tenant(tenant_id) as db:
        slug = await db.fetchval(
            "UPDATE tenant SET custom_domain = $2, custom_domain_verified = $3, custom_domain_ssl_status = $4 "
            "WHERE id = $1 RETURNING slug",
            tenant_id,
            domain,
            verified,
            certificate,
        )
    return tenant_id, f"{slug}.localhost"


async def status_and_place(client: TestClient, host: str, path: str, method: str = "GET") -> tuple[int, str]:
    response = await client.request(method, path, headers={"Host": host}, allow_redirects=False)
    return response.status, response.headers.get("Location", "")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    "path",
    [
        "/", "/mobil?merek=toyota&hal=2", "/avanza-2020-hitam-a01?utm=x", "/bukan-mobil", "/cabang", "/sitemap.xml",
        "/robots.txt", "/api/cars?brand=toyota&page=2", "/api/cars/avanza-2020-hitam-a01", "/mobil?q=%0D%0AX:y&q=%FF",
    ],
)  # fmt: skip
async def test_an_active_domain_takes_over(client: TestClient, database: Database, method: str, path: str) -> None:
    _, host = await with_domain(database, verified=True, certificate="active")

    moved = await status_and_place(client, host, path, method)
    there = await status_and_place(client, DOMAIN, path, method)

    assert moved == (301, f"http://{DOMAIN}{path}")
    assert there[0] in (200, 404)


async def test_pages_under_the_domain_name_it(client: TestClient, database: Database) -> None:
    await with_domain(database, verified=True, certificate="active")

    page = await (await client.get("/avanza-2020-hitam-a01", headers={"Host": DOMAIN})).text()
    sitemap = await (await client.get("/sitemap.xml", headers={"Host": DOMAIN})).text()

    assert f'<link rel="canonical" href="http://{DOMAIN}/avanza-2020-hitam-a01">' in page
    assert f"<loc>http://{DOMAIN}/avanza-2020-hitam-a01</loc>" in sitemap
    assert "localhost" not in page + sitemap


async def test_without_a_certificate_both_serve_and_the_subdomain_counts(
    client: TestClient, database: Database
) -> None:
    _, host = await with_domain(database, verified=True, certificate="pending")

    pages = [await client.get("/mobil", headers={"Host": name}) for name in (host, DOMAIN)]

    for page in pages:
        assert page.status == 200
        assert f'<link rel="canonical" href="http://{host}:3000/mobil">' in await page.text()


@pytest.mark.parametrize("path", ["/", "/mobil", "/avanza-2020-hitam-a01"])
async def test_a_domain_that_takes_over_while_it_is_asked_about_is_named_from_the_next_answer_on(
    client: TestClient, database: Database, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    tenant_id, _ = await with_domain(database, verified=True, certificate="pending")
    await heard(client, database)
    version, ask = client.app[keys.SITES].version, catalogue.site_all_tenants

    async def slowly(*told: object, **wanted: object) -> object:
        found = await ask(*told, **wanted)
        before = version(tenant_id)
        async with database.tenant(tenant_id) as db:
            await db.execute("UPDATE tenant SET custom_domain_ssl_status = 'active'")
        async with patience():
            while version(tenant_id) == before:
                await ping(database)
        monkeypatch.undo()
        return found

    monkeypatch.setattr(catalogue, "site_all_tenants", slowly)

    pages = [await (await client.get(path, headers={"Host": DOMAIN})).text() for _ in range(3)]

    for page in pages[1:]:
        assert f'<link rel="canonical" href="http://{DOMAIN}{path}">' in page
        assert "localhost" not in page


async def test_a_domain_that_is_not_verified_is_nobodys(client: TestClient, database: Database) -> None:
    _, host = await with_domain(database, verified=False, certificate="active")

    assert (await status_and_place(client, DOMAIN, "/mobil"))[0] == 404
    assert (await status_and_place(client, host, "/mobil"))[0] == 200


async def test_www_leads_to_the_domain(client: TestClient, database: Database) -> None:
    await with_domain(database, verified=True, certificate="active")

    assert await status_and_place(client, f"www.{DOMAIN}:80", "/mobil?hal=2") == (301, f"http://{DOMAIN}/mobil?hal=2")
    assert await status_and_place(client, f"www.www.{DOMAIN}", "/mobil") == (404, "")


async def test_a_domain_that_begins_with_www_is_served(client: TestClient, database: Database) -> None:
    await with_domain(database, verified=True, certificate="active", domain=f"www.{DOMAIN}")

    assert (await status_and_place(client, f"www.{DOMAIN}", "/mobil"))[0] == 200


async def test_photos_and_the_gateways_calls_stay_where_they_are(
    client: TestClient, database: Database, config: Config
) -> None:
    tenant_id, host = await with_domain(database, verified=True, certificate="active")
    folder = config.app.upload_path / "cars" / str(tenant_id)
    folder.mkdir(parents=True)
    (folder / "x.jpg").write_bytes(b"\xff\xd8\xff")

    for name in (host, DOMAIN):
        assert (await status_and_place(client, name, f"/uploads/cars/{tenant_id}/x.jpg"))[0] == 200
        assert (await status_and_place(client, name, "/webhook/fonnte"))[0] == 200
        assert (await status_and_place(client, name, "/health"))[0] == 200


async def test_what_the_bot_says_of_the_site(database: Database, config: Config) -> None:
    tenant_id, host = await with_domain(database, verified=True, certificate="active")
    directory = Directory(database, site_url=config.app.site_url)

    active = await directory.showroom(tenant_id, 1)
    async with database.tenant(tenant_id) as db:
        await db.execute("UPDATE tenant SET custom_domain_ssl_status = 'failed' WHERE id = $1", tenant_id)
        version = await db.fetchval("SELECT profile_version FROM tenant")
    failed = await directory.showroom(tenant_id, version)

    assert (active.site_url, failed.site_url) == (f"http://{DOMAIN}", f"http://{host}:3000")

"""The structured data of every kind of page by the vocabulary of schema.org, also of showrooms with little to say."""

import re

import pytest
from aiohttp.test_utils import TestClient

from autoleads.sql.pool import Database
from autoleads.types import TenantId
from tests import make
from tests.visit import Site, site
from tests.web_checks import structured_data_problems

_LISTS = ("/mobil?hal=2", "/mobil?merek=toyota&hal=2", "/mobil?merek=zzz", "/mobil?q=%3C/script%3E", "/mobil?urut=km")


async def _with_words_for_a_map(database: Database) -> TenantId:
    tenant_id = await make.sample(database)
    async with database.tenant(tenant_id) as db:
        await db.execute("UPDATE tenant SET maps_url = 'sebelah pasar'")
    return tenant_id


async def _many(database: Database) -> TenantId:
    tenant_id = await make.tenant(database)
    await make.cars(database, tenant_id, *(make.car_row() for _ in range(30)))
    return tenant_id


async def _with_photos(database: Database) -> TenantId:
    tenant_id = await make.sample(database)
    async with database.tenant(tenant_id) as db:
        await db.execute(
            "UPDATE car SET photos = ARRAY['/uploads/cars/1/a-1600x1200.jpg'] WHERE display_code <> '#A02'"
        )
        await db.execute("UPDATE car SET status = 'sold', sold_at = now() WHERE display_code = '#V01'")
    return tenant_id


async def _all_pages(shop: Site) -> list[str]:
    listed = re.findall(r"<loc>[a-z]+://[^/]+([^<]*)</loc>", (await shop.get("/sitemap.xml")).text)
    return [*(path.replace("&amp;", "&") for path in listed[:9]), *_LISTS]


@pytest.mark.parametrize("furnish", [make.sample, _with_words_for_a_map, _with_photos, _many, make.tenant])
async def test_no_page_says_what_the_vocabulary_does_not_know(client: TestClient, database: Database, furnish) -> None:
    shop = await site(client, database, await furnish(database))
    paths = await _all_pages(shop)

    problems = {path: structured_data_problems((await shop.get(path)).text) for path in paths}

    assert len(paths) >= 8
    assert {path: found for path, found in problems.items() if found} == {}

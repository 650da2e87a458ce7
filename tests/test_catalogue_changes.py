"""What an owner changes by WhatsApp is at once on every page, in every process."""

import asyncio
import re
import time
from dataclasses import dataclass, replace

import orjson
import pytest
from aiohttp.test_utils import TestClient
from pytest_aiohttp.plugin import AiohttpClient

from autoleads import daemon
from autoleads.config import Config
from autoleads.sql.pool import Database
from autoleads.types import Role
from tests import make
from tests.patience import patience
from tests.standins.fonnte import FonnteStandin

CAR = "avanza-2020-hitam-a01"
OWNER = "6281299990001"
AT_ONCE_S = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What visitors see of the car: the status of its page, whether others list it, and what machines read."""

    page: int
    sold: bool
    listed: bool
    searched: bool
    api: int
    in_sitemap: bool
    availability: str


ON_SALE = Seen(page=200, sold=False, listed=True, searched=True, api=200, in_sitemap=True, availability="InStock")
BOOKED = Seen(
    page=200, sold=False, listed=False, searched=False, api=404, in_sitemap=True, availability="LimitedAvailability"
)
SOLD = Seen(page=200, sold=True, listed=False, searched=False, api=404, in_sitemap=False, availability="SoldOut")


@dataclass(frozen=True, slots=True, kw_only=True)
class Showroom:
    processes: tuple[TestClient, TestClient]
    fonnte: FonnteStandin
    host: str

    async def tells(self, process: int, *texts: str) -> None:
        for text in texts:
            before = len(self.fonnte.sent)
            body = make.fonnte_text(make.SAMPLE_DEVICE, OWNER, text)
            assert (await self.processes[process].post("/webhook/fonnte", json=body)).status == 200
            await self.fonnte.wait_for(lambda before=before: len(self.fonnte.sent) > before)

    async def seen(self, process: int) -> Seen:
        async def get(path: str) -> tuple[int, str]:
            response = await self.processes[process].get(path, headers={"Host": self.host})
            return response.status, await response.text()

        status, page = await get(f"/{CAR}")
        things = orjson.loads(page.partition('<script type="application/ld+json">')[2].partition("</script>")[0])
        offer = next(thing["offers"] for thing in things["@graph"] if "Car" in thing["@type"])
        return Seen(
            page=status,
            sold="TERJUAL" in page.upper(),
            listed=f'href="/{CAR}"' in (await get("/mobil"))[1] and CAR in (await get("/api/cars"))[1],
            searched=f'href="/{CAR}"' in (await get("/mobil?q=avanza+2020"))[1],
            api=(await get(f"/api/cars/{CAR}"))[0],
            in_sitemap=f"/{CAR}</loc>" in (await get("/sitemap.xml"))[1],
            availability=offer["availability"].rpartition("/")[2],
        )

    async def until_seen(self, expected: Seen) -> float:
        """Seconds until both processes show it."""
        started = time.monotonic()
        async with patience():
            while True:
                if [await self.seen(process) for process in (0, 1)] == [expected, expected]:
                    return time.monotonic() - started
                await asyncio.sleep(0)


@pytest.fixture
async def showroom(
    config: Config, aiohttp_client: AiohttpClient, database: Database, fonnte: FonnteStandin
) -> Showroom:
    tenant_id = await make.sample(database)
    await make.user(database, tenant_id, role=Role.OWNER, number=OWNER)
    host = await make.host_of(database, tenant_id)
    patient = replace(config, rate_limit=replace(config.rate_limit, max_requests=100_000))
    first, second = [await aiohttp_client(daemon.build(patient)) for _ in range(2)]
    return Showroom(processes=(first, second), fonnte=fonnte, host=host)


async def test_a_status_changed_by_whatsapp_is_seen_at_once_in_every_process(showroom: Showroom) -> None:
    before = [await showroom.seen(process) for process in (0, 1)]

    took = []
    for process, words, expected in ((0, "terjual", SOLD), (1, "tersedia", ON_SALE), (0, "booking", BOOKED)):
        await showroom.tells(process, f"/status #A01 {words}", "YA")
        took.append(await showroom.until_seen(expected))

    assert before == [ON_SALE, ON_SALE]
    assert max(took) < AT_ONCE_S


async def test_a_price_changed_by_whatsapp_is_the_same_everywhere(showroom: Showroom) -> None:
    old, new = "185.000.000", "179.000.000"
    paths = (f"/{CAR}", "/mobil", "/", f"/api/cars/{CAR}", "/api/cars")
    for process in showroom.processes:
        for path in paths:
            await process.get(path, headers={"Host": showroom.host})

    await showroom.tells(0, "/harga #A01 179jt", "YA")

    await showroom.until_seen(ON_SALE)
    for process in showroom.processes:
        for path in paths:
            text = await (await process.get(path, headers={"Host": showroom.host})).text()
            assert old not in text, path
            assert re.search(rf"{re.escape(new)}|{new.replace('.', '')}", text), path

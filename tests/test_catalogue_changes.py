"""What an owner changes by WhatsApp is at once on every page, in every process."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import asyncpg
import orjson
import pytest

from autoleads.sql.pool import open_database
from autoleads.types import Role
from tests import make
from tests.daemon_process import Daemon, daemons
from tests.patience import patience
from tests.standins.fonnte import FonnteStandin

CAR = "avanza-2020-hitam-a01"
POOL = 6
CONNECTIONS = "SELECT count(*) FROM pg_stat_activity WHERE datname = $1 AND backend_type = 'client backend'"
LAST_CONNECTION = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = $1 AND backend_type = 'client backend' ORDER BY backend_start DESC LIMIT 1"""
PATHS = (f"/{CAR}", "/mobil", "/", f"/api/cars/{CAR}", "/api/cars")


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
    processes: list[Daemon]
    fonnte: FonnteStandin
    host: str
    device: str
    owner: str

    async def tells(self, process: int, *texts: str) -> None:
        for text in texts:
            before = len(self.fonnte.sent)
            body = make.fonnte_text(self.device, self.owner, text)
            async with self.processes[process].http.post("/webhook/fonnte", json=body) as response:
                assert response.status == 200
            await self.fonnte.wait_for(lambda before=before: len(self.fonnte.sent) > before)

    async def get(self, process: int, path: str) -> tuple[int, str]:
        async with self.processes[process].http.get(path, headers={"Host": self.host}) as response:
            return response.status, await response.text()

    async def seen(self, process: int) -> Seen:
        status, page = await self.get(process, f"/{CAR}")
        things = orjson.loads(page.partition('<script type="application/ld+json">')[2].partition("</script>")[0])
        offer = next(thing["offers"] for thing in things["@graph"] if "Car" in thing["@type"])
        lists = [(await self.get(process, path))[1] for path in ("/mobil", "/api/cars")]
        return Seen(
            page=status,
            sold="TERJUAL" in page.upper(),
            listed=f'href="/{CAR}"' in lists[0] and CAR in lists[1],
            searched=f'href="/{CAR}"' in (await self.get(process, "/mobil?q=avanza+2020"))[1],
            api=(await self.get(process, f"/api/cars/{CAR}"))[0],
            in_sitemap=f"/{CAR}</loc>" in (await self.get(process, "/sitemap.xml"))[1],
            availability=offer["availability"].rpartition("/")[2],
        )

    async def until_seen(self, expected: Seen) -> None:
        """In both processes."""
        async with patience():
            for process in (0, 1):
                while await self.seen(process) != expected:
                    pass


@pytest.fixture(scope="module")
async def gateway() -> AsyncIterator[FonnteStandin]:
    async with FonnteStandin() as standin:
        yield standin


@pytest.fixture(scope="module")
async def processes(
    module_dsn: str, gateway: FonnteStandin, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[list[Daemon]]:
    environ = {
        **make.DEFAULTS,
        "DATABASE_URL": module_dsn,
        "AUTOLEADS_DATA_DIR": str(tmp_path_factory.mktemp("data")),
        "FONNTE_API_URL": gateway.url,
        "GEMINI_API_KEY": "",
        "AUTOLEADS_DATABASE_POOL_MIN": str(POOL),
        "AUTOLEADS_DATABASE_POOL_MAX": str(POOL),
    }
    async with daemons(count=2, **environ) as processes:
        yield processes


@pytest.fixture
async def showroom(module_dsn: str, gateway: FonnteStandin, processes: list[Daemon]) -> Showroom:
    owner = make.phone()
    async with open_database(module_dsn, size_min=1, size_max=1, slow_query_s=60) as database:
        tenant_id = await make.tenant(database)
        await make.cars(database, tenant_id, *make.sample_rows())
        await make.user(database, tenant_id, role=Role.OWNER, number=owner)
        return Showroom(
            processes=processes, fonnte=gateway, host=await make.host_of(database, tenant_id),
            device=await make.device_of(database, tenant_id), owner=owner,
        )  # fmt: skip


async def test_what_is_changed_by_whatsapp_is_seen_in_every_process(showroom: Showroom) -> None:
    before = [await showroom.seen(process) for process in (0, 1)]
    old, new = "185.000.000", "179.000.000"

    for process, words, expected in ((0, "terjual", SOLD), (1, "tersedia", ON_SALE)):
        await showroom.tells(process, f"/status #A01 {words}", "YA")
        await showroom.until_seen(expected)
    for path in PATHS:
        assert old in (await showroom.get(1, path))[1].replace("185000000", old), path
    await showroom.tells(0, "/harga #A01 179jt", "YA")
    async with patience():
        while new not in (await showroom.get(1, f"/{CAR}"))[1]:
            pass

    assert before == [ON_SALE, ON_SALE]
    for path in PATHS:
        text = (await showroom.get(1, path))[1]
        assert old not in text.replace("185000000", old), path
        assert new in text.replace("179000000", new), path


async def test_a_process_that_was_killed_shows_what_changed_meanwhile(showroom: Showroom) -> None:
    killed = showroom.processes[1]
    before = await showroom.seen(1)

    await killed.kill()
    await showroom.tells(0, "/status #A01 booking", "YA")
    await killed.start()

    assert before == ON_SALE
    assert await showroom.seen(1) == BOOKED


async def test_a_process_that_no_longer_hears_of_changes_asks_for_every_page(
    showroom: Showroom, module_dsn: str, admin: asyncpg.Connection
) -> None:
    name = urlsplit(module_dsn).path.strip("/")
    before = [await showroom.seen(1) for _ in range(3)]  # and everything is kept

    seen = []
    await admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")  # so that it stays deaf
    try:
        async with patience():  # until who set up the showroom has left
            while await admin.fetchval(CONNECTIONS, name) != 2 * (POOL + 1):
                pass
        await admin.execute(LAST_CONNECTION, name)  # opened when its pool was complete
        await showroom.processes[1].says("changes of showrooms are not heard")
        for words in ("terjual", "tersedia"):
            await showroom.tells(0, f"/status #A01 {words}", "YA")
            seen.append(await showroom.seen(1))
    finally:
        await admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    await showroom.tells(0, "/status #A01 booking", "YA")
    await showroom.until_seen(BOOKED)

    assert before == [ON_SALE] * 3
    assert seen == [SOLD, ON_SALE]

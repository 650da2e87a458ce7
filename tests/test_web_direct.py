"""A kept page is written without router and middlewares; to a visitor it must not make any difference."""

import asyncio
import gzip
from datetime import datetime, timedelta, tzinfo
from typing import NoReturn

import pytest
from aiohttp.test_utils import TestClient
from pytest_aiohttp.plugin import AiohttpClient

from autoleads import daemon, metrics
from autoleads.config import Config
from autoleads.sql import catalogue
from autoleads.sql.pool import Database, ping
from autoleads.types import TenantId
from autoleads.web import direct, keys
from autoleads.web.catalogue import car
from autoleads.web.direct import DIRECT_ANSWERS, Direct
from tests import make
from tests.patience import patience
from tests.visit import heard

PAGES = (
    "/",
    "/mobil?merek=Toyota",
    "/avanza-2020-hitam-a01",
    "/cabang",
    "/sitemap.xml",
    "/api/cars",
    "/api/cars?limit=1",
)
_OF_ONE_ANSWER = ("x-request-id", "date", "x-ratelimit-remaining", "x-ratelimit-reset")


@pytest.fixture
async def tenant_id(database: Database) -> TenantId:
    return await make.sample(database)


@pytest.fixture
async def host(client: TestClient, database: Database, tenant_id: TenantId) -> dict[str, str]:
    await heard(client, database)
    return {"Host": await make.host_of(database, tenant_id)}


@pytest.fixture
def written(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Addresses of what was written this way."""
    seen: list[str] = []
    find = client.app[DIRECT_ANSWERS].find

    def watched(request: object) -> Direct | None:
        found = find(request)
        if found is not None:
            seen.append(request.raw_path)
        return found

    monkeypatch.setattr(client.app[DIRECT_ANSWERS], "find", watched)
    return seen


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("accepted", ["gzip", "identity"])
async def test_the_same_answer_with_a_name_of_its_own(
    client: TestClient, host: dict[str, str], written: list[str], path: str, accepted: str
) -> None:
    answers = []
    for _ in range(4):
        response = await client.get(path, headers={**host, "Accept-Encoding": accepted}, auto_decompress=False)
        answers.append((response.status, await response.read(), {n.lower(): v for n, v in response.headers.items()}))

    assert written == [path] * 3  # all but the first
    first, last = answers[0], answers[-1]
    assert (first[0], last[0]) == (200, 200)
    assert first[1] == last[1]
    assert {n: v for n, v in first[2].items() if n not in _OF_ONE_ANSWER} == {
        n: v for n, v in last[2].items() if n not in _OF_ONE_ANSWER
    }
    assert set(first[2]) == set(last[2])
    assert len({headers["x-request-id"] for _, _, headers in answers}) == 4
    if last[2].get("content-encoding") == "gzip":
        assert gzip.decompress(last[1])


@pytest.fixture
async def forgetful(config: Config, aiohttp_client: AiohttpClient) -> TestClient:
    """It keeps no page."""
    settings = {"DATABASE_URL": config.database.url, "AUTOLEADS_DATA_DIR": config.app.data_dir}
    return await aiohttp_client(daemon.build(make.config(**settings, AUTOLEADS_CATALOGUE_PAGE_CACHE_BYTES="0")))


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_that_is_not_kept_is_made_anew(
    client: TestClient, forgetful: TestClient, host: dict[str, str], path: str
) -> None:
    made = metrics.PAGES.labels("made")
    before = _count(made, "_total")

    answers = [await forgetful.get(path, headers=host, auto_decompress=False) for _ in range(3)]

    kept = await client.get(path, headers=host, auto_decompress=False)
    assert _count(made, "_total") == before + 4
    assert {await one.read() for one in answers} == {await kept.read()}
    assert {one.headers["ETag"] for one in answers} == {kept.headers["ETag"]}
    assert forgetful.app[keys.PAGES].bytes == 0


async def test_a_change_is_seen_where_no_page_is_kept(
    forgetful: TestClient, database: Database, tenant_id: TenantId, host: dict[str, str]
) -> None:
    async def shows() -> str:
        return await (await forgetful.get("/avanza-2020-hitam-a01", headers=host)).text()

    assert all(["TERJUAL" not in await shows() for _ in range(3)])
    async with database.tenant(tenant_id) as db:
        await db.execute("UPDATE car SET status = 'sold', sold_at = now() WHERE display_code = '#A01'")

    async with patience():
        while "TERJUAL" not in await shows():
            pass


async def test_a_change_is_seen_at_once(
    client: TestClient, database: Database, tenant_id: TenantId, host: dict[str, str], written: list[str]
) -> None:
    async def total() -> int:
        return int((await (await client.get("/api/cars", headers=host)).json())["data"]["pagination"]["total"])

    assert [await total() for _ in range(4)] == [3, 3, 3, 3]
    async with database.tenant(tenant_id) as db:
        await db.execute("UPDATE car SET status = 'sold', sold_at = now() WHERE display_code = '#A01'")

    async with patience():
        while await total() != 2:
            pass
    assert written


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ("status = 'suspended'", 503),
        ("slug = 'another-name'", 404),
        (
            "custom_domain = 'jaya.example', custom_domain_verified = true, custom_domain_ssl_status = 'active'",
            301,
        ),
    ],
)
@pytest.mark.parametrize("kept", [True, False])
async def test_a_site_that_is_switched_off_renamed_or_moved_is_so_at_once(
    client: TestClient,
    forgetful: TestClient,
    database: Database,
    tenant_id: TenantId,
    host: dict[str, str],
    change: str,
    status: int,
    kept: bool,
) -> None:
    asked = client if kept else forgetful

    async def seen() -> int:
        return (await asked.get("/avanza-2020-hitam-a01", headers=host, allow_redirects=False)).status

    assert [await seen() for _ in range(3)] == [200] * 3
    async with database.tenant(tenant_id) as db:
        await db.execute(f"UPDATE tenant SET {change}")

    async with patience():
        while await seen() == 200:
            pass
    assert [await seen() for _ in range(3)] == [status] * 3


async def test_at_debug_every_request_goes_the_usual_way_where_it_has_its_line(
    client: TestClient, host: dict[str, str], written: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    quiet = [await (await client.get("/cabang", headers=host)).read() for _ in range(2)]
    assert written == ["/cabang"]

    with caplog.at_level("DEBUG", "autoleads.web"):
        loud = [await (await client.get("/cabang", headers=host)).read() for _ in range(2)]

    assert written == ["/cabang"]
    assert set(loud) == set(quiet)
    assert caplog.text.count("route=/cabang status=200") == 2


async def test_what_is_not_the_plain_question_goes_the_usual_way(
    client: TestClient, host: dict[str, str], written: list[str]
) -> None:
    for _ in range(3):
        tag = (await client.get("/cabang", headers=host)).headers["ETag"]
    del written[:]

    known = await client.get("/cabang", headers={**host, "If-None-Match": tag})
    head = await client.head("/cabang", headers=host)
    last = await client.get("/cabang", headers={**host, "Connection": "close"})
    posted = await client.post("/cabang", headers=host)

    assert (known.status, head.status, last.status, posted.status) == (304, 200, 200, 405)
    assert await head.read() == b""
    assert last.headers["Connection"] == "close"
    assert written == []


async def test_another_showroom_has_its_own(client: TestClient, database: Database, host: dict[str, str]) -> None:
    other = await make.tenant(database)
    others = {"Host": await make.host_of(database, other)}

    for _ in range(3):
        mine = await (await client.get("/api/cars", headers=host)).json()
        theirs = await (await client.get("/api/cars", headers=others)).json()

        assert (mine["data"]["pagination"]["total"], theirs["data"]["pagination"]["total"]) == (3, 0)


async def test_visitors_are_limited_and_measured_as_always(
    config: Config, aiohttp_client: AiohttpClient, host: dict[str, str]
) -> None:
    strict = make.config(
        DATABASE_URL=config.database.url, AUTOLEADS_DATA_DIR=config.app.data_dir, RATE_LIMIT_MAX_REQUESTS="5"
    )
    client = await aiohttp_client(daemon.build(strict))
    counted = metrics.HTTP_SECONDS.labels("/api/cars", "200")
    before = _count(counted)

    answers = [await client.get("/api/cars", headers=host) for _ in range(8)]

    assert [answer.status for answer in answers] == [200] * 5 + [429] * 3
    assert [answer.headers["X-RateLimit-Remaining"] for answer in answers[:5]] == ["4", "3", "2", "1", "0"]
    assert _count(counted) == before + 5


@pytest.fixture
def counted(forgetful: TestClient, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Whom the limit of pages counted, each time."""
    visitors: list[str] = []
    limiter = forgetful.app[keys.LIMITS]["pages"]
    admit = limiter.admit

    def watched(visitor: str) -> dict[str, str]:
        visitors.append(visitor)
        return admit(visitor)

    monkeypatch.setattr(limiter, "admit", watched)
    return visitors


async def test_who_asks_for_a_car_that_is_gone_by_now_is_counted_once(
    forgetful: TestClient,
    database: Database,
    tenant_id: TenantId,
    host: dict[str, str],
    counted: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with database.tenant(tenant_id) as db:
        await db.execute("UPDATE car SET status = 'sold', sold_at = now() WHERE display_code = '#A01'")
    await heard(forgetful, database)
    sold = [(await forgetful.get("/avanza-2020-hitam-a01", headers=host)).status for _ in range(2)]
    monkeypatch.setattr(car, "datetime", _InTwoMonths)

    gone = [(await forgetful.get("/avanza-2020-hitam-a01", headers=host)).status for _ in range(2)]

    assert (sold, gone) == ([200, 200], [410, 410])
    assert len(counted) == 4


class _InTwoMonths(datetime):
    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:
        return datetime.now(tz) + timedelta(days=60)


async def test_a_page_that_cannot_be_made_any_more_is_told_in_the_usual_way(
    forgetful: TestClient, host: dict[str, str], counted: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> NoReturn:
        raise RuntimeError("secret")

    well = [(await forgetful.get("/avanza-2020-hitam-a01", headers=host)).status for _ in range(2)]
    monkeypatch.setattr(car, "_found", broken)

    failed = await forgetful.get("/avanza-2020-hitam-a01", headers=host)

    assert (well, failed.status) == ([200, 200], 500)
    assert "Ada gangguan di sisi kami" in await failed.text()
    assert "secret" not in await failed.text()
    assert len(counted) == 3


async def test_who_asks_much_at_once_gets_the_answers_in_order(
    client: TestClient, host: dict[str, str], written: list[str]
) -> None:
    for _ in range(2):
        for path in ("/cabang", "/privasi"):
            await client.get(path, headers={**host, "Accept-Encoding": "identity"})
    del written[:]
    reader, writer = await asyncio.open_connection(client.host, client.port)

    for path in ("/cabang", "/privasi") * 10:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {host['Host']}\r\nAccept-Encoding: identity\r\n\r\n".encode())
    titles = []
    for _ in range(20):
        head = await reader.readuntil(b"\r\n\r\n")
        size = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        titles.append((await reader.readexactly(size)).partition(b"<title>")[2][:7])
    writer.close()

    assert titles == titles[:2] * 10
    assert titles[0] != titles[1]
    assert len(written) == 20


async def test_no_memory_beyond_the_kept_pages(client: TestClient, host: dict[str, str]) -> None:
    for number in range(50):
        for _ in range(3):
            await client.get(f"/cabang?utm={number}", headers=host)

    assert client.app[keys.PAGES].bytes < 60_000


async def test_a_domain_that_moves_while_it_is_asked_about_is_not_remembered_as_the_first_owners(
    client: TestClient, database: Database, tenant_id: TenantId, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = await make.tenant(database)
    sites = client.app[keys.SITES]
    ask, moved = catalogue.site_all_tenants, []

    async def own(owner: TenantId, domain: str | None) -> None:
        async with database.tenant(owner) as db:
            await db.execute(
                "UPDATE tenant SET custom_domain = $1, custom_domain_verified = true, "
                "custom_domain_ssl_status = 'active'",
                domain,
            )

    async def slowly(*told: object, **wanted: object) -> object:
        found = await ask(*told, **wanted)
        if not moved:
            moved.append(sites.version(tenant_id))
            await own(tenant_id, None)
            await own(other, "jaya.example")
            async with patience():
                while sites.version(tenant_id) == moved[0]:
                    await ping(database)
        return found

    await own(tenant_id, "jaya.example")
    monkeypatch.setattr(catalogue, "site_all_tenants", slowly)

    answers = [await client.get("/api/cars", headers={"Host": "jaya.example"}) for _ in range(3)]

    assert [(await one.json())["data"]["pagination"]["total"] for one in answers[1:]] == [0, 0]


async def test_however_many_questions_and_looks_few_are_remembered(
    client: TestClient,
    database: Database,
    tenant_id: TenantId,
    host: dict[str, str],
    written: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(direct, "_MOST", 5)
    answers = client.app[DIRECT_ANSWERS]

    async def style() -> str:
        return (await client.get("/cabang", headers=host)).headers["Content-Security-Policy"]

    for number in range(12):
        await client.get(f"/cabang?utm={number}", headers=host)
        assert len(answers._known) <= 5
    for number in range(12):
        before = await style()
        async with database.tenant(tenant_id) as db:
            await db.execute("UPDATE tenant SET primary_color = $1", f"#0000{number:02x}")
        async with patience():
            while await style() == before:
                pass
        assert len(answers._lines) <= 5
    assert written


async def test_long_questions_are_answered_and_not_remembered(
    client: TestClient, host: dict[str, str], written: list[str]
) -> None:
    for _ in range(4):
        assert (await client.get(f"/cabang?x={'x' * 5_000}", headers=host)).status == 200

    assert written == []


def _count(metric: object, which: str = "_count") -> float:
    [count] = [s.value for m in metric.collect() for s in m.samples if s.name.endswith(which)]
    return float(count)

"""Headers of every answer, compressed and conditional ones, and how much memory kept pages take."""

import asyncio
import gzip

import pytest
from aiohttp.test_utils import TestClient
from pytest_aiohttp.plugin import AiohttpClient

from autoleads import daemon
from autoleads.config import Config
from autoleads.sql.pool import Database
from autoleads.web import keys
from autoleads.web.pages import accepts_gzip
from tests import make
from tests.visit import heard

PATHS = (
    *("/", "/mobil", "/avanza-2020-hitam-a01", "/cabang", "/privasi", "/sitemap.xml", "/robots.txt", "/ikon.svg"),
    *(
        "/site.webmanifest",
        "/favicon.ico",
        "/bukan-mobil",
        "/api/cars",
        "/api/cars/x",
        "/uploads/cars/1/x.jpg",
        "/health",
    ),
)


@pytest.fixture
async def host(database: Database) -> dict[str, str]:
    return {"Host": await make.host_of(database, await make.sample(database))}


async def test_every_answer_is_safe_to_open(client: TestClient, host: dict[str, str]) -> None:
    for path in PATHS:
        headers = (await client.get(path, headers=host, allow_redirects=False)).headers

        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy, path
        assert "frame-ancestors 'none'" in policy, path
        assert "unsafe" not in policy, path
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Cross-Origin-Resource-Policy"] in ("same-origin", "cross-origin")
        assert "camera=()" in headers["Permissions-Policy"]
        assert len(headers["X-Request-Id"]) == 32
        assert "aiohttp" not in headers["Server"].lower()
        assert "Strict-Transport-Security" not in headers  # http only
        assert "Set-Cookie" not in headers


async def test_behind_tls_browsers_are_told_to_stay_there(
    config: Config, aiohttp_client: AiohttpClient, host: dict[str, str]
) -> None:
    settings = {"DATABASE_URL": config.database.url, "AUTOLEADS_DATA_DIR": config.app.data_dir}
    client = await aiohttp_client(daemon.build(make.config(APP_URL="https://localhost", **settings)))

    for path in ("/mobil", "/api/cars", "/bukan-mobil"):
        response = await client.get(path, headers=host)
        assert response.headers["Strict-Transport-Security"] == "max-age=31536000"


async def test_any_page_may_read_the_public_api_and_nothing_else(client: TestClient, host: dict[str, str]) -> None:
    for path in PATHS:
        headers = (await client.get(path, headers={**host, "Origin": "https://other.example"})).headers

        public = path.startswith("/api/cars")
        assert headers.get("Access-Control-Allow-Origin") == ("*" if public else None), path
        assert "Access-Control-Allow-Credentials" not in headers
        if public:
            assert {"X-Total-Count", "X-Page"} <= set(headers["Access-Control-Expose-Headers"].split(", "))


@pytest.mark.parametrize("path", ["/api/cars", "/api/cars/avanza-2020-hitam-a01"])
async def test_a_browser_may_ask_first(client: TestClient, host: dict[str, str], path: str) -> None:
    asked = {"Origin": "https://other.example", "Access-Control-Request-Method": "GET"}

    response = await client.options(path, headers={**host, **asked, "Access-Control-Request-Headers": "x-mine"})

    assert response.status == 204
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "GET" in response.headers["Access-Control-Allow-Methods"]
    assert response.headers["Access-Control-Allow-Headers"] == "*"


@pytest.mark.parametrize(
    ("accepted", "taken"),
    [
        ("", False),
        ("gzip", True),
        ("GZIP", True),
        ("gzip, deflate, br", True),
        ("br;q=1.0, gzip;q=0.8, *;q=0.1", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000", False),
        ("gzip;q=0, *", False),
        ("*", True),
        ("*;q=0", False),
        ("gzip;q=1, *;q=0", True),
        ("identity", False),
        ("x-gzip", True),
        ("gzipped", False),
        (";;=,", False),
    ],
)
def test_which_visitors_read_gzip(accepted: str, taken: bool) -> None:
    assert accepts_gzip(accepted) is taken


async def test_a_page_is_the_same_in_both_forms(client: TestClient, host: dict[str, str]) -> None:
    client.session._auto_decompress = False
    for path in ("/mobil", "/api/cars"):
        plain = await client.get(path, headers={**host, "Accept-Encoding": "gzip;q=0"})
        packed = await client.get(path, headers={**host, "Accept-Encoding": "gzip"})

        assert "Content-Encoding" not in plain.headers
        assert packed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(await packed.read()) == await plain.read()
        assert plain.headers["ETag"] != packed.headers["ETag"]
        assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ("{tag}", 304),
        ("W/{tag}", 304),
        ('"other", {tag}', 304),
        ('W/"x",W/{tag} , "y"', 304),
        ("*", 304),
        ('"other"', 200),
        ("{bare}", 200),
        ('"x{bare}"', 200),
        ("", 200),
    ],
)
async def test_a_page_the_visitor_has_is_not_sent_again(
    client: TestClient, host: dict[str, str], form: str, status: int
) -> None:
    for path in ("/mobil", "/api/cars"):
        first = await client.get(path, headers=host)
        tag = first.headers["ETag"]

        again = await client.get(path, headers={**host, "If-None-Match": form.format(tag=tag, bare=tag.strip('"'))})

        assert again.status == status
        if status == 304:
            assert await again.read() == b""
            assert again.headers["ETag"] == tag
            assert again.headers["Cache-Control"] == first.headers["Cache-Control"]
            assert again.headers["Vary"] == "Accept-Encoding"


async def test_kept_pages_stay_within_their_bounds(
    config: Config, aiohttp_client: AiohttpClient, database: Database, host: dict[str, str]
) -> None:
    settings = {
        "DATABASE_URL": config.database.url,
        "AUTOLEADS_DATA_DIR": config.app.data_dir,
        "AUTOLEADS_CATALOGUE_PAGE_CACHE_BYTES": "200000",
    }
    client = await aiohttp_client(daemon.build(make.config(**settings)))
    await heard(client, database)
    assert client.app is not None
    pages = client.app[keys.PAGES]

    for number in range(300):
        await client.get(f"/api/cars?search=nothing{number}", headers=host)
    kept_api = pages.bytes
    for number in range(20):
        await client.get(f"/mobil?q=nothing{number}", headers=host)

    assert 100_000 < kept_api <= 200_000
    assert 0 < pages.bytes <= 200_000


async def test_what_is_asked_for_again_is_kept_longest(
    config: Config, aiohttp_client: AiohttpClient, database: Database, host: dict[str, str]
) -> None:
    settings = {
        "DATABASE_URL": config.database.url,
        "AUTOLEADS_DATA_DIR": config.app.data_dir,
        "AUTOLEADS_CATALOGUE_PAGE_CACHE_BYTES": "50000",
        "RATE_LIMIT_MAX_REQUESTS": "100000",
    }
    client = await aiohttp_client(daemon.build(make.config(**settings)))
    await heard(client, database)

    await client.get("/api/cars", headers=host)
    before = await counted(client)
    for number in range(100):
        await client.get(f"/api/cars?search=nothing{number}", headers=host)
        await client.get("/api/cars", headers=host)
    after = await counted(client)

    assert after['autoleads_pages_total{result="made"}'] - before['autoleads_pages_total{result="made"}'] == 100


async def counted(client: TestClient) -> dict[str, float]:
    lines = (await (await client.get("/metrics")).text()).splitlines()
    parts = (line.rpartition(" ") for line in lines if line.startswith("autoleads_"))
    return {name: float(value) for name, _, value in parts}


async def test_what_is_kept_and_made_is_counted(client: TestClient, database: Database, host: dict[str, str]) -> None:
    await heard(client, database)
    before = await counted(client)
    for _ in range(3):
        await client.get("/mobil", headers=host)
    after = await counted(client)

    def more(name: str) -> float:
        return after[name] - before[name]

    assert more('autoleads_pages_total{result="made"}') == 1
    assert more('autoleads_pages_total{result="kept"}') == 2
    assert more("autoleads_catalogue_loads_total") == 1
    assert after["autoleads_page_cache_bytes"] > before["autoleads_page_cache_bytes"]


async def test_many_first_visitors_cost_one_reading(
    client: TestClient, database: Database, host: dict[str, str]
) -> None:
    await heard(client, database)
    name = "autoleads_catalogue_loads_total"
    before = (await counted(client))[name]

    answers = await asyncio.gather(*(client.get("/mobil", headers=host) for _ in range(20)))

    assert {answer.status for answer in answers} == {200}
    assert (await counted(client))[name] - before == 1

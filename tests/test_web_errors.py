"""Whatever is asked for gets an answer that fits: a page in the showroom's look, or JSON; never a failure of ours."""

import asyncio
import random
import re
import string

import pytest
from aiohttp.test_utils import TestClient

from autoleads.sql import tenants
from autoleads.sql.pool import Database
from autoleads.web import keys
from tests import make
from tests.patience import patience
from tests.visit import heard

HOST = "jaya.localhost"
NAME = "Jaya Motor"
OTHER = "Tetangga Sebelah"


@pytest.fixture
async def showroom(database: Database) -> None:
    for name, slug in ((NAME, "jaya"), (OTHER, "tetangga")):
        tenant_id = await make.tenant(database, name=name)
        await make.cars(database, tenant_id, make.car_row())
        async with database.tenant(tenant_id) as db:
            await db.execute("UPDATE tenant SET slug = $2 WHERE id = $1", tenant_id, slug)


async def raw(client: TestClient, data: bytes) -> bytes:
    """What the server says to these bytes until it closes the connection."""
    reader, writer = await asyncio.open_connection(client.host, client.port)
    writer.write(data.replace(b" HTTP/1.1\r\n", b" HTTP/1.1\r\nConnection: close\r\n", 1))
    async with patience():
        said = await reader.read()
    writer.close()
    return said


@pytest.mark.usefixtures("showroom")
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/tidak/ada", 404),
        ("GET", "/bukan-mobil", 404),
        ("GET", "/%00", 404),
        ("GET", "/%ff%fe", 404),
        ("GET", "/..%2f..%2fetc/passwd", 404),
        ("POST", "/mobil", 405),
        ("DELETE", "/", 405),
    ],
)
async def test_a_page_in_the_showrooms_look(client: TestClient, method: str, path: str, status: int) -> None:
    response = await client.request(method, path, headers={"Host": HOST})

    page = await response.text()
    assert response.status == status
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert response.headers["Cache-Control"] == "no-store"
    assert 'lang="id"' in page
    assert NAME in page
    assert OTHER not in page
    assert '<meta name="robots" content="noindex">' in page
    assert response.headers["X-Request-Id"] in page
    assert ("Allow" in response.headers) == (status == 405)


@pytest.mark.usefixtures("showroom")
@pytest.mark.parametrize(
    "path", ["/api/tidak-ada", "/api/cars/bukan-mobil", "/api/cars?page=0", "/webhook/lain", "/uploads/x"]
)
async def test_programs_get_json(client: TestClient, path: str) -> None:
    response = await client.get(path, headers={"Host": HOST, "Accept": "text/html"})

    body = await response.json()
    assert response.status in (400, 404)
    assert body["success"] is False
    assert body["error"]["requestId"] == response.headers["X-Request-Id"]


@pytest.mark.usefixtures("showroom")
@pytest.mark.parametrize(
    "host", ["nobody.localhost", "nobody.example", "x" * 300, "jaya.localhost.evil.example", "jaya"]
)
@pytest.mark.parametrize("path", ["/", "/mobil", "/avanza-2020-hitam-a01", "/api/cars", "/sitemap.xml", "/a/b"])
async def test_a_host_that_is_nobodys_tells_nothing(client: TestClient, host: str, path: str) -> None:
    response = await client.get(path, headers={"Host": host})

    text = await response.text()
    assert response.status == 404
    assert not re.search(f"{NAME}|{OTHER}|[Aa]vanza", text)


@pytest.mark.usefixtures("showroom")
async def test_a_method_that_is_not_meant_names_those_that_are(client: TestClient) -> None:
    for path in ("/", "/mobil", "/api/cars", "/sitemap.xml"):
        response = await client.put(path, headers={"Host": HOST})

        assert response.status == 405
        assert {"GET", "HEAD"} <= set(response.headers["Allow"].split(","))


@pytest.mark.usefixtures("showroom")
async def test_head_says_what_get_would(client: TestClient) -> None:
    for path in ("/", "/mobil", "/avanza-2020-hitam-a01", "/api/cars", "/sitemap.xml", "/bukan-mobil"):
        got = await client.get(path, headers={"Host": HOST})
        head = await client.head(path, headers={"Host": HOST})

        assert head.status == got.status
        assert await head.read() == b""
        if got.status == 200:
            assert head.headers["ETag"] == got.headers["ETag"]
            assert head.headers["Content-Length"] == got.headers["Content-Length"]


@pytest.mark.usefixtures("showroom")
async def test_a_failure_of_ours_says_so_without_a_detail(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert client.app is not None
    assert (await client.get("/mobil", headers={"Host": HOST})).status == 200
    pages = client.app[keys.PAGES]
    monkeypatch.setattr(pages, "get", lambda key: {}["secret detail"])

    page = await client.get("/mobil", headers={"Host": HOST})
    api = await client.get("/api/cars", headers={"Host": HOST})

    assert (page.status, api.status) == (500, 500)
    assert NAME in await page.text()
    assert "secret detail" not in await page.text() + await api.text()
    assert (await api.json())["error"]["code"] == "internal"


@pytest.mark.usefixtures("showroom")
async def test_a_database_that_is_away_is_said_in_the_showrooms_look(client: TestClient, database: Database) -> None:
    assert client.app is not None
    await heard(client, database)
    assert (await client.get("/mobil", headers={"Host": HOST})).status == 200
    client.app[keys.DATABASE].pool.terminate()
    client.app[keys.SITES]._begun()

    page = await client.get("/mobil", headers={"Host": HOST})
    api = await client.get("/api/cars", headers={"Host": HOST})

    assert (page.status, api.status) == (503, 503)
    assert page.headers["Retry-After"] == "10"
    assert NAME in await page.text()
    assert (await api.json())["error"]["code"] == "unavailable"


@pytest.mark.parametrize("status", ["suspended", "expired"])
async def test_a_closed_showroom_shows_nothing_but_its_name(
    client: TestClient, database: Database, status: str
) -> None:
    tenant_id = await make.sample(database)
    async with database.tenant(tenant_id) as db:
        await tenants.set_fields(db, tenant_id, status=status)
        slug = await db.fetchval("SELECT slug FROM tenant")
    host = {"Host": f"{slug}.localhost"}

    for path in ("/", "/mobil", "/avanza-2020-hitam-a01", "/cabang", "/privasi", "/sitemap.xml", "/robots.txt", "/a/b"):
        response = await client.get(path, headers=host)
        page = await response.text()
        assert response.status == (404 if path == "/a/b" else 503), path
        assert "Showroom Mobil Surabaya sedang tidak aktif" in page
        assert not re.search(f"Avanza|Darmo|{make.SAMPLE_DEVICE}|31-?234", page), path
        if response.status == 503:
            assert int(response.headers["Retry-After"]) > 0
        assert '<meta name="robots" content="noindex">' in page
    api = await client.get("/api/cars", headers=host)
    assert (api.status, (await api.json())["error"]["code"]) == (503, "closed")


@pytest.mark.usefixtures("showroom")
@pytest.mark.parametrize(
    "data",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"nonsense\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /%zz HTTP/1.1\r\nHost: jaya.localhost\r\n\r\n",
        b"GET /\xff\xfe HTTP/1.1\r\nHost: jaya.localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: \xff\xfe\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: jaya.localhost\r\nHost: tetangga.localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost jaya\r\n\r\n",
        b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: jaya.localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: jaya.localhost\r\nX: " + b"a" * 20_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: jaya.localhost\r\nIf-None-Match: \xff\"\r\nAccept-Encoding: ;;=,\xfe\r\n\r\n",
        b"GET /mobil?%ff=%00&q=%f0%28&q=%00&hal=%d9%a1&merek[]=x HTTP/1.1\r\nHost: jaya.localhost\r\n\r\n",
        b"GET /mobil?model=a%00b%00&merek=%00c&q=%00slot%00 HTTP/1.1\r\nHost: jaya.localhost\r\n\r\n",
        b"GET /api/cars?page=%d9%a1 HTTP/1.1\r\nHost: jaya.localhost\r\n\r\n",
        b"GET http://tetangga.localhost/api/cars HTTP/1.1\r\nHost: nobody.localhost\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\nHost: jaya.localhost\r\n\r\n",
        b"CONNECT jaya.localhost:80 HTTP/1.1\r\nHost: jaya.localhost\r\n\r\n",
        b"GET //evil.example/%2e%2e HTTP/1.1\r\nHost: jaya.localhost\r\n\r\n",
        b"GET /mobil HTTP/1.0\r\n\r\n",
        b"POST /mobil HTTP/1.1\r\nHost: jaya.localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0",
        b"GET /mobil HTTP/1.1\r\nHost: jaya.localhost\r\nExpect: \xff\xfe\r\n\r\n",
        b"GET /a/b HTTP/1.1\r\nHost: jaya.localhost\r\nExpect: \xff\xfe\r\n\r\n",
        b"BREW /mobil HTTP/1.1\r\nHost: jaya.localhost\r\n\r\n",
        b"GET /mobil HTTP/1.1\r\nHost: jaya.localhost\r\nCookie: \xff=\xfe; a\r\nRange: bytes=9-1\r\n\r\n",
    ],
)  # fmt: skip
async def test_strange_requests_are_answered_without_a_failure_or_a_detail(client: TestClient, data: bytes) -> None:
    said = await raw(client, data)

    assert 200 <= int(said.split(b" ", 2)[1]) < 500, said[:300]
    assert not re.search(rb"Traceback|site-packages|autoleads/|asyncpg", said)
    assert not (NAME.encode() in said and OTHER.encode() in said)


PARTS = (
    *("mobil", "api", "cars", "cabang", "privasi", "avanza-2020-hitam-a01", "dilihat", "uploads", "sitemap.xml"),
    *("..", "", "%00", "%ff", "%2f", "%C3%A9", "static", "ikon.svg", "robots.txt", "x" * 300, "{slug}", "*", "@", ":"),
)
NAMES = (
    *("q", "merek", "model", "tahun_dari", "harga_sampai", "km_sampai", "transmisi", "bbm", "cabang", "urut", "hal"),
    *("page", "limit", "year", "minPrice", "search", "brand", "transmission", "mobil", "dp", "tenor", "%00"),
)
VALUES = (
    *("", "0", "-1", "1e9", "9" * 40, "%00", "%ff%fe", "%C3%A9", "NaN", "null", "%D9%A3", "a" * 500, "1,5", "toyota"),
    *("2020", "100jt"),
)
HEADERS = ("If-None-Match", "Accept-Encoding", "Accept", "Cookie", "X-Forwarded-For", "Range")
METHODS = ("GET", "GET", "GET", "HEAD", "POST", "OPTIONS", "PATCH")
HOSTS = ("jaya.localhost", "tetangga.localhost", "localhost", "nobody.localhost", "JAYA.localhost.:80")


@pytest.mark.usefixtures("showroom")
async def test_random_requests_never_fail(client: TestClient) -> None:
    """The same ones in every run."""
    chance = random.Random(5)
    failures = []
    for _ in range(300):
        target = f"/{'/'.join(chance.choices(PARTS, k=chance.randint(1, 3)))}"
        target += f"?{'&'.join(f'{chance.choice(NAMES)}={chance.choice(VALUES)}' for _ in range(chance.randint(0, 4)))}"
        header = f"{chance.choice(HEADERS)}: {''.join(chance.choices(string.printable[:95], k=chance.randint(0, 30)))}"
        lines = f"{chance.choice(METHODS)} {target} HTTP/1.1", f"Host: {chance.choice(HOSTS)}", header, "", ""
        said = await raw(client, "\r\n".join(lines).encode("latin-1"))
        if not re.match(rb"HTTP/1\.[01] [2-4]\d\d ", said):
            failures.append((lines, said[:200]))

    assert not failures

"""Whose request it is, and how many one address may make."""

import time

import pytest
from aiohttp.test_utils import TestClient, make_mocked_request
from pytest_aiohttp.plugin import AiohttpClient

from autoleads import daemon
from autoleads.config import Config
from autoleads.errors import TooManyRequests
from autoleads.sql.pool import Database
from autoleads.web.visitors import Addresses, Limiter, group
from tests import make

PROXIES = ("10.0.0.0/8", "fd00::/8")


@pytest.mark.parametrize(
    ("peer", "forwarded", "visitor"),
    [
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "1.1.1.1, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "1.1.1.1, 198.51.100.1, 10.2.2.2", "198.51.100.1"),
        ("10.0.0.1", "10.3.3.3, 10.2.2.2", "10.3.3.3"),
        ("10.0.0.1", "198.51.100.1, nonsense", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.1, nonsense, 10.2.2.2", "10.2.2.2"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "::ffff:198.51.100.1", "::ffff:198.51.100.1"),
        ("fd00::1", "2001:db8::7", "2001:db8::7"),
        ("::ffff:10.0.0.1", "198.51.100.1", "198.51.100.1"),
    ],
)
def test_only_a_proxy_of_ours_is_believed_and_only_what_it_saw(peer: str, forwarded: str, visitor: str) -> None:
    request = make_mocked_request("GET", "/", headers={"X-Forwarded-For": forwarded} if forwarded else {})

    assert Addresses(PROXIES).of(request.clone(remote=peer)) == visitor
    assert Addresses(()).of(request.clone(remote=peer)) == peer


def test_headers_that_are_given_twice_are_one_list() -> None:
    request = make_mocked_request("GET", "/")
    headers = request.headers.copy()
    headers.add("X-Forwarded-For", "1.1.1.1")
    headers.add("X-Forwarded-For", "198.51.100.1")

    assert Addresses(PROXIES).of(request.clone(remote="10.0.0.1", headers=headers)) == "198.51.100.1"


def test_what_counts_as_one_visitor() -> None:
    assert group("2001:db8:1:2:3:4:5:6") == group("2001:db8:1:2::1") != group("2001:db8:1:3::1")
    assert group("::ffff:198.51.100.1") == group("198.51.100.1") != group("198.51.100.2")
    assert group("unknown") == "unknown"


def test_so_many_in_a_window_of_time_and_never_twice_as_many() -> None:
    limiter = Limiter(10, 60.0, visitors=100)
    admitted = []
    for tenth in range(6_000):  # ten a second for ten minutes
        now = 1_000 + tenth / 10
        try:
            limiter.admit("a", now)
        except TooManyRequests:
            continue
        admitted.append(now)

    assert 90 <= len(admitted) <= 110
    assert max(sum(start <= one < start + 60 for one in admitted) for start in admitted) < 20


def test_who_waits_as_long_as_told_is_admitted() -> None:
    limiter = Limiter(3, 60.0, visitors=100)
    now = 1_000.0
    for _ in range(200):
        try:
            told = limiter.admit("a", now)
            assert 0 <= int(told["X-RateLimit-Remaining"]) < 3
        except TooManyRequests as exc:
            wait = int(exc.headers["Retry-After"])
            assert 1 <= wait <= 60
            now += wait
            limiter.admit("a", now)
        now += 0.5


def test_invented_addresses_cost_no_memory_and_little_time() -> None:
    limiter = Limiter(100, 60.0, visitors=1_000)

    started = time.thread_time()
    for number in range(20_000):
        limiter.admit(group(f"2001:db8:{number % 65_536:x}::1"))
    took = time.thread_time() - started

    assert len(limiter) == 1_000
    assert took / 20_000 < 0.001  # some 10 microseconds of processor time


@pytest.fixture
async def strict(config: Config, aiohttp_client: AiohttpClient) -> TestClient:
    settings = {
        "DATABASE_URL": config.database.url,
        "AUTOLEADS_DATA_DIR": config.app.data_dir,
        "RATE_LIMIT_MAX_REQUESTS": "3",
        "AUTOLEADS_RATE_LIMIT_PAGES_FACTOR": "2",
        "AUTOLEADS_APP_TRUSTED_PROXIES": "127.0.0.0/8",
        "RATE_LIMIT_WINDOW_MS": "600000",
    }
    return await aiohttp_client(daemon.build(make.config(**settings)))


async def test_the_api_says_when_to_come_again(strict: TestClient, database: Database) -> None:
    tenant_id = await make.sample(database)
    host = await make.host_of(database, tenant_id)
    headers = {"Host": host, "X-Forwarded-For": "198.51.100.1"}

    answers = [await strict.get("/api/cars", headers=headers) for _ in range(4)]
    other = await strict.get("/api/cars", headers={**headers, "X-Forwarded-For": "198.51.100.2"})

    assert [answer.status for answer in answers] == [200, 200, 200, 429]
    assert [answer.headers["X-RateLimit-Remaining"] for answer in answers] == ["2", "1", "0", "0"]
    assert answers[0].headers["X-RateLimit-Limit"] == "3"
    assert 1 <= int(answers[3].headers["Retry-After"]) <= 1_200
    assert (await answers[3].json())["error"]["code"] == "too_many_requests"
    assert answers[3].headers["Access-Control-Allow-Origin"] == "*"
    assert other.status == 200


async def test_pages_are_generous_and_what_machines_need_is_free(strict: TestClient, database: Database) -> None:
    tenant_id = await make.sample(database)
    host = await make.host_of(database, tenant_id)
    headers = {"Host": host, "X-Forwarded-For": "198.51.100.1"}

    pages = [await strict.get("/mobil", headers=headers) for _ in range(7)]
    free = [
        await strict.get(path, headers=headers)
        for path in ("/health", "/webhook/fonnte", "/uploads/cars/1/x.jpg")
        for _ in range(8)
    ]

    assert [page.status for page in pages] == [200] * 6 + [429]
    assert "Terlalu banyak permintaan" in await pages[6].text()
    assert int(pages[6].headers["Retry-After"]) >= 1
    assert 429 not in {answer.status for answer in free}

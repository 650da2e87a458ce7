"""Downloads over real HTTP: what comes, how much of it, and from where it never does."""

import asyncio
import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from autoleads.errors import MediaError, MediaRefused, MediaUnavailable
from autoleads.media.fetch import Fetcher, is_public, open_fetcher
from tests.patience import PATIENCE_S
from tests.standins import Fault, FileStandin

FILE = bytes(range(256)) * 400


class Pointing(AbstractResolver):
    """A name server of the attacker's: another answer each time."""

    def __init__(self, *addresses: str) -> None:
        self._addresses = list(addresses)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        address = self._addresses.pop(0)
        found = socket.AF_INET6 if ":" in address else socket.AF_INET
        return [ResolveResult(hostname=host, host=address, port=port, family=found, proto=0, flags=0)]

    async def close(self) -> None:
        pass


@pytest.fixture
async def guarded() -> AsyncIterator[Fetcher]:
    async with open_fetcher(reachable=is_public) as fetcher:
        yield fetcher


async def get(fetcher: Fetcher, url: str, **options: Any) -> bytes:
    return await fetcher.fetch(url, **{"most_bytes": 10**6, "timeout": PATIENCE_S, **options})


async def reason(fetcher: Fetcher, url: str, kind: type[MediaError], **options: Any) -> str:
    with pytest.raises(kind) as caught:
        await get(fetcher, url, **options)
    return caught.value.reason


async def test_a_file_comes_as_it_is(fetcher: Fetcher, files: FileStandin) -> None:
    assert await get(fetcher, files.put("a.jpg", FILE)) == FILE
    assert await get(fetcher, files.put("empty", b"")) == b""


async def test_a_file_that_is_too_large_is_not_read(fetcher: Fetcher, files: FileStandin) -> None:
    url = files.put("a.jpg", FILE)

    assert await get(fetcher, url, most_bytes=len(FILE)) == FILE
    assert await reason(fetcher, url, MediaRefused, most_bytes=len(FILE) - 1) == "too_large"


async def test_a_file_without_an_end_is_cut_off(fetcher: Fetcher, files: FileStandin) -> None:
    files.once(Fault(name="endless"))

    assert await reason(fetcher, files.put("a.jpg", FILE), MediaRefused, most_bytes=300_000) == "too_large"


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault(name="http", status=404), "http"),
        (Fault(name="http", status=503), "http"),
        (Fault(name="http", status=204), "http"),
        (Fault(name="drop"), "connection"),
        (Fault(name="half"), "connection"),
        (Fault(name="hang"), "timeout"),
    ],
)
async def test_what_may_work_later_says_so(fetcher: Fetcher, files: FileStandin, fault: Fault, expected: str) -> None:
    url = files.put("a.jpg", FILE)
    files.fault = fault
    timeout = 0.1 if fault.name == "hang" else PATIENCE_S

    assert await reason(fetcher, url, MediaUnavailable, timeout=timeout) == expected
    files.reset()
    assert await get(fetcher, url) == FILE


async def test_nobody_there_may_be_there_later(fetcher: Fetcher) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]

        assert await reason(fetcher, f"http://127.0.0.1:{port}/a", MediaUnavailable) == "connection"


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "127.1", "2130706433", "[::ffff:127.0.0.1]", "user:word@127.0.0.1", "0.0.0.0"],
)
async def test_this_machine_is_not_asked(guarded: Fetcher, files: FileStandin, host: str) -> None:
    with pytest.raises(MediaError):
        await get(guarded, f"http://{host}:{files.port}/a.jpg")

    assert files.arrived == 0


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1/a", "http://[::1]/a", "http://10.1.2.3/", "http://192.168.0.1/", "http://172.16.9.9:8080/x",
     "http://169.254.169.254/latest/meta-data/", "https://100.64.0.1/", "http://[fd00::1]/", "http://[fe80::1]/",
     "http://[::ffff:10.0.0.1]/", "http://[64:ff9b::a00:1]/", "http://[2002:a00:1::]/", "http://224.0.0.1/"],
)  # fmt: skip
async def test_private_addresses_are_refused_for_good(guarded: Fetcher, url: str) -> None:
    assert await reason(guarded, url, MediaRefused) == "address"


@pytest.mark.parametrize(
    "url",
    ["", "foto.jpg", "//example.test/a", "file:///etc/passwd", "ftp://example.test/a", "data:image/png;base64,AA",
     "http://", "http:///a", "http://[", "gopher://127.0.0.1:6379/_SET", "javascript:alert(1)", "http://a:99999/"],
)  # fmt: skip
async def test_what_is_no_web_address_is_refused(fetcher: Fetcher, url: str) -> None:
    assert await reason(fetcher, url, MediaRefused) == "address"


async def test_a_name_that_points_inside_is_refused(files: FileStandin) -> None:
    for address in ("127.0.0.1", "::1", "10.0.0.5"):
        async with open_fetcher(reachable=is_public, resolver=Pointing(address)) as fetcher:
            assert await reason(fetcher, f"http://photos.example:{files.port}/a.jpg", MediaRefused) == "address"

    assert files.arrived == 0


async def test_a_name_that_points_inside_the_second_time_is_refused(files: FileStandin) -> None:
    """The address that is connected to counts, not one that the name had a moment ago."""
    url = f"http://photos.example:{files.port}/a.jpg"
    files.put("a.jpg", FILE)
    async with open_fetcher(
        reachable=lambda address: address == "127.0.0.1", resolver=Pointing("127.0.0.1", "127.0.0.2")
    ) as fetcher:
        files.once(Fault(name="redirect", text=url.replace("photos", "other")))

        assert await reason(fetcher, url, MediaRefused) == "address"

    assert files.arrived == 1


@pytest.mark.parametrize("target", ["http://127.0.0.2:{port}/a.jpg", "http://[::1]:{port}/a.jpg", "file:///etc/passwd"])
async def test_a_redirect_leads_no_further_than_an_address(files: FileStandin, target: str) -> None:
    url = files.put("a.jpg", FILE)
    async with open_fetcher(reachable=lambda address: address == "127.0.0.1") as fetcher:
        files.once(Fault(name="redirect", text=target.format(port=files.port)))

        assert await reason(fetcher, url, MediaRefused) == "address"

    assert files.arrived == 1


async def test_redirects_come_to_an_end(fetcher: Fetcher, files: FileStandin) -> None:
    url = files.put("a.jpg", FILE)
    files.once(*[Fault(name="redirect", text=url)] * 2)

    assert await get(fetcher, url) == FILE
    files.once(*[Fault(name="redirect", text=url)] * 9)
    assert await reason(fetcher, url, MediaRefused) == "address"


async def test_many_at_once(fetcher: Fetcher, files: FileStandin) -> None:
    urls = [files.put(f"{number}.jpg", FILE + bytes([number])) for number in range(20)]

    assert await asyncio.gather(*(get(fetcher, url) for url in urls)) == [FILE + bytes([n]) for n in range(20)]


@pytest.mark.parametrize(
    ("address", "expected"),
    [("8.8.8.8", True), ("103.52.212.50", True), ("2606:4700::1111", True), ("64:ff9b::808:808", True),
     ("127.0.0.1", False), ("0.0.0.0", False), ("255.255.255.255", False), ("192.0.2.1", False), ("::", False),
     ("::ffff:8.8.8.8", True), ("::ffff:192.168.1.1", False), ("fe80::1%eth0", False), ("ff02::1", False),
     ("2002:c0a8:101::1", False), ("2001:0:4136:e378:8000:63bf:3fff:fdd2", False)],
)  # fmt: skip
def test_which_addresses_are_public(address: str, expected: bool) -> None:
    assert is_public(address) is expected

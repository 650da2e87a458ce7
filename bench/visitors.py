"""Load on a catalogue: wrk for as much as goes, and visitors who look around at a pace of their own."""

import asyncio
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson

ROOT = Path(__file__).parent
Address = tuple[str, str]  # host, path


@dataclass(frozen=True, slots=True)
class Rate:
    per_s: float
    bytes_each: float
    p95_ms: float
    failed: int  # answers that are not 2xx or 3xx, and connections that broke


async def hammer(port: int, addresses: Sequence[Address], folder: Path, *, seconds: float, connections: int) -> Rate:
    """Closed loop over keep-alive connections from core 1, the addresses in turn."""
    listed = folder / "visits.txt"
    listed.write_text("".join(f"{host} {path}\n" for host, path in addresses))
    command = ["taskset", "-c", "1", "wrk", "-t1", f"-c{connections}", f"-d{seconds:g}s", "--timeout", "10s",
               "-s", str(ROOT / "visits.lua"), f"http://127.0.0.1:{port}", "--", str(listed)]  # fmt: skip
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    try:
        async with asyncio.timeout(seconds + 30):
            out, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    seen = orjson.loads(out.rstrip().rsplit(b"\n", 1)[-1])
    asked = max(1, seen["requests"])
    return Rate(
        per_s=seen["requests"] / seen["us"] * 1e6,
        bytes_each=seen["bytes"] / asked,
        p95_ms=seen["p95_us"] / 1e3,
        failed=seen["bad"] + seen["broken"],
    )


class _Answer(asyncio.Protocol):
    """One keep-alive connection; tells when the first byte came and when the body was whole."""

    def __init__(self) -> None:
        self.first: float | None = None
        self.data = bytearray()
        self.whole: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    def expect(self) -> None:
        self.first, self.data = None, bytearray()
        self.whole = asyncio.get_running_loop().create_future()

    def data_received(self, data: bytes) -> None:
        if self.first is None:
            self.first = time.perf_counter()
        self.data += data
        head, found, body = bytes(self.data).partition(b"\r\n\r\n")
        if not found or self.whole.done():
            return
        fields = dict(line.split(b": ", 1) for line in head.lower().split(b"\r\n")[1:])
        length = fields.get(b"content-length")
        if len(body) == int(length) if length is not None else body.endswith(b"0\r\n\r\n"):
            self.whole.set_result(bytes(self.data))

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.whole.done():
            self.whole.set_exception(exc or ConnectionError("closed in the middle"))
            self.whole.exception()


async def fetch(port: int, addresses: Sequence[Address]) -> list[bytes]:
    """Head and body of each as they came, one after the other over one connection."""
    transport, answer = await asyncio.get_running_loop().create_connection(_Answer, "127.0.0.1", port)
    got = []
    try:
        for host, path in addresses:
            answer.expect()
            transport.write(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
            got.append(await asyncio.wait_for(answer.whole, 10))
    finally:
        transport.close()
    return got


async def wander(
    port: int, visits: Sequence[Sequence[Address]], *, people: int, seconds: float, think_s: float
) -> tuple[list[float], int]:
    """Seconds to the first byte of every page, from connecting or asking; and how many answers were not 200.

    Each of the people takes one visit after the other: connects, opens its pages with a pause after each that is
    `think_s` on average, and leaves.
    """
    rng, loop = random.Random(1), asyncio.get_running_loop()
    first_bytes: list[float] = []
    bad = 0
    end = time.perf_counter() + seconds

    async def person() -> None:
        nonlocal bad
        await asyncio.sleep(rng.random() * think_s)
        while time.perf_counter() < end:
            asked = time.perf_counter()
            transport, answer = await loop.create_connection(_Answer, "127.0.0.1", port)
            for host, path in rng.choice(visits):
                answer.expect()
                transport.write(
                    f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept-Encoding: gzip, deflate, br\r\n\r\n".encode()
                )
                whole = await asyncio.wait_for(answer.whole, 10)
                assert answer.first is not None
                first_bytes.append(answer.first - asked)
                bad += not whole.startswith(b"HTTP/1.1 200 ")
                await asyncio.sleep(rng.expovariate(1 / think_s))
                asked = time.perf_counter()
            transport.close()

    await asyncio.gather(*(person() for _ in range(people)))
    return first_bytes, bad

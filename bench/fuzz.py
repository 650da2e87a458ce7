"""Random requests over the public surface: none is answered with 500 or more, or with another showroom's data.

Two showrooms with the same codes and addresses of cars; words that no request contains tell whose data an answer
shows, and a plate in every car must be in none. Requests come from strategies of hypothesis, bytes on a socket.
"""

import argparse
import asyncio
import multiprocessing
import re
import socket
import struct
import zlib
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import aiohttp
import orjson
import uvloop
from hypothesis import HealthCheck, Phase, given, seed, settings

from bench.fuzz_requests import ANY, CAR, SLUGS, Sent
from bench.lab import LIFTED, Edges, Lab, Machine, Process, Verdicts, lab
from tests import make

# In the showroom's name and in the notes of its cars. Put together here, for hypothesis tries words it finds in code.
_MARKS = {slug: f"Zq{slug[:5]}".encode() for slug in SLUGS}
_PLATE = re.compile(rb"4711\W{0,3}ZQX", re.IGNORECASE)
_NO_LINGER = struct.pack("ii", 1, 0)  # or fifty thousand closed connections use up the ports
_PATIENCE_S, _BRIEF_S = 10.0, 0.05
_SHOWN = 5
_PLAIN_FAULTS = (
    "answered with 500 or more",
    "not answered in time",
    "closed without an answer",
    "a plate in the answer",
)
_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3}) ")


@dataclass
class Found:
    statuses: Counter[str] = field(default_factory=Counter)
    wrong: dict[str, list[str]] = field(default_factory=dict)
    sent: int = 0

    def note(self, what: str, request: bytes) -> None:
        self.wrong.setdefault(what, []).append(_shown(request))

    def add(self, other: "Found") -> None:
        self.statuses.update(other.statuses)
        self.sent += other.sent
        for what, requests in other.wrong.items():
            self.wrong.setdefault(what, []).extend(requests)


def _shown(request: bytes) -> str:
    """Readable, what is repeated only once."""
    return re.sub(r"(.)\1{20,}", lambda run: f"{run[1]}...({len(run[0])} times)...", repr(request)[2:-1])


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=50_000)
    parser.add_argument("--senders", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    verdict, machine = Verdicts(), Machine()
    async with lab() as one:
        daemon = await _daemon(one)
        port = urlsplit(daemon.url).port or 0
        await _check_marks(port, verdict)
        found = await _send(port, options)
        await _judge(found, daemon, verdict)
    print(machine)
    verdict.exit()


async def _daemon(one: Lab) -> Process:
    for slug, mark in _MARKS.items():
        word = mark.decode()
        tenant_id = await make.tenant(one.database, slug=slug, name=f"{word} Motor", address=f"Jl. {word} 1")
        rows = [
            make.car_row(
                plate="L 4711 ZQX" if n == 1 else f"L 471{n} ZQX", plate_clean=f"L471{n}ZQX", notes=f"Milik {word}",
                display_code=f"#A{n:02d}",
            )
            for n in range(1, 9)
        ]  # fmt: skip
        await make.cars(one.database, tenant_id, *rows)
        await make.branch(one.database, tenant_id, f"{word} Pusat")
        await make.user(one.database, tenant_id)
    edges = Edges(Process((), {}, ""), "http://127.0.0.1:9", "http://127.0.0.1:9")
    daemon = one.daemon(edges, RATE_LIMIT_MAX_REQUESTS="1000000000", **LIFTED)
    daemon.environ = {**daemon.environ, "APP_URL": "http://localhost"}
    await daemon.start()
    return daemon


async def _check_marks(port: int, verdict: Verdicts) -> None:
    """A showroom's own answer must carry its mark, or their absence elsewhere would say nothing."""
    async with aiohttp.ClientSession() as http:
        for slug, mark in _MARKS.items():
            url = f"http://127.0.0.1:{port}/api/cars/{CAR}"
            async with http.get(url, headers={"Host": f"{slug}.localhost"}) as response:
                good = response.status == 200 and _marks(await response.read()) == {slug}
            verdict(f"{slug}: its own car is shown with {mark.decode()}", good)


async def _send(port: int, options: argparse.Namespace) -> Found:
    found = Found()
    each = -(-options.requests // options.senders)
    with ProcessPoolExecutor(options.senders, mp_context=multiprocessing.get_context("spawn")) as pool:
        loop = asyncio.get_running_loop()
        work = [loop.run_in_executor(pool, fuzz, port, each, options.seed + n) for n in range(options.senders)]
        for done in asyncio.as_completed(work):
            found.add(await done)
    return found


def fuzz(port: int, count: int, number: int) -> Found:
    """In a process of its own."""
    found = Found()

    @seed(number)
    @settings(max_examples=count, database=None, deadline=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(ANY)
    def run(request: Sent) -> None:
        found.sent += 1
        _look(request, _exchange(port, request), found)

    run()
    return found


def _exchange(port: int, request: Sent) -> bytes | None:
    """What came until the server closed; None when it did not within the time that a whole request may take."""
    with socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE_S) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        answer = bytearray()
        try:
            connection.sendall(request.data)
            connection.settimeout(_PATIENCE_S if request.whole else _BRIEF_S)
            while part := connection.recv(2**16):
                answer += part
        except TimeoutError:
            return None if request.whole else bytes(answer)
        except ConnectionError:
            pass  # closed while we were still sending
        return bytes(answer)


def _look(request: Sent, answer: bytes | None, found: Found) -> None:
    if answer is None:
        found.note("not answered in time", request.data)
        return
    statuses = [int(status) for status in _STATUS.findall(answer)] if answer.startswith(b"HTTP/1.") else []
    found.statuses.update(map(str, statuses) if statuses else ["closed" if request.whole else "dropped"])
    if request.whole and not statuses:
        found.note("closed without an answer", request.data)
    if any(status >= 500 for status in statuses):
        found.note("answered with 500 or more", request.data)
    body = _unpacked(answer)
    if _PLATE.search(body):
        found.note("a plate in the answer", request.data)
    marks = _marks(body)
    # Damage may make two requests of one, so only a whole one has one answer.
    if (request.whole and len(marks) > 1) or marks - _addressed(request.data):
        found.note(f"data of {', '.join(sorted(marks))} in the answer", request.data)


def _marks(body: bytes) -> set[str]:
    return {slug for slug, mark in _MARKS.items() if mark in body}


def _addressed(request: bytes) -> set[str]:
    """The showrooms that a request may be meant for: what stands in a header about proxies is not ours to believe.
    An empty line before the request is nothing (RFC 9112, 2.2)."""
    first, _, rest = request.lstrip(b"\r\n").partition(b"\n")
    hosts = [line for line in rest.split(b"\n") if line.lower().startswith(b"host")]
    named = b" ".join([first, *hosts]).lower()
    return {slug for slug in SLUGS if slug.encode() in named}


def _unpacked(answer: bytes) -> bytes:
    """Head and body, and the body once more as it was before compression."""
    head, _, body = answer.partition(b"\r\n\r\n")
    start = body.find(b"\x1f\x8b")
    if b"content-encoding" in head.lower() and start >= 0:
        return answer + zlib.decompressobj(31).decompress(body[start:])
    return answer


async def _judge(found: Found, daemon: Process, verdict: Verdicts) -> None:
    print(f"{found.sent} requests: " + ", ".join(f"{n} x {status}" for status, n in found.statuses.most_common()))
    for what in (
        "answered with 500 or more",
        "not answered in time",
        "closed without an answer",
        "a plate in the answer",
    ):
        verdict(f"{what}: {len(found.wrong.get(what, []))} (0)", what not in found.wrong)
    foreign = [what for what in found.wrong if what.startswith("data of")]
    verdict(f"answers with another showroom's data: {sum(len(found.wrong[w]) for w in foreign)} (0)", not foreign)
    for what, requests in found.wrong.items():
        for request in sorted(requests, key=len)[:_SHOWN]:
            print(f"        {what}: {request}")
    assert daemon.log is not None
    errors = [
        entry for line in daemon.log.read_bytes().splitlines() if (entry := orjson.loads(line))["level"] == "ERROR"
    ]
    by_logger = Counter(entry["logger"] for entry in errors)
    verdict(f"errors in the daemon's log: {dict(by_logger)} (none)", not errors)
    ends = Counter(entry.get("exception", entry["message"]).rstrip()[-400:] for entry in errors)
    ours = [entry["exception"] for entry in errors if entry["logger"].startswith("autoleads") and "exception" in entry]
    for text in [*dict.fromkeys(ours), *(end for end, _ in ends.most_common())][:_SHOWN]:
        print(f"        {text[-1500:]}")
    async with aiohttp.ClientSession() as http, http.get(daemon.url + "/ready") as response:
        verdict(f"ready afterwards: {response.status} (200)", response.status == 200)


if __name__ == "__main__":
    uvloop.run(main())

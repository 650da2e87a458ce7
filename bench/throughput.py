"""Webhook to reply sent: messages a second on one core, beside the yardsticks of the shared folder.

A round is closed-loop per conversation: a sender writes again when its reply has arrived at the gateway. The
server has core 0 to itself, the load and the stand-ins core 1; PostgreSQL may use both.
"""

import argparse
import asyncio
import contextlib
import os
import sys
import time
from collections.abc import AsyncIterator

import aiohttp
import orjson
import psutil
import uvloop
from aiohttp import web

from bench import yardsticks
from bench.lab import LIFTED, Edges, Lab, Process, lab, spread


class Load:
    """The gateway and the model at 0 ms, and the senders, in one loop: a reply wakes its sender at once."""

    def __init__(self) -> None:
        self.waiting: dict[str, asyncio.Future[float]] = {}
        self.model_calls = 0

    async def gemini(self, request: web.Request) -> web.Response:
        await request.read()
        self.model_calls += 1
        return web.Response(body=_MODEL_ANSWER, content_type="application/json")

    async def send(self, request: web.Request) -> web.Response:
        form = await request.post()
        future = self.waiting.pop(str(form["target"]), None)
        if future is not None and not future.done():
            future.set_result(time.perf_counter())
        return web.Response(body=_GATEWAY_ANSWER, content_type="application/json")

    @contextlib.asynccontextmanager
    async def serving(self, gemini_port: int, fonnte_port: int) -> AsyncIterator[None]:
        runners = []
        for port, routes in (
            (gemini_port, [web.post("/{tail:.*}", self.gemini)]),
            (fonnte_port, [web.post("/send", self.send)]),
        ):
            app = web.Application()
            app.add_routes(routes)
            runner = web.AppRunner(app, access_log=None)
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", port, backlog=1024).start()
            runners.append(runner)
        yield
        for runner in runners:
            await runner.cleanup()

    async def round(self, url: str, device: str, count: int, senders: int, prefix: str) -> tuple[float, list[float]]:
        """Messages a second, and seconds from the post to the reply's arrival."""
        numbers, seconds = iter(range(count)), []
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(connector=connector) as http:

            async def sender(n: int) -> None:
                target = f"{prefix}{n:05d}"
                for i in numbers:
                    future = self.waiting[target] = asyncio.get_running_loop().create_future()
                    body = {"device": device, "sender": target, "message": "Ada Avanza 2020?", "name": "Budi",
                            "timestamp": int(time.time()), "inboxid": i + 1}  # fmt: skip
                    started = time.perf_counter()
                    async with http.post(url, json=body) as response:
                        await response.read()
                        assert response.status == 200, response.status
                    seconds.append(await asyncio.wait_for(future, 20) - started)

            started = time.perf_counter()
            await asyncio.gather(*(sender(n) for n in range(senders)))
            return count / (time.perf_counter() - started), seconds


_TEXT = "Halo! Ada nih Toyota Avanza 2020 #A01, harganya Rp 185.000.000. Mau lihat langsung?"
_MODEL_ANSWER = orjson.dumps(
    {
        "candidates": [{"content": {"role": "model", "parts": [{"text": _TEXT}]}, "finishReason": "STOP", "index": 0}],
        "usageMetadata": {"promptTokenCount": 100, "candidatesTokenCount": 20, "totalTokenCount": 120},
    }
)
_GATEWAY_ANSWER = b'{"detail":"success! message in queue","id":["1"],"process":"pending","status":true,"target":["x"]}'


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=4000)
    parser.add_argument("--senders", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--compose", default="auto", choices=("auto", "always", "never"))
    parser.add_argument("--only", default="ours,floor,peer")
    parser.add_argument("--profile", default="", help="a file for the server's profile")
    options = parser.parse_args()
    os.sched_setaffinity(0, {1})
    async with lab() as one:
        load = Load()
        floor_ports = (9901, 9902)  # the yardsticks know these two
        async with load.serving(*floor_ports):
            rates: dict[str, list[float]] = {}
            sides = [s for s in options.only.split(",") if s]
            processes = {}
            for side in sides:
                processes[side] = await _side(one, side, options.compose, options.profile)
            for n in range(options.rounds):
                for side, (process, device) in processes.items():
                    before, cpu = load.model_calls, _cpu(process.pid)
                    rate, seconds = await load.round(
                        process.url + "/webhook/fonnte", device, options.messages, options.senders, f"6281{n}"
                    )
                    rates.setdefault(side, []).append(rate)
                    used = [
                        (now - then) / options.messages * 1e3 for now, then in zip(_cpu(process.pid), cpu, strict=True)
                    ]
                    print(
                        f"{side:6} {rate:7.0f} msg/s  reply {spread(seconds)}  model calls {load.model_calls - before}"
                        f"  cpu ms/msg: server {used[0]:.2f} postgres {used[1]:.2f} load {used[2]:.2f}",
                        flush=True,
                    )
            for process, _ in processes.values():
                await process.stop()
    best = {side: sorted(values)[len(values) // 2] for side, values in rates.items()}
    for side, rate in best.items():
        if side != "ours" and "ours" in best:
            print(f"median: ours / {side} = {best['ours'] / rate:.2f}")


def _cpu(pid: int) -> tuple[float, float, float]:
    """Seconds of processor so far: the server, every PostgreSQL process under our database, this process."""

    def of(process: psutil.Process) -> float:
        with contextlib.suppress(psutil.Error):
            return sum(process.cpu_times()[:2])
        return 0.0

    ours = [p for p in psutil.process_iter(["name"]) if p.info["name"] == "postgres"]
    return of(psutil.Process(pid)), sum(map(of, ours)), of(psutil.Process())


async def _side(one: Lab, side: str, compose: str, profile: str) -> tuple[Process, str]:
    if side == "ours":
        edges = Edges(Process((), {}, ""), "http://127.0.0.1:9901", "http://127.0.0.1:9902")
        device = (await one.showrooms(30))[0]
        process = one.daemon(edges, core=0, AUTOLEADS_MODEL_COMPOSE=compose, **LIFTED, AUTOLEADS_BOT_QUIET_WINDOW_S="0")
        if profile:
            process.command = [sys.executable, "-m", "bench.profiled", profile, "run"]
        await process.start()
        return process, device
    return await yardsticks.start(one, side), "6281100000001"


if __name__ == "__main__":
    uvloop.run(main())

"""Runs the daemon and notes whenever its loop comes back late: python -m bench.watched FILE.

A line a pause: time.time() of its end, its seconds, and what the loop's own thread worked meanwhile; the rest it waited
for a core that others had.
"""

import asyncio
import os
import sys
import time
from pathlib import Path
from typing import NamedTuple, TextIO

from aiohttp import web

from autoleads import daemon, logs
from autoleads.config import load_config

_EVERY_S = 0.002
_WORTH_NOTING_S = 0.005
_WATCH = web.AppKey("watch", asyncio.Task[None])


class Pause(NamedTuple):
    ended: float
    seconds: float
    worked: float

    def __str__(self) -> str:
        return f"{self.seconds * 1000:.1f} ms (of work {self.worked * 1000:.1f})"


def pauses(file: Path, since: float) -> list[Pause]:
    found = [Pause(*map(float, line.split())) for line in file.read_text().splitlines()]
    return [one for one in found if one.ended >= since] or [Pause(since, 0.0, 0.0)]


async def watch(out: TextIO) -> None:
    while True:
        before, worked = time.perf_counter(), time.thread_time()
        await asyncio.sleep(_EVERY_S)
        late = time.perf_counter() - before - _EVERY_S
        if late >= _WORTH_NOTING_S:
            print(time.time(), late, time.thread_time() - worked, file=out, flush=True)


def main(file: Path) -> None:
    config = load_config(None, os.environ)
    logs.setup(config.log.level, config.log.format, config.secrets())
    with file.open("w") as out:

        async def prepare(app: web.Application) -> None:
            app[_WATCH] = asyncio.create_task(watch(out))

        daemon.run(config, prepare=prepare)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""The servers of the shared folder to measure against: `peer`, a common stack, and `floor`, the least possible."""

import os
import sys
from pathlib import Path

import asyncpg

from bench.lab import Lab, Process, free_port

SHARED = Path(os.environ.get("AUTOLEADS_SHARED", Path(__file__).parent.parent.parent / "shared"))


async def start(one: Lab, side: str, *, core: int = 0) -> Process:
    """With the shared seed in a database of its own, named like the side."""
    dsn = await one.another_database(side)
    db = await asyncpg.connect(dsn)
    await db.execute((SHARED / "bench/peer-hono-prisma/seed.sql").read_text())
    await db.close()
    port = free_port()
    if side == "floor":
        command, ready = [sys.executable, str(SHARED / "bench/limit.py")], "/static-json"
    else:
        folder = Path(os.environ["BENCH_PEER"])  # a copy of peer-hono-prisma after npm install and prisma generate
        command, ready = [str(folder / "node_modules/.bin/bun"), str(folder / "server.tsx")], "/health"
    process = Process(
        command, {"DATABASE_URL": dsn, "PORT": str(port)}, f"http://127.0.0.1:{port}", core=core,
        log=one.folder / f"{side}.log",
    )  # fmt: skip
    one.children.append(process)
    await process.start(ready=ready, timeout_s=60)
    return process

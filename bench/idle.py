"""Memory at rest: daemon and embedded PostgreSQL together, and what 100,000 known conversations add to the daemon."""

import argparse
import asyncio
import contextlib
import os
import re
import shutil
import sys
import tempfile
from collections import defaultdict
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import uvloop

from autoleads.embedded import running
from bench.lab import Process, Verdicts, descendants, free_port

_MOST_MB = 200.0
_NOISE_MB = 3.0  # two starts of the same daemon differ by about one


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--conversations", type=int, default=100_000)
    parser.add_argument("--rest", type=float, default=10, help="seconds from ready to the measurement")
    options = parser.parse_args()
    verdict = Verdicts()
    folder = Path(tempfile.mkdtemp(prefix="autoleads-bench-"))
    try:
        async with _daemon(folder):
            pass  # makes the database, which later starts find
        before = await _rest(folder, options.rest)
        _show("empty", before)
        await _fill(folder, options.conversations)
        after = await _rest(folder, options.rest)
        _show(f"{options.conversations} conversations", after)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    total = sum(before.values())
    verdict(f"daemon plus PostgreSQL at rest: {total:.0f} MB (<= {_MOST_MB:.0f} MB)", total <= _MOST_MB)
    total = sum(after.values())
    verdict(f"the same with {options.conversations} conversations: {total:.0f} MB", total <= _MOST_MB)
    added = after["daemon"] - before["daemon"]
    verdict(f"added to the daemon: {added:+.1f} MB (<= {_NOISE_MB:g} MB of noise)", added <= _NOISE_MB)
    verdict.exit()


@contextlib.asynccontextmanager
async def _daemon(folder: Path) -> AsyncIterator[Process]:
    port = free_port()
    environ = {"DATABASE_URL": "", "APP_PORT": str(port), "AUTOLEADS_DATA_DIR": str(folder), "GEMINI_API_KEY": "key",
               "FONNTE_API_TOKEN": "token", "AUTOLEADS_LOG_LEVEL": "WARNING"}  # fmt: skip
    command = [sys.executable, "-m", "autoleads", "run"]
    process = Process(command, environ, f"http://127.0.0.1:{port}", log=folder.with_suffix(".log"))
    try:
        print(f"ready in {await process.start(timeout_s=60):.2f} s")
        yield process
    finally:
        await process.stop()
        assert process.log is not None
        process.log.unlink(missing_ok=True)


async def _rest(folder: Path, rest_s: float) -> dict[str, float]:
    """MB by kind of process: of the daemon all it has mapped (RSS), because what it shares with this drill must not
    count half; of PostgreSQL's processes, which share their buffers, each its part (PSS)."""
    async with _daemon(folder) as daemon:
        await asyncio.sleep(rest_s)
        return memory(daemon.pid)


def memory(root: int) -> dict[str, float]:
    used: dict[str, float] = defaultdict(float)
    for pid in [root, *descendants(root)]:
        name = "daemon" if pid == root else Path(f"/proc/{pid}/comm").read_text().strip()
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        match = re.search(rf"^{'Rss' if pid == root else 'Pss'}:\s+(\d+) kB", rollup, re.MULTILINE)
        assert match is not None
        used[name] += int(match[1]) / 1024
    assert "postgres" in used, f"no PostgreSQL among the processes of {root}: {dict(used)}"
    return dict(used)


def _show(what: str, used: dict[str, float]) -> None:
    parts = "  ".join(f"{name} {mb:.1f}" for name, mb in sorted(used.items()))
    print(f"{what}: {parts}  MB", flush=True)


async def _fill(folder: Path, count: int) -> None:
    """Showrooms with customers who wrote and were answered long ago."""
    async with running(folder) as server:
        db = await asyncpg.connect(server.dsn("autoleads", "postgres"))
        await db.execute(_KNOWN.format(count=count))
        stored = await db.fetchval("SELECT count(*) FROM conversation")
        await db.execute("VACUUM ANALYZE")
        await db.close()
    print(f"{stored} conversations in the database, {os.path.basename(folder)}")


_KNOWN = """
    INSERT INTO tenant (id, name, slug) SELECT n, 'Showroom ' || n, 'showroom-' || n FROM generate_series(1001, 1010) n;
    INSERT INTO device (tenant_id, id, number) SELECT n, n, '628110000' || n FROM generate_series(1001, 1010) n;
    INSERT INTO conversation (tenant_id, id, device_id, channel, external_id, phone, name, last_inbox_id, done_inbox_id,
                              last_inbox_at)
    SELECT 1001 + n % 10, n, 1001 + n % 10, 'fonnte', '62813' || n + 10000000, '62813' || n + 10000000, 'Budi', n, n,
           now() - interval '1 day'
    FROM generate_series(1, {count}) n;
    INSERT INTO inbox (tenant_id, conversation_id, id, dedupe_key, kind, body)
    SELECT 1001 + n % 10, n, n, 'inbox:' || n, 'text', 'Ada Avanza 2020?' FROM generate_series(1, {count}) n;
    INSERT INTO outbox (tenant_id, conversation_id, id, kind, covers_from, covers_to, body, state, sent_at)
    SELECT 1001 + n % 10, n, n, 'reply', n, n, 'Ada Kak, Avanza 2020 #A01 Rp 185.000.000', 'sent', now()
    FROM generate_series(1, {count}) n;
    INSERT INTO message (tenant_id, conversation_id, id, sender, body, inbox_id)
    SELECT 1001 + n % 10, n, n, 'customer', 'Ada Avanza 2020?', n FROM generate_series(1, {count}) n"""


if __name__ == "__main__":
    uvloop.run(main())

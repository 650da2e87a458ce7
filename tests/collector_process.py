"""A collector as a process of its own, to be killed: `python -m tests.collector_process DSN FOLDER`."""

import asyncio
import sys
from pathlib import Path

from autoleads.bot.attachments import Collector, Limits
from autoleads.media.fetch import anywhere, open_fetcher
from autoleads.media.storage import LocalStorage
from autoleads.media.workshop import open_workshop
from autoleads.sql.pool import open_database
from tests.patience import PATIENCE_S


def limits(*, hold_s: float = 600, slots: int = 4, poll_s: float = 60) -> Limits:
    return Limits(
        most_bytes=10 * 2**20,
        most_list_bytes=2**18,
        fetch_timeout_s=PATIENCE_S,
        give_up_s=1700,
        hold_s=hold_s,
        slots=slots,
        variant_slots=2,
        poll_s=poll_s,
    )


async def _run(dsn: str, folder: Path) -> None:
    async with (
        open_database(dsn, size_min=1, size_max=4, slow_query_s=5) as database,
        open_fetcher(reachable=anywhere) as fetcher,
        open_workshop(workers=1, timeout_s=PATIENCE_S, most_pixels=50_000_000) as workshop,
    ):
        await Collector(database, fetcher, workshop, LocalStorage(folder), limits=limits()).run()


if __name__ == "__main__":
    asyncio.run(_run(sys.argv[1], Path(sys.argv[2])))

"""Photos that were sent for a car and are in none: uploads that were left, photos that were taken out, deleted cars.
And files that no row names: of processes that were killed between a file and its row, of deleted conversations."""

import asyncio
import logging

from autoleads.media.photos import file_names, original_of
from autoleads.media.storage import Storage, folders
from autoleads.sql import carphotos, tenants
from autoleads.sql.pool import Database
from autoleads.types import TenantId

log = logging.getLogger(__name__)

_EVERY_S = 3_600.0
_HOURS = 24.0  # what was changed by mistake can be taken back before that
_LIMIT = 100
_BATCH = 1_000  # files looked up at once


class Cleaner:
    """A loop; every process runs one, and to remove a file twice does no harm."""

    def __init__(self, database: Database, storage: Storage) -> None:
        self._database = database
        self._storage = storage

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(_EVERY_S)
            try:
                await self.once()
            except Exception:
                log.exception("removing unused photos failed")

    async def once(self, *, hours: float = _HOURS) -> int:
        """How many photos, and files without a photo, were removed."""
        removed = 0
        for showroom in await tenants.list_all_tenants(self._database):
            removed += await self._clean(showroom.id, hours)
            removed += await self._sweep(showroom.id, hours)
        return removed

    async def _clean(self, tenant_id: TenantId, hours: float) -> int:
        async with self._database.tenant(tenant_id) as db:
            await carphotos.mark_unused(db, tenant_id)
            paths = await carphotos.unused(db, tenant_id, hours=hours, limit=_LIMIT)
        for path in paths:  # the files first: what is left half done is found again by its row
            folder, _, original = path.rpartition("/")
            for name in file_names(original):
                await self._storage.delete(f"{folder}/{name}")
        if paths:
            async with self._database.tenant(tenant_id) as db:
                await carphotos.forget(db, tenant_id, paths)
        return len(paths)

    async def _sweep(self, tenant_id: TenantId, hours: float) -> int:
        removed = 0
        for folder in folders(tenant_id):
            removed += await self._storage.delete_drafts(folder, hours=hours)
            keys = await self._storage.older(folder, hours=hours)
            for some in (keys[at : at + _BATCH] for at in range(0, len(keys), _BATCH)):
                async with self._database.tenant(tenant_id) as db:
                    unknown = await carphotos.named_nowhere(db, tenant_id, [_row_of(key) for key in some])
                lost = [key for key in some if _row_of(key) in unknown]
                removed += await self._storage.delete_older(lost, hours=hours)
        return removed


def _row_of(key: str) -> str:
    """The key that stands for a file in a row: variants go with their original."""
    folder, _, name = key.rpartition("/")
    return f"{folder}/{original_of(name)}"

"""Which showroom answers at a host, and what is remembered of it until somebody changes it."""

import asyncio
import logging
import re
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import asyncpg
from aiocache import SimpleMemoryCache

from autoleads import metrics
from autoleads.config import Config
from autoleads.errors import NotFound
from autoleads.sql import catalogue, changes
from autoleads.sql.catalogue import Catalogue, Site
from autoleads.sql.pool import Database
from autoleads.types import TenantId
from autoleads.versioned import Versioned

log = logging.getLogger(__name__)

_DEVELOPMENT = "localhost"
_OWN_NAMES = (_DEVELOPMENT, "127.0.0.1", "::1")
_WWW = "www"
_RETRY_S = 1.0
_NAME = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+", re.ASCII)
_LONGEST_NAME = 253


class Sites:
    """What is kept of a showroom is right as long as its `version` stands still.

    Every change in the database, by whichever process, raises it within milliseconds: see `follow`. While nobody
    listens, because the connection is lost, it is another one each time it is asked for, and nothing kept is used.
    """

    def __init__(self, database: Database, config: Config) -> None:
        settings = config.catalogue
        self._database = database
        self._platform = urlsplit(config.app.url).hostname or ""
        self._platforms = frozenset({self._platform, f"{_WWW}.{self._platform}", *_OWN_NAMES})
        self._sold_days = settings.sold_days
        self._known = SimpleMemoryCache(ttl=settings.host_ttl_s, timeout=0)
        self._versions: defaultdict[TenantId, int] = defaultdict(int)
        self._base = 0  # of all versions
        self._heard = 0
        self._listening = False
        self._catalogues = Versioned(self._load, settings.stock_cache_cars, weigh=lambda known: 1 + len(known.cars))

    @staticmethod
    def leads_elsewhere(host: str, site: Site) -> bool:
        """Whether visitors of this host are to go to the showroom's own domain."""
        return site.domain is not None and _name(host) != site.domain

    def is_platform(self, host: str) -> bool:
        """Whether it is the platform's own name, which is no showroom's."""
        return _name(host) in self._platforms

    async def find(self, host: str) -> Site | None:
        """`host` as the Host header has it, a port included. None when nobody's."""
        name = _name(host)
        if name in self._platforms:
            return None
        known: tuple[Site, int] | None = await self._known.get(name)
        if known is not None and known[1] == self.version(known[0].id):
            return known[0]
        return await self._asked(name)

    def version(self, tenant_id: TenantId) -> int:
        """Never goes back, in this process."""
        if not self._listening:
            self._base += 1
        return self._versions[tenant_id] + self._base

    async def catalogue(self, tenant_id: TenantId, version: int) -> Catalogue:
        """At least as new as that version. Raises NotFound when the showroom was removed meanwhile."""
        return await self._catalogues.get(tenant_id, version)

    def catalogue_at_hand(self, tenant_id: TenantId, version: int) -> Catalogue | None:
        """The same, unless it has to be read."""
        return self._catalogues.at_hand(tenant_id, version)

    async def kept(self, host: str) -> tuple[Site, Catalogue] | None:
        """What was known last, perhaps not right any more: for when the database cannot be asked."""
        known: tuple[Site, int] | None = await self._known.get(_name(host))
        catalogue = None if known is None else self._catalogues.kept(known[0].id)
        return None if known is None or catalogue is None else (known[0], catalogue)

    async def follow(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await changes.follow(self._database, begun=self._begun, heard=self._changed)
            except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as exc:
                log.warning("changes of showrooms are not heard: error=%s", type(exc).__name__)
            finally:
                self._listening = False
            await asyncio.sleep(_RETRY_S)

    def _begun(self) -> None:
        self._base += 1  # what happened before is not known
        self._listening = True

    def _changed(self, tenant_id: TenantId) -> None:
        self._heard += 1
        self._versions[tenant_id] += 1

    async def _asked(self, name: str) -> Site | None:
        if len(name) > _LONGEST_NAME or not _NAME.fullmatch(name):
            return None
        slug, _, rest = name.partition(".")
        before = self._heard
        if rest in (_DEVELOPMENT, self._platform):
            site = await catalogue.site_all_tenants(self._database, slug=slug)
        else:
            site = await catalogue.site_all_tenants(self._database, domain=name)
            if site is None and slug == _WWW:  # who owns a domain owns what is below it
                site = await catalogue.site_all_tenants(self._database, domain=rest)
        # Of strangers' inventions nothing is kept; nor what was perhaps changed while it was on its way.
        if site is not None and before == self._heard:
            await self._known.set(name, (site, self.version(site.id)))
        return site

    async def _load(self, tenant_id: TenantId) -> tuple[int, Catalogue]:
        version = self.version(tenant_id)
        metrics.CATALOGUE_LOADS.inc()
        async with self._database.tenant(tenant_id) as db:
            found = await catalogue.get(db, tenant_id, sold_days=self._sold_days)
        if found is None:
            raise NotFound("no showroom has this address")
        return version, found


def _name(host: str) -> str:
    """Without port, in lower case, without the root's dot."""
    name, colon, port = host.rpartition(":")
    return (name if colon and port.isdecimal() else host).strip("[]").lower().rstrip(".")


@asynccontextmanager
async def following(sites: Sites) -> AsyncIterator[None]:
    """Listens as long as the block lasts."""
    task = asyncio.create_task(sites.follow(), name="changes of showrooms")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

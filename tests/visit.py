"""A visitor of a showroom's site, without a browser."""

import html
import itertools
import re
from dataclasses import dataclass
from urllib.parse import unquote

from aiohttp.test_utils import TestClient

from autoleads.sql.pool import Database, ping
from autoleads.types import TenantId
from autoleads.web import keys
from tests import make
from tests.patience import patience

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Seen:
    """`text` is the markup as it came; `words` what stands in it, without tags and with single spaces."""

    status: int
    text: str
    headers: dict[str, str]

    @property
    def words(self) -> str:
        body = re.sub(r"(?s)<(style|script|svg)\b.*?</\1>", " ", self.text)
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())

    @property
    def links(self) -> list[str]:
        return [html.unescape(one) for one in re.findall(r'href="([^"]*)"', self.text)]

    @property
    def codes(self) -> list[str]:
        """Of the cars shown as cards, in their order."""
        return re.findall(r'<p class="price">[^<]*<small>(#\w+)</small>', self.text)

    @property
    def messages(self) -> list[str]:
        """Texts that links write into WhatsApp."""
        return [unquote(one.partition("?text=")[2]) for one in self.links if one.startswith("https://wa.me/")]


@dataclass(frozen=True)
class Site:
    client: TestClient
    host: str

    async def get(self, path: str, **headers: str) -> Seen:
        response = await self.client.get(path, headers={"Host": self.host, **headers}, allow_redirects=False)
        return Seen(response.status, await response.text(), dict(response.headers))


async def heard(client: TestClient, database: Database) -> None:
    """Until the application listens to changes, and has heard of all that was committed until now: from then on it
    keeps pages, and those it keeps are new."""
    sites = client.app[keys.SITES]  # type: ignore[index]
    nobody = TenantId(-next(_numbers))  # of whom it hears once, after all that came before
    async with patience():
        while sites.version(nobody) != sites.version(nobody):
            await ping(database)  # as long as it does not listen, each look is another version
        before = sites.version(nobody)
        await database.pool.execute("SELECT pg_notify('tenant_changed', $1)", str(nobody))
        while sites.version(nobody) == before:
            await ping(database)


async def site(client: TestClient, database: Database, tenant_id: TenantId) -> Site:
    return Site(client, await make.host_of(database, tenant_id))

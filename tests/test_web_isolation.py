"""Two showrooms with the same codes, slugs and words: every page, file and answer of one shows nothing of the other,
and no plate of either is in any byte that is served."""

import re
from collections import deque
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

import pytest
from aiohttp.test_utils import TestClient
from PIL import Image
from pytest_aiohttp.plugin import AiohttpClient

from autoleads import daemon
from autoleads.bot import inventory
from autoleads.config import Config
from autoleads.media.photos import process, variants
from autoleads.media.storage import LocalStorage, public_key
from autoleads.sql import branches, tenants
from autoleads.sql.pool import Database
from autoleads.types import CarStatus, TenantId, Transmission
from tests import make, photo_samples

WORDS = ("Zamrudpagi", "Kobaltsore")
STARTS = (
    "/",
    "/mobil",
    "/sitemap.xml",
    "/robots.txt",
    "/api/cars?limit=100",
    "/dilihat?mobil=avanza-2018-hitam-a00",
    "/favicon.ico",
)
LINK = re.compile(r'(?:href|src|action)="([^"]+)"|<(?:image:)?loc>([^<]+)<|"(https?://[^"\\]+|/uploads/[^" ]+)"')


@dataclass
class Crawl:
    """All that a visitor of one host can reach, bytes and headers."""

    client: TestClient
    host: str
    bodies: dict[str, bytes] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)

    async def run(self) -> None:
        waiting = deque(STARTS)
        while waiting:
            path = waiting.popleft()
            if path in self.bodies:
                continue
            response = await self.client.get(path, headers={"Host": self.host}, allow_redirects=False)
            body = await response.read()
            self.bodies[path] = str(response.headers).encode() + body
            if response.status not in (200, 302):
                self.failed.append(f"{path} {response.status}")
            if "image/" not in response.content_type or "svg" in response.content_type:
                waiting.extend(self._links(path, body.decode()))

    def _links(self, path: str, text: str) -> list[str]:
        """Those that stay on this host. Of a list's narrowings only single ones: they combine without end."""
        found = [next(filter(None, groups)) for groups in LINK.findall(text)]
        found += [f"/api/cars/{slug}" for slug in re.findall(r'"slug":"([^"]+)"', text)]
        for srcset in re.findall(r'srcset="([^"]+)"', text):
            found += [part.split()[0] for part in srcset.split(",")]
        inside = []
        for address in found:
            parts = urlsplit(urljoin(f"http://{self.host}:3000{path}", address.replace("&amp;", "&")))
            if parts.scheme == "http" and parts.hostname == self.host and parts.query.count("=") <= 1:
                inside.append(parts.path + (f"?{parts.query}" if parts.query else ""))
        return inside


async def furnished(database: Database, config: Config, word: str, plates: list[str]) -> tuple[TenantId, str]:
    tenant_id = await make.tenant(database, name=f"Showroom {word}")
    async with database.tenant(tenant_id) as db:
        branch = await branches.add(db, tenant_id, name=f"Cabang {word}", address=f"Jl. {word} 1", phone="62341555666")
        await tenants.set_fields(
            db, tenant_id, address=f"Jl. Raya {word}", city=word, email=f"{word.lower()}@x.example",
            settings={"tagline": f"Murah di {word}"}, maps_url=f"https://maps.example/{word}",
        )  # fmt: skip
    looks = [("Toyota", "Avanza 1.3 G"), ("Honda", "Brio RS"), ("Suzuki", "Ertiga GX"), ("Toyota", "Rush")]
    states = [CarStatus.AVAILABLE] * 4 + [CarStatus.BOOKING, CarStatus.SOLD, CarStatus.DRAFT]
    rows = [
        make.car_row(
            brand=looks[n % 4][0], model=looks[n % 4][1], year=2018 + n % 3, status=states[n % 7], plate=plate,
            plate_clean=plate, features=(f"Fitur {word}",), notes=f"Catatan {word}", branch=f"Cabang {word}",
            transmission=list(Transmission)[n % 2], display_code=f"#{'ABER'[n % 4]}{n:02d}",
        )
        for n, plate in enumerate(plates)
    ]  # fmt: skip
    async with database.tenant(tenant_id) as db:
        done = await inventory.add(db, tenant_id, rows, {f"cabang {word}".lower(): branch})
    assert not done.errors
    photo = process(photo_samples.encoded(Image.new("RGB", (700, 525), (tenant_id % 200, 90, 30))))
    storage = LocalStorage(config.app.upload_path)
    files = {photo.name: photo.data, **variants(photo)}
    await storage.put({public_key(tenant_id, name): data for name, data in files.items()})
    async with database.tenant(tenant_id) as db:
        address = f"/uploads/{public_key(tenant_id, photo.name)}"
        await db.execute("UPDATE car SET photos = ARRAY[$2] WHERE tenant_id = $1", tenant_id, address)
    return tenant_id, await make.host_of(database, tenant_id)


PLATES = {
    word: [f"{letter}{7001 + n}QX{'ZYXWV'[n % 5]}" for n in range(26)] for word, letter in zip(WORDS, "BL", strict=True)
}


def plate_pattern(plates: list[str]) -> re.Pattern[bytes]:
    """Written with or without gaps, in any case."""
    forms = (r"[\s\-_.+]*".join(re.findall(r"[A-Z]+|\d+", plate)) for plate in plates)
    return re.compile("|".join(forms).encode(), re.IGNORECASE)


@pytest.mark.parametrize("mine", [0, 1])
async def test_nothing_of_another_showroom_and_no_plate_in_any_byte(
    config: Config, aiohttp_client: AiohttpClient, database: Database, mine: int
) -> None:
    ids, hosts = zip(*[await furnished(database, config, word, PLATES[word]) for word in WORDS], strict=True)
    client = await aiohttp_client(daemon.build(config))
    other = Crawl(client, hosts[1 - mine])
    sitemap = await (await client.get("/sitemap.xml", headers={"Host": other.host})).text()
    for address in re.findall(r"<loc>([^<]+)</loc>", sitemap):  # what is kept of the other one's pages is near
        assert (await client.get(urlsplit(address).path, headers={"Host": other.host})).status == 200
    crawl = Crawl(client, hosts[mine])

    await crawl.run()

    seen = crawl.bodies
    assert not crawl.failed
    assert len(seen) > 60
    assert sum(path.startswith("/uploads/") for path in seen) >= 10
    for prefix, least in (("/", 18), ("/api/cars/", 12)):
        assert sum(bool(re.fullmatch(prefix + r"[a-z-]+-20\d\d-hitam-[a-z]\d\d", path)) for path in seen) >= least
    assert sum(WORDS[mine].encode() in body for body in seen.values()) > 40
    foreign = re.compile(f"{WORDS[1 - mine]}|{other.host}|/cars/{ids[1 - mine]}/".encode(), re.IGNORECASE)
    assert [path for path, body in seen.items() if foreign.search(body)] == []
    plates = plate_pattern([plate for of_one in PLATES.values() for plate in of_one])
    assert [path for path, body in seen.items() if plates.search(path.encode() + body)] == []
    assert not [path for path, body in seen.items() if b"STK-" in body]


async def test_a_plate_would_be_found() -> None:
    pattern = plate_pattern(PLATES[WORDS[0]])

    assert all(pattern.search(text) for text in (b"x B 7001 QXZ", b"b7002qxy", b"/b-7003-qxx"))
    assert not pattern.search(b"B 7001 QYZ")

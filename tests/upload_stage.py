"""A showroom whose people upload cars: the whole application, and a gateway that takes replies and keeps photos."""

import contextlib
import io
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from unittest import mock

from aiohttp.test_utils import TestClient, TestServer
from PIL import Image

from autoleads import daemon
from autoleads.bot.staff import album, bulk_file, joining
from autoleads.config import Config
from autoleads.sql import users
from autoleads.sql.pool import Database
from autoleads.types import BranchId, Role, TenantId
from autoleads.web import keys
from tests import make
from tests.patience import PATIENCE_S, patience
from tests.standins import FileStandin
from tests.standins.fonnte import FonnteStandin
from tests.visit import heard

LINE = "B1234XYZ | Toyota Avanza 1.3 G | 2020 | 185jt | 45rb | Manual | Hitam"


def picture(seed: int, size: tuple[int, int] = (640, 480), name: str = "JPEG") -> bytes:
    """A photo that differs from that of every other seed."""
    shades = random.Random(seed)
    small = Image.new("RGB", (8, 6))
    small.putdata([(shades.randrange(256), shades.randrange(256), shades.randrange(256)) for _ in range(48)])
    buffer = io.BytesIO()
    small.resize(size, Image.Resampling.BICUBIC).save(buffer, name)
    return buffer.getvalue()


@dataclass
class Stage:
    """`app` is replaced by `restarted`; everything else outlives it."""

    config: Config
    database: Database
    fonnte: FonnteStandin
    files: FileStandin
    tenant_id: TenantId
    device: str
    slug: str
    owner: str
    app: TestClient

    async def post(self, text: str, *, by: str | None = None, **more: Any) -> None:
        body = make.fonnte_text(self.device, by or self.owner, text, **more)
        response = await self.app.post("/webhook/fonnte", json=body)
        assert response.status == 200, await response.text()

    def read(self, by: str | None = None) -> list[str]:
        return [sent.message for sent in self.fonnte.sent if sent.target == (by or self.owner)]

    async def says(self, text: str, *, by: str | None = None) -> str:
        """The reply."""
        before = len(self.read(by))
        await self.post(text, by=by)
        await self.fonnte.wait_for(lambda: len(self.read(by)) > before)
        await self.app.app[keys.DISPATCHER].idle()
        return self.read(by)[-1]

    async def sends(
        self, *photos: bytes, by: str | None = None, caption: str = "", kind: str = "image", ending: str = "jpg"
    ) -> None:
        for number, data in enumerate(photos):
            url = self.files.put(f"{len(self.files.files)}.{ending}", data)
            text = caption if caption and number == 0 else "non-text message"
            await self.post(text, by=by, url=url, type=kind, extension=ending)
        await self.app.app[keys.DISPATCHER].idle()

    async def hears(self, by: str | None = None) -> str:
        """What is said once no more photos come; the time until then is skipped."""
        await self.idle()
        before = len(self.read(by))
        await self.collected()
        await self.ring()
        await self.fonnte.wait_for(lambda: len(self.read(by)) > before)
        await self.app.app[keys.DISPATCHER].idle()
        return self.read(by)[-1]

    async def idle(self) -> None:
        """Until every message was answered."""
        await self.app.app[keys.DISPATCHER].idle()

    async def ring(self) -> None:
        """The time until photos are looked at again is over."""
        await self.value("UPDATE timer SET due_at = clock_timestamp() WHERE kind LIKE 'photos%'")
        self.app.app[daemon.BELL].ring_in(0)

    async def collected(self) -> None:
        """Until no file is on its way."""
        sql = "SELECT count(*) FROM attachment WHERE state IN ('pending', 'checked') AND problem IS NULL"
        async with patience():
            while await self.value(sql):
                await self.app.app[daemon.COLLECTOR].idle()

    async def value(self, sql: str, *args: Any) -> Any:
        async with self.database.tenant(self.tenant_id) as db:
            return await db.fetchval(sql, *args)

    async def row(self) -> dict[str, Any]:
        """The only car."""
        async with self.database.tenant(self.tenant_id) as db:
            (row,) = await db.fetch("SELECT * FROM car ORDER BY id")
        return dict(row)

    async def get(self, path: str) -> Any:
        """As a visitor sees it when the application has heard of all that was committed until now."""
        await heard(self.app, self.database)
        response = await self.app.get(path, headers={"Host": f"{self.slug}.localhost:3000"})
        return await response.json()

    async def user(self, role: Role = Role.OWNER, *, branch_id: BranchId | None = None) -> str:
        phone = make.phone()
        async with self.database.tenant(self.tenant_id) as db:
            await users.add(db, self.tenant_id, name="Bu Ani", phone=phone, role=role, branch_id=branch_id)
        return phone

    async def restarted(self) -> None:
        await self.app.close()
        self.app = await _started(self.config)

    async def passes(self, minutes: int) -> None:
        await self.value(
            """UPDATE conversation SET memory = jsonb_set(memory, '{ask,at}',
                to_jsonb((memory -> 'ask' ->> 'at')::float8 - $1)) WHERE memory ? 'ask'""",
            minutes * 60.0,
        )


async def _started(config: Config) -> TestClient:
    client = TestClient(TestServer(daemon.build(config)))
    await client.start_server()
    return client


@contextlib.asynccontextmanager
async def stage(config: Config, database: Database, fonnte: FonnteStandin, **environ: str) -> AsyncIterator[Stage]:
    """`environ`: settings of this stage beside those by which it reaches its surroundings."""
    reach = make.config(
        DATABASE_URL=config.database.url, AUTOLEADS_DATA_DIR=config.app.data_dir, FONNTE_API_URL=config.fonnte.api_url,
        GEMINI_API_URL=config.model.api_url, AUTOLEADS_MEDIA_ALLOW_PRIVATE="true", AUTOLEADS_MEDIA_POLL_S="60",
        AUTOLEADS_APP_GRACE_S=str(PATIENCE_S), **environ,
    )  # fmt: skip
    tenant_id, owner = await make.tenant(database), make.phone()
    await make.user(database, tenant_id, role=Role.OWNER, number=owner, name="Pak Hadi")
    async with database.tenant(tenant_id) as db:
        slug = await db.fetchval("SELECT slug FROM tenant")
    async with FileStandin() as files:
        one = Stage(
            config=reach, database=database, fonnte=fonnte, files=files, tenant_id=tenant_id,
            device=await make.device_of(database, tenant_id), slug=slug, owner=owner, app=await _started(reach),
        )  # fmt: skip
        try:
            # On a busy machine, too, the word about an album comes after its last photo, when `hears` ends the
            # silence, and a file is read before its sender would hear that it came.
            with (
                mock.patch.object(album, "QUIET_S", 3_600),
                mock.patch.object(joining, "QUIET_S", 3_600),
                mock.patch.object(bulk_file, "_SOON_S", 600),
            ):
                yield one
        finally:
            await one.app.close()

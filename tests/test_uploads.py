"""Photos over real HTTP: what lies under cars/ and nothing beside it."""

from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient

from autoleads.media.photos import process, variants
from autoleads.media.storage import LocalStorage, public_key
from autoleads.sql.pool import Database
from autoleads.types import TenantId
from tests import make
from tests import photo_samples as samples

TYPES = {"jpg": "image/jpeg", "webp": "image/webp", "avif": "image/avif"}


@pytest.fixture
def cars(tmp_path: Path) -> Path:
    folder = tmp_path / "uploads" / "cars" / "jaya"
    folder.mkdir(parents=True)
    (folder / "a01-1.jpg").write_bytes(b"\xff\xd8\xffpicture")
    return folder


async def test_a_photo_is_served_to_be_kept(client: TestClient, cars: Path) -> None:
    response = await client.get("/uploads/cars/jaya/a01-1.jpg")

    assert response.status == 200
    assert await response.read() == b"\xff\xd8\xffpicture"
    assert response.headers["Content-Type"] == "image/jpeg"
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    again = await client.get("/uploads/cars/jaya/a01-1.jpg", headers={"If-None-Match": response.headers["ETag"]})
    assert again.status == 304


async def test_the_original_stands_in_for_a_variant_that_is_not_made_yet(client: TestClient, cars: Path) -> None:
    (cars / "a01-2-1280x960.jpg").write_bytes(b"original")
    (cars / "a01-2-1280x960-640.avif").write_bytes(b"small")

    for name, body, cached in (
        ("a01-2-1280x960-640.avif", b"small", "public, max-age=31536000, immutable"),
        ("a01-2-1280x960-640.webp", b"original", "no-store"),
        ("a01-2-1280x960-link.jpg", b"original", "no-store"),
    ):
        response = await client.get(f"/uploads/cars/jaya/{name}")

        assert (response.status, response.headers["Cache-Control"]) == (200, cached), name
        assert await response.read() == body
        if body == b"original":
            assert response.headers["Content-Type"] == "image/jpeg"
    assert (await client.get("/uploads/cars/jaya/a01-3-1280x960-640.avif")).status == 404


async def test_a_showrooms_host_shows_its_own_photos_only(
    client: TestClient, database: Database, tmp_path: Path
) -> None:
    first, second = [await make.tenant(database) for _ in range(2)]
    async with database.tenant(first) as db:
        slug = await db.fetchval("UPDATE tenant SET slug = $2 WHERE id = $1 RETURNING slug", first, f"{second}")
    for tenant_id in (first, second):
        folder = tmp_path / "uploads" / "cars" / str(tenant_id)
        folder.mkdir(parents=True)
        (folder / "x.jpg").write_bytes(b"\xff\xd8\xff")

    async def status(host: str, owner: TenantId) -> int:
        return (await client.get(f"/uploads/cars/{owner}/x.jpg", headers={"Host": host})).status

    assert [await status(f"{slug}.localhost", owner) for owner in (first, second)] == [200, 404]
    assert [await status("localhost", owner) for owner in (first, second)] == [200, 200]
    assert [await status("nobody.localhost", owner) for owner in (first, second)] == [404, 404]


async def test_nothing_else_is(client: TestClient, cars: Path) -> None:
    uploads = cars.parent.parent
    (uploads / "simulator").mkdir()
    (uploads / "simulator" / "x.jpg").write_text("private")
    (uploads / "secret.jpg").write_text("private")
    (uploads / "private" / "7" / "3").mkdir(parents=True)
    (uploads / "private" / "7" / "3" / "x.jpg").write_text("private")
    (cars / "notes.txt").write_text("private")
    (cars / "a02-1.jpg.part").write_text("private")
    (cars / "link.jpg").symlink_to(uploads / "secret.jpg")
    (cars.parent / "linked").symlink_to(uploads / "simulator")
    (cars / "folder.jpg").mkdir()

    for path in (
        *("", "jaya", "jaya/", "jaya/none.jpg", "jaya/notes.txt", "jaya/a02-1.jpg.part", "jaya/link.jpg"),
        *("linked/x.jpg", "jaya/folder.jpg", "jaya/..%2f..%2fsecret.jpg", "..%2fsecret.jpg", "jaya/%2e%2e/secret.jpg"),
        *(
            "../private/7/3/x.jpg",
            "..%2fprivate/7/3/x.jpg",
            "../simulator/x.jpg",
            "../secret.jpg",
            "jaya/a01-1.jpg%00.jpg",
        ),
    ):
        response = await client.get(f"/uploads/cars/{path}")

        assert response.status == 404, path
        assert b"private" not in await response.read()


async def test_what_customers_sent_is_nobodys_to_see(client: TestClient, tmp_path: Path) -> None:
    folder = tmp_path / "uploads" / "private" / "7"
    (folder / "3").mkdir(parents=True)
    for path in (folder / "x.jpg", folder / "3" / "x.jpg"):
        path.write_text("private")
        response = await client.get(f"/{path.relative_to(tmp_path)}")

        assert response.status == 404


async def test_a_photo_of_the_pipeline_is_served(client: TestClient, tmp_path: Path) -> None:
    photo = process(samples.turned(6))
    files = {photo.name: photo.data, **variants(photo)}
    storage = LocalStorage(tmp_path / "uploads")
    await storage.put({public_key(TenantId(7), name): data for name, data in files.items()})

    for name, data in files.items():
        response = await client.get(f"/uploads/cars/7/{name}")

        assert response.status == 200
        assert response.headers["Content-Type"] == TYPES[name.rpartition(".")[2]]
        assert await response.read() == data

"""One showroom with a full yard: the demo's, with 200 cars for sale and 20 photos of each, made by the product."""

import io
import itertools
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

from PIL import Image, ImageOps

from autoleads.demo import install, showrooms
from autoleads.demo.photos import draw
from autoleads.demo.showrooms import DemoShowroom
from autoleads.media.photos import process, variants
from autoleads.media.storage import LocalStorage, public_key
from autoleads.types import CarStatus, TenantId
from bench.lab import Lab
from bench.yardsticks import SHARED

_PICTURES = 60  # different ones; no page shows one of them twice
_SIZE = (1600, 1200)


async def open_shop(one: Lab, uploads: Path, *, cars: int, photos: int) -> tuple[str, str]:
    """The slugs of the showroom and of a car of it. The photos are those of the shared folder, cut in several ways,
    or the demo's drawings, which are lighter than any photo."""
    shop = _full(max(showrooms.load(), key=lambda room: len(room.cars)), cars)
    await install.seed(one.database, shop)
    tenant_id = TenantId((await one.fetch("SELECT id FROM tenant WHERE slug = $1", shop.slug))[0]["id"])
    storage, addresses = LocalStorage(uploads), []
    with ProcessPoolExecutor(2) as pool:
        for name, files in pool.map(_processed, _pictures(shop)):
            await storage.put({public_key(tenant_id, one): data for one, data in files.items()})
            addresses.append(f"/uploads/{public_key(tenant_id, name)}")
    found = await one.fetch("SELECT id FROM car WHERE tenant_id = $1 ORDER BY id", tenant_id)
    for n, row in enumerate(found):
        turned = [addresses[(n * 7 + k) % len(addresses)] for k in range(photos)]
        await one.fetch("UPDATE car SET photos = $1 WHERE tenant_id = $2 AND id = $3", turned, tenant_id, row["id"])
    chosen = await one.fetch("SELECT slug FROM car WHERE tenant_id = $1 ORDER BY id LIMIT 1", tenant_id)
    return shop.slug, chosen[0]["slug"]


def _full(shop: DemoShowroom, cars: int) -> DemoShowroom:
    rows = [
        replace(
            car, line=n, plate=f"L {n} QZ", plate_clean=f"L{n}QZ", display_code=None, status=CarStatus.AVAILABLE,
            price_idr=car.price_idr + n * 100_000,
        )
        for n, car in zip(range(1, cars + 1), itertools.cycle(shop.cars), strict=False)
    ]  # fmt: skip
    return replace(shop, cars=tuple(rows))


def _pictures(shop: DemoShowroom) -> Iterator[bytes]:
    files = sorted((SHARED / "data/photos").glob("*.jpg"))
    for n in range(_PICTURES):
        if files:
            with Image.open(files[n % len(files)]) as opened:
                cut = ImageOps.fit(opened, _SIZE, centering=(n // len(files) / 4, 0.5))
            buffer = io.BytesIO()
            cut.save(buffer, "JPEG", quality=90)
            yield buffer.getvalue()
        else:
            car = replace(shop.cars[n // 4], display_code=f"#A{n:02d}")
            yield draw(car, showroom=shop.name, accent=shop.primary_color, variant=n % 4 + 1)


def _processed(data: bytes) -> tuple[str, dict[str, bytes]]:
    """The name of what is kept, and all its files."""
    photo = process(data)
    return photo.name, {photo.name: photo.data, **variants(photo)}

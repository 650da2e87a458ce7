"""Owners upload in as many habits as there are owners: however it goes, the right car is in the stock with each photo
once. Through the webhook of the whole application; a restart is the daemon stopped and built anew."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from autoleads.config import Config
from autoleads.sql.pool import Database
from tests import make
from tests.standins.fonnte import FonnteStandin
from tests.upload_stage import LINE, Stage, picture
from tests.upload_stage import stage as on_stage

_NARROWEST = 64


@dataclass(frozen=True)
class Photos:
    """Sent one after the other, the first with the caption; `waits` until they were received."""

    seeds: tuple[int, ...]
    caption: str = ""
    kind: str = "image"


@dataclass(frozen=True)
class Twice:
    """A message that the gateway delivers again."""

    text: str
    seed: int | None = None


@dataclass(frozen=True)
class AtOnce:
    """Posted before anybody answered; numbers are photos."""

    messages: tuple[str | int, ...]


def photos(*seeds: int, caption: str = "", kind: str = "image") -> Photos:
    return Photos(seeds, caption, kind)


RESTART, HEAR = object(), object()  # the latter: what is said once no more photos come
Step = str | Photos | Twice | AtOnce | object
AVANZA = {
    "brand": "Toyota", "model": "Avanza 1.3 G", "year": 2020, "price_idr": 185_000_000, "km": 45_000,
    "transmission": "Manual", "color": "Hitam", "plate_clean": "B1234XYZ", "features": [], "condition_notes": "",
    "status": "available", "display_code": "#A01", "stock_code": "STK-001", "slug": "avanza-2020-hitam-a01",
}  # fmt: skip
PUBLISH = ("skip", "skip", "1")
SCRIPTS: dict[str, tuple[tuple[Step, ...], dict[str, Any], list[int]]] = {
    "as the founding document has it": (
        ("/upload", photos(1, 2, 3, 4, 5), HEAR, LINE, "Velg racing, spoiler", "SKIP", "1"),
        {"features": ["Velg racing", "spoiler"]}, [1, 2, 3, 4, 5],
    ),
    "photos unordered, each twice": (
        (photos(3, 1, 3, 2), photos(1, 2, 3), HEAR, LINE, *PUBLISH), {}, [3, 1, 2],
    ),
    "every webhook delivered twice": (
        (Twice("/upload"), Twice("", 1), Twice("", 2), HEAR, Twice(LINE), "skip", "skip", Twice("1")), {}, [1, 2],
    ),
    "data first, photos before publishing": (
        (LINE, "skip", "skip", photos(1, 2), HEAR, "1"), {}, [1, 2],
    ),
    "everything in one caption": (
        (photos(1, 2, 3, caption=LINE), HEAR, *PUBLISH), {}, [1, 2, 3],
    ),
    "a caption in words on the first photo": (
        (photos(1, 2, caption="Avanza 1.3 G 2020 hitam manual km 45rb 185jt B 1234 XYZ"), HEAR, *PUBLISH), {}, [1, 2],
    ),
    "corrections in between": (
        ("/upload", photos(1), HEAR, LINE.replace("185jt", "195jt").replace("45rb", "54rb"), "eh harga salah, 185jt",
         "Velg racing", "km 45rb", "pajak hidup", "2", "3", "2021", "tahun 2020", "1"),
        {"features": ["Velg racing"], "condition_notes": "pajak hidup"}, [1],
    ),
    "with commas": (
        (photos(1, 2), HEAR, "B 1234 XYZ, Toyota Avanza 1.3 G, 2020, 185jt, 45rb, Manual, Hitam", *PUBLISH), {}, [1, 2],
    ),
    "a field a line": (
        ("/upload", "b1234xyz\ntoyota avanza 1.3 g\n2020\n185 juta\n45.000\nmanual\nhitam", photos(1), HEAR, *PUBLISH),
        {}, [1],
    ),
    "a free sentence": (
        (photos(1), HEAR, "mau jual avanza 1.3 g thn 2020 warna hitam manual km 45 ribu harga 185 juta plat b 1234 xyz",
         *PUBLISH),
        {}, [1],
    ),
    "missing fields one by one": (
        ("/upload", photos(1), HEAR, "avanza 1.3 g", "2020", "185", "45rb", "manual", "hitam", "velg racing", "skip",
         "plat B 1234 XYZ", "ya"),
        {"features": ["velg racing"]}, [1],
    ),
    "no plate": (
        (photos(1), HEAR, LINE.replace("B1234XYZ", "tanpa plat"), *PUBLISH), {"plate_clean": "TEMP-001"}, [1],
    ),
    "a plate that another car has": (
        (photos(1), HEAR, LINE.replace("B1234XYZ", "B 9 ADA"), "B 1234 XYZ", *PUBLISH), {}, [1],
    ),
    "left, then again": (
        ("/upload", photos(1, 2), HEAR, LINE.replace("185jt", "150jt"), "batal", "/upload", photos(3), HEAR, LINE,
         *PUBLISH),
        {"display_code": "#A02", "stock_code": "STK-002", "slug": "avanza-2020-hitam-a02"}, [3],
    ),
    "another command in between": (
        ("/upload", photos(1), HEAR, "/list", LINE, "/laporan", "skip", "/help", "/lead", photos(2), HEAR, "skip", "1"),
        {}, [1, 2],
    ),
    "two albums": (
        (photos(1, 2), HEAR, LINE, "skip", photos(3, 4, 2), HEAR, "skip", "1"), {}, [1, 2, 3, 4],
    ),
    "restarted between all steps": (
        ("/upload", RESTART, photos(1, 2), RESTART, HEAR, RESTART, LINE, RESTART, "Velg racing", "skip", RESTART, "1"),
        {"features": ["Velg racing"]}, [1, 2],
    ),
    "restarted amid an album": (
        (photos(1), RESTART, photos(2), RESTART, photos(1, 3), HEAR, LINE, *PUBLISH), {}, [1, 2, 3],
    ),
    "restarted before the photo of a published car was told": (
        (LINE, "skip", "skip", "1", photos(1), RESTART, HEAR), {}, [1],
    ),
    "nothing waits for anything": (
        (AtOnce(("/upload", 1, 2, LINE, 3)), HEAR, *PUBLISH), {}, [1, 2, 3],
    ),
    "a draft first, published later": (
        (photos(1), HEAR, LINE, "skip", "skip", "3", "/status B1234XYZ tersedia", "ya"), {}, [1],
    ),
    "published in a hurry, the album ends after it": (
        (LINE, "skip", "skip", photos(1, 2), "1", photos(2, 3), HEAR), {}, [1, 2, 3],
    ),
    "photos as files": (
        ("/upload", photos(1, 2, kind="document"), HEAR, LINE, *PUBLISH), {}, [1, 2],
    ),
    "photos replaced at the end": (
        (photos(1, 2), HEAR, LINE, "skip", "skip", "edit", "foto", photos(3), HEAR, "1"), {}, [3],
    ),
    "everything twice by an impatient thumb": (
        ("/upload", "/upload", photos(1), HEAR, LINE, LINE, "skip", "skip", "1"), {}, [1],
    ),
}  # fmt: skip


@pytest.fixture
async def stage(config: Config, database: Database, fonnte: FonnteStandin) -> AsyncIterator[Stage]:
    async with on_stage(config, database, fonnte) as stage:
        await make.cars(database, stage.tenant_id, make.car_row(
            model="Xenia R", brand="Daihatsu", plate="B 9 ADA", plate_clean="B9ADA", display_code="#X01",
        ))  # fmt: skip
        await stage.value("UPDATE car SET stock_code = 'STK-999'")
        await stage.value("DELETE FROM car_number WHERE series = 'stock'")
        yield stage


@pytest.mark.parametrize("habit", SCRIPTS)
async def test_the_right_car_with_each_photo_once(stage: Stage, habit: str) -> None:
    steps, different, seeds = SCRIPTS[habit]

    for step in steps:
        await _do(stage, step)

    async with stage.database.tenant(stage.tenant_id) as db:
        [car] = await db.fetch("SELECT * FROM car WHERE display_code <> '#X01'")
    expected = AVANZA | different
    assert {name: car[name] for name in expected} == expected
    assert [_seed(address) for address in car["photos"]] == seeds
    published = (await stage.get("/api/cars"))["data"]["cars"]
    assert {one["displayCode"]: one["photos"] for one in published}[car["display_code"]] == car["photos"]


async def _do(stage: Stage, step: Step) -> None:
    match step:
        case str():
            await stage.says(step)
        case Photos(seeds, caption, kind):
            await stage.sends(*map(_shot, seeds), caption=caption, kind=kind)
        case Twice(text, seed):
            more = {"inboxid": make.fonnte_text("", "", "")["inboxid"]} | (_sent(stage, seed) if seed else {})
            for _ in range(2):
                await stage.post(text or "non-text message", **more)
            await stage.idle()
        case AtOnce(messages):
            for one in messages:
                if isinstance(one, int):
                    await stage.post("non-text message", **_sent(stage, one))
                else:
                    await stage.post(one)
            await stage.idle()
        case _ if step is RESTART:
            await stage.restarted()
        case _:
            await stage.hears()


def _sent(stage: Stage, seed: int) -> dict[str, Any]:
    return {"url": stage.files.put(f"{len(stage.files.files)}.jpg", _shot(seed)), "type": "image", "extension": "jpg"}


def _shot(seed: int) -> bytes:
    """A photo that is known by its width again."""
    return picture(seed, (_NARROWEST + seed, 48))


def _seed(address: str) -> int:
    return int(address.rpartition("-")[2].partition("x")[0]) - _NARROWEST

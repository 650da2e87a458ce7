"""Everybody of a showroom changes the stock at once, through two processes of which one is killed meanwhile."""

import argparse
import asyncio
import random
import time
from dataclasses import dataclass, field
from typing import Any

import uvloop

from autoleads.types import Role, TenantId
from bench.lab import LIFTED, Lab, Nearby, Process, Verdicts, lab, nearby, spread
from bench.traffic import Message, Poster
from tests import make
from tests.standins import FileStandin
from tests.upload_stage import picture

_PATIENCE_S = 60.0  # a lease and a send window pass until another process takes over what a killed one held
_PHOTOS_LATE_S = 90.0  # a file that a killed process held is fetched again after its hold
_MODELS = ("Toyota Avanza 1.3 G", "Honda Jazz RS", "Daihatsu Xenia R", "Suzuki Ertiga GX", "Toyota Rush TRD")
_SETTINGS = {
    "AUTOLEADS_MEDIA_ALLOW_PRIVATE": "true",
    "AUTOLEADS_MEDIA_POLL_S": "0.5",
    # As short as a hold gets: until it is over nobody else takes a file of the killed process.
    "AUTOLEADS_MEDIA_FETCH_TIMEOUT_S": "5",
    "AUTOLEADS_MEDIA_PHOTO_TIMEOUT_S": "5",
    "AUTOLEADS_MEDIA_FETCH_SLOTS": "2",
    "AUTOLEADS_BOT_LEASE_S": "2",
    "AUTOLEADS_BOT_SWEEP_S": "0.3",
    "AUTOLEADS_SENDER_SEND_WINDOW_S": "3",
    "AUTOLEADS_FONNTE_TIMEOUT_S": "1.5",
}


@dataclass(slots=True)
class Shop:
    """`clash` is the plate that an upload and the list both bring."""

    tenant_id: TenantId
    device: str
    uploaders: list[str]
    editors: list[str]
    twin: str  # who writes from two phones
    lister: str
    cars: int
    photos: int
    clash: str
    failed: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Race:
    poster: Poster
    edges: Nearby
    files: FileStandin
    dice: random.Random

    async def says(self, shop: Shop, who: str, text: str, *answers: str) -> str:
        """The first new message with one of these words; "" when none comes."""
        before, started = len(self.edges.fonnte.sent), time.monotonic()
        await self.poster.until_accepted(Message(shop.device, who, text))
        return await self._hears(shop, who, text, answers, before, started)

    async def _hears(
        self, shop: Shop, who: str, text: str, answers: tuple[str, ...], before: int, started: float
    ) -> str:
        found: list[str] = []

        def answered() -> bool:
            news = [one.message for one in self.edges.fonnte.sent[before:] if one.target == who]
            found[:] = [one for one in news if any(part in one for part in answers)]
            return bool(found)

        try:
            await self.edges.fonnte.wait_for(answered, _PATIENCE_S)
        except TimeoutError:
            shop.failed.append(f"{text!r} was not answered with one of {answers}")
            return ""
        shop.seconds.append(time.monotonic() - started)
        return found[0]

    async def shows(self, shop: Shop, who: str, seeds: list[int]) -> None:
        for seed in seeds:
            url = self.files.put(f"{seed}.jpg", picture(seed))
            more = {"url": url, "type": "image", "extension": "jpg"}
            await self.poster.until_accepted(Message(shop.device, who, "non-text message", more=more))


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="each with a kill -9 at a random moment")
    parser.add_argument("--shops", type=int, default=3, help="showrooms at once in a round")
    parser.add_argument("--cars", type=int, default=40, help="cars of the list that is imported meanwhile")
    parser.add_argument("--photos", type=int, default=3, help="photos of each upload")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    verdict, dice = Verdicts(), random.Random(options.seed)
    async with lab() as one, nearby() as edges, FileStandin() as files:
        pair = [one.daemon(edges, name=name, UPLOAD_DIR=str(one.folder / "uploads"), **_SETTINGS, **LIFTED)
                for name in ("left", "right")]  # fmt: skip
        for process in pair:
            await process.start()
        async with Poster(lambda: dice.choice(pair).url) as poster:
            race = Race(poster, edges, files, dice)
            shops = [shop for n in range(options.rounds) for shop in await _round(one, race, pair, n, options)]
        settled = await _photos_there(one) and await one.settled(60)
        verdict("all is settled, no photo is on its way", settled)
        for shop in shops:
            await _judge(one, edges, verdict, shop)
        print(f"answers took {spread([s for shop in shops for s in shop.seconds])}")
        copies = await one.fetch("SELECT coalesce(sum(ambiguous), 0) AS n FROM outbox")
        print(f"sends of unknown fate: {copies[0]['n']}")
        for process in pair:
            await process.stop()
    verdict.exit()


async def _round(one: Lab, race: Race, pair: list[Process], n: int, options: argparse.Namespace) -> list[Shop]:
    shops = [await _shop(one, options) for _ in range(options.shops)]
    victim, moment = race.dice.choice(pair), race.dice.uniform(0.2, 4.0)
    print(f"-- round {n + 1}: {len(shops)} showrooms, kill -9 after {moment:.1f} s")
    async with asyncio.TaskGroup() as group:
        group.create_task(_kill(victim, moment))
        for number, shop in enumerate(shops):
            first = (n * options.shops + number) * 1000
            for at, who in enumerate(shop.uploaders):
                group.create_task(_upload(race, shop, who, at, first + at * 100))
            group.create_task(_edit(race, shop, shop.editors[0], "/edit #A01 km 60rb", "Data diupdate"))
            group.create_task(_edit(race, shop, shop.editors[1], "/harga #A01 180jt", "Harga diupdate"))
            group.create_task(_from_two_phones(race, shop))
            group.create_task(_import(race, shop))
    return shops


async def _kill(victim: Process, moment: float) -> None:
    await asyncio.sleep(moment)
    await victim.kill()
    await victim.spawn()
    await victim.until_ready(timeout_s=60)


# Who does what ----------------------------------------------------------------------------------------------------


async def _upload(race: Race, shop: Shop, who: str, at: int, first: int) -> None:
    """Photos before, between or behind the words; the first of five brings the plate that the list has too."""
    photos = [first + n for n in range(shop.photos)]
    plate = shop.clash if at == 0 else f"D {1000 + at} UP"
    line = f"{plate} | {_MODELS[at]} | 2020 | {180 + at}jt | 45rb | Manual | Hitam"
    moment = race.dice.randrange(3)
    if moment == 0:
        await race.shows(shop, who, photos)
    said = await race.says(shop, who, line, "Data diterima", "sudah ada di stok")
    if moment == 1:
        await race.shows(shop, who, photos)
    if "sudah ada" in said:
        await race.says(shop, who, f"D {2000 + at} UP", "Data diterima")
    await race.says(shop, who, "Velg racing", "Ada catatan kondisi")
    await race.says(shop, who, "skip", "Recap final")
    if moment == 2:
        await race.shows(shop, who, photos)
    said = await race.says(shop, who, "1", "BERHASIL PUBLISH", "sudah ada di stok")
    if "sudah ada" in said:  # the list was faster
        await race.says(shop, who, f"D {2000 + at} UP", "Recap final")
        await race.says(shop, who, "1", "BERHASIL PUBLISH")


async def _edit(race: Race, shop: Shop, who: str, order: str, done: str) -> None:
    """Who was beaten is shown the car anew, and says yes to that."""
    said = await race.says(shop, who, order, "Ketik: YA")
    while said and done not in said:
        said = await race.says(shop, who, "ya", done, "Belum saya simpan")


async def _from_two_phones(race: Race, shop: Shop) -> None:
    await race.says(shop, shop.twin, "/harga #V01 200jt", "Ketik: YA")
    await asyncio.gather(
        race.says(shop, shop.twin, "ya", "Harga diupdate"),
        race.says(shop, shop.twin, "ya", "Tidak ada yang menunggu"),
    )


async def _import(race: Race, shop: Shop) -> None:
    plates = [shop.clash, *(f"L {1000 + n} LS" for n in range(shop.cars - 1))]
    lines = [f"{plate}\t{_MODELS[n % 5]}\t2019\t{150 + n}jt\t50rb\tMatic\tPutih" for n, plate in enumerate(plates)]
    said = await race.says(shop, shop.lister, "\n".join(lines), "TAYANGKAN")
    if said:
        await asyncio.sleep(race.dice.uniform(0.0, 6.0))  # so that either may be first with the plate of both
        await race.says(shop, shop.lister, "1", "sudah tayang")


# What became of it ------------------------------------------------------------------------------------------------


async def _photos_there(one: Lab) -> bool:
    until = time.monotonic() + _PHOTOS_LATE_S
    sql = """SELECT (SELECT count(*) FROM attachment WHERE state IN ('pending', 'checked'))
                  + (SELECT count(*) FROM timer WHERE kind LIKE 'photos%') AS waiting"""
    while (await one.fetch(sql))[0]["waiting"]:
        if time.monotonic() > until:
            return False
        await asyncio.sleep(0.2)
    return True


async def _judge(one: Lab, edges: Nearby, verdict: Verdicts, shop: Shop) -> None:
    cars = await one.fetch("SELECT * FROM car WHERE tenant_id = $1", shop.tenant_id)
    by_code: dict[str, Any] = {row["display_code"]: row for row in cars}
    uploaded = [row for row in cars if row["features"] == ["Velg racing"]]
    listed = [row for row in cars if row["color"] == "Putih"]
    clashes = [row for row in cars if row["plate_clean"] == shop.clash.replace(" ", "")]
    unique = all(len({row[name] for row in cars}) == len(cars) for name in ("display_code", "stock_code", "slug"))
    total = 3 + len(shop.uploaders) + len(listed)
    verdict(f"{len(cars)} cars, codes, stock codes and slugs unique", unique and len(cars) == total)
    wanted = shop.cars - (clashes[0] in uploaded) if len(clashes) == 1 else -1
    verdict(f"uploaded {len(uploaded)} of 5, listed {len(listed)} of {shop.cars}, the plate of both once",
            len(uploaded) == 5 and len(listed) == wanted)  # fmt: skip
    photos = [photo for row in uploaded for photo in row["photos"]]
    verdict(f"each photo once: {len(photos)} of {5 * shop.photos}",
            len(photos) == len(set(photos)) == 5 * shop.photos
            and all(len(row["photos"]) == shop.photos for row in uploaded))  # fmt: skip
    edited = by_code["#A01"]
    verdict("both edits of one car are in it", (edited["km"], edited["price_idr"]) == (60_000, 180_000_000))
    await _judge_changes(one, verdict, shop, len(listed))
    for problem in shop.failed:
        print(f"      {problem}")
    verdict("each was told what happened", not shop.failed)


async def _judge_changes(one: Lab, verdict: Verdicts, shop: Shop, listed: int) -> None:
    # What an upload writes down again are photos that joined its car later.
    sql = """SELECT what, count(*) FILTER (WHERE what <> 'upload' OR before = '{}') AS n FROM car_change
             WHERE tenant_id = $1 GROUP BY what"""
    counts = {row["what"]: row["n"] for row in await one.fetch(sql, shop.tenant_id)}
    # One price by an editor, one from two phones.
    wanted = {"edit": 1, "price": 2, "upload": len(shop.uploaders), "import": listed}
    found = {what: counts.get(what, 0) for what in wanted}
    verdict(f"every change is written down once: {found}", found == wanted)


async def _shop(one: Lab, options: argparse.Namespace) -> Shop:
    tenant_id = await make.tenant(one.database)
    await make.cars(one.database, tenant_id, *make.sample_rows())
    people = [make.phone() for _ in range(9)]
    for number in people:
        await make.user(one.database, tenant_id, role=Role.ADMIN, number=number, name=f"Admin {number[-2:]}")
    device = await make.device_of(one.database, tenant_id)
    return Shop(tenant_id, device, people[:5], people[5:7], people[7], people[8], options.cars, options.photos,
                "B 4321 XYZ")  # fmt: skip


if __name__ == "__main__":
    uvloop.run(main())

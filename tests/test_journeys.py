"""The journeys of the founding documents, through the webhook, with everybody who takes part in them."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
from aiohttp.test_utils import TestClient
from pytest_aiohttp.plugin import AiohttpClient

from autoleads import daemon
from autoleads.formats import phone_display
from autoleads.sql import leads
from autoleads.sql.pool import Database
from autoleads.types import LeadStatus, TenantId
from autoleads.web import keys
from tests import make
from tests.payloads.fonnte import chat
from tests.standins.fonnte import FonnteStandin
from tests.standins.gemini import Asked, GeminiStandin

CUSTOMER = "6281234567890"
MODELS = ("no model", "model", "model down")


def phrases(asked: Asked) -> str:
    """A model that does as it is told: it names every car of its list, in slots."""
    letters = re.findall(r"^([A-H]): ", asked.instruction, re.MULTILINE)
    cars = ", lalu ".join(f"[[{letter}.name]] [[{letter}.price]]" for letter in letters)
    return f"Siap Kak, ini pilihannya: {cars}. Mau lihat yang mana?" if cars else "Siap Kak, mau cari mobil apa?"


@dataclass
class Stage:
    client: TestClient
    database: Database
    fonnte: FonnteStandin
    tenant_id: TenantId
    phones: dict[str, str]

    async def says(self, who: str, text: str, **fields: str) -> str:
        """What that person reads as an answer; '' for silence."""
        target = self.phones.get(who, who)
        before = len(self.read(who))
        body = chat(text, device=make.SAMPLE_DEVICE, sender=target, name="Ahmad", **fields)
        response = await self.client.post("/webhook/fonnte", json={**body, "inboxid": len(self.fonnte.received) + 1})
        assert response.status == 200
        await self.client.app[keys.DISPATCHER].idle()
        return "\n".join(self.read(who)[before:])

    def read(self, who: str) -> list[str]:
        return [sent.message for sent in self.fonnte.sent if sent.target == self.phones.get(who, who)]


@asynccontextmanager
async def _stage(
    config: object, aiohttp_client: AiohttpClient, database: Database, fonnte: FonnteStandin
) -> AsyncIterator[Stage]:
    tenant_id = await make.sample(database)
    async with database.tenant(tenant_id) as db:
        rows = await db.fetch("SELECT name, phone FROM app_user")
    client = await aiohttp_client(daemon.build(config))  # type: ignore[arg-type]
    yield Stage(client, database, fonnte, tenant_id, {row["name"]: row["phone"] for row in rows})


@pytest.fixture(params=MODELS)
async def stage(
    request: pytest.FixtureRequest,
    dsn: str,
    database: Database,
    fonnte: FonnteStandin,
    gemini: GeminiStandin,
    aiohttp_client: AiohttpClient,
    tmp_path: object,
) -> AsyncIterator[Stage]:
    gemini.answer = phrases
    config = make.config(
        DATABASE_URL=dsn,
        AUTOLEADS_DATA_DIR=str(tmp_path),
        FONNTE_API_URL=fonnte.url,
        GEMINI_API_URL="http://127.0.0.1:9" if request.param == "model down" else gemini.url,
        GEMINI_API_KEY="" if request.param == "no model" else "key",
        AUTOLEADS_MODEL_COMPOSE="always",
    )
    async with _stage(config, aiohttp_client, database, fonnte) as ready:
        yield ready


async def test_from_the_car_page_to_a_salesperson(stage: Stage) -> None:
    """master-spec 6.1 and 6.4, and test 5 of 9.2."""
    hello = await stage.says(CUSTOMER, "Halo, saya tertarik dengan Toyota Avanza 2020 kode #A01 seharga Rp 185.000.000")
    for part in ("Halo", "#A01", "Rp 185.000.000", "Velg racing", "?"):
        assert part.lower() in hello.lower()
    assert hello.index("#A01") < hello.index("?")
    assert "HAPUS DATA SAYA" in hello

    nego = await stage.says(CUSTOMER, "Bisa nego ga?")
    assert "nego" in nego
    assert "Budi" in nego
    assert not set(re.findall(r"Rp [\d.]+", nego)) - {"Rp 185.000.000"}

    [notice] = stage.read("Budi")
    for part in (
        f"Nama: Ahmad ({phone_display(CUSTOMER)})",
        "Minat: Toyota Avanza 2020 Hitam #A01",
        "Budget: Nego dari Rp 185.000.000",
        "Status: HOT - mau nego",
        "Bisa nego ga?",
        "1 = AMBIL - saya yang handle",
        "2 = SKIP - kasih ke sales lain",
    ):
        assert part in notice
    async with stage.database.tenant(stage.tenant_id) as db:
        [lead] = await leads.page(db, stage.tenant_id, before=None, limit=9)
    assert (lead.status, lead.customer_phone) == (LeadStatus.HOT, CUSTOMER)

    taken = await stage.says("Budi", "1")
    for part in (
        "✅ Lead Ahmad sekarang milik Anda.",
        f"Customer phone: {phone_display(CUSTOMER)}",
        "- Minat: Toyota Avanza 2020 Hitam #A01",
        "[Customer] Bisa nego ga?",
        "[Bot]",
        "Good luck closing! 💪",
    ):
        assert part in taken

    assert await stage.says(CUSTOMER, "Ok deal, kapan bisa lihat?") == ""
    assert "Ok deal, kapan bisa lihat?" in stage.read("Budi")[-1]

    assert "kembalikan ke bot" in await stage.says("Budi", "/selesai Ahmad")
    assert "Rp 185.000.000" in await stage.says(CUSTOMER, "harganya tadi berapa ya?")


async def test_three_similar_cars_are_told_apart(stage: Stage) -> None:
    """Test 4 of master-spec 9.2."""
    listed = await stage.says(CUSTOMER, "Ada Avanza 2020 hitam?")
    for part in ("#A01", "#A02", "#V01", "Velg racing", "Ban baru", "Veloz", "Matic"):
        assert part.lower() in listed.lower()
    places = [listed.index(f"\n{number}. ") for number in (1, 2, 3)]
    assert places == sorted(places)

    one = await stage.says(CUSTOMER, "1")
    assert "#A01" in one
    assert "#A02" not in one
    assert "#V01" not in one
    again = await stage.says(CUSTOMER, "km nya berapa?")
    assert "45.000 km" in again
    assert "#A02" not in again


async def test_nothing_leaves_that_whatsapp_would_not_show(stage: Stage) -> None:
    """No markdown, no plate, no template variable, whatever is asked."""
    for text in ("ada avanza?", "1", "fotonya?", "dp 50 juta 3 tahun cicilannya?", "lokasi dimana", "makasih"):
        await stage.says(CUSTOMER, text)

    for message in stage.read(CUSTOMER):
        assert not re.search(r"\*|_\w|`|\{|\}", message), message
        assert not re.search(r"\bL ?\d{1,4} ?[A-Z]{2}\b", message), message


async def test_every_answer_comes_from_this_showroom(stage: Stage) -> None:
    other = await make.tenant(stage.database, name="Sebelah")
    await make.cars(stage.database, other, make.car_row(display_code="#A01", price_idr=99_000_000, color="Merah"))

    said = await stage.says(CUSTOMER, "#A01 berapa harganya?")

    assert "Rp 185.000.000" in said
    assert "99.000.000" not in said
    assert "Merah" not in said

"""The showroom works from WhatsApp, through the webhook of the whole application. As the founding document tells it,
word for word from the owner's side: a car is uploaded (6.2), then sold (6.3), and customers see both at once; and a new
salesperson enrols."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient

from autoleads.config import Config
from autoleads.sql.pool import Database
from autoleads.web import keys
from tests import make
from tests.command import Command
from tests.payloads.fonnte import chat
from tests.standins.fonnte import FonnteStandin
from tests.upload_stage import Stage, picture
from tests.upload_stage import stage as on_stage

PHOTOS_THERE = """✅ 5 foto diterima!

Sekarang info mobilnya. Format:
[Plat] | [Merek Model] | [Tahun] | [Harga] | [KM] | [Transmisi] | [Warna]

Contoh:
B1234XYZ | Toyota Avanza 1.3 G | 2020 | 185jt | 45rb | Manual | Hitam"""
DATA_THERE = """Oke! Data diterima.

🚗 Mobil: Toyota Avanza 1.3 G 2020
💰 Harga: Rp 185.000.000
📍 KM: 45.000 km
⚙️ Manual | 🎨 Hitam

━━━━━━━━━━━━━━━━━━━
INTERNAL (Buat Bapak/Ibu):
📋 Plat: B 1234 XYZ
🏷️ Stock: STK-001

PUBLIC (Customer lihat):
📱 Kode: #A01
━━━━━━━━━━━━━━━━━━━

Ada fitur khusus? (optional)
Contoh: Velg racing, spoiler

Atau ketik SKIP"""
NOTES = """Perfect! Ada catatan kondisi? (optional)
Atau ketik SKIP"""
RECAP = """Mantap! Recap final:

🚗 Toyota Avanza 1.3 G 2020
📋 Plat: B 1234 XYZ (internal)
📱 Kode: #A01 (customer lihat)
💰 Rp 185.000.000
✨ Velg racing, spoiler

Link: {link}

Publish sekarang?
1 = YA, langsung live
2 = EDIT dulu
3 = SIMPAN DRAFT"""
PUBLISHED = """✅ BERHASIL PUBLISH!

Unit #A01 (B 1234 XYZ) sudah live!

Link: {link}

Customer sudah bisa lihat & chat sekarang 🚀

━━━━━━━━━━━━━━━━━━━
Command cepat:
/status B1234XYZ atau /status #A01
/edit B1234XYZ
/foto B1234XYZ
━━━━━━━━━━━━━━━━━━━

Upload mobil lagi? Ketik /upload"""
FOUND = """🔍 Cari unit B 1234 XYZ...

Ketemu!

🚗 Toyota Avanza 1.3 G 2020 Hitam
📋 Plat: B 1234 XYZ (Internal)
📱 Kode: #A01 (Customer lihat)
💰 Rp 185.000.000

Update status jadi TERJUAL?
Ketik: YA"""
SOLD = """✅ Status diupdate!

Unit B 1234 XYZ (#A01) sekarang:
❌ Tidak muncul di website
✅ Ditandai TERJUAL di dashboard
📊 Tercatat di laporan penjualan

━━━━━━━━━━━━━━━━━━━
Quick Stats Hari Ini:
• Mobil terjual: 2 unit
• Revenue: Rp 365jt
• Lead masuk: 8 leads
━━━━━━━━━━━━━━━━━━━

Update mobil lain? Ketik /status [plat]"""


@pytest.fixture
async def stage(config: Config, database: Database, fonnte: FonnteStandin) -> AsyncIterator[Stage]:
    async with on_stage(config, database, fonnte) as stage:
        yield stage


def carries(text: str, spec: str) -> None:
    """Every line of the founding document, in its order; the reply may say more."""
    lines = iter(text.splitlines())
    for wanted in filter(None, spec.splitlines()):
        assert any(line.startswith(wanted) for line in lines), f"{wanted!r} is missing, or not in its place:\n{text}"


async def _listed(stage: Stage) -> list[str]:
    return [car["displayCode"] for car in (await stage.get("/api/cars"))["data"]["cars"]]


async def test_a_car_is_uploaded_and_sold_as_in_the_founding_document(stage: Stage) -> None:
    link = f"http://{stage.slug}.localhost:3000/avanza-2020-hitam-a01"
    [other] = await make.cars(stage.database, stage.tenant_id, make.car_row(
        brand="Honda", model="Brio RS", price_idr=180_000_000, display_code="#B07",
    ))  # fmt: skip
    await stage.value("UPDATE car SET stock_code = 'STK-900'")
    await stage.value("DELETE FROM car_number WHERE series = 'stock'")
    await stage.says(f"/status {other} laku")
    await stage.says("ya")
    customers = [make.phone() for _ in range(8)]
    for customer in customers:
        await stage.says("halo", by=customer)

    carries(await stage.says("/upload"), "📸 Kirim foto mobil (max 10 foto)")
    await stage.sends(*(picture(n, (160, 120)) for n in range(5)))
    carries(await stage.hears(), PHOTOS_THERE)
    carries(await stage.says("B1234XYZ | Toyota Avanza 1.3 G | 2020 | 185jt | 45rb | Manual | Hitam"), DATA_THERE)
    carries(await stage.says("Velg racing, spoiler"), NOTES)
    carries(await stage.says("SKIP"), RECAP.format(link=link))
    assert await _listed(stage) == []
    carries(await stage.says("1"), PUBLISHED.format(link=link))
    assert await _listed(stage) == ["#A01"]
    detail = await stage.get("/api/cars/avanza-2020-hitam-a01")
    asked = await stage.says("Avanza 2020 hitam masih ada?", by=customers[0])

    carries(await stage.says("/status B1234XYZ terjual"), FOUND)
    assert await _listed(stage) == ["#A01"]
    carries(await stage.says("YA"), SOLD)
    assert await _listed(stage) == []
    asked_again = await stage.says("Avanza 2020 hitam masih ada?", by=customers[1])

    assert sum(text.startswith("✅ 5 foto diterima!") for text in stage.read()) == 1
    assert len(detail["data"]["photos"]) == 5
    assert "#A01" in asked
    assert re.search("#A01 sudah (laku|terjual)", asked_again)
    row = await stage.value("SELECT to_jsonb(c) FROM car c WHERE display_code = '#A01'")
    assert (row["status"], row["slug"], row["plate_clean"], row["stock_code"], row["features"]) == (
        "sold", "avanza-2020-hitam-a01", "B1234XYZ", "STK-001", ["Velg racing", "spoiler"]
    )  # fmt: skip
    for customer in customers:
        assert not any("1234" in text for text in stage.read(customer))
    for photo in row["photos"]:
        assert "B1234" not in photo.upper()
        assert (await stage.app.get(photo)).status == 200
        assert (await stage.app.get(photo.replace(".jpg", "-link.jpg"))).status == 200


CUSTOMER = "6281234567890"


async def test_sold_by_chat_and_gone_for_customers(
    client: TestClient, database: Database, fonnte: FonnteStandin
) -> None:
    tenant_id = await make.sample(database)
    async with database.tenant(tenant_id) as db:
        owner = await db.fetchval("SELECT phone FROM app_user WHERE role = 'owner'")
        await db.execute("UPDATE car SET plate_clean = 'B1234XYZ' WHERE display_code = '#A01'")

    async def says(who: str, text: str) -> str:
        before = len(fonnte.sent)
        body = chat(text, device=make.SAMPLE_DEVICE, sender=who, name="Ahmad")
        response = await client.post("/webhook/fonnte", json={**body, "inboxid": len(fonnte.received) + 1})
        assert response.status == 200
        await client.app[keys.DISPATCHER].idle()
        return "\n".join(sent.message for sent in fonnte.sent[before:] if sent.target == who)

    before = await says(CUSTOMER, "Avanza 2020 hitam #A01 masih ada?")
    found = await says(owner, "/status B1234XYZ terjual")
    sold = await says(owner, "YA")
    after = await says(CUSTOMER, "Avanza 2020 hitam ada?")
    back = await says(owner, "/batal-ubah")
    again = await says(CUSTOMER, "avanza 2020 hitam ada berapa?")

    assert "#A01" in before
    for part in ("Cari unit B 1234 XYZ", "Ketemu!", "Plat: B 1234 XYZ (Internal)", "Kode: #A01 (Customer lihat)"):
        assert part in found
    assert "Update status jadi TERJUAL?\nKetik: YA" in found
    assert "✅ Status diupdate!" in sold
    assert "• Mobil terjual: 1 unit\n• Revenue: Rp 185jt\n• Lead masuk: 1 leads" in sold
    assert "#A02" in after
    assert "#A01" not in after
    assert "TERJUAL → TERSEDIA" in back
    assert "#A01" in again
    for said in (before, after, again):
        assert "1234" not in said


async def test_a_salesperson_enrols_with_the_code_of_the_command_line(
    client: TestClient, database: Database, fonnte: FonnteStandin, dsn: str, tmp_path: Path
) -> None:
    tenant_id = await make.sample(database)
    async with database.tenant(tenant_id) as db:
        slug = await db.fetchval("SELECT slug FROM tenant WHERE id = $1", tenant_id)
    autoleads = Command(DATABASE_URL=dsn, AUTOLEADS_DATA_DIR=str(tmp_path))

    async def says(who: str, text: str) -> str:
        before = len(fonnte.sent)
        body = chat(text, device=make.SAMPLE_DEVICE, sender=who, name="Ani")
        await client.post("/webhook/fonnte", json={**body, "inboxid": len(fonnte.received) + 1})
        await client.app[keys.DISPATCHER].idle()
        return "\n".join(sent.message for sent in fonnte.sent[before:] if sent.target == who)

    added = await autoleads("user", "add", "--tenant", slug, "--name", "Ani", "--role", "sales", "--json")
    as_customer = await says(CUSTOMER, "/upload")
    greeting = await says(CUSTOMER, added.rows[0]["send"])
    as_user = await says(CUSTOMER, "/upload")
    second = await says("6281234567891", added.rows[0]["send"])
    listed = await autoleads("user", "list", "--tenant", slug, "--json")

    assert "owner" not in as_customer
    assert greeting.startswith("✅ Nomor Anda sudah terdaftar!\n\nHalo Ani 👋")
    assert as_user == "Perintah ini hanya untuk owner dan admin. Ketik /help untuk yang bisa Anda pakai."
    assert second.startswith("Maaf, kode itu tidak bisa dipakai.")
    assert [(row["phone"], row["enrolment"]) for row in listed.rows if row["name"] == "Ani"] == [(CUSTOMER, "")]

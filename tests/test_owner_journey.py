"""The showroom works from WhatsApp, through the webhook of the whole application: a car is sold (master-spec 6.3, 9.2
test 3), and a new salesperson enrols."""

from pathlib import Path

from aiohttp.test_utils import TestClient

from autoleads.sql.pool import Database
from autoleads.web import keys
from tests import make
from tests.command import Command
from tests.payloads.fonnte import chat
from tests.standins.fonnte import FonnteStandin

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

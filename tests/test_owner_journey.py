"""The owner sells a car from WhatsApp, through the webhook of the whole application (master-spec 6.3, 9.2 test 3)."""

from aiohttp.test_utils import TestClient

from autoleads.sql.pool import Database
from autoleads.web import keys
from tests import make
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

"""Lists, reports and taking back."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from autoleads.bot.staff import spans
from autoleads.sql.pool import Database
from autoleads.types import CarStatus
from tests import make
from tests.owner_shop import BUDI, HADI, RINA, car, changes, owner_shop, tells
from tests.standins.fonnte import FonnteStandin
from tests.test_handover import bargain

# /batal-ubah ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("undo", ["/batal-ubah", "/batal ubah", "batal ubah", "batalin perubahan tadi", "undo"])
async def test_the_last_change_is_taken_back(database: Database, fonnte: FonnteStandin, undo: str) -> None:
    async with owner_shop(database, fonnte) as shop:
        before = await car(shop)
        await tells(shop, HADI, "/status #A01 terjual", "ya")
        back = await tells(shop, HADI, undo)
        after = await car(shop)
        kept = await changes(shop)

    assert back == "↩️ Dikembalikan!\n\nUnit B 1234 XYZ (#A01) sekarang:\n• Status: TERJUAL → TERSEDIA"
    assert before is not None
    assert after is not None
    assert {**before, "updated_at": None} == {**after, "updated_at": None}
    assert kept == [(HADI, "status", True)]


async def test_a_car_that_is_named_must_be_the_one_that_was_changed_last(
    database: Database, fonnte: FonnteStandin
) -> None:
    async with owner_shop(database, fonnte) as shop:
        await tells(shop, HADI, "/harga #A02 170jt", "ya", "/edit #A01 plat L 7 KK", "ya")
        other = await tells(shop, HADI, "/batal-ubah #A02")
        by_old_plate = await tells(shop, HADI, "/batal-ubah B1234XYZ")
        by_code = await tells(shop, HADI, "/batal-ubah #A02")
        await tells(shop, HADI, "/hapus #V01", "ya")
        wrong = await tells(shop, HADI, "/batal-ubah A01")
        back = await tells(shop, HADI, "/batal-ubah V01")

    assert other.startswith("Perubahan terakhir Anda bukan di unit #A02, tapi di unit L 7 KK (#A01).")
    assert "L 7 KK → B 1234 XYZ" in by_old_plate
    assert "→ Rp" in by_code
    assert "tapi di unit W 9012 CD (#V01)" in wrong
    assert "(#V01) ada lagi di stok" in back


async def test_changes_are_taken_back_one_by_one_with_names(database: Database, fonnte: FonnteStandin) -> None:
    async with owner_shop(database, fonnte) as shop:
        before = await car(shop)
        await tells(shop, HADI, "/edit #A01 warna putih, plat L 7 KK", "ya", "/harga #A01 170jt", "ya")
        await tells(shop, HADI, "/batal-ubah", "/batal-ubah")
        after = await car(shop)
        nothing = await tells(shop, HADI, "/batal-ubah")

    assert before is not None
    assert after is not None
    assert {**before, "updated_at": None} == {**after, "updated_at": None}
    assert nothing == "Tidak ada perubahan Anda dalam 10 menit terakhir yang bisa dikembalikan."


async def test_a_removed_car_comes_back_whole_with_its_lead(database: Database, fonnte: FonnteStandin) -> None:
    async with owner_shop(database, fonnte, answer=bargain) as shop:
        async with database.tenant(shop.tenant_id) as db:
            await db.execute("UPDATE car SET photos = '{a.jpg,b.jpg}' WHERE display_code = '#A01'")
        await shop.says(make.phone(), "bisa nego?")
        before = await car(shop)
        await tells(shop, HADI, "/hapus #A01", "ya")
        async with database.tenant(shop.tenant_id) as db:
            without = await db.fetchval("SELECT car_id FROM lead")
        back = await tells(shop, HADI, "/batal-ubah")
        async with database.tenant(shop.tenant_id) as db:
            lead = await db.fetchval("SELECT car_id FROM lead")
        after = await car(shop)

    assert without is None
    assert before == after
    assert lead == before["id"]
    assert back.startswith("↩️ Dikembalikan!\n\nUnit B 1234 XYZ (#A01) ada lagi di stok")


async def test_a_removed_car_stays_out_when_its_plate_came_again(database: Database, fonnte: FonnteStandin) -> None:
    async with owner_shop(database, fonnte) as shop:
        await tells(shop, HADI, "/hapus #A01", "ya")
        await make.cars(database, shop.tenant_id, make.car_row(plate="B 1234 XYZ", plate_clean="B1234XYZ"))
        refused = await tells(shop, HADI, "/batal-ubah")
        there = await car(shop, "#A01")

    assert refused == "Tidak bisa dikembalikan: plat B 1234 XYZ sudah dipakai unit lain."
    assert there is None


async def test_what_somebody_changed_since_is_not_taken_back(database: Database, fonnte: FonnteStandin) -> None:
    async with owner_shop(database, fonnte) as shop:
        await tells(shop, HADI, "/harga #A01 175jt", "ya")
        await tells(shop, RINA, "/edit #A01 km 60rb", "ya")
        refused = await tells(shop, HADI, "/batal-ubah")
        now = await car(shop)

    assert refused == "Tidak bisa dikembalikan: unit B 1234 XYZ (#A01) sudah diubah lagi oleh Rina."
    assert now is not None
    assert (now["price_idr"], now["km"]) == (175_000_000, 60_000)


async def test_a_change_is_taken_back_by_its_own_user_within_ten_minutes(
    database: Database, fonnte: FonnteStandin
) -> None:
    async with owner_shop(database, fonnte) as shop:
        await tells(shop, HADI, "/harga #A01 175jt", "ya")
        others = await tells(shop, RINA, "/batal-ubah")
        async with database.tenant(shop.tenant_id) as db:
            await db.execute("UPDATE car_change SET at = at - interval '11 minutes'")
        late = await tells(shop, HADI, "/batal-ubah")
        now = await car(shop)

    assert "Tidak ada perubahan Anda" in others
    assert "Tidak ada perubahan Anda" in late
    assert now is not None
    assert now["price_idr"] == 175_000_000


async def test_the_audit_tells_who_what_before_and_after(database: Database, fonnte: FonnteStandin) -> None:
    async with owner_shop(database, fonnte) as shop:
        await tells(shop, RINA, "/edit #A01 tahun 2021", "ya")
        async with database.tenant(shop.tenant_id) as db:
            row = await db.fetchrow("SELECT user_id, user_name, what, before, after, inbox_id FROM car_change")
            text = await db.fetchval("SELECT body FROM inbox WHERE id = $1", row["inbox_id"])

    assert (row["user_id"], row["user_name"], row["what"], text) == (shop.ids[RINA], RINA, "edit", "ya")
    assert row["before"] == {
        "year": 2020, "slug": "avanza-2020-hitam-a01", "public_name": "Avanza 2020 Hitam #A01",
    }  # fmt: skip
    assert row["after"]["year"] == 2021


# /list ---------------------------------------------------------------------------------------------------------------


async def test_the_stock_is_listed_five_at_a_time(database: Database, fonnte: FonnteStandin) -> None:
    async with owner_shop(database, fonnte) as shop:
        rows = [make.car_row(model="Brio RS", brand="Honda", display_code=None) for _ in range(8)]
        await make.cars(database, shop.tenant_id, *rows)
        await make.cars(database, shop.tenant_id, make.car_row(status=CarStatus.DRAFT))
        pages = [await tells(shop, HADI, text) for text in ("/list", "lanjut", "lanjut")]
        end = await tells(shop, HADI, "lanjut")
        detail = await tells(shop, HADI, "12")

    assert pages[0].startswith("📋 Stok: 12 unit\nTersedia 11 | Draft 1\n\n1. Honda Brio RS 2020 Hitam #B0")
    assert [len(re.findall(r"^\d+\. ", page, re.MULTILINE)) for page in pages] == [5, 5, 2]
    assert "Ketik lanjut untuk 5 unit berikutnya" in pages[0]
    assert "Ketik lanjut" not in pages[2]
    assert end == "Sudah semua, tidak ada unit lagi."
    assert "📌 Status: DRAFT" in detail
    assert "/status L" in detail


async def test_a_list_is_filtered(database: Database, fonnte: FonnteStandin) -> None:
    async with owner_shop(database, fonnte) as shop:
        await tells(shop, HADI, "/status #A02 terjual", "ya")
        matic = await tells(shop, HADI, "/list matic")
        sold = await tells(shop, HADI, "/list terjual")
        none = await tells(shop, HADI, "stok fortuner apa aja")

    assert matic.startswith("📋 Stok (Matic): 1 unit")
    assert "W 9012 CD" in matic
    assert sold.startswith("📋 Stok (TERJUAL): 1 unit")
    assert "#A02" in sold
    assert none == "Tidak ada unit (Fortuner) di stok. Ketik /list untuk semua unit."


async def test_sales_see_neither_plates_nor_drafts(database: Database, fonnte: FonnteStandin) -> None:
    async with owner_shop(database, fonnte) as shop:
        await tells(shop, HADI, "/status #A02 draft", "ya")
        listed = await tells(shop, BUDI, "/list")
        detail = await tells(shop, BUDI, "1")

    assert listed.startswith("📋 Stok: 2 unit")
    assert "#A02" not in listed
    for text in (listed, detail):
        assert not re.search(r"\b[A-Z]{1,2} \d{1,4} [A-Z]{1,3}\b|Plat", text)


# /laporan ------------------------------------------------------------------------------------------------------------


async def test_the_report_of_the_day(database: Database, fonnte: FonnteStandin) -> None:
    async with owner_shop(database, fonnte, answer=bargain) as shop:
        await shop.says(make.phone(), "bisa nego?")
        await shop.says(make.phone(), "bisa nego?", name="Dewi")
        await tells(shop, HADI, "/status #A01 terjual", "ya", "/status #A02 booking", "ya")
        report = await tells(shop, HADI, "hari ini laku berapa unit?")

    for line in (
        "📊 LAPORAN HARI INI",
        "🚗 Terjual: 1 unit",
        "💰 Revenue: Rp 185jt",
        "🔖 Booking baru: 1 unit",
        "🆕 Mobil baru: 3 unit",
        "👥 Lead masuk: 2\n   HOT 2",
        "🔥 Hot belum diambil sekarang: 2",
        "📦 Stok sekarang: 1 tersedia, 1 booking, 0 draft",
        "💎 Nilai stok: Rp 395jt",
    ):
        assert line in report


async def test_reports_of_other_spans_and_of_a_branch(database: Database, fonnte: FonnteStandin) -> None:
    async with owner_shop(database, fonnte) as shop:
        branch = await make.branch(database, shop.tenant_id, "Malang")
        await tells(shop, HADI, "/status #A01 terjual", "ya")
        async with database.tenant(shop.tenant_id) as db:
            await db.execute("UPDATE car SET sold_at = sold_at - interval '32 days' WHERE display_code = '#A01'")
            await db.execute("UPDATE car SET branch_id = $1 WHERE display_code = '#V01'", branch)
        month = await tells(shop, HADI, "/laporan bulan")
        year = await tells(shop, HADI, "/laporan tahun")
        there = await tells(shop, HADI, "laporan minggu ini cabang malang")

    assert "LAPORAN BULAN INI" in month
    assert "Terjual: 0 unit" in month
    assert "LAPORAN TAHUN INI" in year
    assert "LAPORAN MINGGU INI - MALANG" in there
    assert "Stok sekarang: 1 tersedia, 0 booking" in there


def test_spans_begin_and_end_at_midnight_of_the_showroom() -> None:
    now = datetime(2026, 3, 1, 15, 30, tzinfo=ZoneInfo("Asia/Jakarta"))
    shown = {
        name: tuple(f"{moment:%Y-%m-%dT%H:%M%z}" for moment in span)
        for name, span in {
            "day": spans.day(now),
            "yesterday": spans.day(now, ago=1),
            "week": spans.week(now),
            "month": spans.month(now),
            "last_month": spans.month(now, ago=1),
            "year": spans.year(now),
        }.items()
    }

    assert shown == {
        "day": ("2026-03-01T00:00+0700", "2026-03-02T00:00+0700"),
        "yesterday": ("2026-02-28T00:00+0700", "2026-03-01T00:00+0700"),
        "week": ("2026-02-23T00:00+0700", "2026-03-02T00:00+0700"),
        "month": ("2026-03-01T00:00+0700", "2026-04-01T00:00+0700"),
        "last_month": ("2026-02-01T00:00+0700", "2026-03-01T00:00+0700"),
        "year": ("2026-01-01T00:00+0700", "2027-01-01T00:00+0700"),
    }


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (365_000_000, "Rp 365jt"),
        (187_500_000, "Rp 187,5jt"),
        (1_250_000_000, "Rp 1,25 M"),
        (20_000_000_000, "Rp 20 M"),
        (185_250_500, "Rp 185.250.500"),
        (0, "Rp 0"),
    ],
)
def test_sums_are_short_where_nothing_is_lost(amount: int, shown: str) -> None:
    assert spans.rupiah_short(amount) == shown

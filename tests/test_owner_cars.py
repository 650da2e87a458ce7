"""Owners and admins change cars by chat: found, shown, asked, changed, told."""

import asyncio
from datetime import timedelta

import pytest

from autoleads.bot.directory import Directory
from autoleads.bot.handover import Handover
from autoleads.bot.staff.desk import Desk
from autoleads.bot.turn import Outcome, Reply, Turn
from autoleads.sql import cars
from autoleads.sql.pool import Database
from autoleads.types import Role
from tests import make
from tests.engine import ROUND, engine
from tests.owner_shop import HADI, RINA, car, changes, owner_shop, tells
from tests.patience import PATIENCE_S
from tests.standins.fonnte import FonnteStandin
from tests.test_handover import _shop

# /status -------------------------------------------------------------------------------------------------------------


async def test_a_car_is_sold_as_in_the_founding_document(database: Database, fonnte: FonnteStandin) -> None:
    async with owner_shop(database, fonnte) as shop:
        asked = await tells(shop, HADI, "/status B1234XYZ terjual")
        untouched = await car(shop)
        done = await tells(shop, HADI, "YA")
        sold = await car(shop)
        directory = Directory(database, site_url=lambda slug, _: slug)
        for_customers = await directory.stock(shop.tenant_id, version=0)

    assert asked == (
        "🔍 Cari unit B 1234 XYZ...\n\nKetemu!\n\n"
        "🚗 Toyota Avanza 1.3 G 2020 Hitam Metalik\n📋 Plat: B 1234 XYZ (Internal)\n📱 Kode: #A01 (Customer lihat)\n"
        "💰 Rp 185.000.000\n\n📌 Status: TERSEDIA → TERJUAL\n\nUpdate status jadi TERJUAL?\n"
        "Ketik: YA (atau TIDAK kalau batal)"
    )
    assert done.startswith(
        "✅ Status diupdate!\n\nUnit B 1234 XYZ (#A01) sekarang:\n❌ Tidak muncul di website\n"
        "✅ Ditandai TERJUAL di dashboard\n📊 Tercatat di laporan penjualan\n\n━━━━━━━━━━━━━━━━━━━\n"
        "Quick Stats Hari Ini:\n• Mobil terjual: 1 unit\n• Revenue: Rp 185jt\n• Lead masuk: 0 leads\n"
        "━━━━━━━━━━━━━━━━━━━\n\nUpdate mobil lain? Ketik /status [plat]"
    )
    assert untouched is not None
    assert untouched["status"] == "available"
    assert sold is not None
    assert sold["status"] == "sold"
    assert sold["sold_at"]
    assert {one.display_code for one in for_customers.available} == {"#V01", "#A02"}


@pytest.mark.parametrize("yes", ["YA", "ya", "Ok", "1", "iya pak", "ya."])
async def test_words_that_confirm(database: Database, fonnte: FonnteStandin, yes: str) -> None:
    async with owner_shop(database, fonnte) as shop:
        await tells(shop, HADI, "/status #A01 booking", yes)
        now = await car(shop)

    assert now is not None
    assert now["status"] == "booking"


@pytest.mark.parametrize("no", ["TIDAK", "batal", "ga jadi", "nggak jadi deh", "jangan", "2", "hmm"])
async def test_everything_else_changes_nothing(database: Database, fonnte: FonnteStandin, no: str) -> None:
    async with owner_shop(database, fonnte) as shop:
        await tells(shop, HADI, "/status #A01 booking", no)
        now = await car(shop)
        kept = await changes(shop)

    assert now is not None
    assert now["status"] == "available"
    assert kept == []


@pytest.mark.parametrize(
    ("text", "code", "status"),
    [
        ("Avanza veloz yang kemarin udah laku", "#V01", "sold"),
        ("Update #A01 jadi terjual", "#A01", "sold"),
        ("/status L 5678 AB dp", "#A02", "booking"),
        ("/status A01 draft", "#A01", "draft"),
        ("W9012CD laku ya", "#V01", "sold"),
    ],
)
async def test_the_same_by_free_sentence(
    database: Database, fonnte: FonnteStandin, text: str, code: str, status: str
) -> None:
    async with owner_shop(database, fonnte) as shop:
        asked = await tells(shop, HADI, text)
        await tells(shop, HADI, "ya")
        now = await car(shop, code)

    assert code in asked
    assert now is not None
    assert now["status"] == status


async def test_a_mistyped_plate_is_asked_about(database: Database, fonnte: FonnteStandin) -> None:
    async with owner_shop(database, fonnte) as shop:
        asked = await tells(shop, HADI, "/status B1243XYZ terjual")

    assert "Maksudnya B 1234 XYZ?" in asked
    assert "Update status jadi TERJUAL?" in asked


async def test_several_cars_are_a_numbered_choice(database: Database, fonnte: FonnteStandin) -> None:
    async with owner_shop(database, fonnte) as shop:
        which = await tells(shop, HADI, "avanza hitam udah laku")
        wrong = await tells(shop, HADI, "7")
        asked = await tells(shop, HADI, "2")
        await tells(shop, HADI, "ya")
        sold = [code for code in ("#A01", "#A02", "#V01") if (await car(shop, code) or {})["status"] == "sold"]

    assert which.startswith("Ada 3 unit yang cocok:\n1. Toyota Avanza")
    assert "Balas angkanya, atau ketik batal." in which
    assert "1 sampai 3" in wrong
    assert sold == [sold[0]]
    assert sold[0] in asked


async def test_a_choice_can_be_answered_by_code(database: Database, fonnte: FonnteStandin) -> None:
    async with owner_shop(database, fonnte) as shop:
        asked = await tells(shop, HADI, "avanza hitam udah laku", "yang #A02")

    assert "Kode: #A02" in asked
    assert "jadi TERJUAL?" in asked


async def test_a_car_that_is_not_there_gives_the_nearest(database: Database, fonnte: FonnteStandin) -> None:
    async with owner_shop(database, fonnte) as shop:
        code = await tells(shop, HADI, "/status #A03 terjual")
        model = await tells(shop, HADI, "/harga avanza merah 170jt")
        nothing = await tells(shop, HADI, "/status Z9Z terjual #Q77")

    assert code.startswith("Unit #A03 tidak ketemu. Mungkin maksudnya:\n1. ")
    assert "Avanza Merah tidak ketemu" in model
    assert "#V01" in model
    assert nothing == "Unit #Q77 tidak ada di stok. Ketik /list untuk lihat semua unit."


@pytest.mark.parametrize(
    ("text", "example"),
    [
        ("/status", "/status B1234XYZ terjual"),
        ("/harga", "/harga B1234XYZ 185jt"),
        ("/edit", "/edit B1234XYZ km 45rb"),
        ("/hapus", "/hapus B1234XYZ"),
        ("/foto", "/foto B1234XYZ"),
    ],
)
async def test_a_bare_command_explains_itself(
    database: Database, fonnte: FonnteStandin, text: str, example: str
) -> None:
    async with owner_shop(database, fonnte) as shop:
        assert f"Contoh: {example}" in await tells(shop, HADI, text)


async def test_a_bare_command_is_completed_step_by_step(database: Database, fonnte: FonnteStandin) -> None:
    async with owner_shop(database, fonnte) as shop:
        which = await tells(shop, HADI, "/status", "B1234XYZ")
        again = await tells(shop, HADI, "9")
        asked = await tells(shop, HADI, "3")
        await tells(shop, HADI, "YA")
        now = await car(shop)

    assert "Statusnya jadi apa?\n1 = tersedia\n2 = booking\n3 = terjual\n4 = draft" in which
    assert "Belum terbaca" in again
    assert "TERSEDIA → TERJUAL" in asked
    assert now is not None
    assert now["status"] == "sold"


async def test_what_is_so_already_is_said(database: Database, fonnte: FonnteStandin) -> None:
    async with owner_shop(database, fonnte) as shop:
        status = await tells(shop, HADI, "/status #A01 tersedia")
        price = await tells(shop, HADI, "/harga #A01 185jt")

    assert status == "Unit B 1234 XYZ (#A01) memang sudah TERSEDIA. Tidak ada yang diubah."
    assert price == "Unit B 1234 XYZ (#A01) memang sudah begitu: Harga Rp 185.000.000. Tidak ada yang diubah."


async def test_a_question_left_open_expires(database: Database, fonnte: FonnteStandin) -> None:
    async with owner_shop(database, fonnte) as shop:
        await tells(shop, HADI, "/status #A01 terjual")
        async with database.tenant(shop.tenant_id) as db:
            await db.execute("""UPDATE conversation SET memory = jsonb_set(memory, '{ask,at}', '1000')""")
        late = await tells(shop, HADI, "YA")
        now = await car(shop)

    assert "sudah lewat 30 menit" in late
    assert now is not None
    assert now["status"] == "available"


async def test_a_car_without_a_plate_is_named_by_its_temporary_one(database: Database, fonnte: FonnteStandin) -> None:
    async with owner_shop(database, fonnte) as shop:
        await make.cars(database, shop.tenant_id, make.car_row(plate=None, plate_clean=None, display_code="#B07"))
        asked = await tells(shop, HADI, "/edit TEMP-001 plat L 1 AA")
        await tells(shop, HADI, "ya")
        now = await car(shop, "#B07")

    assert "📋 Plat: TEMP-001 (Internal)" in asked
    assert "• Plat: TEMP-001 → L 1 AA" in asked
    assert now is not None
    assert (now["plate_clean"], now["plate_number"]) == ("L1AA", "L 1 AA")


@pytest.mark.parametrize("text", ["#A02", "L5678AB", "l 5678 ab", "kode A02"])
async def test_a_bare_code_or_plate_shows_the_car(database: Database, fonnte: FonnteStandin, text: str) -> None:
    async with owner_shop(database, fonnte) as shop:
        shown = await tells(shop, HADI, text)

    assert "📱 Kode: #A02" in shown
    assert "/harga L5678AB" in shown


# /harga --------------------------------------------------------------------------------------------------------------


async def test_a_price_cut_is_shown_before_and_after(database: Database, fonnte: FonnteStandin) -> None:
    async with owner_shop(database, fonnte) as shop:
        asked = await tells(shop, HADI, "/harga #A01 175jt")
        done = await tells(shop, HADI, "ya")
        now = await car(shop)

    assert "💰 Harga: Rp 185.000.000 → Rp 175.000.000 (turun Rp 10.000.000)" in asked
    assert "💰 Rp 185.000.000 → Rp 175.000.000" in done
    assert "/batal-ubah dalam 10 menit" in done
    assert now is not None
    assert now["price_idr"] == 175_000_000


async def test_a_price_goes_down_by_a_sum(database: Database, fonnte: FonnteStandin) -> None:
    async with owner_shop(database, fonnte) as shop:
        down = await tells(shop, HADI, "turunin harga veloz 3jt")
        up = await tells(shop, HADI, "/harga #A01 naik 2,5 juta")
        better = await tells(shop, HADI, "eh 190jt")

    assert "Rp 215.000.000 → Rp 212.000.000 (turun Rp 3.000.000)" in down
    assert "Rp 185.000.000 → Rp 187.500.000 (naik Rp 2.500.000)" in up
    assert "→ Rp 190.000.000 (naik Rp 5.000.000)" in better


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("turunin harga #A01 2 juta 500", "(turun Rp 2.500.000)"),
        ("turunin harga #A01 2 juta 50 ribu", "(turun Rp 2.050.000)"),
        ("/harga #A01 turun 2jt500", "(turun Rp 2.500.000)"),
        ("/harga #A01 turun 750rb ya", "(turun Rp 750.000)"),
        ("/harga #A01 turun 2 juta 5", "Harga barunya berapa?"),
    ],
)
async def test_a_price_goes_down_by_all_that_is_told(
    database: Database, fonnte: FonnteStandin, text: str, told: str
) -> None:
    async with owner_shop(database, fonnte) as shop:
        assert told in await tells(shop, HADI, text)


async def test_a_sum_that_can_be_bargained_about_is_a_price(database: Database, fonnte: FonnteStandin) -> None:
    async with owner_shop(database, fonnte) as shop:
        asked = await tells(shop, HADI, "a01 175 nego")

    assert "Rp 185.000.000 → Rp 175.000.000" in asked


@pytest.mark.parametrize("said", ["kembaliin yg tadi", "batalin yang tadi", "eh salah, balikin lagi"])
async def test_the_last_change_is_taken_back_in_everyday_words(
    database: Database, fonnte: FonnteStandin, said: str
) -> None:
    async with owner_shop(database, fonnte) as shop:
        await tells(shop, HADI, "/harga #A01 175jt", "ya", "/harga #A02 150jt")
        which = await tells(shop, HADI, said)
        await tells(shop, HADI, "batal", said)
        kept = await changes(shop)

    assert "Yang mana?" in which
    assert kept == [(HADI, "price", True)]


@pytest.mark.parametrize("said", ["yang tadi batal", "customer tadi batal", "balikin mobil yang tadi"])
async def test_what_is_told_of_a_buyer_takes_no_change_back(
    database: Database, fonnte: FonnteStandin, said: str
) -> None:
    async with owner_shop(database, fonnte) as shop:
        await tells(shop, HADI, "/harga #A01 175jt", "ya", said)
        kept = await changes(shop)

    assert kept == [(HADI, "price", False)]


async def test_a_question_about_a_field_changes_nothing(database: Database, fonnte: FonnteStandin) -> None:
    async with owner_shop(database, fonnte) as shop:
        told = await tells(shop, HADI, "a01 warna putih?")

    assert "Simpan perubahan" not in told
    assert "Hitam Metalik" in told


async def test_a_missing_price_is_asked_for(database: Database, fonnte: FonnteStandin) -> None:
    async with owner_shop(database, fonnte) as shop:
        asked = await tells(shop, HADI, "/harga B1234XYZ")
        unread = await tells(shop, HADI, "murahin aja")
        confirm = await tells(shop, HADI, "1,2 M")
        better = await tells(shop, HADI, "eh 180jt")
        await tells(shop, HADI, "ok")
        now = await car(shop)

    assert "Harga barunya berapa? Contoh: 185jt" in asked
    assert "Contoh: 185jt" in unread
    assert "Rp 1.200.000.000" in confirm
    assert "cek lagi jumlah nolnya" in confirm
    assert "→ Rp 180.000.000" in better
    assert now is not None
    assert now["price_idr"] == 180_000_000


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("/harga #A01 5jt", 'Harga "5jt" belum terbaca sebagai harga mobil. Contoh: 185jt'),
        ("/harga #A01 170-185jt", 'Harga "170-185jt" belum terbaca sebagai harga mobil. Contoh: 185jt'),
        ("/harga #A01 185jt50", 'Harga "185jt50" belum terbaca sebagai harga mobil. Contoh: 185jt'),
        ("/harga #A01 185 juta 5", 'Harga "185 juta 5" belum terbaca sebagai harga mobil. Contoh: 185jt'),
        ("/edit #A01 harga 185 juta 5", 'Harga "185 juta 5" belum terbaca sebagai harga mobil. Contoh: 185jt'),
        ("/harga #A01 cash 185jt kredit 195jt", 'Harga "185jt / 195jt" belum terbaca sebagai harga mobil.'),
        ("/edit #A01 harga 170-185jt", 'Harga "170-185jt" belum terbaca sebagai harga mobil. Contoh: 185jt'),
        ("/edit #A01 km 45-50rb", 'KM "45-50rb" belum terbaca. Contoh: 45rb'),
        ("/harga #A01 50 M", "di luar batas: 10 juta sampai 20 miliar. Contoh: 185jt"),
        ("/edit #A01 tahun 1950", 'Tahun "1950" di luar batas: tahun 1980 sampai'),
        ("/edit #A01 cabang Antah", "Showroom ini belum punya cabang."),
        ("/edit #A01 harga 5jt", 'Harga "5jt" belum terbaca'),
        ("/edit #A01 plat B 12345 XY", 'Plat "B 12345 XY" belum terbaca. Contoh: B1234XYZ'),
        ("/edit #A01 plat B 0123 XY", 'Plat "B 0123 XY" belum terbaca. Contoh: B1234XYZ'),
        ("/edit #A01 plat L5678AB", "Plat L 5678 AB sudah dipakai unit #A02."),
        ("/edit #A01 model Antah B1234XYZ", "Plat jangan ditulis di Model"),
        ("/edit #A01 merek B1234XYZ", "Plat jangan ditulis di Merek"),
        ("/edit #A01 catatan: eks D\u200b567\u00a0QQ", "Plat jangan ditulis di Catatan"),
        ("/edit #A01 fitur: eks \uff24\uff15\uff16\uff17QQ", "Plat jangan ditulis di Fitur"),
    ],
)
async def test_a_value_that_cannot_be_says_so(
    database: Database, fonnte: FonnteStandin, text: str, problem: str
) -> None:
    async with owner_shop(database, fonnte) as shop:
        before = await car(shop)
        answer = await tells(shop, HADI, text)
        await tells(shop, HADI, "ya")
        after = await car(shop)

    assert problem in answer
    assert before == after


# /edit ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sql", "text", "problem"),
    [
        ("UPDATE car SET condition_notes = repeat('mulus ', 330)", "tambah catatan #A01: ban baru semua keempatnya",
         "Catatannya kepanjangan: maksimal 2000 huruf"),
        ("UPDATE car SET features = (SELECT array_agg('Fitur ' || n) FROM generate_series(1, 20) n)",
         "/edit #A01 fitur: kamera mundur", "Terlalu banyak: maksimal 20 fitur"),
        ("SELECT 1", "/edit #A01 fitur: " + "velg " * 30, "masing-masing 100 huruf"),
    ],
)  # fmt: skip
async def test_nothing_of_a_car_is_cut_off_to_make_room(
    database: Database, fonnte: FonnteStandin, sql: str, text: str, problem: str
) -> None:
    async with owner_shop(database, fonnte) as shop:
        async with database.tenant(shop.tenant_id) as db:
            await db.execute(sql)
        before = await car(shop)
        answer = await tells(shop, HADI, text)
        await tells(shop, HADI, "ya")
        after = await car(shop)

    assert problem in answer
    assert before == after


@pytest.mark.parametrize(
    ("text", "column", "value"),
    [
        ("/edit #A01 km 60rb", "km", 60_000),
        ("/edit #A01 warna putih", "color", "Putih"),
        ("/edit #A01 warna putih mutiara", "color", "Putih Mutiara"),
        ("/edit B1234XYZ tahun 2019", "year", 2019),
        ("/edit #A01 matic", "transmission", "Matic"),
        ("/edit #A01 bbm solar", "fuel", "Diesel"),
        ("/edit #A01 harga 179jt", "price_idr", 179_000_000),
        ("/edit #A01 model Avanza 1.5 Veloz", "model", "Avanza Veloz 1.5"),
        ("/edit B1234XYZ merek Daihatsu", "brand", "Daihatsu"),
        ("/edit #A01 fitur: velg racing 16 inch, kamera mundur", "features",
         ["Velg racing 16 inch", "Spoiler belakang", "Kamera mundur"]),
        ("tambahin fitur kamera mundur di #A01", "features",
         ["Velg racing 16 inch", "Spoiler belakang", "Kamera mundur"]),
        ("hapus fitur spoiler di #A01", "features", ["Velg racing 16 inch"]),
        ("edit catatan #A01: ban baru semua", "condition_notes", "ban baru semua"),
        ("hapus catatan #A01", "condition_notes", ""),
        ("fitur #A01 tambah kamera 360", "features", ["Velg racing 16 inch", "Spoiler belakang", "Kamera 360"]),
        ("fitur #A01 dihapus yang spoiler", "features", ["Velg racing 16 inch"]),
        ("catatan #A01 tambahin garansi mesin", "condition_notes", "Service record lengkap; garansi mesin"),
        ("tambah catatan #A01: STNK hidup", "condition_notes", "Service record lengkap; STNK hidup"),
        ("/edit #A01 plat L 4321 QQ", "plate_clean", "L4321QQ"),
        ("/edit #A01 plat B 12", "plate_clean", "B12"),
        ("/edit B1234XYZ plat B 1234 XYA", "plate_clean", "B1234XYA"),
        ("km #A01 salah, harusnya 39rb", "km", 39_000),
        ("a01 warna putih", "color", "Putih"),
        ("a01 tahun 2021", "year", 2021),
        ("a01 plat L 9999 ZZ", "plate_clean", "L9999ZZ"),
        ("/edit #A01 harga 189.500 km 45.500", "price_idr", 189_500_000),
        ("a01 harga 189.500 km 45.500", "km", 45_500),
    ],
)  # fmt: skip
async def test_every_field_can_be_edited(
    database: Database, fonnte: FonnteStandin, text: str, column: str, value: object
) -> None:
    async with owner_shop(database, fonnte) as shop:
        asked = await tells(shop, HADI, text)
        done = await tells(shop, HADI, "YA")
        now = await car(shop)

    assert "→" in asked
    assert "Simpan perubahan ini?\nKetik: YA" in asked
    assert done.startswith("✅ Data diupdate!")
    assert now is not None
    assert now[column] == value


async def test_the_branch_of_a_car_can_be_edited(database: Database, fonnte: FonnteStandin) -> None:
    async with owner_shop(database, fonnte) as shop:
        branch = await make.branch(database, shop.tenant_id, "Malang Kota")
        asked = await tells(shop, HADI, "/edit #A01 cabang malang kota")
        await tells(shop, HADI, "ya")
        now = await car(shop)

    assert "• Cabang: - → Malang Kota" in asked
    assert now is not None
    assert now["branch_id"] == branch


async def test_several_fields_at_once_and_the_wrong_one_is_named(database: Database, fonnte: FonnteStandin) -> None:
    async with owner_shop(database, fonnte) as shop:
        asked = await tells(shop, HADI, "/edit #A01 km 60rb, warna putih, tahun 2050")
        await tells(shop, HADI, "ya")
        now = await car(shop)

    assert 'Tahun "2050" di luar batas' in asked
    assert "• KM: 45.000 km → 60.000 km\n• Warna: Hitam Metalik → Putih" in asked
    assert now is not None
    assert (now["km"], now["color"], now["year"]) == (60_000, "Putih", 2020)


async def test_names_follow_and_codes_stay(database: Database, fonnte: FonnteStandin) -> None:
    async with owner_shop(database, fonnte) as shop:
        before = await car(shop)
        done = await tells(shop, HADI, "/edit #A01 warna putih, tahun 2021", "ya")
        now = await car(shop)

    assert before is not None
    assert now is not None
    assert (before["slug"], now["slug"]) == ("avanza-2020-hitam-a01", "avanza-2021-putih-a01")
    assert now["public_name"] == "Avanza 2021 Putih #A01"
    assert (now["display_code"], now["stock_code"]) == (before["display_code"], before["stock_code"])
    assert "Nama di website: Avanza 2021 Putih #A01" in done


async def test_an_edit_without_a_field_asks_what(database: Database, fonnte: FonnteStandin) -> None:
    async with owner_shop(database, fonnte) as shop:
        asked = await tells(shop, HADI, "/edit #A01")
        confirm = await tells(shop, HADI, "model Avanza 1.5 G")
        await tells(shop, HADI, "ya")
        now = await car(shop)

    assert "Apa yang diubah? Contoh: km 45rb" in asked
    assert "• Model: Avanza 1.3 G → Avanza 1.5 G" in confirm
    assert now is not None
    assert now["model"] == "Avanza 1.5 G"


async def test_a_new_command_leaves_the_question(database: Database, fonnte: FonnteStandin) -> None:
    async with owner_shop(database, fonnte) as shop:
        asked = await tells(shop, HADI, "/harga #A01", "/status #A02 booking")
        free = await tells(shop, HADI, "/harga #A01", "avanza veloz udah laku")

    assert "jadi BOOKING?" in asked
    assert "jadi TERJUAL?" in free


# /hapus --------------------------------------------------------------------------------------------------------------


async def test_a_car_is_removed_and_its_code_stays_used(database: Database, fonnte: FonnteStandin) -> None:
    async with owner_shop(database, fonnte) as shop:
        asked = await tells(shop, HADI, "/hapus #A02")
        done = await tells(shop, HADI, "ya")
        [code] = await make.cars(database, shop.tenant_id, make.car_row(display_code=None))
        gone = await car(shop, "#A02")

    assert "Hapus unit ini dari stok?" in asked
    assert "🗑️ Unit L 5678 AB (#A02) sudah dihapus" in done
    assert gone is None
    assert code == "#A03"


# Two at once ---------------------------------------------------------------------------------------------------------


async def test_who_is_second_is_told_what_changed_and_asked_again(database: Database, fonnte: FonnteStandin) -> None:
    async with owner_shop(database, fonnte) as shop:
        await tells(shop, HADI, "/harga #A01 175jt")
        await tells(shop, RINA, "/harga #A01 180jt", "ya")
        told = await tells(shop, HADI, "ya")
        between = await car(shop)
        await tells(shop, HADI, "ya")
        now = await car(shop)

    assert "Belum saya simpan: unit B 1234 XYZ (#A01) baru saja diubah Rina." in told
    assert "• Harga: Rp 185.000.000 → Rp 180.000.000" in told
    assert "💰 Harga: Rp 180.000.000 → Rp 175.000.000" in told
    assert between is not None
    assert now is not None
    assert (between["price_idr"], now["price_idr"]) == (180_000_000, 175_000_000)


async def test_a_change_that_was_not_made_by_chat_counts_too(database: Database, fonnte: FonnteStandin) -> None:
    async with owner_shop(database, fonnte) as shop:
        await tells(shop, HADI, "/edit #A01 km 60rb", "ya", "/harga #A01 175jt")
        async with database.tenant(shop.tenant_id) as db:
            await db.execute("UPDATE car SET price_idr = 170000000 WHERE display_code = '#A01'")
        told = await tells(shop, HADI, "ya")
        await tells(shop, HADI, "tidak")
        async with database.tenant(shop.tenant_id) as db:
            await db.execute("UPDATE car SET km = 61000 WHERE display_code = '#A01'")
        undo = await tells(shop, HADI, "/batal-ubah")

    assert "baru saja diubah orang lain." in told
    assert "• Harga: Rp 185.000.000 → Rp 170.000.000" in told
    assert undo == "Tidak bisa dikembalikan: unit B 1234 XYZ (#A01) sudah diubah lagi oleh orang lain."


async def test_no_update_is_lost_when_both_press_at_once(database: Database, fonnte: FonnteStandin) -> None:
    async with owner_shop(database, fonnte) as shop:
        await tells(shop, HADI, "/edit #A01 km 60rb")
        await tells(shop, RINA, "/harga #A01 180jt")
        await asyncio.gather(*(shop.one.write(shop.device, shop.phones[who], "ya") for who in (HADI, RINA)))
        await shop.one.dispatcher.idle()
        answers = [shop.read(who)[-1] for who in (HADI, RINA)]
        first = await changes(shop)
        await asyncio.gather(*(shop.one.write(shop.device, shop.phones[who], "ya") for who in (HADI, RINA)))
        await shop.one.dispatcher.idle()
        now = await car(shop)

    assert sum("Belum saya simpan" in answer for answer in answers) == 1
    assert len(first) == 1
    assert now is not None
    assert (now["km"], now["price_idr"]) == (60_000, 180_000_000)


async def test_the_same_owner_from_two_phones_changes_it_once(database: Database, fonnte: FonnteStandin) -> None:
    async with owner_shop(database, fonnte) as shop:
        await tells(shop, HADI, "/harga #A01 175jt")
        await asyncio.gather(*(shop.one.write(shop.device, shop.phones[HADI], "ya") for _ in range(2)))
        await shop.one.dispatcher.idle()
        kept = await changes(shop)

    assert kept == [(HADI, "price", False)]
    assert sum("Harga diupdate" in text for text in shop.read(HADI)) == 1


async def test_five_change_one_car_and_every_change_stays(database: Database, fonnte: FonnteStandin) -> None:
    orders = ("km 60rb", "tahun 2019", "warna putih", "harga 180jt", "catatan: ban baru")
    async with owner_shop(database, fonnte) as shop:
        people = [f"Admin {n}" for n in range(5)]
        for name in people:
            shop.phones[name] = make.phone()
            await make.user(database, shop.tenant_id, role=Role.ADMIN, number=shop.phones[name], name=name)
        for name, order in zip(people, orders, strict=True):
            await tells(shop, name, f"/edit #A01 {order}")
        for _ in range(5):  # who was beaten is shown the car anew and says yes to that
            await asyncio.gather(*(shop.one.write(shop.device, shop.phones[name], "ya") for name in people))
            await shop.one.dispatcher.idle()
        now, kept = await car(shop), await changes(shop)

    assert now is not None
    assert (now["km"], now["year"], now["color"]) == (60_000, 2019, "Putih")
    assert (now["price_idr"], now["condition_notes"]) == (180_000_000, "ban baru")
    assert now["slug"] == "avanza-2019-putih-a01"
    assert sorted(who for who, _, _ in kept) == people  # each once
    assert sum("Belum saya simpan" in text for name in people for text in shop.read(name)) >= 4


async def test_customers_are_answered_from_the_changed_stock_at_once(database: Database, fonnte: FonnteStandin) -> None:
    async def state(turn: Turn) -> Outcome:
        seen = turn.stock.by_code("#A01")
        return Outcome(replies=(Reply(text=f"{seen.status} {seen.price_idr}" if seen else "gone"),))

    async with owner_shop(database, fonnte, answer=state) as shop:
        customer = make.phone()
        seen = [await tells(shop, customer, "halo")]
        for order in ("/harga #A01 175jt", "/status #A01 terjual", "/hapus #A01", "/batal-ubah"):
            await tells(shop, HADI, order, "ya")
            seen.append(await tells(shop, customer, "halo"))

    assert seen == ["available 185000000", "available 175000000", "sold 175000000", "gone", "sold 175000000"]


async def test_a_number_answers_what_was_asked_last(database: Database, fonnte: FonnteStandin) -> None:
    async with _shop(database, fonnte, (HADI, Role.OWNER)) as shop:
        await shop.says(make.phone(), "bisa nego?")
        lead = shop.read(HADI)[-1]
        booked = await tells(shop, HADI, "/status #A01 booking", "1")
        taken = await tells(shop, HADI, "1")

    assert "LEAD BARU" in lead
    assert "Status diupdate" in booked
    assert "sekarang milik Anda" in taken


async def test_a_question_outlives_the_process(database: Database, fonnte: FonnteStandin) -> None:
    async with owner_shop(database, fonnte) as shop:
        await tells(shop, HADI, "/harga #A01 175jt")
        desk = Desk(
            database,
            Handover(ROUND),
            takeover_idle=timedelta(1),
            settle_s=PATIENCE_S,
            undo=timedelta(minutes=10),
            lists=make.LISTS,
        )
        async with engine(database, fonnte.url, command=desk.answer) as other:
            await other.write(shop.device, shop.phones[HADI], "ya")
            await other.dispatcher.idle()
        now = await car(shop)

    assert now is not None
    assert now["price_idr"] == 175_000_000


async def test_a_car_that_was_removed_meanwhile_is_gone(database: Database, fonnte: FonnteStandin) -> None:
    async with owner_shop(database, fonnte) as shop:
        await tells(shop, HADI, "/harga #A01 175jt")
        await tells(shop, RINA, "/hapus #A01", "ya")
        told = await tells(shop, HADI, "ya")

    assert told == "Unit ini sudah tidak ada di stok: dihapus Rina."


async def test_the_other_tenants_owner_reaches_nothing(database: Database, fonnte: FonnteStandin) -> None:
    async with owner_shop(database, fonnte) as mine, owner_shop(database, fonnte) as other:
        async with database.tenant(mine.tenant_id) as db:
            await db.execute("UPDATE car SET plate_clean = 'AB1CD' WHERE display_code = '#A01'")
        answer = await tells(other, HADI, "/status AB1CD terjual")
        stranger = await tells(mine, other.phones[HADI], "/status AB1CD terjual", "ya")
        now = await car(mine)

    assert "AB 1 CD tidak" in answer
    assert stranger == "ok"  # a customer's message
    assert now is not None
    assert now["status"] == "available"


async def test_commands_work_with_three_hundred_cars(database: Database, fonnte: FonnteStandin) -> None:
    async with owner_shop(database, fonnte) as shop:
        await make.cars(database, shop.tenant_id, *(make.car_row() for _ in range(300)))
        said = [
            await tells(shop, HADI, text)
            for text in ("/status #A01 booking", "ya", "/list", "lanjut", "/laporan", "/harga #A02 170jt", "ya")
        ]
        booked, cheaper = await car(shop, "#A01"), await car(shop, "#A02")
        async with database.tenant(shop.tenant_id) as db:
            stock, _ = await cars.staff_stock(db, shop.tenant_id)

    assert len(stock.cars) == 303
    assert (booked or {})["status"] == "booking"
    assert (cheaper or {})["price_idr"] == 170_000_000
    assert "303" in said[2]

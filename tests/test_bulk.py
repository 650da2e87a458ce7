"""Many cars at once from the owner's side, through the webhook of the whole application."""

import asyncio
import io
from collections.abc import AsyncIterator
from datetime import date

import pytest
from openpyxl import Workbook

from autoleads.bot import texts_bulk
from autoleads.config import Config
from autoleads.sql.pool import Database
from autoleads.types import CarStatus, Role
from tests import make
from tests.standins.base import Fault
from tests.standins.fonnte import FonnteStandin
from tests.upload_stage import LINE, Stage, picture
from tests.upload_stage import stage as on_stage

HEADING = ("No", "Nopol", "Merk", "Tipe", "Tahun", "Warna", "Transmisi", "BBM", "KM", "Harga", "Fitur")
AVANZA = ("1", "B 1234 XYZ", "Toyota", "Avanza 1.3 G", "2020", "Hitam", "Manual", "Bensin", "45.000", "185jt", "Velg")
JAZZ = ("2", "L 77 KZ", "Honda", "Jazz RS", "2018", "Merah", "AT", "", "60rb", "215.000.000", "")
TWO = (
    "B1234XYZ | Toyota Avanza 1.3 G | 2020 | 185jt | 45rb | Manual | Hitam\n"
    "L77KZ | Honda Jazz RS | 2018 | 215jt | 60rb | Matic | Merah"
)
BAD = "B 9 QQ | Daihatsu Xenia R | 2O17 | 105jt | 80rb | Manual | Putih"


@pytest.fixture
async def stage(config: Config, database: Database, fonnte: FonnteStandin) -> AsyncIterator[Stage]:
    async with on_stage(config, database, fonnte) as stage:
        yield stage


def sheet(separator: str = "\t", *rows: tuple[str, ...]) -> str:
    return "\n".join(separator.join(row) for row in (HEADING, *(rows or (AVANZA, JAZZ))))


def holds(text: str, *parts: str) -> None:
    for part in parts:
        assert part in text, f"{part!r} not in:\n{text}"


async def sends_file(stage: Stage, data: bytes, name: str = "stok.csv", *, by: str | None = None) -> str:
    """What is answered to a document."""
    before = len(stage.read(by))
    extension = name.rpartition(".")[2]
    url = stage.files.put(f"{len(stage.files.files)}-{name}", data)
    await stage.post("non-text message", by=by, url=url, type="document", extension=extension, filename=name)
    await stage.fonnte.wait_for(lambda: [text for text in stage.read(by)[before:] if text != texts_bulk.FILE_SOON])
    return stage.read(by)[-1]


async def stock(stage: Stage) -> list[tuple[object, ...]]:
    async with stage.database.tenant(stage.tenant_id) as db:
        rows = await db.fetch("SELECT plate_clean, brand, model, year, price_idr, km, status FROM car ORDER BY id")
    return [tuple(row) for row in rows]


BOTH = [
    ("B1234XYZ", "Toyota", "Avanza 1.3 G", 2020, 185_000_000, 45_000, "available"),
    ("L77KZ", "Honda", "Jazz RS", 2018, 215_000_000, 60_000, "available"),
]


# Forms -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        sheet("\t"),
        sheet(";"),
        sheet(" | "),
        "STOK NOVEMBER\n\n" + sheet("\t"),
        "/upload\n" + sheet("\t"),
        TWO,
        TWO.replace(" | ", "\t"),
        TWO.replace(" | ", ", "),
        TWO.replace(" | ", ";"),
        "1. " + TWO.replace("\n", "\n2. "),
        "Toyota Avanza 1.3 G 2020 hitam manual km 45rb 185jt B 1234 XYZ\n"
        "Honda Jazz RS 2018 merah matic 60rb km 215jt L77KZ",
    ],
)  # fmt: skip
async def test_a_pasted_list_is_reviewed_and_then_online(stage: Stage, text: str) -> None:
    review = await stage.says(text)

    holds(review, "2 mobil", "Toyota Avanza 1.3 G 2020 Hitam | Rp 185.000.000 | 45.000 km | B 1234 XYZ")
    holds(review, "Honda Jazz RS 2018", "1 = TAYANGKAN 2 mobil", "2 = SIMPAN 2 mobil", "batal")
    assert await stock(stage) == []
    holds(await stage.says("1"), "✅ 2 mobil sudah tayang!", "#A01 Toyota Avanza 1.3 G 2020", "#J01 Honda Jazz RS 2018",
          "/foto #A01")  # fmt: skip
    assert await stock(stage) == BOTH
    assert len((await stage.get("/api/cars"))["data"]["cars"]) == 2


@pytest.mark.parametrize(
    "data",
    [
        sheet(";").replace("\n", "\r\n").encode("utf-8-sig"),
        sheet(",").encode(),
        sheet(";").replace("Velg", "Velg “racing” – baru").encode("cp1252"),
        sheet("\t").encode("utf-16"),
        ("sep=;\r\n" + sheet(";")).encode(),
    ],
)
async def test_a_file_is_reviewed_in_every_encoding_that_spreadsheets_save_in(stage: Stage, data: bytes) -> None:
    holds(await sends_file(stage, data), "2 mobil", "Rp 185.000.000", "1 = TAYANGKAN 2 mobil")
    holds(await stage.says("1"), "2 mobil sudah tayang")

    assert await stock(stage) == BOTH


def workbook(*sheets: list[list[object]]) -> bytes:
    book = Workbook(write_only=True)
    for rows in sheets:
        page = book.create_sheet()
        for row in rows:
            page.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


async def test_a_workbook_is_read_whatever_sheet_the_cars_are_on(stage: Stage) -> None:
    head: list[object] = ["Plat", "Merek", "Model", "Tahun", "Harga", "KM", "Transmisi", "Warna", "Tanggal"]
    rows: list[list[object]] = [
        ["B 1234 XYZ", "Toyota", "Avanza 1.3 G", 2020, 185_000_000, 45_000.0, "Manual", "Hitam", date(2026, 1, 2)],
        ["L 77 KZ", "Honda", "Jazz\nRS", 2018.0, 215, "60rb", "AT", "Merah", None],
    ]

    holds(await sends_file(stage, workbook([["Catatan"]], [["STOK"], head, *rows]), "stok.xlsx"), "✅ 2 siap masuk")
    await stage.says("1")

    assert await stock(stage) == BOTH


async def test_without_a_column_for_the_brand_the_name_tells_it(stage: Stage) -> None:
    text = "Mobil\tHarga (juta)\tKM (ribu)\tTahun\tWarna\tTransmisi\nToyota Avanza 1.3 G\t185\t45\t2020\tHitam\tMT"

    holds(await stage.says(text), "Toyota Avanza 1.3 G 2020 Hitam | Rp 185.000.000 | 45.000 km | tanpa plat")
    holds(await stage.says("ya"), "1 mobil sudah tayang")


async def test_drafts_stay_hidden_and_what_the_list_says_is_sold_is_sold(stage: Stage) -> None:
    text = "\n".join(
        "\t".join((*row[1:10], status)) for row, status in ((HEADING, "Status"), (AVANZA, "terjual"), (JAZZ, ""))
    )

    holds(await stage.says(text), "Status dari daftar: 1 TERJUAL.")
    await stage.says("1")
    assert [row[-1] for row in await stock(stage)] == ["sold", "available"]
    await stage.says(TWO.replace("B1234XYZ", "B 5 AB").replace("L77KZ", "B 6 AB"))
    holds(await stage.says("2"), "2 mobil tersimpan sebagai DRAFT", "/status #")

    assert [row[-1] for row in await stock(stage)] == ["sold", "available", "draft", "draft"]


async def test_a_car_that_a_list_says_is_booked_was_not_booked_today(stage: Stage) -> None:
    await stage.says(
        "\n".join("\t".join((*row[1:10], state)) for row, state in ((HEADING, "Status"), (JAZZ, "booking")))
    )
    await stage.says("1")
    holds(await stage.says("/laporan"), "Booking baru: 0 unit")
    for text in ("/status #J01 tersedia", "YA", "/status #J01 booking", "YA"):
        await stage.says(text)

    holds(await stage.says("/laporan"), "Booking baru: 1 unit")


# What is wrong with a line ---------------------------------------------------------------------------------------


async def test_each_line_that_is_wrong_is_named_with_what_was_read_and_an_example(stage: Stage) -> None:
    await stage.says(TWO)
    await stage.says("1")
    bad = (
        ("1", "B 1234 XYZ", "Toyota", "Rush", "2019", "Putih", "AT", "", "30rb", "200jt", ""),  # in the stock
        ("2", "D 1 AB", "Toyota", "Rush", "2O19", "Putih", "AT", "", "30rb", "1O5jt", ""),
        ("3", "D 2 AB", "Toyota", "Rush", "2019", "", "AT", "", "55", "200jt", ""),
        ("4", "D 3 AB", "Toyota", "Rush", "2019", "Putih", "AT", "", "30rb", "1.850", ""),
        ("5", "D 4 AB", "Toyota", "Rush", "2019", "Putih", "AT", "", "30rb", "200jt", ""),
        ("6", "d4ab", "Toyota", "Rush", "2019", "Putih", "robot", "", "30rb", "200jt", ""),
        ("7", "d 4 ab", "Toyota", "Rush", "2019", "Putih", "AT", "", "30rb", "200jt", ""),
    )

    review = await stage.says(sheet("\t", *bad))

    holds(
        review,
        "1 siap masuk",
        "6 perlu dibetulkan",
        "1. Toyota Rush B 1234 XYZ: Plat B 1234 XYZ sudah ada di stok (#A01)",
        '2. Toyota Rush D 1 AB: Tahun "2O19" belum terbaca. Contoh: 2020; Harga "1O5jt" belum terbaca. Contoh: 185jt',
        'Warna belum ada. Contoh: Hitam; KM "55" belum jelas. Tulis 55rb atau 55 km',
        'Harga "1.850" tidak masuk akal. Contoh: 185jt',
        'Transmisi "robot" belum terbaca. Contoh: Manual atau Matic',
        "7. Toyota Rush d 4 ab: Plat d 4 ab sama dengan nomor 5",
    )


async def test_a_plate_where_customers_would_read_it_is_no_part_of_a_list(stage: Stage) -> None:
    lines = (
        ("Plat", "Merek", "Model", "Tahun", "Harga", "KM", "Transmisi", "Warna", "Fitur", "Catatan"),
        ("B 1234 XYZ", "Toyota", "Avanza 1.3 G", "2020", "185jt", "45rb", "MT", "Hitam", "Velg; eks D 12 AB", ""),
        ("L 77 KZ", "Honda", "Jazz RS", "2018", "215jt", "60rb", "AT", "Merah", "", "nopol L-77-KZ pajak hidup"),
        ("D 5 QQ", "Daihatsu", "Xenia D5QQ", "2017", "105jt", "80rb", "MT", "Putih", "", ""),
        ("D 6 QQ", "Mitsubishi", "L 300 PU", "2017", "150jt", "80rb", "MT", "Putih", "Kabin lega", "Pajak hidup"),
    )

    review = await stage.says("\n".join(map("\t".join, lines)))
    holds(
        review,
        "1 siap masuk",
        "1. Toyota Avanza 1.3 G B 1234 XYZ: Plat jangan ditulis di kolom Fitur",
        "2. Honda Jazz RS L 77 KZ: Plat jangan ditulis di kolom Catatan",
        "3. Daihatsu Xenia D5QQ D 5 QQ: Plat jangan ditulis di kolom Model",
        "1: Velg racing; Spoiler",
    )
    holds(await stage.says("1: Velg racing; Spoiler\n2: Pajak hidup\n3: Xenia R"), "nomor 3 sekarang", "4 mobil")
    await stage.says("1")

    async with stage.database.tenant(stage.tenant_id) as db:
        told = await db.fetch("SELECT model, features, condition_notes FROM car ORDER BY id")
    assert [tuple(row) for row in told] == [
        ("Avanza 1.3 G", ["Velg racing", "Spoiler"], ""),
        ("Jazz RS", [], "Pajak hidup"),
        ("Xenia R", [], ""),
        ("L 300 PU", ["Kabin lega"], "Pajak hidup"),
    ]


@pytest.mark.parametrize(("said", "meant"), [("95", "95.000 km"), ("45,5", "45.500 km"), ("45.5", "45.500 km")])
async def test_a_distance_that_may_be_thousands_is_asked_about(stage: Stage, said: str, meant: str) -> None:
    cells = list(AVANZA)
    cells[HEADING.index("KM")] = said

    holds(await stage.says(sheet("\t", tuple(cells), JAZZ)), "1 siap masuk", f'KM "{said}" belum jelas. Tulis {said}rb')
    holds(await stage.says(f"1: km {said}rb"), meant)


async def test_what_is_far_too_long_is_named_in_short(stage: Stage) -> None:
    cells = list(AVANZA)
    cells[HEADING.index("Fitur")] = "velg " * 400

    review = await stage.says(sheet("\t", tuple(cells), JAZZ))

    holds(review, 'Fitur "velg velg', '..." terlalu panjang. Contoh: Velg racing')
    assert len(review) < 1_000


@pytest.mark.parametrize(
    ("column", "said", "label"),
    [
        ("Merk", "B 9999 QQ", "Merek"), ("Merk", "Toyota B1234XYZ", "Merek"), ("Warna", "Hitam B 1234 XYZ", "Warna"),
        ("Tipe", "Avanza ex D 5678 QQ", "Model"), ("Tipe", "Avanza B\u200b1234\u200bXYZ", "Model"),
        ("Fitur", "eks D\u200b567\u00a0QQ", "Fitur"), ("Fitur", "eks \uff24\uff15\uff16\uff17QQ", "Fitur"),
    ],
)  # fmt: skip
async def test_no_column_that_customers_read_may_hold_a_plate(stage: Stage, column: str, said: str, label: str) -> None:
    cells = list(AVANZA)
    cells[HEADING.index(column)] = said

    holds(await stage.says(sheet("\t", tuple(cells), JAZZ)), "1 siap masuk", f"Plat jangan ditulis di kolom {label}")


@pytest.mark.parametrize("model", ["L 300 PU", "T120SS", "S450L", "Mazda 2 R 2011 SDN"])
async def test_a_name_that_looks_like_a_plate_is_a_name(stage: Stage, model: str) -> None:
    cells = list(AVANZA)
    cells[HEADING.index("Tipe")] = model

    holds(await stage.says(sheet("\t", tuple(cells), JAZZ)), "2 siap masuk")


async def test_lines_are_corrected_by_their_number_before_anything_is_stored(stage: Stage) -> None:
    holds(await stage.says(f"{TWO}\n{BAD}\nB 8 AA | Suzuki Ertiga GX | 2019 | 175 | | MT | Abu"), "2 perlu dibetulkan")

    holds(await stage.says("3: 2017"), "nomor 3 sekarang: Daihatsu Xenia R 2017 Putih | Rp 105.000.000 | 80.000 km")
    holds(await stage.says("4 km 70rb"), "nomor 4 sekarang: Suzuki Ertiga GX 2019")
    holds(
        await stage.says("baris 1: harga 180jt\nhapus nomor 2"), "nomor 1 sekarang", "Rp 180.000.000", "nomor 2 tidak"
    )
    holds(await stage.says("9: harga 1jt"), "Nomor 9 tidak ada")
    holds(await stage.says("3: harga 1O5jt"), 'masih belum bisa masuk: Harga "1O5jt" belum terbaca')
    holds(await stage.says("3: apa ya"), "Perbaikan nomor 3 belum terbaca")
    holds(await stage.says("3: B 9 QQ | Daihatsu Xenia R | 2017 | 106jt | 80rb | Manual | Putih"), "Rp 106.000.000")
    await stage.says("1")

    assert [(row[0], row[4]) for row in await stock(stage)] == [
        ("B1234XYZ", 180_000_000), ("B9QQ", 106_000_000), ("B8AA", 175_000_000)
    ]  # fmt: skip


async def test_a_line_sent_again_without_its_number_is_known_by_its_plate(stage: Stage) -> None:
    await stage.says(f"{TWO}\n{BAD}\n{BAD.replace('B 9 QQ', 'B 8 QQ')}")

    holds(await stage.says(BAD.replace("2O17", "2017")), "nomor 3 sekarang: Daihatsu Xenia R 2017")
    holds(await stage.says(LINE.replace("B1234XYZ", "D 1 XX")), "nomor 4 sekarang")  # the only one that is wrong


async def test_another_list_is_no_correction_of_the_one_that_is_wrong(stage: Stage) -> None:
    await stage.says(f"{TWO}\n{BAD}")

    holds(
        await stage.says(TWO.replace("B1234XYZ", "B 5 AB").replace("L77KZ", "B 6 AB")),
        "Daftar sebelumnya belum masuk, dan saya ganti",
    )


async def test_what_is_wrong_stays_open_after_the_others_entered(stage: Stage) -> None:
    await stage.says(f"{TWO}\n{BAD}")

    holds(await stage.says("1"), "2 mobil sudah tayang", "1 mobil belum masuk", 'Tahun "2O17" belum terbaca')
    holds(await stage.says("1"), "Belum ada yang bisa masuk")
    assert len(await stock(stage)) == 2
    await stage.says("3: 2017")
    holds(await stage.says("1"), "1 mobil sudah tayang")

    assert len(await stock(stage)) == 3


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("Avanza 2019 hitam matic km 50rb 150jt 160jt B 12 AB", 'Harga "150jt / 160jt"'),
        ("B 12 AB | Avanza | 2019 | 15O jt | 50rb | matic | hitam", "Harga"),
        ("B 12 AB | Avanza | 2019 | 1.500 | 50rb | matic | hitam", 'Harga "1.500"'),
        ("B 12 AB | Avanza | 2019 | nego | 50rb | matic | hitam", 'Harga "nego"'),
        ("B 12 AB | Avanza | 2019 |  | 50rb | matic | hitam", "Harga belum ada"),
    ],
)
async def test_a_price_that_is_not_plain_is_asked_about(stage: Stage, line: str, problem: str) -> None:
    holds(await stage.says(f"{TWO}\n{line}"), "1 perlu dibetulkan", problem)


async def test_a_sum_in_the_name_of_a_car_is_no_price(stage: Stage) -> None:
    await stage.says(f"B 12 AB | Daihatsu AYLA1.0M | 2018 | 95000000 | 17000 | AT | Abu\n{LINE}")
    await stage.says("1")

    assert (await stock(stage))[0][4] == 95_000_000


async def test_what_is_no_car_is_said_to_be_left_out(stage: Stage) -> None:
    holds(await stage.says(f"stok baru ya\n{TWO}\nmakasih"), "2 mobil", 'saya lewati: "stok baru ya", "makasih"')


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Plat\tMerek\tModel\tTahun\tHarga\nB 1 AB\tToyota\tRush\t2019\t200jt", ("belum ada: Warna, Transmisi, KM",)),
        (sheet("\t").replace("BBM", "Harga"), ("Kolom Harga ada dua kali",)),
        ("\n".join([LINE] * 250), ("Ada 250 baris", "paling banyak 200")),
    ],
)  # fmt: skip
async def test_a_list_that_cannot_be_read_at_all_says_why(stage: Stage, text: str, parts: tuple[str, ...]) -> None:
    holds(await stage.says(text), *parts)
    assert await stock(stage) == []


# Files that are refused ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "name", "part"),
    [
        (
            b"\xd0\xcf\x11\xe0",
            "stok.xls",
            "File .xls belum bisa saya baca. Caranya:\n• Simpan lagi sebagai Excel",
        ),
        (b"PK\x03\x04 xl/ [Content_Types].xml", "stok.xlsx", "Filenya rusak"),
        (b"%PDF-1.4", "brosur.pdf", "File .pdf tidak bisa saya pakai"),
        (b"", "stok.csv", "Filenya kosong (0 byte)"),
        (b"%PDF-1.4", "stok.csv", "belum bisa saya baca"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99), "stok.xlsx", "belum bisa saya baca"),  # .xls, or a password
        (b"PK\x03\x04 [Content_Types].xml word/document.xml", "stok.xlsx", "belum bisa saya baca"),
        (b"PK\x03\x04 [Content_Types].xml xl/vbaProject.bin", "stok.xlsx", "belum bisa saya baca"),
        (b"PK\x03\x04 catatan.txt", "stok.xlsx", "belum bisa saya baca"),
        (bytes(99), "stok.xlsx", "belum bisa saya baca"),
        (b"PK\x03\x04 [Content_Types].xml xl/workbook.xml", "stok.xlsx", "Filenya rusak."),
        (sheet(";").encode() + b" " * 300_000, "stok.csv", "terlalu besar"),
        (b"halo\nini bukan daftar", "catatan.txt", "Belum ada mobil yang terbaca"),
    ],
)
async def test_a_file_that_is_no_list_is_refused_by_name(stage: Stage, data: bytes, name: str, part: str) -> None:
    holds(await sends_file(stage, data, name), part)


async def test_a_file_that_cannot_be_used_leaves_nothing_waiting(stage: Stage) -> None:
    await sends_file(stage, b"halo\nini bukan daftar")

    holds(await stage.says("1"), "Tidak ada yang menunggu")
    await sends_file(stage, b"halo\nini bukan daftar")
    await stage.sends(picture(1))
    holds(await stage.hears(), "1 foto diterima")


async def test_a_file_that_the_gateway_withheld_is_told(stage: Stage) -> None:
    before = len(stage.read())
    await stage.post("non-text message", type="document", extension="csv", filename="stok.csv")
    await stage.fonnte.wait_for(lambda: len(stage.read()) > before)

    holds(stage.read()[-1], "tidak sampai ke kami")


# Who, when, how often --------------------------------------------------------------------------------------------


async def test_a_list_of_sales_or_of_a_customer_changes_nothing(stage: Stage) -> None:
    sales, customer = await stage.user(Role.SALES), make.phone()

    for who in (sales, customer):
        await stage.says(TWO, by=who)
        await sends_file(stage, sheet(";").encode(), by=who)
        await stage.says("1", by=who)

    assert await stock(stage) == []


async def test_an_admin_may_and_the_audit_table_says_so(stage: Stage) -> None:
    admin = await stage.user(Role.ADMIN)
    await stage.says(TWO, by=admin)
    await stage.says("1", by=admin)

    async with stage.database.tenant(stage.tenant_id) as db:
        rows = await db.fetch(
            "SELECT user_name, what, before, after ->> 'plate_clean' FROM car_change JOIN car ON car.id = car_id "
            "ORDER BY car_id"
        )
    assert [tuple(row) for row in rows] == [("Bu Ani", "import", {}, plate) for plate in ("B1234XYZ", "L77KZ")]


async def test_a_list_under_review_survives_a_restart(stage: Stage) -> None:
    await stage.says(f"{TWO}\n{BAD}")
    await stage.restarted()
    await stage.says("3: 2017")
    await stage.restarted()

    holds(await stage.says("1"), "3 mobil sudah tayang")


async def test_a_file_survives_a_restart_while_it_is_on_its_way(stage: Stage) -> None:
    stage.files.once(Fault(name="http", status=503))
    url = stage.files.put("stok.csv", sheet(";").encode())
    await stage.post("non-text message", url=url, type="document", extension="csv", filename="stok.csv")
    await stage.idle()
    await stage.value("UPDATE timer SET data = data || jsonb_build_object('since', (data ->> 'since')::float8 - 700)")
    await stage.fonnte.wait_for(lambda: bool(stage.read()))
    holds(stage.read()[-1], "File diterima")
    holds(await stage.says("1"), "Filenya masih diunduh")
    await stage.value("UPDATE attachment SET due_at = clock_timestamp()")
    await stage.restarted()
    await stage.fonnte.wait_for(lambda: len(stage.read()) > 2)

    holds(stage.read()[-1], "1 = TAYANGKAN 2 mobil")
    holds(await stage.says("1"), "2 mobil sudah tayang")


async def test_a_list_expires_after_half_an_hour(stage: Stage) -> None:
    await stage.says(TWO)
    await stage.passes(31)

    await stage.says("1")

    assert await stock(stage) == []


async def test_pressed_twice_it_is_imported_once(stage: Stage) -> None:
    await stage.says(TWO)
    before = len(stage.read())
    for _ in range(2):
        await stage.post("1")
    await stage.fonnte.wait_for(lambda: len(stage.read()) >= before + 2)

    assert len(await stock(stage)) == 2


async def test_two_owners_who_send_the_same_list_import_it_once(stage: Stage) -> None:
    other = await stage.user()
    await stage.says(TWO)
    await stage.says(TWO, by=other)
    await stage.says("1")

    holds(await stage.says("1", by=other), "Belum ada yang bisa masuk")
    assert len(await stock(stage)) == 2


async def test_a_list_and_an_upload_with_the_same_plate_store_it_once(stage: Stage) -> None:
    other = await stage.user()
    for text in (LINE, "skip", "skip"):
        await stage.says(text, by=other)
    await stage.says(TWO)

    said = await asyncio.gather(stage.says("1"), stage.says("1", by=other))

    plates = [row[0] for row in await stock(stage)]
    assert sorted(plates) == ["B1234XYZ", "L77KZ"]
    assert sum("sudah ada di stok" in text or "was just added" in text for text in said) == 1


async def test_batal_ends_it(stage: Stage) -> None:
    await stage.says(TWO)

    holds(await stage.says("batal"), "tidak jadi dimasukkan")
    await stage.says("1")

    assert await stock(stage) == []


async def test_another_command_leaves_the_list_waiting(stage: Stage) -> None:
    await make.cars(stage.database, stage.tenant_id, make.car_row(display_code="#A07", status=CarStatus.AVAILABLE))
    await stage.says(TWO)

    holds(await stage.says("/status #A07 laku"), "Ketik: YA")
    holds(await stage.says("ya"), "Status diupdate", "Daftar mobil tadi masih menunggu")
    holds(await stage.says("/laporan"), "Booking baru")
    holds(await stage.says("/upload"), "Daftar 2 mobil tadi masih menunggu", "1 = TAYANGKAN 2")
    await stage.sends(picture(1), picture(2))
    holds(stage.read()[-1], "masih menunggu, jadi foto ini belum saya pakai")
    holds(await stage.says("daftar"), "Toyota Avanza 1.3 G 2020")

    holds(await stage.says("1"), "2 mobil sudah tayang")


async def test_an_upload_goes_on_after_a_list_that_came_between(stage: Stage) -> None:
    await stage.says("B 5 CC | Toyota Rush | 2019 | 200jt | 30rb | Matic | Putih")
    holds(await stage.says(TWO), "1 = TAYANGKAN 2 mobil")
    await stage.says("1")

    holds(await stage.says("skip"), "catatan kondisi")


async def test_neither_a_list_nor_the_upload_before_it_is_lost_by_another_command(stage: Stage) -> None:
    await make.cars(stage.database, stage.tenant_id, make.car_row(display_code="#A07"))
    await stage.says("B 5 CC | Toyota Rush | 2019 | 200jt | 30rb | Matic | Putih")
    await stage.says(TWO)
    await stage.says("/list")

    holds(await stage.says("velg racing"), "Daftar mobil tadi masih menunggu")
    holds(await stage.says("1"), "2 mobil sudah tayang")
    holds(await stage.says("velg racing"), "catatan kondisi")


async def test_a_new_list_takes_the_place_of_the_one_before(stage: Stage) -> None:
    await stage.says(TWO)

    holds(
        await stage.says(TWO.replace("B1234XYZ", "B 5 AB").replace("L77KZ", "B 6 AB")),
        "Daftar sebelumnya belum masuk, dan saya ganti",
    )
    await stage.says("1")

    assert [row[0] for row in await stock(stage)] == ["B5AB", "B6AB"]


@pytest.mark.parametrize("before", ["file", "text"])
async def test_a_file_that_takes_the_place_of_another_list_says_so(stage: Stage, before: str) -> None:
    if before == "text":
        await stage.says(TWO)
    else:
        await sends_file(stage, sheet(";").encode(), "jakarta.csv")
    url = stage.files.put("bandung.csv", sheet(";", ("1", "D 7 QQ", *AVANZA[2:])).encode())

    await stage.post("non-text message", url=url, type="document", extension="csv", filename="bandung.csv")
    await stage.fonnte.wait_for(lambda: "D 7 QQ" in stage.read()[-1])
    holds(stage.read()[-2], "Daftar sebelumnya belum masuk")
    await stage.says("1")

    assert [row[0] for row in await stock(stage)] == ["D7QQ"]


async def test_an_import_is_taken_back_but_for_cars_that_changed_since(stage: Stage) -> None:
    await stage.says(TWO)
    holds(await stage.says("1"), "/batal-ubah")
    await stage.value("UPDATE car SET price_idr = 200000000 WHERE display_code = '#J01' RETURNING id")

    holds(
        await stage.says("/batal-ubah"),
        "1 mobil dari daftar tadi sudah dikeluarkan",
        "1 mobil dari daftar itu sudah diubah",
    )
    assert [row[0] for row in await stock(stage)] == ["L77KZ"]


async def test_no_whole_import_is_taken_back_for_one_car_that_is_named(stage: Stage) -> None:
    await stage.says(TWO)
    await stage.says("1")

    holds(await stage.says("/batal-ubah #A01"), "memasukkan daftar mobil", "atau /hapus #A01 untuk unit itu saja")
    assert len(await stock(stage)) == 2


async def test_an_import_is_taken_back_whole_when_later_changes_were_taken_back_first(stage: Stage) -> None:
    await stage.says(TWO)
    await stage.says("1")
    await stage.says("/status #A01 laku")
    await stage.says("ya")
    await stage.says("/batal-ubah")

    answer = await stage.says("/batal-ubah")

    holds(answer, "2 mobil dari daftar tadi sudah dikeluarkan lagi dari stok")
    assert await stock(stage) == []


# Branches --------------------------------------------------------------------------------------------------------


async def test_the_branch_is_asked_for_when_there_are_several_and_nobody_says_it(stage: Stage) -> None:
    await make.branch(stage.database, stage.tenant_id, "Pusat")
    branch = await make.branch(stage.database, stage.tenant_id, "Rungkut")

    holds(await stage.says(TWO), "Masuk ke cabang mana?", "1. Pusat\n2. Rungkut")
    holds(await stage.says("2"), "1 = TAYANGKAN 2 mobil")
    await stage.says("1")

    assert await stage.value("SELECT array_agg(DISTINCT branch_id) FROM car") == [branch]


async def test_a_branch_of_the_list_must_be_one_of_the_showroom(stage: Stage) -> None:
    await make.branch(stage.database, stage.tenant_id, "Pusat")
    branch = await make.branch(stage.database, stage.tenant_id, "Rungkut")
    text = "\n".join(
        "\t".join((*row[1:10], place)) for row, place in ((HEADING, "Cabang"), (AVANZA, "rungkut"), (JAZZ, "Sidoarjo"))
    )

    holds(await stage.says(text), 'Cabang "Sidoarjo" tidak ada. Cabang: pusat, rungkut')
    holds(await stage.says("2: Rungkut"), "nomor 2 sekarang")
    await stage.says("1")

    assert await stage.value("SELECT array_agg(branch_id) FROM car") == [branch, branch]


async def test_a_showroom_without_branches_is_told_so(stage: Stage) -> None:
    text = "\n".join("\t".join((*row[1:10], place)) for row, place in ((HEADING, "Cabang"), (AVANZA, "Rungkut")))

    said = await stage.says(text)

    holds(said, "Showroom ini belum punya cabang.")
    assert "none" not in said

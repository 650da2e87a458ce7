"""/upload from the owner's side, through the webhook of the whole application."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from autoleads.config import Config
from autoleads.sql.pool import Database
from autoleads.types import Role
from tests import make
from tests.standins.fonnte import FonnteStandin
from tests.upload_stage import LINE, Stage, picture
from tests.upload_stage import stage as on_stage


@pytest.fixture
async def stage(config: Config, database: Database, fonnte: FonnteStandin) -> AsyncIterator[Stage]:
    async with on_stage(config, database, fonnte) as stage:
        yield stage


def holds(text: str, *parts: str) -> None:
    for part in parts:
        assert part in text, f"{part!r} not in:\n{text}"


@pytest.mark.parametrize(
    "line",
    [
        LINE,
        "B 1234 XYZ, Toyota Avanza 1.3 G, 2020, 185jt, 45rb, Manual, Hitam",
        "b1234xyz\nToyota Avanza 1.3 G\n2020\n185 juta\n45.000\nmanual\nhitam",
        "/upload B1234XYZ | Toyota Avanza 1.3 G | 2020 | 185.000.000 | 45k | MT | Hitam",
        "Toyota Avanza 1.3 G 2020 hitam manual km 45rb 185jt B 1234 XYZ",
    ],
)
async def test_data_first_in_any_form_photos_later(stage: Stage, line: str) -> None:
    holds(await stage.says(line), "Data diterima", "Rp 185.000.000", "45.000 km", "B 1234 XYZ", "Ada fitur khusus")
    holds(await stage.says("skip"), "catatan kondisi")
    await stage.sends(picture(1), picture(2))
    assert (await stage.hears()).startswith("✅ 2 foto diterima!\n\nAda catatan kondisi?")
    holds(await stage.says("skip"), "Recap final", "📸 2 foto")
    holds(await stage.says("ya"), "BERHASIL PUBLISH")

    row = await stage.row()
    stored = [row[name] for name in ("brand", "model", "year", "km", "price_idr", "transmission", "color")]
    assert stored == ["Toyota", "Avanza 1.3 G", 2020, 45_000, 185_000_000, "Manual", "Hitam"]
    assert len(row["photos"]) == 2


async def test_what_is_missing_is_asked_for_one_by_one(stage: Stage) -> None:
    await stage.says("/upload")
    holds(await stage.says("avanza 1.3 g 2020 manual"), "Toyota Avanza 1.3 G 2020", "Harganya berapa?", "185jt")
    holds(await stage.says("mahal"), "Harganya berapa? Contoh: 185jt")
    holds(await stage.says("185"), "Harga: Rp 185.000.000", "KM-nya berapa? Contoh: 45rb")
    holds(await stage.says("45.000"), "KM: 45.000 km", "Warnanya apa?")
    holds(await stage.says("hijau army doff"), "Data diterima", "Plat: TEMP-001", "#A01")


async def test_a_field_that_cannot_be_read_is_named_and_the_rest_is_kept(stage: Stage) -> None:
    holds(
        await stage.says("/upload B1234XYZ | Toyota Avanza 1.3 G | 2O20 | 185jt | 45rb | Manual | Hitam"),
        'Tahun "2O20" belum terbaca. Contoh: 2020',
        "Toyota Avanza 1.3 G",
        "Rp 185.000.000",
        "Tahun berapa?",
    )
    holds(await stage.says("1970"), "di luar batas")
    holds(await stage.says("2020"), "Data diterima", "Toyota Avanza 1.3 G 2020", "B 1234 XYZ")


@pytest.mark.parametrize(
    ("said", "read"),
    [("170-185jt", "170jt / 185jt"), ("170 sampai 185 juta", "170jt / 185jt"), ("185jt50", "185jt / 185,5jt")],
)
async def test_a_price_that_may_be_two_is_asked_about(stage: Stage, said: str, read: str) -> None:
    holds(await stage.says(LINE.replace("185jt", said)), f'Harga "{read}" belum terbaca', "Harganya berapa?")
    holds(await stage.says("180jt"), "Rp 180.000.000")


async def test_thousands_told_for_the_price_are_asked_about_and_leave_the_distance(stage: Stage) -> None:
    await stage.says("/upload Toyota Avanza 1.3 G 2020 hitam manual km 45rb")

    holds(await stage.says("185 rb"), "Maksudnya Rp 185.000.000? Ketik 185jt ya.", "45.000 km", "Harganya berapa?")
    holds(await stage.says("185jt"), "Data diterima", "Rp 185.000.000", "45.000 km")


@pytest.mark.parametrize(
    ("known", "answer", "shown"),
    [
        ("km 45rb", "seratus delapan puluh lima", "Rp 185.000.000"),
        ("km 45rb", "1 8 5", "Rp 185.000.000"),
        ("km 45rb", "185 000 000", "Rp 185.000.000"),
        ("185jt", "km dikit", "Angka KM-nya yang dibutuhkan"),
        ("185jt", "45 km", "Kalau maksudnya 45.000 km, ketik: km 45rb"),
        ("185jt", "45 km betul", "KM: 45 km"),
        ("km 45rb 185 nego", "skip", "Harga: Rp 185.000.000"),
        ("km 45rb 185jt plat B1234XYZ", "plat genap", "huruf, angka, lalu huruf"),
        ("km 45rb 185jt plat B1234XYZ", "plat B", "huruf, angka, lalu huruf"),
    ],
)
async def test_hurried_answers(stage: Stage, known: str, answer: str, shown: str) -> None:
    await stage.says(LINE)
    for word in ("skip", "skip", "1"):
        await stage.says(word)

    begun = await stage.says(f"/upload Toyota Avanza 1.3 G 2020 hitam manual {known}")
    reply = await stage.says(answer)

    assert shown in begun + reply


async def test_a_word_about_another_car_is_no_feature_of_this_one(stage: Stage) -> None:
    for text in (LINE, "skip", "skip", "1", LINE.replace("1234", "1235")):
        await stage.says(text)

    asked = await stage.says("a01 laku")
    left = await stage.says("tidak")

    holds(asked, "Kode: #A01", "TERSEDIA → TERJUAL")
    holds(left, "Ada fitur khusus?")


async def test_only_what_is_doubtful_of_a_piped_line_is_asked_about(stage: Stage) -> None:
    reply = await stage.says(LINE.replace("185jt", "185rb"))

    holds(reply, 'Harga "185rb" belum terbaca', "KM: 45.000 km", "Harganya berapa?")


@pytest.mark.parametrize(
    ("said", "reply"),
    [
        ("batal ubah", "Tidak ada perubahan Anda"),
        ("batalin yang tadi", "Yang mana?"),
        ("stok avanza ada berapa?", "Avanza"),
        ("tunggu bentar ya", "Ada fitur khusus?"),
        ("👍", "Ada fitur khusus?"),
    ],
)
async def test_what_is_meant_for_something_else_is_no_feature(stage: Stage, said: str, reply: str) -> None:
    await stage.says(LINE)

    holds(await stage.says(said), reply)
    holds(await stage.says("lanjut"), "Ada catatan kondisi?")
    holds(await stage.says("gk ada bos"), "Recap final")
    holds(await stage.says("1"), "BERHASIL PUBLISH")
    assert (await stage.row())["features"] == []


@pytest.mark.parametrize("said", ["batal", "batalkan", "Batal upload aja", "ga jadi", "tidak jadi deh", "cancel"])
async def test_an_upload_is_left_in_any_of_these_words(stage: Stage, said: str) -> None:
    await stage.says(LINE)

    holds(await stage.says(said), "upload dibatalkan")


@pytest.mark.parametrize("said", ["ya", "1", "ok pak", "siap"])
async def test_an_answer_to_another_question_is_nothing_customers_read(stage: Stage, said: str) -> None:
    await stage.says(LINE)

    features = await stage.says(said)
    await stage.says("lanjut")
    notes = await stage.says(said)

    holds(features, "Ada fitur khusus?")
    holds(notes, "Ada catatan kondisi?")


async def test_another_whole_car_does_not_push_out_one_that_lacks_data(stage: Stage) -> None:
    await stage.says("/upload Toyota Rush 2019 30rb matic putih")

    holds(await stage.says(LINE), "Upload Toyota Rush 2019 masih berjalan", "Harganya berapa?")


async def test_the_same_car_sent_whole_fills_what_was_lacking(stage: Stage) -> None:
    await stage.says("/upload Toyota Avanza 1.3 G 2020")

    holds(await stage.says(LINE), "Data diterima", "B 1234 XYZ")


async def test_a_plate_that_is_none_is_named(stage: Stage) -> None:
    text = await stage.says("/upload B12345XYZ | Toyota Avanza 1.3 G | 2020 | 185jt | 45rb | Manual | Hitam")
    holds(text, 'Plat "B12345XYZ" belum terbaca. Contoh: B1234XYZ', "45.000 km")
    holds(await stage.says("tanpa plat"), "Data diterima", "Plat: TEMP-001")


async def test_a_car_without_a_plate_gets_a_temporary_one(stage: Stage) -> None:
    for number in ("TEMP-001", "TEMP-002"):
        holds(await stage.says("tanpa plat | Honda Brio RS | 2021 | 172jt | 28rb | Matic | Kuning"), f"Plat: {number}")
        await stage.says("skip")
        await stage.says("skip")
        holds(await stage.says("1"), f"({number})", f"/edit {number}")


async def test_a_plate_that_is_in_the_stock_shows_its_car_and_asks(stage: Stage) -> None:
    row = make.car_row(plate="B 1234 XYZ", plate_clean="B1234XYZ", model="Xenia R", brand="Daihatsu")
    [code] = await make.cars(stage.database, stage.tenant_id, row)

    holds(await stage.says(LINE), "B 1234 XYZ sudah ada di stok", "Daihatsu Xenia R 2020 Hitam", code, "tersedia")
    holds(await stage.says("B 1235 XYZ"), "Data diterima", "Plat: B 1235 XYZ")


async def test_two_who_upload_the_same_plate_are_not_both_stored(stage: Stage) -> None:
    other = await stage.user(Role.ADMIN)
    for who in (stage.owner, other):
        await stage.says(LINE, by=who)
        await stage.says("skip", by=who)
        await stage.says("skip", by=who)

    holds(await stage.says("1"), "BERHASIL PUBLISH", "#A01")
    holds(await stage.says("1", by=other), "sudah ada di stok", "#A01")
    holds(await stage.says("tanpa plat", by=other), "Recap final", "TEMP-001")
    holds(await stage.says("1", by=other), "BERHASIL PUBLISH", "#A02")


async def test_corrections_at_every_step(stage: Stage) -> None:
    await stage.says(LINE)
    holds(await stage.says("eh harga salah harusnya 180jt"), "Harga: Rp 180.000.000", "Ada fitur khusus?")
    holds(await stage.says("Velg racing, harga nego"), "catatan kondisi")
    holds(await stage.says("km 50rb"), "KM: 50.000 km", "catatan kondisi")
    holds(await stage.says("Pajak hidup"), "Recap final", "180.000.000", "50.000 km", "📝 Pajak hidup", "harga nego")
    holds(await stage.says("2"), "Mau ubah apa?", "4. Harga")
    holds(await stage.says("4"), "Harganya berapa?")
    holds(await stage.says("175"), "Harga: Rp 175.000.000", "Recap final")
    holds(await stage.says("edit"), "Mau ubah apa?")
    holds(await stage.says("9"), "Ada fitur khusus?")
    holds(await stage.says("Jok kulit"), "Recap final", "✨ Jok kulit")
    holds(await stage.says("warna putih"), "Warna: Putih", "avanza-2020-putih-a01")
    holds(await stage.says("model honda brio rs"), "Honda Brio RS", "#B01")
    holds(await stage.says("bagaimana ya"), "Balas 1, 2, atau 3")
    holds(await stage.says("1"), "#B01")


async def test_a_plate_where_customers_read_is_refused(stage: Stage) -> None:
    await stage.says(LINE)
    holds(await stage.says("Velg racing, ex B 777 ABC"), "Platnya jangan ditulis di sini", "Ada fitur khusus?")
    await stage.says("Velg racing, ban R 17")
    holds(await stage.says("pajak hidup, b1234xyz"), "Platnya jangan ditulis di sini", "catatan kondisi")
    await stage.says("pajak hidup sampai 12 2026")
    await stage.says("1")
    holds(await stage.says("/edit #A01 catatan: mulus, ex b 1234 xyz"), "Plat jangan ditulis di Catatan")

    row = await stage.row()
    assert (row["features"], row["condition_notes"]) == (["Velg racing", "ban R 17"], "pajak hidup sampai 12 2026")


async def test_what_nobody_sees_does_not_reach_the_catalogue(stage: Stage) -> None:
    await stage.says(LINE)
    await stage.says("Velg\u200b racing, \u202espoiler, 👨\u200d👩\u200d👧 7 seater")
    await stage.says("\u2067pajak hidup\u2069 👍🏽")
    await stage.says("1")
    car = (await stage.row())["features"], (await stage.row())["condition_notes"]
    await stage.says("/edit #A01 catatan: ban\u202e baru")
    await stage.says("ya")

    assert car == (["Velg racing", "spoiler", "👨\u200d👩\u200d👧 7 seater"], "pajak hidup 👍🏽")
    assert (await stage.row())["condition_notes"] == "ban baru"


async def test_a_plate_that_comes_later_is_no_feature(stage: Stage) -> None:
    await stage.says(LINE.replace("B1234XYZ | ", ""))
    holds(await stage.says("plat nyusul"), "Ada fitur khusus?")
    await stage.says("skip")
    holds(await stage.says("platnya belum ada"), "catatan kondisi")
    holds(await stage.says("nanti aja"), "Recap final", "TEMP-001")
    holds(await stage.says("plat L 88 KU"), "Plat: L 88 KU", "Recap final")


async def test_the_next_car_waits_until_this_one_is_done(stage: Stage) -> None:
    other = "L 1355 BC | Toyota Calya G | 2021 | 132jt | 41rb | Manual | Putih"
    await stage.says(LINE)
    holds(await stage.says(other), "Toyota Avanza 1.3 G 2020 masih berjalan", "Ada fitur khusus?")
    holds(await stage.says(LINE.replace("185jt", "182jt")), "Harga: Rp 182.000.000", "Ada fitur khusus?")
    await stage.says("skip")
    await stage.says("skip")
    holds(await stage.says(other), "masih berjalan", "Publish sekarang?")
    holds(await stage.says("1"), "#A01")
    holds(await stage.says(other), "Data diterima", "#C01")


async def test_no_photos_is_no_reason_to_stop(stage: Stage) -> None:
    await stage.says("/upload")
    holds(await stage.says("skip"), "Sekarang info mobilnya")
    holds(await stage.says("nanti saya kirim ya"), "belum terbaca", "B1234XYZ | Toyota Avanza")
    holds(await stage.says(LINE), "Data diterima")


async def test_a_draft_is_stored_and_not_shown(stage: Stage) -> None:
    await stage.says(LINE)
    await stage.says("skip")
    await stage.says("skip")
    holds(await stage.says("3"), "DRAFT", "#A01", "/status #A01 tersedia")

    assert (await stage.row())["status"] == "draft"
    assert (await stage.get("/api/cars"))["data"]["pagination"]["total"] == 0
    assert (await stage.get("/api/cars/avanza-2020-hitam-a01"))["success"] is False


async def test_a_restart_in_the_middle_forgets_nothing(stage: Stage) -> None:
    await stage.says("/upload")
    await stage.restarted()
    await stage.sends(picture(1), picture(2))
    await stage.collected()
    await stage.restarted()
    holds(await stage.says(LINE), "Data diterima")
    await stage.restarted()
    holds(await stage.says("Velg racing"), "catatan")
    await stage.restarted()
    await stage.says("skip")
    await stage.restarted()
    holds(await stage.says("1"), "BERHASIL")

    row = await stage.row()
    assert (row["features"], len(row["photos"])) == (["Velg racing"], 2)


async def test_a_turn_that_is_repeated_after_a_crash_stores_one_car(stage: Stage) -> None:
    await stage.says(LINE)
    await stage.says("skip")
    await stage.says("skip")
    first = await stage.says("1")
    before = len(stage.read())
    await stage.value("UPDATE conversation SET done_inbox_id = last_inbox_id - 1")  # the reply was never committed
    await stage.fonnte.wait_for(lambda: len(stage.read()) > before)

    assert stage.read()[-1] == first
    assert await stage.value("SELECT count(*) FROM car") == 1


async def test_what_waits_too_long_expires_and_says_so(stage: Stage) -> None:
    for back in ("1", "Velg racing, spoiler"):
        await stage.says(LINE)
        await stage.passes(31)
        holds(await stage.says(back), "sudah lewat 30 menit")
    await stage.says(LINE)
    await stage.passes(31)
    holds(await stage.says("/upload"), "sudah lewat 30 menit", "Kirim foto mobil")
    await stage.passes(31)
    await stage.sends(picture(1))
    holds(await stage.hears(), "sudah lewat 30 menit", "✅ 1 foto diterima!", "Sekarang info mobilnya")


async def test_one_that_waited_behind_another_question_expires_and_says_so(stage: Stage) -> None:
    for back in ("velg racing", "/lead"):
        await make.cars(stage.database, stage.tenant_id, make.car_row())
        await stage.says(LINE)
        await stage.says("/list")
        await stage.passes(31)
        holds(await stage.says(back), "sudah lewat 30 menit")
        assert await stage.value("SELECT memory -> 'ask' IS NULL FROM conversation")


async def test_what_answers_no_other_question_is_for_the_upload(stage: Stage) -> None:
    await make.cars(stage.database, stage.tenant_id, make.car_row())
    await stage.sends(picture(1))
    await stage.hears()
    holds(await stage.says("/list"), "Ketik angkanya")
    holds(await stage.says(LINE), "Data diterima")
    await stage.says("/list")
    holds(await stage.says("Velg racing"), "catatan kondisi")
    await stage.says("/list")
    holds(await stage.says("skip"), "Recap final", "✨ Velg racing", "📸 1 foto")
    await stage.says("/list")
    holds(await stage.says("1"), "📌 Status: TERSEDIA")  # of the list, which is what was asked last
    holds(await stage.says("ya"), "Publish sekarang?")  # asked anew rather than taken for a yes
    holds(await stage.says("ya"), "BERHASIL PUBLISH", "1 foto terpasang")


async def test_it_can_be_left_and_begun_anew(stage: Stage) -> None:
    await stage.says(LINE)
    holds(await stage.says("/upload"), "Toyota Avanza 1.3 G 2020 masih berjalan", "batal")
    await stage.sends(picture(1))
    holds(await stage.says("batal"), "upload dibatalkan")
    holds(await stage.says("/upload"), "Kirim foto mobil")
    assert await stage.value("SELECT count(*) FROM car") == 0
    assert await stage.value("SELECT count(*) FROM timer") == 0


async def test_another_command_in_between_leaves_the_upload_alone(stage: Stage) -> None:
    await stage.says(LINE)
    holds(await stage.says("/lead"), "lead")
    holds(await stage.says("skip"), "catatan kondisi")


@pytest.mark.parametrize("answer", ["2", "no 2 ya", "malang", "yang di malang pak"])
async def test_the_branch_is_asked_for_where_there_are_several(stage: Stage, answer: str) -> None:
    for name in ("Surabaya", "Malang"):
        await make.branch(stage.database, stage.tenant_id, name)
    await stage.says(LINE)
    await stage.says("skip")
    holds(await stage.says("skip"), "cabang mana", "1. Surabaya", "2. Malang")
    holds(await stage.says("7"), "cabang mana")
    holds(await stage.says("harga 180 aja"), "Harga: Rp 180.000.000", "cabang mana")
    holds(await stage.says(answer), "Recap final", "🏢 Malang")
    await stage.says("1")

    assert await stage.value("SELECT b.name FROM car c JOIN branch b ON b.id = c.branch_id") == "Malang"


async def test_an_owner_with_a_branch_is_not_asked(stage: Stage) -> None:
    await make.branch(stage.database, stage.tenant_id, "Surabaya")
    mine = await make.branch(stage.database, stage.tenant_id, "Malang")
    who = await stage.user(Role.OWNER, branch_id=mine)
    await stage.says(LINE, by=who)
    await stage.says("skip", by=who)
    holds(await stage.says("skip", by=who), "Recap final", "🏢 Malang")


async def test_the_only_branch_needs_no_question(stage: Stage) -> None:
    only = await make.branch(stage.database, stage.tenant_id, "Surabaya")
    await stage.says(LINE)
    await stage.says("skip")
    holds(await stage.says("skip"), "Recap final")
    await stage.says("1")

    assert await stage.value("SELECT branch_id FROM car") == only


async def test_the_same_owner_from_two_phones_has_an_upload_on_each(stage: Stage) -> None:
    other = await stage.user(Role.OWNER)
    await stage.sends(picture(1))
    await stage.hears()
    holds(await stage.says(LINE, by=other), "Data diterima", "#A01")
    await stage.sends(picture(2), by=other)
    await stage.hears(other)
    holds(await stage.says(LINE.replace("1234", "1235")), "Data diterima", "#A02")
    for who in (other, stage.owner):
        for text in ("skip", "skip", "1"):
            await stage.says(text, by=who)
    holds(await stage.says("/batal-ubah"), "(#A02)")  # each phone takes back what was done with it

    photos = await stage.value("SELECT array_agg(photos[1] ORDER BY display_code) FROM car")
    assert len(set(photos)) == 2
    assert await stage.value("SELECT array_agg(status ORDER BY display_code) FROM car") == ["available", "draft"]


async def test_photos_of_two_who_upload_at_once_do_not_mix(stage: Stage) -> None:
    people = [stage.owner, await stage.user(Role.ADMIN)]

    async def upload(place: int, who: str) -> None:
        await stage.says("/upload", by=who)
        await stage.sends(*(picture(n, (64 + 10 * place + n, 48)) for n in range(3)), by=who)
        for text in (LINE.replace("1234", f"123{place}"), "skip", "skip"):
            await stage.says(text, by=who)
        await stage.collected()
        await stage.says("1", by=who)

    await asyncio.gather(*(upload(place, who) for place, who in enumerate(people)))

    async with stage.database.tenant(stage.tenant_id) as db:
        rows = await db.fetch("SELECT plate_clean, photos FROM car ORDER BY plate_clean")
    widths = {row["plate_clean"]: [photo.rpartition("-")[2] for photo in row["photos"]] for row in rows}
    assert widths == {
        "B1230XYZ": ["64x48.jpg", "65x48.jpg", "66x48.jpg"],
        "B1231XYZ": ["74x48.jpg", "75x48.jpg", "76x48.jpg"],
    }


async def test_who_may_not_upload(stage: Stage) -> None:
    sales = await stage.user(Role.SALES)
    holds(await stage.says("/upload", by=sales), "hanya untuk owner dan admin")
    holds(await stage.says(LINE, by=sales), "hanya untuk owner dan admin")
    await stage.sends(picture(1), by=sales)
    stranger = make.phone()
    assert "Kirim foto mobil" not in await stage.says("/upload", by=stranger)
    assert "Data diterima" not in await stage.says(LINE, by=stranger)
    assert await stage.value("SELECT count(*) FROM timer WHERE kind = 'photos'") == 0
    assert await stage.value("SELECT count(*) FROM car_number") == 0


async def test_five_who_upload_at_once_get_codes_of_their_own(stage: Stage) -> None:
    people = [stage.owner, *[await stage.user(Role.ADMIN) for _ in range(4)]]

    async def upload(number: int, who: str) -> None:
        await stage.says(LINE.replace("1234", f"12{number}0"), by=who)
        for text in ("Velg racing", "skip", "1"):
            await stage.says(text, by=who)

    await asyncio.gather(*(upload(number, who) for number, who in enumerate(people, 1)))

    async with stage.database.tenant(stage.tenant_id) as db:
        rows = await db.fetch("SELECT display_code, stock_code FROM car ORDER BY display_code")
    assert [row["display_code"] for row in rows] == [f"#A0{number}" for number in range(1, 6)]
    assert len({row["stock_code"] for row in rows}) == 5

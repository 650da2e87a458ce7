"""The pages of a showroom's site, as a server answers them: every one readable, none a dead end, none with a secret."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp.test_utils import TestClient
from markupsafe import escape

from autoleads.credit import Terms, simulate
from autoleads.formats import rupiah
from autoleads.sql import catalogue
from autoleads.sql.pool import Database
from autoleads.types import CarStatus, TenantId, Transmission
from autoleads.web.catalogue import contact
from tests import make
from tests.patience import patience
from tests.showroom_sample import ZONE
from tests.visit import Site, heard, site
from tests.web_checks import html_problems

PAGES = ("/", "/mobil", "/avanza-2020-hitam-a01", "/cabang", "/privasi")
SAMPLE_TEXT = "Halo, saya tertarik dengan Toyota Avanza 2020 kode #A01 seharga Rp 185.000.000"


@pytest.fixture
async def sample(client: TestClient, database: Database) -> Site:
    return await site(client, database, await make.sample(database))


async def mixed(client: TestClient, database: Database, count: int = 30) -> Site:
    """Toyotas by the manual, every third one a Honda by the automatic; dearer, newer and further one by one."""
    tenant_id = await make.tenant(database)
    rows = []
    for n in range(count):
        honda = n % 3 == 0
        rows.append(
            make.car_row(
                brand="Honda" if honda else "Toyota",
                model="Brio RS" if honda else "Avanza 1.3 G",
                transmission=Transmission.MATIC if honda else Transmission.MANUAL,
                year=2010 + n % 12,
                km=1_000 * (n + 1),
                price_idr=100_000_000 + n * 5_000_000,
            )
        )
    await make.cars(database, tenant_id, *rows)
    return await site(client, database, tenant_id)


async def change(database: Database, tenant_id: TenantId, sql: str, *values: object) -> None:
    async with database.tenant(tenant_id) as db:
        await db.execute(sql, *values)


@pytest.mark.parametrize("path", PAGES)
async def test_every_page_carries_its_policy_and_weighs_little(sample: Site, path: str) -> None:
    seen = await sample.get(path)

    assert (seen.status, seen.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    policy = seen.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert policy.count("'sha256-") == seen.text.count("<style>") == 2
    assert ' style="' not in seen.text
    assert not re.search(r"<script(?! src=| type=\"application/ld\+json\")|\son\w+=", seen.text)
    assert sum(map(len, re.findall(r"<style>(.*?)</style>", seen.text))) <= 8_192
    assert '<html lang="id">' in seen.text
    assert seen.text.count("<h1") == 1
    assert "{{" not in seen.text
    assert "None" not in seen.words


async def test_the_script_has_an_address_of_its_own_for_ever(sample: Site) -> None:
    address = re.search(r'<script src="([^"]+)"', (await sample.get("/")).text)
    assert address is not None

    script = await sample.get(address[1])
    stranger = await sample.get("/static/catalogue.000000000000.js")

    assert (script.status, stranger.status) == (200, 404)
    assert "immutable" in script.headers["Cache-Control"]
    assert len(script.text.encode()) <= 6_144


async def test_home_shows_what_is_new_and_the_ways_to_the_rest(client: TestClient, database: Database) -> None:
    shop = await mixed(client, database)

    home = await shop.get("/")

    assert len(home.codes) == 6
    assert "30 mobil siap dilihat" in home.words
    assert "Toyota 20" in home.words
    assert "Honda 10" in home.words
    assert "/mobil?merek=honda" in home.links
    assert "Sampai Rp 100 juta 1" in home.words
    assert any(text.startswith("Halo Showroom") for text in home.messages)


async def test_the_search_of_the_journey_finds_three_cars(sample: Site) -> None:
    found = await sample.get("/mobil?q=Avanza+2020")

    assert sorted(found.codes) == ["#A01", "#A02", "#V01"]
    assert "3 mobil" in found.words


async def test_a_car_page_says_what_the_row_says_and_writes_the_message(sample: Site) -> None:
    page = await sample.get("/avanza-2020-hitam-a01")

    assert '<h1 id="judul">Toyota Avanza 2020</h1>' in page.text
    for said in ("Rp 185.000.000", "45.000 km", "Manual", "Bensin", "Velg racing 16 inch", "Service record lengkap"):
        assert said in page.words
    assert page.messages.count(SAMPLE_TEXT) == 2  # beside the photo, and always within reach
    assert f"https://wa.me/{make.SAMPLE_DEVICE}?text=" in page.text
    assert {"#A02", "#V01"} <= set(page.codes)
    assert "Lebih murah Rp 5.000.000" in page.words


async def test_filters_narrow_and_count_what_each_choice_would_leave(client: TestClient, database: Database) -> None:
    shop = await mixed(client, database)

    page = await shop.get("/mobil?merek=honda&harga_sampai=150jt")

    assert "4 mobil dari 30" in page.words
    assert "Toyota (7)" in page.words  # of those up to this price
    assert "Honda (4)" in page.words
    assert "Matic (4)" in page.words
    assert "Manual (0)" in page.words
    assert "/mobil?harga_sampai=150000000" in page.links  # without the brand
    assert "/mobil?merek=honda" in page.links  # without the price


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("merek=HONDA", 10),
        ("model=brio", 10),
        ("transmisi=matic", 10),
        ("bbm=bensin", 30),
        ("tahun_dari=2021", 2),
        ("tahun_dari=2010&tahun_sampai=2010", 3),
        ("harga_dari=Rp+240.000.000", 2),
        ("harga_sampai=105", 2),
        ("km_sampai=5rb", 5),
        ("q=brio+matic", 10),
        ("q=Velg", 0),
        ("utm_source=iklan&fbclid=x", 30),
    ],
)
async def test_each_filter(client: TestClient, database: Database, query: str, count: int) -> None:
    shop = await mixed(client, database)

    page = await shop.get(f"/mobil?{query}")

    assert re.search(r"\b(\d+) mobil\b", page.text[page.text.index('<h2 class="count">') :])[1] == str(count)  # type: ignore[index]


async def test_cars_of_a_branch(client: TestClient, database: Database) -> None:
    tenant_id = await make.tenant(database)
    await make.branch(database, tenant_id, "Pusat")
    malang = await make.branch(database, tenant_id, "Malang")
    codes = await make.cars(database, tenant_id, make.car_row(), make.car_row(), make.car_row())
    await change(database, tenant_id, "UPDATE car SET branch_id = $1 WHERE display_code = $2", malang, codes[1])
    shop = await site(client, database, tenant_id)

    page = await shop.get(f"/mobil?cabang={malang}")

    assert page.codes == [codes[1]]
    assert "Malang (1)" in page.words
    assert "Cabang Malang" in page.words
    assert "Lihat mobilnya di Malang" in (await shop.get("/avanza-2020-hitam-a02")).words


@pytest.mark.parametrize(
    ("sort", "first"),
    [("termurah", "Rp 100.000.000"), ("termahal", "Rp 245.000.000"), ("km", "Rp 100.000.000"), ("tahun", "2021")],
)
async def test_order(client: TestClient, database: Database, sort: str, first: str) -> None:
    shop = await mixed(client, database)

    page = await shop.get(f"/mobil?urut={sort}")

    card = page.text[page.text.index('<article class="card">') :]
    assert first in card[: card.index("</article>")]


async def test_twelve_a_page_with_links_to_the_others(client: TestClient, database: Database) -> None:
    shop = await mixed(client, database)
    pages = [await shop.get(f"/mobil?hal={number}") for number in (1, 2, 3)]

    assert [len(page.codes) for page in pages] == [12, 12, 6]
    assert len({code for page in pages for code in page.codes}) == 30
    assert {"/mobil?hal=2", "/mobil?hal=3"} <= set(pages[0].links)
    assert "/mobil" in pages[1].links
    beyond = await shop.get("/mobil?hal=99&merek=toyota")
    assert (beyond.status, len(beyond.codes)) == (200, 8)  # the last one there is


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("harga_dari=murah", "Isi harga mulai Rp 10.000.000, misalnya 100 jt"),
        ("harga_sampai=-5", "Isi harga mulai"),
        ("harga_sampai=99999999999999999999", "Isi harga mulai"),
        ("tahun_dari=dua+ribu", "Isi tahun dengan empat angka"),
        ("tahun_sampai=1066", "Isi tahun dengan empat angka"),
        ("km_sampai=jauh", "Isi kilometer dengan angka"),
    ],
)
async def test_what_cannot_be_read_is_told_beside_its_field(sample: Site, query: str, said: str) -> None:
    page = await sample.get(f"/mobil?{query}")

    assert page.status == 200
    assert len(page.codes) == 3
    assert said in page.words
    name = query.partition("=")[0]
    assert f'aria-describedby="{name}-salah"' in page.text


@pytest.mark.parametrize(
    "query",
    ["transmisi=robot", "cabang=x", "hal=-1", "hal=x", "urut=acak", "q=%00", "q=%ff", "q=", "merek=" + "x" * 4000],
)
async def test_nonsense_is_left_aside(sample: Site, query: str) -> None:
    assert (await sample.get(f"/mobil?{query}")).status == 200


async def test_a_misspelt_name_is_understood(sample: Site) -> None:
    page = await sample.get("/mobil?q=Avansa+2020")

    assert "Maksudnya avanza 2020 ?" in page.words
    assert "/mobil?q=avanza+2020" in page.links


async def test_nothing_found_offers_ways_out(client: TestClient, database: Database) -> None:
    shop = await mixed(client, database)

    page = await shop.get("/mobil?merek=honda&transmisi=manual")

    assert "0 mobil" in page.words
    assert "tanpa Honda 20" in page.words
    assert "tanpa Manual 10" in page.words
    assert "Yang mendekati" in page.words
    assert len(page.codes) == 6
    assert any("saya mencari Honda, Manual" in text for text in page.messages)


async def test_filters_that_contradict_each_other_explain_themselves(sample: Site) -> None:
    page = await sample.get("/mobil?harga_dari=300jt&harga_sampai=100jt")

    assert "Harga terendah Rp 300.000.000 lebih besar dari harga tertinggi Rp 100.000.000." in page.words
    assert "/mobil?harga_dari=100000000&harga_sampai=300000000" in page.links


async def test_a_showroom_without_cars_is_no_dead_end(client: TestClient, database: Database) -> None:
    shop = await site(client, database, await make.tenant(database))

    for path in ("/", "/mobil", "/mobil?q=avanza"):
        page = await shop.get(path)
        assert page.status == 200
        assert page.messages


async def test_a_booked_car_keeps_its_page_and_offers_to_tell(client: TestClient, database: Database) -> None:
    tenant_id = await make.sample(database)
    await change(database, tenant_id, "UPDATE car SET status = 'booking' WHERE display_code = '#A01'")
    shop = await site(client, database, tenant_id)

    page, listed = await shop.get("/avanza-2020-hitam-a01"), await shop.get("/mobil")

    assert "Sedang dibooking" in page.words
    assert page.messages[0] == (
        "Halo, saya tertarik dengan Toyota Avanza 2020 kode #A01. Tolong kabari saya kalau bookingnya batal."
    )
    assert "#A01" not in listed.codes


async def test_a_sold_car_is_marked_then_gone(client: TestClient, database: Database) -> None:
    tenant_id = await make.sample(database)
    sold = "UPDATE car SET status = 'sold', sold_at = $1 WHERE display_code = $2"
    await change(database, tenant_id, sold, datetime.now(UTC) - timedelta(days=3), "#A01")
    await change(database, tenant_id, sold, datetime.now(UTC) - timedelta(days=31), "#A02")
    shop = await site(client, database, tenant_id)

    marked, gone = await shop.get("/avanza-2020-hitam-a01"), await shop.get("/avanza-2020-hitam-a02")

    assert marked.status == 200
    assert "TERJUAL" in marked.words
    assert "Simulasi cicilan" not in marked.words
    assert SAMPLE_TEXT not in marked.messages
    assert any("Ada yang serupa?" in text for text in marked.messages)
    assert marked.codes == ["#V01"]
    assert gone.status == 410
    assert "sudah terjual" in gone.words
    assert gone.codes == ["#V01"]
    assert (await shop.get("/")).codes == ["#V01"]
    assert (await shop.get("/mobil")).codes == ["#V01"]


async def test_what_is_written_of_a_car_is_shown_as_it_was_written(client: TestClient, database: Database) -> None:
    tenant_id = await make.tenant(database)
    odd = "50% %s %(title)s {0} <b>&\"' é😀"
    row = make.car_row(model=f"Avanza {odd}", color=odd, features=(odd, odd), notes=odd)
    await make.cars(database, tenant_id, row)
    shop = await site(client, database, tenant_id)
    async with database.tenant(tenant_id) as db:
        slug = await db.fetchval("SELECT slug FROM car WHERE tenant_id = $1", tenant_id)

    page, listed, home = await shop.get(f"/{slug}"), await shop.get("/mobil"), await shop.get("/")

    for shown, times in ((page, 5), (listed, 4), (home, 1)):
        assert html_problems(shown.text) == []
        assert shown.text.count(str(escape(odd))) >= times


async def test_a_brand_is_found_by_its_link_however_it_is_written(client: TestClient, database: Database) -> None:
    tenant_id = await make.tenant(database)
    brand = "A%41 + B&C=D;E#F"
    codes = await make.cars(database, tenant_id, make.car_row(brand=brand), make.car_row(brand="Honda"))
    shop = await site(client, database, tenant_id)
    home = await shop.get("/")
    [link] = {one for one in home.links if one.startswith("/mobil?merek=") and "honda" not in one}

    assert (await shop.get(link)).codes == codes[:1]


async def test_without_a_number_nobody_is_sent_to_whatsapp(client: TestClient, database: Database) -> None:
    tenant_id = await make.sample(database)
    await change(database, tenant_id, "UPDATE tenant SET email = 'halo@jaya.example'")
    await change(database, tenant_id, "DELETE FROM device")
    shop = await site(client, database, tenant_id)

    said = {path: (await shop.get(path)).words for path in ("/", "/mobil", "/avanza-2020-hitam-a01", "/cabang")}
    empty = await make.tenant(database)
    await change(database, empty, "DELETE FROM device")
    shop = await site(client, database, empty)
    said["without cars"] = (await shop.get("/")).words

    assert [path for path, words in said.items() if "lewat WhatsApp" in words] == []


async def test_a_logo_has_its_size_before_it_is_loaded(client: TestClient, database: Database) -> None:
    tenant_id = await make.sample(database)
    await change(database, tenant_id, "UPDATE tenant SET logo_url = 'https://cdn.example/logo.png'")
    shop = await site(client, database, tenant_id)

    page = await shop.get("/")

    assert html_problems(page.text) == []
    assert "img-src 'self' https://cdn.example;" in page.headers["Content-Security-Policy"]


async def test_a_sold_cars_page_is_closed_in_time_though_nothing_changes(
    client: TestClient, database: Database
) -> None:
    tenant_id = await make.sample(database)
    shop = await site(client, database, tenant_id)
    sell = "UPDATE car SET status = 'sold', sold_at = $1 WHERE display_code = '#A01'"

    async with patience():
        while True:  # a machine that takes longer than this second for the page tries again
            almost = datetime.now(UTC) - timedelta(days=30) + timedelta(seconds=1)
            await change(database, tenant_id, sell, almost)
            if (await shop.get("/avanza-2020-hitam-a01")).status == 200:
                break
        while (after := await shop.get("/avanza-2020-hitam-a01")).status == 200:
            pass

    assert after.status == 410


@pytest.mark.parametrize("path", ["/avanza-1999-hitam-a09", "/mobil/x", "/MOBIL", "/-"])
async def test_an_address_that_is_nothing(sample: Site, path: str) -> None:
    assert (await sample.get(path)).status == 404


async def test_a_draft_has_no_page(client: TestClient, database: Database) -> None:
    tenant_id = await make.tenant(database)
    await make.cars(database, tenant_id, make.car_row(status=CarStatus.DRAFT))
    shop = await site(client, database, tenant_id)

    assert (await shop.get("/avanza-2020-hitam-a01")).status == 404


async def test_the_instalment_works_without_script_on_the_showrooms_terms(
    client: TestClient, database: Database
) -> None:
    tenant_id = await make.sample(database)
    await change(
        database, tenant_id, """UPDATE tenant SET settings = '{"credit": {"tenors": [12, 24], "admin_idr": 1000000}}'"""
    )
    shop = await site(client, database, tenant_id)
    terms = Terms(tenors=(12, 24), admin_idr=1_000_000)

    usual = await shop.get("/avanza-2020-hitam-a01")
    asked = await shop.get("/avanza-2020-hitam-a01?dp=60jt&tenor=24")

    for plan in simulate(185_000_000, terms).plans:
        assert f"{plan.months} bulan {rupiah(plan.instalment)}" in usual.words
    plan = simulate(185_000_000, terms, dp=60_000_000, months=24).plans[0]
    assert f"24 bulan {rupiah(plan.instalment)}" in asked.words
    assert "Bayar pertama Rp 61.000.000" in asked.words
    assert "Hanya simulasi" in asked.words


@pytest.mark.parametrize(
    "credit",
    [
        '{"tenors": [36.0, 36.5, 24], "flat_rate_percent_year": 9.0}',
        '{"tenors": [36, 24], "flat_rate_percent_year": 9}',
    ],
)
async def test_terms_read_the_same_however_their_numbers_are_written(
    client: TestClient, database: Database, credit: str
) -> None:
    tenant_id = await make.sample(database)
    await change(database, tenant_id, f"""UPDATE tenant SET settings = '{{"credit": {credit}}}'""")
    shop = await site(client, database, tenant_id)

    page = await shop.get("/avanza-2020-hitam-a01")

    assert re.findall(r'data-flat="([^"]+)" data-insurance="([^"]+)"', page.text) == [("9", "1.5")]
    assert re.findall(r">(\S+) bulan</option>", page.text) == ["24", "36"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("dp=banyak", "Isi DP dengan angka"),
        ("dp=-1", "Isi DP dengan angka"),
        ("dp=185.000.000", "DP harus di bawah harga mobil, Rp 185.000.000"),
        ("tenor=999", "36 bulan"),
        ("tenor=x&dp=", "36 bulan"),
    ],
)
async def test_an_instalment_that_cannot_be(sample: Site, query: str, said: str) -> None:
    page = await sample.get(f"/avanza-2020-hitam-a01?{query}")

    assert page.status == 200
    assert said in page.words


async def test_branches_with_their_hours(client: TestClient, database: Database) -> None:
    tenant_id = await make.tenant(database, phone="6231234567", address="Jl. Raya Darmo No. 123", city="Surabaya")
    shop = await site(client, database, tenant_id)
    alone = await shop.get("/cabang")
    await make.branch(database, tenant_id, "Malang")
    always = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), "00:00-24:00")
    sql = "UPDATE branch SET address = 'Jl. Ijen 1', maps_url = 'https://maps.example/x', business_hours = $1"
    await change(database, tenant_id, sql, always)
    await heard(client, database)

    page = await shop.get("/cabang")

    assert "Jl. Raya Darmo No. 123" in alone.words
    assert "tel:+6231234567" in alone.links
    assert "Malang Jl. Ijen 1 Buka sekarang, sampai 23.59" in page.words
    assert "https://maps.example/x" in page.links


async def test_pages_that_tell_the_hours_are_kept_until_the_first_place_opens_or_closes(
    database: Database,
) -> None:
    tenant_id = await make.tenant(database)
    await make.branch(database, tenant_id, "Malang")
    await make.branch(database, tenant_id, "Sidoarjo")
    week = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    sql = "UPDATE branch SET business_hours = $2 WHERE name = $1"
    await change(database, tenant_id, sql, "Malang", dict.fromkeys(week, "08:00-20:00"))
    await change(database, tenant_id, sql, "Sidoarjo", dict.fromkeys(week, "09:00-17:00"))
    async with database.tenant(tenant_id) as db:
        found = await catalogue.get(db, tenant_id, sold_days=30)
    assert found is not None

    at_four, at_six = (
        contact.changes_at(contact.places(found, datetime(2025, 10, 23, hour, tzinfo=ZONE))) for hour in (16, 18)
    )

    assert [f"{moment:%H:%M}" for moment in (at_four, at_six)] == ["17:00", "20:00"]


async def test_a_link_that_is_no_web_address_is_not_shown(client: TestClient, database: Database) -> None:
    tenant_id = await make.tenant(database, maps_url="javascript:alert(1)")
    shop = await site(client, database, tenant_id)

    assert not [link for link in (await shop.get("/cabang")).links if link.startswith("javascript")]


async def test_privacy_tells_what_is_kept_and_how_it_is_deleted(sample: Site) -> None:
    page = await sample.get("/privasi")

    for said in ("Nomor 27 Tahun 2022", "Yang kami simpan", "Untuk apa", "Berapa lama", "30 hari", "Hak Anda"):
        assert said in page.words
    assert "Hapus data saya" in page.messages


async def test_what_a_car_says_is_never_markup(client: TestClient, database: Database) -> None:
    tenant_id = await make.tenant(database, name='<b>"Jaya"</b>')
    hostile = "<script>alert('x')</script>"
    row = make.car_row(
        brand=hostile, model=f"Avanza {hostile}", color=f'"{hostile}', features=(hostile,), notes=hostile
    )
    await make.cars(database, tenant_id, row)
    await change(database, tenant_id, "UPDATE car SET photos = $1", ['/uploads/"><script>alert(1)</script>.jpg'])
    shop = await site(client, database, tenant_id)
    async with database.tenant(tenant_id) as db:
        slug = await db.fetchval("SELECT slug FROM car")

    for path in ("/", "/mobil", f"/mobil?q={hostile}", f"/{slug}", f"/dilihat?mobil={slug}", "/cabang", "/privasi"):
        page = await shop.get(path)
        assert page.status == 200
        assert "<script>" not in page.text, path
        assert '<b>"' not in page.text, path


async def test_no_plate_and_no_stock_code_anywhere(client: TestClient, database: Database) -> None:
    tenant_id = await make.tenant(database)
    rows = [make.car_row(status=status) for status in CarStatus]
    await make.cars(database, tenant_id, *rows)
    shop = await site(client, database, tenant_id)
    async with database.tenant(tenant_id) as db:
        slugs = [row["slug"] for row in await db.fetch("SELECT slug FROM car")]

    for path in ("/", "/mobil", "/cabang", "/privasi", f"/dilihat?mobil={','.join(slugs)}", *(f"/{s}" for s in slugs)):
        page = await shop.get(path)
        for row in rows:
            assert row.plate not in page.text
            assert str(row.plate_clean).lower() not in page.text.lower()
        assert "STK-" not in page.text


async def test_showrooms_with_the_same_codes_see_only_their_own(client: TestClient, database: Database) -> None:
    shops = {}
    for km in (11_111, 22_222):
        tenant_id = await make.tenant(database)
        await make.cars(database, tenant_id, make.car_row(km=km))
        shops[f"{km:,} km".replace(",", ".")] = await site(client, database, tenant_id)

    for own, shop in shops.items():
        for path in ("/", "/mobil", "/avanza-2020-hitam-a01"):
            words = (await shop.get(path)).words
            assert own in words
            assert not any(other in words for other in shops if other != own)


async def test_photos_come_in_every_width_and_the_first_at_once(client: TestClient, database: Database) -> None:
    tenant_id = await make.sample(database)
    photos = [f"/uploads/cars/x/{n}-2000x1500.jpg" for n in range(20)]
    await change(database, tenant_id, "UPDATE car SET photos = $1 WHERE display_code = '#A01'", photos)
    shop = await site(client, database, tenant_id)

    page = await shop.get("/avanza-2020-hitam-a01")

    slides = page.text[page.text.index('class="slides"') : page.text.index('class="thumbs"')]
    images = re.findall(r"<img [^>]+>", slides)
    assert len(images) == 20
    assert 'fetchpriority="high"' in images[0]
    assert "lazy" not in images[0]
    assert all('loading="lazy"' in image for image in images[1:])
    assert all('width="2000" height="1500"' in image and 'alt="Foto ' in image for image in images)
    assert "/uploads/cars/x/0-2000x1500-640.avif 640w" in slides
    assert "1/20" in page.words


async def test_seen_cars_are_named_by_their_slugs(sample: Site) -> None:
    seen = await sample.get("/dilihat?mobil=avanza-2020-hitam-a02,none,avanza-2020-hitam-a01,avanza-2020-hitam-a02")

    assert seen.codes == ["#A02", "#A01"]
    assert seen.headers["X-Robots-Tag"] == "noindex"
    assert (await sample.get("/dilihat")).codes == []


async def test_a_showroom_without_a_number_has_no_broken_buttons(client: TestClient, database: Database) -> None:
    tenant_id = await make.tenant(database)
    await make.cars(database, tenant_id, make.car_row())
    await change(database, tenant_id, "DELETE FROM device")
    shop = await site(client, database, tenant_id)

    for path in ("/", "/mobil", "/avanza-2020-hitam-a01", "/cabang", "/privasi"):
        page = await shop.get(path)
        assert page.status == 200
        assert "wa.me/?text=Halo" not in page.text
        assert 'href="None"' not in page.text


async def test_a_logo_and_colors_of_its_own(client: TestClient, database: Database) -> None:
    tenant_id = await make.tenant(
        database, logo_url="/uploads/cars/x/logo.png", primary_color="#FFEB3B", secondary_color="#FFFFFF"
    )
    shop = await site(client, database, tenant_id)

    page, icon = await shop.get("/"), await shop.get("/ikon.svg")

    assert '<img src="/uploads/cars/x/logo.png"' in page.text
    assert "--brand:#ffeb3b;--on-brand:#14181f" in page.text
    assert icon.headers["Content-Type"] == "image/svg+xml"
    assert 'fill="#FFEB3B"' in icon.text

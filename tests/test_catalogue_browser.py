"""The customer's journey of the founding documents in a real Chromium: phone and desktop, with and without script."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp.test_utils import TestClient
from PIL import Image
from pytest_aiohttp.plugin import AiohttpClient

from autoleads import daemon
from autoleads.credit import simulate, terms
from autoleads.formats import rupiah
from autoleads.media import photos
from autoleads.sql.pool import Database
from autoleads.types import TenantId
from autoleads.web import keys
from tests import make
from tests.browser import WIDTHS, fresh_page
from tests.patience import patience
from tests.payloads.fonnte import chat
from tests.photo_samples import encoded
from tests.standins.fonnte import FonnteStandin
from tests.web_checks import accessibility_problems, html_problems

playwright = pytest.importorskip("playwright.async_api")
expect = playwright.expect

PATHS = ("/", "/mobil", "/avanza-2020-hitam-a01", "/cabang", "/privasi")
CUSTOMER = "6285200001111"
TEXT = "Halo, saya tertarik dengan Toyota Avanza 2020 kode #A01 seharga Rp 185.000.000"
# Sums up what moved without anybody's doing.
SHIFTS = """
  window.shifted = [];
  const told = ({ node, previousRect, currentRect }) => [node?.outerHTML?.slice(0, 200), previousRect, currentRect];
  new PerformanceObserver((list) => {
    for (const one of list.getEntries())
      if (!one.hadRecentInput) window.shifted.push([one.value, one.startTime, ...one.sources.map(told)]);
  }).observe({ type: 'layout-shift', buffered: true });
"""
SCROLL = """async () => {
  for (let y = 0; y < document.body.scrollHeight; y += 300) {
    scrollTo({ top: y, behavior: 'instant' });
    await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
  }
  scrollTo({ top: 0, behavior: 'instant' });
}"""


@dataclass
class Shop:
    client: TestClient
    tenant_id: TenantId
    url: str


@pytest.fixture(scope="module")
def shots() -> dict[str, dict[str, bytes]]:
    """Three photos: name and content of all their files, by the name of the original. They take a second to make."""
    made = [photos.process(encoded(Image.new("RGB", (1600, 1200), color))) for color in ("black", "gray", "silver")]
    return {photo.name: {photo.name: photo.data, **photos.variants(photo)} for photo in made}


@pytest.fixture
async def shop(
    dsn: str,
    database: Database,
    fonnte: FonnteStandin,
    aiohttp_client: AiohttpClient,
    tmp_path: Path,
    shots: dict[str, dict[str, bytes]],
) -> Shop:
    """The sample's three cars, the first one with photos, and the whole application behind it."""
    tenant_id = await make.sample(database)
    folder = tmp_path / "uploads" / "cars" / str(tenant_id)
    folder.mkdir(parents=True)
    for files in shots.values():
        for name, data in files.items():
            (folder / name).write_bytes(data)
    addresses = [f"/uploads/cars/{tenant_id}/{name}" for name in shots]
    async with database.tenant(tenant_id) as db:
        await db.execute("UPDATE car SET photos = $1 WHERE display_code = '#A01'", addresses)
        slug = await db.fetchval("SELECT slug FROM tenant")
    config = make.config(
        DATABASE_URL=dsn, AUTOLEADS_DATA_DIR=str(tmp_path), FONNTE_API_URL=fonnte.url, GEMINI_API_KEY=""
    )
    client = await aiohttp_client(daemon.build(config))
    return Shop(client, tenant_id, f"http://{slug}.localhost:{client.port}")


@asynccontextmanager
async def visitor(browser: Any, width: str = "phone", **options: Any) -> AsyncIterator[Any]:
    """What the page could not load is among its complaints as well; not what it no longer needed when it was left."""
    async with fresh_page(browser, width, **options) as page:
        await page.add_init_script(SHIFTS)
        page.on("requestfailed", lambda failed: _note(page, failed))
        yield page


def _note(page: Any, failed: Any) -> None:
    if failed.failure != "net::ERR_ABORTED":
        page.complaints.append(f"{failed.url}: {failed.failure}")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize("width", WIDTHS)
async def test_from_the_home_page_to_the_bots_answer(
    browser: Any, shop: Shop, database: Database, fonnte: FonnteStandin, width: str, script: bool, tmp_path: Path
) -> None:
    async with visitor(browser, width, java_script_enabled=script) as page:
        await page.goto(shop.url)
        await page.get_by_role("searchbox", name="Cari mobil").fill("Avanza 2020")
        await page.get_by_role("button", name="Cari").click()
        await expect(page.get_by_role("article")).to_have_count(3)
        for code in ("#A01", "#A02", "#V01"):
            await expect(page.get_by_role("article").filter(has_text=code)).to_have_count(1)

        await page.get_by_role("article").filter(has_text="#A01").get_by_role("link").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Toyota Avanza 2020")
        await page.screenshot(path=tmp_path / f"car-{width}.png", full_page=True)
        link = page.get_by_role("link", name="Chat via WhatsApp")
        await expect(link).to_have_count(1)  # in sight at this width
        await expect(link).to_be_in_viewport()
        address = urlsplit(await link.get_attribute("href"))
        assert page.complaints == []

    assert (address.netloc, address.path) == ("wa.me", f"/{make.SAMPLE_DEVICE}")
    (text,) = parse_qs(address.query)["text"]
    assert text == TEXT
    body = chat(text, device=make.SAMPLE_DEVICE, sender=CUSTOMER, name="Ahmad", inboxid=1)
    async with patience():
        assert (await shop.client.post("/webhook/fonnte", json=body)).status == 200
        await shop.client.app[keys.DISPATCHER].idle()  # type: ignore[union-attr]
    (answer,) = [sent for sent in fonnte.sent if sent.target == CUSTOMER]
    assert "#A01" in answer.message
    async with database.tenant(shop.tenant_id) as db:
        lead = await db.fetchrow("SELECT car.display_code FROM lead JOIN car ON car.id = lead.car_id")
        said = [row["body"] for row in await db.fetch("SELECT body FROM inbox UNION ALL SELECT body FROM outbox")]
    assert lead["display_code"] == "#A01"
    assert TEXT in said
    assert answer.message in said


@pytest.mark.parametrize("width", WIDTHS)
async def test_nothing_moves_by_itself_and_nothing_runs_over(browser: Any, shop: Shop, width: str) -> None:
    async with visitor(browser, width) as page:
        for path in (*PATHS, "/avanza-2020-hitam-a02", "/mobil?q=x"):
            await page.goto(shop.url + path, wait_until="networkidle")
            await page.evaluate(SCROLL)

            assert await page.evaluate("window.shifted") == [], path
            assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path


@pytest.mark.parametrize("width", WIDTHS)
async def test_a_word_without_an_end_does_not_widen_the_page(
    browser: Any, shop: Shop, database: Database, width: str
) -> None:
    async with database.tenant(shop.tenant_id) as db:
        await db.execute(
            "UPDATE car SET condition_notes = $1, model = $1, color = $1, features = ARRAY[$1], fuel = $1, brand = $1 "
            "WHERE display_code = '#A01'",
            "baru" * 100,
        )
    async with visitor(browser, width) as page:
        for path in ("/", "/mobil", "/avanza-2020-hitam-a01", "/avanza-2020-hitam-a02"):
            await page.goto(shop.url + path)

            assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path


async def test_a_long_name_of_a_showroom_leaves_the_head_of_a_phones_page_small(
    browser: Any, shop: Shop, database: Database
) -> None:
    async with database.tenant(shop.tenant_id) as db:
        await db.execute("UPDATE tenant SET name = 'PT. Sumber Rejeki Makmur Jaya Abadi Mobilindo Perkasa Surabaya'")
    async with visitor(browser) as page:
        await page.goto(shop.url)

        assert (await page.locator("header.top").bounding_box())["height"] <= 72
        assert page.complaints == []


async def test_every_target_of_a_finger_is_large_enough(browser: Any, shop: Shop) -> None:
    small = """(nodes) => nodes.filter((node) => node.checkVisibility() && !node.closest('.skip, p:not(.ways, .share)'))
      .map((node) => [node.getBoundingClientRect(), node.outerHTML])
      .filter(([box]) => box.height < 44 || box.width < 44).map(([box, html]) => `${box.height} ${html}`)"""
    async with visitor(browser) as page:
        for path in (*PATHS, "/mobil?merek=toyota"):
            await page.goto(shop.url + path)
            if path.startswith("/mobil"):
                await page.locator("summary").click()

            targets = page.locator("a:not(.card a), button, select, input:not([type=radio]), summary")
            assert await targets.evaluate_all(small) == [], path


@pytest.mark.parametrize(("width", "color"), [("phone", "#0B6E4F"), ("desktop", "#FFEB3B")])
async def test_every_page_is_valid_and_accessible(
    browser: Any, shop: Shop, database: Database, width: str, color: str
) -> None:
    states = {"#A02": "status = 'booking'", "#V01": "status = 'sold', sold_at = now()"}
    async with database.tenant(shop.tenant_id) as db:
        await db.execute("UPDATE tenant SET primary_color = $1", color)
        for code, state in states.items():
            await db.execute(f"UPDATE car SET {state} WHERE display_code = $1", code)
    odd = ("/mobil?merek=toyota", "/mobil?q=avansa&harga_dari=x", "/avanza-2020-hitam-a01?dp=x", "/none-2020")
    async with visitor(browser, width) as page:
        for path in (*PATHS, "/avanza-2020-hitam-a02", "/avanza-veloz-2020-hitam-v01", *odd):
            response = await page.goto(shop.url + path)

            assert html_problems(await response.text()) == [], path
            assert await accessibility_problems(page) == [], path


async def test_photos_turn_by_key_and_by_thumb(browser: Any, shop: Shop) -> None:
    async with visitor(browser, "desktop") as page:
        await page.goto(f"{shop.url}/avanza-2020-hitam-a01", wait_until="networkidle")
        await expect(page.locator("#foto-1")).to_be_in_viewport(ratio=0.5)
        await expect(page.locator(".thumbs [aria-current]")).to_have_attribute("aria-label", "Foto 1")

        await page.locator(".slides").focus()
        await page.keyboard.press("ArrowRight")
        await expect(page.locator("#foto-2")).to_be_in_viewport(ratio=0.5)
        await expect(page.locator(".thumbs [aria-current]")).to_have_attribute("aria-label", "Foto 2")

        await page.get_by_role("link", name="Foto 3").click()
        await expect(page.locator("#foto-3")).to_be_in_viewport(ratio=0.5)
        loaded = "(image) => image.decode().then(() => image.naturalWidth > 0 && image.currentSrc.endsWith('.avif'))"
        assert await page.locator("#foto-3 img").evaluate(loaded)
        assert page.complaints == []


async def test_the_instalment_while_one_types_is_the_one_of_the_server(browser: Any, shop: Shop) -> None:
    usual = terms({})
    async with visitor(browser) as page:
        await page.goto(f"{shop.url}/avanza-2020-hitam-a01")
        for written, dp in (
            ("40jt", 40_000_000),
            ("Rp 61.234.567", 61_234_567),
            ("99", 99_000_000),
            ("40000000,55", 40_000_001),
        ):
            await page.get_by_label("Uang muka (DP)").fill(written)

            servers = simulate(185_000_000, usual, dp=dp)
            await expect(page.locator("#hasil tbody tr")).to_have_text(
                [f"{plan.months} bulan{rupiah(plan.instalment)}" for plan in servers.plans]
            )
            await expect(page.locator("#hasil .sub b")).to_have_text(rupiah(servers.first_payment))
        await page.get_by_label("Jangka waktu").select_option("48")
        await expect(page.locator("#hasil tbody tr")).to_have_count(1)
        assert page.complaints == []


async def test_what_is_left_empty_in_the_filter_does_not_stand_in_the_address(browser: Any, shop: Shop) -> None:
    async with visitor(browser, "desktop") as page:
        await page.goto(f"{shop.url}/mobil", wait_until="networkidle")
        await page.get_by_label("Cari mobil").fill("avanza")
        await page.get_by_role("button", name="Terapkan").click()
        await page.wait_for_url("**/mobil?*")

        assert urlsplit(page.url).query == "q=avanza"
        await page.go_back()
        await expect(page.locator("form.filter :disabled:not(option)")).to_have_count(0)
        assert page.complaints == []


async def test_cars_looked_at_before_are_remembered_in_the_browser(browser: Any, shop: Shop) -> None:
    async with visitor(browser) as page:
        await page.goto(f"{shop.url}/avanza-2020-hitam-a01", wait_until="networkidle")
        await expect(page.locator("#dilihat")).to_be_hidden()

        await page.goto(f"{shop.url}/avanza-2020-hitam-a02")

        await expect(page.locator("#dilihat article")).to_have_count(1)
        await expect(page.locator("#dilihat article")).to_contain_text("#A01")
        assert page.complaints == []


async def test_cars_that_come_when_their_place_is_read_already_move_nothing(browser: Any, shop: Shop) -> None:
    async with visitor(browser) as page:
        await page.goto(f"{shop.url}/avanza-2020-hitam-a01", wait_until="networkidle")
        held = asyncio.Event()

        async def hold(route: Any) -> None:
            await held.wait()
            await route.continue_()

        await page.route("**/dilihat?*", hold)
        async with page.expect_response("**/dilihat?*") as answered:
            await page.goto(f"{shop.url}/avanza-2020-hitam-a02")
            await page.locator("footer").scroll_into_view_if_needed()
            held.set()
        await (await answered.value).finished()
        # A later answer is read later, so by then the script has done what it does with the first.
        await page.evaluate(
            "fetch('/dilihat?mobil=x').then((a) => a.text()).then(() => new Promise(requestAnimationFrame))"
        )

        await expect(page.locator("#dilihat")).to_be_hidden()
        assert await page.evaluate("window.shifted") == []


async def test_a_car_is_passed_on(browser: Any, shop: Shop) -> None:
    async with visitor(browser) as page:
        await page.add_init_script("navigator.share = async (what) => { window.passed = what; };")
        await page.goto(f"{shop.url}/avanza-2020-hitam-a01")

        await page.get_by_role("button", name="Bagikan").click()

        passed = await page.evaluate("window.passed")
        assert passed["url"].endswith("/avanza-2020-hitam-a01")

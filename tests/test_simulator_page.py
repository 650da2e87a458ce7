"""The simulator page in a real Chromium, on a phone's and on a desktop's width."""

import re
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestServer

from autoleads.bot.gateway.base import Outgoing
from autoleads.bot.gateway.simulator import Hub, SimulatorGateway
from tests.browser import WIDTHS, fresh_page
from tests.test_simulator import BUDI, DEVICE, OTHER_DEVICE, OWNER, SARI, World, build, picture

playwright = pytest.importorskip("playwright.async_api")
expect = playwright.expect
# The key set of a captured Fonnte body, in its order.
FONNTE_KEYS = [
    "quick",
    "device",
    "pesan",
    "pengirim",
    "member",
    "message",
    "text",
    "sender",
    "name",
    "location",
    "url",
    "type",
    "extension",
    "filename",
    "pollname",
    "choices",
    "inboxid",
    "isgroup",
    "isforwarded",
    "timestamp",
]


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[tuple[World, str]]:
    world = World(Hub())
    async with TestServer(build(world, tmp_path / "simulator")) as server:
        yield world, str(server.make_url("/simulator"))


@asynccontextmanager
async def opened(browser: Any, url: str, width: str = "desktop", **options: Any) -> AsyncIterator[Any]:
    """A fresh browser profile with the page open and its stream of events running."""
    async with fresh_page(browser, width, **options) as page:
        await page.goto(url)
        await expect(page.locator("#link-state")).to_have_text("Tersambung")
        yield page


async def choose(page: Any, name: str) -> None:
    await page.locator(".person", has_text=name).click()
    await expect(page.locator("#who")).to_have_text(name)


async def sideways(page: Any) -> int:
    """How far the page, or a pane of it, can be moved sideways."""
    return await page.evaluate(
        "Math.max(...['html', '.side', '#people', '.chat', '.scroll']"
        ".map((name) => document.querySelector(name)).map((box) => box.scrollWidth - box.clientWidth))"
    )


@pytest.mark.parametrize("width", WIDTHS)
async def test_a_conversation(browser: Any, world: tuple[World, str], width: str) -> None:
    jaya, url = world
    jaya.answers = lambda body: [(body["sender"], "Ada *3 unit* kak: https://jaya.localhost/mobil " + "x" * 90, None)]
    async with opened(browser, url, width) as page:
        await choose(page, "Sari Wulandari")

        await page.locator("#text").click()
        await page.keyboard.type("Halo kak")
        await page.keyboard.press("Shift+Enter")
        await page.keyboard.type("Avanza ada?")
        await page.keyboard.press("Enter")

        await expect(page.locator("#dots")).to_be_visible()
        await expect(page.locator("#state")).to_have_text("Jaya Motor sedang mengetik…")
        jaya.go.set()
        reply = page.locator(".line.in")
        await expect(reply.locator(".took")).to_have_text("1,2 dtk")
        await expect(reply.locator("strong")).to_have_text("3 unit")
        await expect(reply.locator("a")).to_have_attribute("href", "https://jaya.localhost/mobil")
        await expect(page.locator("#dots")).to_be_hidden()
        await expect(page.locator("#state")).to_have_text("sebagai pelanggan · ke Jaya Motor")
        await expect(page.locator(".line.out .seen")).to_have_count(1)
        await expect(page.locator(".line")).to_have_count(2)
        assert await sideways(page) <= 0
        assert page.complaints == []

    (body,) = jaya.bodies
    assert list(body) == FONNTE_KEYS
    assert body["message"] == body["pesan"] == "Halo kak\nAvanza ada?"
    assert body["text"] == "non-button message"
    assert (body["device"], body["sender"], body["name"]) == (DEVICE, SARI, "Sari Wulandari")
    assert (body["type"], body["url"], body["inboxid"], body["choices"]) == ("text", "", 0, [])
    assert isinstance(body["timestamp"], int)
    assert body["timestamp"] < 10**11  # seconds


@pytest.mark.parametrize("width", WIDTHS)
async def test_an_album_arrives_as_single_photos(browser: Any, world: tuple[World, str], width: str) -> None:
    jaya, url = world
    files = [
        {"name": f"{color}.jpg", "mimeType": "image/jpeg", "buffer": picture(color)}
        for color in ("red", "green", "blue", "white")
    ]
    async with opened(browser, url, width) as page:
        await choose(page, "Haji Rahmat")

        await page.locator("#photos").set_input_files(files)
        await page.get_by_label("Buang foto 2").click()
        await page.locator("#text").fill("Avanza hitam 2020")
        await page.get_by_label("Kirim", exact=True).click()

        await expect(page.locator(".line.out .picture img")).to_have_count(3)
        await expect(page.locator(".line.out use[href='#i-ticks']")).to_have_count(3)
        await expect(page.locator("#tray")).to_be_hidden()
        await page.reload()
        await expect(page.locator(".line.out .picture img")).to_have_count(3)
        sizes = "(images) => images.map((image) => image.decode().then(() => image.naturalWidth))"
        loaded = await page.locator(".picture img").evaluate_all(f"(images) => Promise.all(({sizes})(images))")
        assert loaded == [64, 64, 64]
        assert await sideways(page) <= 0
        assert page.complaints == []

    assert [body["message"] for body in jaya.bodies] == ["Avanza hitam 2020", *["non-text message"] * 2]
    assert {body["type"] for body in jaya.bodies} == {"image"}
    for body in jaya.bodies:
        assert body["url"].endswith(f"/{body['filename']}.{body['extension']}")
    assert len({body["url"] for body in jaya.bodies}) == 3


async def test_what_is_no_photo_is_not_sent(browser: Any, world: tuple[World, str]) -> None:
    jaya, url = world
    async with opened(browser, url) as page:
        pdf = {"name": "slip.pdf", "mimeType": "application/pdf", "buffer": b"%PDF"}
        await page.locator("#photos").set_input_files([pdf])

        await expect(page.get_by_role("alert")).to_contain_text("Hanya foto JPG, PNG, atau WebP")
        await page.get_by_label("Kirim", exact=True).click()
        await expect(page.locator("#tray")).to_be_hidden()

    assert jaya.bodies == []


async def test_news_for_somebody_else(browser: Any, world: tuple[World, str]) -> None:
    jaya, url = world
    jaya.answers = lambda body: [(BUDI, "🔥 *LEAD BARU!*", None), (BUDI, "1 = AMBIL", None)]
    jaya.go.set()
    async with opened(browser, url, "phone") as page:
        await choose(page, "Sari Wulandari")
        await page.locator("#text").fill("Bisa nego?")
        await page.keyboard.press("Enter")

        await expect(page.locator("#elsewhere")).to_have_text("2")
        await expect(page).to_have_title("(2) Simulator AutoLeads")
        await expect(page.locator("#toast")).to_contain_text("Budi Santoso · sales")
        await page.get_by_label("Kembali ke daftar orang").click()
        row = page.locator(".person", has_text="Budi Santoso")
        await expect(row.get_by_label("2 pesan belum dibaca")).to_be_visible()
        await row.click()
        await expect(page.locator(".line.in")).to_have_count(2)
        await expect(page).to_have_title("Simulator AutoLeads")
        await page.reload()
        await expect(page.locator(".line.in")).to_have_count(2)
        await expect(page).to_have_title("Simulator AutoLeads")


async def test_news_of_another_showroom_are_counted_there(browser: Any, world: tuple[World, str]) -> None:
    jaya, url = world
    async with opened(browser, url) as page:
        message = Outgoing(target="6287800000103", text="Halo kak Andi")
        await SimulatorGateway(jaya.hub).send(OTHER_DEVICE, message)

        await expect(page.locator("#showroom option").nth(1)).to_have_text("Abadi Mobilindo (1 baru)")
        await page.locator("#showroom").select_option(OTHER_DEVICE)
        await expect(page.locator("#who")).to_have_text("Andi Pratama")
        await expect(page.locator(".line.in")).to_have_text(re.compile("Halo kak Andi"))
        await expect(page.locator("#showroom option").nth(1)).to_have_text("Abadi Mobilindo")


async def test_an_invented_customer_writes(browser: Any, world: tuple[World, str]) -> None:
    jaya, url = world
    async with opened(browser, url, "phone") as page:
        await page.get_by_role("button", name="Pelanggan baru").click()
        number = await page.get_by_label("Nomor WhatsApp").input_value()
        await page.get_by_label("Nama").fill("Tono Hartono")
        await page.keyboard.press("Enter")
        await expect(page.locator("#who")).to_have_text("Tono Hartono")
        await page.locator("#text").fill("Halo")
        await page.keyboard.press("Enter")
        await expect(page.locator(".line.out use[href='#i-ticks']")).to_have_count(1)

        await page.reload()

        await expect(page.locator("#who")).to_have_text("Tono Hartono")
        await expect(page.locator(".line.out")).to_have_text(re.compile("Halo"))

    (body,) = jaya.bodies
    assert body["name"] == "Tono Hartono"
    assert body["sender"] == "62" + number.replace("-", "")[1:]
    assert re.fullmatch(r"628\d{8,11}", body["sender"])


async def test_an_empty_conversation_offers_a_beginning(browser: Any, world: tuple[World, str]) -> None:
    jaya, url = world
    async with opened(browser, url, "phone") as page:
        await choose(page, "Haji Rahmat")
        offers = page.get_by_role("group", name="Contoh pesan").get_by_role("button")
        await expect(offers).to_have_text(["/upload", "/laporan", "/list"])
        await page.locator("#text").fill("belum selesai")

        await offers.first.click()

        await expect(page.locator(".line.out use[href='#i-ticks']")).to_have_count(1)
        await expect(offers).to_have_count(0)
        await expect(page.locator("#text")).to_have_value("belum selesai")
    assert [body["message"] for body in jaya.bodies] == ["/upload"]


async def test_leaving_the_dialog_invents_nobody(browser: Any, world: tuple[World, str]) -> None:
    async with opened(browser, world[1]) as page:
        for leave in ("button", "Escape"):
            await page.get_by_role("button", name="Pelanggan baru").click()
            await expect(page.get_by_role("dialog")).to_be_visible()
            await (
                page.get_by_role("button", name="Batal").click() if leave == "button" else page.keyboard.press(leave)
            )
            await expect(page.get_by_role("dialog")).to_be_hidden()

        assert await page.locator(".person").count() == 3


async def test_what_could_not_be_sent_can_be_sent_again(browser: Any, world: tuple[World, str]) -> None:
    jaya, url = world
    jaya.refuse = True
    async with opened(browser, url) as page:
        await page.locator("#text").fill("Masih ada?")
        await page.keyboard.press("Enter")
        again = page.get_by_role("button", name="Server menjawab 503. Ketuk untuk mengirim ulang.")
        await expect(again).to_be_visible()
        jaya.refuse = False

        await again.click()

        await expect(page.locator(".line.out use[href='#i-ticks']")).to_have_count(1)
        await expect(page.locator(".line")).to_have_count(1)
    assert [body["message"] for body in jaya.bodies] == ["Masih ada?"]


async def test_what_the_stream_missed_is_read_from_the_store(browser: Any, world: tuple[World, str]) -> None:
    jaya, url = world
    jaya.add(BUDI, "bot", "Selamat pagi")
    async with opened(browser, url) as page:
        # The last of the list: from here on, what is new counts as unread.
        await expect(page.locator(".person", has_text="Budi Santoso")).to_contain_text("Selamat pagi")
        jaya.add(SARI, "person", "Dari ponsel lain")
        jaya.add(SARI, "sales", "Halo Bu Sari, saya Budi")
        jaya.add(SARI, "system", "Budi Santoso mengambil percakapan ini.")
        jaya.add(OWNER, "bot", "Laporan hari ini")

        jaya.hub.publish(SARI, {"type": "resync"}, device=DEVICE)

        await expect(page.locator(".line.out")).to_have_text(re.compile("Dari ponsel lain"))
        await expect(page.locator(".line.in .by")).to_have_text("Sales")
        await expect(page.locator(".notice")).to_have_text("Budi Santoso mengambil percakapan ini.")
        await expect(page.locator(".person", has_text="Haji Rahmat").locator(".badge")).to_have_text("1")


async def test_a_live_bubble_and_its_stored_line_are_one(browser: Any, world: tuple[World, str]) -> None:
    jaya, url = world
    async with opened(browser, url) as page:
        await expect(page.locator("#who")).to_have_text("Sari Wulandari")
        gateway = SimulatorGateway(jaya.hub)
        for text in ("Satu", "Satu", "Dua  {nama}"):
            await gateway.send(DEVICE, Outgoing(target=SARI, text=text))
        await expect(page.locator(".line.in")).to_have_count(3)

        # Stored late, and with another spelling of the last.
        for text in ("Satu", "Satu", "Dua nama"):
            jaya.add(SARI, "bot", text, reply_ms=2600)
        jaya.hub.publish(SARI, {"type": "resync"}, device=DEVICE)

        await expect(page.locator(".took")).to_have_text(["2,6 dtk"] * 3)
        await expect(page.locator(".line.in .words")).to_have_text(["Satu", "Satu", "Dua nama"])


async def test_text_is_never_markup(browser: Any, world: tuple[World, str]) -> None:
    jaya, url = world
    hostile = "<img src=x onerror=alert(1)> *<b>tebal</b>* javascript:alert(1) 2*3*4 snake_case_name"
    jaya.add(SARI, "bot", hostile)
    async with opened(browser, url) as page:
        words = page.locator(".words")

        await expect(words).to_have_text(hostile.replace("*<b>", "<b>").replace("</b>*", "</b>"))
        assert await words.locator("img, b, a, em").count() == 0
        assert page.complaints == []


async def test_a_photo_that_cannot_be_shown_becomes_a_link(browser: Any, world: tuple[World, str]) -> None:
    jaya, url = world
    jaya.add(SARI, "bot", "", photo="https://media.example.test/a.jpg")
    async with opened(browser, url) as page:
        link = page.get_by_role("link", name="Foto tidak dapat ditampilkan di sini. Buka di tab baru.")

        await expect(link).to_have_attribute("href", "https://media.example.test/a.jpg")


async def test_the_view_stays_where_somebody_reads(browser: Any, world: tuple[World, str]) -> None:
    jaya, url = world
    for number in range(40):
        jaya.add(SARI, "bot", f"Baris {number}")
    async with opened(browser, url, "phone") as page:
        await choose(page, "Sari Wulandari")
        await expect(page.locator(".line").last).to_be_in_viewport()
        await page.locator("#scroll").evaluate("(box) => { box.scrollTop = 0; }")
        await expect(page.locator("#jump")).to_be_visible()

        await SimulatorGateway(jaya.hub).send(DEVICE, Outgoing(target=SARI, text="Baru"))

        await expect(page.locator(".line")).to_have_count(41)
        await expect(page.locator(".line").first).to_be_in_viewport()
        await page.locator("#jump").click()
        await expect(page.locator(".line").last).to_be_in_viewport()


@contextmanager
def _held_port() -> Iterator[Callable[[str, int, socket.AddressFamily], socket.socket]]:
    """Makes one server's socket after the other, at a port that nobody else is given in between."""
    reuse = (socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    with socket.socket() as held:
        held.setsockopt(*reuse)
        held.bind(("127.0.0.1", 0))

        def another(host: str, port: int, family: socket.AddressFamily) -> socket.socket:
            one = socket.socket(family)
            one.setsockopt(*reuse)
            one.bind(held.getsockname())
            return one

        yield another


async def test_the_stream_comes_back_after_a_restart(browser: Any, tmp_path: Path) -> None:
    world = World(Hub())
    with _held_port() as at_port:
        server = TestServer(build(world, tmp_path), socket_factory=at_port)
        await server.start_server()
        async with opened(browser, str(server.make_url("/simulator"))) as page:
            await server.close()
            await expect(page.locator("#link-state")).to_have_text("Terputus, menyambung lagi…")

            world.hub = Hub()
            world.add(SARI, "bot", "Selama terputus")
            async with TestServer(build(world, tmp_path), socket_factory=at_port):
                await expect(page.locator("#link-state")).to_have_text("Tersambung")
                await expect(page.locator(".line.in")).to_have_text(re.compile("Selama terputus"))


# The contrast of each text with the ground behind it, for those under 4.5 (WCAG AA).
FAINT = """() => {
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  const rgba = (color) => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const ground = (node) => {
    for (; node; node = node.parentElement) {
      const color = rgba(getComputedStyle(node).backgroundColor);
      if (color[3] > 200) return color;
    }
    return [255, 255, 255];
  };
  const light = (color) => [0.2126, 0.7152, 0.0722].reduce((sum, share, i) => {
    const c = color[i] / 255;
    return sum + share * (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  }, 0);
  const found = [];
  for (const node of document.querySelectorAll('body *:not(svg, svg *, option)')) {
    const text = [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
    if (!text || !node.checkVisibility({ visibilityProperty: true }) || node.closest('.unseen')) continue;
    const [a, b] = [light(rgba(getComputedStyle(node).color)), light(ground(node))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) found.push(`${node.className || node.tagName}: ${ratio.toFixed(2)}`);
  }
  return found;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_text_can_be_read(browser: Any, world: tuple[World, str], scheme: str) -> None:
    jaya, url = world
    jaya.add(SARI, "person", "Halo https://jaya.localhost/")
    jaya.add(SARI, "bot", "Ada https://jaya.localhost/", reply_ms=900)
    jaya.add(SARI, "sales", "Saya Budi")
    jaya.add(SARI, "system", "Diambil Budi")
    async with opened(browser, url, color_scheme=scheme) as page:
        await expect(page.locator(".line.in")).to_have_count(2)
        jaya.refuse = True
        await page.locator("#text").fill("gagal")
        await page.keyboard.press("Enter")
        await expect(page.locator(".failed")).to_be_visible()
        await SimulatorGateway(jaya.hub).send(DEVICE, Outgoing(target=BUDI, text="LEAD BARU"))
        await expect(page.locator(".person .badge")).to_have_text("1")

        assert await page.evaluate(FAINT) == []
        await page.get_by_role("button", name="Pelanggan baru").click()
        assert await page.evaluate(FAINT) == []


async def test_every_control_has_a_name_and_the_list_obeys_the_arrows(browser: Any, world: tuple[World, str]) -> None:
    async with opened(browser, world[1]) as page:
        nameless = """(nodes) => nodes.filter((node) => node.checkVisibility() && !node.labels?.length
            && !node.getAttribute('aria-label') && !node.innerText.trim()).map((node) => node.outerHTML)"""
        assert await page.locator("button, textarea, select, a").evaluate_all(nameless) == []
        await expect(page.get_by_role("log")).to_have_count(1)
        await expect(page.locator(".person[aria-current='true'] .name")).to_have_text("Sari Wulandari")

        await page.locator(".person").first.focus()
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Enter")

        await expect(page.locator("#who")).to_have_text("Haji Rahmat")

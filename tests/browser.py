"""A real Chromium: how it is found and started, and a visitor's fresh page in it."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tests.patience import PATIENCE_S

# The shell first: the same engine without a desktop browser's interface opens a page in a quarter of the time.
_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
WIDTHS = {"phone": (360, 740), "desktop": (1280, 800)}
_QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@asynccontextmanager
async def chromium() -> AsyncIterator[Any]:
    """Playwright's browser; skips the test where there is none."""
    playwright = pytest.importorskip("playwright.async_api")
    path = next(filter(None, map(shutil.which, _NAMES)), None)
    if path is None:
        pytest.skip("no Chromium on this machine")
    playwright.expect.set_options(timeout=PATIENCE_S * 1_000)
    async with playwright.async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=path, args=_QUIET, timeout=PATIENCE_S * 1_000)
        yield browser
        await browser.close()


@asynccontextmanager
async def fresh_page(browser: Any, width: str, **options: Any) -> AsyncIterator[Any]:
    """A page of a fresh profile; what it complained about is in `page.complaints`."""
    x, y = WIDTHS[width]
    context = await browser.new_context(
        viewport={"width": x, "height": y},
        locale="id-ID",
        timezone_id="Asia/Jakarta",
        reduced_motion="reduce",
        **options,
    )
    page = await context.new_page()
    page.set_default_timeout(PATIENCE_S * 1_000)
    page.complaints = []
    page.on("console", lambda said: page.complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    yield page
    await context.close()

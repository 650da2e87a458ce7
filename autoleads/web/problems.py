"""Every answer that is not what was asked for: a page for people, in their showroom's look, or JSON for programs."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field

from aiohttp import hdrs, web

from autoleads.errors import Closed, NotFound
from autoleads.web import keys, respond
from autoleads.web.catalogue import render
from autoleads.web.catalogue.serve import Shop, kept_shop_of, shop_of

log = logging.getLogger(__name__)

# First parts of paths that programs ask for; everything else is opened in a browser.
_FOR_PROGRAMS = frozenset({"api", "webhook", "health", "ready", "metrics", "uploads", "simulator", "static"})

# Title and text of a page.
_TEXTS: Mapping[int, tuple[str, str]] = {
    400: (
        "Permintaan tidak terbaca",
        "Alamat atau isian yang dikirim tidak bisa kami baca. Silakan periksa kembali, atau mulai dari halaman depan.",
    ),
    404: ("Halaman tidak ditemukan", "Alamat ini tidak ada atau sudah pindah. Silakan mulai dari halaman depan."),
    405: ("Cara ini tidak didukung", "Halaman ini hanya bisa dibuka. Silakan mulai dari halaman depan."),
    413: ("Kiriman terlalu besar", "Yang dikirim melebihi batas ukuran. Silakan coba lagi dengan yang lebih kecil."),
    429: ("Terlalu banyak permintaan", "Mohon tunggu sebentar, lalu coba lagi."),
    500: ("Ada gangguan di sisi kami", "Mohon maaf, halaman ini gagal dibuka. Silakan coba lagi sebentar lagi."),
    503: ("Sedang tidak bisa dibuka", "Mohon maaf, ada gangguan sementara. Silakan coba lagi beberapa saat lagi."),
}
_CLOSED = "Situs ini untuk sementara tidak bisa dibuka. Silakan kembali lain waktu."
_NO_SITE = ("Alamat tidak terdaftar", "Tidak ada showroom di alamat ini. Silakan periksa kembali penulisannya.")


@dataclass(frozen=True, slots=True)
class Problem:
    """`code` and `message` are for programs; a page has its own words."""

    status: int
    code: str
    message: str
    of_field: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


async def answer(request: web.Request, problem: Problem) -> web.Response:
    if is_for_programs(request.path):
        response = respond.error(request, problem.status, problem.code, problem.message, field=problem.of_field)
    else:
        response = await _page(request, problem.status, problem.code)
    response.headers[hdrs.CACHE_CONTROL] = "no-store"
    response.headers.update(problem.headers)
    return response


def is_for_programs(path: str) -> bool:
    return path.lstrip("/").partition("/")[0] in _FOR_PROGRAMS


async def _page(request: web.Request, status: int, code: str) -> web.Response:
    title, text = _TEXTS.get(status) or _TEXTS[500 if status >= 500 else 400]
    shop = await _shop(request, asking=status < 500 or code == Closed.code)
    if shop is not None and not shop.site.open:  # nothing of it is shown but its name
        title, text = f"{shop.catalogue.profile.name} sedang tidak aktif", _CLOSED
        shop = None
    elif status == NotFound.status and shop is None and not request.app[keys.SITES].is_platform(request.host):
        title, text = _NO_SITE
    page = render.problem(shop, status=status, title=title, text=text, request_id=request.get(keys.REQUEST_ID, ""))
    return page.response(request)


async def _shop(request: web.Request, *, asking: bool) -> Shop | None:
    """Without asking the database only from memory. Whatever goes wrong here must not hide what went wrong before."""
    try:
        return await (shop_of if asking else kept_shop_of)(request)
    except Exception as exc:
        log.warning("no look for the page of an error: error=%s", type(exc).__name__)
        return None

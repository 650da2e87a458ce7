"""Finished answers: made once in each form asked for, kept for one version of a showroom, sent only when new."""

import math
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from aiohttp import hdrs, web
from multidict import CIMultiDict

from autoleads import metrics
from autoleads.sql.catalogue import Catalogue
from autoleads.types import TenantId
from autoleads.web import packing
from autoleads.web.packing import Body

_OVERHEAD = 1_000  # bytes of a kept page beyond its content
_LEAST_GZIPPED = 600  # bytes; below that the headers outweigh it
_TAG = re.compile(r'(?:W/)?"([^"]*)"')
_NO = re.compile(r"q\s*=\s*0(?:\.0{0,3})?")
# Kept by browsers and proxies, and asked about each time: a car that was sold is gone from all of them at once.
_CACHE_CONTROL = "public, max-age=0, must-revalidate"

_HITS, _MISSES = (metrics.PAGES.labels(result) for result in ("kept", "made"))

Key = tuple[TenantId, int, str, bool]  # showroom, its version, which page, whether compressed


@dataclass(slots=True, weakref_slot=True)
class Sealed:
    """A finished answer in one of its forms. `tag` is the same in both.

    `wire` is what the answer ends with: the header lines that tell of this content, then the content itself from
    `content_at` on. It is one piece, because thousands of pages do not fit into a processor's cache, and each
    piece more is one more to wait for.
    """

    wire: bytes
    content_at: int
    status: int
    tag: str
    etag: str
    packed: bool
    content_type: str
    headers: Mapping[str, str]
    until: float  # seconds since 1970
    asked: bool = False  # since Pages looked at it last

    @property
    def size(self) -> int:
        """Bytes that it takes in memory."""
        return len(self.wire) + _OVERHEAD

    def response(self, request: web.Request) -> web.Response:
        headers: CIMultiDict[str] = CIMultiDict(
            {hdrs.CACHE_CONTROL: _CACHE_CONTROL, hdrs.VARY: "Accept-Encoding", hdrs.ETAG: self.etag, **self.headers}
        )
        if hdrs.IF_NONE_MATCH in request.headers and self.status == 200 and self._is_known(request):
            return web.Response(status=304, headers=headers)
        headers[hdrs.CONTENT_TYPE] = self.content_type
        if self.packed:
            headers[hdrs.CONTENT_ENCODING] = "gzip"
        return web.Response(body=self.wire[self.content_at :], status=self.status, headers=headers)

    def _is_known(self, request: web.Request) -> bool:
        """Whether the visitor has this very page, in either form: a weak comparison, as for all reading."""
        tags = request.headers.getall(hdrs.IF_NONE_MATCH)
        mine = (self.tag, f"{self.tag}-gzip")
        return any(tag.strip() == "*" or any(one in mine for one in _TAG.findall(tag)) for tag in tags)


@dataclass(frozen=True, slots=True)
class Page:
    """`headers` come with the body's; cookies and the like do not belong into them, for a page is everybody's.
    `until`: then it would be another one, though nothing of the showroom changes."""

    body: Body
    content_type: str
    status: int = 200
    until: datetime | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def sealed(self, *, packed: bool) -> Sealed:
        """`packed`: compressed, if it is large enough for that."""
        whole = packing.plain(self.body)
        gzipped = packing.gzipped(self.body, whole)
        tag = packing.tag(gzipped)  # of the form that nearly everybody gets, for there is less of it
        packed = packed and len(whole) >= _LEAST_GZIPPED
        etag = f'"{tag}-gzip"' if packed else f'"{tag}"'
        content = gzipped if packed else whole
        encoding = f"{hdrs.CONTENT_ENCODING}: gzip\r\n" if packed else ""
        lines = f"{encoding}{hdrs.ETAG}: {etag}\r\n{hdrs.CONTENT_LENGTH}: {len(content)}\r\n\r\n".encode("ascii")
        return Sealed(
            wire=lines + content,
            content_at=len(lines),
            status=self.status,
            tag=tag,
            etag=etag,
            packed=packed,
            content_type=self.content_type,
            headers=self.headers,
            until=self.until.timestamp() if self.until else math.inf,
        )

    def response(self, request: web.Request) -> web.Response:
        return self.sealed(packed=takes_gzip(request)).response(request)


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a page is made, and made again, as long as the version of its showroom stands."""

    key: Key
    make: Callable[[Catalogue], Page]


def takes_gzip(request: web.Request) -> bool:
    return accepts_gzip(request.headers.get(hdrs.ACCEPT_ENCODING, ""))


@lru_cache(maxsize=500)
def accepts_gzip(accepted: str) -> bool:
    """Of an Accept-Encoding header. What is named outweighs `*`, and a quality of 0 is a no."""
    taken: dict[str, bool] = {}
    for item in accepted.lower().split(","):
        name, *parameters = (part.strip() for part in item.split(";"))
        taken[name] = not any(_NO.fullmatch(parameter) for parameter in parameters)
    return taken.get("gzip", taken.get("x-gzip", taken.get("*", False)))


class Pages:
    """A key holds the version of its showroom, so a page of an older one is never found again.

    To ask for one costs no more than a mark on it. When room is needed those kept longest are looked at first: one
    that was asked for since is kept once more, any other goes.
    """

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._kept: OrderedDict[Key, Sealed] = OrderedDict()
        self.bytes = 0

    def get(self, key: Key) -> Sealed | None:
        return self.asked_for(self._kept.get(key))

    @staticmethod
    def asked_for(page: Sealed | None) -> Sealed | None:
        """None for one whose time is over, too."""
        if page is None or page.until <= time.time():
            return None
        page.asked = True
        _HITS.inc()
        return page

    def made(self, recipe: Recipe, catalogue: Catalogue) -> Sealed:
        _MISSES.inc()
        page = recipe.make(catalogue).sealed(packed=recipe.key[3])
        if page.size <= self._most_bytes:
            self._keep(recipe.key, page)
        return page

    def _keep(self, key: Key, page: Sealed) -> None:
        before = self._kept.pop(key, None)
        self._kept[key] = page
        self.bytes += page.size - (0 if before is None else before.size)
        while self.bytes > self._most_bytes:
            oldest, page = self._kept.popitem(last=False)
            if page.asked:
                page.asked = False
                self._kept[oldest] = page
            else:
                self.bytes -= page.size

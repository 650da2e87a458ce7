"""Finished answers: made once in each form asked for, kept for one version of a showroom, sent only when new."""

import hashlib
import math
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from aiohttp import hdrs, web
from cachetools import LRUCache
from isal import isal_zlib
from multidict import CIMultiDict

from autoleads import metrics
from autoleads.types import TenantId

_OVERHEAD = 1_000  # bytes of a kept page beyond its content
_GZIP_LEVEL = 3  # of isal's 0 to 3: a tenth more bytes than zlib's usual one, in a tenth of its time
_GZIP = 31  # in zlib's language: the format of gzip, the largest window
_LEAST_GZIPPED = 600  # bytes; below that the headers outweigh it
_TAG = re.compile(r'(?:W/)?"([^"]*)"')
_NO = re.compile(r"q\s*=\s*0(?:\.0{0,3})?")
# Kept by browsers and proxies, and asked about each time: a car that was sold is gone from all of them at once.
_CACHE_CONTROL = "public, max-age=0, must-revalidate"

_HITS, _MISSES = (metrics.PAGES.labels(result) for result in ("kept", "made"))

Key = tuple[TenantId, int, str, bool]  # showroom, its version, which page, whether compressed


@dataclass(frozen=True, slots=True)
class Sealed:
    """A finished answer in one of its forms. `tag` is the same in both."""

    content: bytes
    status: int
    tag: str
    headers: CIMultiDict[str]

    @property
    def size(self) -> int:
        """Bytes that it takes in memory."""
        return len(self.content) + _OVERHEAD

    def response(self, request: web.Request) -> web.Response:
        headers = self.headers.copy()
        if hdrs.IF_NONE_MATCH in request.headers and self.status == 200 and self._is_known(request):
            for name in (hdrs.CONTENT_TYPE, hdrs.CONTENT_ENCODING):
                headers.popall(name, None)
            return web.Response(status=304, headers=headers)
        return web.Response(body=self.content, status=self.status, headers=headers)

    def _is_known(self, request: web.Request) -> bool:
        """Whether the visitor has this very page, in either form: a weak comparison, as for all reading."""
        tags = request.headers.getall(hdrs.IF_NONE_MATCH)
        mine = (self.tag, f"{self.tag}-gzip")
        return any(tag.strip() == "*" or any(one in mine for one in _TAG.findall(tag)) for tag in tags)


@dataclass(frozen=True, slots=True)
class Page:
    """`headers` come with the body's; cookies and the like do not belong into them, for a page is everybody's.
    `by_the_clock`: it would be another one after a while though nothing of the showroom changes."""

    body: bytes
    content_type: str
    status: int = 200
    by_the_clock: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)

    def sealed(self, *, packed: bool) -> Sealed:
        """`packed`: compressed, if it is large enough for that."""
        packed = packed and len(self.body) >= _LEAST_GZIPPED
        tag = hashlib.sha256(self.body).hexdigest()[:24]
        headers: CIMultiDict[str] = CIMultiDict(
            {
                hdrs.CONTENT_TYPE: self.content_type,
                hdrs.CACHE_CONTROL: _CACHE_CONTROL,
                hdrs.VARY: "Accept-Encoding",
                hdrs.ETAG: f'"{tag}-gzip"' if packed else f'"{tag}"',
                **self.headers,
            }
        )
        if not packed:
            return Sealed(self.body, self.status, tag, headers)
        headers[hdrs.CONTENT_ENCODING] = "gzip"
        return Sealed(isal_zlib.compress(self.body, _GZIP_LEVEL, wbits=_GZIP), self.status, tag, headers)

    def response(self, request: web.Request) -> web.Response:
        return self.sealed(packed=takes_gzip(request)).response(request)


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
    """The least recently used ones go first. A key holds the version of its showroom, so a page of an older one is
    never found again."""

    def __init__(self, most_bytes: int, ttl_s: float) -> None:
        self._ttl_s = ttl_s
        self._kept: LRUCache[Key, tuple[float, Sealed]] = LRUCache(most_bytes, getsizeof=lambda kept: kept[1].size)

    @property
    def bytes(self) -> int:
        return int(self._kept.currsize)

    def keeps(self, page: Sealed) -> bool:
        """Whether there is room for it at all."""
        return bool(page.size <= self._kept.maxsize)

    def get(self, key: Key) -> Sealed | None:
        kept = self._kept.get(key)
        if kept is None or kept[0] <= time.monotonic():
            _MISSES.inc()
            return None
        _HITS.inc()
        return kept[1]

    def made(self, key: Key, make: Callable[[], Page]) -> Sealed:
        made = make()
        page = made.sealed(packed=key[3])
        if self.keeps(page):
            self._kept[key] = (time.monotonic() + self._ttl_s if made.by_the_clock else math.inf, page)
        return page

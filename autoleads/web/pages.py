"""Finished answers: made once, kept for one version of a showroom, sent compressed and only when they are new."""

import hashlib
import re
import time
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from aiohttp import hdrs, web
from cachetools import LRUCache

from autoleads import metrics
from autoleads.types import TenantId

_OVERHEAD = 1_000  # bytes of a kept page beyond its body
_GZIP_LEVEL = 6
_LEAST_GZIPPED = 600  # bytes; below that the headers outweigh it
_TAG = re.compile(r'(?:W/)?"([^"]*)"')
_NO = re.compile(r"q\s*=\s*0(?:\.0{0,3})?")
# Kept by browsers and proxies, and asked about each time: a car that was sold is gone from all of them at once.
_CACHE_CONTROL = "public, max-age=0, must-revalidate"

_HITS, _MISSES = (metrics.PAGES.labels(result) for result in ("kept", "made"))

Key = tuple[TenantId, int, str]


@dataclass(frozen=True)
class Page:
    """`headers` come with the body's; cookies and the like do not belong into them, for a page is everybody's."""

    body: bytes
    content_type: str
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def _tag(self) -> str:
        return hashlib.sha256(self.body).hexdigest()[:24]  # the one that processors have built in

    @cached_property
    def _gzipped(self) -> bytes:
        packer = zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
        return packer.compress(self.body) + packer.flush()

    @cached_property
    def _plain_headers(self) -> dict[str, str]:
        return {
            hdrs.CONTENT_TYPE: self.content_type,
            hdrs.CACHE_CONTROL: _CACHE_CONTROL,
            hdrs.VARY: "Accept-Encoding",
            hdrs.ETAG: f'"{self._tag}"',
            **self.headers,
        }

    @cached_property
    def _gzip_headers(self) -> dict[str, str]:
        return {**self._plain_headers, hdrs.CONTENT_ENCODING: "gzip", hdrs.ETAG: f'"{self._tag}-gzip"'}

    @property
    def size(self) -> int:
        """Bytes that it takes in memory, compressed form included."""
        return len(self.body) + len(self.body) // 4 + _OVERHEAD

    def response(self, request: web.Request) -> web.Response:
        packed = len(self.body) >= _LEAST_GZIPPED and takes_gzip(request.headers.get(hdrs.ACCEPT_ENCODING, ""))
        headers = self._gzip_headers if packed else self._plain_headers
        if self.status == 200 and self._is_known(request.headers.getall(hdrs.IF_NONE_MATCH, ())):
            kept = {name: value for name, value in headers.items() if name != hdrs.CONTENT_TYPE}
            kept.pop(hdrs.CONTENT_ENCODING, None)
            return web.Response(status=304, headers=kept)
        return web.Response(body=self._gzipped if packed else self.body, status=self.status, headers=headers)

    def _is_known(self, tags: Sequence[str]) -> bool:
        """Whether the visitor has this very page, in either form: a weak comparison, as for all reading."""
        mine = (self._tag, f"{self._tag}-gzip")
        return any(tag.strip() == "*" or any(one in mine for one in _TAG.findall(tag)) for tag in tags)


@lru_cache(maxsize=500)
def takes_gzip(accepted: str) -> bool:
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
        self._kept: LRUCache[Key, tuple[float, Page]] = LRUCache(most_bytes, getsizeof=lambda kept: kept[1].size)

    @property
    def bytes(self) -> int:
        return int(self._kept.currsize)

    def get(self, key: Key) -> Page | None:
        kept = self._kept.get(key)
        if kept is None or kept[0] <= time.monotonic():
            _MISSES.inc()
            return None
        _HITS.inc()
        return kept[1]

    def made(self, key: Key, make: Callable[[], Page]) -> Page:
        page = make()
        if page.size <= self._kept.maxsize:
            self._kept[key] = (time.monotonic() + self._ttl_s, page)
        return page

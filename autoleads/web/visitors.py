"""Whose request it is, by address, and how many of them one address may make."""

import ipaddress
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from aiohttp import web
from cachetools import LRUCache

from autoleads.config import RateLimit
from autoleads.errors import TooManyRequests

_FORWARDED = "X-Forwarded-For"
_MOST_HOPS = 20
_HOME_NETWORK = 8  # bytes of an IPv6 address that one connection has; the rest is its own to choose
_UNKNOWN = "unknown"


class Addresses:
    """The visitor's own address. What a proxy says of it counts only when the proxy is one of ours, and only up to
    the first that is not: everything left of that can be invented."""

    def __init__(self, trusted: Sequence[str]) -> None:
        self._trusted = tuple(ipaddress.ip_network(one) for one in trusted)

    def of(self, request: web.Request) -> str:
        peer = request.remote or _UNKNOWN
        if not self._trusted or not self._trusts(peer):
            return peer
        said = ",".join(request.headers.getall(_FORWARDED, ()))
        for hop in reversed(said.rsplit(",", _MOST_HOPS)):
            hop = hop.strip()
            if _parsed(hop) is None:
                return peer
            peer = hop
            if not self._trusts(hop):
                break
        return peer

    def _trusts(self, address: str) -> bool:
        found = _parsed(address)
        return found is not None and any(found in network for network in self._trusted)


@lru_cache(maxsize=10_000)
def group(address: str) -> str:
    """What counts as one visitor."""
    found = _parsed(address)
    if isinstance(found, ipaddress.IPv6Address):
        return found.packed[:_HOME_NETWORK].hex()
    return address if found is None else str(found)


def _parsed(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


@dataclass(slots=True)
class _Count:
    window: int
    current: int = 0
    previous: int = 0


class Limiter:
    """So many requests in a window of time that slides: of the last fixed window counts as much as still lies within
    reach, so that two numbers a visitor are enough. A refused request does not count. The visitors seen longest ago
    are forgotten first, so that inventing addresses costs us no memory."""

    def __init__(self, most: int, window_s: float, *, visitors: int) -> None:
        self._most = most
        self._window_s = window_s
        self._counts: LRUCache[str, _Count] = LRUCache(visitors)

    def __len__(self) -> int:
        return len(self._counts)

    def admit(self, visitor: str, now: float | None = None) -> dict[str, str]:
        """Headers that tell where the visitor stands. Raises TooManyRequests."""
        window, passed = divmod((time.monotonic() if now is None else now) / self._window_s, 1)
        count = self._count(visitor, int(window))
        used = count.previous * (1 - passed) + count.current
        if used + 1 > self._most:
            wait = str(self._wait_s(count, passed))
            headers = {"Retry-After": wait, **self._standing(0, wait)}
            raise TooManyRequests("Too many requests, please wait.", headers=headers)
        count.current += 1
        return self._standing(int(self._most - used - 1), str(math.ceil((1 - passed) * self._window_s)))

    def _standing(self, remaining: int, reset: str) -> dict[str, str]:
        return {
            "X-RateLimit-Limit": str(self._most),
            "X-RateLimit-Remaining": str(remaining),
            "X-RateLimit-Reset": reset,
        }

    def _count(self, visitor: str, window: int) -> _Count:
        count = self._counts.get(visitor)
        if count is None:
            count = self._counts[visitor] = _Count(window)
        elif count.window != window:
            count.previous = count.current if count.window == window - 1 else 0
            count.window, count.current = window, 0
        return count

    def _wait_s(self, count: _Count, passed: float) -> int:
        """Until the last window weighs so little that one more fits; if this one is full alone, into the next."""
        room = self._most - 1 - count.current
        if room >= 0 and count.previous:
            share = 1 - passed - room / count.previous
        else:
            share = 1 - passed + (1 - (self._most - 1) / count.current)
        return max(1, math.ceil(share * self._window_s))


def limits(config: RateLimit) -> dict[str, Limiter]:
    """`api` as promised to programs; `pages` generous, for many phones share an address."""
    window_s = config.window_ms / 1000
    most = {"api": config.max_requests, "pages": config.max_requests * config.pages_factor}
    return {kind: Limiter(many, window_s, visitors=config.visitors) for kind, many in most.items()}

"""Files from addresses that strangers name: only the public web, only so large, only for so long."""

import asyncio
import ipaddress
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from autoleads.errors import MediaRefused, MediaUnavailable

_MAX_REDIRECTS = 3
_CHUNK = 2**16
# Compressed content would be a way around the size limit.
_HEADERS = {"User-Agent": "AutoLeads", "Accept-Encoding": "identity"}
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")  # NAT64: an IPv4 address in its last 32 bits


class _NotPublic(OSError):
    """All addresses of a host must read the same, or the library reports a mixture of errors."""

    def __init__(self) -> None:
        super().__init__("not a public address")


class Fetcher:
    """Made by `open_fetcher`."""

    def __init__(self, http: aiohttp.ClientSession) -> None:
        self._http = http

    async def fetch(self, url: str, *, most_bytes: int, timeout: float) -> bytes:
        """The body. Raises MediaRefused (address, too_large) or MediaUnavailable (timeout, connection, http)."""
        try:
            async with asyncio.timeout(timeout), self._http.get(_address(url), max_redirects=_MAX_REDIRECTS) as answer:
                if answer.status != 200:
                    raise MediaUnavailable("http", str(answer.status))
                return await _body(answer, most_bytes)
        except TimeoutError:
            raise MediaUnavailable("timeout") from None
        except (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError, aiohttp.TooManyRedirects) as exc:
            raise MediaRefused("address", type(exc).__name__) from None
        except aiohttp.ClientConnectorError as exc:
            if isinstance(exc.os_error, _NotPublic):
                raise MediaRefused("address", "not public") from None
            raise MediaUnavailable("connection", type(exc).__name__) from exc
        except (aiohttp.ClientError, OSError) as exc:
            raise MediaUnavailable("connection", type(exc).__name__) from exc


@asynccontextmanager
async def open_fetcher(
    *, reachable: Callable[[str], bool], resolver: AbstractResolver | None = None
) -> AsyncIterator[Fetcher]:
    """`reachable` says which numeric addresses may be connected to: `is_public` or `anywhere`."""

    def connecting(info: tuple[Any, ...]) -> socket.socket:
        """Called with the very address that is connected to next, for every redirect too: whatever a name
        resolved to earlier does not matter."""
        family, kind, protocol, _, sockaddr = info
        if not reachable(str(sockaddr[0])):
            raise _NotPublic
        return socket.socket(family, kind, protocol)

    connector = aiohttp.TCPConnector(
        limit=32,
        limit_per_host=8,
        resolver=resolver,
        socket_factory=connecting,
    )
    async with aiohttp.ClientSession(
        connector=connector, headers=_HEADERS, cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False
    ) as http:
        yield Fetcher(http)


def is_public(address: str) -> bool:
    """Whether a numeric address is one of the public internet, also when it carries another one inside."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in _TRANSLATED:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


def anywhere(address: str) -> bool:
    """This machine and its network too: for demo and development only."""
    return True


def _address(url: str) -> URL:
    try:
        parsed = URL(url)
    except ValueError:
        raise MediaRefused("address", "unreadable") from None
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise MediaRefused("address", "no web address")
    return parsed.with_user(None)  # a name and password of whoever wrote the address are not ours to send


async def _body(answer: aiohttp.ClientResponse, most_bytes: int) -> bytes:
    if (answer.content_length or 0) > most_bytes:
        raise MediaRefused("too_large", f"over {most_bytes} bytes")
    body = bytearray()
    async for chunk in answer.content.iter_chunked(_CHUNK):
        body += chunk
        if len(body) > most_bytes:
            raise MediaRefused("too_large", f"over {most_bytes} bytes")
    return bytes(body)

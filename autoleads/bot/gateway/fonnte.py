"""Fonnte: a linked WhatsApp device per tenant behind one HTTP API."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Never
from urllib.parse import urlencode

import aiohttp
import orjson

from autoleads.bot.gateway import fonnte_events
from autoleads.bot.gateway.base import Event, Outgoing
from autoleads.errors import (
    GatewayAmbiguous,
    GatewayError,
    GatewayMediaRefused,
    GatewayRefused,
    GatewayUnavailable,
)
from autoleads.types import Channel

_FORM = "application/x-www-form-urlencoded"
# Not a proxy's word that nothing was done, but that it stopped waiting for the answer.
_UNDECIDED = {504, 520, 524}
_TENANT_RETRY_S = 900.0  # until someone renews a token or a plan
_OFFLINE_RETRY_S = 60.0  # until someone scans the QR code
_MAX_RETRY_S = 3_600.0
_MAX_REASON = 200
# `{name}` would be replaced by Fonnte. Round brackets read the same in a chat, and unlike an invisible
# character between the braces they cannot be taken for a variable by any pattern.
_BRACES = str.maketrans("{}", "()")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceReport:
    """What Fonnte says about a token's device. `quota` and `expires` are its own wording."""

    device: str
    connected: bool
    package: str
    quota: str
    expires: str


@dataclass(slots=True)
class _Progress:
    written: bool = False


async def _note_written(
    session: aiohttp.ClientSession, context: Any, params: aiohttp.TraceRequestHeadersSentParams
) -> None:
    if isinstance(context.trace_request_ctx, _Progress):
        context.trace_request_ctx.written = True


class FonnteGateway:
    """`http` must come from FonnteGateway.session(): only that one tells a failed connection, after which a
    message may be sent again, from a lost answer, after which it may not."""

    channel = Channel.FONNTE

    def __init__(
        self,
        http: aiohttp.ClientSession,
        base_url: str = "https://api.fonnte.com",
        timeout_s: float = 20.0,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        if not any(_note_written in trace.on_request_headers_sent for trace in http.trace_configs):
            raise ValueError("the session must come from FonnteGateway.session()")
        self._http = http
        self._base_url = base_url.rstrip("/")
        self._timeout = aiohttp.ClientTimeout(total=timeout_s)
        self._clock = clock

    @staticmethod
    def session() -> aiohttp.ClientSession:
        """To be closed by the caller."""
        trace = aiohttp.TraceConfig()
        trace.on_request_headers_sent.append(_note_written)
        # A connection that the server closed while idle turns a send into an ambiguous one. Common servers
        # close after 5 s, so ours are reused only in a burst.
        connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=3, ttl_dns_cache=300)
        return aiohttp.ClientSession(
            connector=connector,
            trace_configs=[trace],
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": "autoleads"},
        )

    def parse(self, payload: Mapping[str, Any]) -> Event:
        return fonnte_events.parse(payload, clock=self._clock)

    async def send(self, token: str, message: Outgoing) -> str:
        """One message to one person. Empty when Fonnte took it without naming an id.

        `connectOnly` keeps its default: a reply that Fonnte holds back until the device is online again would
        come too late, and our own outbox can still withdraw it.
        A token or plan that no longer works is GatewayUnavailable with `alert`: the message is as good as
        before, and leaves when the tenant has renewed it within the sender's horizon.
        """
        # Commas and bars in a target mean more targets and variables.
        if not message.target or any(mark in message.target for mark in ",|#\r\n "):
            raise GatewayRefused("target invalid")
        form = {
            "target": message.target,
            "message": message.text.translate(_BRACES).replace("\0", ""),
            "countryCode": "0",
        }
        if message.media_url:
            form["url"] = message.media_url.replace("{", "%7B").replace("}", "%7D")
        body = await self._post("/send", token, form)
        if not _is_true(body.get("status")):
            _refuse(_reason(body), with_media=message.media_url is not None)
        ids = body.get("id")
        first = ids[0] if isinstance(ids, list) and ids else ids
        return str(first) if isinstance(first, str | int) else ""

    async def device_report(self, token: str) -> DeviceReport:
        """Changes nothing, so a lost answer is GatewayUnavailable here."""
        try:
            body = await self._post("/device", token, {})
        except GatewayAmbiguous as exc:
            raise GatewayUnavailable(str(exc)) from exc
        if not _is_true(body.get("status")):
            _refuse(_reason(body), with_media=False)
        return DeviceReport(
            device=str(body.get("device") or ""),
            connected=str(body.get("device_status") or "").lower().startswith("connect"),
            package=str(body.get("package") or ""),
            quota=str(body.get("quota") or ""),
            expires=str(body.get("expired") or ""),
        )

    async def _post(self, path: str, token: str, form: dict[str, str]) -> dict[str, Any]:
        """The verdict with its keys in lower case. No log and no error may show `token` or `form`."""
        if not (token and token.isascii() and token.isprintable()):
            raise GatewayUnavailable("token invalid", alert=True, retry_after_s=_TENANT_RETRY_S)
        progress = _Progress()
        try:
            async with self._http.post(
                self._base_url + path,
                data=urlencode(form, errors="replace").encode(),
                headers={"Authorization": token, "Content-Type": _FORM},
                timeout=self._timeout,
                allow_redirects=False,  # the token is for this host only
                trace_request_ctx=progress,
            ) as response:
                raw = await response.read()
        except (aiohttp.ClientError, OSError) as exc:
            what = type(exc).__name__
            raise GatewayAmbiguous(what) if progress.written else GatewayUnavailable(what) from exc
        verdict = _verdict(raw)
        if verdict is None:
            raise _without_verdict(response.status, response.headers.get("Retry-After", ""))
        return verdict


def _verdict(raw: bytes) -> dict[str, Any] | None:
    """None when the body does not say whether it worked. Some accounts get "Status", or "true" as text."""
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(body, dict):
        return None
    body = {name.lower(): value for name, value in body.items()}
    # A number under that key is some proxy's error page, not Fonnte's word.
    return body if str(body.get("status")).lower() in {"true", "false"} else None


def _without_verdict(status: int, retry_after: str) -> GatewayError:
    what = f"http {status}"
    if status < 300 or status in _UNDECIDED:
        return GatewayAmbiguous(what)
    if status in {401, 403}:
        return GatewayUnavailable(what, alert=True, retry_after_s=_TENANT_RETRY_S)
    if status < 400 or status in {404, 405}:  # the address in the settings is wrong, not the message
        return GatewayUnavailable(what, alert=True)
    if status in {408, 425, 429} or status >= 500:
        seconds = float(retry_after) if retry_after.isascii() and retry_after.isdecimal() else None
        wait = None if seconds is None else min(seconds, _MAX_RETRY_S)
        return GatewayUnavailable(what, retry_after_s=wait)
    return GatewayRefused(what)


def _is_true(value: object) -> bool:
    return str(value).lower() == "true"


def _reason(body: dict[str, Any]) -> str:
    reason = body.get("reason") or body.get("detail")
    return str(reason)[:_MAX_REASON] if reason else "no reason given"


def _refuse(reason: str, *, with_media: bool) -> Never:
    """The wording changes, so parts of it decide."""
    text = reason.lower()
    if "token" in text or "credential" in text or "quota" in text:
        raise GatewayUnavailable(reason, alert=True, retry_after_s=_TENANT_RETRY_S)
    if "disconnect" in text:
        raise GatewayUnavailable(reason, alert=True, retry_after_s=_OFFLINE_RETRY_S)
    if with_media and ("url" in text or "file" in text):
        raise GatewayMediaRefused(reason)
    raise GatewayRefused(reason)

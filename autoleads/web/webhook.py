"""POST /webhook/fonnte: read, check, store, answer. Nothing here waits for a model, a gateway or a message."""

import hmac
import logging

from aiohttp import web
from cachetools import TTLCache

from autoleads import metrics
from autoleads.bot.gateway.base import DeliveryStatus, DeviceState, Event, Inbound
from autoleads.errors import Forbidden, NotFound, Unauthorized
from autoleads.sql import devices, outbox
from autoleads.sql.devices import Address
from autoleads.sql.inbox import Fate
from autoleads.types import Channel
from autoleads.web import body, keys, respond

log = logging.getLogger(__name__)

_GATEWAY = Channel.FONNTE.value
# A changed secret holds after this many seconds, an added device at once: only devices that exist are kept.
DEVICES = web.AppKey("webhook_devices", TTLCache[str, Address])


def add_routes(app: web.Application) -> None:
    app[DEVICES] = TTLCache(maxsize=10_000, ttl=30)
    # Fonnte used to check the address with GET; an answer of 200 also serves a person who opens it.
    app.add_routes(
        [
            web.get("/webhook/fonnte", alive),
            web.get("/webhook/fonnte/{secret}", alive),
            web.post("/webhook/fonnte", receive),
            web.post("/webhook/fonnte/{secret}", receive),
        ]
    )


async def alive(_: web.Request) -> web.Response:
    return respond.json({"status": "ok"}, message="This address takes POST requests of the gateway")


async def receive(request: web.Request) -> web.Response:
    payload = body.read(await request.read(), request.headers.get("Content-Type", ""))
    event = request.app[keys.WEBHOOK_GATEWAY].parse(payload)
    address = await _address(request, event.device)
    _check_secret(request, address)
    if address is None:
        metrics.INBOUND.labels(_GATEWAY, "unknown_device").inc()
        raise NotFound("device: no showroom has this device", field="device")
    outcome = await _handle(request, event, address)
    metrics.INBOUND.labels(_GATEWAY, outcome).inc()
    status = outcome if outcome in ("accepted", "duplicate") else "ignored"
    return respond.json({"status": status}, message="Message accepted")


async def _handle(request: web.Request, event: Event, address: Address) -> str:
    """What is counted: accepted, duplicate, or why the body is none of the bot's business."""
    match event:
        case Inbound():
            fate = await request.app[keys.RECEIVER].accept(event)
            if fate is Fate.UNKNOWN:  # removed since its address was looked up
                request.app[DEVICES].pop(event.device, None)
                raise NotFound("device: no showroom has this device", field="device")
            return fate.value
        case DeliveryStatus():
            metrics.DELIVERIES.labels(event.status if event.status in _KNOWN_DELIVERY else "other").inc()
            async with request.app[keys.DATABASE].tenant(address.tenant_id) as db:
                await outbox.set_delivery(db, address.tenant_id, event.gateway_message_id, event.status)
            return "status"
        case DeviceState():
            state = "connected" if event.connected else "disconnected"
            metrics.DEVICE_EVENTS.labels(state).inc()
            log.warning("device %s: tenant=%s reason=%s", state, address.tenant_id, event.reason)
            async with request.app[keys.DATABASE].tenant(address.tenant_id) as db:
                await devices.set_state(
                    db, address.tenant_id, event.device, connected=event.connected, reason=event.reason
                )
            return "device"
    if event.fields:
        log.warning("unknown webhook body: fields=%s", ",".join(event.fields))
    return event.reason


_KNOWN_DELIVERY = frozenset(
    {"sent", "pending", "waiting", "processing", "delivered", "read", "invalid", "expired", "url unreachable"}
)


async def _address(request: web.Request, number: str) -> Address | None:
    known = request.app[DEVICES]
    address = known.get(number)
    if address is None:
        address = await devices.find_all_tenants(request.app[keys.DATABASE], number)
        if address is not None:
            known[number] = address
    return address


def _check_secret(request: web.Request, address: Address | None) -> None:
    """The device's own secret, or the installation's where the device has none. Says nothing about either."""
    common = request.app[keys.CONFIG].fonnte.webhook_secret
    expected = (address.webhook_secret if address else "") or common
    if not expected:
        return
    presented = request.match_info.get("secret") or request.query.get("secret", "")
    if not presented:
        raise Unauthorized("Not authorized.")
    if not hmac.compare_digest(presented.encode(), expected.encode()):
        raise Forbidden("Not allowed.")

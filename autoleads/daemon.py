"""The composition root: what the process consists of, in the order it opens."""

import asyncio
import contextlib
import gc
import logging
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import uvloop
from aiohttp import web

from autoleads import metrics
from autoleads.bot import privacy, takeover, texts
from autoleads.bot.answerer import Answerer
from autoleads.bot.assistant.account import Prices
from autoleads.bot.assistant.base import Assistant
from autoleads.bot.attachments import Collector, Limits
from autoleads.bot.bell import Bell
from autoleads.bot.directory import Directory
from autoleads.bot.dispatcher import Dispatcher
from autoleads.bot.gateway.base import Sends
from autoleads.bot.gateway.fonnte import FonnteGateway
from autoleads.bot.gateway.simulator import Hub, SimulatorGateway
from autoleads.bot.handover import Handover
from autoleads.bot.pacer import Pacer
from autoleads.bot.receiver import Receiver
from autoleads.bot.sender import Retry, Sender
from autoleads.bot.staff.album import Alarms
from autoleads.bot.staff.desk import Desk
from autoleads.bot.sweep import Sweep
from autoleads.bot.turns import Rules, Turns
from autoleads.bot.unused_photos import Cleaner
from autoleads.bot.voice import Listener
from autoleads.config import Config
from autoleads.media.fetch import Fetcher, anywhere, is_public, open_fetcher
from autoleads.media.storage import LocalStorage
from autoleads.media.workshop import open_workshop
from autoleads.sql.conversations import Cap, Lease, Round
from autoleads.sql.opening import database_of
from autoleads.sql.pool import Database
from autoleads.sql.timers import TimerKind
from autoleads.types import Channel
from autoleads.web import keys, simulator, simulator_data
from autoleads.web.app import create_app

log = logging.getLogger(__name__)

_SETTLE_MARGIN_S = 2.0
_HOLD_MARGIN_S = 30.0  # a photo also waits for its turn, and a file is written

OWNER = web.AppKey("owner", uuid.UUID)  # this process, as the holder of leases
HUB = web.AppKey("hub", Hub)
GATEWAYS = web.AppKey("gateways", dict[Channel, Sends])
ASSISTANT: web.AppKey[Assistant] = web.AppKey("assistant")
FETCHER = web.AppKey("fetcher", Fetcher)
BELL = web.AppKey("bell", Bell)
CLEANER = web.AppKey("cleaner", Cleaner)
COLLECTOR = web.AppKey("collector", Collector)


def build(config: Config) -> web.Application:
    """Opened in this order and closed in reverse: turns end while gateways and pool still work."""
    app = create_app(config)
    app[OWNER], app[BELL] = uuid.uuid4(), Bell()
    app.cleanup_ctx.extend([database_ctx, gateways_ctx, assistant_ctx, media_ctx, bot_ctx, sweep_ctx])
    return app


def run(
    config: Config,
    *,
    prepare: Callable[[web.Application], Awaitable[None]] | None = None,
    announce: Callable[[], None] | None = None,
) -> None:
    """Serves until SIGTERM or SIGINT, then lets requests and running turns end.

    `prepare` runs when everything is open and nothing listens yet, `announce` once the port listens.
    """
    app = build(config)
    if prepare is not None:
        app.on_startup.append(prepare)
    if not config.fonnte.api_token:
        log.warning("no gateway token: replies of devices without one of their own go to the simulator")
    if not config.model.api_key:
        log.warning("no model key: the bot answers from its own rules")

    def listening(_: object) -> None:
        log.info("listening: host=%s port=%s", config.app.host, config.app.port)
        if announce is not None:
            announce()

    # What is alive now stays alive; looking at it again and again would only cost pauses. A turn makes thousands
    # of short-lived objects, hardly any of them in cycles.
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    web.run_app(
        app,
        host=config.app.host,
        port=config.app.port,
        loop=uvloop.new_event_loop(),
        access_log=None,
        print=listening,  # called when the port listens
        shutdown_timeout=config.app.grace_s,
    )


async def database_ctx(app: web.Application) -> AsyncIterator[None]:
    async with database_of(app[keys.CONFIG]) as database:
        app[keys.DATABASE] = database
        yield


async def gateways_ctx(app: web.Application) -> AsyncIterator[None]:
    config = app[keys.CONFIG].fonnte
    hub = app[HUB] = Hub()
    async with FonnteGateway.session() as http:
        fonnte = FonnteGateway(http, config.api_url, config.timeout_s)
        app[keys.WEBHOOK_GATEWAY] = fonnte
        gateways: dict[Channel, Sends] = {Channel.FONNTE: fonnte, Channel.SIMULATOR: SimulatorGateway(hub)}
        app[GATEWAYS] = gateways
        yield


async def assistant_ctx(app: web.Application) -> AsyncIterator[None]:
    config = app[keys.CONFIG].model
    if not config.api_key:
        yield
        return
    # The library takes half a second and 35 MB, which an installation without a model need not spend.
    from autoleads.bot.assistant.gemini import GeminiAssistant

    assistant = app[ASSISTANT] = GeminiAssistant(
        api_key=config.api_key,
        model=config.name,
        base_url=config.api_url,
        thinking_level=config.thinking_level,
        deadline_s=config.deadline_s,
        max_output_tokens=config.max_output_tokens,
        temperature=config.temperature,
        max_concurrent=config.max_concurrent,
    )
    yield
    await assistant.aclose()


async def media_ctx(app: web.Application) -> AsyncIterator[None]:
    config, most_bytes = app[keys.CONFIG].media, app[keys.CONFIG].app.max_file_size
    async with (
        open_fetcher(reachable=anywhere if config.allow_private else is_public) as fetcher,
        open_workshop(
            workers=config.workers, timeout_s=config.photo_timeout_s, most_pixels=config.max_pixels
        ) as workshop,
    ):
        limits = Limits(
            most_bytes=most_bytes,
            fetch_timeout_s=config.fetch_timeout_s,
            give_up_s=config.give_up_s,
            hold_s=config.fetch_timeout_s + config.photo_timeout_s * config.fetch_slots + _HOLD_MARGIN_S,
            slots=config.fetch_slots,
            poll_s=config.poll_s,
        )
        storage = LocalStorage(app[keys.CONFIG].app.upload_path)
        collector = app[COLLECTOR] = Collector(app[keys.DATABASE], fetcher, workshop, storage, limits=limits)
        app[FETCHER] = fetcher
        cleaner = app[CLEANER] = Cleaner(app[keys.DATABASE], storage)
        tasks = [
            asyncio.create_task(collector.run(), name="attachments"),
            asyncio.create_task(cleaner.run(), name="unused photos"),
        ]
        yield
        for task in tasks:
            await _stopped(task)


async def _stopped(task: asyncio.Task[None]) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def bot_ctx(app: web.Application) -> AsyncIterator[None]:
    config, database, hub = app[keys.CONFIG], app[keys.DATABASE], app[HUB]
    turns = Turns(
        database,
        Directory(database, site_url=config.app.site_url),
        _sender(config, database, app[GATEWAYS]),
        _answerer(config, app.get(ASSISTANT), app[FETCHER]).answer,
        desk_of(config, database, app[BELL]).answer,
        rules=Rules(
            quiet_s=config.bot.quiet_window_s,
            answer_within_s=config.bot.answer_within_s,
            history_lines=config.bot.history_lines,
            max_attempts=config.bot.max_attempts,
        ),
        lease=Lease(owner=app[OWNER], lease_s=config.bot.lease_s, send_window_s=config.sender.send_window_s),
        cap=Cap(
            replies=config.bot.reply_cap,
            staff_replies=config.bot.staff_reply_cap,
            window_s=config.bot.reply_cap_window_s,
            notice=texts.REPLY_CAP,
        ),
        round_=_round(config),
        typing=lambda device, target, on: hub.typing(target, on, device=device),
    )
    dispatcher = app[keys.DISPATCHER] = Dispatcher(turns.run, slots=config.bot.slots)
    metrics.LANES.set_function(dispatcher.busy)
    app[keys.RECEIVER] = Receiver(
        database, dispatcher, quiet_s=config.bot.quiet_window_s, file_came=app[COLLECTOR].wake
    )
    if config.app.simulator:
        app[simulator.SIMULATOR] = simulator.Simulator(
            directory=simulator_data.Transcripts(database), hub=hub, photos=config.app.upload_path / "simulator"
        )
    yield
    if left := await dispatcher.aclose(config.app.grace_s):
        log.warning("turns cut off at the end of the grace period: %s; their messages are in the inbox", left)


async def sweep_ctx(app: web.Application) -> AsyncIterator[None]:
    config = app[keys.CONFIG].bot
    handover, album = Handover(_round(app[keys.CONFIG])), Alarms(app[BELL])
    sweep = Sweep(
        app[keys.DATABASE],
        app[keys.DISPATCHER],
        owner=app[OWNER],
        every_s=config.sweep_s,
        settle_s=config.quiet_window_s + _SETTLE_MARGIN_S,
        keep_days=config.inbox_keep_days,
        alarms={
            TimerKind.BOT_RESUME: takeover.resume,
            TimerKind.LEAD_NEXT: handover.ask_next,
            TimerKind.LEAD_OWNER: handover.ask_owner,
            TimerKind.ERASE: privacy.erase,
            TimerKind.PHOTOS: album.received,
            TimerKind.PHOTOS_LATE: album.completed,
        },
        bell=app[BELL],
    )
    task = asyncio.create_task(sweep.run(), name="sweep")
    yield
    await _stopped(task)


def _sender(config: Config, database: Database, gateways: dict[Channel, Sends]) -> Sender:
    window_s = config.sender.send_window_s - config.fonnte.timeout_s
    pacer = Pacer(
        database, rate=config.sender.device_rate_per_s, burst=config.sender.device_burst, patience_s=window_s / 2
    )
    return Sender(
        gateways,
        pacer,
        default_token=config.fonnte.api_token,
        window_s=window_s,
        retry=Retry(
            max_attempts=config.sender.max_attempts,
            base_s=config.sender.backoff_base_s,
            cap_s=config.sender.backoff_cap_s,
        ),
    )


def _answerer(config: Config, assistant: Assistant | None, fetcher: Fetcher) -> Answerer:
    return Answerer(
        assistant,
        compose=config.model.compose,
        messages_per_minute=config.bot.customer_messages_per_minute,
        prices=_prices(config),
        listener=None if assistant is None else Listener(fetcher, assistant, _prices(config)),
    )


def _prices(config: Config) -> Prices:
    return Prices(config.model.input_usd_per_million, config.model.output_usd_per_million)


def desk_of(config: Config, database: Database, bell: Bell | None = None) -> Desk:
    return Desk(
        database,
        Handover(_round(config)),
        takeover_idle=timedelta(minutes=config.bot.takeover_idle_minutes),
        settle_s=config.sender.send_window_s,
        ring_in=(bell or Bell()).ring_in,
    )


def _round(config: Config) -> Round:
    return Round(next_s=config.sales.next_after_s, owner_s=config.sales.owner_after_s)

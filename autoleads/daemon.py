"""The composition root: what the process consists of, in the order it opens."""

import asyncio
import contextlib
import gc
import logging
import re
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine

import uvloop
from aiohttp import web

from autoleads import metrics
from autoleads.bot import assembly
from autoleads.bot.assistant.base import Assistant
from autoleads.bot.attachments import Collector
from autoleads.bot.bell import Bell
from autoleads.bot.dispatcher import Dispatcher
from autoleads.bot.gateway.base import Sends
from autoleads.bot.gateway.fonnte import FonnteGateway
from autoleads.bot.gateway.simulator import Hub, SimulatorGateway
from autoleads.bot.receiver import Receiver
from autoleads.bot.unused_photos import Cleaner
from autoleads.config import Config
from autoleads.media.fetch import Fetcher, anywhere, is_public, open_fetcher
from autoleads.media.workshop import open_workshop
from autoleads.sql.opening import database_of
from autoleads.types import Channel
from autoleads.web import keys, simulator, simulator_data
from autoleads.web.app import create_app
from autoleads.web.sites import Sites, following

log = logging.getLogger(__name__)

OWNER = web.AppKey("owner", uuid.UUID)  # this process, as the holder of leases
HUB = web.AppKey("hub", Hub)
GATEWAYS = web.AppKey("gateways", dict[Channel, Sends])
ASSISTANT: web.AppKey[Assistant | None] = web.AppKey("assistant")
FETCHER = web.AppKey("fetcher", Fetcher)
BELL = web.AppKey("bell", Bell)
CLEANER = web.AppKey("cleaner", Cleaner)
COLLECTOR = web.AppKey("collector", Collector)


def build(config: Config) -> web.Application:
    """Opened in this order and closed in reverse: turns end while gateways and pool still work."""
    app = create_app(config)
    app[OWNER], app[BELL] = uuid.uuid4(), Bell()
    app.cleanup_ctx.extend([database_ctx, sites_ctx, gateways_ctx, assistant_ctx, media_ctx, bot_ctx, sweep_ctx])
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

    def listening(said: str) -> None:
        log.info("listening: %s", " ".join(re.findall(r"https?://\S+", said)))  # the port that 0 became, too
        if announce is not None:
            announce()

    assembly.read_word_tables()
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


async def sites_ctx(app: web.Application) -> AsyncIterator[None]:
    sites = app[keys.SITES] = Sites(app[keys.DATABASE], app[keys.CONFIG])
    async with following(sites):
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
    async with assembly.open_assistant(app[keys.CONFIG]) as assistant:
        app[ASSISTANT] = assistant
        yield


async def media_ctx(app: web.Application) -> AsyncIterator[None]:
    config, database = app[keys.CONFIG], app[keys.DATABASE]
    media = config.media
    async with (
        open_fetcher(reachable=anywhere if media.allow_private else is_public) as fetcher,
        open_workshop(workers=media.workers, timeout_s=media.photo_timeout_s, most_pixels=media.max_pixels) as workshop,
    ):
        app[FETCHER] = fetcher
        collector = app[COLLECTOR] = assembly.collector(config, database, fetcher, workshop)
        cleaner = app[CLEANER] = assembly.cleaner(config, database)
        async with (
            _running(collector.run(), "attachments"),
            _running(cleaner.run(), "unused photos"),
        ):
            yield


async def bot_ctx(app: web.Application) -> AsyncIterator[None]:
    config, database, hub = app[keys.CONFIG], app[keys.DATABASE], app[HUB]
    sender = assembly.sender(config, database, app[GATEWAYS])
    answerer = assembly.answerer(config, app[ASSISTANT], app[FETCHER])
    turns = assembly.turns(config, database, app[OWNER], hub, sender, answerer, app[BELL])
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
    await turns.aclose()


async def sweep_ctx(app: web.Application) -> AsyncIterator[None]:
    sweep = assembly.sweep(app[keys.CONFIG], app[keys.DATABASE], app[OWNER], app[keys.DISPATCHER], app[BELL])
    async with _running(sweep.run(), "sweep"):
        yield


@contextlib.asynccontextmanager
async def _running(loop: Coroutine[None, None, None], name: str) -> AsyncIterator[None]:
    """A loop beside the others, cancelled and awaited at the end."""
    task = asyncio.create_task(loop, name=name)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])
    if not task.cancelled():
        task.result()  # raises what ended it before its time

"""The bot's parts, made from the settings. What opens and closes them, and in which order, is daemon.py."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID

from autoleads.bot import texts
from autoleads.bot.alarms import alarms
from autoleads.bot.answerer import Answerer
from autoleads.bot.assistant.account import Prices
from autoleads.bot.assistant.base import Assistant
from autoleads.bot.attachments import Collector, Limits
from autoleads.bot.bell import Bell
from autoleads.bot.directory import Directory
from autoleads.bot.dispatcher import Dispatcher
from autoleads.bot.gateway.base import Sends
from autoleads.bot.gateway.simulator import Hub
from autoleads.bot.handover import Handover
from autoleads.bot.pacer import Pacer
from autoleads.bot.sender import Retry, Sender
from autoleads.bot.staff.base import ListRules
from autoleads.bot.staff.desk import Desk
from autoleads.bot.sweep import Sweep
from autoleads.bot.turns import Rules, Turns
from autoleads.bot.understanding.commands import read_command
from autoleads.bot.understanding.understand import understand
from autoleads.bot.unused_photos import Cleaner
from autoleads.bot.voice import Listener
from autoleads.config import Config
from autoleads.media.fetch import Fetcher
from autoleads.media.storage import LocalStorage
from autoleads.media.workshop import Workshop
from autoleads.sql.conversations import Cap, Lease, Round
from autoleads.sql.pool import Database
from autoleads.stock import Stock
from autoleads.stock_csv import FIRST_YEAR
from autoleads.types import Channel

_SETTLE_MARGIN_S = 2.0
_HOLD_MARGIN_S = 30.0  # a photo also waits for its turn, and a file is written


def read_word_tables() -> None:
    """A tenth of a second that neither the first message nor the event loop has to wait for."""
    understand("halo, ada avanza?", Stock())
    read_command("avanza laku", Stock(), {}, FIRST_YEAR)


def turns(
    config: Config, database: Database, owner: UUID, hub: Hub, sender: Sender, answerer: Answerer, bell: Bell
) -> Turns:
    """`owner` is this process, as the holder of leases."""
    bot = config.bot
    return Turns(
        database,
        Directory(database, site_url=config.app.site_url),
        sender,
        answerer.answer,
        desk(config, database, bell).answer,
        rules=Rules(
            quiet_s=bot.quiet_window_s,
            answer_within_s=bot.answer_within_s,
            history_lines=bot.history_lines,
            max_attempts=bot.max_attempts,
        ),
        lease=Lease(owner=owner, lease_s=bot.lease_s, send_window_s=config.sender.send_window_s),
        cap=Cap(
            replies=bot.reply_cap,
            staff_replies=bot.staff_reply_cap,
            window_s=bot.reply_cap_window_s,
            notice=texts.REPLY_CAP,
        ),
        round_=_round(config),
        typing=lambda device, target, on: hub.typing(target, on, device=device),
    )


def sender(config: Config, database: Database, gateways: dict[Channel, Sends]) -> Sender:
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


@asynccontextmanager
async def open_assistant(config: Config) -> AsyncIterator[Assistant | None]:
    """None without a key: the bot answers from its own rules."""
    model = config.model
    if not model.api_key:
        yield None
        return
    # The library takes half a second and 35 MB, which an installation without a model need not spend.
    from autoleads.bot.assistant.gemini import GeminiAssistant

    assistant = GeminiAssistant(
        api_key=model.api_key,
        model=model.name,
        base_url=model.api_url,
        thinking_level=model.thinking_level,
        deadline_s=model.deadline_s,
        max_output_tokens=model.max_output_tokens,
        temperature=model.temperature,
        max_concurrent=model.max_concurrent,
    )
    try:
        yield assistant
    finally:
        await assistant.aclose()


def answerer(config: Config, assistant: Assistant | None, fetcher: Fetcher) -> Answerer:
    prices = Prices(config.model.input_usd_per_million, config.model.output_usd_per_million)
    return Answerer(
        assistant,
        compose=config.model.compose,
        messages_per_minute=config.bot.customer_messages_per_minute,
        prices=prices,
        listener=None if assistant is None else Listener(fetcher, assistant, prices),
    )


def desk(config: Config, database: Database, bell: Bell | None = None) -> Desk:
    return Desk(
        database,
        Handover(_round(config)),
        takeover_idle=timedelta(minutes=config.bot.takeover_idle_minutes),
        settle_s=config.sender.send_window_s,
        undo=timedelta(minutes=config.bot.undo_minutes),
        lists=_lists(config),
        late_photo=timedelta(seconds=config.bot.late_photo_s),
        ring_in=(bell or Bell()).ring_in,
    )


def collector(config: Config, database: Database, fetcher: Fetcher, workshop: Workshop) -> Collector:
    media = config.media
    limits = Limits(
        most_bytes=config.app.max_file_size,
        most_list_bytes=config.bot.list_bytes,
        fetch_timeout_s=media.fetch_timeout_s,
        give_up_s=media.give_up_s,
        hold_s=media.fetch_timeout_s + media.photo_timeout_s * media.fetch_slots + _HOLD_MARGIN_S,
        slots=media.fetch_slots,
        variant_slots=media.workers,
        poll_s=media.poll_s,
    )
    return Collector(database, fetcher, workshop, _storage(config), limits=limits)


def _storage(config: Config) -> LocalStorage:
    return LocalStorage(config.app.upload_path)


def cleaner(config: Config, database: Database) -> Cleaner:
    return Cleaner(database, _storage(config))


def sweep(config: Config, database: Database, owner: UUID, dispatcher: Dispatcher, bell: Bell) -> Sweep:
    return Sweep(
        database,
        dispatcher,
        owner=owner,
        every_s=config.bot.sweep_s,
        settle_s=config.bot.quiet_window_s + _SETTLE_MARGIN_S,
        keep_days=config.bot.inbox_keep_days,
        alarms=alarms(Handover(_round(config)), _storage(config), bell, _lists(config)),
        bell=bell,
    )


def _lists(config: Config) -> ListRules:
    return ListRules(most_cars=config.bot.list_cars, known_days=config.bot.list_known_days)


def _round(config: Config) -> Round:
    return Round(next_s=config.sales.next_after_s, owner_s=config.sales.owner_after_s)

"""One process's worth of the core, with the answer given by the test: several of them may share a database."""

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from autoleads.bot.alarms import alarms
from autoleads.bot.bell import Bell
from autoleads.bot.directory import Directory
from autoleads.bot.dispatcher import Dispatcher
from autoleads.bot.gateway.base import Inbound, Kind
from autoleads.bot.gateway.fonnte import FonnteGateway
from autoleads.bot.gateway.simulator import Hub, SimulatorGateway
from autoleads.bot.handover import Handover
from autoleads.bot.pacer import Pacer
from autoleads.bot.receiver import Receiver
from autoleads.bot.sender import Retry, Sender
from autoleads.bot.sweep import Sweep
from autoleads.bot.turn import Outcome, Reply, Turn
from autoleads.bot.turns import Rules, Turns
from autoleads.media.storage import LocalStorage
from autoleads.sql import conversations
from autoleads.sql.conversations import Cap, Lease, Round
from autoleads.sql.inbox import Fate
from autoleads.sql.pool import Database
from autoleads.types import Channel, ConversationKey, TenantId
from tests import make
from tests.patience import PATIENCE_S

ROUND = Round(next_s=300, owner_s=900)
Answer = Callable[[Turn], Awaitable[Outcome]]


async def echo(turn: Turn) -> Outcome:
    """Says which messages it answers, so a test can read coverage off the wire."""
    said = " | ".join(message.text for message in turn.messages)
    return Outcome(replies=(Reply(text=f"re: {said}"),), memory=turn.memory, intent="echo")


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    database: Database
    turns: Turns
    dispatcher: Dispatcher
    receiver: Receiver
    sweep: Sweep

    async def write(self, device: str, sender: str, text: str, *, key: str | None = None, name: str = "Budi") -> Fate:
        """As the webhook does it."""
        event = Inbound(
            device=device,
            sender=sender,
            dedupe_key=key or uuid.uuid4().hex,
            kind=Kind.TEXT,
            text=text,
            sender_name=name,
        )
        return await self.receiver.accept(event)

    @contextlib.asynccontextmanager
    async def sweeping(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self.sweep.run())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await self.dispatcher.idle()


@contextlib.asynccontextmanager
async def engine(
    database: Database,
    fonnte_url: str,
    answer: Answer = echo,
    *,
    quiet_s: float = 0.0,
    lease_s: float = PATIENCE_S,
    send_window_s: float = 3 * PATIENCE_S,
    gateway_timeout_s: float = PATIENCE_S,
    cap: int = 20,
    max_attempts: int = 3,
    retry: Retry | None = None,
    rate: float = 1000.0,
    burst: int = 1000,
    token: str = "token",
    round_: Round = ROUND,
    command: Answer | None = None,
    uploads: Path = Path("no-uploads"),
    bell: Bell | None = None,
) -> AsyncIterator[Engine]:
    owner = uuid.uuid4()
    async with FonnteGateway.session() as http:
        gateways = {
            Channel.FONNTE: FonnteGateway(http, fonnte_url, gateway_timeout_s),
            Channel.SIMULATOR: SimulatorGateway(Hub()),
        }
        sender = Sender(
            gateways,
            Pacer(database, rate=rate, burst=burst, patience_s=(send_window_s - gateway_timeout_s) / 2),
            default_token=token,
            window_s=send_window_s - gateway_timeout_s,
            retry=retry or Retry(max_attempts=4, base_s=0.01, cap_s=0.02),
        )
        turns = Turns(
            database,
            Directory(database, site_url=lambda slug, _: f"http://{slug}.localhost"),
            sender,
            answer,
            command or answer,
            rules=Rules(quiet_s=quiet_s, answer_within_s=PATIENCE_S, history_lines=5, max_attempts=max_attempts),
            lease=Lease(owner=owner, lease_s=lease_s, send_window_s=send_window_s),
            cap=Cap(replies=cap, staff_replies=cap + 2, window_s=600, notice="cap reached"),
            round_=round_,
            typing=lambda device, target, on: None,
        )
        dispatcher = Dispatcher(turns.run, slots=64)
        receiver = Receiver(database, dispatcher, quiet_s=quiet_s)
        sweep = _sweep(database, dispatcher, owner, round_, uploads, bell or Bell())
        yield Engine(database=database, turns=turns, dispatcher=dispatcher, receiver=receiver, sweep=sweep)
        await dispatcher.aclose(PATIENCE_S)
        await turns.aclose()


def _sweep(
    database: Database, dispatcher: Dispatcher, owner: uuid.UUID, round_: Round, uploads: Path, bell: Bell
) -> Sweep:
    return Sweep(
        database,
        dispatcher,
        owner=owner,
        every_s=0.05,
        settle_s=0.0,
        keep_days=30,
        alarms=alarms(Handover(round_), LocalStorage(uploads), bell, make.LISTS),
        bell=bell,
    )


async def key_of(database: Database, tenant_id: TenantId, sender: str) -> ConversationKey:
    async with database.tenant(tenant_id) as db:
        found = await conversations.find(db, tenant_id, external_id=sender)
    assert found is not None
    return ConversationKey(tenant_id, found)

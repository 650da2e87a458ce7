"""`explain`: how a message is understood and what the rules would answer; sends and stores nothing."""

import argparse
import asyncio
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from autoleads.bot import assembly, customer
from autoleads.bot.directory import Directory
from autoleads.bot.staff.desk import Desk
from autoleads.bot.turn import NOBODY, Outcome, Person, Showroom, Turn, lone_turn
from autoleads.bot.understanding.commands import read_command
from autoleads.bot.understanding.retrieval import retrieve
from autoleads.bot.understanding.understand import understand
from autoleads.cli import values
from autoleads.cli.common import Commands, add_command, add_json, print_json, settings
from autoleads.config import Config
from autoleads.sql import cars, tenants
from autoleads.sql.opening import database_of
from autoleads.sql.pool import Database
from autoleads.stock import Stock
from autoleads.types import ConversationKey, Role, TenantId, UserId

_CUSTOMER = "customer"


@dataclass(frozen=True, slots=True)
class _Explainer:
    """Each message for itself, as if an earlier one had been greeted: no history, no memory, no model."""

    showroom: Showroom
    stock: Stock
    role: Role | None
    plates: Mapping[str, str]  # by display code; of users only
    desk: Desk
    tenant_id: TenantId

    async def explain(self, text: str) -> dict[str, Any]:
        turn = self._turn(text)
        if self.role is not None:
            return await self._instruction(turn)
        understanding = understand(turn.text, self.stock)
        found = retrieve(understanding, self.stock, now_year=turn.now.year)
        outcome = await customer.answer(turn, understanding, found, None, compose="never")
        return _row(
            text,
            intent=understanding.intent.value,
            entities=understanding.entities.said(),
            cars=None if found.cars is None else [car.display_code for car in found.cars],
            alternatives=[car.display_code for car in found.alternatives],
            hot=understanding.hot,
            reply=_reply(outcome),
        )

    async def _instruction(self, turn: Turn) -> dict[str, Any]:
        given = read_command(turn.text, self.stock, self.plates, turn.now.year)
        return _row(
            turn.text,
            command=given.command.value,
            entities=given.entities,
            cars=None if given.cars is None else list(given.cars),
            reply=await self.desk.rehearse(turn),
        )

    def _turn(self, text: str) -> Turn:
        now = datetime.now(ZoneInfo(self.showroom.timezone))
        return replace(
            lone_turn(text, self.showroom, self.stock, now),
            key=ConversationKey(self.tenant_id, NOBODY.conversation_id),
            role=self.role,
            user=Person(id=UserId(0), name="Anda") if self.role else None,
        )


def add_commands(commands: Commands) -> None:
    about = "show how a message is understood and answered, sending and storing nothing"
    parser = add_command(commands, "explain", explain, about)
    parser.add_argument("--tenant", required=True, metavar="SLUG")
    writers = (_CUSTOMER, Role.OWNER.value, Role.SALES.value)
    parser.add_argument("--as", dest="writer", type=values.one_of(*writers), default=_CUSTOMER, help=", ".join(writers))
    parser.add_argument("text", nargs="?", metavar="TEXT", help="without it one message a line is read from stdin")
    add_json(parser)


def explain(arguments: argparse.Namespace) -> int:
    return asyncio.run(_explain(arguments, settings(arguments)))


async def _explain(arguments: argparse.Namespace, config: Config) -> int:
    role = None if arguments.writer == _CUSTOMER else Role(arguments.writer)
    write = print_json if arguments.json else _write_text
    async with database_of(config) as database:
        explainer = await _load(config, database, arguments.tenant, role)
        for text in _lines() if arguments.text is None else [arguments.text]:
            write(await explainer.explain(text))
    return 0


async def _load(config: Config, database: Database, slug: str, role: Role | None) -> _Explainer:
    tenant_id = await tenants.need_id_all_tenants(database, slug)
    directory = Directory(database, site_url=config.app.site_url)
    showroom = await directory.showroom(tenant_id, version=0)
    desk = assembly.desk(config, database)
    if role is None:
        return _Explainer(showroom, await directory.stock(tenant_id, version=0), None, {}, desk, tenant_id)
    async with database.tenant(tenant_id) as db:
        stock, plates = await cars.staff_stock(db, tenant_id)
    return _Explainer(showroom, stock, role, plates, desk, tenant_id)


def _lines() -> Iterator[str]:
    """What is no UTF-8 is read as far as it is: a line of a log must not end the others."""
    for line in sys.stdin.buffer:
        yield line.decode("utf-8", "replace").rstrip("\r\n")


def _row(
    text: str,
    *,
    reply: str,
    intent: str | None = None,
    command: str | None = None,
    entities: dict[str, Any] | None = None,
    cars: list[str] | None = None,
    alternatives: list[str] | None = None,
    hot: bool = False,
) -> dict[str, Any]:
    """`command` is of users, who give commands; `intent` of customers."""
    return {
        "text": text,
        "intent": intent,
        "entities": entities or {},
        "cars": cars,
        "alternatives": alternatives or [],
        "hot": hot,
        "command": command,
        "reply": reply,
    }


def _reply(outcome: Outcome) -> str:
    """Several bubbles with a blank line between them."""
    return "\n\n".join(reply.text for reply in outcome.replies if reply.text)


def _write_text(row: dict[str, Any]) -> None:
    said = ", ".join(f"{key}={value}" for key, value in row["entities"].items())
    cars = "not about stock" if row["cars"] is None else ", ".join(row["cars"]) or "none fits"
    print(f"message       {row['text']}")
    if row["command"] is not None:
        print(f"command       {row['command']}")
    else:
        print(f"intent        {row['intent']}{' (hot)' if row['hot'] else ''}")
    print(f"entities      {said or '-'}")
    print(f"cars          {cars}")
    if row["command"] is None:
        print(f"alternatives  {', '.join(row['alternatives']) or '-'}")
    reply = row["reply"].replace("\n", "\n              ")
    print(f"reply         {reply}\n", flush=True)

"""What a user's command gets and gives."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from autoleads.bot.handover import Handover
from autoleads.bot.staff.ask import Ask
from autoleads.bot.turn import Person, Turn
from autoleads.bot.understanding.command_base import Instruction
from autoleads.bot.understanding.commands import read_command
from autoleads.sql import cars
from autoleads.sql.car_changes import Author
from autoleads.sql.pool import Db
from autoleads.stock import Stock
from autoleads.types import CarId, CarStatus, ConversationKey, Role, TenantId

MANAGERS = frozenset({Role.OWNER, Role.ADMIN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """The stock as one user may know it; `plates` are clean, by display code."""

    stock: Stock
    plates: Mapping[str, str]

    def read(self, text: str, turn: Turn) -> Instruction:
        return read_command(text, self.stock, self.plates, turn.now.year)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRules:
    """`most_cars` of one list; a car is known by what its list said for `known_days`, whatever became of it."""

    most_cars: int
    known_days: int


async def shelf_of(db: Db, turn: Turn) -> Shelf:
    """Drafts and plates are for owners and admins; sales know what customers may know."""
    if turn.role in MANAGERS:
        stock, plates = await cars.staff_stock(db, turn.key.tenant_id)
        return Shelf(stock=stock, plates=plates)
    shown = tuple(car for car in turn.stock.cars if car.status is not CarStatus.DRAFT)
    return Shelf(stock=turn.stock if shown == turn.stock.cars else Stock(cars=shown), plates={})


def nobody_waits(_: float) -> None:
    """For who looks at timers without being told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """One message of a user, to be carried out within the transaction of `db`. `ring_in`: so many seconds from now a
    timer comes due that somebody waits for. `asked` is what the message may answer, `lapsed`
    what it comes too late for."""

    db: Db
    turn: Turn
    shelf: Shelf
    handover: Handover
    takeover_idle_s: float
    undo_within_s: float
    lists: ListRules
    late_photo_s: float = 0.0
    ring_in: Callable[[float], None] = nobody_waits
    asked: Ask | None = None
    lapsed: Ask | None = None

    @property
    def tenant_id(self) -> TenantId:
        return self.turn.key.tenant_id

    @property
    def user(self) -> Person:
        assert self.turn.user is not None
        return self.turn.user

    @property
    def author(self) -> Author:
        """Of whatever the message changes."""
        return Author(user_id=self.user.id, user_name=self.user.name, inbox_id=self.turn.messages[-1].id)

    @property
    def manages(self) -> bool:
        return self.turn.role in MANAGERS

    def work(self, kind: str) -> Mapping[str, Any] | None:
        """What is known of it, if it is under way."""
        return None if self.asked is None else self.asked.work(kind)

    def ask(self, kind: str, ids: tuple[int, ...] = (), **given: Any) -> Ask:
        return Ask(kind=kind, at=self.turn.now.timestamp(), ids=ids, given=given)


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What to say ("" nothing), what is asked by it, the kind of the work that is over with it, which other
    conversations got something to send, the conversation that the bot has to fall silent in before the user reads this,
    and the car that was just uploaded."""

    text: str
    ask: Ask | None = None
    ended: str = ""
    woken: tuple[ConversationKey, ...] = ()
    silenced: ConversationKey | None = None
    uploaded: CarId | None = None


# What an answer to a question does; None: the text is no answer, and is read as a new command.
Answers = Callable[[Errand, Ask, str], Awaitable[Done | None]]
# What a command does.
Orders = Callable[[Errand, Instruction], Awaitable[Done]]

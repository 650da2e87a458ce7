"""Who may give which command, and the list of them that a user gets."""

from collections.abc import Container

from autoleads.bot import texts_stock as texts
from autoleads.bot.staff.base import MANAGERS
from autoleads.bot.understanding.command_base import Command
from autoleads.types import Role

_EVERYBODY = frozenset(Role)

# What is not named here nobody may do. In the order of /help. The stock is changed by owners and admins
# (product.md 6.1); sales work with leads (6.3) and see what customers may know.
ALLOWED = {
    Command.UPLOAD: MANAGERS,
    Command.CAR_DATA: MANAGERS,
    Command.STATUS: MANAGERS,
    Command.PRICE: MANAGERS,
    Command.EDIT: MANAGERS,
    Command.PHOTOS: MANAGERS,
    Command.DELETE: MANAGERS,
    Command.UNDO: MANAGERS,
    Command.LIST: _EVERYBODY,
    Command.REPORT: MANAGERS,
    Command.LEADS: _EVERYBODY,
    Command.DONE: _EVERYBODY,
    Command.LEAD_STATUS: _EVERYBODY,
    Command.NOTE: _EVERYBODY,
    Command.HELP: _EVERYBODY,
}


def may(role: Role | None, command: Command) -> bool:
    return role is not None and role in ALLOWED.get(command, frozenset())


def help_text(role: Role, there: Container[Command]) -> str:
    """Exactly the commands of that role; `there` are those that can be carried out."""
    lines = [
        texts.HELP_LINES[command]
        for command in ALLOWED
        if command in texts.HELP_LINES and may(role, command) and command in there
    ]
    end = (texts.HELP_END_STOCK if role in MANAGERS else "") + texts.HELP_END
    return texts.HELP.format(
        role=texts.HELP_ROLES[role], lines="\n".join([*lines[:-1], texts.HELP_OFFERS, lines[-1]]), end=end
    )

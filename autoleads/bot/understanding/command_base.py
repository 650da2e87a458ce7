"""What somebody of the showroom orders, and the words of data/commands.toml by which it is told."""

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Any

from autoleads.bot.understanding.normalize import Token, read_toml
from autoleads.types import CarStatus, LeadStatus


class Command(StrEnum):
    """Closed set; one per message."""

    UPLOAD = "upload"
    CAR_DATA = "car_data"
    STATUS = "status"
    EDIT = "edit"
    PHOTOS = "photos"
    PRICE = "price"
    DELETE = "delete"
    UNDO = "undo"
    LIST = "list"
    REPORT = "report"
    LEADS = "leads"
    HELP = "help"
    DONE = "done"
    NOTE = "note"
    LEAD_STATUS = "lead_status"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Problem:
    """A value that was written and cannot be taken; `text` tells the owner, with an example."""

    field: str
    said: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Instruction:
    """`entities` has the keys of the label guide; `changes` only what is to be stored, by the same keys
    (also `branch`, `plate`, and as written `notes`, `features`, `features_removed`).

    `cars`: display codes that the reference fits, None when the command has none. `person`: the lead as
    written (name without title, digits of a phone, number of a list). `suggestion`: the plate of the car
    that was found by a plate mistyped. `problems`: what was written of a new car or a new value and cannot be
    taken; entities and changes are without it.
    """

    command: Command
    entities: dict[str, Any] = field(default_factory=dict)
    changes: dict[str, Any] = field(default_factory=dict)
    cars: tuple[str, ...] | None = None
    person: str = ""
    note: str = ""
    suggestion: str = ""
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandWords:
    """Each table turned round: form -> what it stands for; `groups` also by name as in the file."""

    slash: dict[str, Command]
    alone: dict[str, Command]
    car_state: dict[str, CarStatus]
    car_state_weak: dict[str, CarStatus]
    lead_state: dict[str, LeadStatus]
    groups: dict[str, frozenset[str]]
    groups_of: dict[str, tuple[str, ...]]
    fields: dict[str, tuple[str, str]]
    problems: dict[str, str]


@cache
def command_words() -> CommandWords:
    data = read_toml("commands.toml")

    def by_form(table: str) -> dict[str, str]:
        return {form: kind for kind, forms in data[table].items() for form in forms.split()}

    groups = {name: frozenset(forms.split()) for name, forms in data["words"].items()}
    groups_of: dict[str, tuple[str, ...]] = {}
    for name, forms in groups.items():
        for form in forms:
            groups_of[form] = (*groups_of.get(form, ()), name)
    return CommandWords(
        slash={form: Command(kind) for form, kind in by_form("slash").items()},
        alone={form: Command(kind) for form, kind in by_form("alone").items()},
        car_state={form: CarStatus(kind) for form, kind in by_form("car_state").items()},
        car_state_weak={form: CarStatus(kind) for form, kind in by_form("car_state_weak").items()},
        lead_state={form: LeadStatus(kind) for form, kind in by_form("lead_state").items()},
        groups=groups,
        groups_of=groups_of,
        fields={name: (label, example) for name, (label, example) in data["fields"].items()},
        problems=data["problems"],
    )


def is_one(token: Token, group: str) -> bool:
    """Whether a word, as typed or as the rules spell it, belongs to a group."""
    forms = command_words().groups[group]
    return token.text in forms or token.word in forms

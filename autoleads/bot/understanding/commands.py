"""The front door for what users of the showroom write: one line in, one instruction out. Pure, no waiting."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA

from autoleads.bot.understanding import change_values, people
from autoleads.bot.understanding.base import Intent, Need
from autoleads.bot.understanding.command_base import Command, Instruction, command_words
from autoleads.bot.understanding.needs import entities as entities_of
from autoleads.bot.understanding.normalize import clean, lexicon
from autoleads.bot.understanding.orders import Line, choose
from autoleads.bot.understanding.people import LeadName
from autoleads.bot.understanding.plates import Written, find_plate, spaced
from autoleads.bot.understanding.reading import read
from autoleads.bot.understanding.retrieval import fits
from autoleads.bot.understanding.speech import spoken
from autoleads.bot.understanding.stockwords import stock_words
from autoleads.bot.understanding.uploads import marked, out_of_range, read_upload, split_fields
from autoleads.bot.understanding.vocabulary import lookup, vocabulary
from autoleads.stock import Car, Stock
from autoleads.types import CarStatus, LeadStatus

_SLASH = re.compile(r"[/\\]\s*([a-z]+(?:[-_][a-z]+)*)(?![a-z])", re.IGNORECASE)
_STATUS_LEAD = re.compile(r"status[\s_-]*leads?\b", re.IGNORECASE)
_UNDO = re.compile(r"(?:batal(?:in|kan)?[\s_-]*ubah(?:an)?|ubah[\s_-]*batal)\b", re.IGNORECASE)
_LED_OFF = re.compile(r"[\s:,.;-]+")
_BARE_SUM = re.compile(
    r"(?:\brp\W*|(?<![\w#.,]))(\d{2,3}[.,]\d{3}|[1-9]\d{4,5})"
    r"(?=\W*(?:(?:#[a-z]\d+|rupiah|nego|nett?|cash|pas|aja|saja|ya|dulu|pak|bu|mas|kak)\b\W*)*$)",
    re.IGNORECASE,
)
_KM_BEFORE = re.compile(r"\b(?:km|kilo\w*|odo\w*)\W*$", re.IGNORECASE)
_CAR_COMMANDS = frozenset({Command.STATUS, Command.EDIT, Command.PHOTOS, Command.PRICE, Command.DELETE, Command.LIST})
_LEAD_COMMANDS = frozenset({Command.DONE, Command.NOTE, Command.LEAD_STATUS})
_REFERENCE = ("brand", "model", "year_min", "year_max", "transmission", "color", "fuel", "display_code")
_FILTER = (*_REFERENCE, "price_min", "price_max", "km_max")
_STORED = ("status", "price", "km", "year", "color", "transmission", "fuel")


def read_command(text: str, stock: Stock, plates: Mapping[str, str], now_year: int) -> Instruction:
    """`stock` here also has the drafts; `plates`: display code -> clean plate of every car that has one."""
    plain = clean(text)
    command, rest = _slash(plain)
    if command is None:
        if noted := _free_note(plain):
            return noted
        line = _line(plain, stock, plates, person=people.anywhere(plain, leads="lead" in plain.lower()))
        command, rest = choose(line), plain
    else:
        person = people.anywhere(rest, leads=True) if command is Command.LEADS else None
        line = _line(rest, stock, plates, ordered=True, person=person)
    if command is Command.PRICE and (priced := _in_thousands(rest)) != rest:
        rest, line = priced, _line(priced, stock, plates, ordered=rest != plain)
    if command in _LEAD_COMMANDS or command is Command.LEADS:
        return _of_lead(command, rest, line, slashed=rest != plain)
    if command in (Command.UPLOAD, Command.CAR_DATA):
        said, problems = read_upload(rest, line.plate, stock, now_year)
        return Instruction(command=command, entities=said, problems=problems)
    if command in _CAR_COMMANDS:
        return _in_range(_of_car(command, rest, line, stock, plates), now_year)
    return Instruction(command=command, entities=_named(line) if command is Command.UNDO else {})


def _in_thousands(text: str) -> str:
    """ "185.500" at the end of an order for a new price is marked as at the price's place in an upload."""
    match = _BARE_SUM.search(text)
    if match is None or _KM_BEFORE.search(text[: match.start()]):
        return text
    return f"{text[: match.start()]}{marked('price', match[1])}{text[match.end(1) :]}"


def _named(line: Line) -> dict[str, Any]:
    """A car by its code or plate, be it in the stock or not."""
    if line.scene.codes:
        return {"display_code": line.scene.codes[-1][1]}
    return {"plate": line.plate.clean} if line.plate else {}


def _slash(plain: str) -> tuple[Command | None, str]:
    """(command, what stands behind it); a slip in the word is forgiven."""
    words = command_words().slash
    if match := _STATUS_LEAD.match(plain.lstrip("/\\ ")):
        return Command.LEAD_STATUS, plain.lstrip("/\\ ")[match.end() :].strip()
    bare = plain.lstrip("/\\ ")
    if (match := _UNDO.match(bare)) and (bare != plain or match.end() == len(bare)):
        return Command.UNDO, bare[match.end() :].strip()
    match = _SLASH.match(plain)
    if match is None:
        return None, plain
    word = re.sub("[-_]", "", match[1].lower())
    if word not in words:
        near = process.extract(word, tuple(words), scorer=OSA.distance, score_cutoff=1 if len(word) < 6 else 2)
        meant = {words[form] for form, distance, _ in near if distance == near[0][1]}
        if len(meant) != 1 or len(word) < 3:
            return None, plain
        return meant.pop(), plain[match.end() :].strip()
    return words[word], plain[match.end() :].strip()


def _line(
    text: str, stock: Stock, plates: Mapping[str, str], *, ordered: bool = False, person: LeadName | None = None
) -> Line:
    """`ordered`: a command stands before, so a plate may be what the text begins with."""
    plate = find_plate(text, plates, first=ordered)
    bare = f"{text[: plate.start]} {text[plate.end :]}" if plate else text
    scene = read(spoken(change_values.without_text(bare)), stock_words(stock))
    scene.plates = []
    return Line(scene=scene, plate=plate, person=person, fields=len(split_fields(text)))


# Leads ------------------------------------------------------------------------------------------------------------


def _free_note(plain: str) -> Instruction | None:
    """ "catat pak Rudi maunya matic": the verb leads, a person follows; or "catatan buat pak Rudi: ..."."""
    words = command_words().groups
    found = list(re.finditer(r"[a-z0-9]+", plain.lower()))
    before = lexicon().filler | words["note_before"]
    lead = next((match for match in found if match[0] not in before), None)
    if lead is None or lead[0] not in words["note_verb"] | words["note_noun"]:
        return None
    rest = plain[lead.end() :]
    person = people.after_command(rest, whole=False)
    if person is None or (person.name and not _named_lead(rest, person)):
        return None
    return _noted(rest, person)


def _named_lead(rest: str, person: LeadName) -> bool:
    """Whether a person is surely meant: a title, a known name, "lead"; else a capital or a strange word, no car."""
    if people.anywhere(rest[: person.end]) is not None or "lead" in rest[: person.end].lower():
        return True
    name = person.name.split()[0]
    named = name in rest or people.is_name(name.lower())
    return named and "#" not in rest[: person.end] and lookup(vocabulary(), name.lower()) is None


def _noted(rest: str, person: LeadName | None) -> Instruction:
    end = person.end if person else 0
    gap = _LED_OFF.match(rest, end)
    note = rest[gap.end() if gap else end :]
    said = {"name": person.name} if person and person.name else {}
    return Instruction(command=Command.NOTE, entities=said, person=person.ref if person else "", note=note)


def _of_lead(command: Command, rest: str, line: Line, *, slashed: bool) -> Instruction:
    person = line.person
    if person is None and (slashed or command is not Command.LEADS):
        person = people.after_command(rest, whole=command is not Command.NOTE)
    if command is Command.NOTE:
        return _noted(rest, person)
    said: dict[str, Any] = {"name": person.name} if person and person.name else {}
    state = _lead_state(line) if command is not Command.DONE else None
    changes = {}
    if state:
        said["status"] = state.value
        changes = {"status": state.value} if command is Command.LEAD_STATUS else {}
    return Instruction(command=command, entities=said, changes=changes, person=person.ref if person else "")


def _lead_state(line: Line) -> LeadStatus | None:
    if line.lead_states:
        return line.lead_states[-1][1]
    return LeadStatus.LOST if line.has("cancel", "bought") else None


# Cars -------------------------------------------------------------------------------------------------------------


def _of_car(command: Command, rest: str, line: Line, stock: Stock, plates: Mapping[str, str]) -> Instruction:
    changes = change_values.take_changes(line, command)
    seen = line.scene
    state: CarStatus | None = None
    if command is Command.LIST:
        states = line.states or line.weak_states
        state = states[-1][1] if states else None
    else:
        seen.amounts = [amount for amount in seen.amounts if amount.kind == "year"]
        seen.extreme = ""
    found, needs = entities_of(seen, Intent.CAR_SEARCH)
    keys = _FILTER if command is Command.LIST else _REFERENCE
    said: dict[str, Any] = {key: changes[key] for key in _STORED if key in changes}
    said |= {key: value for key, value in found.said().items() if key in keys}
    if state:
        said["status"] = state.value
    if line.plate and "plate" not in changes:
        said["plate"] = line.plate.clean
    if command is Command.EDIT:
        changes |= change_values.written_text(rest, behind=bool(seen.codes or line.plate))
    target = change_values.car_state(line) if command is Command.STATUS else state
    cars = _fitting(command, line, needs, target, stock)
    return Instruction(
        command=command,
        entities=said,
        changes=changes,
        cars=None if cars is None else tuple(car.display_code for car in cars),
        suggestion=_suggestion(line.plate, plates),
    )


def _in_range(given: Instruction, now_year: int) -> Instruction:
    """A new value that no car can have is not taken; its problem tells."""
    problems = tuple(out_of_range(given.changes, now_year))
    if not problems:
        return given
    wrong = {problem.field for problem in problems}
    entities = {key: value for key, value in given.entities.items() if key not in wrong}
    changes = {key: value for key, value in given.changes.items() if key not in wrong}
    return replace(given, entities=entities, changes=changes, problems=problems)


def _suggestion(plate: Written | None, plates: Mapping[str, str]) -> str:
    return spaced(plates[plate.code]) if plate and plate.code and not plate.exact else ""


def _fitting(
    command: Command, line: Line, needs: tuple[Need, ...], state: CarStatus | None, stock: Stock
) -> list[Car] | None:
    """Every car that fits the reference. Sold ones when they are asked for, brought back, deleted, or named
    by code or plate; those already in the state they are to get are left out."""
    codes = list(dict.fromkeys(code for _, code in line.scene.codes))
    if codes or line.plate:
        wanted = codes or ([line.plate.code] if line.plate and line.plate.code else [])
        cars = list(stock.by_codes(wanted))
    elif needs or (command is Command.LIST and (state or line.scene.extreme)):
        sold = command is Command.DELETE or (
            state is not None and (command is Command.LIST) == (state is CarStatus.SOLD)
        )
        entries = [e for e in stock_words(stock).cars if sold or e.car.status is not CarStatus.SOLD]
        cars = [entry.car for entry in entries if not needs or any(fits(entry, need) for need in needs)]
    else:
        return None
    if command is Command.STATUS:
        cars = [car for car in cars if car.status is not state]
    if command is Command.LIST and state:
        cars = [car for car in cars if car.status is state]
    if line.scene.extreme and cars:
        pick = min if line.scene.extreme == "cheapest" else max
        cars = [pick(cars, key=lambda car: car.price_idr)]
    return cars

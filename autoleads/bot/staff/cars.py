"""/status, /harga, /edit, /hapus, /foto: find the car, show what would change, and ask before anything does."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from autoleads import plates
from autoleads.bot import texts_stock as texts
from autoleads.bot.staff import car_fields, car_photos, numbers
from autoleads.bot.staff.ask import Ask
from autoleads.bot.staff.base import Answers, Done, Errand
from autoleads.bot.staff.car_apply import apply, gone, meanwhile
from autoleads.bot.staff.car_fields import card, editable, lines, more_changes, planned, plate, without_name
from autoleads.bot.staff.car_finding import WHICH, find, referred
from autoleads.bot.understanding.command_base import Command, Instruction
from autoleads.bot.understanding.uploads import out_of_range
from autoleads.formats import rupiah
from autoleads.sql import cars
from autoleads.sql.cars import StaffCar
from autoleads.types import CarId, CarStatus

CAR, VALUE, CONFIRM = "car", "car_value", "car_confirm"  # kinds of Ask, beside WHICH
_SLASH = {
    Command.STATUS: "/status",
    Command.PRICE: "/harga",
    Command.EDIT: "/edit",
    Command.DELETE: "/hapus",
    Command.PHOTOS: "/foto",
}
_STATES = dict(enumerate((CarStatus.AVAILABLE, CarStatus.BOOKING, CarStatus.SOLD, CarStatus.DRAFT), 1))
_REFERENCES = ("display_code", "plate", "model")
_POLITE = r"(?:\s+(?:ya|kak|pak|bu|bos|min|deh|dong|aja|saja|dulu|lanjut|gas|betul|benar|simpan|update|hapus|publish))*"
_YES = re.compile(
    rf"^\W*(?:ya+|iya+|y|yes|yup|ok|oke|okay|okey|betul|benar|setuju|gas|sip|siap|1){_POLITE}\W*$", re.IGNORECASE
)
_NO = re.compile(
    rf"^\W*(?:tida+k+|tdk|ga|gak|gk|g|nggak|ngga|enggak|no|n|t|jangan|jgn|gajadi|batal)(?:\s+(?:jadi|usah))?{_POLITE}\W*$",
    re.IGNORECASE,
)
_SUM = r"\d[\d.,]*(?: ?(?:jt|juta|rb|ribu|m)?\s*[-–]?\s*\d[\d.,]*)?\s*(?:jt|juta|rb|ribu|k|m)?"
_SUM_BEHIND = re.compile(rf"\s({_SUM})\s*$", re.IGNORECASE)
_MILLIONS = re.compile(r"(?<!\d)(?<!\d[.,])\d[\d.,]*+\s*(?:jt|juta)\b", re.IGNORECASE)
_YEAR_SAID = re.compile(r"\b(?:tahun|thn|th)\s*(?:jadi\s+|ke\s+)?(\d{4})(?![\d.,])", re.IGNORECASE)
_PRICE_SAID = re.compile(rf"\bharga(?:nya)?\s*[:=]?\s*(?:jadi\s+|ke\s+)?({_SUM})\b", re.IGNORECASE)
_KM_SAID = re.compile(rf"\b(?:km|kilometer|odo)(?:nya)?\s*[:=]?\s*(?:jadi\s+|ke\s+)?({_SUM})\b", re.IGNORECASE)
_PLATE_SAID = re.compile(
    r"\b(?:plat|nopol|pelat)(?:nya)?\s*[:=]?\s*(?:jadi\s+|ke\s+)?([^,;|\n]{2,15})\s*$", re.IGNORECASE
)
_MOVED = re.compile(
    r"\b(?:(turun|kurang|potong|diskon|korting|pangkas)|na[ei]k|tambah)\w*\b.{0,200}?(\d+(?:[.,]\d+)?)\s*(jt|juta|rb|ribu)"
    r"(?:\s*(\d{1,3})\s*(?:rb|ribu)\b|(\d{3}|\s+\d(?:00|50))\b|\b(?!\s*\d))",
    re.IGNORECASE | re.DOTALL,
)
_LEAST_PRICE = 20_000_000  # a smaller sum beside "turun" is a difference
_FARTHEST_DOWN, _FARTHEST_UP = 0.6, 1.5  # a price beyond is rather a wrong number of zeros


async def ordered(errand: Errand, said: Instruction) -> Done:
    """Any of these commands as it was written."""
    said, changes = _meant(errand, said, errand.turn.text)
    wish = _wish(said.command, changes, _troubles(said, changes, errand.turn.text, errand.turn.now.year))
    return await _found(errand, said, wish)


async def _found(errand: Errand, said: Instruction, wish: dict[str, Any]) -> Done:
    if said.cars is None:
        return Done(text=texts.WHICH_CAR[wish["what"]], ask=errand.ask(CAR, **wish))
    found = find(errand, said, **wish)
    if isinstance(found, Done):
        return found
    guessed = "" if "display_code" in said.entities else said.suggestion
    return await _proceed(errand, found, wish, ref=referred(said), guessed=guessed)


async def _proceed(errand: Errand, car_id: CarId, wish: Mapping[str, Any], *, ref: str = "", guessed: str = "") -> Done:
    """The car is known: ask for the value that is missing, or whether the change is right."""
    car = await cars.lock(errand.db, errand.tenant_id, car_id)
    if car is None:
        return await gone(errand, car_id)
    template = texts.MEANT if guessed else texts.FOUND
    found = template.format(ref=ref or plate(car), suggestion=guessed, car=card(car))
    what = Command(wish["what"])
    if what is Command.PHOTOS and not guessed:
        return car_photos.opened(errand, car)
    if what is Command.PHOTOS:
        return Done(text=f"{found}\n\n{texts.YES}", ask=errand.ask(WHICH, (car.id,), **wish))
    if what is Command.DELETE:
        return _question(errand, car, wish, {}, found)
    values, more = planned(car, wish["changes"], errand.turn.showroom)
    if taken := _plate_taken(errand, car, values):
        more.append(taken)
        del values["plate_clean"]
    troubles = [*wish["trouble"], *more]
    if values:
        return _question(errand, car, wish, values, "\n\n".join([*troubles, found]))
    if wish["changes"] and not troubles:
        return Done(text=_same(errand, car, wish["changes"]))
    parts = [*troubles, found, texts.WHICH_VALUE[what.value]]
    return Done(text="\n\n".join(parts), ask=errand.ask(VALUE, (car.id,), **_wish(what, {}, [])))


def _question(errand: Errand, car: StaffCar, wish: Mapping[str, Any], values: Mapping[str, Any], found: str) -> Done:
    """Before and after, and what to type. What was shown goes along: it must still be so when the answer comes."""
    after = {"after": texts.STATUSES.get(values.get("status", ""), "")}
    names = {"code": car.display_code, "ref": car_fields.reference(car)}
    if wish["what"] == Command.DELETE:
        parts = [found, texts.ASK_DELETE.format(**names)]
    elif wish["what"] == Command.STATUS:
        line = texts.STATUS_LINE.format(before=texts.STATUSES[car.status], **after)
        parts = [found, line, texts.ASK_STATUS.format(**after)]
    elif wish["what"] == Command.PRICE:
        parts = [found, _price_line(car.price_idr, values["price_idr"]), texts.ASK_PRICE]
    else:
        before = editable(car)
        shown = lines(before, values, errand.turn.showroom)
        if _far(car.price_idr, values.get("price_idr", car.price_idr)):
            shown += f"\n{texts.PRICE_JUMP}"
        parts = [found, shown, texts.ASK_EDIT]
    kept = {**wish, "trouble": [], "shown": editable(car)}
    return Done(text="\n\n".join(parts) + f"\n{texts.YES}", ask=errand.ask(CONFIRM, (car.id,), **kept))


def _price_line(before: int, after: int) -> str:
    moved = (texts.PRICE_DOWN if after < before else texts.PRICE_UP).format(by=rupiah(abs(after - before)))
    line = texts.PRICE_LINE.format(before=rupiah(before), after=rupiah(after), moved=moved)
    return f"{line}\n{texts.PRICE_JUMP}" if _far(before, after) else line


def _far(before: int, after: int) -> bool:
    return not _FARTHEST_DOWN <= after / before <= _FARTHEST_UP


def _same(errand: Errand, car: StaffCar, changes: Mapping[str, Any]) -> str:
    names = {"plate": plate(car), "code": car.display_code}
    if "status" in changes:
        return texts.SAME_STATUS.format(status=texts.STATUSES[car.status], **names)
    known = {
        "notes": "condition_notes",
        "notes_added": "condition_notes",
        "branch": "branch_id",
        "plate": "plate_clean",
    }
    columns = [known.get(key, "price_idr" if key.startswith("price") else key.split("_")[0]) for key in changes]
    now = editable(car)
    what = ", ".join(
        f"{texts.LABELS[column]} {car_fields.value_shown(column, now[column], errand.turn.showroom)}"
        for column in dict.fromkeys(columns)
    )
    return texts.SAME.format(what=what, **names)


# What was said ------------------------------------------------------------------------------------------------------


def _wish(what: Command, changes: Mapping[str, Any], trouble: list[str]) -> dict[str, Any]:
    return {"what": what.value, "changes": dict(changes), "trouble": trouble}


def _meant(errand: Errand, said: Instruction, text: str) -> tuple[Instruction, dict[str, Any]]:
    """The instruction and its changes, with those that only an edit has: names, a plate, an empty branch."""
    if said.command is not Command.EDIT:
        moved = _moved(text) if said.command is Command.PRICE and not said.changes and not said.problems else 0
        return said, {"price_by": moved} if moved else dict(said.changes)
    if bad := _unread_plate(text):
        before = errand.shelf.read(text[: bad.start()], errand.turn)
        if before.command is said.command:
            said, text = before, text[: bad.start()]  # its number is no kilometres
    rest, names = without_name(text)
    again = errand.shelf.read(rest, errand.turn) if names else said
    if names and again.command is Command.EDIT and again.cars is not None:
        said, text = again, rest
    else:
        names = {}
    by_code = "display_code" in said.entities
    changes = more_changes(text, said.changes, referred="" if by_code else said.entities.get("plate", ""))
    return said, {**changes, **names}


def _moved(text: str) -> int:
    """By how much a price is to change: "turun 3jt" is -3,000,000; 0 when that is not said."""
    match = _MOVED.search(text)
    if match is None:
        return 0
    scale = 1_000_000 if match[3].lower().startswith("j") else 1_000
    by = round((float(match[2].replace(",", ".")) + float(match[4] or match[5] or 0) / 1000) * scale)
    return 0 if by >= _LEAST_PRICE else -by if match[1] else by


def _troubles(said: Instruction, changes: Mapping[str, Any], text: str, now_year: int) -> list[str]:
    troubles = [problem.text for problem in said.problems]
    if said.command is Command.EDIT:
        return [*troubles, *_unread(said, changes, text, now_year)]
    if said.command is not Command.PRICE or changes or troubles:
        return troubles
    last, sums = _SUM_BEHIND.search(text), _MILLIONS.findall(text)
    told = sums if len(sums) > 1 else [last[1].strip()] if last else []
    return [texts.PRICE_UNREAD.format(said=" / ".join(told))] if told else []


def _unread(said: Instruction, changes: Mapping[str, Any], text: str, now_year: int) -> Iterator[str]:
    """Values of an edit that were written, and were taken for nothing."""
    wrong = {problem.field for problem in said.problems} | changes.keys()
    if "year" not in wrong and (year := _YEAR_SAID.search(text)):
        yield from (problem.text for problem in out_of_range({"year": int(year[1])}, now_year))
    if "price" not in wrong and (price := _PRICE_SAID.search(text)):
        yield texts.PRICE_UNREAD.format(said=price[1].strip())
    if "km" not in wrong and (driven := _KM_SAID.search(text)):
        yield texts.KM_UNREAD.format(said=driven[1].strip())
    if "plate" not in wrong and (bad := _unread_plate(text)):
        yield texts.PLATE_UNREAD.format(said=bad[1].strip())


def _unread_plate(text: str) -> re.Match[str] | None:
    """What stands at the end in a plate's place, and is none."""
    match = _PLATE_SAID.search(text)
    return match if match and not plates.clean(match[1]) else None


def _plate_taken(errand: Errand, car: StaffCar, values: Mapping[str, Any]) -> str:
    wanted = values.get("plate_clean")
    code = next((code for code, known in errand.shelf.plates.items() if known == wanted), None)
    if wanted is None or code is None or code == car.display_code:
        return ""
    return texts.PLATE_TAKEN.format(plate=car_fields.plate_shown(wanted), code=code)


# Answers ------------------------------------------------------------------------------------------------------------


async def _which_answered(errand: Errand, ask: Ask, text: str) -> Done | None:
    """A number of the list, or the car in words that fit only one of it."""
    if len(ask.ids) == 1 and _YES.match(text):
        return await _proceed(errand, CarId(ask.ids[0]), ask.given)
    if _NO.match(text):
        return Done(text=texts.LEFT)
    car_id = numbers.chosen(ask, text)
    if isinstance(car_id, int):
        return await _proceed(errand, CarId(car_id), ask.given)
    if isinstance(car_id, Done) or _slashed(text):
        return car_id if isinstance(car_id, Done) else None
    said = errand.shelf.read(f"{_SLASH[Command(ask.given['what'])]} {text}", errand.turn)
    fitting = [car.id for car in errand.shelf.stock.by_codes(said.cars or ()) if car.id in ask.ids]
    own = errand.shelf.read(text, errand.turn).command
    if len(fitting) != 1 or own not in (Command.NONE, Command.LIST, Command(ask.given["what"])):
        return None
    wish = {**ask.given, "changes": {**ask.given["changes"], **said.changes}}
    return await _proceed(errand, fitting[0], wish)


async def _car_answered(errand: Errand, ask: Ask, text: str) -> Done | None:
    """The car that a command was written without; what is to change may come with it."""
    what = Command(ask.given["what"])
    if _NO.match(text):
        return Done(text=texts.LEFT)
    if _slashed(text) or errand.shelf.read(text, errand.turn).command not in (Command.NONE, Command.LIST, what):
        return None
    said, changes = _read_as(errand, what, text)
    if said.command is not what or said.cars is None:
        return None
    changes = {**ask.given["changes"], **changes}
    return await _found(errand, said, _wish(what, changes, _troubles(said, changes, text, errand.turn.now.year)))


async def _value_answered(errand: Errand, ask: Ask, text: str) -> Done | None:
    what, car_id = Command(ask.given["what"]), CarId(ask.ids[0])
    if _NO.match(text):
        return Done(text=texts.LEFT)
    changes, troubles = _values_in(errand, what, car_id, text)
    if not changes and not troubles:
        return None
    return await _proceed(errand, car_id, _wish(what, changes, troubles))


async def _confirmed(errand: Errand, ask: Ask, text: str) -> Done | None:
    """YA, TIDAK, or a better value than the one that was shown."""
    if _NO.match(text):
        return Done(text=texts.LEFT)
    if not _YES.match(text):
        what, car_id = Command(ask.given["what"]), CarId(ask.ids[0])
        changes, _ = _values_in(errand, what, car_id, text) if what is not Command.DELETE else ({}, [])
        if numbers.picked(text) or not changes:
            return None
        kept = ask.given["changes"] if what is Command.EDIT else {}  # of one value the newer replaces the older
        return await _proceed(errand, car_id, _wish(what, {**kept, **changes}, []))
    car = await cars.lock(errand.db, errand.tenant_id, CarId(ask.ids[0]))
    if car is None:
        return await gone(errand, CarId(ask.ids[0]))
    if editable(car) != ask.given["shown"]:
        told = await meanwhile(errand, car, ask.given["shown"])
        asked = await _proceed(errand, car.id, ask.given)
        return Done(text=f"{told}\n\n{asked.text}", ask=asked.ask)
    values, _ = planned(car, ask.given["changes"], errand.turn.showroom)
    if _plate_taken(errand, car, values):
        return await _proceed(errand, car.id, ask.given)
    return await apply(errand, Command(ask.given["what"]), car, values)


def _values_in(errand: Errand, what: Command, car_id: CarId, text: str) -> tuple[dict[str, Any], list[str]]:
    """What an answer without a car says of the one that was asked about; nothing when it is a command of its own."""
    code = next((car.display_code for car in errand.shelf.stock.cars if car.id == car_id), None)
    if what is Command.STATUS and (status := _STATES.get(numbers.picked(text) or 0)):
        return {"status": status.value}, []
    own = errand.shelf.read(text, errand.turn)
    named = own.command is not Command.NONE and any(key in own.entities for key in _REFERENCES)
    if code is None or _slashed(text) or (named and not without_name(text)[1] and "plat" not in text.lower()):
        return {}, []
    said, changes = _read_as(errand, what, text, code)
    if said.command is not what:
        return {}, []
    answers_it = bool(changes) or own.command is Command.NONE
    return changes, _troubles(said, changes, f" {text}", errand.turn.now.year) if answers_it else []


def _read_as(errand: Errand, what: Command, text: str, code: str = "") -> tuple[Instruction, dict[str, Any]]:
    line = " ".join(part for part in (_SLASH[what], code, text) if part)
    return _meant(errand, errand.shelf.read(line, errand.turn), line)


def _slashed(text: str) -> bool:
    return text.lstrip().startswith(("/", "\\"))


def reminder(ask: Ask) -> str:
    """Said to what is neither an answer nor a command, while the question still stands; "" to leave it."""
    what = ask.given.get("what", "")
    if ask.kind == CONFIRM:
        return texts.ONLY_YES
    if ask.kind == VALUE:
        return texts.VALUE_UNREAD.format(which=texts.WHICH_VALUE[what])
    if ask.kind == CAR:
        return texts.WHICH_CAR[what]
    return texts.WHICH_AGAIN.format(most=len(ask.ids)) if ask.kind == WHICH else ""


ANSWERS: Mapping[str, Answers] = {
    WHICH: _which_answered,
    CAR: _car_answered,
    VALUE: _value_answered,
    CONFIRM: _confirmed,
}

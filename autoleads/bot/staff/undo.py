"""/batal-ubah: the user's last change of a car is taken back."""

import re
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from autoleads.bot import texts_stock as texts
from autoleads.bot.staff import car_fields
from autoleads.bot.staff.base import Done, Errand
from autoleads.bot.staff.car_fields import plate, reference
from autoleads.bot.understanding.command_base import Command, Instruction
from autoleads.sql import car_changes, cars
from autoleads.sql.car_changes import Change
from autoleads.sql.cars import StaffCar
from autoleads.types import CarStatus

_CALLED = re.compile(r"ubah|undo", re.IGNORECASE)
_MOST_WORDS = 5
_NOT_COMPARED = frozenset({"sold_at"})  # follows from the status


async def ordered(errand: Errand, said: Instruction) -> Done:
    """Refused when somebody changed the car since: nobody's later work is lost by it."""
    last = await car_changes.latest_by(errand.db, errand.tenant_id, errand.user.id, within_s=errand.undo_within_s)
    if last is None:
        return Done(text=texts.UNDO_NOTHING.format(minutes=round(errand.undo_within_s / 60)))
    if last.what == car_changes.IMPORT:
        ref = str(next(iter(said.entities.values()), ""))
        return Done(text=texts.UNDO_ONE_OF_IMPORT.format(ref=ref)) if ref else await _import_taken_back(errand, last)
    if last.what == Command.DELETE:
        return _not_of(said, last.before, was={}) or await _brought_back(errand, last)
    car = await cars.lock(errand.db, errand.tenant_id, last.car_id)
    if car is not None and (other := _not_of(said, asdict(car), was=last.before)):
        return other
    latest = await car_changes.latest_of(errand.db, errand.tenant_id, last.car_id)
    others = latest is not None and latest.user_id != errand.user.id
    who = latest.user_name if latest and others else texts.SOMEBODY
    if car is None:
        return Done(text=texts.UNDO_GONE.format(who=who))
    names = {"plate": plate(car), "code": car.display_code}
    before, after = _both(last)
    if others or not _as_left(car, after):
        return Done(text=texts.UNDO_OTHERS.format(who=who, **names))
    if before == after:
        return Done(text=texts.UNDO_DRAFT.format(ref=reference(car), **names))
    wanted = before.get("plate_clean")
    if wanted and any(known == wanted and code != car.display_code for code, known in errand.shelf.plates.items()):
        return Done(text=texts.UNDO_PLATE.format(plate=car_fields.plate_shown(wanted)))
    await cars.change(errand.db, errand.tenant_id, car.id, before)
    await car_changes.set_undone(errand.db, errand.tenant_id, last.id)
    now = await cars.lock(errand.db, errand.tenant_id, car.id)
    assert now is not None
    lines = car_fields.lines(after, before, errand.turn.showroom)
    text = texts.UNDONE.format(lines=lines, plate=plate(now), code=now.display_code)
    return Done(text=text + (texts.UNDONE_UPLOAD.format(ref=reference(now)) if last.what == Command.UPLOAD else ""))


def explicit(text: str) -> bool:
    """Whether a change is called by that word, rather than "the last"."""
    return _CALLED.search(text) is not None


def brief(text: str) -> bool:
    """Whether it is nothing but the order: a note of a car may speak of changes, too."""
    return len(text.split()) <= _MOST_WORDS


def _not_of(said: Instruction, car: Mapping[str, Any], *, was: Mapping[str, Any]) -> Done | None:
    """The car that the user names is not the one that was changed last; `was`: its plate may have been changed."""
    ref = str(next(iter(said.entities.values()), ""))
    if ref in ("", car["display_code"], car["plate_clean"], was.get("plate_clean")):
        return None
    shown = {"plate": car_fields.plate_shown(car["plate_clean"]), "code": car["display_code"]}
    return Done(text=texts.UNDO_OTHER_CAR.format(ref=ref, **shown))


def _both(last: Change) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Before and after as they are taken back. A new car goes back to the drafts: what was typed and photographed for
    it is not lost."""
    if last.what != Command.UPLOAD:
        return last.before, last.after
    return {"status": CarStatus.DRAFT.value}, {"status": last.after["status"]}


async def _brought_back(errand: Errand, last: Change) -> Done:
    kept = last.before
    shown = car_fields.plate_shown(kept["plate_clean"])
    if not await cars.restore(errand.db, errand.tenant_id, kept):
        return Done(text=texts.UNDO_PLATE.format(plate=shown))
    await car_changes.set_undone(errand.db, errand.tenant_id, last.id)
    status = texts.STATUSES[kept["status"]]
    return Done(text=texts.UNDONE_DELETE.format(plate=shown, code=kept["display_code"], status=status))


async def _import_taken_back(errand: Errand, last: Change) -> Done:
    """Every car of the list that nobody has touched since."""
    gone, stay = await car_changes.take_back_import(errand.db, errand.tenant_id, last.id)
    lines = [texts.UNDONE_IMPORT.format(count=gone)] if gone else []
    lines += [texts.UNDO_IMPORT_STAYS.format(count=stay)] if stay or not gone else []
    return Done(text="\n".join(lines))


def _as_left(car: StaffCar, after: Mapping[str, Any]) -> bool:
    """Also a change that was not made by chat counts."""
    return all(getattr(car, column) == value for column, value in after.items() if column not in _NOT_COMPARED)

"""A change that was confirmed: carried out, written down, and told with what follows from it."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from autoleads.bot import texts_stock as texts
from autoleads.bot.staff import car_fields, recording, spans
from autoleads.bot.staff.base import Done, Errand
from autoleads.bot.staff.car_fields import lines, plate
from autoleads.bot.understanding.command_base import Command
from autoleads.formats import rupiah
from autoleads.sql import car_changes, figures
from autoleads.sql.cars import StaffCar
from autoleads.types import CarId


async def apply(errand: Errand, what: Command, car: StaffCar, values: Mapping[str, Any]) -> Done:
    """`car` is locked and as the user was shown it."""
    if what is Command.DELETE:
        return await _removed(errand, car)
    new = car_fields.stored(car, values, errand.turn.now)
    now = await recording.change(errand.db, errand.tenant_id, car, new, what=what, by=errand.author)
    return Done(text=await _told(errand, what, car, now, values) + can_undo(errand))


async def gone(errand: Errand, car_id: CarId) -> Done:
    last = await car_changes.latest_of(errand.db, errand.tenant_id, car_id)
    who = last.user_name if last and last.what == Command.DELETE else texts.SOMEBODY
    return Done(text=texts.GONE.format(who=who))


async def meanwhile(errand: Errand, car: StaffCar, shown: Mapping[str, Any]) -> str:
    """What became of the car since it was shown, and by whom."""
    now = car_fields.editable(car)
    moved = {column: value for column, value in now.items() if value != shown.get(column)}
    last = await car_changes.latest_of(errand.db, errand.tenant_id, car.id)
    return texts.MEANWHILE.format(
        plate=plate(car),
        code=car.display_code,
        # Not every change is made by chat, and only those made there say by whom.
        who=last.user_name if last and any(pair in last.after.items() for pair in moved.items()) else texts.SOMEBODY,
        lines=lines(shown, moved, errand.turn.showroom),
    )


async def _removed(errand: Errand, car: StaffCar) -> Done:
    await recording.remove(errand.db, errand.tenant_id, car, by=errand.author)
    text = texts.DELETE_DONE.format(plate=plate(car), code=car.display_code)
    return Done(text=text + can_undo(errand))


async def _told(errand: Errand, what: Command, car: StaffCar, now: StaffCar, values: Mapping[str, Any]) -> str:
    names = {"plate": plate(now), "code": now.display_code}
    if what is Command.STATUS:
        effects = texts.STATUS_EFFECTS[now.status]
        return texts.STATUS_DONE.format(effects=effects, stats=await _stats(errand), **names)
    if what is Command.PRICE:
        return texts.PRICE_DONE.format(before=rupiah(car.price_idr), after=rupiah(now.price_idr), **names)
    text = texts.EDIT_DONE.format(lines=lines(asdict(car), values, errand.turn.showroom), **names)
    if now.public_name != car.public_name:
        text += texts.EDIT_RENAMED.format(name=now.public_name)
    return text


async def _stats(errand: Errand) -> str:
    since, until = spans.day(errand.turn.now)
    today = await figures.of_span(errand.db, errand.tenant_id, since=since, until=until)
    return texts.STATS.format(
        sold=today.sold, revenue=spans.rupiah_short(today.revenue_idr), leads=sum(today.leads.values())
    )


def can_undo(errand: Errand) -> str:
    return texts.CAN_UNDO.format(minutes=round(errand.undo_within_s / 60))

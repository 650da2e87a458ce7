"""The one way in which a user's change reaches a car of the stock: it is made and written down together."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from autoleads.bot.understanding.command_base import Command
from autoleads.sql import car_changes, cars
from autoleads.sql.car_changes import Author
from autoleads.sql.cars import StaffCar
from autoleads.sql.pool import Db
from autoleads.types import CarId, TenantId


async def change(
    db: Db, tenant_id: TenantId, car: StaffCar, values: Mapping[str, Any], *, what: Command, by: Author
) -> StaffCar:
    """`car` is locked, `values` are by column. The car as it is then."""
    await cars.change(db, tenant_id, car.id, values)
    now = await cars.lock(db, tenant_id, car.id)
    assert now is not None
    before, after = asdict(car), asdict(now)
    changed = {column for column in values if before[column] != after[column]}
    if changed:
        await car_changes.add(
            db,
            tenant_id,
            car.id,
            by,
            what=what,
            before={column: before[column] for column in changed},
            after={column: after[column] for column in changed},
        )
    return now


async def stored(db: Db, tenant_id: TenantId, car_id: CarId, *, by: Author) -> None:
    """A car that has just been added."""
    car = await cars.lock(db, tenant_id, car_id)
    assert car is not None
    await car_changes.add(db, tenant_id, car_id, by, what=Command.UPLOAD, before={}, after=asdict(car))


async def remove(db: Db, tenant_id: TenantId, car: StaffCar, *, by: Author) -> None:
    kept = await cars.remove(db, tenant_id, car.id)
    assert kept is not None
    await car_changes.add(db, tenant_id, car.id, by, what=Command.DELETE, before=kept, after={})

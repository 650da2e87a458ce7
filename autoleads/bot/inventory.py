"""Cars enter the stock: they get their codes and names, and what is there already is left alone."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autoleads import naming
from autoleads.bot.understanding.plates import holds_plate, name_holds_plate
from autoleads.sql import cars
from autoleads.sql.cars import Alike, Named, NewCar
from autoleads.sql.pool import Db
from autoleads.stock_csv import CarRow, Fault, RowError
from autoleads.types import BranchId, CarId, TenantId

_STOCK_SERIES = "stock"
_TEMPORARY_SERIES = "temp"  # cars without a plate are known as TEMP-001 and so on
_TEMPORARY = "TEMP-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """`codes` of the cars that were stored, by line; `errors` for the others."""

    codes: Mapping[int, str]
    errors: Sequence[RowError]


async def add(
    db: Db,
    tenant_id: TenantId,
    rows: Sequence[CarRow],
    branches: Mapping[str, BranchId],
    photos: Mapping[int, Sequence[str]] | None = None,
    *,
    default_branch: BranchId | None = None,
) -> Imported:
    """Stores what can be stored. `branches` by lower-case name; `photos` by line, as addresses. `default_branch` gets
    the cars whose line names none."""
    good, errors = await check(db, tenant_id, rows, branches)
    named = await _named(db, tenant_id, good)
    new = [
        (_new(row, name, branches, default_branch, (photos or {}).get(row.line, ())), name[0]) for row, name in named
    ]
    stored = await cars.add(db, tenant_id, new) if new else {}
    codes = {row.line: name[0].display_code for row, name in named if name[0].display_code in stored}
    # Only a car that another process stored a moment ago is missing here.
    late = [RowError(row.line, "plate", "was just added by someone else", Fault.TAKEN, row.plate) for row, _ in named
            if row.line not in codes]  # fmt: skip
    return Imported(codes=codes, errors=[*errors, *late])


async def check(
    db: Db, tenant_id: TenantId, rows: Sequence[CarRow], branches: Mapping[str, BranchId]
) -> tuple[list[CarRow], list[RowError]]:
    """The rows that could be stored now, and what keeps the others out."""
    plates = [row.plate_clean for row in rows if row.plate_clean]
    given = [row.display_code for row in rows if row.display_code]
    plates_taken, codes_taken = await cars.taken(db, tenant_id, plates, given)
    good: list[CarRow] = []
    errors: list[RowError] = []
    for row in rows:
        problem = _problem(row, branches, plates_taken, codes_taken)
        if problem is None:
            good.append(row)
        else:
            errors.append(problem)
    return good, errors


async def twins(
    db: Db,
    tenant_id: TenantId,
    rows: Sequence[CarRow],
    branches: Mapping[str, BranchId],
    default_branch: BranchId | None,
    *,
    within_days: int,
) -> dict[int, Alike]:
    """Rows that look like a car which is there, or which a list brought within so many days: by line, each with its
    car. Of two equal rows and one such car only the first is its twin."""
    figures = [(row.year, row.km, row.price_idr) for row in rows]
    known = await cars.alike(db, tenant_id, figures, within_days=within_days) if rows else []
    found: dict[int, Alike] = {}
    used: set[CarId] = set()
    for row in rows:
        place = branches.get(row.branch.lower()) if row.branch else default_branch
        twin = next((car for car in known if car.id not in used and _is_twin(row, place, car)), None)
        if twin is not None:
            found[row.line] = twin
            used.add(twin.id)
    return found


def _is_twin(row: CarRow, place: BranchId | None, car: Alike) -> bool:
    """A branch that nobody told tells nothing apart; two plates do."""
    if row.plate_clean and not (car.plate_clean or _TEMPORARY).startswith(_TEMPORARY):
        return False
    if place is not None and car.branch_id not in (None, place):
        return False
    mine = (row.brand, row.model, row.color, row.year, row.km, row.price_idr)
    theirs = (car.brand, car.model, car.color, car.year, car.km, car.price_idr)
    return all(str(one).casefold() == str(other).casefold() for one, other in zip(mine, theirs, strict=True))


def _problem(
    row: CarRow, branches: Mapping[str, BranchId], plates_taken: Mapping[str, str], codes_taken: set[str]
) -> RowError | None:
    if row.plate_clean and row.plate_clean in plates_taken:
        code = plates_taken[row.plate_clean]
        return RowError(row.line, "plate", f"is already in the stock, as {code}", Fault.TAKEN, row.plate, code)
    if row.display_code and row.display_code in codes_taken:
        return RowError(row.line, "display_code", "is already in the stock", Fault.TAKEN, row.display_code)
    if row.branch and row.branch.lower() not in branches:
        known = ", ".join(sorted(branches))
        reason = f"is not a branch of this showroom (known: {known or 'none'})"
        return RowError(row.line, "branch", reason, said=row.branch, other=known)
    if field := _holding_plate(row):
        return RowError(row.line, field, "must not hold a plate: customers read it", Fault.PLATE)
    return None


def _holding_plate(row: CarRow) -> str:
    """The field in which customers would read a plate, "" when there is none."""
    if name_holds_plate(row.model, row.plate_clean):
        return "model"
    texts = {"brand": row.brand, "color": row.color, "features": " ".join(row.features), "notes": row.notes}
    return next((field for field, text in texts.items() if holds_plate(text, row.plate_clean)), "")


async def _named(db: Db, tenant_id: TenantId, rows: Sequence[CarRow]) -> list[tuple[CarRow, tuple[Named, str | None]]]:
    """Each row with its names and, for a car without a plate, its temporary one."""
    given: dict[str, int] = {}
    for row in rows:
        if row.display_code:
            letter, number = row.display_code[1], int(row.display_code[2:])
            given[letter] = max(number, given.get(letter, 0))
    if given:
        await cars.reserve_numbers(db, tenant_id, given)
    wanted = Counter(naming.display_letter(row.model, row.brand) for row in rows if not row.display_code)
    wanted[_STOCK_SERIES] = len(rows)
    wanted[_TEMPORARY_SERIES] = sum(not row.plate_clean for row in rows)
    next_of = await cars.next_numbers(db, tenant_id, {series: n for series, n in wanted.items() if n})

    def take(series: str) -> int:
        next_of[series] += 1
        return next_of[series] - 1

    named = []
    for row in rows:
        letter = naming.display_letter(row.model, row.brand)
        code = row.display_code or naming.display_code(letter, take(letter))
        common, color = naming.common_name(row.model, row.brand), naming.basic_color(row.color)
        names = Named(
            display_code=code,
            stock_code=f"STK-{take(_STOCK_SERIES):03d}",
            public_name=naming.public_name(common, row.year, color, code),
            slug=naming.slug(common, row.year, color, code),
        )
        named.append((row, (names, None if row.plate_clean else f"TEMP-{take(_TEMPORARY_SERIES):03d}")))
    return named


def _new(
    row: CarRow,
    name: tuple[Named, str | None],
    branches: Mapping[str, BranchId],
    default_branch: BranchId | None,
    photos: Sequence[str],
) -> NewCar:
    return NewCar(
        brand=row.brand,
        model=row.model,
        year=row.year,
        color=row.color,
        transmission=row.transmission,
        km=row.km,
        price_idr=row.price_idr,
        plate_number=row.plate or name[1],
        plate_clean=row.plate_clean or name[1],
        fuel=row.fuel,
        features=row.features,
        condition_notes=row.notes,
        status=row.status,
        branch_id=branches.get(row.branch.lower()) if row.branch else default_branch,
        photos=tuple(photos),
    )

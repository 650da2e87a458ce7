"""What a list of cars comes to: which can enter the stock, what keeps the others out, and both put into words."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from autoleads import stock_csv
from autoleads.bot import inventory, texts_stock
from autoleads.bot import texts_bulk as texts
from autoleads.bot.staff.bulk_reading import Sheet
from autoleads.formats import kilometers, rupiah
from autoleads.sql import branches
from autoleads.sql.branches import BranchRow
from autoleads.sql.cars import Alike
from autoleads.sql.pool import Db
from autoleads.stock_csv import CarRow, Fault, RowError
from autoleads.types import BranchId, CarStatus, TenantId

_SHOWN_CARS = 5
_SHOWN_BAD = _SHOWN_TWINS = 15
_SHOWN_STRANGE = 3
_SHOWN_NAME, _SHOWN_SAID = 30, 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """`errors` by line, as are `twins`: rows that look like a car which is there, with that car. `branch`: of the cars
    whose line names none; None when it has to be asked for, if `places` are several. `stored`: others of the list are
    in the stock already."""

    sheet: Sheet
    good: tuple[CarRow, ...]
    twins: Mapping[int, tuple[CarRow, Alike]]
    errors: Mapping[int, tuple[RowError, ...]]
    places: tuple[BranchRow, ...]
    branch: BranchId | None
    stored: bool = False

    @property
    def homeless(self) -> int:
        """Cars that nobody said a branch of, where there are several."""
        if self.branch is not None or len(self.places) <= 1:
            return 0
        return sum(row.branch is None for row in self.good)

    @property
    def by_name(self) -> dict[str, BranchId]:
        return {place.name.lower(): place.id for place in self.places}


async def review(
    db: Db, tenant_id: TenantId, sheet: Sheet, branch: int | None, now_year: int, *, known_days: int
) -> Review:
    rows, errors = stock_csv.rows_of(sheet.lines, this_year=now_year)
    places = await branches.all_of(db, tenant_id)
    if branch is None and len(places) == 1:
        branch = places[0].id
    home = None if branch is None else BranchId(branch)
    by_name = {place.name.lower(): place.id for place in places}
    good, more = await inventory.check(db, tenant_id, rows, by_name)
    told_apart = [row for row in good if row.line not in sheet.others]
    twins = await inventory.twins(db, tenant_id, told_apart, by_name, home, within_days=known_days)
    return Review(
        sheet=sheet,
        good=tuple(row for row in good if row.line not in twins),
        twins={row.line: (row, twins[row.line]) for row in good if row.line in twins},
        errors=by_line([*errors, *more]),
        places=tuple(places),
        branch=home,
    )


def by_line(errors: Iterable[RowError]) -> dict[int, tuple[RowError, ...]]:
    found: dict[int, tuple[RowError, ...]] = {}
    for error in sorted(errors, key=lambda error: error.line):
        found[error.line] = (*found.get(error.line, ()), error)
    return found


# In words ---------------------------------------------------------------------------------------------------------


def unusable(sheet: Sheet, most: int) -> str:
    """Why there is nothing to review; "" when there is."""
    if sheet.surplus:
        return texts.TOO_MANY.format(count=sheet.surplus, most=most)
    if sheet.lacking:
        columns = ", ".join(texts.LABEL[name] for name in sheet.lacking)
        unused = texts.UNUSED.format(columns=", ".join(sheet.unused)) if sheet.unused else ""
        return texts.LACKING.format(columns=columns, unused=unused, example=texts.EXAMPLE)
    if sheet.doubled:
        return texts.DOUBLED.format(columns=", ".join(texts.LABEL[name] for name in sheet.doubled))
    return "" if sheet.lines else texts.EMPTY.format(example=texts.EXAMPLE)


def told(seen: Review) -> str:
    """The whole review, with what is asked at its end."""
    parts = [texts.GOOD.format(count=len(seen.good))] if seen.good else []
    parts += [texts.TWINS.format(count=len(seen.twins))] if seen.twins else []
    parts += [texts.BAD.format(count=len(seen.errors))] if seen.errors else []
    blocks = [texts.HEAD.format(count=len(seen.sheet.lines), parts=", ".join(parts))]
    if seen.good:
        lines = [texts.CAR.format(line=row.line, **car(row)) for row in seen.good[:_SHOWN_CARS]]
        left = len(seen.good) - len(lines)
        blocks.append("\n".join([*lines, *([texts.MORE_CARS.format(count=left)] if left else [])]))
    if states := _states(seen.good):
        blocks.append(states)
    if seen.twins:
        blocks.append(twins(seen))
    if seen.errors:
        blocks.append("\n".join([texts.BAD_HEAD, bad(seen), "", correct(seen)]))
    if seen.sheet.strange:
        blocks.append(_strange(seen.sheet.strange))
    if plateless := sum(not row.plate for row in seen.good):
        blocks.append(texts.PLATELESS.format(count=plateless))
    return "\n\n".join([*blocks, choices(seen)])


def car(row: CarRow) -> dict[str, str]:
    return {
        "car": f"{row.model if row.model.startswith(row.brand) else f'{row.brand} {row.model}'} {row.year}",
        "color": row.color,
        "price": rupiah(row.price_idr),
        "km": kilometers(row.km),
        "plate": row.plate or texts.NO_PLATE,
    }


def twins(seen: Review) -> str:
    """Each with the car that it looks like, and how it is let in."""
    lines = [twin(row, car) for row, car in seen.twins.values()]
    shown, hidden = lines[:_SHOWN_TWINS], list(seen.twins)[_SHOWN_TWINS:]
    more = [texts.MORE_BAD.format(lines=", ".join(map(str, hidden)))] if hidden else []
    return "\n".join([texts.TWINS_HEAD, *shown, *more, texts.TWINS_NEXT.format(line=next(iter(seen.twins)))])


def twin(row: CarRow, there: Alike) -> str:
    gone = "" if there.there else texts.TWIN_GONE
    return texts.TWIN.format(line=row.line, code=there.display_code, gone=gone, **car(row))


def choices(seen: Review) -> str:
    if not seen.good:
        return texts.CHOICE_TWINS if seen.twins and not seen.errors else texts.CHOICE_NONE
    if seen.homeless:
        lines = (texts.BRANCH_LINE.format(number=n, name=place.name) for n, place in enumerate(seen.places, 1))
        return texts.ASK_BRANCH.format(count=seen.homeless, list="\n".join(lines))
    return texts.CHOICES.format(count=len(seen.good))


def bad(seen: Review) -> str:
    """Each with what tells its car, so that it is found in a spreadsheet as well."""
    names = {line.number: _name(line.values) for line in seen.sheet.lines}
    lines = [
        texts.BAD_LINE.format(line=line, car=names.get(line, ""), problems=problems(found))
        for line, found in seen.errors.items()
    ]
    shown, hidden = lines[:_SHOWN_BAD], list(seen.errors)[_SHOWN_BAD:]
    more = [texts.MORE_BAD.format(lines=", ".join(map(str, hidden)))] if hidden else []
    return "\n".join([*shown, *more])


def _name(values: Mapping[str, str]) -> str:
    name = f"{values.get('brand', '')} {values.get('model', '')}".strip()[:_SHOWN_NAME]
    shown = f"{name} {values.get('plate', '')}".strip()
    return texts.BAD_CAR.format(car=shown) if shown else ""


def problems(errors: Sequence[RowError]) -> str:
    names = {error.field for error in errors}
    return "; ".join(_problem(error) for error in errors if not (error.field == "model" and "brand" in names))


def _problem(error: RowError) -> str:
    if error.field == "branch" and error.fault is Fault.UNREAD and not error.other:
        return texts_stock.BRANCH_NONE
    if error.field == "row":
        return texts.NOT_SPLIT
    if error.field == "branch" and error.fault is Fault.UNREAD:
        return texts.BRANCH_UNKNOWN.format(said=error.said, known=error.other)
    if error.field == "km" and stock_csv.UNCLEAR_KM.fullmatch(error.said):
        return texts.KM_UNCLEAR.format(said=error.said)
    other = error.other
    if error.fault is Fault.TAKEN:
        other = texts.TAKEN_BY.format(code=other) if other else ""
    return texts.PROBLEM[error.fault].format(
        label=texts.LABEL[error.field],
        said=error.said if len(error.said) <= _SHOWN_SAID else f"{error.said[:_SHOWN_SAID]}...",
        example=texts.EXAMPLE_OF.get(error.field, ""),
        other=other,
    )


def correct(seen: Review) -> str:
    """How the first of the bad lines is put right."""
    line = next(iter(seen.errors))
    return texts.CORRECT.format(line=line, example=example(seen, line))


def example(seen: Review, line: int) -> str:
    found = seen.errors.get(line, ())
    known = texts.CORRECTION.get(found[0].field) if len(found) == 1 else None
    return (known or texts.CORRECTION_OTHER).format(branch=seen.places[0].name if seen.places else "")


def _states(rows: Sequence[CarRow]) -> str:
    """Cars that the list says are not for sale now."""
    counted = Counter(row.status for row in rows if row.status is not CarStatus.AVAILABLE)
    states = ", ".join(f"{count} {texts_stock.STATUSES[status]}" for status, count in counted.items())
    return texts.STATES.format(states=states) if states else ""


def _strange(found: Sequence[str]) -> str:
    lines = [texts.STRANGE_LINE.format(text=text) for text in found[:_SHOWN_STRANGE]]
    left = len(found) - len(lines)
    return texts.STRANGE.format(lines=", ".join([*lines, *([texts.STRANGE_MORE.format(count=left)] if left else [])]))

"""`car import`."""

import argparse
import sys
from pathlib import Path

from autoleads import stock_csv, stock_table
from autoleads.bot import inventory
from autoleads.cli.common import Commands, add_command, add_group, add_json, print_json, with_database
from autoleads.config import Config
from autoleads.errors import InvalidField
from autoleads.sql import branches, cars, tenants
from autoleads.sql.pool import Database
from autoleads.stock_csv import RowError

_MAX_BYTES = 20_000_000

_ALIKE = "looks like {code}, which was entered before; --alike adds such cars"
_FILE_HELP = (
    f"first line names the columns: {', '.join(stock_csv.REQUIRED)}; further plate, variant, fuel, features "
    "(; between), notes, status, branch, display_code; Indonesian names (merek, harga, ...) count too"
)


def add_commands(commands: Commands) -> None:
    group = add_group(commands, "car", "stock of a showroom")
    parser = add_command(group, "import", with_database(import_cars), "add cars from a CSV file")
    parser.add_argument("--tenant", required=True, metavar="SLUG")
    parser.add_argument("file", type=Path, metavar="FILE.csv", help=_FILE_HELP)
    parser.add_argument("--alike", action="store_true", help="also add cars that only a plate could tell from others")
    add_json(parser)


async def import_cars(arguments: argparse.Namespace, config: Config, database: Database) -> int:
    days = config.bot.list_known_days
    rows, errors = stock_csv.read(_text(arguments.file))
    tenant_id = await tenants.need_id_all_tenants(database, arguments.tenant)
    async with database.tenant(tenant_id) as db:
        places = {branch.name.lower(): branch.id for branch in await branches.all_of(db, tenant_id)}
        await cars.lock_numbers(db, tenant_id)  # of two who import the same file the second finds the first's cars
        good, problems = await inventory.check(db, tenant_id, rows, places)
        twins = {} if arguments.alike else await inventory.twins(db, tenant_id, good, places, None, within_days=days)
        imported = await inventory.add(db, tenant_id, [row for row in good if row.line not in twins], places)
    alike = [RowError(line, "row", _ALIKE.format(code=car.display_code)) for line, car in twins.items()]
    errors = sorted([*errors, *problems, *alike, *imported.errors], key=lambda error: error.line)
    for error in errors:
        print(f"line {error.line}: {error.field}: {error.reason}", file=sys.stderr)
    refused = len({error.line for error in errors})
    if arguments.json:
        _write_json(dict(imported.codes), errors)
    else:
        codes = f" ({', '.join(imported.codes.values())})" if imported.codes else ""
        print(f"imported {_count(len(imported.codes), 'car')}{codes}; refused {_count(refused, 'line')}")
    return 1 if errors else 0


def _write_json(codes: dict[int, str], errors: list[RowError]) -> None:
    for line, code in sorted(codes.items()):
        print_json({"line": line, "display_code": code})
    for error in errors:
        print_json({"line": error.line, "field": error.field, "reason": error.reason})
    summary = {"imported": len(codes), "refused": len({error.line for error in errors})}
    print_json(summary)


def _text(file: Path) -> str:
    try:
        with file.open("rb") as source:
            content = source.read(_MAX_BYTES + 1)
    except OSError as exc:
        raise InvalidField("file", f"{file}: {exc.strerror}") from None
    if len(content) > _MAX_BYTES:
        raise InvalidField("file", f"{file}: has more than {_MAX_BYTES // 1_000_000} MB")
    return stock_table.text_of(content)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"

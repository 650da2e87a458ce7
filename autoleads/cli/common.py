"""What the commands share: the parser, the settings, an open database, rows on the screen."""

import argparse
import asyncio
import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

import orjson

from autoleads import logs
from autoleads.cli.values import Parse
from autoleads.config import Config, load_config
from autoleads.errors import InvalidField
from autoleads.sql.opening import database_of
from autoleads.sql.pool import Database

Commands = Any  # argparse's own type of a group of subcommands is private
Columns = Mapping[str, Callable[[Any], str]]
Work = Callable[[argparse.Namespace, Config, Database], Awaitable[int]]


class Parser(argparse.ArgumentParser):
    """Says in one line what is wrong, and never repeats a value, which may be a secret."""

    def __init__(self, **options: Any) -> None:
        # An abbreviation that works today is ambiguous tomorrow.
        super().__init__(**{"allow_abbrev": False, **options})

    def error(self, message: str) -> NoReturn:
        about, _, words = message.partition("unrecognized arguments: ")
        if words and not about:
            options = [word.partition("=")[0] for word in words.split() if word.startswith("-")]
            message = f"unknown option {options[0]}" if options else "too many arguments"
        self.exit(2, f"{self.prog}: {message.removeprefix('argument ')} (see --help)\n")


def add_command(commands: Commands, name: str, run: Callable[[argparse.Namespace], int], about: str) -> Parser:
    parser: Parser = commands.add_parser(name, help=about, description=about)
    parser.set_defaults(run=run)
    parser.add_argument("--config", type=Path, metavar="FILE", help="settings, see config.toml")
    return parser


def add_group(commands: Commands, name: str, about: str) -> Commands:
    group: Parser = commands.add_parser(name, help=about, description=about)
    return group.add_subparsers(metavar="COMMAND", required=True)


def add_json(parser: Parser) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def settings(arguments: argparse.Namespace) -> Config:
    """Also sets up logging for a command: warnings only, as text."""
    config = load_config(arguments.config, os.environ)
    logs.setup("WARNING", "text", config.secrets())
    return config


def with_database(work: Work) -> Callable[[argparse.Namespace], int]:
    def run(arguments: argparse.Namespace) -> int:
        return asyncio.run(_run(work, arguments))

    return run


async def _run(work: Work, arguments: argparse.Namespace) -> int:
    config = settings(arguments)
    async with database_of(config) as database:
        return await work(arguments, config, database)


def changes(pairs: Sequence[str], known: Mapping[str, Parse]) -> dict[str, Any]:
    """`field=value` arguments, read. Raises InvalidField."""
    found: dict[str, Any] = {}
    for pair in pairs:
        field, equals, value = pair.partition("=")
        if not equals:
            raise InvalidField("fields", "must be written field=value")
        if field not in known:
            raise InvalidField(field, f"is not a field; known: {', '.join(known)}")
        if field in found:
            raise InvalidField(field, "is given twice")
        try:
            found[field] = known[field](value)
        except argparse.ArgumentTypeError as exc:
            raise InvalidField(field, str(exc)) from None
    return found


def print_json(row: Mapping[str, Any]) -> None:
    """A line, at once: whoever writes line by line may wait for each answer."""
    print(orjson.dumps(row).decode(), flush=True)


def show(rows: Sequence[Mapping[str, Any]], *, as_json: bool, columns: Columns) -> None:
    """As JSON every key of a row, else a table of `columns`, each with the function that writes its value."""
    if as_json:
        for row in rows:
            print_json(row)
        return
    table = [list(columns)] + [[write(row[name]) for name, write in columns.items()] for row in rows]
    widths = [max(len(line[n]) for line in table) for n in range(len(columns))]
    for line in table:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())

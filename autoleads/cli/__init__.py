"""The `autoleads` command: exit codes 0 done, 1 failed, 2 used wrongly; an error is one line on stderr."""

import errno
import io
import os
import sys
from collections.abc import Sequence

import asyncpg

from autoleads.cli import check, explain, misses, onboarding, people, serve, stock
from autoleads.cli.common import Parser
from autoleads.errors import AutoleadsError, InvalidField, UserError

_FAILED, _MISUSED, _INTERRUPTED = 1, 2, 130


def main(argv: Sequence[str] | None = None) -> int:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without UTF-8 shows "?" for an emoji
    try:
        arguments = _parser().parse_args(argv)
    except SystemExit as exc:  # help, or wrong usage; either has been said
        return int(exc.code or 0)
    try:
        code = int(arguments.run(arguments))
        sys.stdout.flush()
        return code
    except InvalidField as exc:
        return _fail(str(exc), _MISUSED)
    except UserError as exc:
        named = exc.field is None or str(exc).startswith(exc.field)
        return _fail(str(exc) if named else f"{exc.field}: {exc}")
    except AutoleadsError as exc:
        return _fail(str(exc))
    except BrokenPipeError:
        # Whoever read the output has enough; the interpreter must not complain at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _FAILED
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as exc:
        return _fail(_system_problem(exc))
    except KeyboardInterrupt:
        return _INTERRUPTED


def _parser() -> Parser:
    parser = Parser(prog="autoleads", description="WhatsApp sales for used-car showrooms.")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for subject in (serve, onboarding, people, stock, explain, misses, check):
        subject.add_commands(commands)
    return parser


def _fail(problem: str, code: int = _FAILED) -> int:
    print(f"autoleads: {' '.join(problem.split())}", file=sys.stderr)
    return code


def _system_problem(exc: Exception) -> str:
    if isinstance(exc, OSError) and exc.filename is not None:
        return f"{exc.filename}: {exc.strerror}"
    if isinstance(exc, OSError) and exc.errno == errno.ENOSPC:
        return "no space left on the disk"
    what = str(exc) or type(exc).__name__
    return f"database: {what.splitlines()[0]}"

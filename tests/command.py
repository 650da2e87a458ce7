"""The `autoleads` command inside the test's process: what it prints, and what it returns."""

import asyncio
import contextlib
import io
import logging
import os
import sys
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from unittest import mock

import orjson

from autoleads.cli import main


class Done(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [orjson.loads(line) for line in self.out.splitlines()]


class Command:
    """`environ` replaces every variable that is a setting."""

    def __init__(self, **environ: str) -> None:
        self.environ = environ

    async def __call__(self, *argv: str, stdin: str | bytes = "") -> Done:
        # In a thread, for the command has an event loop of its own.
        return await asyncio.to_thread(self._run, argv, stdin.encode() if isinstance(stdin, str) else stdin)

    def _run(self, argv: tuple[str, ...], stdin: bytes) -> Done:
        out, err = io.StringIO(), io.StringIO()
        typed = io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8")
        with (
            _root_logger_kept(),
            mock.patch.dict(os.environ, self.environ),
            mock.patch.object(sys, "stdin", typed),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            code = main(argv)
        return Done(code, out.getvalue(), err.getvalue())


def process_environ(**environ: str) -> Mapping[str, str]:
    """For a real process: without the settings of whoever runs the tests."""
    coverage = {name: value for name, value in os.environ.items() if name.startswith("COVERAGE")}
    return {"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1", **coverage, **environ}


@contextlib.contextmanager
def _root_logger_kept() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)

"""The direction of dependencies, read from the source."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FILES = sorted(path.relative_to(ROOT) for path in (ROOT / "autoleads").rglob("*.py"))

# base <- sql <- bot <- web <- daemon <- cli: an arrow may be skipped, never reversed. demo sits beside web.
RANKS = {"sql": 1, "bot": 2, "web": 3, "demo": 3, "daemon": 4, "cli": 5, "__main__": 6}
SQL = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\s")
ONLY_IN = {
    "google": ("autoleads/bot/assistant/gemini.py",),
    "openpyxl": ("autoleads/media/sheets.py",),
    "PIL": ("autoleads/media/photos.py", "autoleads/demo/"),
    "autoleads.daemon": ("autoleads/daemon.py", "autoleads/__main__.py", "autoleads/cli/"),
}


def _imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _part(name: str) -> str:
    """`autoleads.bot.turn` belongs to `bot`; what is not in RANKS is base."""
    part = name.split(".")[1]
    return part if part in RANKS else "base"


@pytest.mark.parametrize("file", FILES, ids=str)
def test_imports_point_downwards_and_libraries_stay_where_they_belong(file: Path) -> None:
    tree = ast.parse((ROOT / file).read_text())
    mine = _part(".".join(file.with_suffix("").parts) + ".")

    for name in _imports(tree):
        for owned, places in ONLY_IN.items():
            assert not f"{name}.".startswith(f"{owned}.") or file.as_posix().startswith(places), name
        if name.startswith("autoleads."):
            theirs = _part(name)
            assert mine == theirs or RANKS.get(theirs, 0) < RANKS.get(mine, 0), name


@pytest.mark.parametrize("file", [file for file in FILES if file.parts[1] != "sql"], ids=str)
def test_statements_are_written_under_sql_only(file: Path) -> None:
    for node in ast.walk(ast.parse((ROOT / file).read_text())):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            assert not SQL.match(node.value), f"line {node.lineno}"

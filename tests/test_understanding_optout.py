"""Who wants no more messages, and who only wants to stop haggling."""

from pathlib import Path

import pytest

from autoleads.bot.understanding.base import Intent
from autoleads.bot.understanding.understand import understand
from autoleads.stock import Stock

LINES = (Path(__file__).parent / "data" / "opt_out.txt").read_text("utf-8").splitlines()


@pytest.mark.parametrize("line", LINES)
def test_opt_out(line: str) -> None:
    mark, text = line.split(" ", 1)
    assert (understand(text, Stock()).intent is Intent.OPT_OUT) == (mark == "+")

"""The shared development set against its stock, and our own set, scored as the label guide says."""

from pathlib import Path

import pytest

from tests.understanding_score import Score, load_lines, load_stock, score, shared

CHAT = shared() / "data" / "chat"
OWN = Path(__file__).parent / "data"


def _holds(result: Score, *, intent: float, f1: float, cars: float, hot: float) -> None:
    problems = "\n".join([result.summary(), *result.wrong])
    assert result.share(result.intents) >= intent, problems
    assert result.f1 >= f1, problems
    assert result.share(result.cars) >= cars, problems
    assert result.share(result.hot) >= hot, problems


@pytest.mark.skipif(not CHAT.exists(), reason="the shared data are not here")
def test_development_set() -> None:
    lines = load_lines(CHAT / "customer_dev.jsonl")
    result = score(lines, load_stock(CHAT / "stock_dev.csv"))
    assert result.total == 200
    _holds(result, intent=0.97, f1=0.97, cars=0.95, hot=0.98)


def test_own_set() -> None:
    result = score(load_lines(OWN / "customer_own.jsonl"), load_stock(OWN / "stock_own.csv"))
    assert result.total >= 300
    _holds(result, intent=0.97, f1=0.98, cars=0.97, hot=0.98)

"""The shared development set against its stock, and our own set, scored as the label guide says."""

from pathlib import Path

import pytest

from autoleads.bot.understanding.understand import understand
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


@pytest.mark.skipif(not CHAT.exists(), reason="the shared data are not here")
def test_blind_set() -> None:
    """By another author. At first sight intent 93 %, hot 97 %, entities 97 %, cars 95 %; then one half was read."""
    result = score(load_lines(OWN / "customer_blind.jsonl"), load_stock(CHAT / "stock_dev.csv"))
    assert result.total == 300
    _holds(result, intent=0.97, f1=0.975, cars=0.97, hot=0.99)


@pytest.mark.skipif(not CHAT.exists(), reason="the shared data are not here")
def test_messages_in_many_styles() -> None:
    """Each batch labelled before it was first read (intent 61 to 97 %, the plain ones most), then the rules mended."""
    result = score(load_lines(OWN / "customer_styles.jsonl"), load_stock(CHAT / "stock_dev.csv"))
    assert result.total > 1000
    _holds(result, intent=0.985, f1=0.98, cars=0, hot=0.99)


@pytest.mark.skipif(not CHAT.exists(), reason="the shared data are not here")
def test_messages_written_without_looking_at_the_rules() -> None:
    """Labelled before they were first read; the first reading was right for 81 to 84 %, then the rules were mended."""
    stock = load_stock(CHAT / "stock_dev.csv")
    lines = [line.split("\t") for line in (OWN / "customer_fresh.tsv").read_text("utf-8").splitlines()]
    wrong = [(text, intent, str(understand(text, stock).intent)) for intent, text in lines]
    wrong = [line for line in wrong if line[1] != line[2]]
    assert len(lines) > 450
    assert len(wrong) <= 0.04 * len(lines), wrong


@pytest.mark.skipif(not CHAT.exists(), reason="the shared data are not here")
def test_messages_that_nobody_tunes_on() -> None:
    """The exam: measured, never read for what is wrong in it. What is mended after a look moves to another set."""
    result = score(load_lines(OWN / "customer_exam.jsonl"), load_stock(CHAT / "stock_dev.csv"))

    assert result.total == 250
    _holds(result, intent=0.97, f1=0.97, cars=0.95, hot=0.98)

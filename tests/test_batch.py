"""Calls that share a statement: order, failure, cancellation."""

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoleads.sql.batch import Batch


@given(st.lists(st.integers(-5, 5), max_size=40), st.integers(1, 7))
def test_every_caller_gets_its_own_answer(items: list[int], size: int) -> None:
    batches: list[list[int]] = []

    async def run(taken: Sequence[int]) -> list[str]:
        batches.append(list(taken))
        await asyncio.sleep(0)
        if any(item < 0 for item in taken):
            raise ValueError(f"{len(taken)} refused")
        return [f"answer to {item}" for item in taken]

    async def scenario() -> list[object]:
        batch = Batch(run, size=size)
        return list(await asyncio.gather(*(batch(item) for item in items), return_exceptions=True))

    answers = asyncio.run(scenario())

    for item, answer in zip(items, answers, strict=True):
        if item < 0:
            assert str(answer) == "1 refused"
        else:
            assert answer == f"answer to {item}"
    assert all(len(taken) <= size for taken in batches)


async def test_what_arrives_meanwhile_goes_together() -> None:
    batches: list[list[int]] = []
    go_on = asyncio.Event()

    async def run(taken: Sequence[int]) -> list[int]:
        batches.append(list(taken))
        await go_on.wait()
        return list(taken)

    batch = Batch(run)
    tasks = [asyncio.create_task(batch(0))]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    tasks += [asyncio.create_task(batch(n)) for n in (1, 2, 3)]
    await asyncio.sleep(0)
    go_on.set()

    assert await asyncio.gather(*tasks) == [0, 1, 2, 3]
    assert batches == [[0], [1, 2, 3]]


async def test_a_caller_that_is_gone_costs_the_others_nothing() -> None:
    started, go_on = asyncio.Event(), asyncio.Event()

    async def run(taken: Sequence[int]) -> list[int]:
        started.set()
        await go_on.wait()
        if 13 in taken:
            raise ValueError
        return list(taken)

    batch = Batch(run)
    gone, stays, bad = (asyncio.create_task(batch(n)) for n in (1, 2, 13))
    await started.wait()
    gone.cancel()
    bad.cancel()
    await asyncio.sleep(0)
    go_on.set()

    assert await stays == 2
    with pytest.raises(asyncio.CancelledError):
        await gone

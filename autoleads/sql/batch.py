"""Calls that come while a statement runs share the next one."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import Generic, TypeVar

In = TypeVar("In")
Out = TypeVar("Out")


class Batch(Generic[In, Out]):
    """One round trip and one commit for many callers. Alone, a call costs what it would cost anyway.

    One statement at a time, in the order of the calls. When a shared statement fails, each of its items is
    tried alone, so that one the database refuses, or one that waits for a lock, costs the others nothing.
    """

    def __init__(
        self,
        run: Callable[[Sequence[In]], Awaitable[Sequence[Out]]],
        *,
        group: Callable[[In], Hashable] = id,
        size: int = 64,
    ) -> None:
        """`run` answers in the order of its items. Items of one `group` keep their order also when tried alone."""
        self._run = run
        self._group = group
        self._size = size
        self._waiting: list[tuple[In, asyncio.Future[Out]]] = []
        self._task: asyncio.Task[None] | None = None

    async def __call__(self, item: In) -> Out:
        """Raises what the statement raises for this item."""
        future: asyncio.Future[Out] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._task is None:
            self._task = asyncio.create_task(self._work(), name="batch")
        return await future

    async def idle(self) -> None:
        """Until no statement is under way, of callers that are gone either."""
        while self._task is not None:
            await asyncio.wait([self._task])

    async def _work(self) -> None:
        try:
            while self._waiting:
                taken, self._waiting = self._waiting[: self._size], self._waiting[self._size :]
                await self._answer(taken)
        finally:
            self._task = None

    async def _answer(self, taken: Sequence[tuple[In, asyncio.Future[Out]]]) -> None:
        try:
            results = await self._run([item for item, _ in taken])
        except Exception as exc:
            if len(taken) > 1:
                groups: defaultdict[Hashable, list[tuple[In, asyncio.Future[Out]]]] = defaultdict(list)
                for one in taken:
                    groups[self._group(one[0])].append(one)
                await asyncio.gather(*(self._each_alone(group) for group in groups.values()))
            elif not taken[0][1].done():
                taken[0][1].set_exception(exc)
            return
        for (_, future), result in zip(taken, results, strict=True):
            if not future.done():  # its caller may have gone while the statement ran
                future.set_result(result)

    async def _each_alone(self, taken: Sequence[tuple[In, asyncio.Future[Out]]]) -> None:
        for one in taken:
            await self._answer([one])

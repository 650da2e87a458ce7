"""A hint that a timer of the database comes due soon, so that nobody waits for the next regular look."""

import asyncio


class Bell:
    """What is rung for is in the database: a process that dies before it rings costs only the time until somebody's
    next regular look."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring_in(self, seconds: float) -> None:
        asyncio.get_running_loop().call_later(seconds, self._rung.set)

    async def wait(self, patience_s: float) -> bool:
        """Whether it rang before that."""
        try:
            async with asyncio.timeout(patience_s):
                await self._rung.wait()
        except TimeoutError:
            return False
        self._rung.clear()
        return True

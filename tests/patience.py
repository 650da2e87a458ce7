"""How long a test waits for what has to happen."""

import asyncio

PATIENCE_S = 60.0  # only ends a hang: a busy machine may take its time


def patience() -> asyncio.Timeout:
    return asyncio.timeout(PATIENCE_S)

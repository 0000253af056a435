"""Ending a task that runs beside others."""

import asyncio
from typing import Any

_AGAIN_S = 0.2


async def end(task: asyncio.Task[Any]) -> None:
    """Cancel a task until it has ended; what it ended with is the caller's to look at.

    Once is not enough: before Python 3.12 ``asyncio.wait_for``, which psycopg's pool waits with, loses a cancellation
    that meets the result it waits for. A loop goes on then, and who waits for its end waits for ever.
    """
    while not task.done():
        task.cancel()
        await asyncio.wait({task}, timeout=_AGAIN_S)
    if not task.cancelled():
        task.exception()  # looked at, or asyncio complains that nobody did

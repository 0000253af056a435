"""Ending tasks that run beside others."""

import asyncio
from typing import Any

_AGAIN_S = 0.2


async def end(*tasks: asyncio.Future[Any]) -> None:
    """Cancel tasks until they have ended; what they ended with is the caller's to look at.

    Once is not enough: before Python 3.12 ``asyncio.wait_for``, which psycopg's pool waits with, loses a cancellation
    that meets the result it waits for. A loop goes on then, and who waits for its end waits for ever. Not for tasks
    that take their time to clean up: they would be cancelled in the middle of it.
    """
    left = {task for task in tasks if not task.done()}
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=_AGAIN_S)
    for task in tasks:
        if not task.cancelled():
            task.exception()  # looked at, or asyncio complains that nobody did

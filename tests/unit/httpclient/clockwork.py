"""Running tasks on a clock that only moves when all of them wait."""

import asyncio
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from ontologie.clock import ManualClock

START = datetime(2026, 11, 20, 12, tzinfo=UTC)
_ROUNDS = 20
T = TypeVar("T")


async def settle() -> None:
    """Let every task run up to its next wait."""
    for _ in range(_ROUNDS):
        await asyncio.sleep(0)


async def run(clock: ManualClock, work: Coroutine[Any, Any, T], *, step_s: float = 0.05, limit_s: float = 600) -> T:
    """What ``work`` returns, time passing in small steps. A failed test when ``limit_s`` is not enough."""
    task = asyncio.ensure_future(work)
    deadline = clock.monotonic() + limit_s
    await settle()
    while not task.done():
        assert clock.monotonic() < deadline, "the work does not end"
        await clock.advance(timedelta(seconds=step_s))
        await settle()
    return task.result()

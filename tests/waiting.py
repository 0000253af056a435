"""Waiting for what runs in this process come to."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from ontologie.model.run import Run, RunStatus
from ontologie.services import runs, sources
from ontologie.services.context import Context

PATIENCE = timedelta(seconds=60)


async def latest(context: Context, name: str) -> Run | None:
    found = await runs.history(context, await sources.find(context, name), limit=1)
    return found[0] if found else None


async def until(holds: Callable[[], Awaitable[bool]], what: str, patience: timedelta = PATIENCE) -> None:
    try:
        async with asyncio.timeout(patience.total_seconds()):
            while not await holds():  # noqa: ASYNC110 - other processes tell no event
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise AssertionError(f"never: {what}") from None


async def ended(context: Context, name: str) -> bool:
    run = await latest(context, name)
    return run is not None and not run.status.open


async def reading(context: Context, name: str) -> bool:
    run = await latest(context, name)
    return run is not None and sum(item.read for item in run.objects) > 0


async def begun(context: Context, name: str) -> bool:
    run = await latest(context, name)
    return run is not None and run.status is RunStatus.RUNNING

"""A worker that is asked to leave ends, whatever happens to its database at that moment."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any, cast

from ontologie.clock import SystemClock
from ontologie.errors import StoreUnreachable
from ontologie.jobs.worker import Worker, WorkerSettings


class Away:
    """Pool, queue and execution of a database that goes away just when the worker is asked to leave."""

    held = False

    def __init__(self) -> None:
        self.working = asyncio.Event()
        self.gone = False

    @contextlib.asynccontextmanager
    async def connection(self) -> AsyncIterator[None]:
        raise StoreUnreachable("away")
        yield

    async def work(self, *_: object, **__: object) -> None:
        self.working.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            if self.gone:
                raise
            self.gone = True
            raise StoreUnreachable("went away while it was ending") from None

    async def forget_stalled(self) -> int:
        raise StoreUnreachable("away")

    async def obey(self) -> None:
        raise StoreUnreachable("away")

    def leave(self) -> None:
        """Nothing is worked on."""


async def test_asked_to_leave_in_the_moment_the_database_goes_it_leaves() -> None:
    away = Away()
    double = cast(Any, away)
    worker = Worker(double, SystemClock(), double, double, duties=[], settings=WorkerSettings())
    running = asyncio.create_task(worker.run())
    await away.working.wait()
    running.cancel()
    done, _ = await asyncio.wait({running}, timeout=10)
    assert done, "it begins anew with its work instead of leaving"
    assert running.cancelled()

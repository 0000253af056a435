"""A worker: handles wake-ups, starts what is due, and takes over what a dead worker left."""

import asyncio
import os
import secrets
import socket
from collections.abc import Awaitable, Callable
from datetime import timedelta

import msgspec
import structlog

from ontologie.clock import Clock
from ontologie.database import runs, sources
from ontologie.database.pool import Pool
from ontologie.errors import LeaseLost, RetryLater
from ontologie.jobs.execution import Execution
from ontologie.jobs.queue import Queue
from ontologie.model.run import RunOptions, RunStatus
from ontologie.store import lease

_TICK = timedelta(seconds=1)
_RESCUE_EVERY = timedelta(seconds=5)

log = structlog.get_logger(__name__)


class WorkerSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What the operator may set about workers."""

    slice: timedelta = timedelta(seconds=60)
    sources_at_once: int = 4


def owner_name() -> str:
    """A name for this process that no other has had: a pid alone comes back."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


class Worker:
    """Runs until its task is cancelled."""

    def __init__(self, pool: Pool, clock: Clock, queue: Queue, execution: Execution, settings: WorkerSettings) -> None:
        self._pool = pool
        self._clock = clock
        self._queue = queue
        self._execution = execution
        self._settings = settings
        self._owner = owner_name()

    async def run(self) -> None:
        """Work until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._queue.work(self._handle, concurrency=self._settings.sources_at_once))
            group.create_task(self._repeat(_TICK, self._start_due))
            group.create_task(self._repeat(_RESCUE_EVERY, self._rescue))

    async def _handle(self, run_id: int) -> None:
        try:
            status = await self._execution.advance(run_id, owner=self._owner, slice_=self._settings.slice)
        except LeaseLost:
            log.info("run_is_elsewhere", run_id=run_id)
            return
        if status is RunStatus.RUNNING:
            async with self._pool.connection() as connection:
                await self._queue.wake(connection, run_id)

    async def _repeat(self, every: timedelta, action: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await action()
            except RetryLater as error:  # the database is away: it may come back
                log.warning("tick_failed", code=error.code, detail=str(error))
            await self._clock.sleep(every)

    async def _start_due(self) -> None:
        async with self._pool.connection() as connection:
            now = self._clock.now()
            for source_id in await sources.due(connection, now):
                async with connection.transaction():
                    run = await runs.insert(connection, source_id, options=RunOptions(), trigger="schedule", now=now)
                    if run is not None:
                        await self._queue.wake(connection, run.id)

    async def _rescue(self) -> None:
        """Wake every open run that nobody works on: its worker died, or its wake-up was lost."""
        forgotten = await self._queue.forget_stalled()
        if forgotten:
            log.warning("stalled_jobs_dropped", count=forgotten)
        async with self._pool.connection() as connection:
            for run in await runs.open_runs(connection):
                if run.trigger == "cli" and run.status is RunStatus.QUEUED:
                    continue  # its own process is about to begin it
                source = await sources.by_id(connection, run.source_id)
                if source is not None and not await lease.is_held(connection, source.schema_name):
                    await self._queue.wake(connection, run.id)

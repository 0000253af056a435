"""A worker: handles wake-ups, starts what is due, and takes over what a dead worker left."""

import os
import secrets
import socket
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

import msgspec
import structlog

from ontologie import tasks
from ontologie.clock import Clock
from ontologie.database import runs, sources
from ontologie.database.pool import Connection, Pool
from ontologie.errors import LeaseLost, OntologieError, StoreUnreachable
from ontologie.jobs.ending import due_after, outcome_of, regular_run
from ontologie.jobs.execution import Execution
from ontologie.jobs.queue import Queue
from ontologie.model.run import RunOptions, RunStatus

_TICK = timedelta(seconds=1)
_OBEY_EVERY = timedelta(seconds=0.5)
_RESCUE_EVERY = timedelta(seconds=5)
_RECONNECT_AFTER = timedelta(seconds=1)
_SET_BACK = timedelta(minutes=1)
_FOREGROUND_PATIENCE = timedelta(seconds=20)
"""A foreground command begins its own run at once; one that has not by then has died."""

log = structlog.get_logger(__name__)


class WorkerSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What the operator may set about workers."""

    slice: timedelta = timedelta(seconds=60)
    sources_at_once: int = 4


class Duty(msgspec.Struct, frozen=True, kw_only=True):
    """Something that every worker does again and again beside the runs; several at once do no harm."""

    every: timedelta
    action: Callable[[], Awaitable[None]]


def owner_name() -> str:
    """A name for this process that no other has had: a pid alone comes back."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


class Worker:
    """Runs until its task is cancelled; then every slice ends at its next commit, within seconds."""

    def __init__(
        self,
        pool: Pool,
        clock: Clock,
        queue: Queue,
        execution: Execution,
        *,
        duties: Sequence[Duty],
        settings: WorkerSettings,
    ) -> None:
        self._pool = pool
        self._clock = clock
        self._queue = queue
        self._execution = execution
        self._duties = tuple(duties)
        self._settings = settings
        self._owner = owner_name()
        self._looked_at: datetime | None = None
        """When we have last looked for what is due."""

    async def run(self) -> None:
        """Work until cancelled."""
        log.info("worker_started", owner=self._owner, sources_at_once=self._settings.sources_at_once)
        try:
            await tasks.until_one_ends(
                self._handle_wake_ups(),
                self._repeat(_TICK, self._start_due),
                self._repeat(_OBEY_EVERY, self._execution.obey),
                self._repeat(_RESCUE_EVERY, self._rescue),
                *(self._repeat(duty.every, duty.action) for duty in self._duties),
                leaving=self._leave,
            )
        finally:
            log.info("worker_stopped", owner=self._owner)

    def _leave(self) -> None:
        self._execution.leave()
        self._queue.leave()

    async def _handle_wake_ups(self) -> None:
        with tasks.kept() as check:  # asked to leave as the database goes, procrastinate raises only the latter
            while True:
                try:
                    await self._queue.work(self._handle, concurrency=self._settings.sources_at_once)
                except StoreUnreachable as error:
                    log.warning("database_away", detail=str(error))
                check()
                await self._clock.sleep(_RECONNECT_AFTER)

    async def _handle(self, run_id: int) -> None:
        """Work on the run for a slice; then those that waited for its portal come first, and it goes to the back."""
        if self._execution.held:
            return  # the run stays open; the rescue wakes it when there is room again
        try:
            status = await self._execution.advance(run_id, owner=self._owner, slice_=self._settings.slice)
            async with self._pool.connection() as connection:
                run = await runs.by_id(connection, run_id)
                if run is not None:
                    for waiting in await runs.waiting_beside(connection, run.source_id):
                        await self._queue.wake(connection, waiting)
                if status is RunStatus.RUNNING and not self._execution.held:
                    await self._queue.wake(connection, run_id)
        except LeaseLost as error:
            log.info("run_is_elsewhere", run_id=run_id, detail=str(error), **error.params)
        except StoreUnreachable as error:  # the rescue finds the run again once the database is back
            log.warning("slice_lost_the_database", run_id=run_id, detail=str(error), **error.params)

    async def _repeat(self, every: timedelta, action: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await action()
            except OntologieError as error:  # the database is away, or one source is in a state that none should be
                log.warning("tick_failed", action=action.__name__, code=error.code, detail=str(error))
            except OSError as error:  # a file or a disk: the runs go on without it
                log.warning("tick_failed", action=action.__name__, detail=str(error))
            await self._clock.sleep(every)

    async def _start_due(self) -> None:
        if self._execution.held:
            return
        async with self._pool.connection() as connection:
            now = self._clock.now()
            if self._looked_at is None or now < self._looked_at - _SET_BACK:
                await self._bring_forward(connection, now)
            self._looked_at = now
            for source_id in await sources.due(connection, now):
                async with connection.transaction():
                    run = await runs.insert(connection, source_id, options=RunOptions(), trigger="schedule", now=now)
                    if run is not None:
                        await self._queue.wake(connection, run.id)

    async def _bring_forward(self, connection: Connection, now: datetime) -> None:
        """What is due later than if its last run had ended now was planned by a clock that was fast, and since set
        right: while we worked, or before we started. It must not wait until it is as late again."""
        for source in await sources.every(connection):
            regular = regular_run(source, now)
            if source.next_run_at is None or regular is None or source.next_run_at <= regular:
                continue
            last = next(iter(await runs.latest(connection, source.id, limit=1)), None)
            due = due_after(source, outcome_of(last), now=now, failures=source.failures) if last else regular
            if due is not None and due < source.next_run_at:
                log.warning("planned_anew", source_id=source.id, source=source.name, due=due.isoformat())
                await sources.after_run(connection, source.id, next_run_at=due, failures=source.failures)

    async def _rescue(self) -> None:
        """Wake every open run that nobody works on: its worker died, or its wake-up was lost."""
        if self._execution.held:
            return
        forgotten = await self._queue.forget_stalled()
        if forgotten:
            log.warning("stalled_jobs_dropped", count=forgotten)
        async with self._pool.connection() as connection:
            begun_before = self._clock.now() - _FOREGROUND_PATIENCE
            for run_id in await runs.orphans(connection, begun_before=begun_before):
                await self._queue.wake(connection, run_id)

"""The wake-ups, kept by procrastinate in our own schema: ``advance_run(run_id)`` and nothing else."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from types import TracebackType
from typing import Self

import procrastinate
import procrastinate.exceptions
import structlog
from procrastinate.app import WorkerOptions

from ontologie import tasks
from ontologie.database import queries
from ontologie.database.pool import LEAVING_PATIENCE_S, OPTIONS, Connection, reconnecting, translated
from ontologie.errors import StoreUnreachable

log = structlog.get_logger(__name__)

QUEUE = "runs"
STALLED_AFTER = timedelta(seconds=15)
_SHUTDOWN_S = 9.0
"""Longer than a slice takes that is asked to leave, shorter than the 10 s a supervisor is promised."""
_WAIT_FOR_CONNECTION_S = 6.0
"""A worker that is asked to leave while the database is away first ends this wait."""


class Queue:
    """Defers wake-ups on the caller's connection, in its transaction, and runs a worker for them."""

    def __init__(self, url: str) -> None:
        self._connector = procrastinate.PsycopgConnector(
            conninfo=url, kwargs=OPTIONS, timeout=_WAIT_FOR_CONNECTION_S, **reconnecting()
        )
        self._app = procrastinate.App(connector=self._connector)
        self._handle: Callable[[int], Awaitable[None]] | None = None
        self._task = self._app.task(name="advance_run", queue=QUEUE)(self._advance_run)

    async def __aenter__(self) -> Self:
        try:
            with _reachable(), tasks.kept():
                await self._app.open_async()
        except BaseException:
            await self._app.close_async()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._app.close_async()

    async def wake(self, connection: Connection, run_id: int, *, priority: int = 0) -> None:
        """Ask for a slice of the run; once is enough while one waits, with the higher of the priorities."""
        deferrer = self._task.configure(queueing_lock=f"run:{run_id}", priority=priority, connection=connection)
        try:
            async with connection.transaction():
                await deferrer.defer_async(run_id=run_id)
        except procrastinate.exceptions.AlreadyEnqueued:
            if priority > 0:
                await queries.execute(connection, "jobs", "hurry", lock=f"run:{run_id}", priority=priority)

    async def work(self, handle: Callable[[int], Awaitable[None]], *, concurrency: int) -> None:
        """Handle wake-ups until cancelled; then wait until those being handled have ended.

        Returns when PostgreSQL goes away or restarts: call it again.
        """
        self._handle = handle
        options: WorkerOptions = {
            "queues": [QUEUE],
            "concurrency": concurrency,
            "wait": True,
            "install_signal_handlers": False,
            "delete_jobs": "always",
            "shutdown_graceful_timeout": _SHUTDOWN_S,
            "update_heartbeat_interval": 5,
            "stalled_worker_timeout": STALLED_AFTER.total_seconds(),
            "fetch_job_polling_interval": 1,
        }
        with _reachable():
            await self._app.run_worker_async(**options)

    def leave(self) -> None:
        """This process ends: it waits for the database no longer than it must."""
        self._connector.pool.timeout = LEAVING_PATIENCE_S

    async def forget_stalled(self) -> int:
        """Drop the wake-ups of workers that died; their runs are found again by the rescue."""
        manager = self._app.job_manager
        with _reachable():
            stalled = list(await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER.total_seconds()))
            for job in stalled:
                await manager.finish_job(job, procrastinate.jobs.Status.FAILED, delete_job=True)
        return len(stalled)

    async def _advance_run(self, run_id: int) -> None:
        job = asyncio.current_task()
        if job is not None:
            job.add_done_callback(_tell_of)
        if self._handle is not None:
            await self._handle(run_id)


def _tell_of(job: asyncio.Task[None]) -> None:
    """procrastinate looks at no error of a job's own task, which it ends with when it cannot note that it is done: the
    database is away. The rescue finds the run, and the job is forgotten with its worker."""
    if not job.cancelled() and (error := job.exception()) is not None:
        log.warning("job_not_acknowledged", detail=str(error.__cause__ or error))


@contextlib.contextmanager
def _reachable() -> Iterator[None]:
    """procrastinate's word for "the database is away" in ours."""
    try:
        with translated():
            yield
    except procrastinate.exceptions.ConnectorException as error:
        raise StoreUnreachable(str(error.__cause__ or error)) from error

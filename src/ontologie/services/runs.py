"""Starting runs, following them, and running them here."""

import contextlib
from collections.abc import Callable, Sequence
from datetime import timedelta

import msgspec

from ontologie import tasks
from ontologie.database import runs, sources
from ontologie.database.pool import Connection
from ontologie.errors import LeaseLost, OperatorError, RetryLater, StoreUnreachable, UsageError
from ontologie.jobs.housekeeping import DISK_NEARLY_FULL
from ontologie.jobs.worker import owner_name
from ontologie.model.run import Run, RunEvent, RunOptions, RunStatus
from ontologie.model.source import DailyQuota, Source
from ontologie.model.user import Role
from ontologie.services.context import Context

_LOOK_AGAIN = timedelta(milliseconds=300)
_LOOK_AT_DISK_EVERY = timedelta(seconds=5)
_SLICE = timedelta(minutes=5)
"""Between slices of a long first sync what is done is made fresh; nobody else waits for this process."""
_URGENT = 10
_LOG_LINES = 500
OnProgress = Callable[[Run], None]


class RunStory(msgspec.Struct, frozen=True, kw_only=True):
    """A run, whose it is, and the last lines of its log, in order."""

    run: Run
    source: Source
    events: tuple[RunEvent, ...]
    quota: DailyQuota | None


async def start_now(context: Context, source: Source, options: RunOptions) -> Run:
    """A queued run and its wake-up, in one transaction; the open run where there is one. Before scheduled work.

    Only its first slice comes first: a first sync of hours, asked for by hand, must not starve the others either.
    """
    context.require(Role.EDITOR)
    async with context.pool.connection() as connection, connection.transaction():
        run = await _open(context, connection, source, options, trigger="user")
        if run.status is RunStatus.QUEUED:
            await context.queue.wake(connection, run.id, priority=_URGENT)
            await runs.notify(connection, source.id)
    return run


async def _open(context: Context, connection: Connection, source: Source, options: RunOptions, *, trigger: str) -> Run:
    """A new run, or the one that is open."""
    while True:
        run = await runs.insert(connection, source.id, options=options, trigger=trigger, now=context.clock.now())
        run = run or await runs.open_for_source(connection, source.id)
        if run is not None:
            return run  # else the one that was open has just ended


async def cancel(context: Context, source: Source) -> bool:
    """End the source's open run within two seconds; what it has stored stays, and the next run goes on from there.

    False when no run is open.
    """
    context.require(Role.EDITOR)
    async with context.pool.connection() as connection:
        found = await runs.open_for_source(connection, source.id)
        if found is None:
            return False
        await runs.request_cancel(connection, source.id)
        for run in await runs.cancelled_unclaimed(connection, source.id):
            await context.execution.end_cancelled(connection, run)
        await runs.notify(connection, source.id)
    return True


async def cancel_one(context: Context, run_id: int) -> None:
    """End this run, as :func:`cancel` does; one that has ended stays as it is. Raises UsageError (RUN_UNKNOWN)."""
    context.require(Role.EDITOR)
    found = await find(context, run_id)
    if found.run.status.open:
        await cancel(context, found.source)


async def sync_here(context: Context, source: Source, options: RunOptions, on_progress: OnProgress) -> Run:
    """Run to the end in this process; where a run is already open, follow that one to its end instead.

    Raises OperatorError (DISK_NEARLY_FULL): the run stays open, for a worker or the next call.
    """
    context.require(Role.EDITOR)
    check_streams(source, options.streams)
    async with context.pool.connection() as connection:
        run = await _open(context, connection, source, options, trigger="cli")
    return await _execute(context, run, on_progress)


async def find(context: Context, run_id: int) -> RunStory:
    """A run with its source and its log. Raises UsageError (RUN_UNKNOWN)."""
    async with context.pool.connection() as connection:
        run = await runs.by_id(connection, run_id)
        source = await sources.by_id(connection, run.source_id) if run else None
        if run is None or source is None:
            raise UsageError(str(run_id), code="RUN_UNKNOWN")
        events = await runs.events(connection, run_id, limit=_LOG_LINES)
        quotas = await sources.quotas(connection)
    return RunStory(run=run, source=source, events=tuple(events), quota=quotas.get(source.id))


async def history(
    context: Context, source: Source, *, limit: int, before: int | None = None, object_type: str | None = None
) -> list[Run]:
    """The source's latest runs, newest first; those before the run with the id ``before``, or of one object type."""
    async with context.pool.connection() as connection:
        return await runs.latest(connection, source.id, limit=limit, before=before, object_type=object_type)


async def _execute(context: Context, run: Run, on_progress: OnProgress) -> Run:
    """Try to carry the run on here; while another process holds the portal, watch it. The claim decides which."""
    owner = owner_name()
    try:
        async with tasks.beside(_watch(context, run.id, on_progress), _watch_disk(context)):
            while True:
                try:
                    await context.housekeeping.watch_disk()
                    if context.execution.held:
                        raise OperatorError("no room", code=DISK_NEARLY_FULL)
                    await context.execution.advance(run.id, owner=owner, slice_=_SLICE)
                except LeaseLost:
                    await context.clock.sleep(_LOOK_AGAIN)
                except StoreUnreachable:
                    await context.clock.sleep(_LOOK_AGAIN)
                    continue
                ended = await _read(context, run.id)
                if not ended.status.open:
                    return ended
    finally:
        on_progress(await _read(context, run.id))


async def _watch(context: Context, run_id: int, on_progress: OnProgress) -> None:
    while True:
        with contextlib.suppress(RetryLater):
            on_progress(await _read(context, run_id))
            await context.execution.obey()
        await context.clock.sleep(_LOOK_AGAIN)


async def _watch_disk(context: Context) -> None:
    while True:
        await context.clock.sleep(_LOOK_AT_DISK_EVERY)
        with contextlib.suppress(RetryLater):
            await context.housekeeping.watch_disk()


async def _read(context: Context, run_id: int) -> Run:
    async with context.pool.connection() as connection:
        run = await runs.by_id(connection, run_id)
    if run is None:
        raise OperatorError("the source was removed", code="SOURCE_REMOVED")
    return run


def check_streams(source: Source, asked: Sequence[str]) -> None:
    """Raises UsageError (STREAM_UNKNOWN) for a stream that the source does not read."""
    for name in asked:
        if name not in source.streams:
            raise UsageError(name, code="STREAM_UNKNOWN", stream=name, known=", ".join(source.streams))


def exit_code(status: RunStatus) -> int:
    """The promise of ``ontologie sync``: 4 Action required > 1 Error > 3 Partial > 0 Synced."""
    return {RunStatus.SYNCED: 0, RunStatus.PARTIAL: 3, RunStatus.ACTION_REQUIRED: 4, RunStatus.CANCELLED: 130}.get(
        status, 1
    )

"""One slice of a run: every object type side by side, each failing alone."""

import asyncio
import enum
from collections.abc import Sequence
from datetime import timedelta

import msgspec
import structlog

from ontologie.clock import Clock
from ontologie.connectors.contract import Connector, Session
from ontologie.database import sources
from ontologie.database.migrate import READER
from ontologie.database.pool import Pool
from ontologie.errors import ActionRequired, LeaseLost, OntologieError, QuotaReached, RetryLater, StreamStopped
from ontologie.model.run import ObjectProgress, Run, RunStatus
from ontologie.model.source import Source
from ontologie.model.stream import AssociationPair, Stream, StreamStatus
from ontologie.store import read as store_read
from ontologie.store import reference, tables, views
from ontologie.sync import lease
from ontologie.sync.object_run import ObjectRun, Stop
from ontologie.sync.progress import RunProgress

log = structlog.get_logger(__name__)


class EngineSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What the operator may set about runs."""

    lease: timedelta = timedelta(seconds=15)
    records_per_sync_limit: int = 500_000


class Work(msgspec.Struct, frozen=True, kw_only=True):
    """A run with all it needs: its source, the connector and an open session."""

    run: Run
    source: Source
    connector: Connector
    session: Session
    owner: str
    slice: timedelta | None = None
    """None: to the end."""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """How a slice ended. ``status`` RUNNING: there is more to do."""

    status: RunStatus
    diagnosis_code: str | None = None
    diagnosis_params: dict[str, str | int] = {}


class _Order(enum.IntEnum):
    """From best to worst, so that a run shows the worst of its object types."""

    SYNCED = 0
    PARTIAL = 1
    ERROR = 2
    ACTION_REQUIRED = 3


async def run_slice(pool: Pool, clock: Clock, settings: EngineSettings, work: Work) -> Outcome:
    """Work on a run for one slice.

    Raises LeaseLost when another worker has the source. Every other error ends in the outcome.
    """
    progress = RunProgress(pool, clock, work.run, record_limit=settings.records_per_sync_limit)
    async with pool.connection() as connection:
        await tables.ensure_source_schema(connection, work.source.schema_name, READER)
    try:
        async with lease.held(
            pool, clock, schema_name=work.source.schema_name, owner=work.owner, ttl=settings.lease
        ) as epoch:
            await _read_account(pool, work)
            await _read_reference_data(pool, work, epoch)
            stopped = await _read_objects(pool, clock, work, progress, epoch)
            await _refresh_views(pool, work)
            return await _outcome(pool, clock, work, progress, stopped)
    except (LeaseLost, asyncio.CancelledError):
        raise
    except OntologieError as error:
        log.warning("run_failed", run_id=work.run.id, code=error.code, detail=str(error))
        return _failed(error)


async def _read_account(pool: Pool, work: Work) -> None:
    """Know whose account it is before a single record is stored: never mix two portals in one schema."""
    account = await work.session.account()
    known = work.source.account
    if known is not None and known.portal_id != account.portal_id:
        raise ActionRequired(
            "another portal", code="HUBSPOT_OTHER_PORTAL", found=account.portal_id, expected=known.portal_id
        )
    if account != known:
        async with pool.connection() as connection:
            await sources.set_account(connection, work.source.id, account)


async def _read_reference_data(pool: Pool, work: Work, epoch: int) -> None:
    object_types = [name for stream in chosen_streams(work.connector, work.source, work.run) for name in stream.object_types]
    data = await work.session.reference_data(object_types)
    async with pool.connection() as connection:
        await reference.write_reference_data(connection, work.source.schema_name, data, epoch)


def chosen_streams(connector: Connector, source: Source, run: Run) -> list[Stream]:
    """The streams this run reads: the source's, or those that were asked of the run."""
    wanted = set(run.options.streams or source.streams)
    return [stream for stream in connector.streams if stream.name in wanted and stream.name in source.streams]


async def _read_objects(
    pool: Pool, clock: Clock, work: Work, progress: RunProgress, epoch: int
) -> list[Stop]:
    deadline = None if work.slice is None else clock.monotonic() + work.slice.total_seconds()
    all_types = [name for stream in work.connector.streams if stream.name in work.source.streams
                 for name in stream.object_types]
    pairs = work.connector.pairs(all_types)
    jobs = []
    for stream in chosen_streams(work.connector, work.source, work.run):
        for object_type in stream.object_types:
            known = progress.object(object_type)
            if known is not None and known.status is StreamStatus.SYNCED:
                continue  # an earlier slice of this run has finished it
            object_run = ObjectRun(
                pool, clock, work.session, progress, source=work.source, run=work.run
            )
            own_pairs = [pair for pair in pairs if pair.from_type == object_type]
            jobs.append(_read_one(object_run, stream.name, object_type, own_pairs, epoch=epoch, deadline=deadline))
    return list(await asyncio.gather(*jobs))


async def _read_one(
    object_run: ObjectRun,
    stream: str,
    object_type: str,
    pairs: Sequence[AssociationPair],
    *,
    epoch: int,
    deadline: float | None,
) -> Stop:
    """Read one object type; its failure is noted on it alone, so that the others go on."""
    progress = object_run.progress
    try:
        await progress.begin(object_type, stream, expected=None)
        stop = await object_run.read(object_type, pairs, epoch=epoch, deadline=deadline)
    except LeaseLost:
        raise
    except OntologieError as error:
        await object_run.fail(object_type, _status_of(error), error)
        return Stop.FAILED
    return stop


def _status_of(error: OntologieError) -> StreamStatus:
    if isinstance(error, QuotaReached | RetryLater):
        return StreamStatus.ERROR
    if isinstance(error, ActionRequired | StreamStopped):
        return StreamStatus.ACTION_REQUIRED
    return StreamStatus.ERROR


def _failed(error: OntologieError) -> Outcome:
    status = _status_of(error)
    return Outcome(
        status=RunStatus(status.value), diagnosis_code=error.code, diagnosis_params=error.params
    )


async def _refresh_views(pool: Pool, work: Work) -> None:
    async with pool.connection() as connection:
        await views.rebuild(connection, work.source.schema_name, READER)


async def _outcome(
    pool: Pool, clock: Clock, work: Work, progress: RunProgress, stopped: Sequence[Stop]
) -> Outcome:
    if Stop.CANCELLED in stopped:
        return Outcome(status=RunStatus.CANCELLED)
    if Stop.SLICE_OVER in stopped:
        return Outcome(status=RunStatus.RUNNING)
    for item in progress.objects():
        await _save_state(pool, clock, work, item)
    worst = max((_Order[item.status.name] for item in progress.objects()), default=_Order.SYNCED)
    bad = next((item for item in progress.objects() if item.status.name == worst.name and item.diagnosis_code), None)
    return Outcome(
        status=RunStatus(worst.name.lower()),
        diagnosis_code=bad.diagnosis_code if bad else None,
        diagnosis_params=bad.diagnosis_params if bad else {},
    )


async def _save_state(pool: Pool, clock: Clock, work: Work, item: ObjectProgress) -> None:
    async with pool.connection() as connection:
        live = await store_read.live_count(connection, work.source.schema_name, item.object_type)
        synced_at = clock.now() if item.status is StreamStatus.SYNCED else None
        await sources.save_object_state(connection, work.source.id, item, records=live, synced_at=synced_at)



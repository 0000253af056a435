"""One slice of a run: every object type side by side, each failing alone."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
import structlog

from ontologie import tasks
from ontologie.clock import Clock
from ontologie.connectors.contract import SessionTerms
from ontologie.database import sources
from ontologie.database.migrate import READER
from ontologie.database.pool import Pool
from ontologie.errors import (
    ActionRequired,
    AuthorizationLost,
    LeaseLost,
    OntologieError,
    OperatorError,
    QuotaReached,
    StoreUnreachable,
    StreamStopped,
)
from ontologie.model.run import ObjectProgress, RunStatus
from ontologie.model.source import DailyQuota, Source
from ontologie.model.stream import StreamStatus
from ontologie.store import read, rhythms, tables, views
from ontologie.store.outset import Outset, read_outset
from ontologie.sync import lease, reference_data
from ontologie.sync.definitions import LINKS
from ontologie.sync.interruption import Stop
from ontologie.sync.object_run import Assignment, ObjectRun
from ontologie.sync.progress import RunProgress
from ontologie.sync.upkeep import Upkeep
from ontologie.sync.work import Slice, Work

log = structlog.get_logger(__name__)


class EngineSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What the operator may set about runs."""

    lease: timedelta = timedelta(seconds=15)
    records_per_sync_limit: int = 500_000
    upkeep: Upkeep = Upkeep()
    terms: SessionTerms = SessionTerms()


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """How a slice ended. ``status`` RUNNING: there is more to do."""

    status: RunStatus
    objects: tuple[ObjectProgress, ...] = ()
    diagnosis_code: str | None = None
    diagnosis_params: dict[str, str | int] = {}


_WORST_FIRST = (StreamStatus.ACTION_REQUIRED, StreamStatus.ERROR, StreamStatus.PARTIAL, StreamStatus.SYNCED)


async def run_slice(pool: Pool, clock: Clock, settings: EngineSettings, work: Work) -> Outcome:
    """Work on a run for one slice. An object type that fails says so in the outcome, and the others go on.

    Raises what stops the run as a whole, for :func:`failed`; but LeaseLost when another worker has the source and
    StoreUnreachable when the database is away: the run stays open then.
    """
    name = work.source.schema_name
    async with pool.connection() as connection:
        await tables.ensure_source_schema(connection, name, READER)
    async with lease.held(pool, clock, schema_name=name, owner=work.owner, ttl=settings.lease) as epoch:
        limit = settings.records_per_sync_limit
        progress = RunProgress(pool, clock, work.run, record_limit=limit, usage=work.session.usage)
        progress.note("slice_began", worker=work.owner)
        slice_ = Slice(
            pool=pool,
            clock=clock,
            work=work,
            upkeep=settings.upkeep,
            progress=progress,
            epoch=epoch,
            deadline=None if work.slice is None else clock.monotonic() + work.slice.total_seconds(),
        )
        async with tasks.beside(progress.keep_writing()):
            ended = await work.interruption.bound(clock, _read_all(slice_))
            stops, missed = ended or ([work.interruption.stop or Stop.SLICE_OVER], None)
            outcome = _outcome(progress.objects(), stops, missed)
            await progress.write()
        await _save_states(pool, clock, work, outcome)
        return outcome


def failed(source: Source, found: OntologieError) -> Outcome:
    """How a run ends that this error stopped as a whole."""
    error = told(source, found)
    log.warning("run_failed", code=error.code, detail=str(error))
    return Outcome(status=RunStatus(_status_of(error).value), diagnosis_code=error.code, diagnosis_params=error.params)


async def _read_all(slice_: Slice) -> tuple[list[Stop], OntologieError | None]:
    """Everything that a slice reads, and the views over it. The error is what owners, pipelines or labels met: it costs
    no record."""
    work = slice_.work
    object_types = [name for stream in work.streams() for name in stream.object_types]
    async with slice_.pool.connection() as connection:
        outset = await read_outset(connection, slice_.source.schema_name, object_types)
    # What will be read from nothing: the session may ask while we learn whose account it is.
    work.session.expect([name for name in object_types if name not in outset.schemas])
    outset = await _read_account(slice_.pool, work, outset)
    async with tasks.beside(reference_data.read_when_due(slice_, outset)) as [reading]:
        object_run = ObjectRun(slice_)
        stops = await _read_objects(object_run, slice_, outset)
        missed = await _reference_data(slice_, outset, reading, linked_anew=object_run.linked_anew)
    async with slice_.pool.connection() as connection:
        await views.rebuild(connection, slice_.source.schema_name, READER)
    return stops, missed


async def _reference_data(
    slice_: Slice, outset: Outset, reading: asyncio.Task[datetime], *, linked_anew: bool
) -> OntologieError | None:
    """What reading them met; they stay as they were then."""
    try:
        since = await reading
        await reference_data.read_what_is_new(slice_, outset, since=since, linked_anew=linked_anew)
    except (LeaseLost, StoreUnreachable):
        raise
    except OntologieError as found:
        error = told(slice_.source, found)
        log.warning("reference_data_missed", code=error.code, detail=str(error))
        return error
    return None


def _status_of(error: OntologieError) -> StreamStatus:
    """What a stream says of itself after this error. A used-up quota ends by itself, so we say that we retry."""
    if isinstance(error, ActionRequired | StreamStopped | OperatorError) and not isinstance(error, QuotaReached):
        return StreamStatus.ACTION_REQUIRED
    return StreamStatus.ERROR


async def _read_account(pool: Pool, work: Work, outset: Outset) -> Outset:
    """Know whose account it is before a single record is stored: never mix two portals in one schema. What is to be
    gone by from then on."""
    account = await work.session.account()
    known = work.source.account
    if known is not None and known.portal_id != account.portal_id:
        raise ActionRequired(
            "another portal", code="HUBSPOT_OTHER_PORTAL", found=account.portal_id, expected=known.portal_id
        )
    if account != known:
        async with pool.connection() as connection:
            if known is not None and not set(account.scopes or ()) <= set(known.scopes or ()):
                # Links that were refused before may be readable now, and nothing else would ask for the old ones.
                links = [name for name in outset.readings if name.startswith(LINKS)]
                await rhythms.forget(connection, work.source.schema_name, links)
                kept = {name: item for name, item in outset.readings.items() if name not in links}
                outset = msgspec.structs.replace(outset, readings=kept)
            await sources.set_account(connection, work.source.id, account)
    return outset


async def _read_objects(object_run: ObjectRun, slice_: Slice, outset: Outset) -> list[Stop]:
    work = slice_.work
    pairs = work.connector.pairs(work.object_types())
    reading = []
    try:
        async with asyncio.TaskGroup() as group:
            for stream in work.streams():
                for object_type in stream.object_types:
                    if _stopped(slice_.progress.object(object_type)):
                        continue
                    assignment = Assignment(
                        object_type=object_type,
                        stream=stream.name,
                        pairs=tuple(pair for pair in pairs if pair.from_type == object_type),
                    )
                    reading.append(group.create_task(_read_one(work, object_run, assignment, outset)))
    except* (LeaseLost, StoreUnreachable) as lost:
        raise lost.exceptions[0] from None
    return [task.result() for task in reading]


def _stopped(known: ObjectProgress | None) -> bool:
    """An earlier slice of this run has met what stops the object type for good.

    One that was brought to its end is read again, a search where nothing changed: others may go on for hours.
    """
    return known is not None and known.status not in (StreamStatus.SYNCING, StreamStatus.SYNCED)


def told(source: Source, error: OntologieError) -> OntologieError:
    """A token that opened the account before and is refused now was not mistyped: it was withdrawn."""
    if error.code == "HUBSPOT_TOKEN_INVALID" and source.account is not None:
        return AuthorizationLost(str(error), code="HUBSPOT_TOKEN_REVOKED")
    return error


async def _examined(work: Work, error: OntologieError) -> OntologieError:
    """The session's closer look; where even that is refused, what it was."""
    try:
        return told(work.source, await work.session.examine(error))
    except OntologieError as refused:
        log.info("examination_failed", code=refused.code)
        return told(work.source, error)


async def _read_one(work: Work, object_run: ObjectRun, assignment: Assignment, outset: Outset) -> Stop:
    """Read one object type; its failure is noted on it alone, so that the others go on."""
    try:
        return await object_run.read(assignment, outset)
    except (LeaseLost, StoreUnreachable):
        raise
    except OntologieError as found:
        error = await _examined(work, found)
        log.warning("stream_stopped", object_type=assignment.object_type, code=error.code, detail=str(error))
        object_run.fail(assignment.object_type, _status_of(error), error)
    except Exception as error:
        log.exception("stream_broke", object_type=assignment.object_type)
        object_run.fail(assignment.object_type, StreamStatus.ERROR, OntologieError(type(error).__name__))
    return Stop.FAILED


def _outcome(objects: Sequence[ObjectProgress], stops: Sequence[Stop], missed: OntologieError | None) -> Outcome:
    if Stop.CANCELLED in stops:
        return Outcome(status=RunStatus.CANCELLED, objects=tuple(objects))
    if Stop.SLICE_OVER in stops:
        return Outcome(status=RunStatus.RUNNING, objects=tuple(objects))
    for status in _WORST_FIRST:
        if missed is not None and status is StreamStatus.SYNCED:
            break
        for item in objects:
            if item.status is status:
                return Outcome(
                    status=RunStatus(status.value),
                    objects=tuple(objects),
                    diagnosis_code=item.diagnosis_code,
                    diagnosis_params=item.diagnosis_params,
                )
    if missed is not None:
        return Outcome(
            status=RunStatus(_status_of(missed).value),
            objects=tuple(objects),
            diagnosis_code=missed.code,
            diagnosis_params=missed.params,
        )
    return Outcome(status=RunStatus.SYNCED)


async def _save_states(pool: Pool, clock: Clock, work: Work, outcome: Outcome) -> None:
    """What each object type says of itself from now on."""
    # Of one that still syncs the open run speaks.
    ended = [item for item in outcome.objects if item.status is not StreamStatus.SYNCING]
    async with pool.connection() as connection:
        live = await read.live_counts(connection, work.source.schema_name, [item.object_type for item in ended])
        states = [
            sources.state_after(
                work.source.id,
                item,
                records=live.get(item.object_type),
                synced_at=item.ended_at if item.status is StreamStatus.SYNCED else None,
            )
            for item in ended
        ]
        await sources.save_object_states(connection, states)
        usage = work.session.usage()
        if usage.daily_limit is not None and usage.daily_left is not None:
            quota = DailyQuota(limit=usage.daily_limit, left=usage.daily_left, told_at=clock.now())
            await sources.set_quota(connection, work.source.id, quota)

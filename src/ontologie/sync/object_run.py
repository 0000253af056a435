"""Reading one object type within a run: its schema, the segments that are due, and what a sweep did not see."""

import asyncio
import contextlib
import enum
from collections.abc import AsyncGenerator, Sequence
from datetime import timedelta

import msgspec

from ontologie.clock import Clock
from ontologie.connectors.contract import Session
from ontologie.database.pool import Connection, Pool
from ontologie.errors import OntologieError, StreamStopped
from ontologie.model.checkpoint import Segment, SegmentKind
from ontologie.model.conformed import Conformed
from ontologie.model.record import Batch, Record
from ontologie.model.run import Run
from ontologie.model.schema import ObjectSchema
from ontologie.model.source import Source
from ontologie.model.stream import AssociationPair, StreamStatus
from ontologie.store import checkpoints, read, rhythms, sweep, tables
from ontologie.store.load import LoadTarget, load
from ontologie.sync.conform import conform
from ontologie.sync.progress import RunProgress

_SETTLE_RECORDS = 2_000
_HELD_LEAST_RECORDS = 1_000
_HELD_SHARE = 0.05


class Upkeep(msgspec.Struct, frozen=True, kw_only=True):
    """How often what rarely changes is read again, and what is erased when."""

    definitions: timedelta = timedelta(hours=1)
    """Property definitions, owners, pipelines, association labels."""
    erase_archived_after: timedelta = timedelta(days=90)
    erase_engagements: bool = False
    """With the values of an erased person, also those of the engagements attached to them."""


class Stop(enum.Enum):
    """Why the reading of an object type ended."""

    DONE = enum.auto()
    SLICE_OVER = enum.auto()
    LIMIT_REACHED = enum.auto()
    CANCELLED = enum.auto()
    FAILED = enum.auto()


class Assignment(msgspec.Struct, frozen=True, kw_only=True):
    """What one object type is to be read for, under which epoch, and until when (monotonic seconds, None: no end)."""

    object_type: str
    stream: str
    pairs: tuple[AssociationPair, ...]
    epoch: int
    deadline: float | None


class ObjectRun:
    """The road of one object type's records from the session into the store."""

    def __init__(
        self, pool: Pool, clock: Clock, session: Session, progress: RunProgress, *, source: Source, run: Run
    ) -> None:
        self._pool = pool
        self._clock = clock
        self._session = session
        self._progress = progress
        self._source = source
        self._run = run

    async def read(self, assignment: Assignment, upkeep: Upkeep) -> Stop:
        """Read what is due, until it is done or something asks to stop."""
        object_type = assignment.object_type
        first_slice = self._progress.object(object_type) is None
        await self._progress.begin(object_type, assignment.stream, expected=None)
        async with self._pool.connection() as connection:
            schema, reread = await self._schema(connection, object_type, upkeep)
            target = LoadTarget(schema_name=self._source.schema_name, schema=schema, epoch=assignment.epoch)
            segments = await self._plan(connection, target, first_slice=first_slice, reread=reread)
            for segment in segments:
                stop = await self._read_segment(connection, target, segment, assignment)
                if stop is not Stop.DONE:
                    return await self._pause(object_type, stop)
            await self._settle_absent(connection, target, assignment.pairs, upkeep)
            if any(segment.kind is SegmentKind.SWEEP for segment in segments):
                await self._compare(connection, target)
                cutoff = self._clock.now() - upkeep.erase_archived_after
                await sweep.erase_archived(connection, target, archived_before=cutoff)
        await self._end(object_type, StreamStatus.SYNCED)
        return Stop.DONE

    async def fail(self, object_type: str, status: StreamStatus, error: OntologieError) -> None:
        """Note what stopped this object type."""
        await self._end(object_type, status, error.code, error.params)

    async def _schema(self, connection: Connection, object_type: str, upkeep: Upkeep) -> tuple[ObjectSchema, bool]:
        """The schema, from the store while it is young enough; and whether all records must be read again for it."""
        name = self._source.schema_name
        key = f"definitions:{object_type}"
        read_at = await rhythms.last(connection, name, key)
        now = self._clock.now()
        asked = self._run.options.check or self._run.options.full
        if read_at is not None and now - read_at < upkeep.definitions and not asked:
            stored = await tables.read_schema(connection, name, object_type)
            if stored is not None:
                return stored, False
        excluded = self._source.excluded_properties.get(object_type, ())
        schema = await self._session.schema(object_type, excluded, sensitive=self._source.sensitive)
        drift = await tables.ensure_object_table(connection, name, schema)
        await rhythms.mark(connection, name, key, now)
        return schema, bool(drift.added or drift.retyped)

    async def _plan(
        self, connection: Connection, target: LoadTarget, *, first_slice: bool, reread: bool
    ) -> tuple[Segment, ...]:
        """What is due; written down before the first request, so that a kill forgets none of it."""
        object_type = target.schema.object_type
        checkpoint = await checkpoints.read_checkpoint(connection, target.schema_name, object_type)
        options = self._run.options
        segments = self._session.plan(
            checkpoint,
            now=self._clock.now(),
            check=options.check and first_slice,
            full=(options.full and first_slice) or (reread and bool(checkpoint.segments)),
        )
        async with connection.transaction():
            for segment in segments:
                await checkpoints.write_segment(connection, target.schema_name, object_type, segment)
        return segments

    async def _read_segment(
        self, connection: Connection, target: LoadTarget, segment: Segment, assignment: Assignment
    ) -> Stop:
        """Read and store batch by batch; the next one is conformed while one is stored."""
        object_type = assignment.object_type
        backfill = segment.kind is SegmentKind.BACKFILL
        deleted = 0
        async with (
            contextlib.aclosing(self._session.read(segment, target.schema, assignment.pairs)) as batches,
            contextlib.aclosing(self._conformed(batches, target.schema)) as conformed,
        ):
            async for batch, columns in conformed:
                if batch.total is not None:
                    self._progress.expect(object_type, batch.total)
                if segment.kind is SegmentKind.ARCHIVED:
                    deleted += await self._held_if_too_many(connection, target, batch, deleted)
                counts = await load(connection, target, batch, columns)
                await self._progress.loaded(object_type, read=len(batch.records), counts=counts, backfill=backfill)
                stop = None if batch.segment.done else self._asked_to_stop(assignment, backfill=backfill)
                if stop is not None:
                    return stop
        return Stop.DONE

    def _asked_to_stop(self, assignment: Assignment, *, backfill: bool) -> Stop | None:
        if self._progress.cancelled:
            return Stop.CANCELLED
        if backfill and self._progress.limit_reached:
            return Stop.LIMIT_REACHED
        if assignment.deadline is not None and self._clock.monotonic() >= assignment.deadline:
            return Stop.SLICE_OVER
        return None

    async def _conformed(
        self, batches: AsyncGenerator[Batch, None], schema: ObjectSchema
    ) -> AsyncGenerator[tuple[Batch, Conformed], None]:
        """Each batch with its columns, one ahead of the caller."""

        async def following() -> tuple[Batch, Conformed] | None:
            batch = await anext(batches, None)
            return None if batch is None else (batch, await self._conform(batch.records, schema))

        ahead = asyncio.ensure_future(following())
        try:
            while (found := await ahead) is not None:
                ahead = asyncio.ensure_future(following())
                yield found
        finally:
            ahead.cancel()
            await asyncio.gather(ahead, return_exceptions=True)

    async def _conform(self, records: Sequence[Record], schema: ObjectSchema) -> Conformed:
        """In a thread: the event loop has to send requests at the moment their budget counts them for."""
        return await asyncio.to_thread(conform, records, schema, self._clock.now())

    async def _settle_absent(
        self, connection: Connection, target: LoadTarget, pairs: Sequence[AssociationPair], upkeep: Upkeep
    ) -> None:
        """Mark what a sweep did not see, each id confirmed first; hold it when it is too much to be true."""
        object_type = target.schema.object_type
        absent = await sweep.absent_count(connection, target.schema_name, object_type)
        if not absent:
            return
        await self._hold(connection, target, absent)
        while ids := await sweep.absent_ids(connection, target.schema_name, object_type, limit=_SETTLE_RECORDS):
            fates, link_sets = await self._session.resolve(ids, target.schema, pairs)
            known = (*fates.live, *fates.archived)
            conformed = await self._conform(known, target.schema)
            counts = await sweep.settle(
                connection,
                target,
                sweep.Settlement(ids=tuple(ids), fates=fates, link_sets=link_sets, conformed=conformed),
            )
            if upkeep.erase_engagements and object_type == "contacts":
                await sweep.erase_engagements(connection, target, fates.gone)
            await self._progress.loaded(object_type, read=len(known), counts=counts, backfill=False)

    async def _held_if_too_many(
        self, connection: Connection, target: LoadTarget, batch: Batch, before: int
    ) -> int:
        """How many live rows this batch of the archived list would delete, ``before`` it so many in this run."""
        ids = [record.id for record in batch.records]
        found = await read.live_among(connection, target.schema_name, target.schema.object_type, ids)
        if found:
            await self._hold(connection, target, before + found)
        return found

    async def _hold(self, connection: Connection, target: LoadTarget, deleted: int) -> None:
        """Raise StreamStopped (MASS_DELETION_HELD) when so many deletions are too much to be true unconfirmed."""
        object_type = target.schema.object_type
        if self._run.options.confirm_deletions or deleted <= _HELD_LEAST_RECORDS:
            return
        live = await read.live_count(connection, target.schema_name, object_type)
        if deleted > _HELD_SHARE * live:
            raise StreamStopped(
                f"{deleted} of {live} {object_type} disappeared",
                code="MASS_DELETION_HELD",
                count=deleted,
                object_type=object_type,
                source=self._source.name,
            )

    async def _compare(self, connection: Connection, target: LoadTarget) -> None:
        """Count both sides after a full check: what the account and the store say of the same records."""
        object_type = target.schema.object_type
        theirs = await self._session.count(object_type)
        ours = await read.live_count(connection, target.schema_name, object_type)
        self._progress.compared(object_type, ours=ours, theirs=theirs)

    async def _pause(self, object_type: str, stop: Stop) -> Stop:
        if stop is Stop.LIMIT_REACHED:
            await self._end(object_type, StreamStatus.PARTIAL, "RECORDS_LIMIT_REACHED", {"limit": self._progress.limit})
        else:
            await self._end(object_type, StreamStatus.SYNCING)
        return stop

    async def _end(
        self,
        object_type: str,
        status: StreamStatus,
        code: str | None = None,
        params: dict[str, str | int] | None = None,
    ) -> None:
        requests = self._session.requests_by_object_type().get(object_type, 0)
        await self._progress.end(object_type, status, requests=requests, diagnosis_code=code, diagnosis_params=params)

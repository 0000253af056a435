"""Reading one object type within a run: its schema, the segments that are due, and what a sweep did not see."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Sequence
from datetime import datetime

import msgspec

from ontologie import tasks
from ontologie.database.migrate import READER
from ontologie.errors import OntologieError
from ontologie.model.checkpoint import Checkpoint, Segment, SegmentKind
from ontologie.model.conformed import NONE, Conformed
from ontologie.model.record import Batch, Record
from ontologie.model.schema import ObjectSchema
from ontologie.model.stream import AssociationPair, StreamStatus
from ontologie.store import checkpoints, indexes, retyping, rhythms
from ontologie.store.load import load
from ontologie.store.outset import Outset, read_outset
from ontologie.store.target import LoadTarget
from ontologie.sync.conform import conform
from ontologie.sync.definitions import Definitions, tells_of_change
from ontologie.sync.interruption import Stop
from ontologie.sync.promises import kept
from ontologie.sync.reconcile import Reconciler
from ontologie.sync.work import Slice
from ontologie.tracing import span


class Assignment(msgspec.Struct, frozen=True, kw_only=True):
    """What one object type is to be read for."""

    object_type: str
    stream: str
    pairs: tuple[AssociationPair, ...]


class _Passed(msgspec.Struct, frozen=True, kw_only=True):
    """How a pass through what is due ended."""

    target: LoadTarget
    stop: Stop
    stale: bool
    """A record told that the definitions have changed."""
    brought: bool
    """Something was to be stored beside how far it has come."""


class ObjectRun:
    """The road of one object type's records from the session into the store.

    A connection is borrowed where something is read or stored, never across a request: hundreds of object types are
    read over a few connections.
    """

    def __init__(self, slice_: Slice) -> None:
        self._slice = slice_
        self._progress = slice_.progress
        self._definitions = Definitions(slice_)
        self._reconciler = Reconciler(slice_)

    @property
    def linked_anew(self) -> bool:
        """See :class:`ontologie.sync.definitions.Definitions`."""
        return self._definitions.linked_anew

    async def read(self, assignment: Assignment, outset: Outset) -> Stop:
        """Read what is due, until it is done or something asks to stop.

        One that an earlier slice of the run has brought to its end is read again for what has changed meanwhile; that
        never holds the run open, or streams that change all the time would keep each other from ending.
        """
        before = self._progress.object(assignment.object_type)
        await self._progress.begin(assignment.object_type, assignment.stream)
        # What was asked of this run is written down as segments: a later slice goes on with them.
        planned = outset.readings.get(_planning(assignment.object_type))
        asked = planned is None or planned.at != self._slice.run.created_at
        check = self._slice.run.options.check and asked
        full = self._slice.run.options.full and asked
        passed = await self._pass(assignment, outset, check=check, full=full, now=False)
        if passed.stop is Stop.DONE and passed.stale:
            passed = await self._again(assignment, passed, check=False, now=True)
        if passed.stop is Stop.DONE and await self._drifted(passed, outset):
            passed = await self._again(assignment, passed, check=True, now=False)
        stop = passed.stop
        if stop is Stop.SLICE_OVER and before is not None and before.status is StreamStatus.SYNCED:
            self._end(assignment.object_type, StreamStatus.SYNCED, ended_at=before.ended_at)
            return Stop.DONE
        if stop is not Stop.DONE:
            return self._pause(assignment.object_type, stop)
        self._end(assignment.object_type, StreamStatus.SYNCED)
        return Stop.DONE

    async def _drifted(self, passed: "_Passed", outset: Outset) -> bool:
        """Whether the counts have come apart. While we wait for the account's, what reading needs is made."""
        target = passed.target

        async def made_ready() -> None:
            if passed.brought or target.schema.object_type in outset.untended:
                async with self._slice.pool.connection() as connection:
                    await indexes.ensure_indexes(connection, target.schema_name, target.schema.object_type)

        async with tasks.beside(made_ready()) as [making]:
            drifted = await self._reconciler.drifted(target, outset.readings)
            await making
        return drifted

    async def _again(self, assignment: Assignment, before: "_Passed", *, check: bool, now: bool) -> "_Passed":
        """Another pass in the same slice, from what the one before has left."""
        async with self._slice.pool.connection() as connection:
            outset = await read_outset(connection, self._slice.source.schema_name, [assignment.object_type])
        found = await self._pass(assignment, outset, check=check, full=False, now=now)
        return msgspec.structs.replace(found, brought=found.brought or before.brought)

    async def _pass(
        self, assignment: Assignment, outset: Outset, *, check: bool, full: bool, now: bool
    ) -> "_Passed":
        """Once through all that is due."""
        pairs = assignment.pairs
        known = await self._definitions.known(assignment.object_type, pairs, outset, now=now)
        target = LoadTarget(
            schema_name=self._slice.source.schema_name,
            schema=known.schema,
            epoch=self._slice.epoch,
            hard_delete=self._slice.source.hard_delete,
        )
        checkpoint = outset.checkpoints[assignment.object_type]
        segments = await self._plan(target, checkpoint, check=check or known.unfilled, full=full)
        placed = await self._definitions.settle(known)
        target = msgspec.structs.replace(target, schema=placed)
        stale = brought = False
        for segment in segments:
            stop, told, came = await self._read_segment(target, segment, assignment)
            stale, brought = stale or (told and not known.fresh), brought or came
            if stop is not Stop.DONE:
                return _Passed(target=target, stop=stop, stale=stale, brought=brought)
            self._progress.covered(assignment.object_type, segment)
        if target.schema.outgoing:
            async with self._slice.pool.connection() as connection:
                target = await retyping.take_over(connection, target, READER)
        if brought or assignment.object_type in outset.left_open:
            await self._reconciler.settle(target, pairs, self._conform)
        for segment in segments:
            if segment.kind is SegmentKind.SWEEP:
                await self._reconciler.after_check(target, began=segment.window_from)
        return _Passed(target=target, stop=Stop.DONE, stale=stale, brought=brought)

    def fail(self, object_type: str, status: StreamStatus, error: OntologieError) -> None:
        """Note what stopped this object type."""
        self._end(object_type, status, error.code, error.params)

    async def _plan(
        self, target: LoadTarget, checkpoint: Checkpoint, *, check: bool, full: bool
    ) -> tuple[Segment, ...]:
        """What is due. What was asked for is written down before the first request, so that a kill forgets none of it;
        what is due by the clock would be planned again."""
        object_type = target.schema.object_type
        segments = self._slice.session.plan(checkpoint, now=self._slice.clock.now(), check=check, full=full)
        if check or full:
            async with self._slice.pool.connection() as connection, connection.transaction():
                for segment in segments:
                    await checkpoints.write_segment(connection, target.schema_name, object_type, segment)
                await rhythms.mark(connection, target.schema_name, _planning(object_type), self._slice.run.created_at)
        return segments

    async def _read_segment(
        self, target: LoadTarget, segment: Segment, assignment: Assignment
    ) -> tuple[Stop, bool, bool]:
        """Read and store batch by batch; the next one is conformed while one is stored. Also whether a changed record
        told that the definitions have changed, and whether anything came."""
        object_type = assignment.object_type
        self._progress.phase(object_type, segment.kind.value)
        told = came = False
        read = self._slice.session.read(segment, target.schema, assignment.pairs)
        async with (
            contextlib.aclosing(kept(read, segment, target.schema, assignment.pairs)) as batches,
            contextlib.aclosing(self._conformed(batches, target.schema)) as conformed,
        ):
            async for batch, columns, changed in conformed:
                if batch.total is not None:
                    self._progress.expect(object_type, batch.total)
                told, came = told or changed, came or not batch.bare
                self._note_unreadable(batch, assignment.pairs)
                with span("load", object_type=object_type, records=len(batch.records)):
                    async with self._slice.pool.connection() as connection:
                        counts = await load(connection, target, batch, columns)
                self._progress.loaded(object_type, segment.kind, read=len(batch.records), counts=counts)
                stop = None if batch.segment.done else self._asked_to_stop(segment.kind)
                if stop is not None:
                    return stop, told, came
        return Stop.DONE, told, came

    def _note_unreadable(self, batch: Batch, pairs: Sequence[AssociationPair]) -> None:
        """A connector leaves the links out that it may not read, and the records stand without them."""
        if batch.records and batch.segment.kind is not SegmentKind.ARCHIVED:
            given = {links.to_type for links in batch.link_sets}
            for pair in pairs:
                if pair.to_type not in given:
                    self._progress.links_unreadable(batch.object_type, pair.to_type)

    def _asked_to_stop(self, kind: SegmentKind) -> Stop | None:
        asked = self._slice.work.interruption.stop
        if asked is not None:
            return asked
        if kind is SegmentKind.BACKFILL and self._progress.limit_reached:
            return Stop.LIMIT_REACHED
        deadline = self._slice.deadline
        if deadline is not None and self._slice.clock.monotonic() >= deadline:
            return Stop.SLICE_OVER
        return None

    async def _conformed(
        self, batches: AsyncGenerator[Batch, None], schema: ObjectSchema
    ) -> AsyncGenerator[tuple[Batch, Conformed, bool], None]:
        """Each batch with its columns, one ahead of the caller. The last of the three: changed records told that the
        definitions have changed. The batch's values are let go of: the columns hold them."""

        async def following() -> tuple[Batch, Conformed, bool] | None:
            batch = await anext(batches, None)
            if batch is None:
                return None
            changes = batch.segment.kind is SegmentKind.CHANGES
            told = changes and tells_of_change(batch.records, schema)
            columns = await self._conform(batch.records, schema)
            bare = tuple(msgspec.structs.replace(record, properties={}) for record in batch.records)
            return msgspec.structs.replace(batch, records=bare), columns, told

        ahead = asyncio.ensure_future(following())
        try:
            while (found := await ahead) is not None:
                ahead = asyncio.ensure_future(following())
                yield found
        finally:
            await tasks.end(ahead)

    async def _conform(self, records: Sequence[Record], schema: ObjectSchema) -> Conformed:
        """In a thread: the event loop has to send requests at the moment their budget counts them for."""
        if not records:
            return NONE
        return await asyncio.to_thread(conform, records, schema, self._slice.clock.now())

    def _pause(self, object_type: str, stop: Stop) -> Stop:
        if stop is Stop.LIMIT_REACHED:
            self._end(object_type, StreamStatus.PARTIAL, "RECORDS_LIMIT_REACHED", {"limit": self._progress.limit})
        else:
            self._end(object_type, StreamStatus.SYNCING)
        return stop

    def _end(
        self,
        object_type: str,
        status: StreamStatus,
        code: str | None = None,
        params: dict[str, str | int] | None = None,
        *,
        ended_at: datetime | None = None,
    ) -> None:
        requests = self._slice.session.requests_by_object_type().get(object_type, 0)
        self._progress.end(
            object_type,
            status,
            requests=requests,
            ended_at=ended_at,
            diagnosis_code=code,
            diagnosis_params=params,
        )


def _planning(object_type: str) -> str:
    return f"planned:{object_type}"

"""Reading one object type within a run: its schema, its segments in order, its watermark."""

import enum
from collections.abc import Sequence

import msgspec

from ontologie.clock import Clock
from ontologie.connectors.contract import Session
from ontologie.database.pool import Pool
from ontologie.errors import OntologieError
from ontologie.model.checkpoint import Checkpoint, Segment, SegmentKind
from ontologie.model.record import Batch
from ontologie.model.run import Run
from ontologie.model.schema import ObjectSchema
from ontologie.model.source import Source
from ontologie.model.stream import AssociationPair, StreamStatus
from ontologie.store import checkpoints, tables
from ontologie.store.load import LoadTarget, load
from ontologie.sync import reconcile
from ontologie.sync.conform import conform
from ontologie.sync.progress import RunProgress

_ORDER = {SegmentKind.CHANGES: 0, SegmentKind.BACKFILL: 1, SegmentKind.SWEEP: 2}


class Stop(enum.Enum):
    """Why the reading of an object type ended."""

    DONE = enum.auto()
    SLICE_OVER = enum.auto()
    LIMIT_REACHED = enum.auto()
    CANCELLED = enum.auto()
    FAILED = enum.auto()


class ObjectRun:
    """The road of one object type's records from the session into the store."""

    def __init__(
        self, pool: Pool, clock: Clock, session: Session, progress: RunProgress, *, source: Source, run: Run
    ) -> None:
        self._pool = pool
        self._clock = clock
        self._session = session
        self._source = source
        self._run = run
        self.progress = progress

    async def read(
        self, object_type: str, pairs: Sequence[AssociationPair], *, epoch: int, deadline: float | None
    ) -> Stop:
        """Read what the plan says, until it is done or something asks to stop."""
        schema = await self._session.schema(object_type, self._source.excluded_properties.get(object_type, ()))
        async with self._pool.connection() as connection:
            await tables.ensure_object_table(connection, self._source.schema_name, schema)
            segments = await self._plan(connection, object_type)
            target = LoadTarget(schema_name=self._source.schema_name, schema=schema, epoch=epoch)
            for segment in segments:
                stop = await self._read_segment(connection, target, segment, pairs, deadline)
                if stop is not Stop.DONE:
                    return await self._pause(object_type, stop)
            if any(segment.kind is not SegmentKind.SWEEP for segment in segments):
                await checkpoints.advance(connection, self._source.schema_name, object_type, epoch=epoch)
        await self.progress.end(object_type, StreamStatus.SYNCED, requests=self._requests(object_type))
        return Stop.DONE

    async def fail(self, object_type: str, status: StreamStatus, error: OntologieError) -> None:
        """Note what stopped this object type."""
        await self.progress.end(
            object_type,
            status,
            requests=self._requests(object_type),
            diagnosis_code=error.code,
            diagnosis_params=error.params,
        )

    async def _plan(self, connection: object, object_type: str) -> list[Segment]: ...

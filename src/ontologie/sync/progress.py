"""What a run has done so far: counted in memory, written every half second, told to the pages."""

import asyncio
import contextlib
from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec
import structlog

from ontologie import metrics
from ontologie.clock import Clock
from ontologie.database import runs
from ontologie.database.pool import Pool
from ontologie.errors import RetryLater
from ontologie.model.checkpoint import Segment, SegmentKind
from ontologie.model.record import LoadCounts
from ontologie.model.run import DIFFERENCES, Compared, CountsMean, Covered, ObjectProgress, Run, RunEvent, Usage
from ontologie.model.stream import StreamStatus

_WRITE_EVERY = timedelta(seconds=0.5)
_RESULTS = ("inserted", "updated", "unchanged", "archived", "set_aside")

log = structlog.get_logger(__name__)


class RunProgress:
    """The progress of one run in this process."""

    def __init__(
        self, pool: Pool, clock: Clock, run: Run, *, record_limit: int, usage: Callable[[], Usage] = Usage
    ) -> None:
        """``usage`` tells what the session has cost so far."""
        self._pool = pool
        self._clock = clock
        self._run = run
        self.limit = record_limit
        self._objects = {item.object_type: item for item in run.objects}
        self._begun = {item.object_type: clock.monotonic() - item.seconds for item in run.objects}
        self._written: dict[str, ObjectProgress] = {}
        self._writing = asyncio.Lock()
        self._backfilled = 0
        self._pending_backfilled = 0
        self._usage = usage
        self._counted = Usage()
        self._phases: dict[str, str] = {}
        self._links_missed: set[tuple[str, str, str]] = set()
        self._events: list[RunEvent] = []

    @property
    def limit_reached(self) -> bool:
        """The run has backfilled as many records as one run may."""
        return self._backfilled + self._pending_backfilled >= self.limit

    def object(self, object_type: str) -> ObjectProgress | None:
        return self._objects.get(object_type)

    def gone(self, object_type: str) -> int:
        """How many records of the type this run has found deleted or erased so far."""
        return self._objects[object_type].compared.gone

    def objects(self) -> tuple[ObjectProgress, ...]:
        return tuple(self._objects.values())

    async def begin(self, object_type: str, stream: str) -> None:
        """Note that an object type is being read."""
        self._begun.setdefault(object_type, self._clock.monotonic())
        known = self._objects.get(object_type)
        if known is None:
            now = self._clock.now()
            known = ObjectProgress(
                object_type=object_type,
                stream=stream,
                status=StreamStatus.SYNCING,
                started_at=now,
            )
            self.note("object_began", object_type)
        self._objects[object_type] = msgspec.structs.replace(known, status=StreamStatus.SYNCING, ended_at=None)
        await self.write()

    def note(self, kind: str, object_type: str | None = None, /, **detail: str | int) -> None:
        """Add a line to the run's log; told with the next write."""
        self._events.append(RunEvent(at=self._clock.now(), kind=kind, object_type=object_type, detail=detail))

    def phase(self, object_type: str, name: str) -> None:
        """Note what an object type is being read for: the kind of its segment."""
        if self._phases.get(object_type) != name:
            self._phases[object_type] = name
            self.note("phase", object_type, phase=name)

    def links_refused(self, object_type: str, to_type: str) -> None:
        """Note that links were not given: those stored stay as they are, until a later run gets them."""
        self._links_not_given("links_refused", object_type, to_type)

    def links_unreadable(self, object_type: str, to_type: str) -> None:
        """Note that links may not be read: those stored stay as they are, until a full check may read them."""
        self._links_not_given("links_unreadable", object_type, to_type)

    def _links_not_given(self, kind: str, object_type: str, to_type: str) -> None:
        if (kind, object_type, to_type) not in self._links_missed:
            self._links_missed.add((kind, object_type, to_type))
            self.note(kind, object_type, to=to_type)

    def expect(self, object_type: str, records: int) -> None:
        """Note the account's own count of what is being read; told with the next write."""
        self._objects[object_type] = msgspec.structs.replace(self._objects[object_type], expected=records)

    def covered(self, object_type: str, segment: Segment) -> None:
        """Note that a segment was read to its end; told with the next write."""
        known = self._objects[object_type]
        done = Covered(key=segment.key, since=segment.window_from, until=segment.window_to)
        if done not in known.covered:
            self._objects[object_type] = msgspec.structs.replace(known, covered=(*known.covered, done))

    def counted(self, object_type: str, *, ours: int, theirs: int, means: CountsMean) -> None:
        """Note what the account's own count and ours were, and what follows; told with the next write."""
        known = self._objects[object_type]
        compared = msgspec.structs.replace(
            known.compared, counted_ours=ours, counted_theirs=theirs, counts_mean=means
        )
        self._objects[object_type] = msgspec.structs.replace(known, compared=compared)
        if means is not CountsMean.EQUAL:
            self.note("counted", object_type, ours=ours, theirs=theirs, means=means.value)

    def checked(self, object_type: str, *, ours: int, theirs: int) -> None:
        """Note what a full check counted on both sides once it had repaired what differed; told with the next write."""
        known = self._objects[object_type]
        self._objects[object_type] = msgspec.structs.replace(known, checked_ours=ours, checked_theirs=theirs)
        differed = {name: getattr(known.compared, name) for name in DIFFERENCES}
        self.note("compared", object_type, ours=ours, theirs=theirs, **differed)

    def settled(self, object_type: str, *, read: int, counts: LoadCounts, merged: int, own: int = 0) -> None:
        """Note what became of records that were missing there; of those that went, so many are part of others. ``own``:
        so many are not, though they are named so, and nobody was told of them yet."""
        if own:
            self.note("parts_live", object_type, count=own)
        compared = self._objects[object_type].compared
        found = msgspec.structs.replace(
            compared, gone=compared.gone + counts.archived - merged, merged=compared.merged + merged
        )
        self._add(object_type, read, counts, found)

    def loaded(self, object_type: str, kind: SegmentKind, *, read: int, counts: LoadCounts) -> None:
        """Note a stored batch of a segment of this kind."""
        compared = self._objects[object_type].compared
        if kind is SegmentKind.SWEEP:
            compared = msgspec.structs.replace(
                compared,
                missing=compared.missing + counts.inserted,
                outdated=compared.outdated + counts.updated,
                merged=compared.merged + counts.archived,
                links=compared.links + counts.links,
            )
        if kind is SegmentKind.BACKFILL:
            self._pending_backfilled += read
        self._add(object_type, read, counts, compared)

    def _add(self, object_type: str, read: int, counts: LoadCounts, compared: Compared) -> None:
        known = self._objects[object_type]
        self._objects[object_type] = msgspec.structs.replace(
            known,
            read=known.read + read,
            counts=known.counts + counts,
            compared=compared,
            seconds=self._seconds(object_type),
        )
        for result in _RESULTS:
            if count := getattr(counts, result):
                metrics.RECORDS.labels(metrics.source_name.get(), object_type, result).inc(count)

    def end(
        self,
        object_type: str,
        status: StreamStatus,
        *,
        requests: int,
        ended_at: datetime | None = None,
        diagnosis_code: str | None = None,
        diagnosis_params: dict[str, str | int] | None = None,
    ) -> ObjectProgress:
        """Note how an object type ended in this slice, or at a moment before it."""
        known = self._objects[object_type]
        ended = msgspec.structs.replace(
            known,
            status=status,
            requests=known.requests + requests,
            seconds=self._seconds(object_type),
            diagnosis_code=diagnosis_code,
            diagnosis_params=diagnosis_params or {},
            ended_at=None if status is StreamStatus.SYNCING else ended_at or self._clock.now(),
        )
        self._objects[object_type] = ended
        if ended.ended_at is not None:
            told = {} if diagnosis_code is None else {"code": diagnosis_code, **ended.diagnosis_params}
            self.note("object_ended", object_type, **{**told, "status": status.value, "read": ended.read})
        log.info("stream_ended", run_id=self._run.id, object_type=object_type, status=status.value, read=ended.read)
        return ended

    async def keep_writing(self) -> None:
        """Write again and again, until cancelled."""
        while True:
            await self._clock.sleep(_WRITE_EVERY)
            with contextlib.suppress(RetryLater):  # who loads meets it too, and ends the slice if it lasts
                await self.write()

    async def write(self) -> None:
        """Write what has changed, and wake the pages. Many that begin at once are written together."""
        async with self._writing:
            moved = {name: item for name, item in self._objects.items() if item != self._written.get(name)}
            usage, pending, noted = self._usage(), self._pending_backfilled, len(self._events)
            spent = self._spent(usage)
            if not (moved or spent.requests or noted or pending):
                return  # who wrote while we waited wrote ours too
            events = self._events[:noted]
            if spent.refusals:
                events.append(RunEvent(at=self._clock.now(), kind="refused", detail={"count": spent.refusals}))
            async with self._pool.connection() as connection:
                self._backfilled = await runs.record(
                    connection, self._run.id, tuple(moved.values()), events, backfilled=pending, spent=spent
                )
            # Only now: what could not be written comes with the next.
            self._written |= moved
            self._pending_backfilled -= pending
            self._counted = usage
            del self._events[:noted]

    def _spent(self, usage: Usage) -> Usage:
        """What the session has cost since it was last written."""
        return Usage(
            requests=usage.requests - self._counted.requests,
            refusals=usage.refusals - self._counted.refusals,
            retries=usage.retries - self._counted.retries,
            budgets=usage.budgets,
        )

    def _seconds(self, object_type: str) -> float:
        return self._clock.monotonic() - self._begun[object_type]

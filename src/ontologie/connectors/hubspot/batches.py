"""From pages to batches: up to 1,000 records or 1 s of pages, with their links and the state that covers them."""

import asyncio
import contextlib
import re
from collections.abc import AsyncGenerator, Callable, Sequence
from datetime import UTC, datetime

import msgspec

from ontologie import tasks
from ontologie.clock import Clock
from ontologie.connectors.hubspot.links import LinksReader
from ontologie.connectors.hubspot.planning import finished
from ontologie.connectors.hubspot.ranges import covering
from ontologie.connectors.hubspot.reader import ReadPage
from ontologie.connectors.hubspot.records import shown
from ontologie.connectors.hubspot.wire import Unreadable, Unusable, WireRecord
from ontologie.model.checkpoint import Segment, SegmentKind
from ontologie.model.record import Aside, Batch, IdRange, LinkSet, Merge, Record
from ontologie.model.schema import ObjectSchema
from ontologie.model.values import Shape

BATCH_RECORDS = 1_000
_BATCH_VALUES = 200_000
"""Records × properties: what keeps memory flat in the number of properties too."""
_BATCH_SECONDS = 1.0
_BATCHES_AHEAD = 1
MERGED = "hs_merged_object_ids"
_ID = re.compile(r"[0-9]{1,18}")


class _Draft(msgspec.Struct, kw_only=True):
    """A batch whose links are on their way."""

    records: tuple[Record, ...]
    aside: tuple[Aside, ...]
    covered: tuple[IdRange, ...]
    segment: Segment
    links: "asyncio.Task[tuple[LinkSet, ...]]"


class Road(msgspec.Struct, frozen=True, kw_only=True):
    """Where the pages of a segment come from."""

    pages: AsyncGenerator[ReadPage, None]
    position: Callable[[], dict[str, str]]
    """What is not yet handed out."""
    total: Callable[[], int | None]
    """How many records there are, once it is known."""
    unreadable: Callable[[], Sequence[Unreadable]]
    """What else the pages brought, each once."""
    deleted_since: datetime | None = None
    """See :class:`ontologie.model.record.Batch`."""


class _Collected:
    """Pages on their way to a batch. Records are made page by page: a thousand at once would hold up what sends."""

    def __init__(self) -> None:
        self.pages: list[tuple[int, int]] = []
        self.read: dict[int, Record | Aside] = {}

    def add(self, page: ReadPage, shape: Shape) -> None:
        self.pages.append((page.first, page.end))
        self.read.update((int(record.id), to_record(record, shape)) for record in page.records)


class Batcher:
    """Makes the batches of one segment. Links are fetched while later pages are read."""

    def __init__(self, schema: ObjectSchema, segment: Segment, links: LinksReader, clock: Clock) -> None:
        self._object_type = schema.object_type
        self._shape = Shape(schema.property_names())
        self._most_records = min(BATCH_RECORDS, _BATCH_VALUES // max(1, len(schema.properties)))
        self._segment = segment
        self._links = links
        self._clock = clock
        self._queue: asyncio.Queue[_Draft | None] = asyncio.Queue(_BATCHES_AHEAD)
        self._looking: set[asyncio.Task[tuple[LinkSet, ...]]] = set()

    async def batches(self, road: Road) -> AsyncGenerator[Batch, None]:
        """All batches; the last one's segment is done."""
        try:
            async with tasks.beside(self._produce(road)) as [producing]:
                while (draft := await self._queue.get()) is not None:
                    yield await self._complete(draft, road)
                await producing
        finally:
            await tasks.end(*self._looking)

    async def _produce(self, road: Road) -> None:
        collected = _Collected()
        begun = self._clock.monotonic()
        try:
            async with contextlib.aclosing(road.pages) as pages:
                async for page in pages:
                    if not collected.pages:
                        begun = self._clock.monotonic()
                    collected.add(page, self._shape)
                    enough = len(collected.read) > self._most_records - 200
                    if enough or self._clock.monotonic() - begun >= _BATCH_SECONDS:
                        at = msgspec.structs.replace(self._segment, position=road.position())
                        await self._queue.put(self._draft(collected, road, at))
                        collected = _Collected()
            await self._queue.put(self._draft(collected, road, finished(self._segment)))
        except asyncio.CancelledError:
            raise  # nobody takes from the queue any more
        except BaseException:
            await self._queue.put(None)
            raise
        await self._queue.put(None)

    def _draft(self, collected: "_Collected", road: Road, segment: Segment) -> _Draft:
        read = [collected.read[record_id] for record_id in sorted(collected.read)]
        records = tuple(item for item in read if isinstance(item, Record))
        aside = [item for item in read if isinstance(item, Aside)]
        whole = self._segment.kind in (SegmentKind.SWEEP, SegmentKind.ARCHIVED)
        covered = tuple(piece for first, end in collected.pages for piece in covering(first, end)) if whole else ()
        return _Draft(
            records=records,
            aside=(*aside, *map(_unreadable, road.unreadable())),
            covered=covered,
            segment=segment,
            links=self._look_up(records),
        )

    def _look_up(self, records: Sequence[Record]) -> "asyncio.Task[tuple[LinkSet, ...]]":
        looking = asyncio.create_task(self._links.of([record.id for record in records]))
        self._looking.add(looking)
        looking.add_done_callback(self._looked)
        return looking

    def _looked(self, looking: "asyncio.Task[tuple[LinkSet, ...]]") -> None:
        """Nobody comes for what failed behind a batch that failed: asyncio would complain in the log."""
        self._looking.discard(looking)
        if not looking.cancelled():
            looking.exception()

    async def _complete(self, draft: _Draft, road: Road) -> Batch:
        return Batch(
            object_type=self._object_type,
            records=draft.records,
            aside=draft.aside,
            link_sets=await draft.links,
            merges=merges_of(draft.records),
            covered=draft.covered,
            deleted_since=road.deleted_since,
            segment=draft.segment,
            total=road.total(),
        )


def to_record(wire: WireRecord, shape: Shape) -> Record | Aside:
    """A record with this shape's values, as the engine knows it; set aside without the dates every record has."""
    if isinstance(wire, Unusable):
        return Aside(id=int(wire.id), reason=wire.reason, sent=wire.sent)
    try:
        created_at, updated_at = _moment(wire.created_at), _moment(wire.updated_at)
        archived_at = _moment(wire.archived_at or updated_at) if wire.archived else None
    except (ValueError, OverflowError) as error:
        return Aside(id=int(wire.id), reason=f"its dates: {error}", sent=shown(msgspec.to_builtins(wire)))
    return Record(
        id=int(wire.id),
        properties=shape.of(wire.properties),
        created_at=created_at,
        updated_at=updated_at,
        archived_at=archived_at,
    )


def _moment(sent: datetime | None) -> datetime:
    if sent is None:
        raise ValueError("one is missing")
    return sent.astimezone(UTC)


def _unreadable(sent: Unreadable) -> Aside:
    return Aside(id=None, reason=sent.reason, sent=sent.sent)


def merges_of(records: tuple[Record, ...]) -> tuple[Merge, ...]:
    """Which ids became part of these records: they vanish from lists without being archived (section 10)."""
    return tuple(
        Merge(from_id=int(merged), into_id=record.id)
        for record in records
        for merged in (record.properties.get(MERGED) or "").split(";")
        if _ID.fullmatch(merged)
    )

"""What the engine relies on, for every connector there is (ontologie.connectors.contract)."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from ontologie.clock import SystemClock
from ontologie.connectors.catalogue import connectors
from ontologie.connectors.contract import Session
from ontologie.errors import OntologieError
from ontologie.model.checkpoint import Checkpoint, Segment, SegmentKind
from ontologie.model.record import Batch
from ontologie.model.stream import AssociationPair
from tests.conformance.harness import HARNESSES, Harness

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
_MOST_RECORDS = 2_000


def test_every_connector_of_the_catalogue_is_held_to_the_contract() -> None:
    assert set(connectors(SystemClock(), {})) == set(HARNESSES)


@pytest.fixture(params=sorted(HARNESSES))
def harness(request: pytest.FixtureRequest) -> Harness:
    return HARNESSES[request.param]()


async def read(session: Session, harness: Harness, segment: Segment) -> list[Batch]:
    schema = await session.schema(harness.object_type, (), sensitive=False)
    return [batch async for batch in session.read(segment, schema, pairs_of(harness))]


def pairs_of(harness: Harness) -> tuple[AssociationPair, ...]:
    pairs = harness.connector.pairs([harness.object_type, harness.linked_type])
    return tuple(pair for pair in pairs if pair.from_type == harness.object_type)


def planned(session: Session, harness: Harness, *segments: Segment, check: bool = False) -> tuple[Segment, ...]:
    checkpoint = Checkpoint(object_type=harness.object_type, segments=segments)
    return session.plan(checkpoint, now=NOW, check=check, full=False)


def ids_of(batches: list[Batch]) -> list[int]:
    return [record.id for batch in batches for record in batch.records]


async def backfill_of(session: Session, harness: Harness) -> Segment:
    [backfill] = [one for one in planned(session, harness) if one.kind is SegmentKind.BACKFILL]
    return backfill


async def everything_after(session: Session, harness: Harness) -> tuple[Segment, ...]:
    """What a full check adds to a finished backfill."""
    done = Segment(kind=SegmentKind.BACKFILL, key="backfill", window_from=NOW - timedelta(hours=2), done=True)
    return planned(session, harness, done, check=True)


async def test_a_first_plan_reads_everything_and_planning_again_changes_nothing(harness: Harness) -> None:
    async with harness.open() as session:
        backfill = await backfill_of(session, harness)
        assert planned(session, harness) == planned(session, harness)
        again = planned(session, harness, backfill)
        assert backfill in again, "what was begun goes on"
        assert len({segment.key for segment in again}) == len(again)


async def test_every_segment_ends_with_a_batch_that_is_done_and_no_batch_is_too_big(harness: Harness) -> None:
    async with harness.open() as session:
        for segment in (await backfill_of(session, harness), *await everything_after(session, harness)):
            batches = await read(session, harness, segment)
            assert [batch.segment.done for batch in batches] == [False] * (len(batches) - 1) + [True]
            assert {(batch.segment.key, batch.segment.kind) for batch in batches} == {(segment.key, segment.kind)}
            assert max(len(batch.records) for batch in batches) <= _MOST_RECORDS


async def test_a_backfill_brings_every_live_record_and_all_links(harness: Harness) -> None:
    async with harness.open() as session:
        batches = await read(session, harness, await backfill_of(session, harness))
    assert set(ids_of(batches)) == harness.live()
    for batch in batches:
        ids = {record.id for record in batch.records}
        for pair in pairs_of(harness):
            asked = {
                one
                for links in batch.link_sets
                if (links.from_type, links.to_type) == (pair.from_type, pair.to_type)
                for one in links.from_ids
            }
            assert asked == ids
        assert all(link.from_id in ids for links in batch.link_sets for link in links.links)


async def test_every_property_of_the_schema_is_given_as_text_or_nothing(harness: Harness) -> None:
    async with harness.open() as session:
        schema = await session.schema(harness.object_type, (), sensitive=False)
        batches = await read(session, harness, await backfill_of(session, harness))
    for record in batches[0].records:
        assert set(schema.property_names()) <= set(record.properties)
        assert all(value is None or isinstance(value, str) for value in record.properties.values())


async def test_reading_on_from_any_state_skips_nothing(harness: Harness) -> None:
    async with harness.open() as session:
        for segment in (await backfill_of(session, harness), *await everything_after(session, harness)):
            batches = await read(session, harness, segment)
            for cut in range(1, len(batches)):
                rest = await read(session, harness, batches[cut - 1].segment)
                assert set(ids_of(batches)) == set(ids_of(batches[:cut])) | set(ids_of(rest))


async def test_deleted_records_come_with_the_moment_and_a_sweep_covers_every_id_without_them(harness: Harness) -> None:
    async with harness.open() as session:
        found = {segment.kind: segment for segment in await everything_after(session, harness)}
        archived = await read(session, harness, found[SegmentKind.ARCHIVED])
        swept = await read(session, harness, found[SegmentKind.SWEEP])
    assert set(ids_of(archived)) == harness.deleted()
    assert all(record.archived_at for batch in archived for record in batch.records)
    assert set(ids_of(swept)) == harness.live()
    edge = 0
    for first, last in sorted((piece.first, piece.last) for batch in swept for piece in batch.covered):
        assert first <= edge, "a gap"
        edge = max(edge, last + 1)
    assert edge > max(harness.live() | harness.deleted())


async def test_each_id_has_exactly_one_fate(harness: Harness) -> None:
    asked = [*sorted(harness.live())[:3], *sorted(harness.deleted())[:2], 1]
    async with harness.open() as session:
        schema = await session.schema(harness.object_type, (), sensitive=False)
        fates, _ = await session.resolve(asked, schema, ())
    told = [record.id for record in (*fates.live, *fates.archived)]
    told += [merge.from_id for merge in fates.merged] + list(fates.gone)
    assert sorted(told) == sorted(asked)
    assert set(fates.gone) == {1}


async def test_who_is_live_is_told_with_all_links_and_nobody_else(harness: Harness) -> None:
    living = sorted(harness.live())[:3]
    [pair] = pairs_of(harness)
    async with harness.open() as session:
        schema = await session.schema(harness.object_type, (), sensitive=False)
        fates, link_sets = await session.living([*living, *sorted(harness.deleted())[:2], 1], schema, [pair])
        links = await session.links(living, pair)
    assert [record.id for record in fates.live] == living
    assert (fates.archived, fates.merged, fates.gone, fates.aside) == ((), (), (), ())
    assert [sorted(found.from_ids) for found in link_sets] == [living]
    assert links is not None
    assert links.links == link_sets[0].links


async def test_an_excluded_property_is_not_in_the_schema(harness: Harness) -> None:
    async with harness.open() as session:
        whole = await session.schema(harness.object_type, (), sensitive=False)
        left_out = whole.property_names()[0]
        less = await session.schema(harness.object_type, (left_out,), sensitive=False)
    assert set(whole.property_names()) - set(less.property_names()) == {left_out}


async def test_what_is_known_of_a_schema_is_not_told_again(harness: Harness) -> None:
    kind, known = harness.object_type, b""
    async with harness.open() as session:
        whole, known = await session.schema_unless(kind, (), sensitive=False, known=known)
        assert whole == await session.schema(kind, (), sensitive=False)
        assert await session.schema_unless(kind, (), sensitive=False, known=known) == (None, known)
        left_out = whole.property_names()[0]
        less, other = await session.schema_unless(kind, (left_out,), sensitive=False, known=known)
        assert less == await session.schema(kind, (left_out,), sensitive=False)
        more, _ = await session.schema_unless(kind, (), sensitive=True, known=known)
    assert other != known
    assert more is not None, "nobody asked for the sensitive ones before"


async def test_a_reading_that_is_closed_early_leaves_nothing_running(harness: Harness) -> None:
    async with harness.open() as session:
        schema = await session.schema(harness.object_type, (), sensitive=False)
        batches = session.read(await backfill_of(session, harness), schema, ())
        await anext(batches)
        await batches.aclose()
        names = {task.get_coro().__qualname__ for task in asyncio.all_tasks()}  # type: ignore[union-attr]
    assert not {name for name in names if "Reader" in name or "Batcher" in name}


async def test_errors_are_ours_and_nothing_shows_a_secret(harness: Harness) -> None:
    async with harness.open() as session:
        backfill = await backfill_of(session, harness)
        schema = await session.schema(harness.object_type, (), sensitive=False)
        assert harness.secret not in repr(session)
        harness.lock_out()
        with pytest.raises(OntologieError) as caught:
            [batch async for batch in session.read(backfill, schema, ())]
    assert harness.secret not in repr(caught.value) + str(caught.value) + str(caught.value.params)


def test_streams_have_names_of_their_own_and_are_found_again_in_their_order(harness: Harness) -> None:
    streams = harness.connector.streams
    assert len({stream.name for stream in streams}) == len(streams)
    assert harness.connector.find_streams([stream.name for stream in reversed(streams)]) == streams
    known = {name for stream in streams for name in stream.object_types}
    pairs = harness.connector.pairs(sorted(known))
    assert len({frozenset((pair.from_type, pair.to_type)) for pair in pairs}) == len(pairs), "each pair once"
    assert {name for pair in pairs for name in (pair.from_type, pair.to_type)} <= known

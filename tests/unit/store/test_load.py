"""Storing batches: what is counted, what is changed, what is left alone."""

from datetime import timedelta

import msgspec
import pytest

from ontologie.errors import LeaseLost
from ontologie.model.record import Fates, LoadCounts, Merge
from ontologie.model.schema import ColumnType
from ontologie.store import lease, read
from tests.unit.store.rows import NOW, SWEEP, Bench, links, prop, record, schema_of

SCHEMA = schema_of("firstname", prop("age", ColumnType.NUMERIC))


@pytest.fixture
async def stored(bench: Bench) -> Bench:
    """Three contacts are there."""
    await bench.ensure(SCHEMA)
    found = await bench.load(SCHEMA, *(record(number, {"firstname": f"n{number}"}) for number in (1, 2, 3)))
    assert found == LoadCounts(inserted=3)
    return bench


async def test_the_same_batch_again_changes_nothing(stored: Bench) -> None:
    before = await stored.rows("contacts", "*, xmin::text, ctid::text")
    again = await stored.load(SCHEMA, *(record(number, {"firstname": f"n{number}"}) for number in (1, 2, 3)))
    assert again == LoadCounts(unchanged=3)
    assert await stored.rows("contacts", "*, xmin::text, ctid::text") == before


async def test_a_changed_value_updates_its_row_and_only_that(stored: Bench) -> None:
    found = await stored.load(SCHEMA, record(1, {"firstname": "Ada"}, minutes=1), record(2, {"firstname": "n2"}))
    assert found == LoadCounts(updated=1, unchanged=1)
    assert await stored.by_id("firstname") == {1: "Ada", 2: "n2", 3: "n3"}


async def test_a_value_that_became_empty_is_emptied(stored: Bench) -> None:
    await stored.load(SCHEMA, record(1, {"firstname": None}, minutes=1), record(2, {}, minutes=1))
    assert await stored.by_id("firstname") == {1: None, 2: None, 3: "n3"}


async def test_an_older_version_never_replaces_a_newer_one(stored: Bench) -> None:
    await stored.load(SCHEMA, record(1, {"firstname": "new"}, minutes=2))
    assert await stored.load(SCHEMA, record(1, {"firstname": "old"}, minutes=1)) == LoadCounts(unchanged=1)
    assert (await stored.by_id("firstname"))[1] == "new"


async def test_of_a_record_that_comes_twice_the_newer_version_counts_once(stored: Bench) -> None:
    twice = [record(4, {"firstname": "old"}), record(4, {"firstname": "new"}, minutes=1)]
    assert await stored.load(SCHEMA, *twice) == LoadCounts(inserted=1)
    assert (await stored.by_id("firstname"))[4] == "new"


async def test_an_archived_record_leaves_the_live_ones_and_a_restored_one_comes_back(stored: Bench) -> None:
    gone = record(1, {"firstname": "n1"}, minutes=1, archived_at=NOW)
    assert await stored.load(SCHEMA, gone) == LoadCounts(unchanged=1), "a deletion is confirmed first"
    assert await read.live_count(stored.connection, stored.schema_name, "contacts") == 3
    assert await stored.archive(SCHEMA, gone) == LoadCounts(updated=1, archived=1)
    assert await read.live_count(stored.connection, stored.schema_name, "contacts") == 2
    assert await stored.load(SCHEMA, record(1, {"firstname": "n1"}, minutes=2)) == LoadCounts(updated=1)
    assert await read.live_count(stored.connection, stored.schema_name, "contacts") == 3


async def test_a_value_that_does_not_cast_is_kept_aside_and_counted(stored: Bench) -> None:
    found = await stored.load(SCHEMA, record(1, {"firstname": "n1", "age": "old"}, minutes=1))
    assert found == LoadCounts(updated=1, rejected_values=1)
    assert (await stored.by_id("_rejected"))[1] == {"age": "old"}
    assert (await stored.by_id("age"))[1] is None


async def test_links_become_what_the_reading_says_and_others_stay(stored: Bench) -> None:
    await stored.load(SCHEMA, link_sets=[links((1, 10), (1, 11), (2, 10), asked=[1, 2])])
    await stored.load(SCHEMA, link_sets=[links((1, 11), (1, 12), asked=[1])])
    found = {(row["from_id"], row["to_id"]) for row in await stored.rows("associations")}
    assert found == {(1, 11), (1, 12), (2, 10)}
    await stored.load(SCHEMA, link_sets=[links(asked=[1, 2])])
    assert await stored.rows("associations") == []


async def test_links_that_stay_are_not_rewritten(stored: Bench) -> None:
    await stored.load(SCHEMA, link_sets=[links((1, 10), asked=[1])])
    before = await stored.rows("associations", "*, xmin::text")
    await stored.load(SCHEMA, link_sets=[links((1, 10), asked=[1])])
    assert await stored.rows("associations", "*, xmin::text") == before


async def test_a_merged_record_leaves_the_live_ones_and_tells_where_it_went(stored: Bench) -> None:
    for _ in range(2):
        await stored.load(SCHEMA, merges=[Merge(from_id=1, into_id=2), Merge(from_id=9, into_id=2)])
        await stored.settle_shown(SCHEMA, Fates(), 1)
    assert (await stored.by_id("_merged_into"))[1] == 2
    assert await read.live_count(stored.connection, stored.schema_name, "contacts") == 2
    found = {(row["from_id"], row["into_id"]) for row in await stored.rows("merges")}
    assert found == {(1, 2), (9, 2)}


async def test_a_record_merged_into_itself_stays_alive(stored: Bench) -> None:
    await stored.load(SCHEMA, merges=[Merge(from_id=1, into_id=1)])
    assert (await stored.by_id("_merged_into"))[1] is None


async def test_a_worker_whose_lease_is_over_commits_nothing(stored: Bench) -> None:
    stale = stored.epoch
    await stored.take_lease()
    later = msgspec.structs.replace(SWEEP, position={"next": "9"})
    with pytest.raises(LeaseLost):
        await stored.load(
            SCHEMA,
            record(9),
            link_sets=[links((1, 10), asked=[1])],
            merges=[Merge(from_id=1, into_id=2)],
            segment=later,
            epoch=stale,
        )
    assert set(await stored.by_id("id")) == {1, 2, 3}
    assert await stored.rows("associations") == []
    checkpoint = await stored.checkpoint()
    assert checkpoint.segments == (SWEEP,)


async def test_a_segment_that_brought_nothing_is_written_under_the_lease_alone(stored: Bench) -> None:
    done = msgspec.structs.replace(SWEEP, position={}, done=True)
    assert await stored.load(SCHEMA, segment=done) == LoadCounts()
    checkpoint = await stored.checkpoint()
    assert checkpoint.segments == (done,)
    stale = stored.epoch
    await stored.take_lease()
    with pytest.raises(LeaseLost):
        await stored.load(SCHEMA, segment=SWEEP, epoch=stale)
    checkpoint = await stored.checkpoint()
    assert checkpoint.segments == (done,)


async def test_a_takeover_waits_for_the_load_that_holds_the_lease(stored: Bench, other_connection: object) -> None:
    async with stored.connection.transaction():
        await lease.check(stored.connection, stored.schema_name, stored.epoch)
        await other_connection.execute("SET statement_timeout = '300ms'")  # type: ignore[attr-defined]
        with pytest.raises(Exception, match="statement timeout"):
            await lease.acquire(other_connection, stored.schema_name, owner="me", ttl=timedelta(minutes=1))  # type: ignore[arg-type]


async def test_a_living_lease_is_not_given_away_and_a_released_one_is(bench: Bench) -> None:
    minute = timedelta(minutes=1)
    assert await lease.acquire(bench.connection, bench.schema_name, owner="other", ttl=minute) is None
    await lease.release(bench.connection, bench.schema_name, epoch=bench.epoch)
    assert await lease.acquire(bench.connection, bench.schema_name, owner="other", ttl=minute) == bench.epoch + 1
    assert not await lease.renew(bench.connection, bench.schema_name, epoch=bench.epoch, ttl=minute)
    await lease.release(bench.connection, bench.schema_name, epoch=bench.epoch)  # too late: nothing happens
    assert await lease.acquire(bench.connection, bench.schema_name, owner="third", ttl=minute) is None


async def test_a_segment_comes_back_as_it_was_written(stored: Bench) -> None:
    written = msgspec.structs.replace(
        SWEEP, position={"ranges": '[[1,"é"]]'}, window_to=NOW + timedelta(microseconds=1), done=True
    )
    await stored.load(SCHEMA, segment=written)
    changes = msgspec.structs.replace(SWEEP, key="changes")
    await stored.load(SCHEMA, segment=changes)
    checkpoint = await stored.checkpoint()
    assert checkpoint.segment("sweep") == written
    assert checkpoint.segment("changes") == changes
    assert (await stored.checkpoint("deals")).segments == ()

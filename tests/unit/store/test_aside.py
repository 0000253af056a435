"""Records that cannot be rows are kept with their reason, seen as live, and go when they are rows or erased."""

from datetime import timedelta

from ontologie.model.checkpoint import Segment, SegmentKind
from ontologie.model.record import Aside, Fates, IdRange, LoadCounts
from ontologie.store import erasure, sweep
from ontologie.sync.conform import conform
from tests.unit.store.rows import NOW, Bench, record, schema_of

SCHEMA = schema_of("firstname")
ODD = Aside(id=2, reason="it has no dates", sent='{"id": "2"}')
NAMELESS = Aside(id=None, reason="it has no usable id", sent='{"id": "two"}')


async def kept(bench: Bench) -> list[tuple[int | None, str]]:
    return [(row["id"], row["reason"]) for row in await bench.rows("_aside", "id, reason", "id")]


async def test_they_are_counted_each_time_and_kept_once(bench: Bench) -> None:
    await bench.ensure(SCHEMA)
    for _ in range(2):
        found = await bench.load(SCHEMA, record(1, {}), aside=[ODD, NAMELESS])
        assert found.set_aside == 2
    assert await kept(bench) == [(2, ODD.reason), (None, NAMELESS.reason)]


async def test_one_that_can_be_stored_later_is_aside_no_more(bench: Bench) -> None:
    await bench.ensure(SCHEMA)
    await bench.load(SCHEMA, aside=[ODD])
    await bench.load(SCHEMA, record(2, {"firstname": "Ada"}))
    assert await kept(bench) == []
    assert await bench.by_id("firstname") == {2: "Ada"}


async def test_a_stored_record_that_cannot_be_read_now_is_no_candidate_for_deletion(bench: Bench) -> None:
    await bench.ensure(SCHEMA)
    await bench.load(SCHEMA, record(1, {}), record(2, {"firstname": "Ada"}), record(3, {}))
    await bench.load(SCHEMA, record(1, {}), aside=[ODD], covered=[IdRange(first=0, last=9)])
    assert await sweep.candidates(bench.connection, bench.schema_name, "contacts", limit=9) == [3]


async def test_a_candidate_that_answers_unusably_stays_as_it_is(bench: Bench) -> None:
    await bench.ensure(SCHEMA)
    await bench.load(SCHEMA, record(2, {"firstname": "Ada"}))
    await bench.load(SCHEMA, covered=[IdRange(first=0, last=9)])
    assert await bench.settle(SCHEMA, Fates(aside=(ODD,)), 2) == LoadCounts(set_aside=1)
    assert await bench.by_id("firstname") == {2: "Ada"}
    assert await sweep.candidates(bench.connection, bench.schema_name, "contacts", limit=9) == []


async def test_a_deleted_record_that_cannot_be_read_is_deleted_here(bench: Bench) -> None:
    await bench.ensure(SCHEMA)
    await bench.load(SCHEMA, record(2, {"firstname": "Ada"}))
    listed = Segment(kind=SegmentKind.ARCHIVED, key="archived", window_from=NOW)
    await bench.load(SCHEMA, aside=[ODD], segment=listed)
    assert await sweep.candidates(bench.connection, bench.schema_name, "contacts", limit=9) == [2]
    counts = await bench.settle(SCHEMA, Fates(archived_aside=(ODD,)), 2)
    assert counts == LoadCounts(set_aside=1, archived=1)
    assert (await bench.by_id("_archived_at"))[2] is not None
    assert await kept(bench) == [(2, ODD.reason)]


async def test_under_hard_delete_it_leaves_its_table(bench: Bench) -> None:
    await bench.ensure(SCHEMA)
    await bench.load(SCHEMA, record(2, {"firstname": "Ada"}))
    bench.hard_delete = True
    await bench.settle(SCHEMA, Fates(archived_aside=(ODD,)), 2)
    assert await bench.by_id("firstname") == {}


async def test_a_deleted_record_that_postgresql_cannot_hold_is_deleted_here(bench: Bench) -> None:
    await bench.ensure(SCHEMA)
    await bench.load(SCHEMA, record(2, {"firstname": "Ada"}))
    gone = record(2, archived_at=NOW)
    settlement = sweep.Settlement(
        ids=(2,), fates=Fates(archived=(gone,)), link_sets=(), conformed=conform((), SCHEMA, NOW)
    )
    assert await sweep.settle(bench.connection, bench.target(SCHEMA), settlement) == LoadCounts(archived=1)
    assert await bench.by_id("_archived_at") == {2: NOW}


async def test_what_the_account_says_of_an_id_counts_whatever_its_modified_date(bench: Bench) -> None:
    await bench.ensure(SCHEMA)
    await bench.load(SCHEMA, record(2, {"firstname": "Ada"}))
    await bench.archive(SCHEMA, record(2, {"firstname": "Ada"}, minutes=-9, archived_at=NOW))
    assert await bench.by_id("_archived_at") == {2: NOW}
    await bench.settle(SCHEMA, Fates(live=(record(2, {"firstname": "Ada"}, minutes=-9),)), 2)
    assert await bench.by_id("_archived_at") == {2: None}


async def test_what_was_kept_of_an_erased_person_is_erased(bench: Bench) -> None:
    await bench.ensure(SCHEMA)
    await bench.load(SCHEMA, record(2, {"firstname": "Ada"}))
    await bench.load(SCHEMA, aside=[ODD])
    await bench.settle(SCHEMA, Fates(gone=(2,)), 2)
    assert await kept(bench) == []


async def test_what_has_no_id_goes_when_a_full_check_does_not_show_it_again(bench: Bench) -> None:
    await bench.ensure(SCHEMA)
    await bench.load(SCHEMA, aside=[ODD, NAMELESS])
    target = bench.target(SCHEMA)
    await erasure.forget_nameless(bench.connection, target, unseen_since=NOW - timedelta(days=365))
    assert len(await kept(bench)) == 2
    await erasure.forget_nameless(bench.connection, target, unseen_since=NOW + timedelta(days=36_500))
    assert await kept(bench) == [(2, ODD.reason)]

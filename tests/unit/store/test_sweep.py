"""What a full check did not see: candidates first, then what the account says became of them."""

from datetime import timedelta

import pytest

from ontologie.errors import LeaseLost
from ontologie.model.record import Fates, IdRange, LoadCounts, Merge
from ontologie.store import erasure, read, sweep
from tests.unit.store.rows import NOW, Bench, record, schema_of

SCHEMA = schema_of("firstname")
ALL = IdRange(first=0, last=2**63 - 2)


@pytest.fixture
async def stored(bench: Bench) -> Bench:
    """Six contacts are there."""
    await bench.ensure(SCHEMA)
    await bench.load(SCHEMA, *(record(number, {"firstname": f"n{number}"}) for number in range(1, 7)))
    return bench


async def candidates(bench: Bench) -> list[int]:
    """Those that did not come."""
    return await sweep.candidates(bench.connection, bench.schema_name, "contacts", limit=100)


async def shown(bench: Bench) -> list[int]:
    """Those that came live."""
    return await sweep.candidates(bench.connection, bench.schema_name, "contacts", limit=100, shown=True)


async def test_ids_in_the_covered_ranges_that_did_not_come_are_candidates(stored: Bench) -> None:
    seen = [record(number, {"firstname": f"n{number}"}) for number in (1, 3)]
    await stored.load(SCHEMA, *seen, covered=[IdRange(first=0, last=2), IdRange(first=3, last=4)])
    assert await candidates(stored) == [2, 4]


async def test_nothing_is_a_candidate_where_nothing_was_covered(stored: Bench) -> None:
    await stored.load(SCHEMA, record(1, {"firstname": "n1"}))
    assert await candidates(stored) == []


async def test_a_covered_range_without_any_record_makes_all_of_it_candidates(stored: Bench) -> None:
    await stored.load(SCHEMA, covered=[ALL])
    assert await candidates(stored) == [1, 2, 3, 4, 5, 6]


async def test_a_candidate_that_comes_after_all_is_none_any_more(stored: Bench) -> None:
    await stored.load(SCHEMA, covered=[IdRange(first=2, last=2)])
    await stored.load(SCHEMA, record(2, {"firstname": "n2"}), covered=[IdRange(first=2, last=2)])
    assert await candidates(stored) == []


async def test_what_the_list_of_deleted_records_names_is_a_candidate_while_it_is_live_here(stored: Bench) -> None:
    await stored.load(SCHEMA, *(record(number, {}, minutes=1, archived_at=NOW) for number in (1, 2, 99)))
    assert await candidates(stored) == [1, 2]
    await stored.load(SCHEMA, record(2, {"firstname": "back"}, minutes=2))
    assert await candidates(stored) == [1]


async def test_what_was_erased_stays_erased_though_the_list_of_deleted_records_still_has_it(stored: Bench) -> None:
    gone = record(1, {"firstname": "n1"}, minutes=1, archived_at=NOW - timedelta(days=40))
    await stored.archive(SCHEMA, gone)
    await erasure.erase_archived(stored.connection, stored.target(SCHEMA), archived_before=NOW - timedelta(days=30))
    await stored.load(SCHEMA, gone)
    assert (await stored.by_id("firstname"))[1] is None


async def test_archived_and_merged_records_are_no_candidates(stored: Bench) -> None:
    await stored.archive(SCHEMA, record(1, {"firstname": "n1"}, minutes=1, archived_at=NOW))
    await stored.settle(SCHEMA, Fates(merged=(Merge(from_id=2, into_id=3),)), 2)
    await stored.load(SCHEMA, covered=[ALL])
    assert await candidates(stored) == [3, 4, 5, 6]


async def test_a_candidate_that_is_explained_is_dropped(stored: Bench) -> None:
    await stored.load(SCHEMA, covered=[IdRange(first=1, last=2)])
    await stored.settle(SCHEMA, Fates(merged=(Merge(from_id=1, into_id=3),)), 3)
    await sweep.drop_explained(stored.connection, stored.target(SCHEMA))
    assert (await sweep.left_open(stored.connection, stored.target(SCHEMA))).candidates == 1
    assert await candidates(stored) == [2]


async def test_one_that_is_named_as_a_part_of_another_is_no_disappearance(stored: Bench) -> None:
    await stored.load(SCHEMA, covered=[IdRange(first=1, last=2)])
    await stored.load(SCHEMA, merges=[Merge(from_id=1, into_id=3), Merge(from_id=5, into_id=3)])
    assert await candidates(stored) == [2]
    await stored.load(SCHEMA, record(5, {"firstname": "n5"}), covered=[IdRange(first=5, last=5)])
    assert await shown(stored) == [1, 5]
    assert await read.live_count(stored.connection, stored.schema_name, "contacts") == 6, "until it is asked"


async def test_a_part_that_is_live_by_its_own_id_stays_for_good_and_the_others_are_taken_out(stored: Bench) -> None:
    merges = [Merge(from_id=number, into_id=6) for number in (1, 2, 3)]
    await stored.load(SCHEMA, merges=merges)
    counts, own = await stored.settle_shown(SCHEMA, Fates(live=(record(2, {"firstname": "n2"}),)), 1, 2, 3)
    assert (counts.archived, own) == (2, 1)
    assert await stored.by_id("_merged_into") == {1: 6, 2: None, 3: 6, 4: None, 5: None, 6: None}
    assert [row["from_id"] for row in await stored.rows("merges", order="from_id")] == [1, 3]
    await stored.load(SCHEMA, merges=merges)
    await sweep.drop_explained(stored.connection, stored.target(SCHEMA))
    assert await shown(stored) == await candidates(stored) == []
    assert (await stored.by_id("_merged_into"))[2] is None
    await stored.settle(SCHEMA, Fates(merged=(Merge(from_id=2, into_id=6),)), 2)
    assert (await stored.by_id("_merged_into"))[2] == 6, "once it is asked what answers for it"


async def test_one_that_came_older_and_is_not_live_is_a_candidate_like_any_other(stored: Bench) -> None:
    await stored.load(SCHEMA, record(1, {"firstname": "older"}, minutes=-1), record(2, {"firstname": "o"}, minutes=-1))
    assert (await shown(stored), await candidates(stored)) == ([1, 2], [])
    confirmed = Fates(live=(record(1, {"firstname": "older"}, minutes=-1),))
    assert (await stored.settle_shown(SCHEMA, confirmed, 1, 2)) == (LoadCounts(updated=1), 0)
    assert (await shown(stored), await candidates(stored)) == ([], [2])


async def test_each_candidate_becomes_what_the_account_says(stored: Bench) -> None:
    await stored.load(SCHEMA, covered=[ALL])
    fates = Fates(
        live=(record(1, {"firstname": "alive"}, minutes=1), record(6, {"firstname": "n6"})),
        archived=(record(2, {"firstname": "n2"}, minutes=1, archived_at=NOW),),
        merged=(Merge(from_id=3, into_id=1),),
        gone=(4, 5),
    )
    counts = await stored.settle(SCHEMA, fates, 1, 2, 3, 4, 5, 6)
    assert counts == LoadCounts(updated=2, unchanged=1, archived=4)
    assert await candidates(stored) == []
    assert await stored.by_id("firstname") == {1: "alive", 2: "n2", 3: "n3", 4: None, 5: None, 6: "n6"}
    assert await read.live_count(stored.connection, stored.schema_name, "contacts") == 2
    purged = await stored.by_id("_purged_at")
    assert {number for number, at in purged.items() if at} == {4, 5}


async def test_settling_under_a_lost_lease_changes_nothing(stored: Bench) -> None:
    await stored.load(SCHEMA, covered=[ALL])
    stale, stored.epoch = stored.epoch, stored.epoch
    await stored.take_lease()
    stored.epoch = stale
    with pytest.raises(LeaseLost):
        await stored.settle(SCHEMA, Fates(gone=(1,)), 1)
    assert await candidates(stored) == [1, 2, 3, 4, 5, 6]
    assert (await stored.by_id("firstname"))[1] == "n1"


async def test_the_values_of_what_was_archived_long_ago_are_erased_once(stored: Bench) -> None:
    long_ago = NOW - timedelta(days=100)
    await stored.archive(SCHEMA, record(1, {"firstname": "n1"}, minutes=1, archived_at=long_ago))
    await stored.archive(SCHEMA, record(2, {"firstname": "n2"}, minutes=1, archived_at=NOW))
    target = stored.target(SCHEMA)
    cutoff = NOW - timedelta(days=90)
    assert await erasure.erase_archived(stored.connection, target, archived_before=cutoff) == 1
    assert await erasure.erase_archived(stored.connection, target, archived_before=cutoff) == 0
    firstnames = await stored.by_id("firstname")
    assert (firstnames[1], firstnames[2], firstnames[3]) == (None, "n2", "n3")


async def test_candidates_are_given_in_order_and_no_more_than_asked(stored: Bench) -> None:
    await stored.load(SCHEMA, covered=[ALL])
    assert await sweep.candidates(stored.connection, stored.schema_name, "contacts", limit=2) == [1, 2]

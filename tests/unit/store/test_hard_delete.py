"""Hard delete: what is gone leaves the tables, with its links, once it is confirmed."""

import pytest

from ontologie.errors import LeaseLost
from ontologie.model.object_types import NUMBERS
from ontologie.model.record import Fates, IdRange, LoadCounts, Merge
from ontologie.store import deletion, erasure
from tests.unit.store.rows import NOW, Bench, links, record, schema_of

SCHEMA = schema_of("firstname")
EMAILS = schema_of("hs_email_subject", object_type="emails")
ALL = IdRange(first=0, last=2**63 - 2)


@pytest.fixture
async def stored(bench: Bench) -> Bench:
    """Five contacts, each of them linked to company 70, in a source that deletes hard."""
    bench.hard_delete = True
    await bench.ensure(SCHEMA)
    ids = range(1, 6)
    found = links(*((number, 70) for number in ids), asked=list(ids))
    await bench.load(SCHEMA, *(record(number, {"firstname": f"n{number}"}) for number in ids), link_sets=[found])
    return bench


async def linked(bench: Bench) -> list[int]:
    return [row["from_id"] for row in await bench.rows("associations", "from_id")]


async def test_confirmed_deletions_merges_and_erasures_leave_no_row_and_no_link(stored: Bench) -> None:
    await stored.load(SCHEMA, covered=[ALL])
    fates = Fates(
        live=(record(1, {"firstname": "alive"}, minutes=1), record(5, {"firstname": "n5"})),
        archived=(record(2, {"firstname": "n2"}, minutes=1, archived_at=NOW),),
        merged=(Merge(from_id=3, into_id=1),),
        gone=(4,),
    )
    assert await stored.settle(SCHEMA, fates, 1, 2, 3, 4, 5) == LoadCounts(updated=2, unchanged=1, archived=3)
    assert await stored.by_id("firstname") == {1: "alive", 5: "n5"}
    assert await linked(stored) == [1, 5]
    assert await stored.rows("_absent") == []
    assert [(row["from_id"], row["into_id"]) for row in await stored.rows("merges")] == [(3, 1)]


async def test_nothing_is_removed_before_it_is_confirmed(stored: Bench) -> None:
    await stored.load(SCHEMA, record(2, {"firstname": "n2"}, minutes=1, archived_at=NOW))
    assert len(await stored.by_id("firstname")) == 5
    assert [row["id"] for row in await stored.rows("_absent")] == [2]


async def test_a_deleted_record_that_was_never_stored_gets_no_row(stored: Bench) -> None:
    counts = await stored.load(SCHEMA, record(9, {"firstname": "n9"}, archived_at=NOW), record(8, {"firstname": "n8"}))
    assert counts == LoadCounts(inserted=1)
    assert sorted(await stored.by_id("firstname")) == [1, 2, 3, 4, 5, 8]


async def test_a_merge_that_a_record_tells_of_removes_the_other_one_once_it_is_confirmed(stored: Bench) -> None:
    await stored.load(SCHEMA, covered=[IdRange(first=2, last=3)])
    await stored.load(SCHEMA, record(1, {"firstname": "both"}, minutes=1), merges=[Merge(from_id=2, into_id=1)])
    assert sorted(await stored.by_id("firstname")) == [1, 2, 3, 4, 5]
    await stored.settle_shown(SCHEMA, Fates(), 2)
    assert sorted(await stored.by_id("firstname")) == [1, 3, 4, 5]
    assert await linked(stored) == [1, 3, 4, 5]
    assert [row["id"] for row in await stored.rows("_absent")] == [3]


async def test_a_restored_record_is_there_again_with_its_links(stored: Bench) -> None:
    await stored.archive(SCHEMA, record(2, {"firstname": "n2"}, minutes=1, archived_at=NOW))
    assert 2 not in await stored.by_id("firstname")
    await stored.load(SCHEMA, record(2, {"firstname": "back"}), link_sets=[links((2, 70), asked=[2])])
    assert (await stored.by_id("firstname"))[2] == "back"
    assert (await stored.by_id("_archived_at"))[2] is None
    assert await linked(stored) == [1, 2, 3, 4, 5]


async def test_links_that_lead_to_a_removed_record_go_too(stored: Bench) -> None:
    contacts, companies = NUMBERS["contacts"], NUMBERS["companies"]
    companies_schema = schema_of("name", object_type="companies")
    await stored.ensure(companies_schema)
    await stored.load(companies_schema, record(70, {"name": "Acme"}), record(2, {"name": "has a contact's id"}))
    await stored.connection.execute(
        f"INSERT INTO {stored.schema_name}.associations"
        f" VALUES ({contacts}, 1, {companies}, 2, 'HUBSPOT_DEFINED', 1)".encode()
    )
    await stored.archive(SCHEMA, record(2, {}, minutes=1, archived_at=NOW))
    kept = [(row["from_id"], row["to_id"]) for row in await stored.rows("associations", "from_id, to_id", "1, 2")]
    assert kept == [(1, 2), (1, 70), (3, 70), (4, 70), (5, 70)], "company 2 is not contact 2"
    await stored.archive(companies_schema, record(70, {}, minutes=1, archived_at=NOW))
    assert [row["to_id"] for row in await stored.rows("associations", "to_id")] == [2]


async def test_the_engagements_of_an_erased_person_are_found_and_stay_out(stored: Bench) -> None:
    await stored.ensure(EMAILS)
    await stored.load(EMAILS, record(50, {"hs_email_subject": "a"}), record(51, {"hs_email_subject": "b"}))
    emails, contacts = NUMBERS["emails"], NUMBERS["contacts"]
    for number in (50, 51):
        await stored.connection.execute(
            f"INSERT INTO {stored.schema_name}.associations"
            f" VALUES ({emails}, {number}, {contacts}, 4, 'HUBSPOT_DEFINED', 198)".encode()
        )
    await stored.archive(EMAILS, record(51, {}, minutes=1, archived_at=NOW))
    await stored.settle(SCHEMA, Fates(gone=(4,)), 4)
    await erasure.erase_engagements(stored.connection, stored.target(SCHEMA), [4])
    restored = [record(number, {"hs_email_subject": "again"}, minutes=2) for number in (50, 51)]
    await stored.load(EMAILS, *restored)
    assert await stored.by_id("hs_email_subject", "emails") == {50: None}


async def test_a_lost_lease_removes_nothing(stored: Bench) -> None:
    stale = stored.epoch
    await stored.take_lease()
    stored.epoch = stale
    with pytest.raises(LeaseLost):
        await stored.settle(SCHEMA, Fates(gone=(1,)), 1)
    assert len(await stored.by_id("firstname")) == 5


async def test_what_was_marked_before_the_setting_was_made_goes_too(stored: Bench) -> None:
    stored.hard_delete = False
    await stored.archive(SCHEMA, record(2, {"firstname": "n2"}, minutes=1, archived_at=NOW))
    await stored.settle(SCHEMA, Fates(gone=(4,)), 4)
    assert len(await stored.by_id("firstname")) == 5
    stored.hard_delete = True
    await deletion.remove_every_marked(stored.connection, stored.target(SCHEMA))
    assert sorted(await stored.by_id("firstname")) == [1, 3, 5]
    assert await linked(stored) == [1, 3, 5]

"""What HubSpot erased is erased here wherever a value of it is kept, whatever the table."""

import pytest

from ontologie.model.object_types import NUMBERS
from ontologie.model.record import Fates, IdRange, LoadCounts, Merge
from ontologie.model.schema import ColumnType
from ontologie.store import erasure
from tests.unit.store.rows import NOW, Bench, prop, record, schema_of

SECRET = "Ada Lovelace"
ALL = IdRange(first=0, last=2**63 - 2)
SCHEMA = schema_of("firstname", "score")
EMAILS = schema_of("hs_email_subject", object_type="emails")


async def everything(bench: Bench) -> str:
    """All values of the source's schema as one text."""
    cursor = await bench.connection.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = to_regnamespace(%s) AND relkind = 'r'", [bench.schema_name]
    )
    return "\n".join([repr(await bench.rows(row["relname"])) for row in await cursor.fetchall()])


async def put_aside(bench: Bench, number: int, object_type: str = "contacts", archived_at: str | None = None) -> None:
    """As a load does with what PostgreSQL cannot hold."""
    await bench.connection.execute(
        f"INSERT INTO {bench.schema_name}._aside (object_type, id, reason, record) VALUES (%s, %s, 'row is too big',"
        " jsonb_strip_nulls(jsonb_build_object('firstname', %s::text, '_archived_at', %s::text)))".encode(),
        [object_type, number, SECRET, archived_at],
    )


async def aside(bench: Bench) -> list[int]:
    return [row["id"] for row in await bench.rows("_aside", "id")]


@pytest.fixture
async def stored(bench: Bench) -> Bench:
    await bench.ensure(SCHEMA)
    await bench.load(SCHEMA, *(record(number, {"firstname": SECRET, "score": SECRET}) for number in (1, 2)))
    return bench


async def test_an_erased_record_leaves_no_value_anywhere(stored: Bench) -> None:
    """Not aside, not in the old column of a retyped property, not in the column of one that is gone."""
    later = schema_of(prop("score", ColumnType.NUMERIC), "unruly")
    await stored.retype(later)
    await stored.load(later, record(1, {"score": SECRET, "unruly": SECRET}, minutes=1))
    await put_aside(stored, 1)
    await stored.settle(later, Fates(gone=(1, 2)), 1, 2)
    assert SECRET not in await everything(stored)


async def test_a_record_that_is_only_aside_is_a_candidate_of_a_full_check(stored: Bench) -> None:
    await put_aside(stored, 7)
    await put_aside(stored, 8, archived_at="2026-11-20T12:00:00Z")
    await put_aside(stored, 9, object_type="companies")
    live = [record(number, {"firstname": SECRET, "score": SECRET}) for number in (1, 2)]
    await stored.load(SCHEMA, *live, covered=[ALL])
    assert [(row["object_type"], row["id"]) for row in await stored.rows("_absent")] == [("contacts", 7)]
    await stored.settle(SCHEMA, Fates(gone=(7,)), 7)
    assert await aside(stored) == [8, 9]
    assert await stored.rows("_absent") == []


async def test_a_record_that_can_be_stored_again_is_aside_no_more(stored: Bench) -> None:
    await put_aside(stored, 7)
    await stored.load(SCHEMA, record(7, {"firstname": "short"}))
    assert await aside(stored) == []


@pytest.mark.parametrize("hard_delete", [False, True])
async def test_what_was_merged_into_an_erased_record_is_erased_with_it(stored: Bench, hard_delete: bool) -> None:
    """The losers of a merge hold the same person."""
    merges = (Merge(from_id=1, into_id=2), Merge(from_id=2, into_id=3))
    await stored.load(SCHEMA, record(3, {"firstname": SECRET}))
    await stored.settle(SCHEMA, Fates(merged=merges), 1, 2)
    stored.hard_delete = hard_delete
    assert await stored.settle(SCHEMA, Fates(gone=(3,)), 3) == LoadCounts(archived=1)
    assert SECRET not in await everything(stored)


async def test_who_is_only_named_as_a_part_of_an_erased_record_keeps_all_values(stored: Bench) -> None:
    await stored.load(SCHEMA, record(3, {"firstname": "n3"}), merges=[Merge(from_id=1, into_id=3)])
    kept = (await stored.by_id("firstname"))[1]
    await stored.settle(SCHEMA, Fates(gone=(3,)), 3)
    assert (await stored.by_id("firstname"))[1] == kept is not None


async def test_the_engagements_of_what_was_merged_into_an_erased_person_are_erased(stored: Bench) -> None:
    await stored.ensure(EMAILS)
    await stored.load(EMAILS, record(50, {"hs_email_subject": "a"}))
    emails, contacts = NUMBERS["emails"], NUMBERS["contacts"]
    await stored.connection.execute(
        f"INSERT INTO {stored.schema_name}._former_links VALUES ({emails}, 50, {contacts}, 1)".encode()
    )
    await stored.settle(SCHEMA, Fates(merged=(Merge(from_id=1, into_id=2),)), 1)
    await erasure.erase_engagements(stored.connection, stored.target(SCHEMA), [2])
    assert await stored.by_id("hs_email_subject", "emails") == {50: None}


async def test_an_engagement_of_an_erased_person_that_is_only_aside_is_erased_and_stays_out(stored: Bench) -> None:
    await stored.ensure(EMAILS)
    await put_aside(stored, 60, object_type="emails")
    emails, contacts = NUMBERS["emails"], NUMBERS["contacts"]
    await stored.connection.execute(
        f"INSERT INTO {stored.schema_name}.associations VALUES"
        f" ({emails}, 60, {contacts}, 2, 'HUBSPOT_DEFINED', 198)".encode()
    )
    await erasure.erase_engagements(stored.connection, stored.target(SCHEMA), [2])
    assert await aside(stored) == []
    await stored.load(EMAILS, record(60, {"hs_email_subject": SECRET}, minutes=1))
    assert await stored.rows("emails", "id") == []


async def test_what_was_archived_long_ago_is_erased_aside_too(stored: Bench) -> None:
    await put_aside(stored, 8, archived_at="2026-11-20T11:00:00Z")
    await put_aside(stored, 9, archived_at="2026-11-20T13:00:00Z")
    await put_aside(stored, 10)
    await erasure.erase_archived(stored.connection, stored.target(SCHEMA), archived_before=NOW)
    assert await aside(stored) == [9, 10]


async def test_a_generated_column_that_the_user_added_does_not_stop_an_erasure(stored: Bench) -> None:
    await stored.connection.execute(
        f"ALTER TABLE {stored.schema_name}.contacts ADD COLUMN shout text"
        " GENERATED ALWAYS AS (upper(firstname)) STORED".encode()
    )
    await stored.settle(SCHEMA, Fates(gone=(1, 2)), 1, 2)
    assert SECRET.upper() not in await everything(stored)

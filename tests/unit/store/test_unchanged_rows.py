"""What does not differ is not rewritten; what differs is, however the batch is mixed."""

from typing import Any

import msgspec
import pytest

from ontologie.model.checkpoint import SegmentKind
from ontologie.model.record import LoadCounts
from ontologie.model.schema import ColumnType
from tests.unit.store.rows import NOW, SWEEP, Bench, prop, record, schema_of

SCHEMA = schema_of("name", prop("amount", ColumnType.NUMERIC), prop("tags", ColumnType.TEXT_ARRAY))
BACKFILL = msgspec.structs.replace(SWEEP, kind=SegmentKind.BACKFILL, key="backfill")
VALUES: dict[str, str | None] = {"name": "Ada", "amount": "5.10", "tags": "a;b"}


@pytest.fixture
async def stored(bench: Bench) -> Bench:
    await bench.ensure(SCHEMA)
    await bench.load(SCHEMA, *(record(number, VALUES) for number in (1, 2, 3)))
    return bench


async def versions(bench: Bench) -> dict[int, Any]:
    return {row["id"]: row["xmin"] for row in await bench.rows("contacts", "id, xmin::text")}


async def test_a_property_that_was_added_and_is_empty_rewrites_no_row(stored: Bench) -> None:
    before = await versions(stored)
    wider = schema_of("name", "empty", prop("amount", ColumnType.NUMERIC), prop("tags", ColumnType.TEXT_ARRAY))
    await stored.ensure(wider)
    again = await stored.load(wider, *(record(number, VALUES | {"empty": None}, minutes=1) for number in (1, 2, 3)))
    assert again == LoadCounts(unchanged=3)
    assert await versions(stored) == before


@pytest.mark.parametrize(
    "changed", [{"name": "ada"}, {"amount": "5.1"}, {"amount": None}, {"tags": "b;a"}, {"name": ""}]
)
async def test_any_other_value_rewrites_its_row_alone(stored: Bench, changed: dict[str, str | None]) -> None:
    before = await versions(stored)
    found = await stored.load(SCHEMA, record(1, VALUES, minutes=1), record(2, VALUES | changed, minutes=1))
    assert found == LoadCounts(updated=1, unchanged=1)
    after = await versions(stored)
    assert {number for number in after if after[number] != before[number]} == {2}


async def test_a_value_that_becomes_unreadable_rewrites_its_row(stored: Bench) -> None:
    await stored.load(SCHEMA, record(1, VALUES | {"amount": None}, minutes=1))
    found = await stored.load(SCHEMA, record(1, VALUES | {"amount": "much"}, minutes=2))
    assert found == LoadCounts(updated=1, rejected_values=1)


async def test_a_backfill_over_known_records_adds_the_new_and_merges_the_others(stored: Bench) -> None:
    before = await versions(stored)
    found = await stored.load(
        SCHEMA,
        record(4, VALUES),
        record(3, VALUES | {"name": "Grace"}, minutes=1),
        record(2, VALUES, minutes=1),
        record(5, VALUES | {"amount": "much"}, archived_at=NOW),
        segment=BACKFILL,
    )
    assert found == LoadCounts(inserted=2, updated=1, unchanged=1, archived=1, rejected_values=1)
    assert await stored.by_id("name") == {1: "Ada", 2: "Ada", 3: "Grace", 4: "Ada", 5: "Ada"}
    assert (await versions(stored))[2] == before[2]


async def test_a_backfill_that_gives_a_new_record_twice_keeps_the_newer(bench: Bench) -> None:
    await bench.ensure(SCHEMA)
    twice = [record(9, VALUES | {"name": "new"}, minutes=1), record(9, VALUES), record(8, VALUES)]
    assert await bench.load(SCHEMA, *twice, segment=BACKFILL) == LoadCounts(inserted=2)
    assert await bench.by_id("name") == {8: "Ada", 9: "new"}

"""A retyped property: its new column is filled beside the old one, and takes the name when it is full."""

from typing import Any

import pytest

from ontologie.database.migrate import READER
from ontologie.errors import LeaseLost
from ontologie.model.checkpoint import Segment, SegmentKind
from ontologie.model.schema import ColumnType, ObjectSchema
from ontologie.store import checkpoints, retyping, tables
from tests.unit.store.rows import NOW, Bench, prop, record, schema_of

OLD = schema_of("name", "size")
NEW = schema_of("name", prop("size", ColumnType.NUMERIC, label="Size in m²"))
OPEN = Segment(kind=SegmentKind.SWEEP, key="sweep", window_from=NOW)
DONE = Segment(kind=SegmentKind.SWEEP, key="sweep", window_from=NOW, done=True)


@pytest.fixture
async def filling(bench: Bench) -> Bench:
    """Two records are stored; ``size`` is a number by now, and the full check that fills it was begun."""
    await bench.ensure(OLD)
    await bench.load(OLD, *(record(number, {"name": "n", "size": "5"}) for number in (1, 2)))
    await checkpoints.write_segment(bench.connection, bench.schema_name, "contacts", OPEN)
    await bench.ensure(NEW)
    return bench


async def loading(bench: Bench) -> ObjectSchema:
    found = await tables.loading_schema(bench.connection, bench.schema_name, "contacts")
    assert found is not None
    return found


async def take_over(bench: Bench) -> ObjectSchema:
    target = bench.target(await loading(bench))
    return (await retyping.take_over(bench.connection, target, READER)).schema


async def fill(bench: Bench, *numbers: int, size: str = "5") -> None:
    """What the full check does."""
    records = [record(number, {"name": "n", "size": size}, minutes=1) for number in numbers]
    await bench.load(await loading(bench), *records, segment=OPEN)


async def shown(bench: Bench) -> tuple[ColumnType, dict[int, Any]]:
    """What a reader finds under the name."""
    schema = await tables.read_schema(bench.connection, bench.schema_name, "contacts")
    assert schema is not None
    return schema.column_types()["size"], await bench.by_id("size")


async def test_readers_see_the_old_column_until_all_is_filled(filling: Bench) -> None:
    await fill(filling, 1, 3, size="6")
    await take_over(filling)
    assert await shown(filling) == (ColumnType.TEXT, {1: "6", 2: "5", 3: "6"})
    await filling.ensure(NEW)  # nothing new
    await fill(filling, 2)
    await checkpoints.write_segment(filling.connection, filling.schema_name, "contacts", DONE)
    after = await take_over(filling)
    assert after == NEW
    assert await shown(filling) == (ColumnType.NUMERIC, {1: 6, 2: 5, 3: 6})
    assert await filling.by_id("size__was_text") == {1: "6", 2: "5", 3: "6"}
    await filling.ensure(NEW)
    assert await filling.drift() == [("size", "retyped")]


async def test_the_change_is_logged_and_labelled_when_it_shows(filling: Bench) -> None:
    assert await filling.rows("_drift") == []
    await checkpoints.write_segment(filling.connection, filling.schema_name, "contacts", DONE)
    await take_over(filling)
    [entry] = await filling.rows("_drift", "property, change, before, after")
    assert tuple(entry.values()) == ("size", "retyped", "text", "numeric")
    cursor = await filling.connection.execute(
        "SELECT col_description(attrelid, attnum) AS said FROM pg_attribute"
        " WHERE attrelid = to_regclass(%s) AND attname = 'size'",
        [f"{filling.schema_name}.contacts"],
    )
    assert await cursor.fetchone() == {"said": "Size in m²"}


async def test_a_view_of_somebody_goes_on_with_the_old_column(filling: Bench) -> None:
    view = f"{filling.schema_name}.mine"
    await filling.connection.execute(
        f"CREATE VIEW {view} AS SELECT id, size FROM {filling.schema_name}.contacts".encode()
    )
    await fill(filling, 1, 2)
    await checkpoints.write_segment(filling.connection, filling.schema_name, "contacts", DONE)
    await take_over(filling)
    assert await filling.by_id("size", "mine") == {1: "5", 2: "5"}


async def test_what_the_old_column_cannot_hold_is_no_rejected_value(bench: Bench) -> None:
    await bench.ensure(NEW)
    await bench.load(NEW, record(1, {"size": "5"}))
    await bench.ensure(OLD)
    await bench.load(await loading(bench), record(1, {"size": "about five"}, minutes=1))
    assert await bench.by_id("_rejected") == {1: None}
    assert await bench.by_id("size") == {1: None}
    await checkpoints.write_segment(bench.connection, bench.schema_name, "contacts", DONE)
    await take_over(bench)
    assert await bench.by_id("size") == {1: "about five"}


async def test_our_views_show_the_new_column_from_the_same_moment(bench: Bench) -> None:
    names = ("amount", "dealstage", "pipeline", prop("hubspot_owner_id", ColumnType.BIGINT))
    old = schema_of(*names, object_type="deals")
    new = schema_of(prop("amount", ColumnType.NUMERIC), *names[1:], object_type="deals")
    await bench.ensure(old)
    await bench.load(old, record(1, {"amount": "5"}))
    await bench.rebuild_views()
    await bench.ensure(new)
    await bench.rebuild_views()
    [deal] = await bench.rows("deals_enriched")
    assert "_next__amount" not in deal
    await bench.retype(new, record(1, {"amount": "5"}, minutes=1))
    assert [row["amount"] + 1 for row in await bench.rows("deals_enriched")] == [6]


async def test_engagements_show_the_new_column_too(bench: Bench) -> None:
    old, new = (
        schema_of(prop("hubspot_owner_id", kind), object_type="calls")
        for kind in (ColumnType.TEXT, ColumnType.BIGINT)
    )
    await bench.ensure(old)
    await bench.load(old, record(1, {"hubspot_owner_id": "7"}))
    await bench.rebuild_views()
    await bench.retype(new, record(1, {"hubspot_owner_id": "7"}, minutes=1))
    assert [row["owner_id"] for row in await bench.rows("engagements")] == [7]


async def test_retyped_again_before_it_was_filled(filling: Bench) -> None:
    await fill(filling, 1)
    await filling.ensure(schema_of("name", prop("size", ColumnType.BOOLEAN)))
    assert {item.column_type for item in (await loading(filling)).properties} == {ColumnType.TEXT, ColumnType.BOOLEAN}
    await filling.ensure(OLD)
    assert await loading(filling) == OLD
    assert await shown(filling) == (ColumnType.TEXT, {1: "5", 2: "5"})
    cursor = await filling.connection.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(%s) AND attname ~ 'next|was' AND attnum > 0",
        [f"{filling.schema_name}.contacts"],
    )
    assert await cursor.fetchall() == []


async def test_a_view_on_a_column_that_is_being_filled_stops_nothing(filling: Bench) -> None:
    await filling.connection.execute(
        f"CREATE VIEW {filling.schema_name}.eager AS SELECT * FROM {filling.schema_name}.contacts".encode()
    )
    await filling.ensure(OLD)
    assert len(await filling.rows("eager")) == 2


async def test_archived_while_it_was_filled_and_back_of_the_new_type(filling: Bench) -> None:
    await filling.ensure(schema_of("name"))
    assert await loading(filling) == schema_of("name")
    await filling.ensure(NEW)
    await fill(filling, 1, 2)
    await checkpoints.write_segment(filling.connection, filling.schema_name, "contacts", DONE)
    assert await take_over(filling) == NEW
    assert await shown(filling) == (ColumnType.NUMERIC, {1: 5, 2: 5})


async def test_a_column_of_somebody_under_a_name_that_hubspot_takes_is_kept_aside(bench: Bench) -> None:
    await bench.ensure(schema_of("name"))
    await bench.connection.execute(f"ALTER TABLE {bench.schema_name}.contacts ADD COLUMN size integer".encode())
    await bench.ensure(OLD)
    assert await bench.drift() == [("size", "added")]
    await bench.load(OLD, record(1, {"size": "large"}))
    assert await bench.by_id("size") == {1: "large"}
    assert await bench.by_id("size__was_integer") == {1: None}


async def test_a_worker_that_lost_the_source_takes_nothing_over(filling: Bench) -> None:
    await checkpoints.write_segment(filling.connection, filling.schema_name, "contacts", DONE)
    stale = filling.epoch
    await filling.take_lease()
    filling.epoch = stale
    with pytest.raises(LeaseLost):
        await take_over(filling)
    assert (await shown(filling))[0] is ColumnType.TEXT

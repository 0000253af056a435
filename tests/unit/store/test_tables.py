"""Tables that follow the account's properties, whatever they are called and whatever becomes of them."""

import msgspec
import psycopg
import pytest
from psycopg import sql

from ontologie.database.pool import connect, open_pool, translated
from ontologie.errors import OntologieError, RetryLater
from ontologie.model.record import LoadCounts
from ontologie.model.schema import ColumnType, ObjectSchema
from ontologie.store import read, removal, tables
from tests.unit.store.rows import Bench, prop, record, schema_of

LONG = "a_property_whose_name_is_much_longer_than_postgresql_takes_for_any_identifier"


async def columns(bench: Bench, table: str = "contacts") -> dict[str, str]:
    return await tables._columns(bench.connection, bench.schema_name, table)


async def test_a_table_is_made_once_and_seen_to_be_the_same(bench: Bench) -> None:
    schema = schema_of("a", prop("b", ColumnType.TEXT_ARRAY), prop("c", ColumnType.TIMESTAMPTZ))
    assert not await read.exists(bench.connection, bench.schema_name, "contacts")
    await bench.ensure(schema)
    await bench.ensure(schema)
    assert await bench.drift() == []
    assert await tables.read_schema(bench.connection, bench.schema_name, "contacts") == schema
    assert await read.exists(bench.connection, bench.schema_name, "contacts")


async def test_a_new_property_gets_a_column(bench: Bench) -> None:
    await bench.ensure(schema_of("a"))
    await bench.load(schema_of("a"), record(1, {"a": "x"}))
    wider = schema_of("a", prop("b", ColumnType.NUMERIC))
    await bench.ensure(wider)
    await bench.load(wider, record(1, {"a": "x", "b": "5"}, minutes=1))
    assert await bench.by_id("b") == {1: 5}
    assert await bench.drift() == [("b", "added")]


async def test_a_retyped_property_gets_a_new_column_and_keeps_the_old_one(bench: Bench) -> None:
    await bench.ensure(schema_of("a"))
    await bench.load(schema_of("a"), record(1, {"a": "5"}))
    for kind in (ColumnType.NUMERIC, ColumnType.TEXT, ColumnType.NUMERIC):
        await bench.retype(schema_of(prop("a", kind)))
    assert await bench.drift() == [("a", "retyped")] * 3
    found = await columns(bench)
    kept = {name: kind for name, kind in found.items() if name.startswith("a__was")}
    assert found["a"] == "numeric"
    assert kept == {"a__was_text": "text", "a__was_numeric": "numeric", "a__was_text_2": "text"}
    assert await bench.by_id("a__was_text") == {1: "5"}


async def test_a_property_that_is_gone_keeps_its_column_and_may_come_back(bench: Bench) -> None:
    both = schema_of("a", "b")
    await bench.ensure(both)
    await bench.load(both, record(1, {"a": "x", "b": "y"}))
    await bench.ensure(schema_of("a"))
    assert await bench.by_id("b") == {1: "y"}
    await bench.ensure(both)
    assert await bench.drift() == [("b", "archived")]
    assert await tables.read_schema(bench.connection, bench.schema_name, "contacts") == both


async def test_labels_become_comments_and_follow_their_changes(bench: Bench) -> None:
    for label in ("What's \"this\"?", "Élan; DROP TABLE"):
        await bench.ensure(schema_of(prop("a", label=label)))
        cursor = await bench.connection.execute(
            "SELECT col_description(to_regclass(%s), attnum) AS said FROM pg_attribute"
            " WHERE attrelid = to_regclass(%s) AND attname = 'a'",
            [f"{bench.schema_name}.contacts"] * 2,
        )
        row = await cursor.fetchone()
        assert row is not None
        assert row["said"] == label


@pytest.mark.parametrize(
    "name",
    [
        "id", LONG, "é" * 40, 'quo"te', "semi;colon", "per%cent",
        "{braces}", "Select", "user", "with space", "a.b", "x'y",
    ],
)
async def test_properties_of_any_name_are_stored_under_a_name_that_properties_tells(bench: Bench, name: str) -> None:
    schema = schema_of(name, LONG + "_too")
    await bench.ensure(schema)
    await bench.load(schema, record(1, {name: "one", LONG + "_too": "two"}))
    told = {row["name"]: row["column_name"] for row in await bench.rows("properties")}
    assert await bench.by_id(told[name]) == {1: "one"}
    assert await bench.by_id(told[LONG + "_too"]) == {1: "two"}
    await bench.ensure(schema)
    assert await bench.drift() == []


@pytest.mark.parametrize("name", ["xmin", "ctid", "tableoid", "cmax"])
async def test_a_property_named_as_a_system_column_is_stored(bench: Bench, name: str) -> None:
    await bench.ensure(schema_of(name))


async def test_two_properties_never_share_a_column(bench: Bench) -> None:
    await bench.ensure(schema_of("id", "id_property"))


async def test_what_postgresql_refuses_becomes_an_error_of_ours(bench: Bench) -> None:
    twice = ObjectSchema(object_type="contacts", properties=(prop("a"), prop("a")))
    with pytest.raises(OntologieError):
        await bench.ensure(twice)


async def stored_schema(bench: Bench) -> ObjectSchema:
    found = await tables.read_schema(bench.connection, bench.schema_name, "contacts")
    assert found is not None
    return found


async def test_properties_that_a_table_has_no_room_for_are_kept_together(bench: Bench) -> None:
    schema = schema_of(*(f"p{number:04}" for number in range(1_510)), *(f"hs_{number}" for number in range(3)))
    await bench.ensure(schema)
    placed = await stored_schema(bench)
    more = [item.name for item in placed.properties if item.in_more]
    assert len(more) == 13
    assert {"hs_0", "hs_1", "hs_2"} <= set(more), "HubSpot's internal ones first"
    values: dict[str, str | None] = {"p0000": "first", "p1509": "last", "hs_1": 'é"', "hs_2": "a\x00b"}
    assert await bench.load(placed, record(1, values)) == LoadCounts(inserted=1, rejected_values=1)
    assert await bench.by_id("_more") == {1: {"p1509": "last", "hs_1": 'é"'}}
    assert await bench.by_id("_rejected") == {1: {"hs_2": "a\u2400b"}}
    assert await bench.load(placed, record(1, values, minutes=1)) == LoadCounts(unchanged=1)
    changed = await bench.load(placed, record(1, values | {"hs_1": None}, minutes=2))
    assert changed == LoadCounts(updated=1, rejected_values=1)
    await bench.ensure(schema)
    assert await bench.drift() == []
    assert await stored_schema(bench) == placed, "each keeps its place"


async def test_as_many_properties_as_a_table_bears_are_stored(bench: Bench) -> None:
    schema = schema_of(*(f"p{number:04}" for number in range(1_500)))
    await bench.ensure(schema)
    await bench.load(schema, record(1, {"p0000": "first", "p1499": "last"}))
    assert await bench.by_id("p1499") == {1: "last"}


async def test_properties_that_come_and_go_past_what_a_table_bears_are_kept_together(bench: Bench) -> None:
    await bench.ensure(schema_of(*(f"p{number:04}" for number in range(1_500))))
    await bench.ensure(schema_of(*(f"q{number:04}" for number in range(150)), prop("p0001", ColumnType.NUMERIC)))
    placed = await stored_schema(bench)
    assert all(item.in_more for item in placed.properties)
    await bench.load(placed, record(1, {"q0007": "x", "p0001": "5"}))
    assert await bench.by_id("_more") == {1: {"q0007": "x", "p0001": "5"}}


async def test_a_source_schema_is_made_once(bench: Bench) -> None:
    await tables.ensure_source_schema(bench.connection, bench.schema_name, "ontologie_reader")


async def test_a_removed_source_leaves_nothing_behind(bench: Bench) -> None:
    await bench.ensure(schema_of("a"))
    await bench.load(schema_of("a"), record(1), record(2))
    await bench.rebuild_views()
    counts = await removal.row_counts(bench.connection, bench.schema_name)
    assert counts["contacts"] == 2
    assert not any(name.startswith("_") for name in counts)
    await removal.drop_schema(bench.connection, bench.schema_name)
    assert await removal.row_counts(bench.connection, bench.schema_name) == {}


def test_the_shape_changes_exactly_when_columns_do() -> None:
    one = schema_of("a", "b")
    relabelled = msgspec.structs.replace(one, properties=(prop("a", label="other"), prop("b")))
    assert tables.shape(one) == tables.shape(relabelled)
    assert tables.shape(one) != tables.shape(schema_of("a", prop("b", ColumnType.DATE)))
    assert tables.shape(one) != tables.shape(schema_of("a", "c"))


async def test_who_waits_for_somebody_elses_lock_gives_up_and_says_so(bench: Bench, database_url: str) -> None:
    await bench.ensure(schema_of("a"))
    table = sql.Identifier(bench.schema_name, "contacts")
    async with open_pool(database_url, size=1) as pool, await connect(database_url) as somebody, somebody.transaction():
        await somebody.execute(sql.SQL("LOCK TABLE {} IN SHARE MODE").format(table))
        async with pool.connection() as connection:
            row = await (await connection.execute("SHOW lock_timeout")).fetchone()
            assert row == {"lock_timeout": "30s"}
            await connection.execute("SET lock_timeout = '10ms'")
            with pytest.raises(RetryLater) as refused, translated():
                await connection.execute(sql.SQL("DELETE FROM {}").format(table))
        assert refused.value.code == "STORE_LOCKED"


async def test_a_table_that_cannot_be_changed_for_a_lock_says_so(bench: Bench) -> None:
    async def locked() -> None:
        raise psycopg.errors.LockNotAvailable

    with pytest.raises(RetryLater) as refused:
        await tables.with_lock_timeout(bench.connection, locked)
    assert refused.value.code == "STORE_LOCKED"

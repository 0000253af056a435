"""Pages of a table: every row once, in order, whatever the order is by."""

from datetime import timedelta

import pytest
from psycopg import sql

from ontologie.database.pool import Connection
from ontologie.model.schema import ColumnType
from ontologie.model.selection import Filter, Operator, Selection
from ontologie.store import grid, indexes
from ontologie.store import record as one_record
from ontologie.store.grid import Count
from ontologie.store.inspection import fill_rates
from ontologie.store.selecting import Table, condition, sort_key
from tests.unit.store.rows import NOW, Bench, prop, record, schema_of
from tests.unit.store.test_selecting import table_of

SCHEMA = schema_of(
    "lastname",
    "_key",
    prop("amount", ColumnType.NUMERIC),
    prop("stage"),
    prop("tags", ColumnType.TEXT_ARRAY),
    prop("big", ColumnType.BIGINT),
    prop("at", ColumnType.TIMESTAMPTZ),
)
PATIENCE = timedelta(seconds=10)


async def filled(bench: Bench) -> Table:
    await bench.ensure(SCHEMA)
    await bench.load(
        SCHEMA,
        *(
            record(
                number,
                {
                    "lastname": ["Éa", "eb", "Ec", None, ""][number % 5],
                    "amount": [None, "10", "9", "9.5"][number % 4],
                    "stage": ["won", "lost", "new", None][number % 4],
                    "tags": ["b;a", "a", None][number % 3],
                    "big": str(9_007_199_254_740_993 + number % 3),
                    "at": ["2026-11-20T12:00:00.123Z", None][number % 2],
                    "_key": "theirs",
                },
                minutes=number % 7,
            )
            for number in range(1, 41)
        ),
    )
    table = await table_of(bench)
    return Table(
        schema_name=table.schema_name,
        object_type=table.object_type,
        columns=table.columns,
        time_zone="UTC",
        ranks={"stage": ("new", "won", "lost")},
    )


async def walk(connection: Connection, table: Table, selection: Selection, limit: int) -> list[tuple[str, object]]:
    """Every page, one after the other: (id, value of the order's column)."""
    found: list[tuple[str, object]] = []
    after = None
    while True:
        page = await grid.page(connection, table, selection, columns=[selection.order], after=after, limit=limit)
        assert len(page.rows) <= limit
        found.extend((number, row[0]) for number, row in zip(page.ids, page.rows, strict=True))
        after = page.end
        if after is None:
            return found


@pytest.mark.parametrize("order", ["lastname", "amount", "stage", "tags", "big", "at", "_updated_at", "id"])
@pytest.mark.parametrize("descending", [True, False])
async def test_pages_hold_every_row_once_and_in_order(bench: Bench, order: str, *, descending: bool) -> None:
    table = await filled(bench)
    selection = Selection(order=order, descending=descending)
    whole = await walk(bench.connection, table, selection, limit=100)
    assert await walk(bench.connection, table, selection, limit=7) == whole
    assert sorted(int(number) for number, _ in whole) == list(range(1, 41))
    empty = [value is None for _, value in whole]
    assert empty == sorted(empty), "rows without a value come last"


async def test_texts_are_ordered_without_case_and_accents(bench: Bench) -> None:
    table = await filled(bench)
    found = await walk(bench.connection, table, Selection(order="lastname", descending=False), limit=100)
    names = [str(value) for _, value in found if value]
    assert list(dict.fromkeys(names)) == ["Éa", "eb", "Ec"]


async def test_labelled_values_are_ordered_by_their_rank(bench: Bench) -> None:
    table = await filled(bench)
    found = await walk(bench.connection, table, Selection(order="stage", descending=False), limit=100)
    assert list(dict.fromkeys(value for _, value in found)) == ["new", "won", "lost", None]


async def test_values_keep_all_their_digits_and_names_never_clash(bench: Bench) -> None:
    table = await filled(bench)
    selection = Selection(filters=(Filter(column="id", operator=Operator.EQUALS, values=("3",)),))
    page = await grid.page(
        bench.connection, table, selection, columns=["big", "amount", "_key", "tags"], after=None, limit=5
    )
    assert page.rows == (("9007199254740993", "9.5", "theirs", ["b", "a"]),)


async def test_a_long_text_is_cut(bench: Bench) -> None:
    await bench.ensure(SCHEMA)
    await bench.load(SCHEMA, record(1, {"lastname": "x" * 100_000}))
    table = await table_of(bench)
    page = await grid.page(bench.connection, table, Selection(), columns=["lastname"], after=None, limit=5)
    assert page.rows == (("x" * grid.SHOWN_CHARACTERS,),)


async def test_archived_rows_are_shown_only_when_asked(bench: Bench) -> None:
    await bench.ensure(SCHEMA)
    await bench.load(SCHEMA, record(1), record(2, archived_at=NOW))
    table = await table_of(bench)
    assert [number for number, _ in await walk(bench.connection, table, Selection(), 5)] == ["1"]
    assert [number for number, _ in await walk(bench.connection, table, Selection(archived=True), 5)] == ["2"]


async def test_a_count_is_exact_when_there_is_time(bench: Bench) -> None:
    table = await filled(bench)
    assert await grid.count(bench.connection, table, Selection(), patience=PATIENCE) == Count(records=40, exact=True)


async def test_a_count_that_would_take_too_long_is_an_estimate(bench: Bench) -> None:
    table = await filled(bench)
    await bench.connection.execute(
        sql.SQL(
            "ALTER TABLE {} RENAME TO held; CREATE VIEW {} AS SELECT * FROM {} WHERE pg_sleep(0.02) IS NOT NULL"
        ).format(table.name, table.name, sql.Identifier(bench.schema_name, "held"))
    )
    found = await grid.count(bench.connection, table, Selection(), patience=timedelta(milliseconds=100))
    assert not found.exact


async def test_a_query_that_takes_too_long_is_stopped_and_says_so(bench: Bench) -> None:
    with pytest.raises(grid.TooSlow) as stopped:
        async with grid.reading(bench.connection, patience=timedelta(milliseconds=50)):
            await bench.connection.execute("SELECT pg_sleep(20)")
    assert stopped.value.code == "QUERY_TOO_SLOW"


async def test_indexes_are_made_once_and_follow_their_columns(bench: Bench) -> None:
    await filled(bench)

    async def names() -> dict[str, str]:
        cursor = await bench.connection.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = %s AND indexname LIKE '%%\\_by\\_%%'",
            [bench.schema_name],
        )
        return {row["indexname"]: row["indexdef"] for row in await cursor.fetchall()}

    await indexes.ensure_indexes(bench.connection, bench.schema_name, "contacts")
    first = await names()
    assert set(first) == {"contacts_by__updated_at", "contacts_by_lastname", "contacts_by_words"}
    await indexes.ensure_indexes(bench.connection, bench.schema_name, "contacts")
    assert await names() == first
    retyped = schema_of(prop("lastname", ColumnType.NUMERIC), "email")
    await bench.retype(retyped)
    await indexes.ensure_indexes(bench.connection, bench.schema_name, "contacts")
    assert "translate" in first["contacts_by_lastname"]
    assert "translate" not in (await names())["contacts_by_lastname"]
    assert "contacts_by_email" in await names()


async def test_a_table_whose_indexes_came_before_its_rows_is_looked_at_once_it_is_filled(bench: Bench) -> None:
    await bench.ensure(SCHEMA)
    await indexes.ensure_indexes(bench.connection, bench.schema_name, "contacts")
    assert await fill_rates(bench.connection, bench.schema_name, "contacts") == {}
    await filled(bench)
    await indexes.ensure_indexes(bench.connection, bench.schema_name, "contacts")
    rates = await fill_rates(bench.connection, bench.schema_name, "contacts")
    assert rates["id"] == 1


async def test_a_sort_by_a_main_column_is_a_range_of_its_index(bench: Bench) -> None:
    table = await filled(bench)
    await indexes.ensure_indexes(bench.connection, bench.schema_name, "contacts")
    await bench.connection.execute("SET enable_seqscan = off")
    selection = Selection(order="lastname")
    cursor = await bench.connection.execute(
        sql.SQL(
            "EXPLAIN SELECT id FROM {0} WHERE {1} AND ({2}) IS NOT NULL ORDER BY ({2}) DESC, id DESC LIMIT 5"
        ).format(table.name, condition(table, selection), sort_key(table, "lastname"))
    )
    plan = " ".join(row["QUERY PLAN"] for row in await cursor.fetchall())
    assert "contacts_by_lastname" in plan
    assert "Sort" not in plan


async def test_what_reads_within_a_patience_says_that_it_took_too_long(
    bench: Bench, other_connection: Connection
) -> None:
    table = await filled(bench)
    async with other_connection.transaction():
        await other_connection.execute(sql.SQL("LOCK TABLE {}").format(table.name))
        with pytest.raises(grid.TooSlow):
            async with grid.reading(bench.connection, patience=timedelta(milliseconds=50)):
                await one_record.read_row(bench.connection, bench.schema_name, table.object_type, 1)

"""What a Python program reads is what is stored, typed, streamed, chosen and filtered."""

import asyncio
import gc
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import polars
import pytest

import ontologie
from ontologie.client import Connection
from ontologie.database.pool import connect
from ontologie.model.schema import ColumnType
from ontologie.services.query import url_of_reader
from ontologie.store import tables
from tests.unit.store.rows import NOW, Bench, prop, record, schema_of

SCHEMA = schema_of(
    "dealname",
    prop("amount", ColumnType.NUMERIC),
    prop("closedate", ColumnType.TIMESTAMPTZ),
    prop("born", ColumnType.DATE),
    prop("won", ColumnType.BOOLEAN),
    prop("tags", ColumnType.TEXT_ARRAY),
    object_type="deals",
)
RECORDS = 45_000
"""More than two batches."""


@pytest.fixture(scope="module")
def data(database_url: str) -> Iterator[Connection]:
    async def fill() -> None:
        async with await connect(database_url) as connection:
            bench = Bench(connection, "hubspot_py_thon")
            await tables.ensure_source_schema(connection, "hubspot_py_thon", "ontologie_reader")
            await bench.take_lease()
            await bench.ensure(SCHEMA)
            await bench.load(
                SCHEMA,
                record(1, {"dealname": "Été", "amount": "10.50", "closedate": "2026-11-20T12:00:00.5Z",
                           "born": "1990-05-01", "won": "true", "tags": "a;b"}),
                record(2, {"dealname": "Small", "amount": "-3"}),
                record(3, {"dealname": "gone"}, archived_at=NOW),
            )  # fmt: skip
            many = schema_of("name", object_type="companies")
            await bench.ensure(many)
            await bench.load(many, *(record(number, {"name": f"c{number}"}) for number in range(RECORDS)))

    asyncio.run(fill())
    with ontologie.connect(url_of_reader(database_url, "reader")) as made:
        yield made


def test_types_are_kept(data: Connection) -> None:
    table = data.source("py-thon").stream("deals").select("id", *SCHEMA.property_names()).arrow()
    assert table.to_pylist()[0] == {
        "id": 1, "amount": Decimal("10.5"), "born": date(1990, 5, 1), "dealname": "Été", "tags": ["a", "b"],
        "closedate": datetime(2026, 11, 20, 12, 0, 0, 500_000, tzinfo=UTC), "won": True,
    }  # fmt: skip
    assert table.num_rows == 2


def test_polars_pandas_and_duckdb_say_the_same(data: Connection) -> None:
    deals = data.source("py_thon").stream("deals").select("id", "amount", "closedate", "tags")
    assert deals.polars()["amount"].sum() == Decimal("7.5")
    assert deals.polars().schema["closedate"] == polars.Datetime("us", "UTC")
    assert deals.pandas()["amount"].sum() == Decimal("7.5")
    assert str(deals.pandas()["closedate"].dt.tz) == "UTC"
    with duckdb.connect() as connection:
        relation = deals.duckdb(connection, table="my deals")
        assert relation.columns == ["id", "amount", "closedate", "tags"]
        assert connection.execute('SELECT sum(amount) FROM "my deals"').fetchall() == [(Decimal("7.5"),)]


def test_numbers_may_be_floats(data: Connection) -> None:
    assert data.source("py_thon").stream("deals", numbers="float").pandas()["amount"].sum() == 7.5


def test_filters_order_and_archived_rows(data: Connection) -> None:
    deals = data.source("py_thon").stream("deals").select("id")
    assert deals.filter("dealname", "equals", "ete").arrow()["id"].to_pylist() == [1]
    assert deals.filter("amount", "to", 0).count() == 1
    assert deals.order("amount").arrow()["id"].to_pylist() == [2, 1]
    assert deals.order("amount", descending=True).limit(1).arrow()["id"].to_pylist() == [1]
    assert deals.archived().arrow()["id"].to_pylist() == [3]
    assert deals.filter("won", "filled").search("ete").arrow()["id"].to_pylist() == [1]


def test_many_rows_come_in_batches_and_reading_may_stop_early(data: Connection) -> None:
    companies = data.source("py_thon").stream("companies")
    sizes = [batch.num_rows for batch in companies.batches()]
    assert sum(sizes) == RECORDS
    assert len(sizes) > 2
    few = companies.batches()
    next(few)
    few.close()  # type: ignore[attr-defined]
    assert companies.count() == RECORDS


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (lambda data: data.source("nobody"), "SOURCE_UNKNOWN"),
        (lambda data: data.source("py_thon").stream("nothings"), "TABLE_UNKNOWN"),
        (lambda data: data.source("py_thon").stream("deals").select("nothing"), "COLUMN_UNKNOWN"),
        (lambda data: data.source("py_thon").stream("deals").filter("amount", "from", "x"), "FILTER_MALFORMED"),
    ],
)
def test_what_cannot_be_read_says_so_at_once(data: Connection, wrong: object, code: str) -> None:
    with pytest.raises(ontologie.LiveDataError) as caught:
        wrong(data)  # type: ignore[operator]
    assert caught.value.code == code


def test_sources_and_streams_are_listed(data: Connection) -> None:
    assert "py_thon" in data.sources()
    assert data.source("py_thon").streams() == ["companies", "deals"]


def test_a_table_of_duckdb_may_be_called_anything(data: Connection) -> None:
    deals = data.source("py-thon").stream("deals").select("id")
    assert deals.duckdb(table='a "b"').fetchall() == [(1,), (2,)]


def test_a_connection_that_cannot_be_made_leaves_nothing_open(tmp_path: Path) -> None:
    (tmp_path / "postgres").write_text("no folder")
    before = {id(item) for item in gc.get_objects() if isinstance(item, asyncio.AbstractEventLoop)}
    with pytest.raises((ontologie.LiveDataError, OSError)):
        ontologie.connect(home=tmp_path)
    made = [item for item in gc.get_objects() if isinstance(item, asyncio.AbstractEventLoop) and id(item) not in before]
    assert all(loop.is_closed() for loop in made)

"""Filters and searches find what a person means by them, whatever is written in them."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ontologie.database.pool import Connection
from ontologie.errors import UsageError
from ontologie.model.schema import ColumnType
from ontologie.model.selection import Filter, Operator, Selection
from ontologie.store import grid, indexes
from ontologie.store.selecting import Table
from tests.unit.store.rows import Bench, prop, record, schema_of

SCHEMA = schema_of(
    "firstname",
    "lastname",
    "email",
    prop("score", ColumnType.NUMERIC),
    prop("owner", ColumnType.BIGINT),
    prop("optin", ColumnType.BOOLEAN),
    prop("born", ColumnType.DATE),
    prop("seen", ColumnType.TIMESTAMPTZ),
    prop("tags", ColumnType.TEXT_ARRAY),
    prop("extra", ColumnType.JSONB),
)
PEOPLE = (
    record(1, {"firstname": "Éric", "lastname": "O'Neil", "email": "eric@acme.com", "score": "12.5", "owner": "7",
               "optin": "true", "born": "1990-05-01", "seen": "2026-11-19T23:30:00Z", "tags": "a;b",
               "extra": '{"k": "100%"}'}),
    record(2, {"firstname": "Zoé", "lastname": "100%_sure", "email": "zoe@acme.org", "score": "-3", "owner": "8",
               "optin": "false", "born": "2001-12-31", "seen": "2026-11-20T10:00:00Z", "tags": "b"}),
    record(3, {"firstname": "<script>alert(1)</script>", "email": ""}),
)  # fmt: skip


@pytest.fixture
async def people(bench: Bench) -> Table:
    await bench.ensure(SCHEMA)
    await bench.load(SCHEMA, *PEOPLE)
    return await table_of(bench)


async def table_of(bench: Bench, object_type: str = "contacts", zone: str = "Europe/Paris") -> Table:
    columns = await indexes.columns_of(bench.connection, bench.schema_name, object_type)
    return Table(schema_name=bench.schema_name, object_type=object_type, columns=columns, time_zone=zone)


async def ids(connection: Connection, table: Table, *filters: Filter, search: str = "") -> list[str]:
    selection = Selection(filters=filters, search=search, order="id", descending=False)
    return list((await grid.page(connection, table, selection, columns=["id"], after=None, limit=50)).ids)


def where(column: str, operator: Operator, *values: str) -> Filter:
    return Filter(column=column, operator=operator, values=values)


@pytest.mark.parametrize(
    ("column", "operator", "values", "found"),
    [
        ("firstname", Operator.CONTAINS, ["ERI"], "1"),
        ("firstname", Operator.CONTAINS, ["zoe"], "2"),
        ("firstname", Operator.EQUALS, ["éric"], "1"),
        ("firstname", Operator.CONTAINS, ["<script>"], "3"),
        ("lastname", Operator.CONTAINS, ["%"], "2"),
        ("lastname", Operator.CONTAINS, ["_"], "2"),
        ("lastname", Operator.CONTAINS, ["o'neil"], "1"),
        ("email", Operator.EMPTY, [], "3"),
        ("email", Operator.FILLED, [], "12"),
        ("score", Operator.FROM, ["0"], "1"),
        ("score", Operator.TO, ["12,5"], "12"),
        ("score", Operator.EQUALS, ["12.50"], "1"),
        ("score", Operator.EMPTY, [], "3"),
        ("owner", Operator.AMONG, ["7", "9"], "1"),
        ("optin", Operator.TRUE, [], "1"),
        ("optin", Operator.FALSE, [], "2"),
        ("born", Operator.FROM, ["2001-12-31"], "2"),
        ("born", Operator.EQUALS, ["1990-05-01"], "1"),
        # 23:30 UTC on the 19th is the 20th in Paris, where the account's day begins.
        ("seen", Operator.EQUALS, ["2026-11-20"], "12"),
        ("seen", Operator.TO, ["2026-11-19"], ""),
        ("tags", Operator.AMONG, ["a", "z"], "1"),
        ("tags", Operator.CONTAINS, ["b"], "12"),
        ("tags", Operator.EMPTY, [], "3"),
        ("extra", Operator.CONTAINS, ["100%"], "1"),
        ("id", Operator.EQUALS, ["2"], "2"),
    ],
)
async def test_a_filter_finds(
    connection: Connection, people: Table, column: str, operator: Operator, values: list[str], found: str
) -> None:
    assert await ids(connection, people, where(column, operator, *values)) == list(found)


@pytest.mark.parametrize(
    ("search", "found"),
    [("eric", "1"), ("Éri", "1"), ("acme", "12"), ("acme.org", "2"), ("neil eric", "1"), ("2", "2"), ("   ", "123"),
     ("nobody", ""), ("script", "3"), ("'; drop table contacts; --", "")],
)  # fmt: skip
async def test_a_search_finds_the_beginnings_of_words(
    connection: Connection, people: Table, search: str, found: str
) -> None:
    assert await ids(connection, people, search=search) == list(found)


@pytest.mark.parametrize(
    "item",
    [
        where("score", Operator.FROM, "many"),
        where("score", Operator.EQUALS, "nan"),
        where("score", Operator.FROM, "1e999999"),
        where("born", Operator.FROM, "31/12/2001"),
        where("seen", Operator.TO, ""),
        where("firstname", Operator.TRUE),
        where("firstname", Operator.FROM, "a"),
        where("firstname", Operator.CONTAINS),
    ],
)
async def test_a_filter_that_cannot_be_says_so(connection: Connection, people: Table, item: Filter) -> None:
    with pytest.raises(UsageError) as refused:
        await ids(connection, people, item)
    assert refused.value.code == "FILTER_MALFORMED"


async def test_an_unknown_column_says_so(connection: Connection, people: Table) -> None:
    with pytest.raises(UsageError) as refused:
        await ids(connection, people, where('x" or true', Operator.EMPTY))
    assert refused.value.code == "COLUMN_UNKNOWN"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40))
async def test_nothing_written_in_a_search_or_filter_is_sql(connection: Connection, people: Table, text: str) -> None:
    await ids(connection, people, search=text)
    await ids(connection, people, where("firstname", Operator.CONTAINS, text), where("tags", Operator.AMONG, text))

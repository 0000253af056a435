"""A source's tables as its readers see them."""

import base64
import json

import pytest

from ontologie.errors import UsageError
from ontologie.model.schema import ColumnType, Property, column_name
from ontologie.model.selection import Filter, Operator, Selection
from ontologie.services import grid, sources
from ontologie.services.context import Context
from ontologie.services.grid import Kind, Sheet
from ontologie.services.sources import SourceRequest
from ontologie.store import tables
from tests.unit.store.rows import Bench, record, schema_of

ALICE, BOB = 9_007_199_254_740_993, 7


def theirs(name: str, kind: ColumnType, **more: object) -> Property:
    given = {"label": name.title(), "type": "string", "field_type": "text", **more}
    return Property(name=name, column_name=column_name(name), column_type=kind, **given)  # type: ignore[arg-type]


DEALS = schema_of(
    theirs("dealname", ColumnType.TEXT, group_name="dealinformation"),
    theirs("amount", ColumnType.NUMERIC),
    theirs("dealstage", ColumnType.TEXT, options=(("stale", "From the property"),)),
    theirs("kind", ColumnType.TEXT, options=(("b", "Second first"), ("a", "First last"))),
    theirs("hubspot_owner_id", ColumnType.BIGINT),
    theirs("closedate", ColumnType.TIMESTAMPTZ),
    object_type="deals",
)


async def deals(context: Context) -> Sheet:
    """A source with three deals, owners, pipelines and stages."""
    await sources.add(context, SourceRequest(name="acme", connector="hubspot", token="portal-7", frequency="manual"))
    async with context.pool.connection() as connection:
        await tables.ensure_source_schema(connection, "hubspot_acme", "ontologie_reader")
        bench = Bench(connection, "hubspot_acme")
        await bench.take_lease()
        await bench.ensure(DEALS)
        await bench.load(
            DEALS,
            record(1, {"dealname": "Big", "amount": "100", "dealstage": "2", "kind": "a",
                       "hubspot_owner_id": str(ALICE)}),
            record(2, {"dealname": "Small", "amount": "5.5", "dealstage": "1", "kind": "b",
                       "hubspot_owner_id": str(BOB)}),
            record(3, {"dealname": "None"}),
        )  # fmt: skip
        await connection.execute(
            "INSERT INTO hubspot_acme.owners (id, email, first_name, last_name, type, archived) VALUES"
            " (9007199254740993, 'alice@x.com', 'Alice', 'A', 'PERSON', false), (7, 'bob@x.com', NULL, '', 'PERSON',"
            " false)"
        )
        await connection.execute("INSERT INTO hubspot_acme.pipelines VALUES ('deals', 'p', 'Sales', 0, false)")
        await connection.execute(
            "INSERT INTO hubspot_acme.pipeline_stages VALUES"
            " ('deals', 'p', '1', 'Open', 0, 0.2, false, false), ('deals', 'p', '2', 'Won', 1, 1, true, false)"
        )
    shown = await grid.sheet(context, "acme", "deals")
    assert shown is not None
    return shown


async def test_columns_have_their_kind_label_group_and_the_names_of_their_values(context: Context) -> None:
    shown = await deals(context)
    assert shown.column("dealname").group == "dealinformation"
    assert shown.column("amount").kind is Kind.MONEY
    assert shown.column("dealstage").options == (("1", "Open"), ("2", "Won"))
    assert shown.column("hubspot_owner_id").options == ((str(ALICE), "Alice A"), (str(BOB), "bob@x.com"))
    assert shown.column("_updated_at").kind is Kind.MOMENT
    assert (shown.currency, shown.time_zone) == ("EUR", "Europe/Paris")
    assert shown.main.first == ("dealname", "dealstage", "amount", "closedate", "hubspot_owner_id")


async def test_rows_come_page_by_page_as_text(context: Context) -> None:
    shown = await deals(context)
    selection = Selection(order="amount")
    first = await grid.rows(context, shown, selection, columns=["dealname", "hubspot_owner_id"], after=None, limit=2)
    assert first.rows == (("Big", str(ALICE)), ("Small", str(BOB)))
    assert first.after is not None
    rest = await grid.rows(context, shown, selection, columns=["dealname"], after=first.after, limit=2)
    assert (rest.rows, rest.after) == ((("None",),), None)


async def test_stages_and_choices_are_ordered_as_the_account_orders_them(context: Context) -> None:
    shown = await deals(context)
    for order in ("dealstage", "kind"):
        selection = Selection(order=order, descending=False)
        found = await grid.rows(context, shown, selection, columns=["dealname"], after=None, limit=9)
        assert found.rows == (("Small",), ("Big",), ("None",)), order


async def test_owners_are_filtered_by_their_id_whole(context: Context) -> None:
    shown = await deals(context)
    mine = Filter(column="hubspot_owner_id", operator=Operator.AMONG, values=(str(ALICE),))
    assert (await grid.count(context, shown, Selection(filters=(mine,)))).records == 1


@pytest.mark.parametrize("token", ["", "x", "!!", "eyJ9", base64.urlsafe_b64encode(b'{"id": "x"}').decode()])
async def test_a_place_that_nobody_gave_is_refused(context: Context, token: str) -> None:
    shown = await deals(context)
    with pytest.raises(UsageError) as refused:
        await grid.rows(context, shown, Selection(), columns=["id"], after=token, limit=2)
    assert refused.value.code == "PAGE_MALFORMED"


async def test_a_place_with_a_key_of_another_type_is_refused(context: Context) -> None:
    shown = await deals(context)
    token = base64.urlsafe_b64encode(json.dumps({"id": 1, "key": "not a number"}).encode()).decode()
    with pytest.raises(UsageError) as refused:
        await grid.rows(context, shown, Selection(order="amount"), columns=["id"], after=token, limit=2)
    assert refused.value.code == "PAGE_MALFORMED"


async def test_a_table_that_was_never_synced_is_none_and_one_that_cannot_be_is_refused(context: Context) -> None:
    await deals(context)
    assert await grid.sheet(context, "acme", "contacts") is None
    for name in ("owners", "_lease", '"; drop'):
        with pytest.raises(UsageError) as refused:
            await grid.sheet(context, "acme", name)
        assert refused.value.code == "TABLE_UNKNOWN"


async def test_the_reading_role_writes_nothing(context: Context) -> None:
    await deals(context)
    async with context.reader.connection() as connection:
        cursor = await connection.execute(
            "SELECT current_user AS who, has_table_privilege('hubspot_acme.deals', 'DELETE') AS writes"
        )
        assert await cursor.fetchone() == {"who": "ontologie_reader", "writes": False}

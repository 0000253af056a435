"""What a table says of itself."""

import msgspec

from ontologie.model.schema import ColumnType
from ontologie.services import grid, inspection
from ontologie.services.context import Context
from ontologie.store import indexes
from tests.unit.services.test_grid import theirs
from tests.unit.services.test_records import CONTACTS, people
from tests.unit.store.rows import Bench, record


async def test_columns_tell_their_type_and_how_full_they_are_once_somebody_looked(context: Context) -> None:
    shown = await people(context)
    before = {item.column.property: item for item in (await inspection.schema(context, shown)).columns}
    assert (before["score"].type, before["score"].filled) == ("numeric", None)
    assert "_updated_at" not in before
    async with context.pool.connection() as connection:
        await indexes.ensure_indexes(connection, "hubspot_acme", "contacts")
    after = {item.column.property: item for item in (await inspection.schema(context, shown)).columns}
    assert after["score"].filled is not None
    assert 0.3 < after["score"].filled < 0.4


async def test_drift_is_told(context: Context) -> None:
    await people(context)
    wider = msgspec.structs.replace(CONTACTS, properties=(*CONTACTS.properties, theirs("added", ColumnType.TEXT)))
    async with context.pool.connection() as connection:
        await Bench(connection, "hubspot_acme").ensure(wider)
    shown = await grid.sheet(context, "acme", "contacts")
    assert shown is not None
    [change] = (await inspection.schema(context, shown)).drift
    assert (change.property, change.change) == ("added", "added")


async def test_rejected_values_come_a_page_at_a_time(context: Context) -> None:
    shown = await people(context)
    async with context.pool.connection() as connection:
        bench = Bench(connection, "hubspot_acme")
        await bench.take_lease()
        await bench.load(CONTACTS, *(record(number, {"age": f"<{number}>"}) for number in range(100, 160)))
    first = await inspection.rejected(context, shown)
    assert first.records[0].rejected == {"age": "many"}
    assert first.after is not None
    rest = await inspection.rejected(context, shown, after=first.after)
    assert (len(first.records) + len(rest.records), rest.after) == (61, None)


async def test_records_set_aside_are_told_with_their_reason(context: Context) -> None:
    shown = await people(context)
    async with context.pool.connection() as connection:
        await connection.execute(
            "INSERT INTO hubspot_acme._aside (object_type, id, reason, record)"
            " VALUES ('contacts', 9, 'row is too big', '{\"id\": 9}'), ('deals', 9, 'other', '{}')"
        )
    [aside] = (await inspection.rejected(context, shown)).aside
    assert (aside.id, aside.reason) == (9, "row is too big")

"""The drift log says what changed, and remembers who has seen it."""

from ontologie.model.schema import ColumnType
from ontologie.store import drift
from tests.unit.store.rows import NOW, Bench, prop, schema_of


async def test_each_change_is_logged_once_and_acknowledged_by_somebody(bench: Bench) -> None:
    await bench.ensure(schema_of("a", "b"))
    assert await drift.entries(bench.connection, bench.schema_name, everything=True) == []
    for _ in range(2):
        await bench.retype(schema_of(prop("a", ColumnType.NUMERIC), "c"))
    found = await drift.entries(bench.connection, bench.schema_name, everything=False)
    assert {(item.property, item.change, item.before, item.after) for item in found} == {
        ("a", "retyped", "text", "numeric"),
        ("b", "archived", "text", None),
        ("c", "added", None, "text"),
    }
    one = found[0].id
    assert await drift.acknowledge(bench.connection, bench.schema_name, [one], by="Ada", at=NOW) == 1
    assert await drift.acknowledge(bench.connection, bench.schema_name, [one], by="Bob", at=NOW) == 0
    assert len(await drift.entries(bench.connection, bench.schema_name, everything=False)) == 2
    assert await drift.acknowledge(bench.connection, bench.schema_name, None, by="Bob", at=NOW) == 2
    everything = await drift.entries(bench.connection, bench.schema_name, everything=True)
    assert {item.id: item.acknowledged_by for item in everything}[one] == "Ada"
    assert all(item.acknowledged_at == NOW for item in everything)

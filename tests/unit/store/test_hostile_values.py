"""Values that portals hold and databases do not like."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from ontologie.model.record import LoadCounts
from ontologie.model.schema import ColumnType
from tests.unit.store.rows import NOW, Bench, prop, record, schema_of


@pytest.mark.parametrize(
    "value",
    [
        "x" * 65_536, "é" * 65_536, "'; DROP TABLE contacts; --",
        "\\", '"', "\t\n\r\x01\x7f", "\U0001f600", "\\N", "NULL",
    ],
)
async def test_text_comes_back_byte_by_byte(bench: Bench, value: str) -> None:
    schema = schema_of("notes")
    await bench.ensure(schema)
    assert await bench.load(schema, record(1, {"notes": value})) == LoadCounts(inserted=1)
    assert await bench.by_id("notes") == {1: value}


async def test_text_with_a_nul_goes_to_the_rejected_values_and_the_row_is_there(bench: Bench) -> None:
    schema = schema_of("notes", "firstname")
    await bench.ensure(schema)
    found = await bench.load(schema, record(1, {"notes": "a\x00b", "firstname": "Ada"}), record(2))
    assert found == LoadCounts(inserted=2, rejected_values=1)
    assert (await bench.by_id("_rejected"))[1] == {"notes": "a\u2400b"}
    assert (await bench.by_id("firstname"))[1] == "Ada"


@pytest.mark.parametrize(
    "kind", [ColumnType.NUMERIC, ColumnType.DATE, ColumnType.BOOLEAN, ColumnType.TEXT_ARRAY, ColumnType.JSONB]
)
async def test_a_nul_in_any_other_column_keeps_no_row_out(bench: Bench, kind: ColumnType) -> None:
    schema = schema_of(prop("p", kind), "firstname")
    await bench.ensure(schema)
    found = await bench.load(schema, record(1, {"p": "a\x00b", "firstname": "Ada"}), record(2))
    assert found == LoadCounts(inserted=2, rejected_values=1)


async def test_a_number_in_another_script_keeps_no_row_out(bench: Bench) -> None:
    schema = schema_of(prop("p", ColumnType.NUMERIC), "firstname")
    await bench.ensure(schema)
    found = await bench.load(schema, record(1, {"p": "١٢", "firstname": "Ada"}), record(2, {"p": "12"}))
    assert found == LoadCounts(inserted=2, rejected_values=1)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (ColumnType.NUMERIC, "123456789012345678901234567890.000000000000000000001"),
        (ColumnType.NUMERIC, "-1e-300"),
        (ColumnType.NUMERIC, "9e999"),
        (ColumnType.NUMERIC, ".5"),
        (ColumnType.NUMERIC, "5."),
        (ColumnType.NUMERIC, " 7 "),
        (ColumnType.NUMERIC, "9" * 1_000 + "." + "9" * 1_000),
        (ColumnType.BIGINT, "999999999999999999"),
        (ColumnType.DATE, "0001-01-01"),
        (ColumnType.DATE, "9999-12-31"),
        (ColumnType.TIMESTAMPTZ, "0001-01-01T00:00:00Z"),
        (ColumnType.TIMESTAMPTZ, "9999-12-31T23:59:59.999999Z"),
        (ColumnType.TIMESTAMPTZ, "2026-11-20T12:00:00.123456789Z"),
        (ColumnType.TEXT_ARRAY, 'a,b;{c};"d";NULL;\\'),
        (ColumnType.JSONB, '{"a":[1,2.50,null,"\\u00e9"],"":{}}'),
        (ColumnType.JSONB, "123456789012345678901234567890"),
        (ColumnType.JSONB, '"a\\nb\x7f"'),
        (ColumnType.JSONB, '"\\ud83d\\ude00"'),
    ],
)
async def test_what_conforms_also_loads(bench: Bench, kind: ColumnType, value: str) -> None:
    schema = schema_of(prop("p", kind))
    await bench.ensure(schema)
    assert await bench.load(schema, record(1, {"p": value})) == LoadCounts(inserted=1)
    assert (await bench.by_id("p"))[1] is not None


async def test_numbers_are_exact_and_choices_stay_apart(bench: Bench) -> None:
    schema = schema_of(prop("amount", ColumnType.NUMERIC), prop("choices", ColumnType.TEXT_ARRAY))
    await bench.ensure(schema)
    amount = "123456789012345678901234567890.000000000000000000001"
    await bench.load(schema, record(1, {"amount": amount, "choices": ';a,b;{c};"d";NULL;'}))
    assert str((await bench.by_id("amount"))[1]) == amount
    assert (await bench.by_id("choices"))[1] == ["a,b", "{c}", '"d"', "NULL"]


@pytest.mark.parametrize("value", ["twenty characters ok", "x" * 3_000, "7"])
async def test_a_record_too_wide_for_a_row_keeps_the_rest_in_more(bench: Bench, value: str) -> None:
    kinds = (ColumnType.TEXT, ColumnType.NUMERIC) if value == "7" else (ColumnType.TEXT, ColumnType.TEXT_ARRAY)
    schema = schema_of(*(prop(f"p{number:04}", kinds[number % 2]) for number in range(1_400)))
    await bench.ensure(schema)
    wide = record(2, dict.fromkeys(schema.property_names(), value))
    found = await bench.load(schema, record(1, {"p0000": "a"}), wide, record(3, {"p0002": "b"}))
    assert found == LoadCounts(inserted=3)
    [row] = await bench.rows("contacts", "to_jsonb(contacts) AS all_of_it", "id = 2 DESC LIMIT 1")
    values: dict[str, Any] = row["all_of_it"]
    held = [name for name, item in values.items() if name[0] == "p" and item is not None]
    more = values["_more"] or {}
    assert len(held) + len(more) == 1_400
    assert set(more.values()) <= {value}
    assert await bench.load(schema, msgspec.structs.replace(wide, updated_at=NOW + timedelta(1))) == LoadCounts(
        unchanged=1
    )

"""Schemas of earlier versions, with their data, become this version's."""

import itertools

import pytest
from psycopg import sql

from ontologie.database.migrate import READER
from ontologie.database.pool import Connection
from ontologie.errors import OperatorError
from ontologie.model.record import LoadCounts
from ontologie.store import drift, layouts, tables
from tests.unit.store.rows import Bench, record, schema_of

_numbers = itertools.count()
FIRST = """
CREATE TABLE contacts (
    id bigint PRIMARY KEY, _created_at timestamptz, _updated_at timestamptz, _archived_at timestamptz,
    _merged_into bigint, _purged_at timestamptz, _synced_at timestamptz, _rejected jsonb, _hash bigint, name text
) WITH (toast_tuple_target = 8160);
INSERT INTO properties VALUES
    ('contacts', 'name', 'Name', 'string', 'text', 'name', 'text', '', '', false, false, false, '[]');
INSERT INTO contacts (id, _updated_at, _hash, name) VALUES (1, '2026-11-20 12:00+00', 7, 'Ada');
INSERT INTO associations VALUES (1, 1, 2, 9, 'HUBSPOT_DEFINED', 1);
INSERT INTO _segments VALUES ('contacts', 'changes', 'changes', '{}', now(), NULL, false);
INSERT INTO _drift (object_type, property, change, acknowledged) VALUES
    ('contacts', 'seen', 'added', true), ('contacts', 'unseen', 'added', false);
"""
"""What the first version made of a source, and some data."""


@pytest.fixture
async def of_the_first_version(connection: Connection) -> Bench:
    bench = Bench(connection, f"hubspot_first{next(_numbers)}")
    schema = sql.Identifier(bench.schema_name)
    async with connection.transaction():
        await connection.execute(sql.SQL("CREATE SCHEMA {}").format(schema))
        await connection.execute(sql.SQL("SET LOCAL search_path = {}").format(schema))
        await connection.execute(layouts.available()[0][1].encode())
        await connection.execute(FIRST.encode())
        await connection.execute(sql.SQL("COMMENT ON SCHEMA {} IS 'ontologie store 1'").format(schema))
    return bench


async def test_a_schema_of_the_first_version_keeps_its_data_and_goes_on(of_the_first_version: Bench) -> None:
    bench = of_the_first_version
    for _ in range(2):
        await tables.ensure_source_schema(bench.connection, bench.schema_name, READER)
    assert await layouts.applied(bench.connection, bench.schema_name) == layouts.LATEST
    assert await bench.by_id("name") == {1: "Ada"}
    assert len(await bench.rows("associations")) == len(await bench.rows("_segments")) == 1
    [unseen] = await drift.entries(bench.connection, bench.schema_name, everything=False)
    assert unseen.property == "unseen"
    await bench.take_lease()
    schema = schema_of("name")
    await bench.ensure(schema)
    again = await bench.load(schema, record(1, {"name": "Ada"}, minutes=1), record(2, {"name": "Grace"}))
    assert again == LoadCounts(inserted=1, unchanged=1)


async def test_a_schema_of_a_later_version_is_left_alone(of_the_first_version: Bench) -> None:
    bench = of_the_first_version
    later = sql.SQL("COMMENT ON SCHEMA {} IS 'ontologie store 999'").format(sql.Identifier(bench.schema_name))
    await bench.connection.execute(later)
    with pytest.raises(OperatorError) as caught:
        await tables.ensure_source_schema(bench.connection, bench.schema_name, READER)
    assert caught.value.code == "DATA_NEWER"
    assert await bench.by_id("name") == {1: "Ada"}


def test_every_file_has_a_number_of_its_own() -> None:
    numbers = [number for number, _ in layouts.available()]
    assert numbers == list(range(1, len(numbers) + 1))

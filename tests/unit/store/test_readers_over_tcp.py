"""BI tools read over TCP with roles that see what they may, and write nothing."""

import subprocess
from collections.abc import AsyncIterator

import asyncpg
import pytest
from psycopg import sql

from ontologie.database.pool import Connection
from ontologie.database.server_tools import program
from ontologie.model.schema import ColumnType
from ontologie.services.query import url_of_reader
from ontologie.store import removal, roles
from tests.unit.store.rows import Bench, prop, record, schema_of

PSQL = program("psql")
SCHEMA = schema_of("name", prop("amount", ColumnType.NUMERIC), prop("tags", ColumnType.TEXT_ARRAY))


@pytest.fixture
async def filled(bench: Bench) -> AsyncIterator[Bench]:
    await bench.ensure(SCHEMA)
    await bench.load(SCHEMA, record(7, {"name": "Été", "amount": "12.50", "tags": "a;b"}))
    await bench.rebuild_views()
    yield bench
    await removal.drop_schema(bench.connection, bench.schema_name)


def psql(url: str, query: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([PSQL, url, "-XAtc", query], capture_output=True, text=True, timeout=30, check=False)


def test_psql_reads_and_cannot_write(filled: Bench, database_url: str) -> None:
    url = url_of_reader(database_url, "reader")
    assert psql(url, f"SELECT name, amount FROM {filled.schema_name}.contacts").stdout == "Été|12.50\n"
    refused = psql(url, f"DELETE FROM {filled.schema_name}.contacts")
    assert refused.returncode == 1
    assert "denied" in refused.stderr or "read-only" in refused.stderr
    assert "denied" in psql(url, "SELECT * FROM ontologie.sources").stderr


async def test_an_independent_client_reads_typed_values(filled: Bench, database_url: str) -> None:
    client = await asyncpg.connect(url_of_reader(database_url, "reader"))
    try:
        row = await client.fetchrow(f"SELECT id, name, amount, tags FROM {filled.schema_name}.contacts")
        assert (row["id"], row["name"], str(row["amount"]), row["tags"]) == (7, "Été", "12.50", ["a", "b"])
        with pytest.raises(asyncpg.PostgresError):
            await client.execute(f"UPDATE {filled.schema_name}.contacts SET name = 'x'")
    finally:
        await client.close()


async def test_the_role_of_a_source_sees_that_source_alone(
    filled: Bench, connection: Connection, database_url: str
) -> None:
    other = f"{filled.schema_name}_other"
    await connection.execute(sql.SQL("CREATE SCHEMA {0} CREATE TABLE contacts ()").format(sql.Identifier(other)))
    for password in ("one", "two"):
        await roles.ensure_source_reader(connection, filled.schema_name, password)
    await filled.ensure(schema_of("name", object_type="companies"))  # a table that comes later
    url = url_of_reader(database_url, "two", role=roles.source_reader(filled.schema_name))
    assert psql(url, f"SELECT name FROM {filled.schema_name}.contacts").stdout == "Été\n"
    assert psql(url, f"SELECT count(*) FROM {filled.schema_name}.companies").stdout == "0\n"
    assert "denied" in psql(url, f"SELECT * FROM {other}.contacts").stderr
    assert psql(url, f"TRUNCATE {filled.schema_name}.contacts").returncode == 1
    await connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(other)))


async def test_a_removed_source_takes_its_role_with_it(filled: Bench, connection: Connection) -> None:
    await roles.ensure_source_reader(connection, filled.schema_name, "secret")
    await removal.drop_schema(connection, filled.schema_name)
    cursor = await connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [f"{filled.schema_name}_reader"])
    assert await cursor.fetchone() is None

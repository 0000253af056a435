"""A database of somebody else's: what our user lacks is named with the statement that gives it, and that is enough."""

from collections.abc import AsyncIterator

import pytest
from psycopg.conninfo import make_conninfo

from ontologie.database import health, migrate
from ontologie.database.pool import Connection, connect
from ontologie.errors import OperatorError
from ontologie.store import tables

NAME = 'Company\'s "own" database'
QUOTED = b'"Company\'s ""own"" database"'


@pytest.fixture
async def poor(connection: Connection, database_url: str) -> AsyncIterator[str]:
    """The URL of a user who may only connect."""
    for statement in (
        b"CREATE DATABASE " + QUOTED,
        b"REVOKE TEMPORARY ON DATABASE " + QUOTED + b" FROM PUBLIC",
        b"CREATE ROLE \"Poor\" LOGIN PASSWORD 'poor'",
    ):
        await connection.execute(statement)
    yield make_conninfo(database_url, user="Poor", password="poor", dbname=NAME)
    for statement in (
        b"DROP DATABASE " + QUOTED + b" WITH (FORCE)",
        b'REVOKE ontologie_reader FROM "Poor"',
        b'DROP ROLE "Poor"',
    ):
        await connection.execute(statement)


async def test_what_is_missing_is_named_before_anything_is_made_and_giving_it_is_enough(
    poor: str, connection: Connection, database_url: str
) -> None:
    ours = await connect(poor)
    administrator = await connect(make_conninfo(database_url, dbname=NAME))
    async with ours, administrator:
        with pytest.raises(OperatorError) as raised:
            await migrate.migrate(ours, reader_password="reader")
        assert raised.value.code == "DATABASE_RIGHTS_MISSING"
        assert raised.value.params["rights"] == "CREATE, TEMPORARY"
        missing = await health.missing_rights(ours)
        assert [right.name for right in missing] == ["CREATE", "TEMPORARY", "CREATEROLE"]
        for right in missing:
            await administrator.execute(right.remedy.encode())
        assert await health.missing_rights(ours) == []
        with pytest.raises(OperatorError) as refused:  # the cluster's reader is another installation's
            await migrate.migrate(ours, reader_password="reader")
        assert refused.value.code == "DATABASE_ROLE_REFUSED"
        await administrator.execute(b'GRANT ontologie_reader TO "Poor" WITH ADMIN OPTION')
        await migrate.migrate(ours, reader_password="reader")
        await tables.ensure_source_schema(ours, "hubspot_ours", migrate.READER)

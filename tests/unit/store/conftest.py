"""A fresh schema for each test."""

import itertools
from collections.abc import AsyncIterator

import pytest

from ontologie.database import migrate
from ontologie.database.pool import Connection, connect
from ontologie.store import tables
from tests.unit.store.rows import Bench

_numbers = itertools.count()


@pytest.fixture
async def other_connection(database_url: str) -> AsyncIterator[Connection]:
    """A second session, as another worker has one."""
    made = await connect(database_url)
    async with made:
        yield made


@pytest.fixture
async def bench(connection: Connection) -> Bench:
    """A source's schema of its own with a live lease."""
    made = Bench(connection, f"hubspot_t{next(_numbers)}")
    await tables.ensure_source_schema(connection, made.schema_name, migrate.READER)
    await made.take_lease()
    return made

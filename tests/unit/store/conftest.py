"""One embedded server for the session (one per worker), a fresh schema for each test."""

import asyncio
import itertools
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from ontologie.clock import SystemClock
from ontologie.database import migrate
from ontologie.database.embedded import EmbeddedServer
from ontologie.database.pool import Connection, connect
from ontologie.store import tables
from tests.unit.store.rows import Bench

_numbers = itertools.count()


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """A migrated server that forgets everything when it stops, and so need not wait for the disk."""
    with tempfile.TemporaryDirectory(prefix="ontologie-unit-") as folder:
        home = Path(folder)
        home.chmod(0o755)  # run by root, the server has an account of its own
        server = EmbeddedServer(home, SystemClock())
        url = asyncio.run(server.acquire())
        try:
            asyncio.run(_prepare(url))
            yield url
        finally:
            asyncio.run(server.release())


async def _prepare(url: str) -> None:
    connection = await connect(url)
    async with connection:
        for statement in (b"ALTER SYSTEM SET fsync = off", b"ALTER SYSTEM SET synchronous_commit = off"):
            await connection.execute(statement)
        await connection.execute("SELECT pg_reload_conf()")
        await migrate.migrate(connection, reader_password="reader")


@pytest.fixture
async def connection(database_url: str) -> AsyncIterator[Connection]:
    made = await connect(database_url)
    async with made:
        yield made


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

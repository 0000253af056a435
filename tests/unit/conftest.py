"""One embedded server for the session (one per worker), a migrated database for each module."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator

import psycopg
import pytest

from ontologie.database import migrate
from ontologie.database.embedded import DATABASE
from ontologie.database.pool import Connection, connect
from tests.embedded import embedded

_numbers = itertools.count()


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """The owner's URL of a migrated database, to which nobody is connected: the template of the modules' own."""
    with embedded("unit") as (_, server):
        asyncio.run(_prepare(server.url))
        yield server.url


async def _prepare(url: str) -> None:
    async with await connect(url) as connection:
        await migrate.migrate(connection, reader_password="reader")


@pytest.fixture(scope="module")
def database_url(server_url: str) -> str:
    """A migrated database in which nobody else has written."""
    name, server = f"unit_{next(_numbers)}", server_url.removesuffix(DATABASE)
    with psycopg.connect(f"{server}postgres", autocommit=True) as administrator:
        administrator.execute(f"CREATE DATABASE {name} TEMPLATE {DATABASE}".encode())
    return server + name


@pytest.fixture
async def connection(database_url: str) -> AsyncIterator[Connection]:
    made = await connect(database_url)
    async with made:
        yield made

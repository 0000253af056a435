"""Who waits for a connection and is told to end ends, whatever the moment."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg.rows import dict_row

from ontologie.database.pool import OPTIONS, Pool, connect, open_pool, reconnecting
from ontologie.errors import OperatorError


@pytest.mark.parametrize("passes", range(16))
async def test_a_cancellation_that_meets_the_connection_waited_for_is_not_lost(passes: int, database_url: str) -> None:
    async with open_pool(database_url, size=1) as pool:

        async def loop() -> None:
            async with pool.connection():
                pass
            await asyncio.Event().wait()

        async with pool.connection():
            waiting = asyncio.create_task(loop())
            await asyncio.sleep(0.01)
        for _ in range(passes):  # the connection is handed over within these passes of the event loop
            await asyncio.sleep(0)
        waiting.cancel()
        done, _ = await asyncio.wait({waiting}, timeout=5)
        assert done, "the cancellation was lost"
        assert waiting.cancelled()


async def test_who_waits_is_served_when_the_server_is_back_although_attempts_were_given_up(database_url: str) -> None:
    with socket.socket() as kept:
        kept.bind(("127.0.0.1", 0))  # refuses, until somebody listens on it
        parts = urlsplit(database_url)
        away = database_url.replace(f":{parts.port}/", f":{kept.getsockname()[1]}/")
        given_up = asyncio.Semaphore(0)
        begin_anew = reconnecting()["reconnect_failed"]

        async def counted(pool: Any) -> None:
            given_up.release()
            await begin_anew(pool)

        options = OPTIONS | {"row_factory": dict_row}
        pool = Pool(away, min_size=1, open=False, kwargs=options, reconnect_timeout=0.05, reconnect_failed=counted)
        await pool.open()
        try:
            waiting = asyncio.create_task(_asked(pool))
            for _ in range(3):
                await asyncio.wait_for(given_up.acquire(), timeout=20)
            async with _relayed(kept, database_url):
                assert await asyncio.wait_for(waiting, timeout=20) == 1
                await pool.close()
        finally:
            await pool.close()


async def _asked(pool: Pool) -> int:
    async with pool.connection() as connection:
        row = await (await connection.execute("SELECT 1 AS one")).fetchone()
        return int(row["one"]) if row else 0


@contextlib.asynccontextmanager
async def _relayed(listener: socket.socket, url: str) -> AsyncIterator[None]:
    """What comes in on the socket goes to the server at ``url``."""
    parts = psycopg.conninfo.conninfo_to_dict(url)

    relays: list[asyncio.Task[None]] = []

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while chunk := await reader.read(1 << 16):
            writer.write(chunk)
        writer.close()
        await writer.wait_closed()

    async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        back, forth = await asyncio.open_connection(str(parts["host"]), int(str(parts["port"])))
        await asyncio.gather(pump(reader, forth), pump(back, writer))

    def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        relays.append(asyncio.create_task(relay(reader, writer)))

    async with await asyncio.start_server(begin, sock=listener):
        yield
        await asyncio.gather(*relays)


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"dbname": "nowhere"}, 'database "nowhere" does not exist'),
        ({"password": "canary"}, 'password authentication failed for user "ontologie"'),
        ({"port": "1"}, "Connection refused"),
        ({"host": "127.0.0.1,127.0.0.1", "port": "1,1"}, "Connection refused"),
        ({"hostaddr": "nowhere"}, "could not parse network address"),
    ],
)
async def test_why_postgresql_does_not_let_us_in_is_told(database_url: str, parts: Any, reason: str) -> None:
    with pytest.raises(OperatorError) as refused:
        await connect(psycopg.conninfo.make_conninfo(database_url, **parts))
    assert refused.value.code == "DATABASE_UNREACHABLE"
    assert reason in str(refused.value.params["reason"])
    assert "canary" not in str(refused.value)


async def test_a_connection_that_the_server_ended_is_not_lent_and_one_that_stands_is_asked_nothing(
    database_url: str,
) -> None:
    async with open_pool(database_url, size=1) as pool, await connect(database_url) as watching:
        async with pool.connection() as lent:
            await lent.execute("SELECT 1 AS asked_by_us", prepare=False)
            before = lent.info.backend_pid
        async with pool.connection():
            pass
        cursor = await watching.execute("SELECT query FROM pg_stat_activity WHERE pid = %s", [before])
        assert await cursor.fetchone() == {"query": "SELECT 1 AS asked_by_us"}
        await watching.execute("SELECT pg_terminate_backend(%s, 5000)", [before])
        async with pool.connection() as lent:
            assert await (await lent.execute("SELECT 1 AS one")).fetchone() == {"one": 1}
            assert lent.info.backend_pid != before

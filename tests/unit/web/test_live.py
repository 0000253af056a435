"""However many pages are watched, they listen over one connection to PostgreSQL."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, aclosing
from datetime import timedelta

import pytest

from ontologie.database import runs
from ontologie.services.context import Context
from ontologie.web.live import Audience
from tests.waiting import until

_LISTENING = (
    "FROM pg_stat_activity WHERE datname = current_database() AND query = 'LISTEN ontologie_progress'"
    " AND state = 'idle'"
)


def watching(audience: Audience) -> AsyncGenerator[None, None]:
    return audience.moments(calm=timedelta(0), again=timedelta(minutes=5))


async def listening(context: Context, connections: int) -> None:
    async def holds() -> bool:
        async with context.pool.connection() as connection:
            found = await (await connection.execute(f"SELECT count(*) AS n {_LISTENING}".encode())).fetchone()
        return found == {"n": connections}

    await until(holds, f"{connections} connections that listen")


async def move(context: Context) -> None:
    async with context.pool.connection() as connection:
        await runs.notify(connection, 1)


async def test_many_pages_listen_over_one_connection_as_long_as_one_is_open(context: Context) -> None:
    audience = Audience(context)
    async with aclosing(watching(audience)) as last:
        async with AsyncExitStack() as stack:
            pages = [last, *[await stack.enter_async_context(aclosing(watching(audience))) for _ in range(5)]]
            for page in pages:
                await anext(page)
            await listening(context, 1)
            await move(context)
            for page in pages:
                await anext(page)
        await move(context)
        await anext(last)
        await listening(context, 1)
    await listening(context, 0)


async def test_pages_end_with_the_connection_and_begin_again(context: Context) -> None:
    audience = Audience(context)
    async with aclosing(watching(audience)) as page:
        await anext(page)
        await listening(context, 1)
        async with context.pool.connection() as connection:
            await connection.execute(f"SELECT pg_terminate_backend(pid) {_LISTENING}".encode())
        with pytest.raises(StopAsyncIteration):
            await anext(page)
        async with aclosing(watching(audience)) as again:
            await anext(again)
            await listening(context, 1)
            await move(context)
            await anext(again)
    await listening(context, 0)

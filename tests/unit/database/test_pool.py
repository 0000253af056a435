"""Who waits for a connection and is told to end ends, whatever the moment."""

import asyncio

import pytest

from ontologie.database.pool import open_pool
from tests.unit.store.conftest import database_url

__all__ = ["database_url"]


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

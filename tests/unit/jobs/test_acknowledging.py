"""A job that cannot be noted as done, the database being away, is a line of the log and no complaint of asyncio's."""

import asyncio
import contextlib
import gc
from collections.abc import Awaitable, Callable

import structlog

from ontologie.database.pool import Connection
from ontologie.errors import StoreUnreachable
from ontologie.jobs.queue import Queue
from tests.waiting import until

_FINISH = "ALTER FUNCTION {} RENAME TO {}"
_NAME = "procrastinate_finish_job_v1"


async def test_a_job_that_cannot_be_acknowledged_is_told_once(connection: Connection, database_url: str) -> None:
    complaints: list[str] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, about: complaints.append(about["message"]))
    with structlog.testing.capture_logs() as told:
        async with Queue(database_url) as queue, working(queue, lambda _: rename(connection, _NAME, "away")):
            await queue.wake(connection, 1)
            await until(lambda: said(told), "it is told")
        await rename(connection, "away", _NAME)
    gc.collect()
    assert complaints == []


async def rename(connection: Connection, before: str, after: str) -> None:
    await connection.execute(_FINISH.format(before, after).encode())


@contextlib.asynccontextmanager
async def working(queue: Queue, handle: Callable[[int], Awaitable[None]]):
    task = asyncio.create_task(queue.work(handle, concurrency=1))
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError, StoreUnreachable):
            await task


async def said(told: list) -> bool:
    return "job_not_acknowledged" in [line["event"] for line in told]

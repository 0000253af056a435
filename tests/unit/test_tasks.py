"""A task that runs beside others ends when it is told to, also when its first cancellation gets lost."""

import asyncio
import contextlib

from ontologie import tasks


async def test_a_lost_cancellation_is_said_again() -> None:
    async def deaf_once() -> None:
        with contextlib.suppress(asyncio.CancelledError):  # what wait_for does when its result is there that moment
            await asyncio.Event().wait()
        await asyncio.Event().wait()

    task = asyncio.create_task(deaf_once())
    await asyncio.sleep(0)
    await tasks.end(task)
    assert task.cancelled()


async def test_a_task_that_has_ended_is_left_alone() -> None:
    async def work() -> int:
        return 7

    task = asyncio.create_task(work())
    await asyncio.sleep(0)
    await tasks.end(task)
    assert task.result() == 7


async def test_several_end_together_whatever_they_end_with() -> None:
    async def fails() -> None:
        raise RuntimeError

    waiting, failed = asyncio.create_task(asyncio.Event().wait()), asyncio.create_task(fails())
    await asyncio.sleep(0)
    await tasks.end(waiting, failed)
    assert waiting.cancelled()
    assert isinstance(failed.exception(), RuntimeError)

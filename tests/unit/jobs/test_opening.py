"""Ctrl-C ends a command also in the moment in which its queue is open."""

import asyncio
import sys
from typing import Any

import pytest

from ontologie.jobs.queue import Queue


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="asyncio.wait_for loses none since 3.12")
async def test_a_cancellation_that_meets_the_open_queue_is_not_lost(database_url: str) -> None:
    queue = Queue(database_url)
    opening = asyncio.create_task(queue.__aenter__())
    while not (waited := [task for task in asyncio.all_tasks() if waits_for_an_event(task)]):  # noqa: ASYNC110 - a library tells no event
        await asyncio.sleep(0)
    waited[0].add_done_callback(lambda _: opening.cancel())
    with pytest.raises(asyncio.CancelledError):
        await opening
    left = {task.get_name() for task in asyncio.all_tasks()}
    assert not any("pool" in name for name in left), "and nothing of it goes on"


def waits_for_an_event(task: asyncio.Task[Any]) -> bool:
    """As ``asyncio.wait_for`` has it waited for before Python 3.12."""
    return getattr(task.get_coro(), "__qualname__", "") == "Event.wait"

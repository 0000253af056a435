"""Work beside other work. What is begun here has ended and cleaned up before who began it goes on.

``asyncio.TaskGroup`` promises that for works that succeed together; these are for works that end one another.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from typing import Any, TypeVar

Work = Coroutine[Any, Any, Any]
T = TypeVar("T")


class CutOff(Exception):
    """Work was ended in the middle: there is no result."""


async def ended(*tasks: asyncio.Future[Any]) -> None:
    """Wait until all have ended, whatever with.

    A cancellation that comes meanwhile is raised after that: who left earlier would close what they still use.
    """
    cut: asyncio.CancelledError | None = None
    while left := [task for task in tasks if not task.done()]:
        try:
            await asyncio.wait(left)
        except asyncio.CancelledError as error:
            cut = error
    if cut is not None:
        raise cut


async def end(*tasks: asyncio.Future[Any]) -> None:
    """Cancel what still goes on, once, and wait until it has cleaned up, however long that takes.

    What they ended with is the caller's to look at. Once is enough since none of ours loses it: see :func:`kept`.
    """
    for task in tasks:
        task.cancel()
    try:
        await ended(*tasks)
    finally:
        for task in tasks:
            if not task.cancelled():
                task.exception()  # looked at, or asyncio complains that nobody did


async def in_thread(work: Callable[..., T], *arguments: Any) -> T:
    """The result of ``work``, which blocks. A cancellation is raised once it has ended: a thread cannot be stopped."""
    working = asyncio.ensure_future(asyncio.to_thread(work, *arguments))
    await ended(working)
    return working.result()


@contextlib.asynccontextmanager
async def beside(*works: Work) -> AsyncIterator[list[asyncio.Task[Any]]]:
    """Do ``works`` while the body runs, and end what is left of them with it.

    Yields their tasks: an error does not interrupt the body, and is the caller's to look at.
    """
    running = [asyncio.create_task(work) for work in works]
    try:
        yield running
    finally:
        await end(*running)


@contextlib.asynccontextmanager
async def standing_on(work: Work) -> AsyncIterator[None]:
    """Do ``work`` while the body runs, which is nothing without it: an error of it interrupts the body.

    Raises that error then, whatever the body ended with.
    """
    body = asyncio.current_task()

    def interrupt(fallen: asyncio.Task[Any]) -> None:
        if body is not None and not fallen.cancelled() and fallen.exception() is not None:
            body.cancel()

    async with beside(work) as [running]:
        running.add_done_callback(interrupt)
        try:
            yield
        finally:
            if running.done() and not running.cancelled():
                running.result()


async def together(*works: Coroutine[Any, Any, T]) -> list[T]:
    """The results of ``works``, done side by side, in this order.

    Raises the error of the first that fails once the others have been ended; ``asyncio.gather`` leaves them going on.
    """
    async with beside(*works) as running:
        if running:
            await asyncio.wait(running, return_when=asyncio.FIRST_EXCEPTION)
    for task in running:
        if not task.cancelled():
            task.result()
    return [task.result() for task in running]


async def until_one_ends(*works: Work, leaving: Callable[[], None] = lambda: None) -> None:
    """Do ``works`` side by side until one ends or we are cancelled; then call ``leaving``, and end the others.

    Raises the first error among theirs, in this order.
    """
    async with beside(*works) as running:
        try:
            await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
        finally:
            leaving()
    for task in running:
        if not task.cancelled():
            task.result()


async def unless(enough: Work, work: Coroutine[Any, Any, T]) -> T:
    """The result of ``work``. Raises CutOff when ``enough`` ended first.

    A result or an error that the work has for us while it is being ended counts: it is not done twice.
    """
    async with beside(enough, work) as (watching, working):
        await asyncio.wait((watching, working), return_when=asyncio.FIRST_COMPLETED)
    if not working.cancelled():
        result: T = working.result()
        return result
    if not watching.cancelled():
        watching.result()
    raise CutOff


@contextlib.contextmanager
def kept() -> Iterator[Callable[[], None]]:
    """No cancellation is lost inside: it is raised where the function is called that this yields, and at the end.

    Before Python 3.12 ``asyncio.wait_for``, which psycopg's pool waits with, drops a cancellation that meets the
    result it waits for. A loop goes on then, and who waits for its end waits for ever.
    """
    task = asyncio.current_task()
    before = task.cancelling() if task else 0

    def check() -> None:
        if task is not None and task.cancelling() > before:
            raise asyncio.CancelledError

    yield check
    check()

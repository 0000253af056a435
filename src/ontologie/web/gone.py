"""Work for somebody who may leave: when the browser hangs up, the work is cancelled, in PostgreSQL too."""

import asyncio
import contextlib
from collections.abc import Coroutine
from typing import Any, TypeVar

from ontologie.web.request import AnyRequest

T = TypeVar("T")


class Gone(Exception):
    """Nobody waits for the answer any more."""


async def unless_gone(request: AnyRequest, work: Coroutine[Any, Any, T]) -> T:
    """The result of ``work``. Raises Gone, with the work ended, when the browser has hung up first."""
    working = asyncio.ensure_future(work)
    watching = asyncio.create_task(_hung_up(request))
    try:
        await asyncio.wait({working, watching}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
        raise Gone
    finally:
        for task in (working, watching):
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching
        if not working.done():
            await asyncio.wait({working})


async def _hung_up(request: AnyRequest) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass

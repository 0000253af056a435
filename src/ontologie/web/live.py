"""Parts of a page that the server sends again whenever a source moved."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import timedelta

from litestar.response import ServerSentEvent

from ontologie.services import streams
from ontologie.services.context import Context

_CALM = timedelta(milliseconds=400)
"""Pages are told at most this often, however fast a run moves."""
_REFRESH_S = 20
"""Told again without a change this often, so that "3 min ago" stays true."""


def live(context: Context, event: str, part: Callable[[], Awaitable[str]]) -> ServerSentEvent:
    """The HTML that ``part`` makes, now and after each change; ``static/live.js`` puts it in its place."""
    return ServerSentEvent(_parts(context, part), event_type=event)


async def _parts(context: Context, part: Callable[[], Awaitable[str]]) -> AsyncGenerator[str, None]:
    moved = asyncio.Event()

    async def listen() -> None:
        async for _ in streams.changes(context):
            moved.set()

    listening = asyncio.create_task(listen())
    try:
        while not listening.done():
            yield (await part()).replace("\n", " ")  # a newline would end the event's data
            moved.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(moved.wait(), timeout=_REFRESH_S)
            await context.clock.sleep(_CALM)
    finally:
        listening.cancel()

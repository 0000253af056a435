"""Live Data > Streams: what is read from each source, live."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Any

from litestar import get
from litestar.response import Response, ServerSentEvent

from ontologie.services import streams
from ontologie.web.rendering import page, render
from ontologie.web.request import AnyRequest, context_of

_CALM = timedelta(milliseconds=400)
"""Pages are told at most this often, however fast a run moves."""


@get("/streams")
async def show_streams(request: AnyRequest) -> Response[Any]:
    """Every stream by source."""
    return page(request, "streams.html", sources=await streams.overview(context_of(request)))


@get("/streams/events")
async def stream_events(request: AnyRequest) -> ServerSentEvent:
    """The table again whenever something moved."""
    return ServerSentEvent(_tables(request), event_type="streams")


async def _tables(request: AnyRequest) -> AsyncGenerator[str, None]:
    context = context_of(request)
    moved = asyncio.Event()

    async def listen() -> None:
        async for _ in streams.changes(context):
            moved.set()

    listening = asyncio.create_task(listen())
    try:
        while not listening.done():
            yield render(request, "streams_table.html", sources=await streams.overview(context)).replace("\n", " ")
            moved.clear()
            with contextlib.suppress(TimeoutError):
                # Told again without a change now and then, so that "3 min ago" stays true.
                await asyncio.wait_for(moved.wait(), timeout=20)
            await context.clock.sleep(_CALM)
    finally:
        listening.cancel()


ROUTES = (show_streams, stream_events)

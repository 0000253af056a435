"""Parts of a page that the server sends again whenever a source moved."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import timedelta

import structlog
from litestar.response import ServerSentEvent

from ontologie import tasks
from ontologie.errors import OntologieError
from ontologie.services import streams
from ontologie.services.context import Context
from ontologie.web.naming import learn_names
from ontologie.web.request import AnyRequest, context_of

log = structlog.get_logger(__name__)

_CALM = timedelta(milliseconds=400)
"""Pages are told at most this often, however fast a run moves."""
_AGAIN = timedelta(seconds=20)
"""Told again without a change this often, so that "3 min ago" stays true."""


def live(
    request: AnyRequest,
    event: str,
    part: Callable[[], Awaitable[str]],
    *,
    calm: timedelta = _CALM,
    again: timedelta = _AGAIN,
) -> ServerSentEvent:
    """The HTML that ``part`` makes, now and after each change; ``static/live.js`` puts it in its place.

    Where it can't be made the events end, and the browser asks again.
    """

    async def made() -> str:
        await learn_names(request)
        return await part()

    return ServerSentEvent(_parts(made, moments(context_of(request), calm=calm, again=again)), event_type=event)


async def moments(context: Context, *, calm: timedelta, again: timedelta) -> AsyncGenerator[None, None]:
    """Now, and after each change, ``calm`` apart at least and ``again`` at most. Ends when the database goes."""
    moved = asyncio.Event()
    async with tasks.beside(_listen(context, moved)) as [listening]:
        while not listening.done():
            yield
            moved.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(again.total_seconds()):
                    await moved.wait()
            await context.clock.sleep(calm)


async def _parts(part: Callable[[], Awaitable[str]], moments: AsyncGenerator[None, None]) -> AsyncGenerator[str, None]:
    async with contextlib.aclosing(moments) as when:
        async for _ in when:
            try:
                text = await part()
            except OntologieError as error:
                log.info("events_ended", code=error.code, detail=str(error))
                return
            yield text.replace("\n", " ")  # a newline would end the event's data


async def _listen(context: Context, moved: asyncio.Event) -> None:
    try:
        async for _ in streams.changes(context):
            moved.set()
    except OntologieError as error:  # the browser asks again by itself
        log.info("listening_ended", code=error.code, detail=str(error))
    finally:
        moved.set()  # who waits for a change is to see that none will come

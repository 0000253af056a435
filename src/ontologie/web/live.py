"""Parts of a page that the server sends again whenever a source moved."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from datetime import timedelta

import structlog
from litestar.response import ServerSentEvent

from ontologie import tasks
from ontologie.errors import OntologieError
from ontologie.services import streams
from ontologie.services.context import Context
from ontologie.web.naming import learn_names
from ontologie.web.request import AnyRequest

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

    audience: Audience = request.app.state["audience"]
    return ServerSentEvent(_parts(made, audience.moments(calm=calm, again=again)), event_type=event)


class Audience:
    """All pages of this process that are watched. They listen over one connection to PostgreSQL, which has few."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._watching: set[asyncio.Event] = set()
        self._listening: asyncio.Task[None] | None = None

    async def moments(self, *, calm: timedelta, again: timedelta) -> AsyncGenerator[None, None]:
        """Now, and after each change, ``calm`` apart at least and ``again`` at most. Ends when the database goes."""
        async with self._joined() as (moved, listening):
            while not listening.done():
                moved.clear()  # before: what changes while the page is being told is told next
                yield
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(again.total_seconds()):
                        await moved.wait()
                await self._context.clock.sleep(calm)

    @contextlib.asynccontextmanager
    async def _joined(self) -> AsyncIterator[tuple[asyncio.Event, asyncio.Task[None]]]:
        """An event that is set with each change, and who listens for it: with the first who comes, until the last
        leaves."""
        moved = asyncio.Event()
        self._watching.add(moved)
        if self._listening is None or self._listening.done():
            self._listening = asyncio.create_task(self._listen())
        try:
            yield moved, self._listening
        finally:
            self._watching.remove(moved)
            if not self._watching:
                ending, self._listening = self._listening, None
                await tasks.end(ending)

    async def _listen(self) -> None:
        try:
            async for _ in streams.changes(self._context):
                self._tell()
        except OntologieError as error:  # the browser asks again by itself
            log.info("listening_ended", code=error.code, detail=str(error))
        finally:
            self._tell()  # who waits for a change is to see that none will come

    def _tell(self) -> None:
        for moved in self._watching:
            moved.set()


async def _parts(part: Callable[[], Awaitable[str]], moments: AsyncGenerator[None, None]) -> AsyncGenerator[str, None]:
    async with contextlib.aclosing(moments) as when:
        async for _ in when:
            try:
                text = await part()
            except OntologieError as error:
                log.info("events_ended", code=error.code, detail=str(error))
                return
            yield text.replace("\n", " ")  # a newline would end the event's data

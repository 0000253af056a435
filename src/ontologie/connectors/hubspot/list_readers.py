"""Reading ranges of ids by list.

That a list can start anywhere is an observation, not a promise of HubSpot's: it is checked on every page, and where
it fails one list reads from below while searches read from above until they meet.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from itertools import pairwise
from typing import Any

import structlog

from ontologie import tasks
from ontologie.connectors.hubspot.lists import ListPages
from ontologie.connectors.hubspot.ranges import END, ListCursor, Range, Ranges, owned
from ontologie.connectors.hubspot.wire import RecordPage, WireRecord
from ontologie.errors import ContractBroken, RequestRefused

_SHARE_FROM_BELOW = 0.26
"""What one list reads of all while searches read the rest: at 300 ms 333 records a second beside their 1,000."""

HandOut = Callable[[Sequence[WireRecord], int, int], Coroutine[Any, Any, None]]
"""Takes the records of a page, and the ids from which and up to which it holds all there are."""
log = structlog.get_logger(__name__)


class _NotSeekable(Exception):
    """A list did not start where it was asked to."""


class ListReaders:
    """Several readers of one object type's ranges. The first finds out whether lists can start anywhere; the others
    wait for it."""

    def __init__(self, lists: ListPages, ranges: Ranges, hand_out: HandOut, *, object_type: str, searches: int) -> None:
        self._lists = lists
        self._ranges = ranges
        self._hand_out = hand_out
        self._object_type = object_type
        self._searches = searches
        """How many readers search beside these."""
        self._seekable: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        if ranges.bounds.opaque or ranges.cursor() is not None:
            self._from_above()

    async def read(self, *, first: bool) -> None:
        """Be one of the readers, until there is nothing left to take."""
        if not first and not await asyncio.shield(self._seekable):
            return
        while not (self._seekable.done() and not self._seekable.result()):
            item = self._ranges.take_lowest() if first and not self._seekable.done() else self._ranges.take()
            if item is None:
                break
            with owned(item):
                try:
                    await self._range(item)
                except _NotSeekable:
                    self._from_above()
        if not self._seekable.done():
            self._seekable.set_result(True)
        if first and not self._seekable.result():
            await self._from_below()

    def _from_above(self) -> None:
        log.info("lists_not_seekable", object_type=self._object_type)
        self._ranges.share_out(max(1, self._searches), below=_SHARE_FROM_BELOW)
        self._seekable = _known(self._seekable, value=False)

    async def _range(self, item: Range) -> None:
        fresh = True
        while not item.done:
            first = item.next
            page = await self._seek(first, fresh=fresh)
            if not self._seekable.done():
                self._seekable.set_result(True)
            fresh = False
            await self._hand_out(page.results, first, END if page.after is None else int(page.after))

    async def _seek(self, first: int, *, fresh: bool) -> RecordPage:
        """A list page from an id on, checked. A row given twice is no fault; one before the start of a range is."""
        try:
            page = await self._lists.page(str(first))
        except RequestRefused as error:
            raise _NotSeekable(str(error)) from None
        ids = [int(record.id) for record in page.results]
        rising = all(low < high for low, high in pairwise(ids))
        after = page.after
        if not rising or (fresh and ids and ids[0] < first) or (after is not None and not after.isdecimal()):
            raise _NotSeekable(f"after={first}")
        if after is not None and int(after) <= max([first, *ids]):
            if int(after) <= first:
                raise ContractBroken(f"{self._object_type}: the list's cursor does not move on from {first}")
            raise _NotSeekable(f"after={first}")
        return page

    async def _from_below(self) -> None:
        """Hand out what one list gives. It is serial: the next page is asked for before this one is handed out."""
        handing: asyncio.Task[None] | None = None
        try:
            async with contextlib.aclosing(self._pages_from_below()) as pages:
                async for page, first, reached in pages:
                    if handing is not None:
                        await handing
                    handing = asyncio.create_task(self._hand_out(page.results, first, reached))
            if handing is not None:
                await handing
        finally:
            if handing is not None:
                await tasks.end(handing)

    async def _pages_from_below(self) -> AsyncGenerator[tuple[RecordPage, int, int], None]:
        """One list, cursor by cursor from the first record on or where an earlier run left it, until nothing above it
        is left: each page with the ids from which and up to which it holds all there are."""
        left_off = self._ranges.cursor()
        after, reached = (left_off.after, left_off.reached) if left_off is not None else (None, 0)
        seen: set[str] = set()
        while self._ranges.unread(reached) is not None:
            try:
                page = await self._lists.page(after)
            except RequestRefused:
                if left_off is None or after != left_off.after:
                    raise
                left_off, after, reached = None, None, 0  # HubSpot no longer takes an earlier run's cursor
                continue
            ids = [int(record.id) for record in page.results]
            if any(low >= high for low, high in pairwise(ids)):
                return  # not by id: searches alone read the rest
            if page.after in seen:
                raise ContractBroken(f"{self._object_type}: the list's cursor repeats")
            first, reached = reached, END if page.after is None else max([reached, *(found + 1 for found in ids)])
            if page.after is not None:
                seen.add(page.after)
                self._ranges.listed(ListCursor(after=page.after, reached=reached))
            yield page, first, reached
            if page.after is None:
                return
            after = page.after


def _known(future: asyncio.Future[bool], *, value: bool) -> asyncio.Future[bool]:
    """The answer, also where another was believed before."""
    if not future.done():
        future.set_result(value)
        return future
    changed: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
    changed.set_result(value)
    return changed

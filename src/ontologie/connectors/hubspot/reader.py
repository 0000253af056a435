"""Reading many records of one object type with every budget at once.

A list cursor is serial: at 300 ms one gives 3 pages a second. But ``after`` is observed to be the id of the next
record, so lists can start anywhere; and searches by ``hs_object_id`` have a budget of their own. So the id space is
cut into ranges, list readers and search readers take ranges side by side, and whoever is done takes half of the
biggest range left. That lists can start anywhere is an observation, not a promise of HubSpot's: it is checked on every
page, and where it fails one list reads from below while searches read from above until they meet.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Iterator, Sequence
from itertools import pairwise
from typing import Any

import msgspec
import structlog

from ontologie.connectors.hubspot.api import SEARCH_LIMIT, ObjectsApi
from ontologie.connectors.hubspot.lists import ListPages
from ontologie.connectors.hubspot.ranges import END, Bounds, Range, Ranges
from ontologie.connectors.hubspot.wire import RecordPage, WireRecord
from ontologie.errors import ContractBroken, RequestRefused

_LIST_READERS = 16
_SEARCH_READERS = 8
_LIST_READER_RECORDS = 600
_SEARCH_READER_RECORDS = 1_500
"""A reader is worth its overlap only for about so many records."""
_QUEUE_PAGES = 8
_EMPTY_PAGES = 5

log = structlog.get_logger(__name__)


class ReadPage(msgspec.Struct, frozen=True, kw_only=True):
    """Records that are all there is from id ``first`` up to but not including ``end``, by id."""

    records: tuple[WireRecord, ...]
    first: int
    end: int
    range: Range | None = None


class _NotSeekable(Exception):
    """A list did not start where it was asked to."""


class Reader:
    """Reads all live records by ``lists`` and searches, or those that match ``filters`` by searches alone."""

    def __init__(
        self,
        objects: ObjectsApi,
        properties: Sequence[str],
        *,
        lists: ListPages | None,
        filters: Sequence[dict[str, str]] = (),
    ) -> None:
        self._objects = objects
        self._properties = list(properties)
        self._filters = list(filters)
        self._lists = lists
        self._seekable: asyncio.Future[bool] | None = None
        self.ranges: Ranges | None = None
        self.total: int | None = None
        """How many records there were at the start, once known."""

    async def pages(self, position: dict[str, str]) -> AsyncGenerator[ReadPage, None]:
        """Every page, from a position of :class:`Ranges` on (empty: from the beginning), in no order."""
        if position:
            self.ranges = Ranges.restore(position)
            self.total = self.ranges.bounds.total
        else:
            looking = None if self._filters else asyncio.create_task(self._last_id())
            first = await self._search(0, END)
            self.total = first.total
            end = _reached(first, 0)
            yield ReadPage(records=first.results, first=0, end=end)
            last = await (looking or self._last_id()) if end < END or looking else 0
            if end >= END:
                return
            self.ranges = self._cut(first, end, last)
        async with contextlib.aclosing(self._side_by_side(self.ranges)) as pages:
            async for page in pages:
                yield page

    def _cut(self, first: RecordPage, start: int, last: int) -> Ranges:
        bounds = Bounds(
            first=int(first.results[0].id) if first.results else 0, last=max(last, start), total=first.total
        )
        lists, searches = self._reader_counts(bounds.total)
        return Ranges.cut(bounds, start=start, pieces=lists + searches)

    def _reader_counts(self, total: int) -> tuple[int, int]:
        lists = min(_LIST_READERS, total // _LIST_READER_RECORDS) if self._lists else 0
        return lists, min(_SEARCH_READERS, total // _SEARCH_READER_RECORDS + 1)

    async def _side_by_side(self, ranges: Ranges) -> AsyncGenerator[ReadPage, None]:
        queue: asyncio.Queue[ReadPage | None] = asyncio.Queue(_QUEUE_PAGES)
        self._seekable = asyncio.get_running_loop().create_future()
        lists, searches = self._reader_counts(ranges.bounds.total)
        readers = [asyncio.create_task(self._read_lists(ranges, queue, first=not number)) for number in range(lists)]
        readers += [asyncio.create_task(self._read_searches(ranges, queue)) for _ in range(searches)]
        ending = asyncio.create_task(self._end(readers, ranges, queue))
        try:
            while (page := await queue.get()) is not None:
                yield page
            await ending  # raises what a reader met
        finally:
            for task in (*readers, ending):
                task.cancel()
            await asyncio.gather(*readers, ending, return_exceptions=True)
        if not ranges.done:
            raise ContractBroken(f"{self._objects.object_type}: the readers ended before the ranges did")

    async def _end(
        self, readers: Sequence[asyncio.Task[None]], ranges: Ranges, queue: asyncio.Queue[ReadPage | None]
    ) -> None:
        """Tell the other end of the queue when all is read, or the first reader failed."""
        try:
            await asyncio.gather(*readers)
            await self._read_searches(ranges, queue)  # what a list gave back when the searches had gone home
        except asyncio.CancelledError:
            raise  # nobody takes from the queue any more
        except BaseException:
            await queue.put(None)
            raise
        await queue.put(None)

    async def _read_searches(self, ranges: Ranges, queue: asyncio.Queue[ReadPage | None]) -> None:
        while (item := ranges.take()) is not None:
            with _owned(item):
                await self._search_range(item, queue)

    async def _search_range(self, item: Range, queue: asyncio.Queue[ReadPage | None]) -> None:
        empty = 0
        while not item.done:
            first = item.next
            page = await self._search(first, item.end)
            reached = _reached(page, first)
            if page.results and reached <= first:
                raise ContractBroken(f"{self._objects.object_type}: a search goes back")
            empty = empty + 1 if reached <= first else 0
            if empty > _EMPTY_PAGES:
                raise ContractBroken(f"{self._objects.object_type}: a search goes on without records")
            await self._hand_out(item, page.results, first, reached, queue)

    async def _read_lists(self, ranges: Ranges, queue: asyncio.Queue[ReadPage | None], *, first: bool) -> None:
        """Read ranges by list. The first reader finds out whether lists can start anywhere; the others wait for it."""
        if self._lists is None or self._seekable is None:
            return
        if not first and not await asyncio.shield(self._seekable):
            return
        while not (self._seekable.done() and not self._seekable.result()):
            item = ranges.take_lowest() if first and not self._seekable.done() else ranges.take()
            if item is None:
                break
            with _owned(item):
                try:
                    await self._list_range(self._lists, item, queue)
                except _NotSeekable:
                    log.info("lists_not_seekable", object_type=self._objects.object_type)
                    self._seekable = _known(self._seekable, value=False)
        if not self._seekable.done():
            self._seekable.set_result(True)
        if first and not self._seekable.result():
            await self._read_list_from_below(self._lists, ranges, queue)

    async def _list_range(self, lists: ListPages, item: Range, queue: asyncio.Queue[ReadPage | None]) -> None:
        fresh = True
        while not item.done:
            first = item.next
            page = await self._seek(lists, first, fresh=fresh)
            if self._seekable is not None and not self._seekable.done():
                self._seekable.set_result(True)
            fresh = False
            reached = END if page.after is None else int(page.after)
            await self._hand_out(item, page.results, first, reached, queue)

    async def _seek(self, lists: ListPages, first: int, *, fresh: bool) -> RecordPage:
        """A list page from an id on, checked. A row given twice is no fault; one before the start of a range is."""
        try:
            page = await lists.page(str(first))
        except RequestRefused as error:
            raise _NotSeekable(str(error)) from None
        ids = [int(record.id) for record in page.results]
        rising = all(low < high for low, high in pairwise(ids))
        after = page.after
        if not rising or (fresh and ids and ids[0] < first) or (after is not None and not after.isdecimal()):
            raise _NotSeekable(f"after={first}")
        if after is not None and int(after) <= max([first, *ids]):
            if int(after) <= first:
                raise ContractBroken(f"{self._objects.object_type}: the list's cursor does not move on from {first}")
            raise _NotSeekable(f"after={first}")
        return page

    async def _read_list_from_below(
        self, lists: ListPages, ranges: Ranges, queue: asyncio.Queue[ReadPage | None]
    ) -> None:
        """One list, cursor by cursor from the first record on, until it meets what others read or have read."""
        item = ranges.take_lowest()
        seen: set[str] = set()
        coming = asyncio.ensure_future(lists.page(None))
        try:
            while item is not None:
                page = await coming
                ids = [int(record.id) for record in page.results]
                if any(low >= high for low, high in pairwise(ids)):
                    return  # not by id: searches alone read the rest
                if page.after is not None:
                    if page.after in seen:
                        raise ContractBroken(f"{self._objects.object_type}: the list's cursor repeats")
                    seen.add(page.after)
                    coming = asyncio.ensure_future(lists.page(page.after))  # before we hand out: the list is serial
                reached = END if page.after is None else max([0, *(found + 1 for found in ids)])
                while item is not None and reached > item.next:
                    # One page may reach over several ranges; each gets its part.
                    await self._hand_out(item, page.results, item.next, reached, queue)
                    item = _next_after(ranges, item)
                if page.after is None:
                    return
        finally:
            coming.cancel()
            await asyncio.gather(coming, return_exceptions=True)
            if item is not None:
                item.owned = False

    async def _hand_out(
        self,
        item: Range,
        records: Sequence[WireRecord],
        first: int,
        reached: int,
        queue: asyncio.Queue[ReadPage | None],
    ) -> None:
        """Give the page out up to the range's end, which may have moved down while we waited for it."""
        end = min(reached, item.end)
        kept = tuple(record for record in records if first <= int(record.id) < end)
        item.next = end
        await queue.put(ReadPage(records=kept, first=first, end=end, range=item))

    async def _search(self, first: int, end: int) -> RecordPage:
        """The first 200 records of a range, by id: keyset paging never comes near the cap of 10,000 results."""
        filters = list(self._filters)
        if first > 0:
            filters.append({"propertyName": "hs_object_id", "operator": "GTE", "value": str(first)})
        if end < END:
            filters.append({"propertyName": "hs_object_id", "operator": "LT", "value": str(end)})
        page = await self._objects.search(self._query(filters, "ASCENDING", SEARCH_LIMIT))
        ordered = tuple(sorted(page.results, key=lambda record: int(record.id)))
        return msgspec.structs.replace(page, results=ordered)

    async def _last_id(self) -> int:
        query = self._query(self._filters, "DESCENDING", 1) | {"properties": []}
        page = await self._objects.search(query)
        return int(page.results[0].id) if page.results else 0

    def _query(self, filters: Sequence[dict[str, str]], direction: str, limit: int) -> dict[str, Any]:
        return {
            "filterGroups": [{"filters": list(filters)}] if filters else [],
            "sorts": [{"propertyName": "hs_object_id", "direction": direction}],
            "properties": self._properties,
            "limit": limit,
        }


def _reached(page: RecordPage, first: int) -> int:
    """Up to which id a search page is complete: only the cursor's absence says that nothing follows."""
    if page.after is None:
        return END
    return int(page.results[-1].id) + 1 if page.results else first


def _next_after(ranges: Ranges, item: Range) -> Range | None:
    """The range itself while it is not done, else the one above it, when nobody reads that."""
    if not item.done:
        return item
    item.owned = False
    return ranges.take_at(item.end)


@contextlib.contextmanager
def _owned(item: Range) -> Iterator[None]:
    item.owned = True
    try:
        yield
    finally:
        item.owned = False


def _known(future: asyncio.Future[bool], *, value: bool) -> asyncio.Future[bool]:
    """The answer, also where another was believed before."""
    if not future.done():
        future.set_result(value)
        return future
    changed: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
    changed.set_result(value)
    return changed

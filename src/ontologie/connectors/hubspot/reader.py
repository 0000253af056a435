"""Reading many records of one object type with every budget at once.

A list cursor is serial: at 300 ms one gives 3 pages a second. But ``after`` is observed to be the id of the next
record, so lists can start anywhere; and searches by ``hs_object_id`` have a budget of their own. So the id space is
cut into ranges, list readers and search readers take ranges side by side, and whoever is done takes half of the
biggest range left, or in the end helps where another still waits. Where lists cannot start anywhere, one list comes
from below and searches come from above until they meet.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Sequence

import msgspec

from ontologie import tasks
from ontologie.connectors.hubspot.api import ObjectsApi
from ontologie.connectors.hubspot.list_readers import ListReaders
from ontologie.connectors.hubspot.lists import ListPages
from ontologie.connectors.hubspot.ranges import END, Bounds, Range, Ranges, owned
from ontologie.connectors.hubspot.searches import Searches
from ontologie.connectors.hubspot.wire import WireRecord
from ontologie.errors import ContractBroken

_LIST_READERS = 16
_SEARCH_READERS = 5
"""Enough for 5 a second up to a second of latency; each more ends in one more page that is only partly used."""
_LIST_READER_RECORDS = 300
_SEARCH_READER_RECORDS = 1_500
"""A reader is worth its overlap only for about so many records."""
_QUEUE_PAGES = 4
_EMPTY_PAGES = 5


class ReadPage(msgspec.Struct, frozen=True, kw_only=True):
    """Records that are all there is from id ``first`` up to but not including ``end``, by id."""

    records: tuple[WireRecord, ...]
    first: int
    end: int


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
        self._object_type = objects.object_type
        self._searches = Searches(objects, properties, filters)
        self._searches_beside = Searches(objects.patient(), properties, filters)
        self._filtered = bool(filters)
        self._lists = lists
        self._queue: asyncio.Queue[ReadPage | None] = asyncio.Queue(_QUEUE_PAGES)
        self._all_read = asyncio.Event()
        self._handing = 0
        self.ranges: Ranges | None = None
        self.total: int | None = None
        """How many records there were at the start, once known."""

    async def pages(
        self, position: dict[str, str], bounds: Awaitable[Bounds] | None = None
    ) -> AsyncGenerator[ReadPage, None]:
        """Every page, from a position of :class:`Ranges` on (empty: from the beginning), in no order.

        ``bounds``, looked up before, spares the beginning a search that all others wait for.
        """
        if position:
            self.ranges = Ranges.restore(position)
        elif bounds is not None:
            self.ranges = self._cut(await bounds, 0)
        else:
            async with tasks.beside(*(() if self._filtered else (self._searches.last_id(),))) as looking:
                first = await self._searches.page(0, END)
                self.total = first.total
                end = first.end
                if end >= END:  # that was all: nothing is left to read, should only the end be missing
                    self.ranges = Ranges(Bounds(first=0, last=0, total=first.total), [])
                yield ReadPage(records=first.records, first=0, end=end)
                last = await (looking[0] if looking else self._searches.last_id()) if end < END or looking else 0
            if end >= END:
                return
            lowest = int(first.records[0].id) if first.records else 0
            self.ranges = self._cut(Bounds(first=lowest, last=max(last, end), total=first.total), end)
        self.total = self.ranges.bounds.total
        async with contextlib.aclosing(self._side_by_side(self.ranges)) as pages:
            async for page in pages:
                yield page

    def _cut(self, bounds: Bounds, start: int) -> Ranges:
        lists, searches = self._reader_counts(bounds.total)
        return Ranges.cut(bounds, start=start, pieces=lists + searches)

    def _reader_counts(self, total: int) -> tuple[int, int]:
        searches = min(_SEARCH_READERS, total // _SEARCH_READER_RECORDS)
        if self._lists is None:
            return 0, searches + 1
        # The lists read what is small by themselves: searches are the scarcer, and some other type is large.
        return min(_LIST_READERS, total // _LIST_READER_RECORDS + 1), searches

    async def _side_by_side(self, ranges: Ranges) -> AsyncGenerator[ReadPage, None]:
        lists, searches = self._reader_counts(ranges.bounds.total)
        readers = [asyncio.create_task(self._read_searches(ranges)) for _ in range(searches)]
        if self._lists is not None:
            listing = ListReaders(self._lists, ranges, self._hand_out, object_type=self._object_type, searches=searches)
            readers += [asyncio.create_task(listing.read(first=not number)) for number in range(lists)]
        ending = asyncio.create_task(self._end(readers, ranges))
        try:
            while (page := await self._queue.get()) is not None:
                ranges.stored(page.first, page.end)  # as soon as the caller asks for the position, which is later
                yield page
            await ending  # raises what a reader met
        finally:
            await tasks.end(*readers, ending)
        if not ranges.done:
            raise ContractBroken(f"{self._object_type}: the readers ended before the ranges did")

    async def _end(self, readers: Sequence[asyncio.Task[None]], ranges: Ranges) -> None:
        """Tell the other end of the queue when all is read, or the first reader failed."""
        working = asyncio.gather(*readers)
        all_read = asyncio.create_task(self._all_read.wait())
        waited: set[asyncio.Future[list[None]] | asyncio.Task[bool]] = {working, all_read}
        try:
            await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
            if working.done():
                await working
                await self._read_searches(ranges)  # what a list gave back when the searches had gone home
        except asyncio.CancelledError:
            raise  # nobody takes from the queue any more
        except BaseException:
            await self._queue.put(None)
            raise
        finally:
            await tasks.end(working, all_read)
        await self._queue.put(None)

    async def _read_searches(self, ranges: Ranges) -> None:
        """Read ranges by search; at the end also those that others read but still wait with."""
        while (item := ranges.take()) is not None:
            with owned(item):
                await self._search_range(item, ranges)
        while (item := ranges.take_beside()) is not None:
            await self._search_up(item, self._searches_beside)

    async def _search_range(self, item: Range, ranges: Ranges) -> None:
        if ranges.from_above:
            await self._search_down(item, ranges)
        else:
            await self._search_up(item, self._searches)

    async def _search_up(self, item: Range, searches: Searches) -> None:
        empty = 0
        while not item.done:
            first = item.next
            page = await searches.page(first, item.end)
            empty = self._noticed(empty, progress=page.end > first)
            await self._hand_out(page.records, first, page.end)

    async def _search_down(self, item: Range, ranges: Ranges) -> None:
        empty = 0
        while not item.done and not ranges.left_to_list(item):
            end = item.end
            page = await self._searches.page_from_above(item.next, end)
            empty = self._noticed(empty, progress=page.first < end)
            await self._hand_out(page.records, page.first, end)

    def _noticed(self, empty: int, *, progress: bool) -> int:
        """How many pages in a row had nothing; ContractBroken when they are too many."""
        if progress:
            return 0
        if empty >= _EMPTY_PAGES:
            raise ContractBroken(f"{self._object_type}: a search goes on without records")
        return empty + 1

    async def _hand_out(self, records: Sequence[WireRecord], first: int, end: int) -> None:
        """Give out what nobody had read yet of a page that holds all records from ``first`` up to ``end``."""
        if self.ranges is None:
            raise ContractBroken("a page before there were ranges")
        self._handing += 1
        try:
            for start, stop in self.ranges.claim(first, end):
                kept = tuple(record for record in records if start <= int(record.id) < stop)
                await self._queue.put(ReadPage(records=kept, first=start, end=stop))
        finally:
            self._handing -= 1
        if not self._handing and self.ranges.done:
            self._all_read.set()

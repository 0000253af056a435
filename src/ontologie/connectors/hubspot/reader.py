"""Reading many records of one object type with every budget at once.

A list cursor is serial: at 300 ms one gives 3 pages a second. But ``after`` is observed to be the id of the next
record, so lists can start anywhere; and searches by ``hs_object_id`` have a budget of their own. So the id space is
cut into ranges, list readers and search readers take ranges side by side, and whoever is done takes half of the
biggest range left, or in the end helps where another still waits. Where lists cannot start anywhere, one list comes
from below and searches come from above until they meet.
"""

import asyncio
import contextlib
import math
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence

import msgspec

from ontologie import tasks
from ontologie.connectors.hubspot.api import ObjectsApi
from ontologie.connectors.hubspot.list_readers import ListReaders
from ontologie.connectors.hubspot.lists import ListPages
from ontologie.connectors.hubspot.portals import BURST, SEARCH
from ontologie.connectors.hubspot.ranges import END, Bounds, Range, Ranges, owned
from ontologie.connectors.hubspot.searches import Searches
from ontologie.connectors.hubspot.wire import WireRecord
from ontologie.errors import ContractBroken

_SPARE = 1.1
"""Readers beyond those that use a budget up at its mean latency: answers are uneven. Each more is a loss too, since it
ends in one more page that is only partly used."""
_MOST_READERS = 40
"""Of each kind: each holds a page in memory."""
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
    """Reads all live records by ``lists`` and searches, or those that match ``filters`` by searches alone.

    ``nearly_read`` is called when the last pages are on their way, or have come; perhaps more than once.
    """

    def __init__(
        self,
        objects: ObjectsApi,
        properties: Sequence[str],
        *,
        lists: ListPages | None,
        filters: Sequence[dict[str, str]] = (),
        nearly_read: Callable[[], None] | None = None,
    ) -> None:
        self._objects = objects
        self._nearly_read = nearly_read or _nothing
        self._object_type = objects.object_type
        self._searches = Searches(objects, properties, filters)
        self._searches_beside = Searches(objects.patient(), properties, filters)
        self._filtered = bool(filters)
        self._lists = lists
        self._queue: asyncio.Queue[ReadPage | None] = asyncio.Queue(_QUEUE_PAGES)
        self._readers: list[asyncio.Task[None]] = []
        self._listing = self._searching = 0
        """How many of them read lists, and how many search."""
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
                self._nearly_read()
                return
            lowest = int(first.records[0].id) if first.records else 0
            self.ranges = self._cut(Bounds(first=lowest, last=max(last, end), total=first.total), end)
        self.total = self.ranges.bounds.total
        async with contextlib.aclosing(self._side_by_side(self.ranges)) as pages:
            async for page in pages:
                yield page

    def _cut(self, bounds: Bounds, start: int) -> Ranges:
        return Ranges.cut(bounds, start=start, pieces=sum(self._wanted(bounds.total)))

    def _wanted(self, total: int) -> tuple[int, int]:
        """How many readers of lists and of searches it takes, now."""
        searches = min(self._enough(SEARCH), total // _SEARCH_READER_RECORDS)
        if self._lists is None:
            return 0, searches + 1
        # The lists read what is small by themselves: searches are the scarcer, and some other type is large.
        return min(self._enough(BURST), total // _LIST_READER_RECORDS + 1), searches

    def _enough(self, budget: str) -> int:
        return min(_MOST_READERS, 1 + math.ceil(_SPARE * self._objects.in_flight(budget)))

    async def _side_by_side(self, ranges: Ranges) -> AsyncGenerator[ReadPage, None]:
        listing = None
        if self._lists is not None:
            _, searches = self._wanted(ranges.bounds.total)
            listing = ListReaders(self._lists, ranges, self._hand_out, object_type=self._object_type, searches=searches)
        self._engage(ranges, listing)
        ending = asyncio.create_task(self._end(ranges))
        try:
            while (page := await self._queue.get()) is not None:
                ranges.stored(page.first, page.end)  # as soon as the caller asks for the position, which is later
                yield page
                self._engage(ranges, listing)
            await ending  # raises what a reader met
        finally:
            await tasks.end(ending, *self._readers)
        if not ranges.done:
            raise ContractBroken(f"{self._object_type}: the readers ended before the ranges did")

    def _engage(self, ranges: Ranges, listing: ListReaders | None) -> None:
        """Begin with as many readers as it takes; add some when answers take longer than they did."""
        lists, searches = self._wanted(ranges.bounds.total)
        while self._searching < searches:
            self._searching += 1
            self._readers.append(asyncio.create_task(self._read_searches(ranges)))
        while listing is not None and self._listing < lists:
            self._listing += 1
            self._readers.append(asyncio.create_task(listing.read(first=self._listing == 1)))

    async def _end(self, ranges: Ranges) -> None:
        """Tell the other end of the queue when all is read, or the first reader failed."""
        all_read = asyncio.create_task(self._all_read.wait())
        try:
            while not all_read.done():
                for reader in self._readers:
                    if reader.done():
                        reader.result()
                working = [reader for reader in self._readers if not reader.done()]
                if not working:
                    await self._read_searches(ranges)  # what a list gave back when the searches had gone home
                    break
                await asyncio.wait((all_read, *working), return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            raise  # nobody takes from the queue any more
        except BaseException:
            await self._queue.put(None)
            raise
        finally:
            await tasks.end(*self._readers, all_read)
        self._nearly_read()
        await self._queue.put(None)

    async def _read_searches(self, ranges: Ranges) -> None:
        """Read ranges by search; at the end also those that others read but still wait with."""
        while (item := ranges.take()) is not None:
            with owned(item):
                await self._search_range(item, ranges)
        self._nearly_read()
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


def _nothing() -> None:
    """Nobody wants to know."""

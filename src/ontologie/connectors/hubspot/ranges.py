"""The ids still to read, and the ranges of them that several readers share: what makes one object type parallel."""

import bisect
import contextlib
from collections.abc import Iterable, Iterator
from itertools import pairwise

import msgspec

from ontologie.model.record import IdRange

END = 2**63 - 1
"""Past every id there can be."""
_LEAST_SPLIT_RECORDS = 400
"""Each half ends in a page that is only partly used; but what is not split is read by one reader alone."""


class Intervals:
    """A set of ids as disjoint intervals, each from its first id up to but not including its end."""

    def __init__(self, intervals: Iterable[tuple[int, int]]) -> None:
        self._intervals = sorted(intervals)

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return iter(self._intervals)

    def __bool__(self) -> bool:
        return bool(self._intervals)

    def within(self, first: int, end: int) -> list[tuple[int, int]]:
        """The parts of the set from ``first`` up to but not including ``end``."""
        low, high = self._touched(first, end)
        return [(max(first, start), min(end, stop)) for start, stop in self._intervals[low:high]]

    def take(self, first: int, end: int) -> list[tuple[int, int]]:
        """Remove what :meth:`within` gives, and give it."""
        taken = self.within(first, end)
        low, high = self._touched(first, end)
        left = [(start, first) for start, _ in self._intervals[low:high] if start < first]
        left += [(end, stop) for _, stop in self._intervals[low:high] if stop > end]
        self._intervals[low:high] = left
        return taken

    def _touched(self, first: int, end: int) -> tuple[int, int]:
        """The slice of the intervals that overlap."""
        if first >= end:
            return 0, 0
        low = bisect.bisect_right(self._intervals, first, key=_end_of)
        return low, bisect.bisect_left(self._intervals, end, lo=low, key=_first_of)


class Range:
    """What one reader is to read: the ids from ``next`` up to but not including ``end``.

    Readers of lists go up from ``next``, a search that meets a list comes down from ``end``.
    """

    def __init__(self, first: int, end: int) -> None:
        self.next = first
        self.end = end
        self.owned = False
        self.helped = False
        """Somebody reads it beside its owner."""

    @property
    def done(self) -> bool:
        return self.next >= self.end


class ListCursor(msgspec.Struct, frozen=True, kw_only=True):
    """Where a list goes on, when only its own word leads there."""

    after: str
    reached: int
    """The list's pages so far hold all records below this id."""


class Bounds(msgspec.Struct, frozen=True, kw_only=True):
    """The smallest and the largest id seen at the start, and how many records there were between."""

    first: int
    last: int
    total: int
    opaque: bool = False
    """The list's first cursor was no id, so no list can start at one."""

    def records(self, start: int, end: int) -> float:
        """How many records to expect between two ids if they are evenly spread."""
        width = max(0, min(end, self.last + 1) - max(start, self.first))
        return self.total * width / max(1, self.last + 1 - self.first)

    def below(self, end: int, records: float) -> int:
        """The id from which about so many records follow up to ``end``."""
        width = records * (self.last + 1 - self.first) / max(1, self.total)
        return min(end, self.last + 1) - int(width)


class Ranges:
    """The ids of a segment that are left, and who reads which of them.

    What counts is :meth:`claim`: an id that was read by two readers is handed out once. The ranges only say where a
    reader should go on.
    """

    def __init__(self, bounds: Bounds, ranges: list[Range]) -> None:
        self.bounds = bounds
        self._ranges = ranges
        self.from_above = False
        """Whether searches come down from a range's end to where a list comes up."""
        self._below = 0.0
        """The part of all records that a list reads from below."""
        self._unread = Intervals((item.next, item.end) for item in ranges if not item.done)
        self._unstored = Intervals(self._unread)
        self._cursors: list[ListCursor] = []

    @classmethod
    def cut(cls, bounds: Bounds, *, start: int, pieces: int) -> "Ranges":
        """The whole space from ``start`` on in about equal pieces; what is not equal is split later."""
        lowest = max(start, bounds.first)
        width = max(1, (bounds.last + 1 - lowest) // pieces)
        edges = [start, *(lowest + width * number for number in range(1, pieces)), END]
        return cls(bounds, [Range(first, end) for first, end in pairwise(edges)])

    @classmethod
    def restore(cls, position: dict[str, str]) -> "Ranges":
        """From what :meth:`position` gave."""
        bounds = msgspec.json.decode(position["bounds"], type=Bounds)
        pairs = msgspec.json.decode(position["ranges"], type=list[tuple[int, int]])
        ranges = cls(bounds, [Range(first, end) for first, end in pairs])
        if "cursor" in position:
            ranges.listed(msgspec.json.decode(position["cursor"], type=ListCursor))
        return ranges

    def position(self) -> dict[str, str]:
        """What is not :meth:`stored` yet, and the last cursor of a list that all below was stored of."""
        position = {
            "bounds": msgspec.json.encode(self.bounds).decode(),
            "ranges": msgspec.json.encode(list(self._unstored)).decode(),
        }
        lowest = min((first for first, _ in self._unstored), default=END)
        while len(self._cursors) > 1 and self._cursors[1].reached <= lowest:
            del self._cursors[0]
        if (cursor := self.cursor()) is not None and cursor.reached <= lowest:
            position["cursor"] = msgspec.json.encode(cursor).decode()
        return position

    def cursor(self) -> ListCursor | None:
        """Where a list from below goes on after a position; none when it never came anywhere."""
        return self._cursors[0] if self._cursors else None

    @property
    def done(self) -> bool:
        """Every id was claimed."""
        return not self._unread

    def claim(self, first: int, end: int) -> list[tuple[int, int]]:
        """The ids of a page that nobody had read yet; from now on they are read."""
        claimed = self._unread.take(first, end)
        for item in self._ranges:
            self._trim(item)
        self._ranges = [item for item in self._ranges if not item.done]
        return claimed

    def stored(self, first: int, end: int) -> None:
        """These ids are in a batch that carries the position that follows."""
        self._unstored.take(first, end)

    def listed(self, cursor: ListCursor) -> None:
        """A list from below came up to here."""
        self._cursors.append(cursor)

    def unread(self, first: int) -> int | None:
        """The lowest id from here on that nobody has read."""
        left = self._unread.within(first, END)
        return left[0][0] if left else None

    def take(self) -> Range | None:
        """A range for a free reader: the highest that nobody reads, else the far half of the one with most left."""
        open_ = [item for item in self._ranges if not self.left_to_list(item)]
        free = [item for item in open_ if not item.owned]
        if free:
            return _owned(max(free, key=_next))
        biggest = max(open_, key=self._left, default=None)
        if biggest is None or self._left(biggest) < _LEAST_SPLIT_RECORDS:
            return None
        middle = (max(biggest.next, self.bounds.first) + min(biggest.end, self.bounds.last + 1)) // 2
        if not biggest.next < middle < biggest.end:
            return None
        if self.from_above:
            half, biggest.next = Range(biggest.next, middle), middle
        else:
            half, biggest.end = Range(middle, biggest.end), middle
        self._ranges.append(half)
        self._trim(half)
        self._trim(biggest)
        return _owned(half)

    def left_to_list(self, item: Range) -> bool:
        """Whether a list from below will have read this range when searches have read the others."""
        if not self.from_above or item is not min(self._ranges, key=_next, default=None):
            return False
        return self._left(item) <= self._below * sum(self._left(each) for each in self._ranges)

    def take_lowest(self) -> Range | None:
        """The lowest range that nobody reads."""
        free = [item for item in self._ranges if not item.owned]
        return _owned(min(free, key=_next)) if free else None

    def take_beside(self) -> Range | None:
        """When nothing else is left: the range with most left of those that only their owner reads.

        The owner may wait for a budget that is used up, or for an answer that does not come.
        """
        busy = [item for item in self._ranges if (item.owned or self.left_to_list(item)) and not item.helped]
        found = max(busy, key=self._left, default=None)
        if found is not None:
            found.helped = True
        return found

    def share_out(self, readers: int, *, below: float) -> None:
        """Give up all ranges for new ones, one for each of ``readers`` who come from above; the lowest is larger by the
        part ``below`` of all records, which somebody reads from below. Of what others have read meanwhile there is
        nothing left to share."""
        self.from_above = True
        self._below = below
        for item in self._ranges:
            item.next = item.end
        if self.done:
            return
        first, end = min(self._unread)[0], max(self._unread)[1]
        each = self.bounds.records(first, end) * (1 - below) / readers
        cuts = [self.bounds.below(end, each * number) for number in range(readers)][1:]
        edges = sorted({first, end, *(cut for cut in cuts if first < cut < end)})
        self._ranges = [Range(low, high) for low, high in pairwise(edges)]
        for item in self._ranges:
            self._trim(item)

    def _trim(self, item: Range) -> None:
        """Leave out what others have read at both ends."""
        left = self._unread.within(item.next, item.end)
        item.next, item.end = (left[0][0], left[-1][1]) if left else (item.end, item.end)

    def _left(self, item: Range) -> float:
        return self.bounds.records(item.next, item.end)


def _next(item: Range) -> int:
    return item.next


def _first_of(interval: tuple[int, int]) -> int:
    return interval[0]


def _end_of(interval: tuple[int, int]) -> int:
    return interval[1]


def _owned(item: Range) -> Range:
    item.owned = True
    return item


@contextlib.contextmanager
def owned(item: Range) -> Iterator[None]:
    """While this lasts, somebody reads the range."""
    item.owned = True
    try:
        yield
    finally:
        item.owned = False


def covering(first: int, end: int) -> tuple[IdRange, ...]:
    """The covered ids of a page that was asked from ``first`` and reached up to ``end``."""
    return (IdRange(first=first, last=min(end, END) - 1),) if first < end else ()

"""The ids still to read, as ranges that several readers share and split: what makes one object type parallel."""

import asyncio
import contextlib
import math
from collections.abc import Iterator
from itertools import pairwise

import msgspec

from ontologie.model.record import IdRange

END = 2**63 - 1
"""Past every id there can be."""
_MOST_RANGES = 500
_LEAST_SPLIT_RECORDS = 400
"""Each half ends in a page that is only partly used; but what is not split is read by one reader alone."""


class Range:
    """The ids from ``next`` (read so far) up to but not including ``end``. One reader at a time owns it."""

    def __init__(self, first: int, end: int) -> None:
        self.next = first
        self.stored = first
        """Everything below is in a batch that was handed out."""
        self.end = end
        self.owned = False
        self.helped = False
        """Somebody reads it beside its owner."""
        self.turn = asyncio.Lock()
        """Held while a page of it is handed out."""

    @property
    def done(self) -> bool:
        return self.next >= self.end


class Bounds(msgspec.Struct, frozen=True, kw_only=True):
    """The smallest and the largest id seen at the start, and how many records there were between."""

    first: int
    last: int
    total: int

    def records(self, start: int, end: int) -> float:
        """How many records to expect between two ids if they are evenly spread."""
        width = max(0, min(end, self.last + 1) - max(start, self.first))
        return self.total * width / max(1, self.last + 1 - self.first)


class Ranges:
    """All of a segment's ranges; together they tile what is left of the id space."""

    def __init__(self, bounds: Bounds, ranges: list[Range]) -> None:
        self.bounds = bounds
        self._ranges = ranges

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
        return cls(bounds, [Range(first, end) for first, end in pairs])

    def position(self) -> dict[str, str]:
        """What is not handed out yet."""
        left = [(item.stored, item.end) for item in self._ranges if item.stored < item.end]
        return {
            "bounds": msgspec.json.encode(self.bounds).decode(),
            "ranges": msgspec.json.encode(left).decode(),
        }

    @property
    def done(self) -> bool:
        return all(item.done for item in self._ranges)

    def take(self) -> Range | None:
        """A range for a free reader: the highest that nobody reads, else the upper half of the one with most left.

        From above, so that what a list reads from below (where it can do no better) stays in one piece.
        """
        free = [item for item in self._ranges if not item.owned and not item.done]
        return _owned(max(free, key=_next) if free else self._split())

    def take_lowest(self) -> Range | None:
        """The lowest range that nobody reads."""
        free = [item for item in self._ranges if not item.owned and not item.done]
        return _owned(min(free, key=_next, default=None))

    def take_at(self, start: int) -> Range | None:
        """The range that begins at this id, when nobody reads it."""
        at = (item for item in self._ranges if item.next == start and not item.done and not item.owned)
        return _owned(next(at, None))

    def above(self, start: int) -> Range | None:
        """The lowest range from this id on that is not done, though somebody else reads it."""
        found = min((item for item in self._ranges if item.end > start and not item.done), key=_next, default=None)
        if found is not None:
            found.helped = True
        return found

    def refine(self, records: float) -> None:
        """Cut what nobody reads yet into ranges of at most about so many records, as far as a checkpoint bears."""
        refined: list[Range] = []
        free: list[tuple[int, int]] = []
        for item in sorted(self._ranges, key=_next):
            if item.owned or item.done:
                refined.append(item)
            elif free and free[-1][1] == item.next:
                free[-1] = (free[-1][0], item.end)
            else:
                free.append((item.next, item.end))
        most = max(1, (_MOST_RANGES - len(refined)) // max(1, len(free)))
        for first, end in free:
            last = min(end, self.bounds.last + 1)
            pieces = min(self.bounds.records(first, end) / records, most)
            width = max(1, math.ceil((last - first) / pieces)) if pieces > 1 else END
            # Whole pieces from above, where searches begin; the rest is the lowest.
            cuts = sorted(range(last - width, first, -width))
            refined += [Range(low, high) for low, high in pairwise([first, *cuts, end])]
        self._ranges = refined

    def take_beside(self) -> Range | None:
        """When nothing else is left: the range with most left of those that only their owner reads.

        The owner may wait for a budget that is used up, or for an answer that does not come.
        """
        busy = [item for item in self._ranges if item.owned and not item.helped and not item.done]
        found = max(busy, key=self._left, default=None)
        if found is not None:
            found.helped = True
        return found

    def _split(self) -> Range | None:
        busy = [item for item in self._ranges if item.owned and not item.done]
        biggest = max(busy, key=self._left, default=None)
        if biggest is None or self._left(biggest) < _LEAST_SPLIT_RECORDS:
            return None
        middle = (biggest.next + min(biggest.end, self.bounds.last + 1)) // 2
        if not biggest.next < middle < biggest.end:
            return None
        upper = Range(middle, biggest.end)
        biggest.end = middle
        self._ranges.append(upper)
        return upper

    def _left(self, item: Range) -> float:
        return self.bounds.records(item.next, item.end)


def _next(item: Range) -> int:
    return item.next


@contextlib.contextmanager
def owned(item: Range) -> Iterator[None]:
    """While this lasts, somebody reads the range."""
    item.owned = True
    try:
        yield
    finally:
        item.owned = False


def _owned(item: Range | None) -> Range | None:
    if item is not None:
        item.owned = True
    return item


def covering(first: int, end: int) -> tuple[IdRange, ...]:
    """The covered ids of a page that was asked from ``first`` and reached up to ``end``."""
    return (IdRange(first=first, last=min(end, END) - 1),) if first < end else ()

"""How far an object type was read: a set of segments.

A segment is a piece of work that can be resumed. ``position`` says where to go on and belongs to the connector;
the engine stores it, in the transaction that stores the records, and hands it back.
"""

import enum
from datetime import datetime

import msgspec


class SegmentKind(enum.StrEnum):
    """What a segment covers, in the order of their urgency."""

    CHANGES = "changes"
    """The records modified in a window of time."""
    ARCHIVED = "archived"
    """The list of deleted records."""
    BACKFILL = "backfill"
    """All live records, for the first time or again from nothing."""
    SWEEP = "sweep"
    """All live records once more, for what no modified date tells: deletions, merges, calculated values, links."""


class Segment(msgspec.Struct, frozen=True, kw_only=True):
    """One resumable piece of work. Times are UTC.

    The window is [from, to): of the modified date for CHANGES; otherwise ``window_from`` is the moment the reading
    began, so that changes are read from there on. A done segment is kept, so that the next plan knows what was covered.
    """

    kind: SegmentKind
    key: str
    """Unique among the segments of the object type, and stable from run to run: ``changes``, ``sweep``."""
    position: dict[str, str] = {}
    window_from: datetime
    window_to: datetime | None = None
    done: bool = False


class Checkpoint(msgspec.Struct, frozen=True, kw_only=True):
    """All that is known of how far one object type was read."""

    object_type: str
    segments: tuple[Segment, ...] = ()

    def segment(self, key: str) -> Segment | None:
        """The segment with this key, done or not."""
        return next((item for item in self.segments if item.key == key), None)

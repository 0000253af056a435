"""How far a stream was read: a set of segments.

A segment is a piece of work that can be resumed. ``position`` says where to go on and belongs to the connector;
the engine stores it and hands it back.
"""

import enum
from datetime import datetime

import msgspec


class SegmentKind(enum.StrEnum):
    """What a segment covers."""

    BACKFILL = "backfill"
    """All live records, in ranges of ids."""
    CHANGES = "changes"
    """The records modified in a window of time."""
    SWEEP = "sweep"
    """What no modified date tells: all ids, archived records, calculated values, associations."""


class Segment(msgspec.Struct, frozen=True, kw_only=True):
    """One resumable piece of a stream. Times are UTC; the window is [from, to)."""

    object_type: str
    kind: SegmentKind
    key: str
    """Unique among the segments of the object type, for instance ``backfill:0`` or ``changes:1761955200000``."""
    position: dict[str, str] = {}
    window_from: datetime | None = None
    window_to: datetime | None = None
    done: bool = False


class Checkpoint(msgspec.Struct, frozen=True, kw_only=True):
    """All that is known of how far one object type was read."""

    object_type: str
    segments: tuple[Segment, ...] = ()
    watermark: datetime | None = None
    """Every change before this moment is in the store (None: the backfill has not even begun)."""

"""Streams, object types and their states."""

import enum

import msgspec


class StreamStatus(enum.StrEnum):
    """What a stream says of itself, from best to worst (:meth:`worst` relies on the order)."""

    SYNCED = "synced"
    PENDING = "pending"
    PAUSED = "paused"
    SYNCING = "syncing"
    PARTIAL = "partial"
    RETRYING = "retrying"
    """It failed, but not yet so often that anybody should care: it is tried again by itself. Never stored."""
    ERROR = "error"
    ACTION_REQUIRED = "action_required"

    @staticmethod
    def worst(statuses: "list[StreamStatus]") -> "StreamStatus":
        """A group of object types shows its worst one; an empty group is pending."""
        order = list(StreamStatus)
        return max(statuses, key=order.index, default=StreamStatus.PENDING)


class Stream(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of record a user ticks: one object type, or a group of them (engagements)."""

    name: str
    object_types: tuple[str, ...]
    optional: bool = False
    """Not read unless asked for by name."""


class AssociationPair(msgspec.Struct, frozen=True, kw_only=True):
    """A pair of object types whose links are read and stored once, from ``from_type``'s side."""

    from_type: str
    to_type: str

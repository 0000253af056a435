"""Records and links on their way from a connector to the store."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from ontologie.model.checkpoint import Segment


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """One record as the portal sent it: every value a string or None."""

    id: int
    properties: Mapping[str, str | None]
    created_at: datetime
    updated_at: datetime
    archived_at: datetime | None = None


class Aside(msgspec.Struct, frozen=True, kw_only=True):
    """A record that cannot be a row: kept with the reason, and counted, so that nothing is dropped in silence."""

    id: int | None
    """None: not even its id could be read."""
    reason: str
    sent: str
    """What the account sent, as JSON that PostgreSQL can hold."""


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """One association, with its type."""

    from_id: int
    to_id: int
    category: str
    type_id: int


class LinkSet(msgspec.Struct, frozen=True, kw_only=True):
    """All links between two types of the records ``from_ids``, as of one reading: what is not in it is gone. None: the
    account refused to tell them, and is to be asked again."""

    from_type: str
    to_type: str
    from_ids: tuple[int, ...]
    links: tuple[Link, ...] | None


class Merge(msgspec.Struct, frozen=True, kw_only=True):
    """``from_id`` no longer exists: the account made it part of ``into_id``."""

    from_id: int
    into_id: int


class IdRange(msgspec.Struct, frozen=True, kw_only=True):
    """The ids from ``first`` to ``last``, both included."""

    first: int
    last: int


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """Records with their links, and the state of the segment once they are stored.

    Storing all of it is one transaction.
    """

    object_type: str
    records: tuple[Record, ...]
    aside: tuple[Aside, ...] = ()
    """What came between the records and is none; an id in it was seen."""
    link_sets: tuple[LinkSet, ...] = ()
    merges: tuple[Merge, ...] = ()
    covered: tuple[IdRange, ...] = ()
    """Ranges of which ``records`` hold every live id (SWEEP segments): a stored id in them that is not in ``records``
    is a candidate for deleted. Or every deleted one (ARCHIVED): a stored one that is not there is for erased."""
    deleted_since: datetime | None = None
    """Of ARCHIVED segments: what was deleted earlier may have left the account's list without being erased."""
    segment: Segment
    total: int | None = None
    """How many records the segment had to read at its start, where that is known."""

    @property
    def bare(self) -> bool:
        """It brings nothing to store but how far the segment is."""
        return not (self.records or self.aside or self.link_sets or self.merges or self.covered)


class Fates(msgspec.Struct, frozen=True, kw_only=True):
    """What became of ids that a sweep did not see. Each id asked is in exactly one of the six."""

    live: tuple[Record, ...] = ()
    archived: tuple[Record, ...] = ()
    merged: tuple[Merge, ...] = ()
    gone: tuple[int, ...] = ()
    """Neither live nor archived nor merged: erased (GDPR), to be purged here too."""
    aside: tuple[Aside, ...] = ()
    """Still there, and nothing that could be stored: what is stored stays as it is."""
    archived_aside: tuple[Aside, ...] = ()
    """Deleted, in a form that cannot be stored: what is stored is marked as deleted all the same."""


class LoadCounts(msgspec.Struct, frozen=True, kw_only=True):
    """What storing a batch changed, in records (and rejected values)."""

    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    archived: int = 0
    """Rows that are live no more: deleted, merged or erased; deleted records that came for the first time too."""
    links: int = 0
    """Associations added or removed."""
    rejected_values: int = 0
    """Rejected values among the inserted and updated records."""
    set_aside: int = 0
    """Records that cannot be rows; they are in ``_aside`` with the reason."""

    def __add__(self, other: "LoadCounts") -> "LoadCounts":
        return LoadCounts(
            inserted=self.inserted + other.inserted,
            updated=self.updated + other.updated,
            unchanged=self.unchanged + other.unchanged,
            archived=self.archived + other.archived,
            links=self.links + other.links,
            rejected_values=self.rejected_values + other.rejected_values,
            set_aside=self.set_aside + other.set_aside,
        )

"""A run and what it did, per object type."""

import enum
from datetime import datetime, timedelta

import msgspec

from ontologie.model.record import LoadCounts
from ontologie.model.stream import StreamStatus


class RunStatus(enum.StrEnum):
    """Where a run is. A run is open while queued or running."""

    QUEUED = "queued"
    RUNNING = "running"
    SYNCED = "synced"
    PARTIAL = "partial"
    ERROR = "error"
    ACTION_REQUIRED = "action_required"
    CANCELLED = "cancelled"

    @property
    def open(self) -> bool:
        return self in (RunStatus.QUEUED, RunStatus.RUNNING)


class RunOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked of a run."""

    check: bool = False
    full: bool = False
    confirm_deletions: bool = False
    """Carry out deletions that were held for the user's word (MASS_DELETION_HELD)."""
    streams: tuple[str, ...] = ()
    """Empty: all of the source's."""


class Covered(msgspec.Struct, frozen=True, kw_only=True):
    """A segment that a run has read to its end, and stored."""

    key: str
    """``backfill``, ``changes``, ``second_look``, ``archived`` or ``sweep``."""
    since: datetime
    """The window's beginning; of what has no window, when its reading began."""
    until: datetime | None = None
    """The window's end, not included; None: all there is was read."""


class CountsMean(enum.StrEnum):
    """What follows from comparing the account's own count with ours."""

    EQUAL = "equal"
    LATER = "later"
    """They differ for the first time: it may be what search shows late. The next run looks again."""
    CHECK = "check"
    """They differ again: a full check follows in the same run."""
    LATELY = "lately"
    """They differ again, so soon after such a full check that the next one waits for its rhythm."""


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """What a run held against the account beyond the changes it tells of. What differed was repaired at once."""

    counted_ours: int | None = None
    """Live records here, those kept aside too, and there, compared on their rhythm. None: they were not."""
    counted_theirs: int | None = None
    counts_mean: CountsMean | None = None
    missing: int = 0
    """Records that a full check found and we had not."""
    outdated: int = 0
    """Records whose values were others here."""
    gone: int = 0
    """Records that were live here and deleted or erased there, as a full check or the list of deleted ones tells."""
    merged: int = 0
    """Records that a full check found to have become part of others."""
    links: int = 0
    """Associations that a full check found here and not there, or there and not here."""


DIFFERENCES = ("missing", "outdated", "gone", "merged", "links")


class ObjectProgress(msgspec.Struct, frozen=True, kw_only=True):
    """One object type within a run. ``expected`` is HubSpot's total where it was asked, in records."""

    object_type: str
    stream: str
    status: StreamStatus
    read: int = 0
    expected: int | None = None
    counts: LoadCounts = LoadCounts()
    requests: int = 0
    seconds: float = 0.0
    checked_ours: int | None = None
    """After a full check: live records here, those kept aside too, and there. None: the run made none."""
    checked_theirs: int | None = None
    compared: Compared = Compared()
    covered: tuple[Covered, ...] = ()
    """In the order they were read."""
    diagnosis_code: str | None = None
    diagnosis_params: dict[str, str | int] = {}
    started_at: datetime | None = None
    ended_at: datetime | None = None


class BudgetUse(msgspec.Struct, frozen=True, kw_only=True):
    """One of the account's request budgets at a moment: the limit in force, and what its last window held of it.

    ``used`` counts all that this process sent to the account, for whichever source.
    """

    name: str
    """As the connector calls it."""
    used: int
    limit: int
    interval: timedelta

    @property
    def share(self) -> float:
        """0 to 1, and more where the limit has shrunk."""
        return self.used / self.limit


class Usage(msgspec.Struct, frozen=True, kw_only=True):
    """What reading has cost. Requests are counted per attempt: that is what a quota counts."""

    requests: int = 0
    refusals: int = 0
    """Answers with status 429."""
    retries: int = 0
    daily_limit: int | None = None
    """Requests a day that the account grants; None where it has not told."""
    daily_left: int | None = None
    budgets: tuple[BudgetUse, ...] = ()


class RunEvent(msgspec.Struct, frozen=True, kw_only=True):
    """A line of a run's log. ``kind`` is one of :data:`EVENT_KINDS`; ``object_type`` None: of the run as a whole."""

    at: datetime
    kind: str
    object_type: str | None = None
    detail: dict[str, str | int] = {}


EVENT_KINDS = (
    "slice_began",
    "object_began",
    "phase",
    "refused",
    "links_refused",
    "links_unreadable",
    "parts_live",
    "counted",
    "compared",
    "object_ended",
    "run_ended",
)


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One execution for a source."""

    id: int
    source_id: int
    status: RunStatus
    options: RunOptions
    trigger: str
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    cancel_requested: bool = False
    requests: int = 0
    refusals: int = 0
    retries: int = 0
    """See :class:`Usage`."""
    budgets: tuple[BudgetUse, ...] = ()
    """As they were when the run last wrote."""
    objects: tuple[ObjectProgress, ...] = ()
    diagnosis_code: str | None = None
    diagnosis_params: dict[str, str | int] = {}


class RunGlance(msgspec.Struct, frozen=True, kw_only=True):
    """A run without its object types, for lists of many."""

    id: int
    source_id: int
    status: RunStatus
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    requests: int = 0
    refusals: int = 0
    retries: int = 0
    diagnosis_code: str | None = None


class StreamChange(msgspec.Struct, frozen=True, kw_only=True):
    """How many records of a stream one ended run brought, changed or took away."""

    source_id: int
    run_id: int
    stream: str
    ended_at: datetime
    changed: int

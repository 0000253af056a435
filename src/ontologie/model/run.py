"""A run and what it did, per object type."""

import enum
from datetime import datetime

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
    """After a full check: live rows here, and live records there. None: the run made none."""
    checked_theirs: int | None = None
    diagnosis_code: str | None = None
    diagnosis_params: dict[str, str | int] = {}


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
    objects: tuple[ObjectProgress, ...] = ()
    diagnosis_code: str | None = None
    diagnosis_params: dict[str, str | int] = {}

"""What the API answers: the shapes that docs/reference/api.md promises. Ids are strings, moments ISO 8601 in UTC."""

from datetime import datetime
from typing import Annotated, Generic, TypeVar

import msgspec

from ontologie.model.run import Compared, ObjectProgress, Run
from ontologie.services.drift import Entry
from ontologie.services.streams import SourceOverview

T = TypeVar("T")


class Page(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """Some of the answer. ``next`` is the cursor of the following page; null: this was the last."""

    data: list[T]
    next: str | None = None


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """What went wrong, with the stable code of the diagnosis, and what to do."""

    code: str
    problem: str
    remedy: str


class StreamAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A stream and how it is. ``tables`` are the object types whose records can be asked for."""

    name: str
    status: str
    records: int | None
    last_synced_at: datetime | None
    tables: list[str]
    problem_code: str | None = None


class SourceAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A source and how it is: the worst of its streams, or what stopped its last run as a whole."""

    name: str
    connector: str
    account_id: str | None
    status: str
    frequency: str
    paused: bool
    hard_delete: bool
    """Rows of deleted records are removed instead of marked."""
    next_run_at: datetime | None
    streams: list[StreamAnswer]
    problem_code: str | None = None
    """Of what stopped the last run as a whole; that of a stream is with the stream."""


class ComparedAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What a run held against HubSpot beyond the changes that HubSpot tells of. What differed was repaired.

    ``counted_here`` and ``counted_in_hubspot``: live records before a repair, where the counts were compared; here
    also those that could not be stored as rows and are kept aside;
    ``counts_mean``: ``equal``, ``later`` (the next run looks again), ``check`` (a full check followed at once) or
    ``lately`` (one was made shortly before). ``missing``, ``outdated``, ``gone``, ``merged``: records that were not
    here, had other values, were deleted or erased in HubSpot, or merged there. ``associations``: added or removed here.
    ``records_here`` and ``records_in_hubspot``: live records after a full check; null where none was made.
    """

    table: str
    counted_here: int | None
    counted_in_hubspot: int | None
    counts_mean: str | None
    missing: int
    outdated: int
    gone: int
    merged: int
    associations: int
    records_here: int | None
    records_in_hubspot: int | None


class RunAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A run and what it did."""

    id: str
    status: str
    trigger: str
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    read: int
    inserted: int
    updated: int
    deleted: int
    requests: int
    problem_code: str | None
    compared: list[ComparedAnswer]
    """Of each kind of records that a full check or a comparison of counts was made for."""


class SourceChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to change of a source. ``hard_delete``: rows of records that HubSpot deleted are removed, from the next
    run on."""

    hard_delete: bool


class DriftAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A change of a property: ``added``, ``retyped``, ``archived`` or ``moved``, with the column's types."""

    id: str
    at: datetime
    table: str
    property: str
    change: str
    before: str | None
    after: str | None
    acknowledged_at: datetime | None
    acknowledged_by: str | None


class DriftSeen(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Changes that were seen, by their ids."""

    ids: list[Annotated[str, msgspec.Meta(pattern="^[0-9]{1,18}$")]]


class SyncRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to sync: all streams of the source unless some are named; ``check`` adds a full check, ``full`` reads all
    records again."""

    check: bool = False
    full: bool = False
    streams: list[str] = []


Cell = str | bool | list[str] | None
Record = dict[str, Cell]
"""A row of a table: column name → value. Numbers, ids and moments are text, exact."""


def drift_answer(found: Entry) -> DriftAnswer:
    """A change of a property as the API tells it."""
    return DriftAnswer(
        id=str(found.id),
        at=found.at,
        table=found.object_type,
        property=found.property,
        change=found.change,
        before=found.before,
        after=found.after,
        acknowledged_at=found.acknowledged_at,
        acknowledged_by=found.acknowledged_by,
    )


def source_answer(found: SourceOverview) -> SourceAnswer:
    """A source as the API tells it."""
    return SourceAnswer(
        name=found.name,
        connector=found.connector,
        account_id=str(found.account.portal_id) if found.account else None,
        status=found.health.value,
        frequency=found.frequency,
        paused=found.paused,
        hard_delete=found.hard_delete,
        next_run_at=found.next_run_at,
        streams=[
            StreamAnswer(
                name=stream.name,
                status=stream.status.value,
                records=stream.records,
                last_synced_at=stream.last_synced_at,
                tables=[item.object_type for item in stream.objects],
                problem_code=stream.problem.diagnosis_code if stream.problem else None,
            )
            for stream in found.streams
        ],
        problem_code=found.diagnosis_code,
    )


def run_answer(run: Run) -> RunAnswer:
    """A run as the API tells it."""
    return RunAnswer(
        id=str(run.id),
        status=run.status.value,
        trigger=run.trigger,
        created_at=run.created_at,
        started_at=run.started_at,
        ended_at=run.ended_at,
        read=sum(item.read for item in run.objects),
        inserted=sum(item.counts.inserted for item in run.objects),
        updated=sum(item.counts.updated for item in run.objects),
        deleted=sum(item.counts.archived for item in run.objects),
        requests=run.requests,
        problem_code=run.diagnosis_code,
        compared=[_compared_answer(item) for item in run.objects if _was_compared(item)],
    )


def _was_compared(item: ObjectProgress) -> bool:
    return item.checked_ours is not None or item.compared != Compared()


def _compared_answer(item: ObjectProgress) -> ComparedAnswer:
    found = item.compared
    return ComparedAnswer(
        table=item.object_type,
        counted_here=found.counted_ours,
        counted_in_hubspot=found.counted_theirs,
        counts_mean=found.counts_mean.value if found.counts_mean else None,
        missing=found.missing,
        outdated=found.outdated,
        gone=found.gone,
        merged=found.merged,
        associations=found.links,
        records_here=item.checked_ours,
        records_in_hubspot=item.checked_theirs,
    )

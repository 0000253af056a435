"""What the API answers: the shapes that docs/reference/api.md promises. Ids are strings, moments ISO 8601 in UTC."""

from datetime import datetime
from typing import Annotated, Generic, TypeVar

import msgspec

from ontologie.model.run import Run
from ontologie.model.stream import StreamStatus
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
    """A source and how it is: the worst of its streams."""

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
        status=StreamStatus.worst([stream.status for stream in found.streams]).value,
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
    )

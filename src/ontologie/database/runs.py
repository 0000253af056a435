"""The tables of runs and of what they did per object type."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from ontologie.database import queries
from ontologie.database.pool import Connection
from ontologie.model.record import LoadCounts
from ontologie.model.run import (
    ObjectProgress,
    Run,
    RunEvent,
    RunGlance,
    RunOptions,
    RunStatus,
    StreamChange,
    Usage,
)

_NOTHING_SPENT = Usage()
_COUNTS = ("inserted", "updated", "unchanged", "archived", "links", "rejected_values", "set_aside")


async def insert(
    connection: Connection, source_id: int, *, options: RunOptions, trigger: str, now: datetime
) -> Run | None:
    """A new queued run; None when the source already has an open one."""
    row = await queries.fetch_one(
        connection,
        "runs",
        "insert",
        source_id=source_id,
        options=queries.as_json(options),
        trigger=trigger,
        created_at=now,
    )
    return None if row is None else msgspec.convert(row, Run)


async def by_id(connection: Connection, run_id: int) -> Run | None:
    """The run with its object types."""
    rows = await queries.fetch_all(connection, "runs", "by_id", id=run_id)
    return next(iter(await _with_objects(connection, rows)), None)


async def open_for_source(connection: Connection, source_id: int) -> Run | None:
    rows = await queries.fetch_all(connection, "runs", "open_for_source", source_id=source_id)
    return next(iter(await _with_objects(connection, rows)), None)


async def latest(
    connection: Connection, source_id: int, *, limit: int, before: int | None = None, object_type: str | None = None
) -> list[Run]:
    """The source's latest runs, or those that read an object type, with their object types, newest first."""
    rows = await queries.fetch_all(
        connection, "runs", "latest", source_id=source_id, limit=limit, before=before, object_type=object_type
    )
    return await _with_objects(connection, rows)


async def latest_of_each(connection: Connection) -> dict[int, Run]:
    """Every source's latest run, by source id."""
    rows = await queries.fetch_all(connection, "runs", "latest_of_each")
    return {run.source_id: run for run in await _with_objects(connection, rows)}


async def recent_changes(connection: Connection, runs: int) -> list[StreamChange]:
    """What each stream's last ``runs`` ended runs changed, the oldest first."""
    return msgspec.convert(await queries.fetch_all(connection, "runs", "recent_changes", runs=runs), list[StreamChange])


async def orphans(connection: Connection, *, begun_before: datetime) -> list[int]:
    """Ids of open runs that no wake-up waits for and nobody works on.

    A foreground command begins its run itself; it is given until ``begun_before`` to do so.
    """
    rows = await queries.fetch_all(connection, "runs", "orphans", begun_before=begun_before)
    return [row["id"] for row in rows]


async def waiting_beside(connection: Connection, source_id: int) -> list[int]:
    """Ids of queued or half-done runs of other sources on the same portal."""
    return [row["id"] for row in await queries.fetch_all(connection, "runs", "waiting_beside", source_id=source_id)]


async def stopped_by_users(connection: Connection, run_ids: Sequence[int]) -> list[int]:
    """Those of the runs that someone cancelled, ended or removed."""
    rows = await queries.fetch_all(connection, "runs", "stopped_by_users", ids=list(run_ids))
    return [row["id"] for row in rows]


async def cancelled_unclaimed(connection: Connection, source_id: int | None = None) -> list[Run]:
    """Open runs, of the source or of all, that someone cancelled while nobody works on them."""
    rows = await queries.fetch_all(connection, "runs", "cancelled_unclaimed", source_id=source_id)
    return msgspec.convert(rows, list[Run])


async def status_before(connection: Connection, run: Run) -> RunStatus | None:
    """How the source's run before this one ended, cancelled ones left out."""
    row = await queries.fetch_one(connection, "runs", "status_before", source_id=run.source_id, id=run.id)
    return None if row is None else RunStatus(row["status"])


async def begin(connection: Connection, run_id: int, now: datetime) -> bool:
    """Mark the run as running; False when it has already ended."""
    return await queries.fetch_one(connection, "runs", "begin", id=run_id, now=now) is not None


async def finish(connection: Connection, run: Run, status: RunStatus, now: datetime) -> bool:
    """End the run with ``status`` and the diagnosis that ``run`` carries; False when it had ended already."""
    touched = await queries.execute(
        connection,
        "runs",
        "finish",
        id=run.id,
        status=status.value,
        now=now,
        diagnosis_code=run.diagnosis_code,
        diagnosis_params=queries.as_json(run.diagnosis_params),
    )
    return touched > 0


async def record(
    connection: Connection,
    run_id: int,
    objects: Sequence[ObjectProgress],
    events: Sequence[RunEvent] = (),
    *,
    backfilled: int = 0,
    spent: Usage = _NOTHING_SPENT,
) -> int:
    """Write what has moved: the progress of object types, lines of the log, backfilled records and what they cost; and
    wake the pages. One statement, all or nothing; the backfilled records' total in this run."""
    row = await queries.fetch_one(
        connection,
        "runs",
        "record",
        id=run_id,
        objects=queries.as_json([_row_of(item) for item in objects]),
        events=queries.as_json(events),
        backfilled=backfilled,
        requests=spent.requests,
        refusals=spent.refusals,
        retries=spent.retries,
        budgets=queries.as_json(spent.budgets),
    )
    return 0 if row is None else int(row["backfilled_records"])


def _row_of(progress: ObjectProgress) -> dict[str, Any]:
    values = msgspec.structs.asdict(progress)
    return values | msgspec.structs.asdict(values.pop("counts"))


async def request_cancel(connection: Connection, source_id: int) -> None:
    await queries.execute(connection, "runs", "request_cancel", source_id=source_id)


async def add_event(connection: Connection, run_id: int, event: RunEvent) -> None:
    """Add a line to the run's log."""
    values = msgspec.structs.asdict(event) | {"detail": queries.as_json(event.detail)}
    await queries.execute(connection, "runs", "add_event", run_id=run_id, **values)


async def events(connection: Connection, run_id: int, *, limit: int) -> list[RunEvent]:
    """The last lines of the run's log, in order."""
    rows = await queries.fetch_all(connection, "runs", "events", run_id=run_id, limit=limit)
    return msgspec.convert(rows, list[RunEvent])


async def forget_events(connection: Connection, source_id: int, *, before: datetime) -> None:
    """Delete the logs of the source's runs that ended earlier."""
    await queries.execute(connection, "runs", "forget_events", source_id=source_id, before=before)


async def forget(connection: Connection, *, before: datetime) -> int:
    """Delete runs that ended earlier, the latest of each source kept; how many."""
    return await queries.execute(connection, "runs", "forget", before=before)


async def since(connection: Connection, moment: datetime) -> list[RunGlance]:
    """Every run that was open at that moment or later, in order."""
    return msgspec.convert(await queries.fetch_all(connection, "runs", "since", since=moment), list[RunGlance])


async def notify(connection: Connection, source_id: int) -> None:
    """Tell listening pages that something moved."""
    await queries.execute(connection, "runs", "notify", source_id=source_id)


async def _with_objects(connection: Connection, rows: Sequence[dict[str, Any]]) -> list[Run]:
    """The runs with what they did per object type: one query, however many they are."""
    objects: dict[int, list[dict[str, Any]]] = {row["id"]: [] for row in rows}
    found = await queries.fetch_all(connection, "runs", "objects", run_ids=list(objects)) if objects else []
    for item in found:
        counts = LoadCounts(**{name: item[name] for name in _COUNTS})
        objects[item["run_id"]].append({**item, "counts": counts})
    return msgspec.convert([{**row, "objects": objects[row["id"]]} for row in rows], list[Run])

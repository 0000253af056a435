"""The tables of runs and of what they did per object type."""

from datetime import datetime
from typing import Any

import msgspec

from ontologie.database import queries
from ontologie.database.pool import Connection
from ontologie.model.record import LoadCounts
from ontologie.model.run import ObjectProgress, Run, RunOptions, RunStatus

_COUNTS = ("inserted", "updated", "unchanged", "archived", "rejected_values", "set_aside")


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
    row = await queries.fetch_one(connection, "runs", "by_id", id=run_id)
    return None if row is None else await _with_objects(connection, row)


async def open_for_source(connection: Connection, source_id: int) -> Run | None:
    row = await queries.fetch_one(connection, "runs", "open_for_source", source_id=source_id)
    return None if row is None else await _with_objects(connection, row)


async def latest(connection: Connection, source_id: int, *, limit: int) -> list[Run]:
    """The source's latest runs with their object types, newest first."""
    rows = await queries.fetch_all(connection, "runs", "latest", source_id=source_id, limit=limit)
    return [await _with_objects(connection, row) for row in rows]


async def open_runs(connection: Connection) -> list[Run]:
    """Every queued or running run, without its object types."""
    return msgspec.convert(await queries.fetch_all(connection, "runs", "open_runs"), list[Run])


async def begin(connection: Connection, run_id: int, now: datetime) -> bool:
    """Mark the run as running; False when it has already ended."""
    return await queries.fetch_one(connection, "runs", "begin", id=run_id, now=now) is not None


async def finish(connection: Connection, run: Run, status: RunStatus, now: datetime) -> None:
    """End the run with ``status`` and the diagnosis that ``run`` carries."""
    await queries.execute(
        connection,
        "runs",
        "finish",
        id=run.id,
        status=status.value,
        now=now,
        diagnosis_code=run.diagnosis_code,
        diagnosis_params=queries.as_json(run.diagnosis_params),
    )


async def add_backfilled(connection: Connection, run_id: int, records: int) -> tuple[int, bool]:
    """Count backfilled records; (their total in this run, whether someone asked to cancel it)."""
    row = await queries.fetch_one(connection, "runs", "add_backfilled", id=run_id, records=records)
    return (0, True) if row is None else (int(row["backfilled_records"]), bool(row["cancel_requested"]))


async def request_cancel(connection: Connection, source_id: int) -> None:
    await queries.execute(connection, "runs", "request_cancel", source_id=source_id)


async def save_object(connection: Connection, run_id: int, progress: ObjectProgress) -> None:
    """Write one object type's progress."""
    values: dict[str, Any] = {
        name: value for name, value in msgspec.structs.asdict(progress).items() if name != "counts"
    }
    values |= msgspec.structs.asdict(progress.counts)
    values["status"] = progress.status.value
    values["diagnosis_params"] = queries.as_json(progress.diagnosis_params)
    await queries.execute(connection, "runs", "save_object", run_id=run_id, **values)


async def notify(connection: Connection, source_id: int) -> None:
    """Tell listening pages that something moved."""
    await queries.execute(connection, "runs", "notify", source_id=source_id)


async def _with_objects(connection: Connection, row: dict[str, Any]) -> Run:
    rows = await queries.fetch_all(connection, "runs", "objects", run_id=row["id"])
    objects = [{**item, "counts": LoadCounts(**{name: item[name] for name in _COUNTS})} for item in rows]
    return msgspec.convert({**row, "objects": objects}, Run)

"""The table of sources, and what each object type says of itself."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from ontologie.database import queries
from ontologie.database.pool import Connection
from ontologie.model.object_types import Called
from ontologie.model.reference import Account
from ontologie.model.run import ObjectProgress
from ontologie.model.source import DailyQuota, Source
from ontologie.model.stream import StreamStatus


class NewSource(msgspec.Struct, frozen=True, kw_only=True):
    """What a source is created from."""

    name: str
    connector: str
    api_url: str
    schema_name: str
    streams: tuple[str, ...]
    excluded_properties: dict[str, tuple[str, ...]]
    sensitive: bool
    hard_delete: bool
    frequency: str
    account: Account | None
    next_run_at: datetime | None
    created_at: datetime
    called: Mapping[str, Called] = {}


class ObjectState(msgspec.Struct, frozen=True, kw_only=True):
    """The last word of one object type of a source. ``records`` are live rows in the store."""

    source_id: int
    object_type: str
    status: StreamStatus
    records: int | None = None
    last_synced_at: datetime | None = None
    rejected_values: int = 0
    diagnosis_code: str | None = None
    diagnosis_params: dict[str, str | int] = {}
    checked_at: datetime | None = None
    """When a full check last ended, and what it counted: live rows here, live records there."""
    checked_ours: int | None = None
    checked_theirs: int | None = None


async def insert(connection: Connection, new: NewSource) -> Source | None:
    """The new source; None when its name or its schema is taken."""
    values = msgspec.structs.asdict(new)
    values["streams"] = list(new.streams)
    values["excluded_properties"] = queries.as_json(new.excluded_properties)
    values["called"] = queries.as_json(new.called)
    values["account"] = None if new.account is None else queries.as_json(new.account)
    row = await queries.fetch_one(connection, "sources", "insert", **values)
    return None if row is None else msgspec.convert(row, Source)


async def every(connection: Connection) -> list[Source]:
    """All sources, by name."""
    return msgspec.convert(await queries.fetch_all(connection, "sources", "all"), list[Source])


async def by_name(connection: Connection, name: str) -> Source | None:
    row = await queries.fetch_one(connection, "sources", "by_name", name=name)
    return None if row is None else msgspec.convert(row, Source)


async def by_id(connection: Connection, source_id: int) -> Source | None:
    row = await queries.fetch_one(connection, "sources", "by_id", id=source_id)
    return None if row is None else msgspec.convert(row, Source)


async def set_paused(connection: Connection, source_id: int, *, paused: bool, next_run_at: datetime | None) -> None:
    await queries.execute(connection, "sources", "set_paused", id=source_id, paused=paused, next_run_at=next_run_at)


async def set_frequency(
    connection: Connection, source_id: int, *, frequency: str, next_run_at: datetime | None
) -> None:
    await queries.execute(
        connection, "sources", "set_frequency", id=source_id, frequency=frequency, next_run_at=next_run_at
    )


async def set_hard_delete(connection: Connection, source_id: int, *, hard_delete: bool) -> None:
    await queries.execute(connection, "sources", "set_hard_delete", id=source_id, hard_delete=hard_delete)


async def set_streams(
    connection: Connection, source_id: int, streams: tuple[str, ...], excluded: dict[str, tuple[str, ...]]
) -> None:
    """``excluded``: property names by object type."""
    await queries.execute(
        connection,
        "sources",
        "set_streams",
        id=source_id,
        streams=list(streams),
        excluded_properties=queries.as_json(excluded),
    )


async def set_account(connection: Connection, source_id: int, account: Account) -> None:
    await queries.execute(connection, "sources", "set_account", id=source_id, account=queries.as_json(account))


async def learn_called(connection: Connection, source_id: int, called: Mapping[str, Called]) -> None:
    """What the account calls its own object types now; those it no longer has keep their names."""
    await queries.execute(connection, "sources", "learn_called", id=source_id, called=queries.as_json(called))


async def called(connection: Connection) -> dict[str, Called]:
    """What any source's account calls its own object types: their names hold the account's number."""
    rows = await queries.fetch_all(connection, "sources", "called")
    return {name: item for row in rows for name, item in msgspec.convert(row["called"], dict[str, Called]).items()}


async def after_run(connection: Connection, source_id: int, *, next_run_at: datetime | None, failures: int) -> None:
    """Note when the next run is due, and how many in a row have failed."""
    await queries.execute(connection, "sources", "after_run", id=source_id, next_run_at=next_run_at, failures=failures)


async def due(connection: Connection, now: datetime) -> list[int]:
    """Ids of sources whose time has come and that have no open run."""
    return [row["id"] for row in await queries.fetch_all(connection, "sources", "due", now=now)]


async def delete(connection: Connection, source_id: int) -> None:
    """Forget a source, its credentials and its runs. Its data is the store's business."""
    await queries.execute(connection, "sources", "delete", id=source_id)


async def keep_schema(connection: Connection, schema_name: str, portal_id: int) -> None:
    """Remember whose records a removed source's schema holds."""
    await queries.execute(connection, "sources", "keep_schema", schema_name=schema_name, portal_id=portal_id)


async def forget_schema(connection: Connection, schema_name: str) -> None:
    """The schema is gone, or a source's again."""
    await queries.execute(connection, "sources", "forget_schema", schema_name=schema_name)


async def kept_schema(connection: Connection, schema_name: str) -> int | None:
    """The portal whose records were kept in this schema when its source was removed."""
    row = await queries.fetch_one(connection, "sources", "kept_schema", schema_name=schema_name)
    return None if row is None else int(row["portal_id"])


async def reconnected(connection: Connection, source_id: int, account: Account, next_run_at: datetime | None) -> None:
    """Other credentials open the account now: what failed before them counts no more."""
    await queries.execute(
        connection,
        "sources",
        "reconnected",
        id=source_id,
        account=queries.as_json(account),
        next_run_at=next_run_at,
    )


async def object_states(connection: Connection) -> dict[tuple[int, str], ObjectState]:
    """The states of all sources, by (source id, object type)."""
    rows = msgspec.convert(await queries.fetch_all(connection, "sources", "object_states"), list[ObjectState])
    return {(row.source_id, row.object_type): row for row in rows}


async def set_quota(connection: Connection, source_id: int, quota: DailyQuota) -> None:
    await queries.execute(connection, "sources", "set_quota", source_id=source_id, **msgspec.structs.asdict(quota))


async def quotas(connection: Connection) -> dict[int, DailyQuota]:
    """What each account told last of its day, by source id."""
    rows = await queries.fetch_all(connection, "sources", "quotas")
    return {row["source_id"]: msgspec.convert(row, DailyQuota) for row in rows}


async def save_object_states(connection: Connection, states: Sequence[ObjectState]) -> None:
    """Write them after a run. What is None of ``records``, ``last_synced_at`` and the check stays as it was."""
    await queries.execute(connection, "sources", "save_object_states", states=queries.as_json(states))


def state_after(
    source_id: int, progress: ObjectProgress, *, records: int | None, synced_at: datetime | None
) -> ObjectState:
    """What an object type says of itself once a run has brought it so far."""
    return ObjectState(
        source_id=source_id,
        object_type=progress.object_type,
        status=progress.status,
        records=records,
        last_synced_at=synced_at,
        rejected_values=progress.counts.rejected_values,
        diagnosis_code=progress.diagnosis_code,
        diagnosis_params=progress.diagnosis_params,
        checked_at=synced_at if progress.checked_theirs is not None else None,
        checked_ours=progress.checked_ours,
        checked_theirs=progress.checked_theirs,
    )

"""Records that PostgreSQL cannot hold as a row: kept beside the tables as JSON, with the reason."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from psycopg import sql

from ontologie.database.pool import Connection
from ontologie.model.conformed import Conformed
from ontologie.model.record import IdRange
from ontologie.store.target import LoadTarget


async def keep(connection: Connection, target: LoadTarget, conformed: Conformed, reason: str) -> None:
    """Keep this one record with the reason."""
    [record] = conformed.batch.to_pylist()
    held = {name: value for name, value in record.items() if value is not None}
    await connection.execute(
        sql.SQL(
            "INSERT INTO {} (object_type, id, reason, record) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT (object_type, id)"
            " DO UPDATE SET at = now(), reason = excluded.reason, record = excluded.record"
        ).format(target.beside("_aside")),
        [target.schema.object_type, record["id"], reason, msgspec.json.encode(held, enc_hook=str).decode()],
    )


async def forget(connection: Connection, target: LoadTarget, ids: Sequence[int]) -> None:
    """They are told anew, or are to be erased."""
    await connection.execute(
        sql.SQL("DELETE FROM {} WHERE object_type = %s AND id = ANY(%s)").format(target.beside("_aside")),
        [target.schema.object_type, list(ids)],
    )


async def forget_archived(connection: Connection, target: LoadTarget, *, archived_before: datetime) -> None:
    """Forget those that were deleted in the account before this moment."""
    await connection.execute(
        sql.SQL(
            "DELETE FROM {} WHERE object_type = %s AND (record ->> '_archived_at')::timestamp AT TIME ZONE 'UTC' < %s"
        ).format(target.beside("_aside")),
        [target.schema.object_type, archived_before],
    )


async def note_absent(
    connection: Connection, target: LoadTarget, covered: Sequence[IdRange], seen: Sequence[int]
) -> None:
    """Candidates for deletion: live ones in these ranges that were not seen. They have no row that would be missed."""
    await connection.execute(
        sql.SQL(
            "INSERT INTO {absent} SELECT object_type, id FROM {aside}"
            " JOIN unnest(%s::bigint[], %s::bigint[]) AS r (first, last) ON id BETWEEN r.first AND r.last"
            " WHERE object_type = %s AND record ->> '_archived_at' IS NULL AND NOT id = ANY(%s) ON CONFLICT DO NOTHING"
        ).format(absent=target.beside("_absent"), aside=target.beside("_aside")),
        [[item.first for item in covered], [item.last for item in covered], target.schema.object_type, list(seen)],
    )

"""Records that cannot be rows: kept beside the tables as JSON, with the reason, so that none is dropped in silence."""

from collections.abc import Sequence
from datetime import datetime

from psycopg import sql

from ontologie.database.pool import Connection, translated
from ontologie.model.record import Aside, IdRange, LoadCounts
from ontologie.store.target import LoadTarget


async def keep(
    connection: Connection, target: LoadTarget, found: Sequence[Aside], *, since: datetime | None = None
) -> LoadCounts:
    """Keep these records, or note that they were seen again. What was erased with a person stays erased.

    ``since``: when the reading that brought them began, by a clock that may be before ours; they are not older.
    """
    for item in found:
        known_by = sql.SQL("id)" if item.id is not None else "md5(record::text)) WHERE id IS NULL")
        await connection.execute(
            sql.SQL(
                "INSERT INTO {} (object_type, id, at, reason, record)"
                " SELECT item.* FROM (VALUES (%s, %s::bigint, greatest(now(), %s::timestamptz), %s, %s::jsonb))"
                " AS item (object_type, id, at, reason, record)"
                " WHERE NOT EXISTS (SELECT FROM {} x WHERE x.object_type = item.object_type AND x.id = item.id)"
                " ON CONFLICT (object_type, {}"
                " DO UPDATE SET at = excluded.at, reason = excluded.reason, record = excluded.record"
            ).format(target.beside("_aside"), target.beside("_suppressed"), known_by),
            [target.schema.object_type, item.id, since, item.reason, item.sent],
        )
    return LoadCounts(set_aside=len(found))


async def live_count(connection: Connection, target: LoadTarget) -> int:
    """How many of them the account has live, as it told last; one that has a row from better days is not counted.

    One without an id is known by its looks, and may count twice when it is shown with other properties.
    """
    with translated():
        cursor = await connection.execute(
            sql.SQL(
                "SELECT count(*) AS n FROM {aside} a WHERE object_type = %s AND record ->> '_archived_at' IS NULL"
                " AND record ->> 'archived' IS DISTINCT FROM 'true'"
                " AND NOT EXISTS (SELECT FROM {table} t WHERE t.id = a.id)"
            ).format(aside=target.beside("_aside"), table=target.table),
            [target.schema.object_type],
        )
        row = await cursor.fetchone()
    return int(row["n"]) if row else 0


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


async def forget_nameless(connection: Connection, target: LoadTarget, *, unseen_since: datetime) -> None:
    """Forget those without an id that a full check, begun at this moment, has not shown again."""
    await connection.execute(
        sql.SQL("DELETE FROM {} WHERE object_type = %s AND id IS NULL AND at < %s").format(target.beside("_aside")),
        [target.schema.object_type, unseen_since],
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

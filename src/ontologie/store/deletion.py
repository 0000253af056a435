"""Hard delete: the rows of records that are gone leave their table, with their links, instead of being marked."""

from collections.abc import Sequence

from psycopg import sql

from ontologie.database.pool import Connection, translated
from ontologie.model.conformed import Conformed
from ontologie.model.object_types import NUMBERS
from ontologie.store import lease
from ontologie.store.target import LoadTarget


def without_deleted(conformed: Conformed) -> Conformed:
    """Without the deleted records. One that is live here stays so until its deletion is confirmed, as everywhere."""
    archived = conformed.batch["_archived_at"].is_valid().to_pylist()
    return conformed.only([at for at, gone in enumerate(archived) if not gone])


async def remove_every_marked(connection: Connection, target: LoadTarget) -> None:
    """Remove what was marked before the source was set to delete hard. One transaction."""
    with translated():
        async with connection.transaction():
            await lease.check(connection, target.schema_name, target.epoch)
            cursor = await connection.execute(
                sql.SQL("SELECT id FROM {} WHERE _archived_at IS NOT NULL OR _purged_at IS NOT NULL").format(
                    target.table
                )
            )
            await remove_marked(connection, target, [row["id"] for row in await cursor.fetchall()])


async def remove_marked(connection: Connection, target: LoadTarget, ids: Sequence[int]) -> None:
    """Remove those of these rows that are marked as deleted, merged or erased. Within the caller's transaction, which
    has marked them: nobody else ever sees the mark.

    Links to contacts are remembered as former ones, by which the engagements of an erased person are found.
    """
    if not ids:
        return
    cursor = await connection.execute(
        sql.SQL(
            "DELETE FROM {} WHERE id = ANY(%s) AND (_archived_at IS NOT NULL OR _purged_at IS NOT NULL) RETURNING id"
        ).format(target.table),
        [list(ids)],
    )
    removed = [row["id"] for row in await cursor.fetchall()]
    if not removed:
        return
    object_type = target.schema.object_type
    await connection.execute(
        sql.SQL("DELETE FROM {} WHERE object_type = %s AND id = ANY(%s)").format(target.beside("_absent")),
        [object_type, removed],
    )
    await connection.execute(
        sql.SQL(
            "WITH gone AS (DELETE FROM {links} WHERE from_type = %(number)s AND from_id = ANY(%(removed)s)"
            " OR to_type = %(number)s AND to_id = ANY(%(removed)s)"
            " RETURNING from_type, from_id, to_type, to_id)"
            " INSERT INTO {former} SELECT DISTINCT * FROM gone WHERE to_type = %(contacts)s"
        ).format(links=target.beside("associations"), former=target.beside("_former_links")),
        {"number": NUMBERS.get(object_type), "removed": removed, "contacts": NUMBERS["contacts"]},
    )

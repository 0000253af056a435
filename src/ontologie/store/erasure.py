"""Erasing for good: of what was erased in the account, the ids are all that stays, wherever its values were kept."""

from collections.abc import Sequence
from datetime import datetime

from psycopg import sql

from ontologie.database.pool import Connection, translated
from ontologie.model.checkpoint import SegmentKind
from ontologie.model.conformed import Conformed
from ontologie.model.object_types import ENGAGEMENTS, NUMBERS
from ontologie.model.record import Batch
from ontologie.store import aside, lease, tables
from ontologie.store.target import LoadTarget


async def erase(connection: Connection, target: LoadTarget, ids: Sequence[int]) -> int:
    """Erase the values of these records, those set aside too; how many were live. Within the caller's transaction."""
    if not ids:
        return 0
    await aside.forget(connection, target, ids)
    return sum(await _erase(connection, target, sql.SQL("id = ANY(%s)"), [list(ids)]))


async def merged_into(connection: Connection, target: LoadTarget, ids: Sequence[int]) -> list[int]:
    """The contacts, say, that became part of these, over any number of merges: they hold the same person's values. One
    that is live here is only named as a part."""
    cursor = await connection.execute(
        sql.SQL(
            "WITH RECURSIVE part (id) AS ("
            " SELECT from_id FROM {merges} WHERE object_type = %(object_type)s AND into_id = ANY(%(ids)s)"
            " UNION SELECT m.from_id FROM {merges} m JOIN part ON m.into_id = part.id"
            " WHERE m.object_type = %(object_type)s)"
            " SELECT id FROM part WHERE NOT id = ANY(%(ids)s) AND NOT EXISTS (SELECT FROM {table} t"
            " WHERE t.id = part.id AND t._archived_at IS NULL AND t._purged_at IS NULL)"
        ).format(merges=target.beside("merges"), table=target.table),
        {"object_type": target.schema.object_type, "ids": list(ids)},
    )
    return [row["id"] for row in await cursor.fetchall()]


async def without_suppressed(connection: Connection, target: LoadTarget, conformed: Conformed) -> Conformed:
    """Without the engagements that were erased with a person: HubSpot still has them, they stay erased here."""
    if target.schema.object_type not in ENGAGEMENTS or not len(conformed):
        return conformed
    cursor = await connection.execute(
        sql.SQL("SELECT id FROM {} WHERE object_type = %s AND id = ANY(%s)").format(target.beside("_suppressed")),
        [target.schema.object_type, conformed.ids()],
    )
    suppressed = {row["id"] for row in await cursor.fetchall()}
    return conformed.only([at for at, number in enumerate(conformed.ids()) if number not in suppressed])


async def note_gone(connection: Connection, target: LoadTarget, batch: Batch) -> None:
    """Which of the engagements that stay erased the account has itself no more, as far as this batch tells."""
    seen = [record.id for record in batch.records if record.archived_at is None]
    deleted = [record.id for record in batch.records if record.archived_at is not None]
    whole = batch.covered if batch.segment.kind is SegmentKind.SWEEP else ()
    await connection.execute(
        sql.SQL(
            "UPDATE {} s SET gone = NOT s.id = ANY(%(seen)s) WHERE object_type = %(object_type)s"
            " AND gone = (s.id = ANY(%(seen)s)) AND (s.id = ANY(%(seen)s) OR s.id = ANY(%(deleted)s) OR EXISTS ("
            " SELECT FROM unnest(%(first)s::bigint[], %(last)s::bigint[]) AS r (first, last)"
            " WHERE s.id BETWEEN r.first AND r.last))"
        ).format(target.beside("_suppressed")),
        {
            "object_type": target.schema.object_type,
            "seen": seen,
            "deleted": deleted,
            "first": [item.first for item in whole],
            "last": [item.last for item in whole],
        },
    )


async def suppressed_count(connection: Connection, target: LoadTarget) -> int:
    """Engagements that the account has and that stay erased here."""
    with translated():
        cursor = await connection.execute(
            sql.SQL("SELECT count(*) AS n FROM {} WHERE object_type = %s AND NOT gone").format(
                target.beside("_suppressed")
            ),
            [target.schema.object_type],
        )
        row = await cursor.fetchone()
    return int(row["n"]) if row else 0


async def erase_engagements(connection: Connection, target: LoadTarget, people: Sequence[int]) -> None:
    """Erase the values of the engagements that are or were attached to these erased contacts, for good."""
    if not people:
        return
    with translated():
        parts = await merged_into(connection, target, people)
    for object_type in ENGAGEMENTS:
        schema = await tables.read_schema(connection, target.schema_name, object_type)
        if schema is None:
            continue
        engaged = LoadTarget(schema_name=target.schema_name, schema=schema, epoch=target.epoch)
        with translated():
            async with connection.transaction():
                await lease.check(connection, target.schema_name, target.epoch)
                await erase(connection, engaged, await _suppress(connection, engaged, [*people, *parts]))


async def _suppress(connection: Connection, engaged: LoadTarget, people: Sequence[int]) -> list[int]:
    """Keep the engagements of these contacts out from now on; those that were not kept out before."""
    cursor = await connection.execute(
        sql.SQL(
            "INSERT INTO {suppressed} (object_type, id)"
            " SELECT %(object_type)s, from_id FROM ("
            " SELECT from_type, from_id, to_type, to_id FROM {links}"
            " UNION SELECT from_type, from_id, to_type, to_id FROM {former}) AS l"
            " WHERE from_type = %(number)s AND to_type = %(contacts)s AND to_id = ANY(%(people)s)"
            " ON CONFLICT DO NOTHING RETURNING id"
        ).format(
            suppressed=engaged.beside("_suppressed"),
            links=engaged.beside("associations"),
            former=engaged.beside("_former_links"),
        ),
        {
            "object_type": engaged.schema.object_type,
            "number": NUMBERS[engaged.schema.object_type],
            "contacts": NUMBERS["contacts"],
            "people": list(people),
        },
    )
    return [row["id"] for row in await cursor.fetchall()]


async def erase_archived(connection: Connection, target: LoadTarget, *, archived_before: datetime) -> int:
    """Erase the values of records that have long been deleted in the account; how many."""
    with translated():
        async with connection.transaction():
            await lease.check(connection, target.schema_name, target.epoch)
            await connection.execute(
                sql.SQL("DELETE FROM {} WHERE at < %s").format(target.beside("_former_links")), [archived_before]
            )
            await aside.forget_archived(connection, target, archived_before=archived_before)
            return len(await _erase(connection, target, sql.SQL("_archived_at < %s"), [archived_before]))


async def forget_nameless(connection: Connection, target: LoadTarget, *, unseen_since: datetime) -> None:
    """Erase what was set aside without an id and has not come again in a full check that began then."""
    with translated():
        async with connection.transaction():
            await lease.check(connection, target.schema_name, target.epoch)
            await aside.forget_nameless(connection, target, unseen_since=unseen_since)


async def _erase(connection: Connection, target: LoadTarget, which: sql.SQL, values: list[object]) -> list[bool]:
    """Only the id stays, when it was made and changed, and that it was purged. Of each record, whether it was live."""
    erased = await _columns_with_values(connection, target)
    cursor = await connection.execute(
        sql.SQL(
            "UPDATE {} SET {}, _purged_at = now() WHERE {} AND _purged_at IS NULL"
            " RETURNING _archived_at IS NULL AS live"
        ).format(
            target.table,
            sql.SQL(", ").join(sql.SQL("{} = NULL").format(sql.Identifier(name)) for name in erased),
            which,
        ),
        values,
    )
    return [row["live"] for row in await cursor.fetchall()]


async def _columns_with_values(connection: Connection, target: LoadTarget) -> list[str]:
    """All that can hold a person's values, whatever the schema says now: the columns of properties that are gone,
    excluded or of another type today too."""
    cursor = await connection.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped"
        " AND attgenerated = '' AND NOT attnotnull AND NOT attname = ANY(%s)",
        [target.table.as_string(None), [name for name, _ in tables.OURS if name not in tables.HOLDING_VALUES]],
    )
    return [row["attname"] for row in await cursor.fetchall()]

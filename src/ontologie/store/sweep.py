"""What a full check did not see: candidates, and what became of them once confirmed."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from psycopg import sql

from ontologie.database.pool import Connection, translated
from ontologie.model.conformed import Conformed
from ontologie.model.record import Fates, LinkSet, LoadCounts
from ontologie.model.schema import MORE
from ontologie.store import deletion, lease, tables
from ontologie.store.links import record_merges, replace_links
from ontologie.store.object_types import ENGAGEMENTS, NUMBERS
from ontologie.store.target import LoadTarget
from ontologie.store.upsert import upsert


class Settlement(msgspec.Struct, frozen=True, kw_only=True):
    """What the account said about candidates. ``conformed`` holds the live and the archived ones."""

    ids: tuple[int, ...]
    fates: Fates
    link_sets: tuple[LinkSet, ...]
    conformed: Conformed


async def absent_count(connection: Connection, schema_name: str, object_type: str) -> int:
    """Candidates that wait to be confirmed; those that a merge or the archived list has explained are dropped."""
    with translated():
        await connection.execute(
            sql.SQL(
                "DELETE FROM {} a USING {} t WHERE a.object_type = %s AND t.id = a.id AND t._archived_at IS NOT NULL"
            ).format(sql.Identifier(schema_name, "_absent"), sql.Identifier(schema_name, object_type)),
            [object_type],
        )
        cursor = await connection.execute(
            sql.SQL("SELECT count(*) AS n FROM {} WHERE object_type = %s").format(
                sql.Identifier(schema_name, "_absent")
            ),
            [object_type],
        )
        row = await cursor.fetchone()
    return int(row["n"]) if row else 0


async def absent_ids(connection: Connection, schema_name: str, object_type: str, *, limit: int) -> list[int]:
    """The first candidates, by id."""
    with translated():
        cursor = await connection.execute(
            sql.SQL("SELECT id FROM {} WHERE object_type = %s ORDER BY id LIMIT %s").format(
                sql.Identifier(schema_name, "_absent")
            ),
            [object_type, limit],
        )
        return [row["id"] for row in await cursor.fetchall()]


async def settle(connection: Connection, target: LoadTarget, settlement: Settlement) -> LoadCounts:
    """Store what became of the candidates: archived, merged, erased, or alive after all. One transaction.

    Under hard delete all but the last are removed instead.
    """
    with translated():
        async with connection.transaction():
            await lease.check(connection, target.schema_name, target.epoch)
            counts = LoadCounts()
            if settlement.conformed.batch.num_rows:
                counts = await upsert(connection, target, settlement.conformed, confirmed=True)
            for link_set in settlement.link_sets:
                await replace_links(connection, target, link_set)
            await record_merges(connection, target, settlement.fates.merged)
            erased = await _erase(connection, target, sql.SQL("id = ANY(%s)"), [list(settlement.fates.gone)])
            await connection.execute(
                sql.SQL("DELETE FROM {} WHERE object_type = %s AND id = ANY(%s)").format(target.beside("_absent")),
                [target.schema.object_type, list(settlement.ids)],
            )
            if target.hard_delete:
                departed = [merge.from_id for merge in settlement.fates.merged]
                await deletion.remove_marked(connection, target, [*settlement.ids, *departed])
    return counts + LoadCounts(archived=erased + len(settlement.fates.merged))


async def erase_engagements(connection: Connection, target: LoadTarget, people: Sequence[int]) -> None:
    """Erase the values of the engagements that are or were attached to these erased contacts, for good."""
    values = {"contacts": NUMBERS["contacts"], "people": list(people)}
    for object_type in ENGAGEMENTS:
        schema = await tables.read_schema(connection, target.schema_name, object_type)
        if schema is None:
            continue
        engaged = LoadTarget(schema_name=target.schema_name, schema=schema, epoch=target.epoch)
        with translated():
            async with connection.transaction():
                await lease.check(connection, target.schema_name, target.epoch)
                cursor = await connection.execute(
                    sql.SQL(
                        "INSERT INTO {suppressed} (object_type, id)"
                        " SELECT %(object_type)s, from_id FROM ("
                        " SELECT from_type, from_id, to_type, to_id FROM {links}"
                        " UNION SELECT from_type, from_id, to_type, to_id FROM {former}) AS l"
                        " WHERE from_type = %(number)s AND to_type = %(contacts)s AND to_id = ANY(%(people)s)"
                        " ON CONFLICT DO NOTHING RETURNING id"
                    ).format(
                        suppressed=target.beside("_suppressed"),
                        links=target.beside("associations"),
                        former=target.beside("_former_links"),
                    ),
                    values | {"object_type": object_type, "number": NUMBERS[object_type]},
                )
                found = [row["id"] for row in await cursor.fetchall()]
                await _erase(connection, engaged, sql.SQL("id = ANY(%s)"), [found])


async def erase_archived(connection: Connection, target: LoadTarget, *, archived_before: datetime) -> int:
    """Erase the values of records that have long been deleted in the account; how many."""
    with translated():
        async with connection.transaction():
            await lease.check(connection, target.schema_name, target.epoch)
            await connection.execute(
                sql.SQL("DELETE FROM {} WHERE at < %s").format(target.beside("_former_links")), [archived_before]
            )
            return await _erase(connection, target, sql.SQL("_archived_at < %s"), [archived_before])


async def _erase(connection: Connection, target: LoadTarget, which: sql.SQL, values: list[object]) -> int:
    """Only the id stays, and that it was purged."""
    erased = [*(item.column_name for item in target.schema.with_columns()), "_rejected", MORE]
    cursor = await connection.execute(
        sql.SQL("UPDATE {} SET {}, _purged_at = now() WHERE {} AND _purged_at IS NULL").format(
            target.table,
            sql.SQL(", ").join(sql.SQL("{} = NULL").format(sql.Identifier(name)) for name in erased),
            which,
        ),
        values,
    )
    return cursor.rowcount

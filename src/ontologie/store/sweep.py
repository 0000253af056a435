"""Candidates: what a full check did not see, or saw otherwise than it is stored; and what became of them once asked."""

import msgspec
from psycopg import sql

from ontologie.database.pool import Connection, translated
from ontologie.model.conformed import Conformed
from ontologie.model.record import Fates, LinkSet, LoadCounts
from ontologie.store import aside, deletion, erasure, lease
from ontologie.store.links import keep_as_own, record_merges, replace_links, take_out_parts
from ontologie.store.target import LoadTarget
from ontologie.store.upsert import upsert


class Settlement(msgspec.Struct, frozen=True, kw_only=True):
    """What the account said about candidates. ``conformed`` holds the live and the archived ones."""

    ids: tuple[int, ...]
    fates: Fates
    link_sets: tuple[LinkSet, ...]
    conformed: Conformed


class Open(msgspec.Struct, frozen=True, kw_only=True):
    """What a reading has left open."""

    candidates: int
    """They wait to be confirmed."""
    unlinked: bool
    """Links were refused."""


async def left_open(connection: Connection, target: LoadTarget) -> Open:
    """What is to be settled of the object type."""
    with translated():
        cursor = await connection.execute(
            sql.SQL(
                "SELECT (SELECT count(*) FROM {absent} WHERE object_type = %(name)s) AS candidates,"
                " EXISTS (SELECT FROM {unlinked} WHERE object_type = %(name)s) AS unlinked"
            ).format(absent=target.beside("_absent"), unlinked=target.beside("_unlinked")),
            {"name": target.schema.object_type},
        )
        return msgspec.convert(await cursor.fetchone(), Open)


async def open_types(connection: Connection, schema_name: str) -> frozenset[str]:
    """The object types that something is to be settled of."""
    with translated():
        cursor = await connection.execute(
            sql.SQL("SELECT object_type FROM {} UNION SELECT object_type FROM {}").format(
                sql.Identifier(schema_name, "_absent"), sql.Identifier(schema_name, "_unlinked")
            )
        )
        return frozenset(row["object_type"] for row in await cursor.fetchall())


async def drop_explained(connection: Connection, target: LoadTarget) -> None:
    """Forget the candidates for deletion that are live here no more: a merge, or another answer, has explained them."""
    with translated():
        await connection.execute(
            sql.SQL(
                "DELETE FROM {} a USING {} t WHERE a.object_type = %s AND t.id = a.id AND t._archived_at IS NOT NULL"
                " AND NOT a.archived"
            ).format(target.beside("_absent"), target.table),
            [target.schema.object_type],
        )


async def candidates(
    connection: Connection, schema_name: str, object_type: str, *, limit: int, shown: bool = False
) -> list[int]:
    """The first of those that did not come, or of those that came live, by id."""
    with translated():
        cursor = await connection.execute(
            sql.SQL("SELECT id FROM {} WHERE object_type = %s AND shown = %s ORDER BY id LIMIT %s").format(
                sql.Identifier(schema_name, "_absent")
            ),
            [object_type, shown, limit],
        )
        return [row["id"] for row in await cursor.fetchall()]


async def settle_shown(
    connection: Connection, target: LoadTarget, settlement: Settlement
) -> tuple[LoadCounts, int]:
    """Store what became of candidates that came live, asked for by their ids; how many of them are parts of no other,
    though the account names them so. One transaction.

    One that is not live is a part where it is named as one, and else a candidate like those that did not come.
    """
    fates = settlement.fates
    living = (*(item.id for item in fates.live), *(item.id for item in fates.aside if item.id is not None))
    rest = sorted(set(settlement.ids) - set(living))
    with translated():
        async with connection.transaction():
            counts = await settle(connection, target, msgspec.structs.replace(settlement, ids=living))
            own = await keep_as_own(connection, target, living)
            counts += await take_out_parts(connection, target, rest)
            if target.hard_delete:
                await deletion.remove_marked(connection, target, rest)
            await connection.execute(
                sql.SQL("UPDATE {} SET shown = false WHERE object_type = %s AND id = ANY(%s)").format(
                    target.beside("_absent")
                ),
                [target.schema.object_type, rest],
            )
    return counts, own


async def settle(connection: Connection, target: LoadTarget, settlement: Settlement) -> LoadCounts:
    """Store what became of the candidates: archived, merged, erased, or alive after all. One transaction.

    Under hard delete all but the last are removed instead.
    """
    with translated():
        async with connection.transaction():
            await lease.check(connection, target.schema_name, target.epoch)
            await aside.forget(connection, target, settlement.ids)
            unusable = (*settlement.fates.aside, *settlement.fates.archived_aside)
            counts = await aside.keep(connection, target, unusable)
            conformed = await erasure.without_suppressed(connection, target, settlement.conformed)
            if len(conformed):
                counts += await upsert(connection, target, conformed, confirmed=True)
            counts += await _mark_deleted(connection, target, settlement.fates)
            for link_set in settlement.link_sets:
                counts += await replace_links(connection, target, link_set)
            counts += await record_merges(connection, target, settlement.fates.merged)
            parts = await erasure.merged_into(connection, target, settlement.fates.gone)
            erased = await erasure.erase(connection, target, settlement.fates.gone)
            await erasure.erase(connection, target, parts)
            await connection.execute(
                sql.SQL("DELETE FROM {} WHERE object_type = %s AND id = ANY(%s)").format(target.beside("_absent")),
                [target.schema.object_type, list(settlement.ids)],
            )
            if target.hard_delete:
                departed = [merge.from_id for merge in settlement.fates.merged]
                await deletion.remove_marked(connection, target, [*settlement.ids, *departed, *parts])
    return counts + LoadCounts(archived=erased)


async def _mark_deleted(connection: Connection, target: LoadTarget, fates: Fates) -> LoadCounts:
    """The rows of deleted records whose last form could not be stored."""
    moments = {item.id: None for item in fates.archived_aside} | {item.id: item.archived_at for item in fates.archived}
    cursor = await connection.execute(
        sql.SQL(
            "UPDATE {} t SET _archived_at = coalesce(d.at, now())"
            " FROM unnest(%s::bigint[], %s::timestamptz[]) AS d (id, at)"
            " WHERE t.id = d.id AND t._archived_at IS NULL AND t._purged_at IS NULL"
        ).format(target.table),
        [list(moments), list(moments.values())],
    )
    return LoadCounts(archived=cursor.rowcount)

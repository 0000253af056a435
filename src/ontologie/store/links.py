"""Links between records, and records that became part of others."""

from collections.abc import Sequence
from typing import Any

from psycopg import sql

from ontologie.database.pool import Connection, translated
from ontologie.model.object_types import NUMBERS
from ontologie.model.record import LinkSet, LoadCounts, Merge
from ontologie.store import lease
from ontologie.store.target import LoadTarget

_ROWS = (
    "SELECT * FROM unnest(%(from_ids)s::bigint[], %(to_ids)s::bigint[], %(categories)s::text[],"
    " %(type_ids)s::integer[]) AS l (from_id, to_id, category, type_id)"
)
# LATERAL and NOT IN: an index lookup per asked id and one hash of the links, whatever the planner believes of a
# table that grows too fast for its statistics (a join of the three became quadratic within one first sync).
_REMOVE = (
    "WITH gone AS (DELETE FROM {table} d USING unnest(%(asked)s::bigint[]) AS asked (id), LATERAL ("
    " SELECT from_type, from_id, to_type, to_id, category, type_id FROM {table}"
    " WHERE from_type = %(from_type)s AND from_id = asked.id AND to_type = %(to_type)s OFFSET 0) AS a"
    " WHERE (a.from_id, a.to_id, a.category, a.type_id) NOT IN ("
    f"SELECT from_id, to_id, category, type_id FROM ({_ROWS}) AS l)"
    " AND (d.from_type, d.from_id, d.to_type, d.to_id, d.category, d.type_id)"
    " = (a.from_type, a.from_id, a.to_type, a.to_id, a.category, a.type_id)"
    " RETURNING d.from_type, d.from_id, d.to_type, d.to_id),"
    " remembered AS (INSERT INTO {former} SELECT DISTINCT * FROM gone WHERE to_type = %(contacts)s)"
    " SELECT count(*) AS n FROM gone"
)
_ADD = (
    "INSERT INTO {table} (from_type, from_id, to_type, to_id, category, type_id)"
    f" SELECT %(from_type)s, from_id, %(to_type)s, to_id, category, type_id FROM ({_ROWS}) AS l"
    " ON CONFLICT DO NOTHING"
)


async def replace_links(connection: Connection, target: LoadTarget, link_set: LinkSet) -> LoadCounts:
    """Make the stored links of ``from_ids`` equal to the set; links that stay are not rewritten. Where they were
    refused, note that they are to be asked for again."""
    if link_set.links is None:
        await connection.execute(
            sql.SQL("INSERT INTO {} SELECT %s, %s, unnest(%s::bigint[]) ON CONFLICT DO NOTHING").format(
                target.beside("_unlinked")
            ),
            [link_set.from_type, link_set.to_type, list(link_set.from_ids)],
        )
        return LoadCounts()
    values = {
        "from_type": NUMBERS[link_set.from_type],
        "to_type": NUMBERS[link_set.to_type],
        "asked": list(link_set.from_ids),
        "from_ids": [link.from_id for link in link_set.links],
        "to_ids": [link.to_id for link in link_set.links],
        "categories": [link.category for link in link_set.links],
        "type_ids": [link.type_id for link in link_set.links],
        "contacts": NUMBERS["contacts"],
    }
    table = target.beside("associations")
    former = target.beside("_former_links")
    cursor = await connection.execute(sql.SQL(_REMOVE).format(table=table, former=former), values)
    row = await cursor.fetchone()
    changed = int(row["n"]) if row else 0
    if link_set.links:
        changed += (await connection.execute(sql.SQL(_ADD).format(table=table), values)).rowcount
    return LoadCounts(links=changed)


async def unlinked(connection: Connection, target: LoadTarget, to_type: str, *, limit: int) -> list[int]:
    """The first live records whose links to the type were refused."""
    with translated():
        cursor = await connection.execute(
            sql.SQL(
                "SELECT u.id FROM {} u JOIN {} t USING (id) WHERE u.object_type = %s AND u.to_type = %s"
                " AND t._archived_at IS NULL AND t._purged_at IS NULL ORDER BY u.id LIMIT %s"
            ).format(target.beside("_unlinked"), target.table),
            [target.schema.object_type, to_type, limit],
        )
        return [row["id"] for row in await cursor.fetchall()]


async def link_again(connection: Connection, target: LoadTarget, link_set: LinkSet) -> LoadCounts:
    """Store links that were refused before. One transaction."""
    with translated():
        async with connection.transaction():
            await lease.check(connection, target.schema_name, target.epoch)
            await connection.execute(
                sql.SQL("DELETE FROM {} WHERE object_type = %s AND to_type = %s AND id = ANY(%s)").format(
                    target.beside("_unlinked")
                ),
                [link_set.from_type, link_set.to_type, list(link_set.from_ids)],
            )
            return await replace_links(connection, target, link_set)


async def forget_unlinked(connection: Connection, target: LoadTarget, *, but: Sequence[str]) -> None:
    """Nothing is to be asked for again but the links to these types."""
    with translated():
        await connection.execute(
            sql.SQL("DELETE FROM {} WHERE object_type = %s AND NOT to_type = ANY(%s)").format(
                target.beside("_unlinked")
            ),
            [target.schema.object_type, list(but)],
        )


# Without those that are known to be parts of none.
_PARTS = (
    "(SELECT * FROM unnest(%(from_ids)s::bigint[], %(into_ids)s::bigint[]) AS n (from_id, into_id) WHERE NOT EXISTS"
    " (SELECT FROM {living} l WHERE l.object_type = %(object_type)s AND l.id = n.from_id)) AS m"
)


async def note_merges(connection: Connection, target: LoadTarget, merges: tuple[Merge, ...]) -> LoadCounts:
    """Note which records are named as parts of others. One that is live here is a candidate: the account may name a
    record so and keep it live, and then it stays."""
    counts = await _merge(connection, target, merges, confirmed=False)
    if merges:
        await connection.execute(
            sql.SQL(
                "INSERT INTO {absent} (object_type, id, shown)"
                f" SELECT DISTINCT %(object_type)s, t.id, true FROM {_PARTS} JOIN {{table}} t ON t.id = m.from_id"
                " WHERE m.from_id <> m.into_id AND t._archived_at IS NULL AND t._purged_at IS NULL"
                " ON CONFLICT (object_type, id) DO UPDATE SET shown = true"
            ).format(absent=target.beside("_absent"), living=target.beside("_living_parts"), table=target.table),
            _values(target, merges),
        )
    return counts


async def record_merges(connection: Connection, target: LoadTarget, merges: tuple[Merge, ...]) -> LoadCounts:
    """Note which records have become parts of others, and take them out of the live ones."""
    if merges:
        await connection.execute(
            sql.SQL("DELETE FROM {} WHERE object_type = %s AND id = ANY(%s)").format(target.beside("_living_parts")),
            [target.schema.object_type, [merge.from_id for merge in merges]],
        )
    return await _merge(connection, target, merges, confirmed=True)


async def _merge(
    connection: Connection, target: LoadTarget, merges: tuple[Merge, ...], *, confirmed: bool
) -> LoadCounts:
    values = _values(target, merges)
    if not values["from_ids"]:
        return LoadCounts()
    living = target.beside("_living_parts")
    await connection.execute(
        sql.SQL(
            "INSERT INTO {merges} AS known (object_type, from_id, into_id)"
            f" SELECT DISTINCT ON (from_id) %(object_type)s, from_id, into_id FROM {_PARTS}"
            " ON CONFLICT (object_type, from_id) DO UPDATE SET into_id = excluded.into_id"
            " WHERE known.into_id IS DISTINCT FROM excluded.into_id"
        ).format(merges=target.beside("merges"), living=living),
        values,
    )
    cursor = await connection.execute(
        sql.SQL(
            "UPDATE {table} t SET _merged_into = m.into_id, _archived_at = coalesce(t._archived_at, now())"
            f" FROM {_PARTS} JOIN {{table}} old ON old.id = m.from_id"
            " WHERE t.id = m.from_id AND t._merged_into IS DISTINCT FROM m.into_id"
            " AND ({confirmed} OR old._archived_at IS NOT NULL OR old._purged_at IS NOT NULL)"
            " RETURNING old._archived_at IS NULL AS was_live"
        ).format(table=target.table, living=living, confirmed=sql.Literal(confirmed)),
        values,
    )
    return LoadCounts(archived=sum(row["was_live"] for row in await cursor.fetchall()))


def _values(target: LoadTarget, merges: tuple[Merge, ...]) -> dict[str, Any]:
    named = [merge for merge in merges if merge.from_id != merge.into_id]
    return {
        "object_type": target.schema.object_type,
        "from_ids": [merge.from_id for merge in named],
        "into_ids": [merge.into_id for merge in named],
    }


async def keep_as_own(connection: Connection, target: LoadTarget, ids: Sequence[int]) -> int:
    """Note that these live records are parts of none, whatever names them so; how many were named."""
    cursor = await connection.execute(
        sql.SQL(
            "WITH named AS (DELETE FROM {merges} WHERE object_type = %s AND from_id = ANY(%s)"
            " RETURNING object_type, from_id) INSERT INTO {living} SELECT * FROM named ON CONFLICT DO NOTHING"
        ).format(merges=target.beside("merges"), living=target.beside("_living_parts")),
        [target.schema.object_type, list(ids)],
    )
    return cursor.rowcount


async def take_out_parts(connection: Connection, target: LoadTarget, ids: Sequence[int]) -> LoadCounts:
    """Take those of these live records that are named as parts of others out of the live ones."""
    cursor = await connection.execute(
        sql.SQL(
            "UPDATE {table} t SET _merged_into = m.into_id, _archived_at = now() FROM {merges} m"
            " WHERE m.object_type = %s AND m.from_id = t.id AND t.id = ANY(%s) AND t._archived_at IS NULL"
            " AND t._purged_at IS NULL"
        ).format(table=target.table, merges=target.beside("merges")),
        [target.schema.object_type, list(ids)],
    )
    return LoadCounts(archived=cursor.rowcount)

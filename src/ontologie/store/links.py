"""Links between records, and records that became part of others."""

from psycopg import sql

from ontologie.database.pool import Connection
from ontologie.model.object_types import NUMBERS
from ontologie.model.record import LinkSet, LoadCounts, Merge
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
    """Make the stored links of ``from_ids`` equal to the set; links that stay are not rewritten."""
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


async def record_merges(connection: Connection, target: LoadTarget, merges: tuple[Merge, ...]) -> LoadCounts:
    """Note which records became part of others, and take them out of the live ones."""
    values = {
        "object_type": target.schema.object_type,
        "from_ids": [merge.from_id for merge in merges if merge.from_id != merge.into_id],
        "into_ids": [merge.into_id for merge in merges if merge.from_id != merge.into_id],
    }
    if not values["from_ids"]:
        return LoadCounts()
    pairs = "unnest(%(from_ids)s::bigint[], %(into_ids)s::bigint[]) AS m (from_id, into_id)"
    await connection.execute(
        sql.SQL(
            "INSERT INTO {} AS known (object_type, from_id, into_id)"
            f" SELECT DISTINCT ON (from_id) %(object_type)s, from_id, into_id FROM {pairs}"
            " ON CONFLICT (object_type, from_id) DO UPDATE SET into_id = excluded.into_id"
            " WHERE known.into_id IS DISTINCT FROM excluded.into_id"
        ).format(target.beside("merges")),
        values,
    )
    cursor = await connection.execute(
        sql.SQL(
            "UPDATE {table} t SET _merged_into = m.into_id, _archived_at = coalesce(t._archived_at, now())"
            f" FROM {pairs} JOIN {{table}} old ON old.id = m.from_id"
            " WHERE t.id = m.from_id AND t._merged_into IS DISTINCT FROM m.into_id"
            " RETURNING old._archived_at IS NULL AS was_live"
        ).format(table=target.table),
        values,
    )
    return LoadCounts(archived=sum(row["was_live"] for row in await cursor.fetchall()))

"""Storing a batch: records, links, merges and the segment that covers them, in one transaction."""

import msgspec
import psycopg
from psycopg import sql

from ontologie.database.pool import Connection, translated
from ontologie.model.conformed import Conformed
from ontologie.model.record import Batch, LinkSet, LoadCounts, Merge
from ontologie.model.schema import ObjectSchema
from ontologie.store import checkpoints, lease, staging
from ontologie.store.object_types import NUMBERS


class LoadTarget(msgspec.Struct, frozen=True, kw_only=True):
    """Where a batch goes, and under which epoch."""

    schema_name: str
    schema: ObjectSchema
    epoch: int

    @property
    def table(self) -> sql.Identifier:
        return sql.Identifier(self.schema_name, self.schema.object_type)

    def beside(self, name: str) -> sql.Identifier:
        """Another table of the same source."""
        return sql.Identifier(self.schema_name, name)


async def load(connection: Connection, target: LoadTarget, batch: Batch, conformed: Conformed) -> LoadCounts:
    """Store all of the batch or nothing of it. Doing it twice changes nothing the second time.

    Raises LeaseLost when the epoch is over; RetryLater or OperatorError when PostgreSQL cannot.
    """
    with translated():
        async with connection.transaction():
            await lease.check(connection, target.schema_name, target.epoch)
            counts = LoadCounts()
            if batch.records:
                counts = await merge_records(connection, target, conformed, distinct=_repeats(batch), confirmed=False)
            await _note_absent(connection, target, batch)
            for link_set in batch.link_sets:
                await replace_links(connection, target, link_set)
            await record_merges(connection, target, batch.merges)
            await checkpoints.write_segment(connection, target.schema_name, batch.object_type, batch.segment)
            return counts


async def merge_records(
    connection: Connection, target: LoadTarget, conformed: Conformed, *, distinct: bool, confirmed: bool
) -> LoadCounts:
    """Upsert the records. Only ``confirmed`` deletions turn a live row into an archived one.

    A record that PostgreSQL cannot hold is found by halving, and set aside with the reason.
    """
    try:
        async with connection.transaction():
            stage = await staging.stage(connection, target.schema, conformed)
            return await _merge_staged(connection, target, stage, distinct=distinct, confirmed=confirmed)
    except (psycopg.errors.ProgramLimitExceeded, psycopg.DataError) as error:
        if len(conformed.rejected_values) == 1:
            await _set_aside(connection, target, conformed, str(error))
            return LoadCounts(set_aside=1)
    counts = LoadCounts()
    for half in conformed.halves():
        counts += await merge_records(connection, target, half, distinct=distinct, confirmed=confirmed)
    return counts


async def _set_aside(connection: Connection, target: LoadTarget, conformed: Conformed, reason: str) -> None:
    """Keep a record that cannot be a row, as JSON, so that nothing is dropped in silence."""
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


async def _merge_staged(
    connection: Connection, target: LoadTarget, stage: sql.Identifier, *, distinct: bool, confirmed: bool
) -> LoadCounts:
    """Upsert the staged records. An unchanged row is not rewritten; an older version never replaces a newer one."""
    names, expressions = staging.selection(target.schema)
    source = sql.SQL("{} s").format(stage)
    if distinct:
        source = sql.SQL("(SELECT DISTINCT ON (id) * FROM {} ORDER BY id, _updated_at DESC) s").format(stage)
    statement = sql.SQL(
        "WITH merged AS ("
        " INSERT INTO {table} AS t ({columns}) SELECT {expressions} FROM {source}"
        " ON CONFLICT (id) DO UPDATE SET {updates}, _merged_into = NULL, _purged_at = NULL"
        " WHERE (t._hash IS DISTINCT FROM excluded._hash"
        "        OR t._archived_at IS DISTINCT FROM excluded._archived_at"
        "        OR t._merged_into IS NOT NULL OR t._purged_at IS NOT NULL)"
        "   AND (t._updated_at IS NULL OR excluded._updated_at >= t._updated_at)"
        "   AND ({confirmed} OR excluded._archived_at IS NULL OR t._archived_at IS NOT NULL AND t._purged_at IS NULL)"
        "   AND NOT EXISTS (SELECT FROM {suppressed} x WHERE x.object_type = {object_type} AND x.id = t.id)"
        " RETURNING xmax = 0 AS inserted, _archived_at IS NOT NULL AS archived, _rejected)"
        " SELECT count(*) FILTER (WHERE inserted) AS inserted, count(*) FILTER (WHERE NOT inserted) AS updated,"
        " count(*) FILTER (WHERE archived) AS archived,"
        " coalesce(sum((SELECT count(*) FROM jsonb_object_keys(_rejected))) FILTER (WHERE _rejected IS NOT NULL), 0)"
        " AS rejected, (SELECT count(DISTINCT id) FROM {stage}) AS staged FROM merged"
    ).format(
        table=target.table,
        columns=sql.SQL(", ").join(map(sql.Identifier, names)),
        expressions=expressions,
        source=source,
        stage=stage,
        confirmed=sql.Literal(confirmed),
        suppressed=target.beside("_suppressed"),
        object_type=sql.Literal(target.schema.object_type),
        updates=sql.SQL(", ").join(sql.SQL("{0} = excluded.{0}").format(sql.Identifier(name)) for name in names[1:]),
    )
    cursor = await connection.execute(statement)
    row = await cursor.fetchone()
    if row is None:
        return LoadCounts()
    return LoadCounts(
        inserted=row["inserted"],
        updated=row["updated"],
        unchanged=row["staged"] - row["inserted"] - row["updated"],
        archived=row["archived"],
        rejected_values=int(row["rejected"]),
    )


async def replace_links(connection: Connection, target: LoadTarget, link_set: LinkSet) -> None:
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
    rows = (
        "SELECT * FROM unnest(%(from_ids)s::bigint[], %(to_ids)s::bigint[], %(categories)s::text[],"
        " %(type_ids)s::integer[]) AS l (from_id, to_id, category, type_id)"
    )
    # LATERAL and NOT IN: an index lookup per asked id and one hash of the links, whatever the planner believes of a
    # table that grows too fast for its statistics (a join of the three became quadratic within one first sync).
    await connection.execute(
        sql.SQL(
            "WITH gone AS (DELETE FROM {table} d USING unnest(%(asked)s::bigint[]) AS asked (id), LATERAL ("
            " SELECT from_type, from_id, to_type, to_id, category, type_id FROM {table}"
            " WHERE from_type = %(from_type)s AND from_id = asked.id AND to_type = %(to_type)s OFFSET 0) AS a"
            " WHERE (a.from_id, a.to_id, a.category, a.type_id) NOT IN ("
            f"SELECT from_id, to_id, category, type_id FROM ({rows}) AS l)"
            " AND (d.from_type, d.from_id, d.to_type, d.to_id, d.category, d.type_id)"
            " = (a.from_type, a.from_id, a.to_type, a.to_id, a.category, a.type_id)"
            " RETURNING d.from_type, d.from_id, d.to_type, d.to_id)"
            " INSERT INTO {former} SELECT DISTINCT * FROM gone WHERE to_type = %(contacts)s"
        ).format(table=table, former=target.beside("_former_links")),
        values,
    )
    if link_set.links:
        await connection.execute(
            sql.SQL(
                "INSERT INTO {table} (from_type, from_id, to_type, to_id, category, type_id)"
                f" SELECT %(from_type)s, from_id, %(to_type)s, to_id, category, type_id FROM ({rows}) AS l"
                " ON CONFLICT DO NOTHING"
            ).format(table=table),
            values,
        )


async def record_merges(connection: Connection, target: LoadTarget, merges: tuple[Merge, ...]) -> None:
    """Note which records became part of others, and take them out of the live ones."""
    values = {
        "object_type": target.schema.object_type,
        "from_ids": [merge.from_id for merge in merges if merge.from_id != merge.into_id],
        "into_ids": [merge.into_id for merge in merges if merge.from_id != merge.into_id],
    }
    if not values["from_ids"]:
        return
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
    await connection.execute(
        sql.SQL(
            f"UPDATE {{}} t SET _merged_into = m.into_id, _archived_at = coalesce(t._archived_at, now()) FROM {pairs}"
            " WHERE t.id = m.from_id AND t._merged_into IS DISTINCT FROM m.into_id"
        ).format(target.table),
        values,
    )


async def _note_absent(connection: Connection, target: LoadTarget, batch: Batch) -> None:
    """Live records are no candidates any more; of the covered ranges, what is stored as live and did not come is one.

    So is what the list of deleted records names and is live here: it is confirmed first, and held when it is too much.
    """
    object_type = target.schema.object_type
    absent = target.beside("_absent")
    live = [record.id for record in batch.records if record.archived_at is None]
    deleted = [record.id for record in batch.records if record.archived_at is not None]
    if live:
        await connection.execute(
            sql.SQL("DELETE FROM {} WHERE object_type = %s AND id = ANY(%s)").format(absent), [object_type, live]
        )
    if batch.covered:
        await connection.execute(
            sql.SQL(
                "INSERT INTO {absent} SELECT %s, t.id FROM unnest(%s::bigint[], %s::bigint[]) AS r (first, last)"
                " JOIN {table} t ON t.id BETWEEN r.first AND r.last"
                " WHERE t._archived_at IS NULL AND t._purged_at IS NULL"
                " AND t.id NOT IN (SELECT unnest(%s::bigint[])) ON CONFLICT DO NOTHING"
            ).format(absent=absent, table=target.table),
            [object_type, [item.first for item in batch.covered], [item.last for item in batch.covered], live],
        )
    if deleted:
        await connection.execute(
            sql.SQL(
                "INSERT INTO {absent} SELECT %s, t.id FROM {table} t WHERE t.id = ANY(%s)"
                " AND t._archived_at IS NULL AND t._purged_at IS NULL ON CONFLICT DO NOTHING"
            ).format(absent=absent, table=target.table),
            [object_type, deleted],
        )


def _repeats(batch: Batch) -> bool:
    """The API gave one record twice, as it does when a record moves between pages."""
    return len({record.id for record in batch.records}) < len(batch.records)

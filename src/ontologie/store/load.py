"""Storing a batch: records, links, merges and the segment that covers them, in one transaction."""

from psycopg import sql

from ontologie.database.pool import Connection, translated
from ontologie.model.checkpoint import SegmentKind
from ontologie.model.conformed import Conformed
from ontologie.model.record import Batch, LoadCounts
from ontologie.store import aside, checkpoints, deletion, erasure, lease
from ontologie.store.links import note_merges, replace_links
from ontologie.store.target import LoadTarget
from ontologie.store.upsert import upsert


async def load(connection: Connection, target: LoadTarget, batch: Batch, conformed: Conformed) -> LoadCounts:
    """Store all of the batch or nothing of it. Doing it twice changes nothing the second time.

    Raises LeaseLost when the epoch is over; RetryLater or OperatorError when PostgreSQL cannot.
    """
    if batch.bare:
        await checkpoints.advance(connection, target.schema_name, batch.object_type, batch.segment, target.epoch)
        return LoadCounts()
    with translated():
        async with connection.transaction():
            # A PostgreSQL that dies loses its last moments whole, records with the segment that covers them: they are
            # read again. Waiting for its disk at each batch buys nothing.
            await connection.execute("SET LOCAL synchronous_commit = off")
            await lease.check(connection, target.schema_name, target.epoch)
            if batch.records:
                if await _holds_any(connection, target, "_aside"):
                    await aside.forget(connection, target, [record.id for record in batch.records])
                conformed = await erasure.without_suppressed(connection, target, conformed)
            counts = await aside.keep(connection, target, batch.aside, since=batch.segment.window_from)
            if target.hard_delete and batch.records:
                conformed = deletion.without_deleted(conformed)
            if len(conformed):
                likely_new = batch.segment.kind is SegmentKind.BACKFILL
                counts += await upsert(connection, target, conformed, likely_new=likely_new)
            await _note_absent(connection, target, batch)
            if counts.unchanged:
                await _note_older(connection, target, batch)
            for link_set in batch.link_sets:
                counts += await replace_links(connection, target, link_set)
            counts += await note_merges(connection, target, batch.merges)
            if target.hard_delete:
                await deletion.remove_marked(connection, target, [merge.from_id for merge in batch.merges])
            await checkpoints.write_segment(connection, target.schema_name, batch.object_type, batch.segment)
            return counts


async def _holds_any(connection: Connection, target: LoadTarget, name: str) -> bool:
    """Whether a table beside holds anything of the object type: mostly not, and then no id has to be sent."""
    cursor = await connection.execute(
        sql.SQL("SELECT FROM {} WHERE object_type = %s LIMIT 1").format(target.beside(name)),
        [target.schema.object_type],
    )
    return await cursor.fetchone() is not None


async def _note_absent(connection: Connection, target: LoadTarget, batch: Batch) -> None:
    """Live records, set aside or not, are no candidates any more; of the covered ranges, what is stored as live and
    did not come is one.

    So is what the list of deleted records names and is live here: it is confirmed first, and held when it is too much;
    and what is deleted here and not in that list any more.
    """
    object_type = target.schema.object_type
    absent = target.beside("_absent")
    live = [record.id for record in batch.records if record.archived_at is None]
    deleted = [record.id for record in batch.records if record.archived_at is not None]
    if batch.segment.kind is SegmentKind.ARCHIVED:
        deleted += [item.id for item in batch.aside if item.id is not None]
    else:
        live += [item.id for item in batch.aside if item.id is not None]
    if live and await _holds_any(connection, target, "_absent"):
        await connection.execute(
            sql.SQL("DELETE FROM {} WHERE object_type = %s AND id = ANY(%s) AND NOT shown").format(absent),
            [object_type, live],
        )
    if await _holds_any(connection, target, "_suppressed"):
        await erasure.note_gone(connection, target, batch)
    if batch.covered and batch.segment.kind is SegmentKind.ARCHIVED:
        await _note_unlisted(connection, target, batch)
    elif batch.covered:
        await _note_unseen(connection, target, batch, live)
    if deleted:
        await connection.execute(
            sql.SQL(
                "INSERT INTO {absent} SELECT %s, t.id FROM {table} t WHERE t.id = ANY(%s)"
                " AND t._archived_at IS NULL AND t._purged_at IS NULL ON CONFLICT DO NOTHING"
            ).format(absent=absent, table=target.table),
            [object_type, deleted],
        )


async def _note_unseen(connection: Connection, target: LoadTarget, batch: Batch, live: list[int]) -> None:
    """What is stored as live within the ranges that the batch covers, and is not among what came."""
    await connection.execute(
        sql.SQL(
            "INSERT INTO {absent} SELECT %s, t.id FROM unnest(%s::bigint[], %s::bigint[]) AS r (first, last)"
            " JOIN {table} t ON t.id BETWEEN r.first AND r.last"
            " WHERE t._archived_at IS NULL AND t._purged_at IS NULL"
            " AND t.id NOT IN (SELECT unnest(%s::bigint[])) ON CONFLICT DO NOTHING"
        ).format(absent=target.beside("_absent"), table=target.table),
        [
            target.schema.object_type,
            [item.first for item in batch.covered],
            [item.last for item in batch.covered],
            live,
        ],
    )
    await aside.note_absent(connection, target, batch.covered, live)


async def _note_older(connection: Connection, target: LoadTarget, batch: Batch) -> None:
    """Live records that come older than they are stored: mostly a search that is late, but a modified date can go back.
    They are candidates too: the account is asked about each by its id, and then believed."""
    live = {record.id: record.updated_at for record in batch.records if record.archived_at is None}
    await connection.execute(
        sql.SQL(
            "INSERT INTO {absent} SELECT %s, r.id, t._archived_at IS NOT NULL, true"
            " FROM unnest(%s::bigint[], %s::timestamptz[]) AS r (id, at),"
            " LATERAL (SELECT _updated_at, _archived_at FROM {table} WHERE id = r.id OFFSET 0) AS t"
            " WHERE t._updated_at > r.at ON CONFLICT DO NOTHING"
        ).format(absent=target.beside("_absent"), table=target.table),
        [target.schema.object_type, list(live), list(live.values())],
    )


async def _note_unlisted(connection: Connection, target: LoadTarget, batch: Batch) -> None:
    """What is deleted here and not in the list of deleted records any more."""
    await connection.execute(
        sql.SQL(
            "INSERT INTO {absent} SELECT %s, t.id, true FROM unnest(%s::bigint[], %s::bigint[]) AS r (first, last)"
            " JOIN {table} t ON t.id BETWEEN r.first AND r.last"
            " WHERE t._archived_at > %s AND t._merged_into IS NULL AND t._purged_at IS NULL"
            " AND t.id NOT IN (SELECT unnest(%s::bigint[])) ON CONFLICT DO NOTHING"
        ).format(absent=target.beside("_absent"), table=target.table),
        [
            target.schema.object_type,
            [item.first for item in batch.covered],
            [item.last for item in batch.covered],
            batch.deleted_since,
            [*(record.id for record in batch.records), *(item.id for item in batch.aside if item.id is not None)],
        ],
    )

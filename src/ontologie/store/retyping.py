"""A retyped property's new column takes the name once it is filled, so that nobody reads it half empty."""

import msgspec
from psycopg import sql

from ontologie.database.pool import Connection, translated
from ontologie.model.checkpoint import SegmentKind
from ontologie.store import definitions, drift, lease, tables, views
from ontologie.store.placement import filling_column
from ontologie.store.target import LoadTarget


async def take_over(connection: Connection, target: LoadTarget, reader_role: str) -> LoadTarget:
    """Once all records were read again: new columns get the names, the old ones stay as ``name__was_text``, and our
    views are made again, in one transaction. The target as it is from then on.

    Nothing happens while a re-reading is open. Raises LeaseLost, and RetryLater when readers hold the table.
    """
    if not target.schema.outgoing:
        return target
    with translated():
        await tables.with_lock_timeout(connection, lambda: _swap(connection, target, reader_role))
    schema = await tables.loading_schema(connection, target.schema_name, target.schema.object_type)
    return target if schema is None else msgspec.structs.replace(target, schema=schema)


async def _swap(connection: Connection, target: LoadTarget, reader_role: str) -> None:
    await lease.check(connection, target.schema_name, target.epoch)
    if await _being_read(connection, target):
        return
    object_type = target.schema.object_type
    known = await definitions.stored(connection, target.schema_name, object_type)
    changes = []
    for old in target.schema.outgoing:
        new = known.coming[old.name]
        await tables.set_column_aside(connection, target.table, old.column_name, old.column_type.value)
        await tables.rename_column(connection, target.table, filling_column(new.column_name), new.column_name)
        await definitions.take_over(connection, target.schema_name, object_type, new)
        changes.append(
            drift.Change(
                object_type=object_type,
                property=old.name,
                change="retyped",
                before=old.column_type,
                after=new.column_type,
            )
        )
    await drift.log(connection, target.schema_name, changes)
    await views.rebuild(connection, target.schema_name, reader_role)


async def _being_read(connection: Connection, target: LoadTarget) -> bool:
    """A reading of all records was begun before the column was made, and is not over."""
    cursor = await connection.execute(
        sql.SQL("SELECT FROM {} WHERE object_type = %s AND kind = ANY(%s) AND NOT done").format(
            target.beside("_segments")
        ),
        [target.schema.object_type, [SegmentKind.BACKFILL.value, SegmentKind.SWEEP.value]],
    )
    return await cursor.fetchone() is not None

"""Getting conformed records next to their table: Arrow → binary COPY → temporary table."""

import asyncio

import pyarrow as pa
from pgpq import ArrowToPostgresBinaryEncoder
from psycopg import sql

from ontologie.database.pool import Connection
from ontologie.model.conformed import Conformed
from ontologie.model.schema import ColumnType, ObjectSchema
from ontologie.store.tables import shape

_CAST_LATER = {ColumnType.NUMERIC: "text", ColumnType.JSONB: "text"}
"""Staged as the checked text they came as; PostgreSQL casts them exactly on the way into the table."""
_OURS = (
    ("id", "bigint"),
    ("_created_at", "timestamptz"),
    ("_updated_at", "timestamptz"),
    ("_archived_at", "timestamptz"),
    ("_synced_at", "timestamptz"),
    ("_rejected", "text"),
    ("_hash", "bigint"),
)


async def stage(connection: Connection, schema: ObjectSchema, conformed: Conformed) -> sql.Identifier:
    """The name of a temporary table that holds these records until the transaction ends.

    One per connection and shape of columns; made on first use.
    """
    name = sql.Identifier("pg_temp", f"_stage_{shape(schema)}")
    columns = [*_OURS, *((item.column_name, _staged(item.column_type)) for item in schema.properties)]
    # ON COMMIT DELETE ROWS: a temporary table is made once, not per batch, so that the catalogue does not bloat.
    await connection.execute(
        sql.SQL("CREATE TEMP TABLE IF NOT EXISTS {} ({}) ON COMMIT DELETE ROWS").format(
            sql.Identifier(f"_stage_{shape(schema)}"),
            sql.SQL(", ").join(
                sql.SQL("{} {}").format(sql.Identifier(column), sql.SQL(kind)) for column, kind in columns
            ),
        )
    )
    # More than one batch may be staged within one transaction: what an earlier one left is not ours.
    await connection.execute(sql.SQL("DELETE FROM {}").format(name))
    names = sql.SQL(", ").join(sql.Identifier(column) for column, _ in columns)
    copy = sql.SQL("COPY {} ({}) FROM STDIN WITH (FORMAT BINARY)").format(name, names)
    async with connection.cursor() as cursor, cursor.copy(copy) as writer:
        await writer.write(await asyncio.to_thread(_binary, conformed.batch))
    return name


def selection(schema: ObjectSchema) -> tuple[list[str], sql.Composed]:
    """Column names of the table, and the expressions that read them from the staging table ``s``."""
    names = [name for name, _ in _OURS]
    expressions: list[sql.Composable] = [sql.SQL("s.{}").format(sql.Identifier(name)) for name in names]
    expressions[names.index("_rejected")] = sql.SQL("s._rejected::jsonb")
    for item in schema.properties:
        names.append(item.column_name)
        cast = f"::{item.column_type.value}" if item.column_type in _CAST_LATER else ""
        expressions.append(sql.SQL("s.{}{}").format(sql.Identifier(item.column_name), sql.SQL(cast)))
    return names, sql.SQL(", ").join(expressions)


def _staged(kind: ColumnType) -> str:
    return _CAST_LATER.get(kind, kind.value)


def _binary(batch: pa.RecordBatch) -> bytes:
    encoder = ArrowToPostgresBinaryEncoder(batch.schema)
    return bytes(encoder.write_header()) + bytes(encoder.write_batch(batch)) + bytes(encoder.finish())

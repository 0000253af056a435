"""Getting conformed records into PostgreSQL: Arrow → binary COPY, into their table or a temporary one beside it."""

import asyncio

from pgpq import ArrowToPostgresBinaryEncoder
from psycopg import sql

from ontologie.database.pool import Connection
from ontologie.model.conformed import Conformed
from ontologie.model.schema import ObjectSchema
from ontologie.store import wire
from ontologie.store.tables import WIDE, shape

_PIECE_RECORDS = 500


async def stage(connection: Connection, schema: ObjectSchema, conformed: Conformed) -> sql.Identifier:
    """The name of a temporary table that holds these records until the transaction ends.

    One per connection and shape of columns; made on first use.
    """
    name = f"_stage_{shape(schema)}"
    columns = [sql.SQL("{} {}").format(sql.Identifier(one), sql.SQL(kind)) for one, kind in wire.columns(schema)]
    # ON COMMIT DELETE ROWS: a temporary table is made once, not per batch, so that the catalogue does not bloat.
    await connection.execute(
        sql.SQL("CREATE TEMP TABLE IF NOT EXISTS {} ({}) WITH ({}) ON COMMIT DELETE ROWS").format(
            sql.Identifier(name), sql.SQL(", ").join(columns), WIDE
        )
    )
    table = sql.Identifier("pg_temp", name)
    # More than one batch may be staged within one transaction: what an earlier one left is not ours.
    await connection.execute(sql.SQL("DELETE FROM {}").format(table))
    await copy(connection, table, conformed)
    return table


async def copy(connection: Connection, table: sql.Identifier, conformed: Conformed) -> None:
    """Add the records to a table as they are. Raises psycopg's errors."""
    sent = conformed.wire
    names = sql.SQL(", ").join(map(sql.Identifier, sent.schema.names))
    statement = sql.SQL("COPY {} ({}) FROM STDIN WITH (FORMAT BINARY)").format(table, names)
    encoder = ArrowToPostgresBinaryEncoder(sent.schema)
    async with connection.cursor() as cursor, cursor.copy(statement) as writer:
        await writer.write(encoder.write_header())
        for first in range(0, sent.num_rows, _PIECE_RECORDS):  # PostgreSQL stores one piece while we encode the next
            await writer.write(await asyncio.to_thread(encoder.write_batch, sent.slice(first, _PIECE_RECORDS)))
        await writer.write(encoder.finish())

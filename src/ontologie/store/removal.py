"""Erasing a source's data."""

from psycopg import sql

from ontologie.database.pool import Connection, translated
from ontologie.store.roles import drop_source_reader


async def row_counts(connection: Connection, schema_name: str) -> dict[str, int]:
    """Rows of each of the schema's public tables, by name."""
    counts = {}
    with translated():
        cursor = await connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = %s AND tablename NOT LIKE '\\_%%' ORDER BY tablename",
            [schema_name],
        )
        for row in await cursor.fetchall():
            table = sql.Identifier(schema_name, row["tablename"])
            counted = await connection.execute(sql.SQL("SELECT count(*) AS n FROM {}").format(table))
            found = await counted.fetchone()
            counts[str(row["tablename"])] = int(found["n"]) if found else 0
    return counts


async def drop_schema(connection: Connection, schema_name: str) -> None:
    """Erase the schema with everything in it, views of others that stand on it included."""
    with translated():
        await connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(schema_name)))
    await drop_source_reader(connection, schema_name)

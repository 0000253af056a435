"""Erasing a source's data."""

from psycopg import sql

from ontologie.database import transfer
from ontologie.database.pool import Connection, translated
from ontologie.store.roles import drop_source_reader


async def row_counts(connection: Connection, schema_name: str) -> dict[str, int]:
    """Rows of each of the schema's public tables, by name."""
    found = await transfer.row_counts(connection, [schema_name])
    names = {table.removeprefix(f"{schema_name}."): rows for table, rows in found.items()}
    return {name: rows for name, rows in names.items() if not name.startswith("_")}


async def drop_schema(connection: Connection, schema_name: str) -> None:
    """Erase the schema with everything in it, views of others that stand on it included."""
    with translated():
        await connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(schema_name)))
    await drop_source_reader(connection, schema_name)

"""When something that is read now and then was last read."""

from datetime import datetime

from psycopg import sql

from ontologie.database.pool import Connection, translated


async def last(connection: Connection, schema_name: str, name: str) -> datetime | None:
    """The moment of the last reading; None: never."""
    with translated():
        cursor = await connection.execute(
            sql.SQL("SELECT at FROM {} WHERE name = %s").format(sql.Identifier(schema_name, "_rhythms")), [name]
        )
        row = await cursor.fetchone()
    return None if row is None else row["at"]


async def mark(connection: Connection, schema_name: str, name: str, at: datetime) -> None:
    """Note a reading."""
    with translated():
        await connection.execute(
            sql.SQL("INSERT INTO {} VALUES (%s, %s) ON CONFLICT (name) DO UPDATE SET at = excluded.at").format(
                sql.Identifier(schema_name, "_rhythms")
            ),
            [name, at],
        )

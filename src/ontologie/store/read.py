"""Asking the store about itself."""

from psycopg import sql

from ontologie.database.pool import Connection, translated

LIVE = sql.SQL("_archived_at IS NULL AND _purged_at IS NULL")
"""The condition of live rows: merged ones are archived too."""


async def exists(connection: Connection, schema_name: str, object_type: str) -> bool:
    """The object type's table was made."""
    with translated():
        cursor = await connection.execute("SELECT to_regclass(%s) AS found", [f'"{schema_name}"."{object_type}"'])
        row = await cursor.fetchone()
    return row is not None and row["found"] is not None


async def live_count(connection: Connection, schema_name: str, object_type: str) -> int:
    """Live rows of the object type's table."""
    with translated():
        cursor = await connection.execute(
            sql.SQL("SELECT count(*) AS n FROM {} WHERE {}").format(sql.Identifier(schema_name, object_type), LIVE)
        )
        row = await cursor.fetchone()
    return int(row["n"]) if row else 0

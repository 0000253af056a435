"""Asking the store about itself."""

from collections.abc import Sequence

from psycopg import sql

from ontologie.database.pool import Connection, fetch, translated

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
    [row] = await fetch(connection, _counting(schema_name, object_type))
    return int(row["n"])


async def live_counts(connection: Connection, schema_name: str, object_types: Sequence[str]) -> dict[str, int]:
    """Live rows of each table that was made."""
    with translated():
        cursor = await connection.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = to_regnamespace(%s) AND relname = ANY(%s)",
            [f'"{schema_name}"', list(object_types)],
        )
        made = [row["relname"] for row in await cursor.fetchall()]
    if not made:
        return {}
    rows = await fetch(connection, sql.SQL(" UNION ALL ").join(_counting(schema_name, name) for name in made))
    return {row["object_type"]: row["n"] for row in rows}


def _counting(schema_name: str, object_type: str) -> sql.Composed:
    return sql.SQL("SELECT {} AS object_type, count(*) AS n FROM {} WHERE {}").format(
        sql.Literal(object_type), sql.Identifier(schema_name, object_type), LIVE
    )

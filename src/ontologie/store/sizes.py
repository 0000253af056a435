"""How much room things take in PostgreSQL, in bytes, indexes and large values included."""

from ontologie.database.pool import Connection, translated

_BY_SCHEMA = """
SELECT n.nspname AS name, sum(pg_total_relation_size(c.oid))::bigint AS bytes
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'm') AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
GROUP BY n.nspname
"""


async def by_schema(connection: Connection) -> dict[str, int]:
    """Of each schema."""
    with translated():
        cursor = await connection.execute(_BY_SCHEMA)
        return {str(row["name"]): int(row["bytes"]) for row in await cursor.fetchall()}


async def database(connection: Connection) -> int:
    """Of the whole database."""
    with translated():
        cursor = await connection.execute("SELECT pg_database_size(current_database()) AS bytes")
        row = await cursor.fetchone()
    return int(row["bytes"]) if row else 0

"""What the tables of a source have to remark: values that were refused, types that changed unseen."""

from psycopg import sql

from ontologie.database.pool import Connection, translated


async def rejected_records(connection: Connection, schema_name: str, *, most: int) -> dict[str, int]:
    """Live records with rejected values by object type, counted up to ``most``; only where there are any.

    An index of exactly these records answers, so it costs little on a large table too.
    """
    tables = await _tables_with(connection, schema_name, "_rejected")
    if not tables:
        return {}
    counts = [
        sql.SQL(
            "SELECT {} AS object_type, count(*) AS n FROM (SELECT FROM {} WHERE _rejected IS NOT NULL"
            " AND _archived_at IS NULL AND _purged_at IS NULL LIMIT {}) t"
        ).format(sql.Literal(name), sql.Identifier(schema_name, name), sql.Literal(most))
        for name in tables
    ]
    with translated():
        cursor = await connection.execute(sql.SQL(" UNION ALL ").join(counts))
        return {row["object_type"]: int(row["n"]) for row in await cursor.fetchall() if row["n"]}


async def retyped(connection: Connection, schema_name: str) -> dict[str, list[str]]:
    """The properties whose type changed and nobody has acknowledged it, by object type."""
    if "_drift" not in await _tables_with(connection, schema_name, "acknowledged_at"):
        return {}
    with translated():
        cursor = await connection.execute(
            sql.SQL(
                "SELECT object_type, array_agg(DISTINCT property ORDER BY property) AS names FROM {}"
                " WHERE change = 'retyped' AND acknowledged_at IS NULL GROUP BY object_type ORDER BY object_type"
            ).format(sql.Identifier(schema_name, "_drift"))
        )
        return {row["object_type"]: row["names"] for row in await cursor.fetchall()}


async def _tables_with(connection: Connection, schema_name: str, column: str) -> list[str]:
    """The tables that have this column, by name; none before the first sync or under an older layout."""
    with translated():
        cursor = await connection.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = %s AND NOT a.attisdropped"
            " WHERE n.nspname = %s AND c.relkind = 'r' ORDER BY c.relname",
            [column, schema_name],
        )
        return [row["relname"] for row in await cursor.fetchall()]

"""What the tables of sources have to remark: values that were refused, types that changed unseen.

However many sources are asked about, it takes the same few queries, and tables that have nothing to say are not opened.
"""

from collections.abc import Sequence
from typing import Any

from psycopg import sql

from ontologie.database.pool import Connection, fetch, translated

_WITH_REJECTED = """
SELECT n.nspname AS schema_name, c.relname AS table_name
FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = ANY(%s) AND c.relkind = 'r' AND pg_get_expr(i.indpred, i.indrelid) = '(_rejected IS NOT NULL)'
  AND pg_relation_size(i.indexrelid) > current_setting('block_size')::bigint
ORDER BY n.nspname, c.relname
"""
"""A b-tree that never held anything is one page long."""
_WITH_DRIFT = """
SELECT n.nspname AS schema_name, c.relname AS table_name
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'acknowledged_at'
WHERE n.nspname = ANY(%s) AND c.relname = '_drift' AND pg_relation_size(c.oid) > 0
ORDER BY n.nspname
"""


async def rejected_records(
    connection: Connection, schema_names: Sequence[str], *, most: int
) -> dict[tuple[str, str], int]:
    """Live records with rejected values by (schema, object type), counted up to ``most``; only where there are any.

    An index of exactly these records answers, so it costs little on a large table too.
    """
    counts = [
        sql.SQL(
            "SELECT {} AS schema_name, {} AS object_type, count(*) AS n FROM (SELECT FROM {} WHERE _rejected IS NOT"
            " NULL AND _archived_at IS NULL AND _purged_at IS NULL LIMIT {}) t"
        ).format(sql.Literal(schema), sql.Literal(name), sql.Identifier(schema, name), sql.Literal(most))
        for schema, name in await _tables(connection, _WITH_REJECTED, schema_names)
    ]
    return {(row["schema_name"], row["object_type"]): row["n"] for row in await _all_of(connection, counts) if row["n"]}


async def retyped(connection: Connection, schema_names: Sequence[str]) -> dict[tuple[str, str], list[str]]:
    """The properties whose type changed and nobody has acknowledged it, by (schema, object type)."""
    found = [
        sql.SQL(
            "SELECT {} AS schema_name, object_type, array_agg(DISTINCT property ORDER BY property) AS names FROM {}"
            " WHERE change = 'retyped' AND acknowledged_at IS NULL GROUP BY object_type"
        ).format(sql.Literal(schema), sql.Identifier(schema, name))
        for schema, name in await _tables(connection, _WITH_DRIFT, schema_names)
    ]
    rows = await _all_of(connection, found)
    return {(row["schema_name"], row["object_type"]): row["names"] for row in sorted(rows, key=_place)}


def _place(row: dict[str, Any]) -> tuple[str, str]:
    return row["schema_name"], row["object_type"]


async def _tables(connection: Connection, statement: str, schema_names: Sequence[str]) -> list[tuple[str, str]]:
    """(schema, table); none before the first sync or under an older layout."""
    with translated():
        cursor = await connection.execute(statement.encode(), [list(schema_names)])
        return [(row["schema_name"], row["table_name"]) for row in await cursor.fetchall()]


async def _all_of(connection: Connection, selects: Sequence[sql.Composed]) -> list[dict[str, Any]]:
    return await fetch(connection, sql.SQL(" UNION ALL ").join(selects)) if selects else []

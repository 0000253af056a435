"""Replacing a view of ours without losing the views that others have made on it."""

from typing import Any

import msgspec
import psycopg
from psycopg import sql

from ontologie.database.pool import Connection

_STANDING = """
WITH RECURSIVE standing (oid, depth) AS (
    SELECT r.ev_class, 1 FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid
    WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass
      AND d.refobjid = to_regclass(%s) AND r.ev_class <> d.refobjid
    UNION
    SELECT r.ev_class, s.depth + 1 FROM standing s
    JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = s.oid
    JOIN pg_rewrite r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid AND r.ev_class <> s.oid
)
SELECT format('%%I.%%I', n.nspname, c.relname) AS name, c.relkind = 'm' AS materialised,
       rtrim(pg_get_viewdef(c.oid), ';') AS definition, quote_ident(pg_get_userbyid(c.relowner)) AS owner,
       array(SELECT format('GRANT %%s ON %%I.%%I TO %%s', a.privilege_type, n.nspname, c.relname,
                           CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END)
             FROM aclexplode(c.relacl) a) AS grants
FROM (SELECT oid, max(depth) AS depth FROM standing GROUP BY oid) s
JOIN pg_class c ON c.oid = s.oid JOIN pg_namespace n ON n.oid = c.relnamespace
ORDER BY s.depth, c.oid
"""
"""The views on a view, those on them, and so on, in the order to make them again."""


class Lost(msgspec.Struct, frozen=True, kw_only=True):
    """A view of somebody else's that does not fit what it stood on any more."""

    name: str
    definition: str


async def replace_view(connection: Connection, schema_name: str, name: str, definition: sql.Composed) -> list[Lost]:
    """Make the view, or make it again, in the caller's transaction; views that stand on it are made again too.

    Returns those that could not be.
    """
    view = sql.Identifier(schema_name, name)
    try:
        async with connection.transaction():
            await connection.execute(sql.SQL("CREATE OR REPLACE VIEW {} AS ").format(view) + definition)
        return []
    except psycopg.errors.InvalidTableDefinition:
        pass  # its columns are others now: it has to go first, and what stands on it with it
    cursor = await connection.execute(_STANDING, [f'"{schema_name}"."{name}"'])
    standing = await cursor.fetchall()
    await connection.execute(sql.SQL("DROP VIEW {} CASCADE").format(view))
    await connection.execute(sql.SQL("CREATE VIEW {} AS ").format(view) + definition)
    lost = []
    for item in standing:
        try:
            async with connection.transaction():
                await _make_again(connection, item)
        except psycopg.Error:
            lost.append(Lost(name=item["name"], definition=item["definition"]))
    return lost


async def _make_again(connection: Connection, item: dict[str, Any]) -> None:
    kind = "MATERIALIZED VIEW" if item["materialised"] else "VIEW"
    statements = [
        f"CREATE {kind} {item['name']} AS {item['definition']}",
        f"ALTER {kind} {item['name']} OWNER TO {item['owner']}",
        *item["grants"],
    ]
    for statement in statements:
        await connection.execute(statement.encode())

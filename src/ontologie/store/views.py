"""Views that spare the customer the joins: live rows only, labels instead of ids."""

import hashlib
from collections.abc import Collection, Mapping, Sequence

import msgspec
from psycopg import sql

from ontologie.database.pool import Connection, translated
from ontologie.model.object_types import ENGAGEMENTS, NUMBERS
from ontologie.store import drift, tables
from ontologie.store.main_columns import main_columns
from ontologie.store.placement import FILLING
from ontologie.store.standing import Lost, replace_view

_READ_WHOLE = ("deals", *ENGAGEMENTS)
"""Tables whose columns the views are made of; of the others they read ours."""

async def rebuild(connection: Connection, schema_name: str, reader_role: str) -> None:
    """Make the views again where the tables or columns they stand on have changed. One transaction, short locks.

    Views that others have made on them are made again too; one that cannot be is in the drift log, with its text.
    """
    with translated():
        found, standing = await _found(connection, schema_name)
        views = _definitions(schema_name, {name: table.columns for name, table in found.items()})
        # The columns too: a view goes on with the column it was made on, whatever has its name now.
        layouts = (table.layout for name, table in found.items() if name in _READ_WHOLE)
        wanted = hashlib.sha256("\n".join([*map(_text, views.values()), *layouts]).encode()).hexdigest()
        if standing == wanted:
            return

        async def make_again() -> None:
            for name, definition in views.items():
                view = sql.Identifier(schema_name, name)
                lost = await replace_view(connection, schema_name, name, definition)
                await drift.log(connection, schema_name, [_lost(name, item) for item in lost])
                await connection.execute(sql.SQL("GRANT SELECT ON {} TO {}").format(view, sql.Identifier(reader_role)))
            await connection.execute(
                sql.SQL("COMMENT ON VIEW {} IS {}").format(
                    sql.Identifier(schema_name, "association_links"), sql.Literal(wanted)
                )
            )

        await tables.with_lock_timeout(connection, make_again)


def _lost(view: str, item: Lost) -> drift.Change:
    """In the log, with its text, so that its owner can make it again."""
    return drift.Change(object_type=view, property=item.name, change="view_lost", before=item.definition)


def _text(view: sql.Composed) -> str:
    return view.as_string(None)


class _Table(msgspec.Struct, frozen=True, kw_only=True):
    """A table that views stand on, without the columns that are being filled."""

    columns: tuple[str, ...]
    layout: str
    """Its columns with number and type: a retyped property's new column has another number."""


async def _found(connection: Connection, schema_name: str) -> tuple[dict[str, _Table], str | None]:
    """The tables by name, and what the views that stand were made of."""
    cursor = await connection.execute(
        "SELECT standing.made_of, t.* FROM (SELECT obj_description(to_regclass(%s), 'pg_class') AS made_of) AS standing"
        " LEFT JOIN (SELECT c.relname, array_agg(attname::text ORDER BY attnum) AS columns,"
        " string_agg(concat_ws(' ', attname, attnum, atttypid), ',' ORDER BY attnum) AS layout"
        " FROM pg_class c JOIN pg_attribute ON attrelid = c.oid"
        " WHERE c.relnamespace = to_regnamespace(%s) AND c.relname = ANY(%s) AND c.relkind = 'r' AND attnum > 0"
        " AND NOT attisdropped AND NOT starts_with(attname, %s) GROUP BY c.relname) AS t ON true ORDER BY t.relname",
        [f'"{schema_name}".association_links', f'"{schema_name}"', [*_READ_WHOLE, "contacts", "companies"], FILLING],
    )
    rows = await cursor.fetchall()
    found = {row["relname"]: msgspec.convert(row, _Table) for row in rows if row["relname"] is not None}
    return found, rows[0]["made_of"]


def _definitions(schema_name: str, columns: Mapping[str, Sequence[str]]) -> dict[str, sql.Composed]:
    """The views by name, in the order to make them; only those whose tables are there."""
    views = {"association_links": _association_links(schema_name)}
    parts = [_engagement(schema_name, table, columns[table]) for table in ENGAGEMENTS if table in columns]
    if parts:
        views["engagements"] = sql.SQL(" UNION ALL ").join(parts)
    if {"dealstage", "pipeline", "hubspot_owner_id"} <= set(columns.get("deals", ())):
        views["deals_enriched"] = _deals_enriched(schema_name, columns["deals"])
    if "contacts" in columns and "companies" in columns:
        views["contact_companies"] = _contact_companies(schema_name)
    return views


def _association_links(schema_name: str) -> sql.Composed:
    """Every link in both directions, with type names and label."""
    names = sql.SQL(", ").join(
        sql.SQL("({}::smallint, {})").format(sql.Literal(number), sql.Literal(name)) for name, number in NUMBERS.items()
    )
    return sql.SQL(
        "WITH names (number, name) AS (VALUES {names}), both_ways AS ("
        " SELECT from_type, from_id, to_type, to_id, category, type_id, false AS reversed FROM {links}"
        " UNION ALL SELECT to_type, to_id, from_type, from_id, category, type_id, true FROM {links})"
        " SELECT f.name AS from_type, b.from_id, t.name AS to_type, b.to_id, b.category, b.type_id, l.label, b.reversed"
        " FROM both_ways b JOIN names f ON f.number = b.from_type JOIN names t ON t.number = b.to_type"
        " LEFT JOIN {labels} l ON l.category = b.category AND l.type_id = b.type_id"
        " AND l.from_type = CASE WHEN b.reversed THEN b.to_type ELSE b.from_type END"
        " AND l.to_type = CASE WHEN b.reversed THEN b.from_type ELSE b.to_type END"
    ).format(
        names=names,
        links=sql.Identifier(schema_name, "associations"),
        labels=sql.Identifier(schema_name, "association_labels"),
    )


def _engagement(schema_name: str, table: str, columns: Collection[str]) -> sql.Composed:
    title = next(iter(main_columns(table, columns).title), "")

    def column(name: str, kind: str) -> sql.Composable:
        return sql.Identifier(name) if name in columns else sql.SQL(f"NULL::{kind}")

    return sql.SQL(
        "SELECT {kind} AS type, id, {at} AS happened_at, {owner} AS owner_id, {title} AS title,"
        " _created_at, _updated_at"
        " FROM {table} WHERE _archived_at IS NULL AND _purged_at IS NULL"
    ).format(
        kind=sql.Literal(table.removesuffix("s")),
        at=column("hs_timestamp", "timestamptz"),
        owner=column("hubspot_owner_id", "bigint"),
        title=column(title, "text"),
        table=sql.Identifier(schema_name, table),
    )


def _deals_enriched(schema_name: str, columns: Sequence[str]) -> sql.Composed:
    return sql.SQL(
        "SELECT {columns}, p.label AS pipeline_label, s.label AS stage_label, s.probability AS stage_probability,"
        " s.is_closed AS stage_is_closed, s.is_closed AND s.probability = 1 AS stage_is_won,"
        " nullif(concat_ws(' ', o.first_name, o.last_name), '') AS owner_name, o.email AS owner_email"
        " FROM {deals} d"
        " LEFT JOIN {pipelines} p ON p.object_type = 'deals' AND p.id = d.pipeline"
        " LEFT JOIN {stages} s ON s.object_type = 'deals' AND s.pipeline_id = d.pipeline AND s.id = d.dealstage"
        " LEFT JOIN {owners} o ON o.id = d.hubspot_owner_id"
        " WHERE d._archived_at IS NULL AND d._purged_at IS NULL"
    ).format(
        columns=sql.SQL(", ").join(sql.Identifier("d", name) for name in columns),
        deals=sql.Identifier(schema_name, "deals"),
        pipelines=sql.Identifier(schema_name, "pipelines"),
        stages=sql.Identifier(schema_name, "pipeline_stages"),
        owners=sql.Identifier(schema_name, "owners"),
    )


def _contact_companies(schema_name: str) -> sql.Composed:
    """One row per contact and company, with whether it is the primary one (type 1)."""
    return sql.SQL(
        "SELECT a.from_id AS contact_id, a.to_id AS company_id,"
        " bool_or(a.category = 'HUBSPOT_DEFINED' AND a.type_id = 1) AS is_primary"
        " FROM {links} a"
        " JOIN {contacts} p ON p.id = a.from_id AND p._archived_at IS NULL AND p._purged_at IS NULL"
        " JOIN {companies} c ON c.id = a.to_id AND c._archived_at IS NULL AND c._purged_at IS NULL"
        " WHERE a.from_type = 1 AND a.to_type = 2 GROUP BY a.from_id, a.to_id"
    ).format(
        links=sql.Identifier(schema_name, "associations"),
        contacts=sql.Identifier(schema_name, "contacts"),
        companies=sql.Identifier(schema_name, "companies"),
    )

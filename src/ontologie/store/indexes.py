"""Indexes that a reader's sort and search stand on."""

from collections.abc import Mapping, Sequence

import msgspec
from psycopg import sql

from ontologie.database.pool import Connection, translated
from ontologie.model.schema import ColumnType, ObjectSchema, column_name
from ontologie.store import tables
from ontologie.store.main_columns import main_columns
from ontologie.store.read import LIVE
from ontologie.store.selecting import OUR_COLUMNS, Table, search_document, sort_key


async def columns_of(connection: Connection, schema_name: str, object_type: str) -> dict[str, ColumnType]:
    """Every column that a reader may ask for, ours included; empty while the table was never made."""
    schema = await tables.read_schema(connection, schema_name, object_type)
    return {} if schema is None else _columns(schema)


def _columns(schema: ObjectSchema) -> dict[str, ColumnType]:
    return {**OUR_COLUMNS, **schema.column_types()}


async def ensure_indexes(connection: Connection, schema_name: str, object_type: str) -> None:
    """The indexes of the object type's main columns, and of its search. Cheap when they are there.

    Made with the table, and kept up while HubSpot's limits make a first sync wait: at its end they would take a tenth
    of it. Each carries what it was made of as its comment: the indexes of a table that have one are these.

    A column that has another type by now has another index; the old one is dropped.
    """
    schema = await tables.read_schema(connection, schema_name, object_type)
    if schema is None:
        return
    wanted = _definitions(schema_name, schema)
    standing = (await _standing(connection, schema_name, [object_type])).get(object_type)
    if standing is None:
        return
    found = standing.made_of
    with translated():
        for name in found.keys() - wanted.keys():
            await connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(schema_name, name)))
        table = sql.Identifier(schema_name, object_type)
        for name, definition in wanted.items():
            if found.get(name) != definition.as_string(None):
                await _make(connection, sql.Identifier(schema_name, name), sql.Identifier(name), table, definition)
        # The estimates that a page shows and the planner's choices follow from it. A table that PostgreSQL has only
        # seen empty gets a glance, since a first sync waits for it: autovacuum looks closer.
        analyze = sql.SQL("ANALYZE {}").format(table)
        if standing.unseen:
            async with connection.transaction():
                await connection.execute("SET LOCAL default_statistics_target = 5")
                await connection.execute(analyze)
        elif wanted.keys() - found.keys():
            await connection.execute(analyze)


async def _make(
    connection: Connection, index: sql.Identifier, name: sql.Identifier, table: sql.Identifier, definition: sql.Composed
) -> None:
    """An index in the place of an older one, with what it was made of as its comment."""
    async with connection.transaction():
        await connection.execute(sql.SQL("DROP INDEX IF EXISTS {}").format(index))
        await connection.execute(sql.SQL("CREATE INDEX {} ON {} ").format(name, table) + definition)
        text = sql.Literal(definition.as_string(None))
        await connection.execute(sql.SQL("COMMENT ON INDEX {} IS {}").format(index, text))


async def untended(
    connection: Connection, schema_name: str, schemas: Mapping[str, ObjectSchema]
) -> frozenset[str]:
    """Of these object types those that :func:`ensure_indexes` has something to do for."""
    standing = await _standing(connection, schema_name, list(schemas))
    return frozenset(
        name
        for name, item in standing.items()
        if item.unseen
        or item.made_of
        != {index: text.as_string(None) for index, text in _definitions(schema_name, schemas[name]).items()}
    )


class _Standing(msgspec.Struct, frozen=True, kw_only=True):
    """What there is of a table that has been made."""

    made_of: dict[str, str]
    """Its indexes of ours, by name."""
    unseen: bool
    """There are rows, and PostgreSQL knows of none: the indexes were made before they came."""


async def _standing(connection: Connection, schema_name: str, object_types: Sequence[str]) -> dict[str, _Standing]:
    with translated():
        cursor = await connection.execute(
            "SELECT t.relname, t.reltuples <= 0 AND pg_relation_size(t.oid) > 0 AS unseen,"
            " coalesce(jsonb_object_agg(c.relname, d.made_of) FILTER (WHERE d.made_of IS NOT NULL), '{}') AS made_of"
            " FROM pg_class t LEFT JOIN pg_index i ON i.indrelid = t.oid LEFT JOIN pg_class c ON c.oid = i.indexrelid"
            " LEFT JOIN LATERAL (SELECT obj_description(c.oid, 'pg_class') AS made_of) d ON true"
            " WHERE t.relnamespace = to_regnamespace(%s) AND t.relname = ANY(%s) AND t.relkind = 'r' GROUP BY t.oid",
            [f'"{schema_name}"', list(object_types)],
        )
        rows = await cursor.fetchall()
    return {row["relname"]: msgspec.convert(row, _Standing) for row in rows}


def _definitions(schema_name: str, schema: ObjectSchema) -> dict[str, sql.Composed]:
    """What comes after ``CREATE INDEX … ON …``, by the index's name."""
    table = Table(
        schema_name=schema_name, object_type=schema.object_type, columns=_columns(schema), time_zone="UTC"
    )
    found = {
        column_name(f"{table.object_type}_by_{column}"): sql.SQL("(({}), id) WHERE {}").format(
            sort_key(table, column), LIVE
        )
        for column in ("_updated_at", *main_columns(table.object_type, table.columns).indexed)
    }
    found[column_name(f"{table.object_type}_archived")] = sql.SQL("(id) WHERE _archived_at IS NOT NULL").format()
    document = search_document(table.object_type, table.columns)
    if document is not None:
        found[column_name(f"{table.object_type}_by_words")] = sql.SQL("USING gin (({}))").format(document)
    return found

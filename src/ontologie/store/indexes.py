"""Indexes that a reader's sort and search stand on."""

from psycopg import sql

from ontologie.database.pool import Connection, translated
from ontologie.model.schema import ColumnType, column_name
from ontologie.store import tables
from ontologie.store.main_columns import main_columns
from ontologie.store.read import LIVE
from ontologie.store.selecting import OUR_COLUMNS, Table, search_document, sort_key


async def columns_of(connection: Connection, schema_name: str, object_type: str) -> dict[str, ColumnType]:
    """Every column that a reader may ask for, ours included; empty while the table was never made."""
    schema = await tables.read_schema(connection, schema_name, object_type)
    if schema is None:
        return {}
    return {**OUR_COLUMNS, **schema.column_types()}


async def ensure_indexes(connection: Connection, schema_name: str, object_type: str) -> None:
    """The indexes of the object type's main columns, and of its search. Cheap when they are there.

    Made with the table, and kept up while HubSpot's limits make a first sync wait: at its end they would take a tenth
    of it. Each carries what it was made of as its comment: the indexes of a table that have one are these.

    A column that has another type by now has another index; the old one is dropped.
    """
    columns = await columns_of(connection, schema_name, object_type)
    if not columns:
        return
    wanted = _definitions(Table(schema_name=schema_name, object_type=object_type, columns=columns, time_zone="UTC"))
    with translated():
        cursor = await connection.execute(
            "SELECT c.relname, obj_description(c.oid, 'pg_class') AS made_of FROM pg_index i"
            " JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = to_regclass(%s)"
            " AND obj_description(c.oid, 'pg_class') IS NOT NULL",
            [f'"{schema_name}"."{object_type}"'],
        )
        found = {row["relname"]: row["made_of"] for row in await cursor.fetchall()}
        for name in found.keys() - wanted.keys():
            await connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(schema_name, name)))
        for name, definition in wanted.items():
            text = definition.as_string(None)
            if found.get(name) == text:
                continue
            index = sql.Identifier(schema_name, name)
            async with connection.transaction():
                await connection.execute(sql.SQL("DROP INDEX IF EXISTS {}").format(index))
                await connection.execute(
                    sql.SQL("CREATE INDEX {} ON {} ").format(
                        sql.Identifier(name), sql.Identifier(schema_name, object_type)
                    )
                    + definition
                )
                await connection.execute(sql.SQL("COMMENT ON INDEX {} IS {}").format(index, sql.Literal(text)))
    await _look_at(connection, schema_name, object_type, indexes_made=bool(wanted.keys() - found.keys()))


async def _look_at(connection: Connection, schema_name: str, object_type: str, *, indexes_made: bool) -> None:
    """The estimates that a page shows and the planner's choices follow from it.

    A table that PostgreSQL has only seen empty gets a glance, since a first sync waits for it: autovacuum looks closer.
    """
    analyze = sql.SQL("ANALYZE {}").format(sql.Identifier(schema_name, object_type))
    with translated():
        if await _never_seen_filled(connection, schema_name, object_type):
            async with connection.transaction():
                await connection.execute("SET LOCAL default_statistics_target = 5")
                await connection.execute(analyze)
        elif indexes_made:
            await connection.execute(analyze)


async def _never_seen_filled(connection: Connection, schema_name: str, object_type: str) -> bool:
    """There are rows, and PostgreSQL knows of none: the indexes were made before they came."""
    cursor = await connection.execute(
        "SELECT reltuples <= 0 AND pg_relation_size(oid) > 0 AS unseen FROM pg_class WHERE oid = to_regclass(%s)",
        [f'"{schema_name}"."{object_type}"'],
    )
    row = await cursor.fetchone()
    return row is not None and row["unseen"]


def _definitions(table: Table) -> dict[str, sql.Composed]:
    """What comes after ``CREATE INDEX … ON …``, by the index's name."""
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

"""The tables of a source's schema: made once, then kept in step with the account's properties."""

import hashlib
from collections.abc import Awaitable, Callable, Sequence

import psycopg
from psycopg import sql

from ontologie.database.pool import Connection, translated
from ontologie.errors import RetryLater
from ontologie.model.schema import MORE, ColumnType, ObjectSchema, Property
from ontologie.store import definitions, drift, layouts
from ontologie.store.placement import filling_column, placed

_DDL_TRIES = 5
WIDE = sql.SQL("toast_tuple_target = 8160")
"""Without it a half-filled wide row is compressed value by value: 3,500 rows/s at 250 columns instead of 21,700."""

OURS: tuple[tuple[str, str], ...] = (
    ("id", "bigint PRIMARY KEY"),
    ("_created_at", "timestamptz"),
    ("_updated_at", "timestamptz"),
    ("_archived_at", "timestamptz"),
    ("_merged_into", "bigint"),
    ("_purged_at", "timestamptz"),
    ("_synced_at", "timestamptz"),
    ("_rejected", "jsonb"),
    (MORE, "jsonb"),
)
HOLDING_VALUES = frozenset(("_rejected", MORE))
"""Those of ours that hold values of the record; the others tell what became of it."""


async def ensure_source_schema(connection: Connection, schema_name: str, reader_role: str) -> None:
    """The source's schema with its fixed tables in this version's layout, readable by the reader role. Cheap when it
    is there."""
    with translated():
        current = await layouts.applied(connection, schema_name)
        if current == layouts.LATEST:
            return
        async with connection.transaction():
            if current is None:
                await connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema_name)))
                await let_read(connection, schema_name, reader_role)
            await connection.execute("SET LOCAL lock_timeout = '2s'")
            await layouts.upgrade(connection, schema_name, current or 0)


async def let_read(connection: Connection, schema_name: str, role: str) -> None:
    """Let a role read all tables and views of the schema, those to come too."""
    with translated():
        for statement in reading(schema_name, role):
            await connection.execute(statement)


def reading(schema_name: str, role: str) -> list[sql.Composed]:
    """The statements of the same, for whoever sends them with others."""
    names = {"schema": sql.Identifier(schema_name), "role": sql.Identifier(role)}
    return [
        sql.SQL("GRANT USAGE ON SCHEMA {schema} TO {role}").format(**names),
        sql.SQL("GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {role}").format(**names),
        sql.SQL("ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT SELECT ON TABLES TO {role}").format(**names),
    ]


async def schema_exists(connection: Connection, schema_name: str) -> bool:
    """The source's schema was made."""
    with translated():
        cursor = await connection.execute("SELECT to_regnamespace(%s) IS NOT NULL AS found", [f'"{schema_name}"'])
        row = await cursor.fetchone()
    return bool(row and row["found"])


async def ensure_object_table(connection: Connection, schema_name: str, schema: ObjectSchema) -> None:
    """The object type's table with a typed column per property, and its rows in ``properties``.

    A retyped property gets a new column beside its own, to be filled before it takes the name (``store.retyping``).
    A property that is gone keeps its column and is marked archived. When the table is full, new ones are kept in
    ``_more``.
    """
    known = await definitions.stored(connection, schema_name, schema.object_type)
    with translated():
        columns = await _columns(connection, schema_name, schema.object_type)
        used = await _used(connection, schema_name, schema.object_type)
        made = placed(schema, known.shown(), columns, used=used)
        if known.announced() != made:
            await with_lock_timeout(connection, lambda: _bring_in_step(connection, schema_name, made, known))


async def read_schema(connection: Connection, schema_name: str, object_type: str) -> ObjectSchema | None:
    """The properties as a reader finds them, archived ones left out; None when the table was never made."""
    return (await definitions.stored(connection, schema_name, object_type)).shown()


async def read_schemas(
    connection: Connection, schema_name: str, object_types: Sequence[str]
) -> dict[str, ObjectSchema]:
    """The same of each of these that was made, asked at once."""
    found = await definitions.stored_of_each(connection, schema_name, object_types)
    return {name: shown for name, known in found.items() if (shown := known.shown()) is not None}


async def loading_schema(connection: Connection, schema_name: str, object_type: str) -> ObjectSchema | None:
    """The same as it is loaded: retyped properties go to their new columns, and to the outgoing ones as well."""
    return (await definitions.stored(connection, schema_name, object_type)).loading()


async def with_lock_timeout(connection: Connection, change: Callable[[], Awaitable[None]]) -> None:
    """Try DDL a few times with a short wait for its lock: a waiting ALTER TABLE blocks every reader behind it."""
    for attempt in range(1, _DDL_TRIES + 1):
        try:
            async with connection.transaction():
                await connection.execute("SET LOCAL lock_timeout = '2s'")
                await change()
            return
        except psycopg.errors.LockNotAvailable as error:
            if attempt == _DDL_TRIES:
                raise RetryLater(str(error), code="STORE_LOCKED") from error


async def _bring_in_step(
    connection: Connection, schema_name: str, schema: ObjectSchema, known: definitions.Stored
) -> None:
    """The table is changed, and what changed is logged; of one that is new nothing has."""
    table = sql.Identifier(schema_name, schema.object_type)
    columns = await _columns(connection, schema_name, schema.object_type)
    if not columns:
        await _create(connection, table, schema)
        await definitions.write(connection, schema_name, schema, known)
        return
    before = {item.name: item for item in known.properties if not item.archived}
    moved = [item.name for item in schema.properties if item.in_more and not _in_more(before.get(item.name))]
    ours = {item.column_name: item.column_type.value for item in known.properties}
    added = []
    for item in schema.with_columns():
        current = columns.get(item.column_name)
        if current in (item.column_type.value, ours.get(item.column_name, item)):
            continue
        if current is not None:  # somebody else's
            await set_column_aside(connection, table, item.column_name, columns.pop(item.column_name))
        added.append(item)
        await add_column(connection, table, item.column_name, item.column_type)
    retyped = await _begin_retyping(connection, table, schema, columns)
    await definitions.write(connection, schema_name, schema, known, retyped=retyped)
    gone = sorted(before.keys() - set(schema.property_names()))

    def change(name: str, what: str, old: str | None = None, new: str | None = None) -> drift.Change:
        return drift.Change(object_type=schema.object_type, property=name, change=what, before=old, after=new)

    changes = [change(name, "moved") for name in moved]
    changes += [change(item.name, "added", new=item.column_type) for item in added]
    changes += [change(name, "archived", before[name].column_type) for name in gone]
    await drift.log(connection, schema_name, changes)


def _in_more(item: Property | None) -> bool:
    return item is not None and item.in_more


async def _begin_retyping(
    connection: Connection, table: sql.Identifier, schema: ObjectSchema, columns: dict[str, str]
) -> list[str]:
    """A column to be filled for each property whose own has another type; a column of a type that is over goes."""
    retyped = []
    for item in schema.with_columns():
        filling = filling_column(item.column_name)
        wanted = columns.get(item.column_name, item.column_type.value) != item.column_type.value
        if filling in columns and not (wanted and columns[filling] == item.column_type.value):
            await _discard(connection, table, columns.pop(filling), filling)
        if wanted:
            retyped.append(item.name)
            if filling not in columns:
                await add_column(connection, table, filling, item.column_type)
    return retyped


async def _discard(connection: Connection, table: sql.Identifier, current: str, column: str) -> None:
    """Drop a column that was never filled; somebody's view on it keeps it, under another name."""
    dropped = sql.SQL("ALTER TABLE {} DROP COLUMN {}").format(table, sql.Identifier(column))
    try:
        async with connection.transaction():
            await connection.execute(dropped)
    except psycopg.errors.DependentObjectsStillExist:
        await set_column_aside(connection, table, column, current)


async def add_column(connection: Connection, table: sql.Identifier, column: str, kind: ColumnType) -> None:
    """Add an empty column; no row is rewritten."""
    await connection.execute(
        sql.SQL("ALTER TABLE {} ADD COLUMN {} {}").format(table, sql.Identifier(column), sql.SQL(kind.value))
    )


async def _used(connection: Connection, schema_name: str, table: str) -> int:
    """The columns of the table that are not ours, those that were dropped or renamed away included."""
    cursor = await connection.execute(
        "SELECT count(*) AS n FROM pg_attribute WHERE attrelid = to_regclass(%s) AND attnum > 0",
        [f'"{schema_name}"."{table}"'],
    )
    row = await cursor.fetchone()
    return max(0, int(row["n"]) - len(OURS)) if row else 0


async def _columns(connection: Connection, schema_name: str, table: str) -> dict[str, str]:
    cursor = await connection.execute(
        "SELECT attname, format_type(atttypid, NULL) AS type FROM pg_attribute"
        " WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped",
        [f'"{schema_name}"."{table}"'],
    )
    aliases: dict[str, str] = {"timestamp with time zone": "timestamptz"}
    return {row["attname"]: aliases.get(str(row["type"]), str(row["type"])) for row in await cursor.fetchall()}


async def _create(connection: Connection, table: sql.Identifier, schema: ObjectSchema) -> None:
    ours = [sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(kind)) for name, kind in OURS]
    theirs = [
        sql.SQL("{} {}").format(sql.Identifier(item.column_name), sql.SQL(item.column_type.value))
        for item in schema.with_columns()
    ]
    await connection.execute(
        sql.SQL("CREATE TABLE {} ({}) WITH ({})").format(table, sql.SQL(", ").join(ours + theirs), WIDE)
    )
    await connection.execute(sql.SQL("CREATE INDEX ON {} (_updated_at)").format(table))
    await connection.execute(sql.SQL("CREATE INDEX ON {} (id) WHERE _rejected IS NOT NULL").format(table))


async def set_column_aside(connection: Connection, table: sql.Identifier, column: str, current: str) -> None:
    """Rename a column that is of an older type. Views go on reading it; nothing is rewritten."""
    cursor = await connection.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(%s) AND attnum > 0", [table.as_string(None)]
    )
    taken = {row["attname"] for row in await cursor.fetchall()}
    base = f"{column.encode()[:40].decode(errors='ignore')}__was_{current.replace('[]', '_list')}"
    name, number = base, 2
    while name in taken:
        name, number = f"{base}_{number}", number + 1
    await rename_column(connection, table, column, name)


async def rename_column(connection: Connection, table: sql.Identifier, column: str, name: str) -> None:
    """What stands on the column follows it."""
    await connection.execute(
        sql.SQL("ALTER TABLE {} RENAME COLUMN {} TO {}").format(table, sql.Identifier(column), sql.Identifier(name))
    )


def shape(schema: ObjectSchema) -> str:
    """A short name for the columns of a schema: changes exactly when they do."""
    text = "\n".join(f"{item.column_name} {item.column_type}" for item in schema.with_columns())
    return hashlib.sha256(text.encode()).hexdigest()[:12]

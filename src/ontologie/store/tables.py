"""The tables of a source's schema: made once, then kept in step with the account's properties."""

import hashlib
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from ontologie.database.pool import Connection, translated
from ontologie.errors import RetryLater
from ontologie.model.schema import MORE, ColumnType, ObjectSchema, Property
from ontologie.store import drift, layouts
from ontologie.store.placement import placed

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


class Drift(msgspec.Struct, frozen=True, kw_only=True):
    """What changed in the properties of an object type since they were last seen."""

    added: tuple[str, ...] = ()
    retyped: tuple[str, ...] = ()
    archived: tuple[str, ...] = ()
    first: bool = False
    """The table did not exist before: nothing has drifted."""


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
    for statement in (
        "GRANT USAGE ON SCHEMA {schema} TO {role}",
        "GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {role}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT SELECT ON TABLES TO {role}",
    ):
        with translated():
            await connection.execute(
                sql.SQL(statement).format(schema=sql.Identifier(schema_name), role=sql.Identifier(role))
            )


async def schema_exists(connection: Connection, schema_name: str) -> bool:
    """The source's schema was made."""
    with translated():
        cursor = await connection.execute("SELECT to_regnamespace(%s) IS NOT NULL AS found", [f'"{schema_name}"'])
        row = await cursor.fetchone()
    return bool(row and row["found"])


async def ensure_object_table(connection: Connection, schema_name: str, schema: ObjectSchema) -> Drift:
    """The object type's table with a typed column per property, and its rows in ``properties``.

    A retyped property gets a new column; its old one stays as ``name__was_text``. A property that is gone keeps its
    column and is marked archived. When the table is full, new ones are kept in ``_more``.
    """
    known = await read_schema(connection, schema_name, schema.object_type)
    with translated():
        columns = await _columns(connection, schema_name, schema.object_type)
        used = await _used(connection, schema_name, schema.object_type)
        made = placed(schema, known, columns, used=used)
        if known is not None and known == made:
            return Drift()
        return await _with_lock_timeout(connection, lambda: _bring_in_step(connection, schema_name, made, known))


async def read_schema(connection: Connection, schema_name: str, object_type: str) -> ObjectSchema | None:
    """The properties as they were last seen, archived ones left out; None when the table was never made."""
    with translated():
        cursor = await connection.execute(
            sql.SQL('SELECT * FROM {} WHERE object_type = %s AND NOT archived ORDER BY name COLLATE "C"').format(
                sql.Identifier(schema_name, "properties")
            ),
            [object_type],
        )
        rows = await cursor.fetchall()
    if not rows:
        return None
    properties = msgspec.convert(rows, tuple[Property, ...])
    return ObjectSchema(object_type=object_type, properties=properties)


async def _with_lock_timeout(connection: Connection, change: Callable[[], Awaitable[Drift]]) -> Drift:
    """Try DDL a few times with a short wait for its lock: a waiting ALTER TABLE blocks every reader behind it."""
    for attempt in range(1, _DDL_TRIES + 1):
        try:
            async with connection.transaction():
                await connection.execute("SET LOCAL lock_timeout = '2s'")
                return await change()
        except psycopg.errors.LockNotAvailable as error:
            if attempt == _DDL_TRIES:
                raise RetryLater(str(error), code="STORE_UNREACHABLE") from error
    raise AssertionError("unreachable")


async def _bring_in_step(
    connection: Connection, schema_name: str, schema: ObjectSchema, known: ObjectSchema | None
) -> Drift:
    table = sql.Identifier(schema_name, schema.object_type)
    columns = await _columns(connection, schema_name, schema.object_type)
    if not columns:
        await _create(connection, table, schema)
        await _write_properties(connection, schema_name, schema, known)
        return Drift(first=True)
    added, retyped = [], []
    before = {item.name: item for item in known.properties} if known else {}
    changes = [
        drift.Change(object_type=schema.object_type, property=item.name, change="moved")
        for item in schema.properties
        if item.in_more and not (item.name in before and before[item.name].in_more)
    ]
    for item in schema.with_columns():
        current = columns.get(item.column_name)
        if current == item.column_type.value:
            continue
        change = "added" if current is None else "retyped"
        if current is not None:
            await _set_aside(connection, table, item.column_name, current, columns)
            retyped.append(item.name)
        else:
            added.append(item.name)
        changes.append(
            drift.Change(
                object_type=schema.object_type,
                property=item.name,
                change=change,
                before=current,
                after=item.column_type.value,
            )
        )
        await connection.execute(
            sql.SQL("ALTER TABLE {} ADD COLUMN {} {}").format(
                table, sql.Identifier(item.column_name), sql.SQL(item.column_type.value)
            )
        )
    await _write_properties(connection, schema_name, schema, known)
    gone = sorted(before.keys() - set(schema.property_names()))
    changes += [
        drift.Change(object_type=schema.object_type, property=name, change="archived", before=before[name].column_type)
        for name in gone
    ]
    await drift.log(connection, schema_name, changes)
    return Drift(added=tuple(added), retyped=tuple(retyped), archived=tuple(gone))


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


async def _set_aside(
    connection: Connection, table: sql.Identifier, column: str, current: str, columns: dict[str, str]
) -> None:
    """Rename a column whose property has another type now. Views go on reading it; nothing is rewritten."""
    base = f"{column.encode()[:40].decode(errors='ignore')}__was_{current.replace('[]', '_list')}"
    name, number = base, 2
    while name in columns:
        name, number = f"{base}_{number}", number + 1
    columns[name] = current
    await connection.execute(
        sql.SQL("ALTER TABLE {} RENAME COLUMN {} TO {}").format(table, sql.Identifier(column), sql.Identifier(name))
    )


async def _write_properties(
    connection: Connection, schema_name: str, schema: ObjectSchema, known: ObjectSchema | None
) -> None:
    """The rows of ``properties``, and the labels as comments where they changed."""
    table = sql.Identifier(schema_name, "properties")
    await connection.execute(
        sql.SQL("UPDATE {} SET archived = true WHERE object_type = %s AND NOT name = ANY(%s)").format(table),
        [schema.object_type, list(schema.property_names())],
    )
    names = Property.__struct_fields__
    statement = sql.SQL(
        "INSERT INTO {} (object_type, {}) VALUES (%s, {}) ON CONFLICT (object_type, name) DO UPDATE SET {}"
    ).format(
        table,
        sql.SQL(", ").join(map(sql.Identifier, names)),
        sql.SQL(", ").join([sql.Placeholder()] * len(names)),
        sql.SQL(", ").join(sql.SQL("{0} = excluded.{0}").format(sql.Identifier(name)) for name in names),
    )
    before = {item.name: item for item in known.properties} if known else {}
    changed = [item for item in schema.properties if before.get(item.name) != item]
    async with connection.cursor() as cursor:
        await cursor.executemany(statement, [_as_row(schema.object_type, item) for item in changed])
    labels = {item.name: item.label for item in known.properties} if known else {}
    relabelled = [item for item in changed if not item.in_more and labels.get(item.name) != item.label]
    comments = [
        sql.SQL("COMMENT ON COLUMN {} IS {}").format(
            sql.Identifier(schema_name, schema.object_type, item.column_name), sql.Literal(item.label)
        )
        for item in relabelled
    ]
    if comments:
        await connection.execute(sql.SQL("; ").join(comments))


def _as_row(object_type: str, item: Property) -> list[Any]:
    values: list[Any] = [object_type]
    for name in Property.__struct_fields__:
        value = getattr(item, name)
        if isinstance(value, ColumnType):
            value = value.value
        values.append(Jsonb(msgspec.to_builtins(value)) if name == "options" else value)
    return values


def shape(schema: ObjectSchema) -> str:
    """A short name for the columns of a schema: changes exactly when they do."""
    text = "\n".join(f"{item.column_name} {item.column_type}" for item in schema.with_columns())
    return hashlib.sha256(text.encode()).hexdigest()[:12]

"""The rows of ``properties``: what is known of an account's properties, and of those that are being retyped."""

from collections.abc import Collection, Sequence
from typing import Any

import msgspec
from psycopg import sql
from psycopg.types.json import Jsonb

from ontologie.database.pool import Connection, translated
from ontologie.model.schema import ColumnType, ObjectSchema, Property
from ontologie.store.placement import filling_column


class Stored(msgspec.Struct, frozen=True, kw_only=True):
    """The properties of one object type as they were last seen, archived ones among them."""

    object_type: str
    properties: tuple[Property, ...]
    """As a reader finds them."""
    coming: dict[str, Property]
    """What the account says of those whose new column is not filled yet, by name."""

    def shown(self) -> ObjectSchema | None:
        """For readers; None: the table was never made."""
        return self._schema(self._present())

    def announced(self) -> ObjectSchema | None:
        """As the account has told."""
        return self._schema(tuple(self.coming.get(item.name, item) for item in self._present()))

    def loading(self) -> ObjectSchema | None:
        """For loading: with the columns that are being filled, and the outgoing ones."""
        present = self._present()
        filled = {
            name: msgspec.structs.replace(item, column_name=filling_column(item.column_name))
            for name, item in self.coming.items()
        }
        outgoing = tuple(item for item in present if item.name in filled)
        return self._schema(tuple(filled.get(item.name, item) for item in present), outgoing)

    def _present(self) -> tuple[Property, ...]:
        return tuple(item for item in self.properties if not item.archived)

    def _schema(self, properties: tuple[Property, ...], outgoing: tuple[Property, ...] = ()) -> ObjectSchema | None:
        if not properties:
            return None
        return ObjectSchema(object_type=self.object_type, properties=properties, outgoing=outgoing)


async def stored(connection: Connection, schema_name: str, object_type: str) -> Stored:
    """What ``properties`` holds of the object type."""
    return (await stored_of_each(connection, schema_name, [object_type]))[object_type]


async def stored_of_each(
    connection: Connection, schema_name: str, object_types: Sequence[str]
) -> dict[str, Stored]:
    """What ``properties`` holds of each of these object types."""
    with translated():
        cursor = await connection.execute(
            sql.SQL('SELECT * FROM {} WHERE object_type = ANY(%s) ORDER BY name COLLATE "C"').format(
                sql.Identifier(schema_name, "properties")
            ),
            [list(object_types)],
        )
        found: dict[str, list[dict[str, Any]]] = {name: [] for name in object_types}
        for row in await cursor.fetchall():
            found[row["object_type"]].append(row)
    return {name: _stored(name, rows) for name, rows in found.items()}


def _stored(object_type: str, rows: Sequence[dict[str, Any]]) -> Stored:
    coming = {row["name"]: row["retyping"] for row in rows if row.get("retyping") and not row["archived"]}
    return Stored(
        object_type=object_type,
        properties=msgspec.convert(rows, tuple[Property, ...]),
        coming=msgspec.convert(coming, dict[str, Property]),
    )


async def write(
    connection: Connection, schema_name: str, schema: ObjectSchema, known: Stored, *, retyped: Collection[str] = ()
) -> None:
    """Write what the account says, and the labels as comments where they changed. What is ``retyped`` is shown as it
    was, with its new definition beside."""
    await connection.execute(
        sql.SQL("UPDATE {} SET archived = true WHERE object_type = %s AND NOT name = ANY(%s)").format(
            sql.Identifier(schema_name, "properties")
        ),
        [schema.object_type, list(schema.property_names())],
    )
    last_told = known.announced()
    before = {item.name: item for item in last_told.properties} if last_told else {}
    shown = {item.name: item for item in known.properties}
    changed = [item for item in schema.properties if before.get(item.name) != item]
    plain = [item for item in changed if item.name not in retyped]
    await _write_rows(connection, schema_name, schema.object_type, [(item, None) for item in plain])
    old = [(msgspec.structs.replace(shown[item.name], archived=False), item) for item in changed if item not in plain]
    await _write_rows(connection, schema_name, schema.object_type, old)
    for item in plain:
        if not item.in_more and (item.name not in before or before[item.name].label != item.label):
            await _comment(connection, schema_name, schema.object_type, item)


async def take_over(connection: Connection, schema_name: str, object_type: str, item: Property) -> None:
    """The retyped property is shown as the account says from now on."""
    await _write_rows(connection, schema_name, object_type, [(item, None)])
    await _comment(connection, schema_name, object_type, item)


async def _write_rows(
    connection: Connection, schema_name: str, object_type: str, rows: Sequence[tuple[Property, Property | None]]
) -> None:
    """Properties, each with its definition to come."""
    names = (*Property.__struct_fields__, "retyping")
    statement = sql.SQL(
        "INSERT INTO {} (object_type, {}) VALUES (%s, {}) ON CONFLICT (object_type, name) DO UPDATE SET {}"
    ).format(
        sql.Identifier(schema_name, "properties"),
        sql.SQL(", ").join(map(sql.Identifier, names)),
        sql.SQL(", ").join([sql.Placeholder()] * len(names)),
        sql.SQL(", ").join(sql.SQL("{0} = excluded.{0}").format(sql.Identifier(name)) for name in names),
    )
    async with connection.cursor() as cursor:
        await cursor.executemany(
            statement,
            [
                [object_type, *_as_row(item), None if coming is None else Jsonb(msgspec.to_builtins(coming))]
                for item, coming in rows
            ],
        )


async def _comment(connection: Connection, schema_name: str, object_type: str, item: Property) -> None:
    await connection.execute(
        sql.SQL("COMMENT ON COLUMN {} IS {}").format(
            sql.Identifier(schema_name, object_type, item.column_name), sql.Literal(item.label)
        )
    )


def _as_row(item: Property) -> list[Any]:
    values: list[Any] = []
    for name in Property.__struct_fields__:
        value = getattr(item, name)
        if isinstance(value, ColumnType):
            value = value.value
        values.append(Jsonb(msgspec.to_builtins(value)) if name == "options" else value)
    return values

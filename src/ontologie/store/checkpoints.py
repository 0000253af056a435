"""How far each object type was read, kept beside its data."""

import msgspec
from psycopg import sql
from psycopg.types.json import Jsonb

from ontologie.database.pool import Connection, translated
from ontologie.model.checkpoint import Checkpoint, Segment


async def read_checkpoint(connection: Connection, schema_name: str, object_type: str) -> Checkpoint:
    """All segments of the object type, done ones too."""
    with translated():
        cursor = await connection.execute(
            sql.SQL("SELECT * FROM {} WHERE object_type = %s ORDER BY key").format(
                sql.Identifier(schema_name, "_segments")
            ),
            [object_type],
        )
        rows = await cursor.fetchall()
    return Checkpoint(object_type=object_type, segments=msgspec.convert(rows, tuple[Segment, ...]))


async def write_segment(connection: Connection, schema_name: str, object_type: str, segment: Segment) -> None:
    """The segment's state, in the caller's transaction."""
    names = Segment.__struct_fields__
    statement = sql.SQL(
        "INSERT INTO {} (object_type, {}) VALUES (%(object_type)s, {}) ON CONFLICT (object_type, key) DO UPDATE SET {}"
    ).format(
        sql.Identifier(schema_name, "_segments"),
        sql.SQL(", ").join(map(sql.Identifier, names)),
        sql.SQL(", ").join(map(sql.Placeholder, names)),
        sql.SQL(", ").join(sql.SQL("{0} = excluded.{0}").format(sql.Identifier(name)) for name in names),
    )
    values = msgspec.structs.asdict(segment)
    values |= {"object_type": object_type, "kind": segment.kind.value, "position": Jsonb(segment.position)}
    with translated():
        await connection.execute(statement, values)

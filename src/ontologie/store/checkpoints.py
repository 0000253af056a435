"""How far each object type was read, kept beside its data."""

from collections.abc import Sequence
from typing import Any

import msgspec
from psycopg import sql
from psycopg.types.json import Jsonb

from ontologie.database.pool import Connection, translated
from ontologie.errors import LeaseLost
from ontologie.model.checkpoint import Checkpoint, Segment


async def read_checkpoints(
    connection: Connection, schema_name: str, object_types: Sequence[str]
) -> dict[str, Checkpoint]:
    """All segments of each of these object types, done ones too."""
    with translated():
        cursor = await connection.execute(
            sql.SQL("SELECT * FROM {} WHERE object_type = ANY(%s) ORDER BY key").format(
                sql.Identifier(schema_name, "_segments")
            ),
            [list(object_types)],
        )
        rows = await cursor.fetchall()
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in object_types}
    for row in rows:
        found[row["object_type"]].append(row)
    return {
        name: Checkpoint(object_type=name, segments=msgspec.convert(segments, tuple[Segment, ...]))
        for name, segments in found.items()
    }


async def write_segment(connection: Connection, schema_name: str, object_type: str, segment: Segment) -> None:
    """The segment's state, in the caller's transaction."""
    with translated():
        await connection.execute(_writing(schema_name, "VALUES ({})"), _values(object_type, segment))


async def advance(connection: Connection, schema_name: str, object_type: str, segment: Segment, epoch: int) -> None:
    """The segment's state alone, where no record comes with it: one statement. Raises LeaseLost when the epoch is over.

    As with a batch, nobody waits for the disk.
    """
    held = (
        "SELECT {} FROM (SELECT set_config('synchronous_commit', 'off', true) FROM {lease}"
        " WHERE epoch = %(epoch)s FOR SHARE) AS held"
    )
    with translated():
        cursor = await connection.execute(
            _writing(schema_name, held), _values(object_type, segment) | {"epoch": epoch}
        )
    if not cursor.rowcount:
        raise LeaseLost(f"epoch {epoch} of {schema_name} is over")


def _writing(schema_name: str, source: str) -> sql.Composed:
    names = ("object_type", *Segment.__struct_fields__)
    return sql.SQL("INSERT INTO {table} ({names}) {source} ON CONFLICT (object_type, key) DO UPDATE SET {new}").format(
        table=sql.Identifier(schema_name, "_segments"),
        names=sql.SQL(", ").join(map(sql.Identifier, names)),
        source=sql.SQL(source).format(
            sql.SQL(", ").join(map(sql.Placeholder, names)), lease=sql.Identifier(schema_name, "_lease")
        ),
        new=sql.SQL(", ").join(sql.SQL("{0} = excluded.{0}").format(sql.Identifier(name)) for name in names[1:]),
    )


def _values(object_type: str, segment: Segment) -> dict[str, Any]:
    values = msgspec.structs.asdict(segment)
    return values | {"object_type": object_type, "kind": segment.kind.value, "position": Jsonb(segment.position)}

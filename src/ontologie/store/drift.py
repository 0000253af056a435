"""What changed in the account's properties, and who has seen it."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from psycopg import sql

from ontologie.database.pool import Connection, translated


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One change of one property. ``before`` and ``after`` are column types, where they tell something."""

    object_type: str
    property: str
    change: str
    """``added``, ``retyped``, ``archived``, ``moved`` (it has no column of its own: it is in ``_more``);
    ``view_lost``: somebody's view, by name, on the view ``object_type``; its text is ``before``."""
    before: str | None = None
    after: str | None = None


class Entry(Change, frozen=True, kw_only=True):
    """A change as it is logged."""

    id: int
    at: datetime
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None


async def log(connection: Connection, schema_name: str, changes: Sequence[Change]) -> None:
    """Add to the log, in the caller's transaction."""
    names = Change.__struct_fields__
    statement = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        sql.Identifier(schema_name, "_drift"),
        sql.SQL(", ").join(map(sql.Identifier, names)),
        sql.SQL(", ").join([sql.Placeholder()] * len(names)),
    )
    async with connection.cursor() as cursor:
        await cursor.executemany(statement, [msgspec.structs.astuple(item) for item in changes])


async def entries(connection: Connection, schema_name: str, *, everything: bool) -> list[Entry]:
    """The log, newest first; without ``everything`` only what nobody has acknowledged."""
    with translated():
        cursor = await connection.execute(
            sql.SQL("SELECT * FROM {} WHERE %s OR acknowledged_at IS NULL ORDER BY id DESC").format(
                sql.Identifier(schema_name, "_drift")
            ),
            [everything],
        )
        return msgspec.convert(await cursor.fetchall(), list[Entry])


async def acknowledge(
    connection: Connection, schema_name: str, ids: Sequence[int] | None, *, by: str, at: datetime
) -> int:
    """Note that somebody has seen these (None: all); how many were new to them."""
    with translated():
        cursor = await connection.execute(
            sql.SQL(
                "UPDATE {} SET acknowledged_at = %s, acknowledged_by = %s"
                " WHERE acknowledged_at IS NULL AND (%s::bigint[] IS NULL OR id = ANY(%s::bigint[]))"
            ).format(sql.Identifier(schema_name, "_drift")),
            [at, by, ids, ids],
        )
    return cursor.rowcount

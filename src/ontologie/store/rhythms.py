"""When something that is read now and then was last read, and a fingerprint of what was told then."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from psycopg import sql

from ontologie.database.pool import Connection, translated


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """The last one."""

    at: datetime
    told: bytes | None = None
    """None where nobody asks whether it was the same."""


async def readings(connection: Connection, schema_name: str) -> dict[str, Reading]:
    """The last readings of everything, by name."""
    with translated():
        cursor = await connection.execute(
            sql.SQL("SELECT name, at, told FROM {}").format(sql.Identifier(schema_name, "_rhythms"))
        )
        rows = await cursor.fetchall()
    return {row["name"]: Reading(at=row["at"], told=row["told"]) for row in rows}


async def mark(
    connection: Connection, schema_name: str, name: str, at: datetime, told: bytes | None = None
) -> None:
    """Note a reading."""
    with translated():
        await connection.execute(
            sql.SQL(
                "INSERT INTO {} (name, at, told) VALUES (%s, %s, %s)"
                " ON CONFLICT (name) DO UPDATE SET at = excluded.at, told = excluded.told"
            ).format(sql.Identifier(schema_name, "_rhythms")),
            [name, at, told],
        )


async def forget(connection: Connection, schema_name: str, names: Sequence[str]) -> None:
    """As if these had never been read."""
    if not names:
        return
    with translated():
        await connection.execute(
            sql.SQL("DELETE FROM {} WHERE name = ANY(%s)").format(sql.Identifier(schema_name, "_rhythms")),
            [list(names)],
        )

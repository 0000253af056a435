"""A table about itself: how full its columns are, what changed in them, which values were refused."""

from datetime import datetime

import msgspec
from psycopg import sql

from ontologie.database.pool import Connection, fetch
from ontologie.store.drift import Entry


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """A record with values that did not fit their columns: what the account sent, by property."""

    id: int
    rejected: dict[str, str]


class SetAside(msgspec.Struct, frozen=True, kw_only=True):
    """A record that PostgreSQL could not hold as a row, with its reason."""

    id: int | None
    at: datetime
    reason: str
    record: str
    """As JSON."""


async def fill_rates(connection: Connection, schema_name: str, object_type: str) -> dict[str, float]:
    """The share of rows that have a value, by column, as of PostgreSQL's last look at a sample; empty before it."""
    rows = await fetch(
        connection,
        sql.SQL("SELECT attname, 1 - null_frac AS share FROM pg_stats WHERE schemaname = {} AND tablename = {}").format(
            sql.Literal(schema_name), sql.Literal(object_type)
        ),
    )
    return {row["attname"]: float(row["share"]) for row in rows}


async def drift(connection: Connection, schema_name: str, object_type: str) -> list[Entry]:
    """What changed in the properties, newest first."""
    rows = await fetch(
        connection,
        sql.SQL(
            "SELECT * FROM {} WHERE object_type = {} ORDER BY id DESC LIMIT 50"
        ).format(sql.Identifier(schema_name, "_drift"), sql.Literal(object_type)),
    )
    return msgspec.convert(rows, list[Entry])


async def refused(
    connection: Connection, schema_name: str, object_type: str, *, after: int, limit: int
) -> list[Refused]:
    """Live records with rejected values whose id is above ``after``, by id."""
    rows = await fetch(
        connection,
        sql.SQL(
            "SELECT id, _rejected AS rejected FROM {} WHERE _rejected IS NOT NULL AND id > {}"
            " AND _archived_at IS NULL AND _purged_at IS NULL ORDER BY id LIMIT {}"
        ).format(sql.Identifier(schema_name, object_type), sql.Literal(after), sql.Literal(limit)),
    )
    return msgspec.convert(rows, list[Refused], strict=False)


async def set_aside(connection: Connection, schema_name: str, object_type: str) -> list[SetAside]:
    """The latest records that could not be stored as rows."""
    rows = await fetch(
        connection,
        sql.SQL(
            "SELECT id, at, reason, left(record::text, 2000) AS record FROM {} WHERE object_type = {}"
            " ORDER BY at DESC, id LIMIT 50"
        ).format(sql.Identifier(schema_name, "_aside"), sql.Literal(object_type)),
    )
    return msgspec.convert(rows, list[SetAside])

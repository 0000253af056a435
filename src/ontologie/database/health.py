"""What the doctor asks PostgreSQL."""

from datetime import timedelta

import msgspec

from ontologie.database import queries
from ontologie.database.pool import Connection


class MissingRight(msgspec.Struct, frozen=True, kw_only=True):
    """What our user may not do in this database: ``CREATE`` schemas, ``TEMPORARY`` tables to load through, or roles
    that only read (``CREATEROLE``). ``remedy`` is the statement that an administrator runs."""

    name: str
    remedy: str


async def version(connection: Connection) -> str:
    """The server's version."""
    row = await queries.fetch_one(connection, "health", "version")
    return str(row["version"]) if row else ""


async def workers_silent_for(connection: Connection) -> timedelta | None:
    """Since when no worker has given a sign of life; None where there is none."""
    row = await queries.fetch_one(connection, "health", "workers_silent_for")
    silent: timedelta | None = row["silent_for"] if row else None
    return silent


async def missing_rights(connection: Connection) -> list[MissingRight]:
    """What our user would need and has not."""
    rows = await queries.fetch_all(connection, "health", "missing_rights")
    return [MissingRight(name=row["name"], remedy=row["remedy"]) for row in rows]

"""What the doctor asks PostgreSQL."""

from datetime import timedelta

from ontologie.database import queries
from ontologie.database.pool import Connection


async def version(connection: Connection) -> str:
    """The server's version."""
    row = await queries.fetch_one(connection, "health", "version")
    return str(row["version"]) if row else ""


async def workers_silent_for(connection: Connection) -> timedelta | None:
    """Since when no worker has given a sign of life; None where there is none."""
    row = await queries.fetch_one(connection, "health", "workers_silent_for")
    silent: timedelta | None = row["silent_for"] if row else None
    return silent

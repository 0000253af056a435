"""What the whole installation has to say while it is true."""

from datetime import datetime

import msgspec

from ontologie.database import queries
from ontologie.database.pool import Connection


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """A diagnosis of the installation, not of one source."""

    code: str
    params: dict[str, str | int]
    since: datetime


async def raise_(connection: Connection, code: str, params: dict[str, str | int], now: datetime) -> None:
    """Say it until it is cleared; said again, it keeps its beginning."""
    await queries.execute(connection, "notices", "raise_", code=code, params=queries.as_json(params), now=now)


async def clear(connection: Connection, code: str) -> bool:
    """No longer true; False when it was not said."""
    return await queries.execute(connection, "notices", "clear", code=code) > 0


async def every(connection: Connection) -> list[Notice]:
    """All of them, the oldest first."""
    return msgspec.convert(await queries.fetch_all(connection, "notices", "all"), list[Notice])

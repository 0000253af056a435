"""The table of API keys, by hash."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from ontologie.database import queries
from ontologie.database.digest import digest
from ontologie.database.pool import Connection
from ontologie.model.api_key import ApiKey, Scope


async def insert(
    connection: Connection, token: str, *, name: str, scopes: Sequence[Scope], created_by: str, now: datetime
) -> ApiKey:
    """Keep a new key's hash."""
    row = await queries.fetch_one(
        connection,
        "api_keys",
        "insert",
        name=name,
        begins=token[:10],
        token_hash=digest(token),
        scopes=[scope.value for scope in scopes],
        created_by=created_by,
        now=now,
    )
    return msgspec.convert(row, ApiKey)


async def every(connection: Connection) -> list[ApiKey]:
    """All keys, the oldest first."""
    return msgspec.convert(await queries.fetch_all(connection, "api_keys", "every"), list[ApiKey])


async def by_token(connection: Connection, token: str, now: datetime) -> ApiKey | None:
    """The key that this is; that it was used is noted once a minute."""
    row = await queries.fetch_one(connection, "api_keys", "by_token", token_hash=digest(token))
    if row is None:
        return None
    await queries.execute(connection, "api_keys", "used", id=row["id"], now=now)
    return msgspec.convert(row, ApiKey)


async def delete(connection: Connection, key_id: int) -> bool:
    """Forget a key; False when there is none."""
    return await queries.execute(connection, "api_keys", "delete", id=key_id) > 0

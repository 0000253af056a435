"""Where users are logged in, and how often somebody failed to. In PostgreSQL, so that web processes share it."""

import secrets
from datetime import datetime, timedelta

import msgspec

from ontologie.database import queries
from ontologie.database.digest import digest
from ontologie.database.pool import Connection
from ontologie.model.user import Client, User

_SEEN_EVERY = timedelta(minutes=1)


class LoginSession(msgspec.Struct, frozen=True, kw_only=True):
    """One browser in which a user is logged in. ``current``: the one that asks."""

    id: int
    created_at: datetime
    last_seen_at: datetime | None
    device: str
    address: str
    current: bool


async def insert(connection: Connection, user_id: int, client: Client, *, now: datetime, expires_at: datetime) -> str:
    """A new session's token."""
    token = secrets.token_urlsafe(32)
    await queries.execute(
        connection,
        "sessions",
        "insert",
        token_hash=digest(token),
        user_id=user_id,
        now=now,
        expires_at=expires_at,
        device=client.device,
        address=client.address,
    )
    return token


async def user(connection: Connection, token: str, now: datetime) -> User | None:
    """Whose session this is; that it was used is noted once a minute."""
    hashed = digest(token)
    row = await queries.fetch_one(connection, "sessions", "user", token_hash=hashed, now=now)
    if row is None:
        return None
    seen = row.pop("last_seen_at")
    if seen is None or now - seen > _SEEN_EVERY:
        await queries.execute(connection, "sessions", "seen", token_hash=hashed, now=now)
    return msgspec.convert(row, User)


async def of_user(connection: Connection, user_id: int, *, token: str, now: datetime) -> list[LoginSession]:
    """All sessions of a user, the last used first."""
    rows = await queries.fetch_all(
        connection, "sessions", "of_user", user_id=user_id, token_hash=digest(token), now=now
    )
    return msgspec.convert(rows, list[LoginSession])


async def end(connection: Connection, token: str) -> None:
    await queries.execute(connection, "sessions", "end", token_hash=digest(token))


async def end_one(connection: Connection, user_id: int, session_id: int) -> None:
    """End one of the user's sessions; nobody else's."""
    await queries.execute(connection, "sessions", "end_one", id=session_id, user_id=user_id)


async def end_others(connection: Connection, user_id: int, *, token: str) -> None:
    """End all sessions of the user but the one of ``token``."""
    await queries.execute(connection, "sessions", "end_others", user_id=user_id, token_hash=digest(token))


async def forget_expired(connection: Connection, now: datetime) -> None:
    """Delete sessions, links and counts of failures that mean nothing any more."""
    await queries.execute(connection, "sessions", "forget_expired", now=now)


async def count_failure(
    connection: Connection, subject: str, *, now: datetime, window: timedelta
) -> tuple[int, datetime]:
    """Count one more; how many there were within the window, and since when."""
    row = await queries.fetch_one(
        connection, "sessions", "count_failure", subject=digest(subject), now=now, window_start=now - window
    )
    return (0, now) if row is None else (int(row["failures"]), row["since"])


async def forget_failures(connection: Connection, subject: str) -> None:
    await queries.execute(connection, "sessions", "forget_failures", subject=digest(subject))

"""Users, their one-time login links and their sessions. Tokens are kept as hashes only."""

import hashlib
import secrets
from datetime import datetime

import msgspec

from ontologie.database import queries
from ontologie.database.pool import Connection
from ontologie.model.user import User


async def ensure_owner(connection: Connection, now: datetime) -> int:
    """The id of the first user, who owns the installation; made once."""
    row = await queries.fetch_one(connection, "users", "ensure_owner", now=now)
    return int(row["id"]) if row else 0


async def add_login_link(connection: Connection, user_id: int, expires_at: datetime) -> str:
    """A token that opens one session, once."""
    token = secrets.token_urlsafe(24)
    await queries.execute(
        connection, "users", "add_login_link", token_hash=_hash(token), user_id=user_id, expires_at=expires_at
    )
    return token


async def take_login_link(connection: Connection, token: str, now: datetime) -> int | None:
    """Use up a link; its user's id, or None when it is unknown, used or expired."""
    row = await queries.fetch_one(connection, "users", "take_login_link", token_hash=_hash(token))
    return int(row["user_id"]) if row and row["expires_at"] > now else None


async def add_session(connection: Connection, user_id: int, *, now: datetime, expires_at: datetime) -> str:
    """A new session's token."""
    token = secrets.token_urlsafe(32)
    await queries.execute(
        connection, "users", "add_session", token_hash=_hash(token), user_id=user_id, now=now, expires_at=expires_at
    )
    return token


async def session_user(connection: Connection, token: str, now: datetime) -> User | None:
    row = await queries.fetch_one(connection, "users", "session_user", token_hash=_hash(token), now=now)
    return None if row is None else msgspec.convert(row, User)


async def end_session(connection: Connection, token: str) -> None:
    await queries.execute(connection, "users", "end_session", token_hash=_hash(token))


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()

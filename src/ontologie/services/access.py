"""Logging in: by a one-time link or with a password; and where one is logged in."""

import asyncio
from datetime import timedelta
from functools import cache

from pwdlib import PasswordHash

from ontologie.database import sessions, users
from ontologie.database.pool import Connection
from ontologie.database.sessions import LoginSession
from ontologie.errors import UsageError
from ontologie.model.user import Client, Role, User
from ontologie.services.context import Context

_LINK_LIFE = timedelta(hours=12)
SESSION_LIFE = timedelta(days=14)
_WINDOW = timedelta(minutes=15)
_TRIES_PER_ACCOUNT = 10
_TRIES_PER_ADDRESS = 50
_PASSWORD_LEAST = 12
_PASSWORD_MOST = 1_000
_NOBODY = Client()

_hashes = PasswordHash.recommended()


@cache
def _decoy() -> str:
    """Checked where there is no such user, so that the answer takes as long as for one there is."""
    return _hashes.hash("nobody has this password")


async def login_link(context: Context) -> str:
    """The token of a link that logs the owner in, once."""
    context.require(Role.OWNER)
    now = context.clock.now()
    async with context.pool.connection() as connection:
        owner = await users.ensure_owner(connection, now)
        return await users.add_login_link(connection, owner, now + _LINK_LIFE)


async def link_user(context: Context, token: str) -> tuple[User, bool] | None:
    """Whom a link would log in, and whether they have a password; None for one that is unknown, used or expired.

    Looking uses nothing up: chat programs and mail filters open every link they see.
    """
    async with context.pool.connection() as connection:
        user = await users.link_user(connection, token, context.clock.now())
        return None if user is None else (user, await users.password_hash(connection, user.id) is not None)


async def redeem_login_link(
    context: Context, token: str, *, password: str | None = None, client: Client = _NOBODY
) -> str | None:
    """A new session's token, and from now on that password too; None for a link unknown, used or expired.

    Raises UsageError (PASSWORD_WEAK) and leaves the link good.
    """
    now = context.clock.now()
    hashed = None if password is None else await hash_password(password)
    async with context.pool.connection() as connection, connection.transaction():
        user_id = await users.take_login_link(connection, token, now)
        if user_id is None:
            return None
        if hashed is not None:
            await users.set_password(connection, user_id, hashed)
        return await _begin_session(context, connection, user_id, client)


async def log_in(context: Context, login: str, password: str, *, client: Client = _NOBODY) -> str:
    """A new session's token.

    Raises UsageError: LOGIN_FAILED, the same whether the name or the password is wrong; LOGIN_LOCKED after too many.
    """
    async with context.pool.connection() as connection:
        await _count(context, connection, f"account:{login.casefold()}", _TRIES_PER_ACCOUNT)
        if client.address:
            await _count(context, connection, f"address:{client.address}", _TRIES_PER_ADDRESS)
        found = await users.by_login(connection, login) if login.isprintable() else None
    user_id, hashed = found or (0, None)
    right, better = await asyncio.to_thread(
        lambda: _hashes.verify_and_update(password[:_PASSWORD_MOST], hashed or _decoy())
    )
    if not right or hashed is None:
        raise UsageError("login failed", code="LOGIN_FAILED")
    async with context.pool.connection() as connection, connection.transaction():
        await sessions.forget_failures(connection, f"account:{login.casefold()}")
        if better is not None:
            await users.set_password(connection, user_id, better)
        return await _begin_session(context, connection, user_id, client)


async def session_user(context: Context, token: str) -> User | None:
    """Whose session this is; None when there is none."""
    async with context.pool.connection() as connection:
        return await sessions.user(connection, token, context.clock.now())


async def end_session(context: Context, token: str) -> None:
    """Log out."""
    async with context.pool.connection() as connection:
        await sessions.end(connection, token)


async def my_sessions(context: Context, token: str) -> list[LoginSession]:
    """Where the one who acts is logged in; ``token`` is the session that asks."""
    async with context.pool.connection() as connection:
        return await sessions.of_user(connection, context.actor.id, token=token, now=context.clock.now())


async def end_my_session(context: Context, session_id: int) -> None:
    """Log the one who acts out of one browser."""
    async with context.pool.connection() as connection:
        await sessions.end_one(connection, context.actor.id, session_id)


async def have_password(context: Context) -> bool:
    """Whether the one who acts has a password."""
    async with context.pool.connection() as connection:
        return await users.password_hash(connection, context.actor.id) is not None


async def change_password(context: Context, *, old: str, new: str, token: str) -> None:
    """Set the password of the one who acts and log them out everywhere else.

    Raises UsageError: PASSWORD_WRONG where they have one and ``old`` is not it, PASSWORD_WEAK, LOGIN_LOCKED.
    """
    user_id = context.actor.id
    async with context.pool.connection() as connection:
        known = await users.password_hash(connection, user_id)
        if known is not None:
            await _count(context, connection, f"password:{user_id}", _TRIES_PER_ACCOUNT)
    if known is not None and not await asyncio.to_thread(_hashes.verify, old[:_PASSWORD_MOST], known):
        raise UsageError("wrong password", code="PASSWORD_WRONG")
    hashed = await hash_password(new)
    async with context.pool.connection() as connection, connection.transaction():
        await users.set_password(connection, user_id, hashed)
        await sessions.end_others(connection, user_id, token=token)
        await sessions.forget_failures(connection, f"password:{user_id}")


async def hash_password(password: str) -> str:
    """What is stored of a password. Raises UsageError (PASSWORD_WEAK)."""
    if not _PASSWORD_LEAST <= len(password) <= _PASSWORD_MOST or len(set(password)) < _PASSWORD_LEAST // 2:
        raise UsageError("weak password", code="PASSWORD_WEAK", least=_PASSWORD_LEAST)
    return await asyncio.to_thread(_hashes.hash, password)


async def _begin_session(context: Context, connection: Connection, user_id: int, client: Client) -> str:
    now = context.clock.now()
    await sessions.forget_expired(connection, now)
    await users.logged_in(connection, user_id, now)
    return await sessions.insert(connection, user_id, client, now=now, expires_at=now + SESSION_LIFE)


async def _count(context: Context, connection: Connection, subject: str, most: int) -> None:
    """Count a try before it is made, so that many at once are not more than one after another."""
    now = context.clock.now()
    tries, since = await sessions.count_failure(connection, subject, now=now, window=_WINDOW)
    if tries > most:
        minutes = max(1, round((since + _WINDOW - now).total_seconds() / 60))
        raise UsageError("too many tries", code="LOGIN_LOCKED", minutes=minutes)

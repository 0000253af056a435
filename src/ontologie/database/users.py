"""Users and their one-time login links. Tokens are kept as hashes only."""

import secrets
from datetime import datetime

import msgspec

from ontologie.database import queries
from ontologie.database.digest import digest
from ontologie.database.pool import Connection
from ontologie.model.user import Role, User


class Member(User, frozen=True, kw_only=True):
    """A user as the list of users shows one."""

    has_password: bool
    invited: bool
    """A login link that was made for them waits to be used."""
    created_at: datetime
    last_login_at: datetime | None


async def ensure_owner(connection: Connection, now: datetime) -> int:
    """The id of the first owner of the installation; made when there is none."""
    async with connection.transaction():
        await lock(connection)
        row = await queries.fetch_one(connection, "users", "owner")
        if row is not None:
            return int(row["id"])
        return await insert(connection, name="owner", email=None, role=Role.OWNER, now=now) or 0


async def insert(connection: Connection, *, name: str, email: str | None, role: Role, now: datetime) -> int | None:
    """A new user's id; None when the name or the address is taken."""
    row = await queries.fetch_one(connection, "users", "insert", name=name, email=email, role=role.value, now=now)
    return None if row is None else int(row["id"])


async def every(connection: Connection, now: datetime) -> list[Member]:
    """All users, by name."""
    return msgspec.convert(await queries.fetch_all(connection, "users", "every", now=now), list[Member])


async def lock(connection: Connection) -> None:
    """Let nobody else change users until the transaction ends: two owners must not demote each other at once."""
    await queries.execute(connection, "users", "lock")


async def by_id(connection: Connection, user_id: int) -> User | None:
    row = await queries.fetch_one(connection, "users", "by_id", id=user_id)
    return None if row is None else msgspec.convert(row, User)


async def by_login(connection: Connection, login: str) -> tuple[int, str | None] | None:
    """(id, password hash) of whom an e-mail address or a name belongs to; the address wins."""
    row = await queries.fetch_one(connection, "users", "by_login", login=login)
    return None if row is None else (int(row["id"]), row["password_hash"])


async def owners(connection: Connection) -> int:
    """How many owners there are."""
    row = await queries.fetch_one(connection, "users", "owners")
    return int(row["owners"]) if row else 0


async def set_role(connection: Connection, user_id: int, role: Role) -> None:
    await queries.execute(connection, "users", "set_role", id=user_id, role=role.value)


async def set_profile(connection: Connection, user_id: int, *, name: str, email: str | None) -> bool:
    """Write name and address; False when one of them is somebody else's."""
    return await queries.execute(connection, "users", "set_profile", id=user_id, name=name, email=email) > 0


async def password_hash(connection: Connection, user_id: int) -> str | None:
    row = await queries.fetch_one(connection, "users", "password_hash", id=user_id)
    return None if row is None else row["password_hash"]


async def set_password(connection: Connection, user_id: int, hashed: str) -> None:
    await queries.execute(connection, "users", "set_password", id=user_id, password_hash=hashed)


async def logged_in(connection: Connection, user_id: int, now: datetime) -> None:
    await queries.execute(connection, "users", "logged_in", id=user_id, now=now)


async def delete(connection: Connection, user_id: int) -> None:
    """Forget a user, with their links and sessions."""
    await queries.execute(connection, "users", "delete", id=user_id)


async def add_login_link(connection: Connection, user_id: int, expires_at: datetime) -> str:
    """A token that opens one session, once."""
    token = secrets.token_urlsafe(24)
    await queries.execute(
        connection, "users", "add_login_link", token_hash=digest(token), user_id=user_id, expires_at=expires_at
    )
    return token


async def link_user(connection: Connection, token: str, now: datetime) -> User | None:
    """Whom a link would log in; the link stays good."""
    row = await queries.fetch_one(connection, "users", "look_at_link", token_hash=digest(token), now=now)
    return None if row is None else msgspec.convert(row, User)


async def take_login_link(connection: Connection, token: str, now: datetime) -> int | None:
    """Use up a link; its user's id, or None when it is unknown, used or expired."""
    row = await queries.fetch_one(connection, "users", "take_login_link", token_hash=digest(token))
    return int(row["user_id"]) if row and row["expires_at"] > now else None


async def drop_links(connection: Connection, user_id: int) -> None:
    """Let no link that was made for the user be used any more."""
    await queries.execute(connection, "users", "drop_links", user_id=user_id)

"""The users of the installation: inviting, roles, removal."""

import re
from datetime import timedelta

import msgspec

from ontologie.database import users
from ontologie.database.pool import Connection
from ontologie.database.users import Member
from ontologie.errors import PermissionMissing, UsageError
from ontologie.model.user import Role, User
from ontologie.services.context import Context

_INVITATION_LIFE = timedelta(days=7)
_EMAIL = re.compile(r"[^@\s\x00-\x1f<>,;:\"()\[\]\\]{1,64}@[^@\s\x00-\x1f<>,;:\"()\[\]\\]{1,189}")
_NAME_MOST = 80


class Invitation(msgspec.Struct, frozen=True, kw_only=True):
    """A one-time login link for a user. Its token is shown once."""

    user: User
    token: str

    def __repr__(self) -> str:
        return f"Invitation({self.user.name})"


async def every(context: Context) -> list[Member]:
    """All users, by name."""
    context.require(Role.ADMIN)
    async with context.pool.connection() as connection:
        return await users.every(connection, context.clock.now())


async def invite(context: Context, *, name: str, email: str, role: Role) -> Invitation:
    """A new user with a link for the first login.

    Raises UsageError: USER_NAME_MALFORMED, EMAIL_MALFORMED, USER_TAKEN; PermissionMissing for a role above one's own.
    """
    context.require(Role.ADMIN)
    context.require(role)
    checked, address = check_name(name), check_email(email)
    now = context.clock.now()
    async with context.pool.connection() as connection, connection.transaction():
        user_id = await users.insert(connection, name=checked, email=address, role=role, now=now)
        if user_id is None:
            raise UsageError(checked, code="USER_TAKEN", name=checked)
        token = await users.add_login_link(connection, user_id, now + _INVITATION_LIFE)
    return Invitation(user=User(id=user_id, name=checked, role=role, email=address), token=token)


async def new_link(context: Context, user_id: int) -> Invitation:
    """A new link for somebody who has lost theirs or forgotten the password; earlier ones end."""
    context.require(Role.ADMIN)
    async with context.pool.connection() as connection, connection.transaction():
        user = await _changeable(context, connection, user_id)
        await users.drop_links(connection, user_id)
        token = await users.add_login_link(connection, user_id, context.clock.now() + _INVITATION_LIFE)
    return Invitation(user=user, token=token)


async def change_role(context: Context, user_id: int, role: Role) -> None:
    """Give a user another role, from their next click on.

    Raises UsageError: USER_UNKNOWN, LAST_OWNER; PermissionMissing where they have, or would get, more than oneself.
    """
    context.require(Role.ADMIN)
    context.require(role)
    async with context.pool.connection() as connection, connection.transaction():
        user = await _changeable(context, connection, user_id)
        if user.role is Role.OWNER and role is not Role.OWNER:
            await _another_owner(connection)
        await users.set_role(connection, user_id, role)


async def remove(context: Context, user_id: int) -> None:
    """Forget a user and end their sessions. Raises like :func:`change_role`."""
    context.require(Role.ADMIN)
    async with context.pool.connection() as connection, connection.transaction():
        user = await _changeable(context, connection, user_id)
        if user.role is Role.OWNER:
            await _another_owner(connection)
        await users.delete(connection, user_id)


async def change_my_profile(context: Context, *, name: str, email: str) -> None:
    """Name and address of the one who acts. Raises UsageError: USER_NAME_MALFORMED, EMAIL_MALFORMED, USER_TAKEN."""
    checked = check_name(name)
    address = check_email(email) if email.strip() else None
    async with context.pool.connection() as connection, connection.transaction():
        await users.lock(connection)
        if not await users.set_profile(connection, context.actor.id, name=checked, email=address):
            raise UsageError(checked, code="USER_TAKEN", name=checked)


def check_name(name: str) -> str:
    """The name without blanks around. Raises UsageError (USER_NAME_MALFORMED)."""
    checked = " ".join(name.split())
    if not checked or len(checked) > _NAME_MOST or "@" in checked or not checked.isprintable():
        raise UsageError("malformed name", code="USER_NAME_MALFORMED", most=_NAME_MOST)
    return checked


def check_email(email: str) -> str:
    """The address without blanks around. Raises UsageError (EMAIL_MALFORMED)."""
    checked = email.strip()
    if not _EMAIL.fullmatch(checked) or not checked.isprintable():
        raise UsageError("malformed address", code="EMAIL_MALFORMED")
    return checked


async def _changeable(context: Context, connection: Connection, user_id: int) -> User:
    """The user, locked for the transaction; only an owner touches an owner."""
    await users.lock(connection)
    user = await users.by_id(connection, user_id)
    if user is None:
        raise UsageError(str(user_id), code="USER_UNKNOWN")
    if not context.actor.role.allows(user.role):
        raise PermissionMissing(user.name, role=context.actor.role.value, needed=user.role.value)
    return user


async def _another_owner(connection: Connection) -> None:
    if await users.owners(connection) < 2:  # noqa: PLR2004 - this one and another
        raise UsageError("last owner", code="LAST_OWNER")

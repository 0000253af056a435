"""API keys: made, listed, revoked, and recognised."""

import secrets
from collections.abc import Sequence

import msgspec

from ontologie.database import api_keys
from ontologie.errors import UsageError
from ontologie.model.api_key import ApiKey, Scope
from ontologie.model.user import Role, User
from ontologie.services.context import Context
from ontologie.services.people import check_name

_PREFIX = "olk_"


class NewKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key with its token, which is shown once."""

    key: ApiKey
    token: str

    def __repr__(self) -> str:
        return f"NewKey({self.key.name})"


async def every(context: Context) -> list[ApiKey]:
    """All keys, the oldest first."""
    context.require(Role.ADMIN)
    async with context.pool.connection() as connection:
        return await api_keys.every(connection)


async def create(context: Context, *, name: str, scopes: Sequence[Scope]) -> NewKey:
    """A new key. Raises UsageError: USER_NAME_MALFORMED, API_SCOPE_NOT_GIVEN."""
    context.require(Role.ADMIN)
    checked = check_name(name)
    if not scopes:
        raise UsageError("no scope", code="API_SCOPE_NOT_GIVEN")
    token = _PREFIX + secrets.token_urlsafe(32)
    async with context.pool.connection() as connection:
        key = await api_keys.insert(
            connection,
            token,
            name=checked,
            scopes=[scope for scope in Scope if scope in scopes],
            created_by=context.actor.name,
            now=context.clock.now(),
        )
    return NewKey(key=key, token=token)


async def revoke(context: Context, key_id: int) -> None:
    """Let a key open nothing from now on."""
    context.require(Role.ADMIN)
    async with context.pool.connection() as connection:
        await api_keys.delete(connection, key_id)


async def recognise(context: Context, token: str) -> ApiKey | None:
    """The key that this is, or None."""
    if not token.startswith(_PREFIX):
        return None
    async with context.pool.connection() as connection:
        return await api_keys.by_token(connection, token, context.clock.now())


def actor(key: ApiKey) -> User:
    """Who acts when this key is used: a viewer, or an editor where it may write."""
    return User(id=0, name=key.name, role=Role.EDITOR if Scope.WRITE in key.scopes else Role.VIEWER)

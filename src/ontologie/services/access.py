"""Who may use the pages: one-time login links and sessions."""

from datetime import timedelta

from ontologie.database import users
from ontologie.model.user import Role, User
from ontologie.services.context import Context

_LINK_LIFE = timedelta(hours=12)
_SESSION_LIFE = timedelta(days=14)


async def login_link(context: Context) -> str:
    """The token of a link that logs the owner in, once."""
    context.require(Role.OWNER)
    now = context.clock.now()
    async with context.pool.connection() as connection:
        owner = await users.ensure_owner(connection, now)
        return await users.add_login_link(connection, owner, now + _LINK_LIFE)


async def redeem_login_link(context: Context, token: str) -> str | None:
    """A new session's token; None for a link that is unknown, used or expired."""
    now = context.clock.now()
    async with context.pool.connection() as connection, connection.transaction():
        user_id = await users.take_login_link(connection, token, now)
        if user_id is None:
            return None
        return await users.add_session(connection, user_id, now=now, expires_at=now + _SESSION_LIFE)


async def session_user(context: Context, token: str) -> User | None:
    """Whose session this is; None when there is none."""
    async with context.pool.connection() as connection:
        return await users.session_user(connection, token, context.clock.now())


async def end_session(context: Context, token: str) -> None:
    """Log out."""
    async with context.pool.connection() as connection:
        await users.end_session(connection, token)

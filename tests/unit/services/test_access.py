"""Login links and sessions: once, for a while, and for those who have the token."""

from datetime import timedelta

import pytest

from ontologie.clock import ManualClock
from ontologie.services import access
from ontologie.services.context import Context


async def advance(context: Context, duration: timedelta) -> None:
    assert isinstance(context.clock, ManualClock)
    await context.clock.advance(duration)


async def test_a_link_opens_one_session(context: Context) -> None:
    link = await access.login_link(context)
    session = await access.redeem_login_link(context, link)
    assert session is not None
    user = await access.session_user(context, session)
    assert user is not None
    assert user.role == "owner"
    assert await access.redeem_login_link(context, link) is None


async def test_a_link_is_good_for_twelve_hours(context: Context) -> None:
    link = await access.login_link(context)
    await advance(context, timedelta(hours=12, seconds=1))
    assert await access.redeem_login_link(context, link) is None


async def test_a_session_ends_by_itself_or_when_asked(context: Context) -> None:
    one = await access.redeem_login_link(context, await access.login_link(context))
    two = await access.redeem_login_link(context, await access.login_link(context))
    assert one is not None
    assert two is not None
    await access.end_session(context, one)
    assert await access.session_user(context, one) is None
    assert await access.session_user(context, two) is not None
    await advance(context, timedelta(days=15))
    assert await access.session_user(context, two) is None


@pytest.mark.parametrize("token", ["", "guess", "'", "é" * 100])
async def test_a_token_that_was_never_given_opens_nothing(context: Context, token: str) -> None:
    assert await access.redeem_login_link(context, token) is None
    assert await access.session_user(context, token) is None


async def test_no_token_is_stored_in_clear(context: Context) -> None:
    link = await access.login_link(context)
    session = await access.redeem_login_link(context, link)
    async with context.pool.connection() as connection:
        cursor = await connection.execute("SELECT s::text FROM sessions s UNION ALL SELECT l::text FROM login_links l")
        rows = [str(row) for row in await cursor.fetchall()]
    assert rows
    assert not any(link in row or str(session) in row for row in rows)

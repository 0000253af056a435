"""Login links, passwords and sessions: once, for a while, and for those who have the secret."""

import asyncio
from datetime import timedelta

import pytest

from ontologie.clock import ManualClock
from ontologie.database import sessions
from ontologie.errors import UsageError
from ontologie.model.user import Client, Role
from ontologie.services import access, people
from ontologie.services.context import Context

PASSWORD = "a horse, a battery"


async def advance(context: Context, duration: timedelta) -> None:
    assert isinstance(context.clock, ManualClock)
    await context.clock.advance(duration)


async def owner_session(context: Context, password: str | None = None) -> str:
    session = await access.redeem_login_link(context, await access.login_link(context), password=password)
    assert session is not None
    return session


async def test_a_link_opens_one_session(context: Context) -> None:
    link = await access.login_link(context)
    session = await access.redeem_login_link(context, link)
    assert session is not None
    user = await access.session_user(context, session)
    assert user is not None
    assert user.role is Role.OWNER
    assert await access.redeem_login_link(context, link) is None


async def test_looking_at_a_link_does_not_use_it_up(context: Context) -> None:
    link = await access.login_link(context)
    for _ in range(2):
        found = await access.link_user(context, link)
        assert found is not None
        assert found[0].name == "owner"
        assert not found[1]
    assert await access.redeem_login_link(context, link) is not None
    assert await access.link_user(context, link) is None


async def test_a_link_is_good_for_twelve_hours(context: Context) -> None:
    link = await access.login_link(context)
    await advance(context, timedelta(hours=12, seconds=1))
    assert await access.link_user(context, link) is None
    assert await access.redeem_login_link(context, link) is None


async def test_a_session_ends_by_itself_or_when_asked(context: Context) -> None:
    one, two = await owner_session(context), await owner_session(context)
    await access.end_session(context, one)
    assert await access.session_user(context, one) is None
    assert await access.session_user(context, two) is not None
    await advance(context, timedelta(days=15))
    assert await access.session_user(context, two) is None


@pytest.mark.parametrize("token", ["", "guess", "'", "é" * 100, "\udc80", "\x00"])
async def test_a_token_that_was_never_given_opens_nothing(context: Context, token: str) -> None:
    assert await access.redeem_login_link(context, token) is None
    assert await access.session_user(context, token) is None


async def test_a_password_set_with_the_link_logs_in_afterwards(context: Context) -> None:
    await owner_session(context, PASSWORD)
    session = await access.log_in(context, "OWNER", PASSWORD)
    user = await access.session_user(context, session)
    assert user is not None
    assert user.name == "owner"


async def test_a_weak_password_leaves_the_link_good(context: Context) -> None:
    link = await access.login_link(context)
    for weak in ("", "short", "aaaaaaaaaaaaaaaa", "x" * 5_000):
        with pytest.raises(UsageError) as raised:
            await access.redeem_login_link(context, link, password=weak)
        assert raised.value.code == "PASSWORD_WEAK"
    assert await access.redeem_login_link(context, link, password=PASSWORD) is not None


@pytest.mark.parametrize("login", ["owner", "nobody", "", "o@example.com", "\udc80"])
async def test_a_wrong_name_and_a_wrong_password_are_told_alike(context: Context, login: str) -> None:
    await owner_session(context, PASSWORD)
    with pytest.raises(UsageError) as raised:
        await access.log_in(context, login, "another password")
    assert raised.value.code == "LOGIN_FAILED"


async def test_who_has_no_password_cannot_log_in_with_one(context: Context) -> None:
    invited = await people.invite(context, name="Ada", email="ada@example.com", role=Role.VIEWER)
    for password in ("", "None", "nobody has this password"):
        with pytest.raises(UsageError) as raised:
            await access.log_in(context, invited.user.name, password)
        assert raised.value.code == "LOGIN_FAILED"


async def test_too_many_tries_lock_the_account_for_a_while_even_for_the_right_password(context: Context) -> None:
    await owner_session(context, PASSWORD)

    async def attempt(password: str) -> str:
        try:
            await access.log_in(context, "owner", password)
        except UsageError as error:
            return error.code
        return "in"

    codes = await asyncio.gather(*(attempt(f"guess number {number}") for number in range(14)))
    assert sorted(codes) == ["LOGIN_FAILED"] * 10 + ["LOGIN_LOCKED"] * 4
    assert await attempt(PASSWORD) == "LOGIN_LOCKED"
    await advance(context, timedelta(minutes=15, seconds=1))
    assert await attempt(PASSWORD) == "in"


async def test_one_address_cannot_guess_over_many_names(context: Context) -> None:
    client = Client(address="192.0.2.7")

    async def guess(number: int) -> str:
        with pytest.raises(UsageError) as raised:
            await access.log_in(context, f"user {number}", "x", client=client)
        return raised.value.code

    assert [await guess(number) for number in range(2)] == ["LOGIN_FAILED"] * 2
    async with context.pool.connection() as connection:
        for _ in range(46):  # counted as a guess is, without a password's hash for each
            await sessions.count_failure(
                connection, "address:192.0.2.7", now=context.clock.now(), window=timedelta(minutes=15)
            )
    assert [await guess(number) for number in range(2, 6)] == ["LOGIN_FAILED"] * 2 + ["LOGIN_LOCKED"] * 2


async def test_changing_the_password_needs_the_old_one_and_ends_the_other_sessions(context: Context) -> None:
    here, there = await owner_session(context, PASSWORD), await owner_session(context)
    user = await access.session_user(context, here)
    assert user is not None
    mine = context.acting_as(user)
    with pytest.raises(UsageError) as raised:
        await access.change_password(mine, old="not it", new="another long one", token=here)
    assert raised.value.code == "PASSWORD_WRONG"
    assert await access.session_user(context, there) is not None
    await access.change_password(mine, old=PASSWORD, new="another long one", token=here)
    assert await access.session_user(context, here) is not None
    assert await access.session_user(context, there) is None
    assert await access.log_in(context, "owner", "another long one")


async def test_sessions_are_listed_and_ended_by_their_user_only(context: Context) -> None:
    here = await owner_session(context)
    owner = await access.session_user(context, here)
    invited = await people.invite(context, name="Bo", email="bo@example.com", role=Role.ADMIN)
    theirs = await access.redeem_login_link(context, invited.token, client=Client(device="Firefox", address="::1"))
    assert owner is not None
    assert theirs is not None
    [listed] = await access.my_sessions(context.acting_as(invited.user), theirs)
    assert (listed.device, listed.address, listed.current) == ("Firefox", "::1", True)
    await access.end_my_session(context.acting_as(owner), listed.id)
    assert await access.session_user(context, theirs) is not None
    await access.end_my_session(context.acting_as(invited.user), listed.id)
    assert await access.session_user(context, theirs) is None


async def test_no_secret_is_stored_in_clear(context: Context) -> None:
    link = await access.login_link(context)
    session = await owner_session(context, PASSWORD)
    async with context.pool.connection() as connection:
        cursor = await connection.execute(
            "SELECT s::text FROM sessions s UNION ALL SELECT l::text FROM login_links l"
            " UNION ALL SELECT u::text FROM users u UNION ALL SELECT f::text FROM login_failures f"
        )
        rows = [str(row) for row in await cursor.fetchall()]
    assert len(rows) >= 3
    assert not any(secret in row for row in rows for secret in (link, session, PASSWORD))

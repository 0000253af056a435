"""Access tokens are refreshed by the clock, by one refresher at a time, and kept before they are used."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from ontologie.clock import ManualClock
from ontologie.errors import AuthorizationLost, RetryLater, Unreachable
from ontologie.httpclient.tokens import GivenCredentials, OAuthToken
from ontologie.model.credentials import OAuthCredentials, TokenCredentials

START = datetime(2026, 11, 24, 12, tzinfo=UTC)
LIFE = timedelta(minutes=30)


def issued(number: int, at: datetime) -> OAuthCredentials:
    return OAuthCredentials(
        client=None,
        access_token=f"access-{number}",
        refresh_token=f"refresh-{number}",
        issued_at=at,
        expires_at=at + LIFE,
    )


class Endpoint:
    """Gives a new pair each time, as a portal that rotates refresh tokens does; an old one is refused."""

    def __init__(self, clock: ManualClock) -> None:
        self._clock = clock
        self.refreshed_with: list[str] = []
        self.trouble: Exception | None = None

    async def refresh(self, credentials: OAuthCredentials) -> OAuthCredentials:
        await asyncio.sleep(0)
        if self.trouble is not None:
            raise self.trouble
        number = len(self.refreshed_with)
        if credentials.refresh_token != f"refresh-{number}":
            raise AuthorizationLost("an old one", code="HUBSPOT_TOKEN_REVOKED")
        self.refreshed_with.append(credentials.refresh_token)
        return issued(number + 1, self._clock.now())


class Worn:
    """A token of the given age, its keeper and its endpoint."""

    def __init__(self, age: timedelta) -> None:
        self.clock = ManualClock(START + age)
        self.keeper = GivenCredentials(issued(0, START))
        self.endpoint = Endpoint(self.clock)
        self.tokens = self.another()

    def another(self) -> OAuthToken:
        """What another worker has of it."""
        return OAuthToken(self.keeper, self.endpoint.refresh, self.clock)


@pytest.mark.parametrize(("minutes", "expected"), [(0, "access-0"), (23.9, "access-0"), (24, "access-1")])
async def test_it_is_refreshed_at_80_percent_of_its_life(minutes: float, expected: str) -> None:
    assert await Worn(timedelta(minutes=minutes)).tokens.current() == expected


async def test_many_requests_at_once_refresh_once() -> None:
    worn = Worn(LIFE)
    assert set(await asyncio.gather(*(worn.tokens.current() for _ in range(20)))) == {"access-1"}
    assert worn.endpoint.refreshed_with == ["refresh-0"]


async def test_a_refused_token_is_replaced_once_by_what_another_worker_has_got_meanwhile() -> None:
    worn = Worn(timedelta(minutes=5))
    mine, others = worn.tokens, worn.another()
    assert await mine.current() == await others.current() == "access-0"
    assert await others.renew("access-0")
    assert await mine.renew("access-0")
    assert await mine.current() == "access-1"
    assert worn.endpoint.refreshed_with == ["refresh-0"]


async def test_a_rotated_refresh_token_is_kept_before_the_access_token_is_used() -> None:
    worn = Worn(LIFE)
    await worn.tokens.current()
    kept = await worn.keeper.read()
    assert isinstance(kept, OAuthCredentials)
    assert kept.refresh_token == "refresh-1"
    await worn.clock.advance(LIFE)
    assert await worn.another().current() == "access-2"


async def test_a_refresh_that_fails_for_a_while_leaves_the_token_in_use_until_its_end() -> None:
    worn = Worn(timedelta(minutes=25))
    worn.endpoint.trouble = Unreachable("down")
    assert await worn.tokens.current() == "access-0"
    await worn.clock.advance(timedelta(minutes=5))
    with pytest.raises(RetryLater):
        await worn.tokens.current()
    worn.endpoint.trouble = None
    assert await worn.tokens.current() == "access-1"


async def test_a_withdrawn_authorization_is_told_as_one() -> None:
    worn = Worn(LIFE)
    worn.endpoint.trouble = AuthorizationLost("no", code="HUBSPOT_TOKEN_REVOKED")
    with pytest.raises(AuthorizationLost):
        await worn.tokens.current()


async def test_a_source_that_was_reconnected_with_a_pasted_token_meanwhile_stops_the_old_session() -> None:
    worn = Worn(LIFE)
    worn.keeper.credentials = TokenCredentials(token="pat-eu1-other")
    with pytest.raises(AuthorizationLost):
        await worn.tokens.current()


def test_nothing_of_it_shows() -> None:
    worn = Worn(LIFE)
    shown = f"{worn.tokens!r}{worn.keeper!r}{worn.keeper.credentials!r}"
    assert "access-" not in shown
    assert "refresh-" not in shown

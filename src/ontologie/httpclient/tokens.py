"""Where bearer tokens come from: one that never changes, or one that is refreshed by the clock."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Protocol

import structlog

from ontologie.clock import Clock
from ontologie.errors import AuthorizationLost, RetryLater
from ontologie.model.credentials import Credentials, OAuthCredentials

_LIFE_USED = 0.8
"""The share of a token's life after which it is refreshed: a 401 is no valid sign that it must be (HubSpot's docs)."""
_NEXT_TRY = timedelta(seconds=30)
log = structlog.get_logger(__name__)


class TokenSource(Protocol):
    """Gives the token of the moment."""

    async def current(self) -> str:
        """A token believed to be valid. Raises AuthorizationLost when there is none to be had."""
        ...

    async def renew(self, expired: str) -> bool:
        """Replace ``expired``; False when this source cannot. Called at most once per request."""
        ...


class HeldCredentials(Protocol):
    """Credentials that nobody else replaces meanwhile."""

    credentials: Credentials

    async def replace(self, credentials: Credentials) -> None:
        """Keep these instead. Durable once the hold has ended."""
        ...


class CredentialKeeper(Protocol):
    """Where an account's credentials are kept."""

    async def read(self) -> Credentials:
        """What is kept now."""
        ...

    def held(self) -> AbstractAsyncContextManager[HeldCredentials]:
        """Hold them alone, against every other process too."""
        ...


class GivenCredentials:
    """A keeper of credentials that are stored nowhere (yet): kept for the life of this object."""

    def __init__(self, credentials: Credentials) -> None:
        self.credentials = credentials

    def __repr__(self) -> str:
        return "GivenCredentials(…)"

    async def read(self) -> Credentials:
        return self.credentials

    @contextlib.asynccontextmanager
    async def held(self) -> AsyncIterator[HeldCredentials]:
        yield self

    async def replace(self, credentials: Credentials) -> None:
        self.credentials = credentials


class StaticToken:
    """A token that never changes: a private app's, or a service key."""

    def __init__(self, token: str) -> None:
        self._token = token

    async def current(self) -> str:
        return self._token

    async def renew(self, expired: str) -> bool:
        return False

    def __repr__(self) -> str:
        return "StaticToken(…)"


class OAuthToken:
    """An access token, refreshed at 80 % of its life by one process at a time, and once more when it was refused.

    What the refresh brought is kept before it is used: a refresh token that rotates is never lost to a crash after it.
    """

    def __init__(
        self,
        keeper: CredentialKeeper,
        refresh: Callable[[OAuthCredentials], Awaitable[OAuthCredentials]],
        clock: Clock,
    ) -> None:
        self._keeper = keeper
        self._refresh = refresh
        self._clock = clock
        self._known: OAuthCredentials | None = None
        self._alone = asyncio.Lock()
        self._not_before = clock.now()

    def __repr__(self) -> str:
        return "OAuthToken(…)"

    async def current(self) -> str:
        known = self._known or _oauth(await self._keeper.read())
        self._known = known
        if not self._due(known) or self._clock.now() < self._not_before:
            return known.access_token
        try:
            return await self._refreshed(known.access_token)
        except RetryLater as error:
            if self._clock.now() >= known.expires_at:
                raise
            log.warning("token_refresh_postponed", code=error.code)  # the old one is good for a while yet
            self._not_before = self._clock.now() + _NEXT_TRY
            return known.access_token

    async def renew(self, expired: str) -> bool:
        await self._refreshed(expired)
        return True

    async def _refreshed(self, stale: str) -> str:
        """A token other than ``stale``: the one that another worker has got meanwhile, else a new one."""
        async with self._alone:
            known = self._known
            if known is not None and known.access_token != stale:
                return known.access_token
            async with self._keeper.held() as held:
                found = _oauth(held.credentials)
                if found.access_token == stale or self._due(found):
                    found = await self._refresh(found)
                    await held.replace(found)
            self._known = found
            return found.access_token

    def _due(self, known: OAuthCredentials) -> bool:
        return self._clock.now() >= known.issued_at + (known.expires_at - known.issued_at) * _LIFE_USED


def _oauth(credentials: Credentials) -> OAuthCredentials:
    if isinstance(credentials, OAuthCredentials):
        return credentials
    raise AuthorizationLost("the source was reconnected with a token meanwhile")

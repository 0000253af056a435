"""Where bearer tokens come from. OAuth will be a second implementation of the same seam."""

from typing import Protocol


class TokenSource(Protocol):
    """Gives the token of the moment."""

    async def current(self) -> str:
        """A token believed to be valid. Raises AuthorizationLost when there is none to be had."""
        ...

    async def renew(self, expired: str) -> bool:
        """Replace ``expired``; False when this source cannot. Called at most once per request."""
        ...


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

"""What opens an account. Never shown: the ``repr`` of every value here tells nothing."""

from datetime import datetime

import msgspec


class TokenCredentials(msgspec.Struct, frozen=True, kw_only=True, tag="token"):
    """A token that is pasted once and does not expire: a service key, or a legacy private app's."""

    token: str

    def __repr__(self) -> str:
        return "TokenCredentials(…)"


class OAuthClient(msgspec.Struct, frozen=True, kw_only=True):
    """An OAuth app, registered with the vendor."""

    client_id: str
    client_secret: str

    def __repr__(self) -> str:
        return f"OAuthClient({self.client_id})"


class OAuthCredentials(msgspec.Struct, frozen=True, kw_only=True, tag="oauth"):
    """What an account granted to an OAuth app."""

    client: OAuthClient | None
    """The source's own app. None: the one that the operator has set for the installation."""
    access_token: str
    refresh_token: str
    issued_at: datetime
    """Both moments by our clock."""
    expires_at: datetime

    def __repr__(self) -> str:
        return "OAuthCredentials(…)"


Credentials = TokenCredentials | OAuthCredentials
_decode = msgspec.json.Decoder(Credentials).decode


def to_text(credentials: Credentials) -> str:
    """The text that is sealed."""
    return msgspec.json.encode(credentials).decode()


def from_text(text: str) -> Credentials:
    """The credentials again. Earlier versions sealed the bare token."""
    return _decode(text) if text.startswith("{") else TokenCredentials(token=text)

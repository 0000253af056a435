"""Keys by which programs use the API."""

import enum
from datetime import datetime

import msgspec


class Scope(enum.StrEnum):
    """What a key opens."""

    READ = "read:livedata"
    """Sources, streams, records, runs."""
    WRITE = "write:livedata"
    """Starting syncs."""


class ApiKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key as the list of keys shows one; the key itself is shown once, when it is made."""

    id: int
    name: str
    begins: str
    """Its first characters."""
    scopes: tuple[Scope, ...]
    created_by: str
    created_at: datetime
    last_used_at: datetime | None

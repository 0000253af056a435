"""A configured connector."""

from datetime import datetime

import msgspec

from ontologie.model.reference import Account


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """One HubSpot account as the user configured it. Its credentials are kept apart."""

    id: int
    workspace_id: int
    name: str
    connector: str
    api_url: str
    schema_name: str
    streams: tuple[str, ...]
    excluded_properties: dict[str, tuple[str, ...]]
    """By object type."""
    sensitive: bool
    """Also read the properties that HubSpot holds as sensitive."""
    frequency: str
    paused: bool
    account: Account | None
    next_run_at: datetime | None
    created_at: datetime
    failures: int = 0
    """Runs in a row that ended with an error."""

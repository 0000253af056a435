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


class DailyQuota(msgspec.Struct, frozen=True, kw_only=True):
    """What an account grants in a day, in requests over all its apps, as it told last."""

    limit: int
    left: int
    told_at: datetime

    @property
    def used_share(self) -> float:
        """From 0 to 1."""
        return min(1.0, max(0.0, 1 - self.left / self.limit)) if self.limit else 0.0

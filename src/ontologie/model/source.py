"""A configured connector."""

from datetime import datetime

import msgspec

from ontologie.model.address import on_this_machine
from ontologie.model.frequency import MANUAL
from ontologie.model.object_types import Called
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
    hard_delete: bool = False
    """The rows of records that the account has deleted, merged or erased are removed instead of marked."""
    called: dict[str, Called] = {}
    """What the account calls its own object types, as last seen; those it no longer has among them."""

    def retries_by_itself(self, failures_before_alarm: int) -> bool:
        """What failed is tried again without anybody's doing, and has not failed so often that it is told."""
        waits_for_nobody = self.frequency != MANUAL and not self.paused
        return waits_for_nobody and self.failures < failures_before_alarm

    @property
    def simulated(self) -> bool:
        """Its account is a simulated portal: invented data, and marked so wherever it is shown."""
        return on_this_machine(self.api_url)


class DailyQuota(msgspec.Struct, frozen=True, kw_only=True):
    """What an account grants in a day, in requests over all its apps, as it told last."""

    limit: int
    left: int
    told_at: datetime

    @property
    def used_share(self) -> float:
        """From 0 to 1."""
        return min(1.0, max(0.0, 1 - self.left / self.limit)) if self.limit else 0.0

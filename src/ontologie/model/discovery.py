"""What a test of a connection found."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec

from ontologie.model.object_types import Called
from ontologie.model.reference import Account


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """The limits in force, as the API's answers told; None where they did not."""

    requests: int | None = None
    """In any window of ``interval``, for this app."""
    interval: timedelta | None = None
    searches_per_s: int | None = None
    daily: int | None = None
    """For the whole account, all apps counted."""
    daily_left: int | None = None
    plan: str | None = None
    """``starter`` (or free), ``professional``, ``enterprise``, as far as the limits give it away."""
    answered_at: datetime | None = None
    """The API's own clock in its last answer, to the second."""


class Estimate(msgspec.Struct, frozen=True, kw_only=True):
    """What a first sync takes, when nothing else uses the account's budgets."""

    duration: timedelta
    requests: int


class ObjectDiscovery(msgspec.Struct, frozen=True, kw_only=True):
    """One object type: what is there, or why it cannot be read."""

    object_type: str
    records: int | None = None
    """None also where it can be read and the count has not come in time."""
    properties: int | None = None
    custom_properties: int | None = None
    problem_code: str | None = None
    problem_params: dict[str, str | int] = {}

    @property
    def ready(self) -> bool:
        return self.problem_code is None

    @property
    def silent(self) -> bool:
        """Nothing has come in time: whether it can be read is not known, and a sync will see."""
        return self.problem_code == "HUBSPOT_TIMEOUT"


class StreamDiscovery(msgspec.Struct, frozen=True, kw_only=True):
    """One stream. It is offered when at least one of its object types can be read, or has not answered yet."""

    name: str
    called: Called | None = None
    """What the account calls it, where it is the account's own."""
    optional: bool
    objects: tuple[ObjectDiscovery, ...]

    @property
    def label(self) -> str:
        """Empty where it is none of the account's own."""
        return self.called.many if self.called else ""

    @property
    def ready(self) -> bool:
        return any(item.ready for item in self.objects)

    @property
    def complete(self) -> bool:
        return all(item.ready for item in self.objects)

    @property
    def offered(self) -> bool:
        return any(item.ready or item.silent for item in self.objects)

    @property
    def silent(self) -> bool:
        """No object type can be read as far as is known, and one at least has not answered."""
        return self.offered and not self.ready

    @property
    def counted(self) -> bool:
        """``records`` is all that can be read, not only what was counted in time."""
        return not any(item.silent or (item.ready and item.records is None) for item in self.objects)

    @property
    def records(self) -> int | None:
        """As far as was counted in time; None where nothing was."""
        known = [item.records for item in self.objects if item.records is not None]
        return sum(known) if known else None

    @property
    def properties(self) -> int:
        """Of all its object types that can be read."""
        return sum(item.properties or 0 for item in self.objects)

    @property
    def custom_properties(self) -> int:
        return sum(item.custom_properties or 0 for item in self.objects)

    @property
    def problem(self) -> ObjectDiscovery | None:
        """The first object type that cannot be read."""
        return next((item for item in self.objects if not item.ready), None)


class Discovery(msgspec.Struct, frozen=True, kw_only=True):
    """One test of a connection."""

    account: Account
    streams: tuple[StreamDiscovery, ...]
    limits: Limits
    estimate: Estimate
    """Of a first sync of all that is ready."""
    seconds: float

    @property
    def counted(self) -> bool:
        """All that can be read was counted in time: the estimate is of all of it."""
        return all(stream.counted for stream in self.streams)

    def called(self) -> dict[str, Called]:
        """What the account calls its own types, by their names."""
        return {stream.name: stream.called for stream in self.streams if stream.called}

    def records(self) -> Mapping[str, int]:
        """Records by object type, of those that can be read."""
        return {
            item.object_type: item.records
            for stream in self.streams
            for item in stream.objects
            if item.ready and item.records is not None
        }

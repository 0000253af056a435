"""Bad days: what a real portal does to its clients now and then, by probability and seed."""

import random
from typing import Any, TypeVar

import msgspec

from hubspot_simulator.errors import ApiError

T = TypeVar("T")


class BadDays(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Probabilities between 0 and 1 of each mishap; all zero is a good day.

    ``families`` limits them to some endpoint families (``objects``, ``search``, ``batch_read`` …; empty: all).
    ``object_types`` limits the troubles of a connection and the statuses to calls about these types (empty: all).
    ``duplicate_rows``: a page starts with the last record of the one before, as when a record moved to a later page.
    ``moving_rows``: a page lacks its last record, as when it moved to a page already read: this reading misses it.
    ``hidden_rows``: the share of the records that lists and searches leave out, always the same ones; they are there.
    ``partial_batches``: a batch read, of records or of associations, answers for half of the records asked, and says
    that it failed for the others.
    ``spoilt_records``: the share of the records that are what no client expects (:mod:`hubspot_simulator.spoilt`).
    ``search_lag_s``: records touched in the last seconds are not found by searches yet.
    """

    families: tuple[str, ...] = ()
    object_types: tuple[str, ...] = ()
    rate_404: float = 0
    rate_429: float = 0
    rate_423: float = 0
    rate_477: float = 0
    rate_500: float = 0
    rate_502: float = 0
    rate_503: float = 0
    rate_504: float = 0
    rate_521: float = 0
    rate_522: float = 0
    rate_523: float = 0
    rate_524: float = 0
    reset: float = 0
    truncated: float = 0
    malformed: float = 0
    stall: float = 0
    stall_s: float = 30
    migration_retry_after_s: int = 60
    search_lag_s: float = 0
    search_disorder: float = 0
    short_pages: float = 0
    duplicate_rows: float = 0
    moving_rows: float = 0
    hidden_rows: float = 0
    partial_batches: float = 0
    spoilt_records: float = 0
    repeating_cursor: float = 0

    def __post_init__(self) -> None:
        """Raise ValueError naming the switch, its value and what is allowed."""
        for name in PROBABILITIES:
            value = getattr(self, name)
            if not 0 <= value <= 1:
                raise ValueError(f"{name} is a probability between 0 and 1, not {value}")
        for name in SECONDS:
            if getattr(self, name) < 0:
                raise ValueError(f"{name} must not be negative, not {getattr(self, name)}")


SECONDS = ("stall_s", "migration_retry_after_s", "search_lag_s")
STATUSES = (404, 429, 423, 477, 500, 502, 503, 504, 521, 522, 523, 524)
PROBABILITIES = (
    *(f"rate_{status}" for status in STATUSES),
    "reset",
    "truncated",
    "malformed",
    "stall",
    "search_disorder",
    "short_pages",
    "duplicate_rows",
    "moving_rows",
    "hidden_rows",
    "partial_batches",
    "spoilt_records",
    "repeating_cursor",
)
_TEXTS = {
    404: "resource not found",
    429: "You have reached your ten_secondly_rolling limit.",
    423: "The record is locked. Please retry in a few seconds.",
    477: "Migration in progress",
    500: "internal error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
    521: "Web server is down",
    522: "Connection timed out",
    523: "Origin is unreachable",
    524: "A timeout occurred",
}


class Mischief:
    """Draws the mishaps of a portal; the same seed and the same requests draw the same ones."""

    def __init__(self, seed: int) -> None:
        self._draw = random.Random(f"{seed}/bad days")
        self.days = BadDays()

    def strikes(self, name: str, family: str, object_type: str | None = None) -> bool:
        """Whether the mishap of this name happens to this request."""
        rate = getattr(self.days, name)
        if self.days.object_types and object_type not in self.days.object_types:
            return False
        if not rate or (self.days.families and family not in self.days.families):
            return False
        return bool(self._draw.random() < rate)

    def marks(self, name: str, family: str, index: int) -> bool:
        """Whether the mishap of this name is this record's: a share of them, always the same."""
        if self.days.families and family not in self.days.families:
            return False
        drawn = ((index + 1) * 2_654_435_761 + len(name) * 40_503 >> 7) % 1_000
        return bool(drawn < getattr(self.days, name) * 1_000)

    def raise_status(self, family: str, object_type: str | None) -> None:
        """Raise one of the statuses without a cause, when its turn has come."""
        for status in STATUSES:
            if self.strikes(f"rate_{status}", family, object_type):
                raise self._error(status)

    def _error(self, status: int) -> ApiError:
        body: dict[str, Any] = {"status": "error", "message": _TEXTS[status]}
        if status == 429:  # noqa: PLR2004 - the status is the name
            body |= {"errorType": "RATE_LIMIT", "policyName": "TEN_SECONDLY_ROLLING"}
        retry_after = {"Retry-After": str(self.days.migration_retry_after_s)} if status == 477 else {}  # noqa: PLR2004
        return ApiError(status, body, retry_after)

    def shuffled(self, items: list[T]) -> list[T]:
        """The items in another order."""
        return self._draw.sample(items, len(items))

    def cut(self, size: int) -> int:
        """Somewhere inside ``size`` bytes."""
        return self._draw.randrange(1, size) if size > 1 else 0

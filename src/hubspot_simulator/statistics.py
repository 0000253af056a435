"""How many requests each endpoint family has had, and how they ended."""

from collections.abc import Iterator
from contextlib import contextmanager

import msgspec


class Count(msgspec.Struct, kw_only=True):
    """Requests of one family."""

    requests: int = 0
    rate_limited: int = 0
    errors: int = 0


class Statistics:
    """Counts by family: ``objects``, ``search``, ``batch``, ``associations``, ``properties`` and so on."""

    def __init__(self) -> None:
        self.families: dict[str, Count] = {}
        self.most_at_once = 0
        """Requests that were being answered at the same moment."""
        self._now = 0

    @contextmanager
    def answering(self) -> Iterator[None]:
        """While a request is being answered."""
        self._now += 1
        self.most_at_once = max(self.most_at_once, self._now)
        try:
            yield
        finally:
            self._now -= 1

    def note(self, family: str, status: int) -> None:
        """Count a finished request."""
        count = self.families.setdefault(family, Count())
        count.requests += 1
        if status == 429:  # noqa: PLR2004 - the status is the name
            count.rate_limited += 1
        elif status >= 400:  # noqa: PLR2004
            count.errors += 1

    @property
    def requests(self) -> int:
        """All requests."""
        return sum(count.requests for count in self.families.values())

    @property
    def rate_limited(self) -> int:
        """All 429s."""
        return sum(count.rate_limited for count in self.families.values())

    def reset(self) -> None:
        """Start again from zero."""
        self.families.clear()
        self.most_at_once = 0

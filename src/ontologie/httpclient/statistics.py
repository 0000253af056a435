"""What a client did, counted."""

from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType


class Statistics:
    """Counts since the client was made. Requests are counted per attempt: that is what a quota counts."""

    def __init__(self) -> None:
        self._requests: Counter[str] = Counter()
        self.refusals = 0
        """Answers with status 429."""
        self.retries = 0

    def sent(self, object_type: str) -> None:
        self._requests[object_type] += 1

    @property
    def requests_by_object_type(self) -> Mapping[str, int]:
        """A live view; ``""`` counts requests for no type."""
        return MappingProxyType(self._requests)

"""What a client did, counted, and how long the answers took."""

from collections import Counter
from collections.abc import Iterable, Mapping
from types import MappingProxyType

_USUAL_LATENCY_S = 0.3
_WEIGHT = 0.1
"""Of the newest answer in the latency that we reckon with."""


class Statistics:
    """Counts since the client was made. Requests are counted per attempt: that is what a quota counts."""

    def __init__(self) -> None:
        self._requests: Counter[str] = Counter()
        self._latencies: dict[str, float] = {}
        self.refusals = 0
        """Answers with status 429."""
        self.retries = 0

    def sent(self, object_type: str) -> None:
        self._requests[object_type] += 1

    @property
    def requests_by_object_type(self) -> Mapping[str, int]:
        """A live view; ``""`` counts requests for no type."""
        return MappingProxyType(self._requests)

    def answered(self, budgets: Iterable[str], seconds: float) -> None:
        """An answer came so long after its request was sent."""
        for name in budgets:
            before = self._latencies.get(name, seconds)
            self._latencies[name] = before + (seconds - before) * _WEIGHT

    def latency_s(self, budget: str) -> float:
        """How long answers to the requests of this budget take now, in seconds; a usual time before the first."""
        return self._latencies.get(budget, _USUAL_LATENCY_S)

"""One budget of requests: at most so many in any window of time."""

import contextlib
from collections import deque
from collections.abc import Iterator
from datetime import timedelta

import msgspec

from ontologie.clock import Clock
from ontologie.httpclient.request import Priority

_RECOVERY_PER_S = 0.1
_MARGIN_GROWTH = 1.5
_MAX_MARGIN_SHARE = 0.2
_LONGEST_PAUSE = timedelta(seconds=1)


class BudgetTerms(msgspec.Struct, frozen=True, kw_only=True):
    """What a server grants: ``limit`` requests per ``interval``, and how much of it we take."""

    limit: int
    interval: timedelta
    free_share: float = 0.0
    """The fraction left to others (0 to 1), unless someone who uses the budget asks for more of it."""
    reserve: int = 0
    """Requests kept back for interactive calls."""
    margin: timedelta = timedelta(milliseconds=60)
    """Added to the interval: the server counts at arrival, we count when we send."""
    floor: float = 0.1
    """The smallest part of the limit we shrink to after refusals."""


class RequestBudget:
    """Never lets more than ``limit`` sends happen in any window of ``interval`` plus the margin.

    A refusal by the server (429) halves what we take, once per interval, and widens the margin; each second without
    a refusal gives back a tenth.
    """

    def __init__(self, terms: BudgetTerms, clock: Clock) -> None:
        self._terms = terms
        self._clock = clock
        self._sent: deque[float] = deque()
        self._margin = terms.margin
        self._factor = 1.0
        self._factor_since = clock.monotonic()
        self._closed_until = float("-inf")
        self._refused_at = float("-inf")
        self._shares: list[float] = []

    @property
    def limit(self) -> int:
        """The server's limit as far as we know it, in requests per interval."""
        return self._terms.limit

    @property
    def interval(self) -> timedelta:
        return self._terms.interval

    @property
    def granted_per_s(self) -> float:
        """Requests per second: the limit as far as we know it, less what refusals have taken from it for a while."""
        self._recover(self._clock.monotonic())
        return self._terms.limit * self._factor / self._terms.interval.total_seconds()

    def used(self) -> int:
        """Sends of the last interval."""
        since = self._clock.monotonic() - self._terms.interval.total_seconds()
        return sum(moment > since for moment in self._sent)

    @property
    def free_share(self) -> float:
        """The fraction left to others now: the smallest of what those who use the budget asked to leave."""
        return min(self._shares, default=self._terms.free_share)

    @contextlib.contextmanager
    def leaving(self, share: float) -> Iterator[None]:
        """While this lasts, ``share`` is left to others, or less when another user of the budget leaves less.

        The smallest counts for all: a modest request that waited would never get its turn beside a greedy one.
        """
        self._shares.append(share)
        try:
            yield
        finally:
            self._shares.remove(share)

    @property
    def margin(self) -> timedelta:
        return self._margin

    def adjust(self, *, limit: int, interval: timedelta) -> None:
        """Take over the limit that the server tells; nonsense is ignored."""
        if limit > 0 and interval > timedelta(0) and (limit, interval) != (self._terms.limit, self._terms.interval):
            self._terms = msgspec.structs.replace(self._terms, limit=limit, interval=interval)

    def refused(self, retry_after: timedelta | None = None) -> None:
        """The server said 429: halve (once per interval), widen the margin, pause."""
        now = self._clock.monotonic()
        pause = retry_after if retry_after is not None else min(self._terms.interval, _LONGEST_PAUSE)
        self._closed_until = max(self._closed_until, now + pause.total_seconds())
        if now - self._refused_at < self._window():
            return  # the same burst of refusals
        self._refused_at = now
        self._recover(now)
        self._factor = max(self._terms.floor, self._factor / 2)
        self._factor_since = now
        self._margin = min(self._margin * _MARGIN_GROWTH, max(self._terms.interval * _MAX_MARGIN_SHARE, self._margin))

    def opens_at(self, priority: Priority, now: float) -> float:
        """The monotonic moment from which one request of ``priority`` may be sent; ``now`` or earlier: at once."""
        self._recover(now)
        window = self._window()
        while self._sent and self._sent[0] <= now - window:
            self._sent.popleft()
        allowed = self._allowed(priority)
        free_at = now
        if len(self._sent) >= allowed:
            free_at = self._sent[len(self._sent) - allowed] + window
        return max(free_at, self._closed_until)

    def spend(self) -> float:
        """Count one send, now; the moment it is counted at."""
        now = self._clock.monotonic()
        self._sent.append(now)
        return now

    def absorb(self, other: "RequestBudget") -> None:
        """Count what was counted on another budget that turns out to be the same one for the server."""
        if other is not self:
            self._sent = deque(sorted([*self._sent, *other._sent]))

    def postpone(self, counted_at: float) -> float:
        """Count a send that was counted at this moment now instead; the moment it is counted at."""
        with contextlib.suppress(ValueError):  # so late that its window is over: then it counts once more
            self._sent.remove(counted_at)
        return self.spend()

    def _allowed(self, priority: Priority) -> int:
        full = self._terms.limit * self._factor
        if priority is Priority.INTERACTIVE:
            return max(1, int(full))
        return max(1, min(int(full * (1 - self.free_share)), int(full) - self._terms.reserve))

    def _window(self) -> float:
        return (self._terms.interval + self._margin).total_seconds()

    def _recover(self, now: float) -> None:
        steps = int(now - self._factor_since)
        if steps > 0:
            self._factor = min(1.0, self._factor + steps * _RECOVERY_PER_S)
            self._factor_since += steps

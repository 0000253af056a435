"""Now and sleep, real and manual. Nobody else calls ``datetime.now`` or ``asyncio.sleep``."""

import asyncio
import heapq
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time and waits. Inject it wherever time matters, so that tests never wait."""

    def now(self) -> datetime:
        """The present moment, always in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds since an arbitrary start; never goes back."""
        ...

    async def sleep(self, duration: timedelta) -> None:
        """Return once ``duration`` has passed; at once when it is zero or negative."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, duration: timedelta) -> None:
        await asyncio.sleep(max(0.0, duration.total_seconds()))


class ManualClock:
    """A clock that stands still until :meth:`advance` is called; sleepers wake in order of their time."""

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._elapsed = timedelta(0)
        self._sleepers: list[tuple[timedelta, int, asyncio.Future[None]]] = []
        self._count = 0

    def now(self) -> datetime:
        return self._start + self._elapsed

    def monotonic(self) -> float:
        return self._elapsed.total_seconds()

    async def sleep(self, duration: timedelta) -> None:
        if duration <= timedelta(0):
            await asyncio.sleep(0)
            return
        wake: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._count += 1
        heapq.heappush(self._sleepers, (self._elapsed + duration, self._count, wake))
        await wake

    async def advance(self, duration: timedelta) -> None:
        """Let ``duration`` pass, waking each sleeper at its own moment."""
        target = self._elapsed + duration
        while self._sleepers and self._sleepers[0][0] <= target:
            self._elapsed, _, wake = heapq.heappop(self._sleepers)
            if not wake.done():
                wake.set_result(None)
            for _ in range(10):  # let the woken task run up to its next wait
                await asyncio.sleep(0)
        self._elapsed = target

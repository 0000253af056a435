"""An event loop whose time passes only while all wait: hours of latency in a moment, the same every time."""

import asyncio
import selectors
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

T = TypeVar("T")


class _Selector(selectors.DefaultSelector):
    """Does not wait: it moves the time on to when the loop wants to wake."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise RuntimeError("everybody waits for something that never comes")
        self.now += max(0.0, timeout)
        return super().select(0)


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._virtual = _Selector()
        super().__init__(self._virtual)

    def time(self) -> float:
        return self._virtual.now


class LoopClock:
    """See :class:`ontologie.clock.Clock`: the time of the running loop."""

    def now(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()

    async def sleep(self, duration: timedelta) -> None:
        await asyncio.sleep(max(0.0, duration.total_seconds()))


def run(work: Coroutine[Any, Any, T]) -> tuple[T, float]:
    """What ``work`` gives, and the seconds it took of the loop's time. No sockets: nothing outside has this time."""
    with asyncio.Runner(loop_factory=_Loop) as runner:
        return runner.run(work), runner.get_loop().time()

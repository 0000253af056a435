"""Ending a slice early: because someone cancels, or because the process has to leave."""

import asyncio
import enum
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any, TypeVar

from ontologie import tasks
from ontologie.clock import Clock

T = TypeVar("T")


class Stop(enum.Enum):
    """Why the reading of an object type ended."""

    DONE = enum.auto()
    SLICE_OVER = enum.auto()
    LIMIT_REACHED = enum.auto()
    CANCELLED = enum.auto()
    FAILED = enum.auto()


class Interruption:
    """Asks a slice to end at its next commit, and ends it in the middle when that takes too long.

    Both leave a clean checkpoint: what was not committed is read again.
    """

    def __init__(self) -> None:
        self.stop: Stop | None = None
        self._asked = asyncio.Event()
        self._patience = timedelta(0)

    def ask(self, stop: Stop, *, patience: timedelta) -> None:
        """End with ``stop`` within ``patience``. The first to ask decides."""
        if self.stop is None:
            self.stop = stop
            self._patience = patience
            self._asked.set()

    async def bound(self, clock: Clock, work: Coroutine[Any, Any, T]) -> T | None:
        """The result of ``work``; None when it did not end within the patience and was cut off."""
        try:
            return await tasks.unless(self._run_out(clock), work)
        except tasks.CutOff:
            return None

    async def _run_out(self, clock: Clock) -> None:
        await self._asked.wait()
        await clock.sleep(self._patience)

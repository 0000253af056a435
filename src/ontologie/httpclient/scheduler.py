"""Who may send next, over all budgets of one account."""

import asyncio
import itertools
from collections.abc import Mapping
from datetime import timedelta

from ontologie.clock import Clock
from ontologie.httpclient.budget import BudgetTerms, RequestBudget
from ontologie.httpclient.request import Priority, Request

_SHORTEST_WAIT = timedelta(milliseconds=1)


class Scheduler:
    """Lets requests go as soon as all of their budgets allow it: by priority, first come first served within one.

    A request that waits for one budget holds back only later requests for that same budget. Several clients, also
    one after another, may share a scheduler: that is how an account's budget survives the end of a session.
    """

    def __init__(self, budgets: Mapping[str, BudgetTerms], clock: Clock) -> None:
        self._clock = clock
        self._budgets = {name: RequestBudget(terms, clock) for name, terms in budgets.items()}
        self._waiting: list[_Waiter] = []
        self._order = itertools.count()
        self._pump: asyncio.Task[None] | None = None

    def budget(self, name: str) -> RequestBudget:
        return self._budgets[name]

    def share(self, name: str, budget: RequestBudget) -> None:
        """Count against a budget that other schedulers use too."""
        self._budgets[name] = budget

    def names(self) -> tuple[str, ...]:
        return tuple(self._budgets)

    async def admit(self, request: Request) -> None:
        """Return when the request may be sent; its sends are then counted."""
        waiter = _Waiter(request, next(self._order))
        self._waiting.append(waiter)
        self._waiting.sort(key=_Waiter.rank)
        self._wake()
        try:
            counted_at = await waiter.turn
            for name, moment in zip(request.budgets, counted_at, strict=True):
                self._budgets[name].postpone(moment)
        finally:
            if waiter in self._waiting:
                self._waiting.remove(waiter)

    def _wake(self) -> None:
        """Serve who can be served now, and keep a task alive for the others. A sleeping pump is replaced:
        the newcomer may be due before it wakes."""
        delay = self._serve()
        if self._pump is not None:
            self._pump.cancel()
            self._pump = None
        if delay is not None:
            self._pump = asyncio.get_running_loop().create_task(self._serve_later(delay))

    async def _serve_later(self, delay: timedelta | None) -> None:
        while delay is not None:
            await self._clock.sleep(max(delay, _SHORTEST_WAIT))
            delay = self._serve()
        self._pump = None

    def _serve(self) -> timedelta | None:
        """Release whoever may go; the time until the next one could, None when nobody waits."""
        now = self._clock.monotonic()
        closed: set[str] = set()
        soonest: float | None = None
        for waiter in tuple(self._waiting):
            names = waiter.request.budgets
            opens = {name: self._budgets[name].opens_at(waiter.request.priority, now) for name in names}
            late = {name for name, moment in opens.items() if moment > now}
            if late or closed.intersection(names):
                closed |= late
                if late:
                    due = max(opens[name] for name in late)
                    soonest = due if soonest is None else min(soonest, due)
                continue
            self._release(waiter)
        return None if soonest is None else timedelta(seconds=soonest - now)

    def _release(self, waiter: "_Waiter") -> None:
        self._waiting.remove(waiter)
        if waiter.turn.done():  # its task was cancelled
            return
        counted_at = [self._budgets[name].spend() for name in waiter.request.budgets]
        waiter.turn.set_result(counted_at)


class _Waiter:
    def __init__(self, request: Request, order: int) -> None:
        self.request = request
        self.order = order
        self.turn: asyncio.Future[list[float]] = asyncio.get_running_loop().create_future()

    def rank(self) -> tuple[Priority, int]:
        return (self.request.priority, self.order)

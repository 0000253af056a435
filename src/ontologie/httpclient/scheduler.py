"""Who may send next, over all budgets of one account."""

import asyncio
import contextlib
import itertools
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from ontologie.clock import Clock
from ontologie.httpclient.budget import BudgetTerms, RequestBudget
from ontologie.httpclient.request import Priority, Request

_SHORTEST_WAIT = timedelta(milliseconds=1)


class Admission:
    """Leave to send one request, counted on its budgets at the moment it was given."""

    def __init__(self, budgets: Sequence[RequestBudget]) -> None:
        self._counted = [(budget, budget.spend()) for budget in budgets]

    def sent(self) -> None:
        """It goes out only now: count it now instead. The loop was busy, or a connection had to be made."""
        self._counted = [(budget, budget.postpone(moment)) for budget, moment in self._counted]


class Line:
    """All who wait to send to one account: each goes as soon as all of its budgets allow it, by priority, first come
    first served within one.

    A request that waits for one budget holds back only later requests for that same budget.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._waiting: list[_Waiter] = []
        self._order = itertools.count()
        self._pump: asyncio.Task[None] | None = None

    async def admit(self, budgets: Sequence[RequestBudget], priority: Priority) -> Admission:
        """Return when a request may be sent that draws on these budgets."""
        waiter = _Waiter(budgets, priority, next(self._order))
        self._waiting.append(waiter)
        self._waiting.sort(key=_Waiter.rank)
        self._wake()
        try:
            return await waiter.turn
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
        closed: set[RequestBudget] = set()
        soonest: float | None = None
        for waiter in tuple(self._waiting):
            if not closed.isdisjoint(waiter.budgets):
                continue
            opens = {budget: budget.opens_at(waiter.priority, now) for budget in waiter.budgets}
            late = {budget for budget, moment in opens.items() if moment > now}
            if not late:
                self._release(waiter)
                continue
            closed |= late
            due = max(opens[budget] for budget in late)
            soonest = due if soonest is None else min(soonest, due)
        return None if soonest is None else timedelta(seconds=soonest - now)

    def _release(self, waiter: "_Waiter") -> None:
        self._waiting.remove(waiter)
        if waiter.turn.done():  # its task was cancelled
            return
        waiter.turn.set_result(Admission(waiter.budgets))


class Scheduler:
    """The budgets of one client, by name, and its place in the line of its account.

    Until the client knows whose account it speaks to it stands in a line of its own; :meth:`join` puts it in the
    account's, where others stand too. That is how budgets survive the end of a session and are shared by several.
    """

    def __init__(self, budgets: Mapping[str, BudgetTerms], clock: Clock) -> None:
        self._line = Line(clock)
        self._budgets = {name: RequestBudget(terms, clock) for name, terms in budgets.items()}

    def budget(self, name: str) -> RequestBudget:
        return self._budgets[name]

    def names(self) -> tuple[str, ...]:
        return tuple(self._budgets)

    def join(self, line: Line, shared: Mapping[str, RequestBudget]) -> None:
        """Stand in this line from now on, and count on these budgets; what was sent before counts there as well."""
        self._line = line
        for name, budget in shared.items():
            budget.absorb(self._budgets[name])
            self._budgets[name] = budget

    @contextlib.contextmanager
    def leaving(self, share: float) -> Iterator[None]:
        """While this lasts, ``share`` of every budget is left to others (see :meth:`RequestBudget.leaving`)."""
        with contextlib.ExitStack() as stack:
            for budget in self._budgets.values():
                stack.enter_context(budget.leaving(share))
            yield

    async def admit(self, request: Request) -> Admission:
        """Return when the request may be sent."""
        return await self._line.admit([self._budgets[name] for name in request.budgets], request.priority)


class _Waiter:
    def __init__(self, budgets: Sequence[RequestBudget], priority: Priority, order: int) -> None:
        self.budgets = budgets
        self.priority = priority
        self.order = order
        self.turn: asyncio.Future[Admission] = asyncio.get_running_loop().create_future()

    def rank(self) -> tuple[Priority, int]:
        return (self.priority, self.order)

"""The client: one request in, one decoded answer out, with the only retry loop of the system around it."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

import msgspec

from ontologie import metrics
from ontologie.clock import Clock
from ontologie.errors import ContractBroken, OntologieError, Unreachable
from ontologie.httpclient.request import Request
from ontologie.httpclient.scheduler import Admission, Scheduler
from ontologie.httpclient.statistics import Statistics
from ontologie.httpclient.tokens import TokenSource
from ontologie.httpclient.transport import Transport
from ontologie.httpclient.vendor import Refusal, Treatment, Vendor
from ontologie.tracing import span

T = TypeVar("T")


class RetryPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """How often and how long to try again."""

    max_attempts: int = 6
    """Of a request that meets passing trouble, the first included."""
    max_refusals: int = 30
    """Answers 429 to one request before it is given up."""
    first_wait: timedelta = timedelta(milliseconds=500)
    longest_wait: timedelta = timedelta(seconds=30)
    """Also the longest wait that a server may ask for and get inside a call; a longer one is raised to the engine."""


class Backoff:
    """Exponential waits with full jitter: all waiting goes through the injected clock and random source."""

    def __init__(self, clock: Clock, policy: RetryPolicy | None = None, source: random.Random | None = None) -> None:
        self.clock = clock
        self.policy = policy or RetryPolicy()
        self._random = source or random.Random()  # jitter needs no secrecy

    def wait_after(self, attempt: int, at_least: timedelta | None) -> timedelta:
        """The wait after the ``attempt``-th failure, counted from 1."""
        grown: timedelta = min(self.policy.first_wait * 2 ** min(attempt - 1, 16), self.policy.longest_wait)
        jittered = grown * (0.5 + self._random.random() / 2)
        return jittered if at_least is None else max(jittered, at_least)


class _Tries:
    """How often one request failed, and in which way."""

    def __init__(self) -> None:
        self.failures = 0
        self.refusals = 0
        self.renewed = False


class ApiClient:
    """Sends requests within their budgets, repeats what is worth repeating, decodes the answers.

    Raises only errors of :mod:`ontologie.errors`: Unreachable when no usable answer came, ContractBroken when the
    answers could not be decoded, and whatever the vendor makes of a refusal.
    """

    def __init__(
        self, transport: Transport, vendor: Vendor, scheduler: Scheduler, tokens: TokenSource, backoff: Backoff
    ) -> None:
        self._transport = transport
        self._vendor = vendor
        self.scheduler = scheduler
        self._tokens = tokens
        self._backoff = backoff
        self.statistics = Statistics()

    def in_flight(self, budget: str) -> float:
        """How many requests have to be under way at once to use a budget up at the latency of now."""
        terms = self.scheduler.budget(budget)
        return terms.granted_per_s * (1 - terms.free_share) * self.statistics.latency_s(budget)

    async def fetch(self, request: Request, decode: Callable[[bytes], T]) -> T:
        """The decoded body of a 2xx answer."""
        tries = _Tries()
        while True:
            self._vendor.before(request)
            asked_at = self._backoff.clock.monotonic()
            admission = await self.scheduler.admit(request)
            self._count(request, asked_at)
            token = await self._tokens.current()
            self.statistics.sent(request.object_type)
            outcome = await self._attempt(request, token, decode, admission)
            if not isinstance(outcome, Refusal):
                return outcome
            await self._before_next(request, outcome, tries, token)
            self.statistics.retries += 1

    def _count(self, request: Request, asked_at: float) -> None:
        source = metrics.source_name.get()
        metrics.REQUESTS.labels(source).inc()
        metrics.BUDGET_WAIT_SECONDS.labels(source).inc(max(0.0, self._backoff.clock.monotonic() - asked_at))
        for budget in request.budgets:
            metrics.BUDGET_REQUESTS.labels(source, budget).inc()
            metrics.BUDGET_GRANTED.labels(source, budget).set(self.scheduler.budget(budget).granted_per_s)

    async def _attempt(
        self, request: Request, token: str, decode: Callable[[bytes], T], admission: Admission
    ) -> T | Refusal:
        sent_at = self._backoff.clock.monotonic()
        try:
            described = span("request", method=request.method, object_type=request.object_type)
            with described, metrics.REQUEST_SECONDS.time():
                response = await self._transport.send(request, token, admission.sent)
        except Unreachable as error:
            return Refusal(error=error, treatment=Treatment.BACK_OFF)
        self.statistics.answered(request.budgets, self._backoff.clock.monotonic() - sent_at)
        self._vendor.observe(request, response)
        if not response.ok:
            return self._vendor.judge(request, response)
        try:
            return decode(response.body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            # The decoder names the place, never the values.
            broken = ContractBroken(f"{request!r}: the answer is not what was promised: {error}")
            return Refusal(error=broken, treatment=Treatment.BACK_OFF)

    async def _before_next(self, request: Request, refusal: Refusal, tries: _Tries, token: str) -> None:
        """Wait as the refusal asks for, or raise its error."""
        wait = timedelta(0)
        if refusal.treatment is Treatment.BACK_OFF and request.idempotent:
            wait = self._after_failure(refusal, tries)
        elif refusal.treatment is Treatment.SLOW_DOWN:
            wait = self._after_429(refusal, tries)
        elif refusal.treatment is Treatment.RENEW_TOKEN and not tries.renewed:
            tries.renewed = True
            if not await self._tokens.renew(token):
                raise refusal.error
        else:
            raise refusal.error
        await self._backoff.clock.sleep(wait)

    def _after_failure(self, refusal: Refusal, tries: _Tries) -> timedelta:
        tries.failures += 1
        if tries.failures >= self._backoff.policy.max_attempts:
            raise refusal.error
        return self._bearable(refusal.error, self._backoff.wait_after(tries.failures, refusal.wait_at_least))

    def _after_429(self, refusal: Refusal, tries: _Tries) -> timedelta:
        self.statistics.refusals += 1
        metrics.REFUSALS.labels(metrics.source_name.get()).inc()
        tries.refusals += 1
        if tries.refusals >= self._backoff.policy.max_refusals:
            raise refusal.error
        for name in refusal.budgets:
            self.scheduler.budget(name).refused(refusal.wait_at_least)
        return self._bearable(refusal.error, self._backoff.wait_after(1, refusal.wait_at_least))

    def _bearable(self, error: OntologieError, wait: timedelta) -> timedelta:
        if wait > self._backoff.policy.longest_wait:
            raise error
        return wait

"""What HubSpot's answers mean (hubspot-api.md, sections 2 and 7), and what its headers teach."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from http import HTTPStatus

from ontologie.clock import Clock
from ontologie.connectors.hubspot.limits import learnt, number
from ontologie.connectors.hubspot.portals import BURST, DailyQuota, Quotas
from ontologie.connectors.hubspot.streams import object_type
from ontologie.connectors.hubspot.wire import read_error, scopes_of
from ontologie.errors import (
    AuthorizationLost,
    QuotaReached,
    RateLimited,
    RequestRefused,
    RetryLater,
    ScopeMissing,
    StreamStopped,
    Unreachable,
)
from ontologie.httpclient.request import Request, Response
from ontologie.httpclient.scheduler import Scheduler
from ontologie.httpclient.vendor import Refusal, Treatment
from ontologie.model.discovery import Limits

_LONGEST_WAIT_S = 7 * 24 * 3600  # a 477 may ask for a day; more is nonsense
_TEN_SECONDS_MS = 10_000
_MIGRATING = 477  # HubSpot's own: the account moves between data centres
_NO_PERMISSION = b"USER_DOES_NOT_HAVE_PERMISSIONS"
_UNKNOWN_TYPE = ("Unable to infer object type", "Invalid object or event type id")  # it has no category
_LOCKED = timedelta(seconds=2)  # a 423 says: locks last 2 s
_CLOCKS_APART = timedelta(minutes=1)
"""Less than this is within the overlap of windows, and no more than a slow answer."""


class HubSpotVendor:
    """One account's peculiarities: learns its limits, stops before the daily quota is used up."""

    def __init__(
        self, scheduler: Scheduler, clock: Clock, *, daily_share: float, most_per_10_s: int | None = None
    ) -> None:
        self.scheduler = scheduler
        self._clock = clock
        self._daily_share = daily_share
        self._most_per_10_s = most_per_10_s
        self.limits = Limits()
        """What the answers told of this account's limits."""
        self.quotas = Quotas()
        """The portal's own once it is known which one answers."""
        self._told: set[DailyQuota] = set()
        self._reached: dict[DailyQuota, int] = {}
        self._ahead: timedelta | None = None
        """How far our clock is before HubSpot's: at most so far, an answer takes its time."""

    def count_in(self, quotas: Quotas) -> None:
        """Count from now on where all sessions of the portal count, which learn what we have been told until here."""
        known = self.quotas.of((BURST,)).known()
        self.quotas = quotas
        if known is not None:
            quotas.of((BURST,)).told(*known)
            self._told.add(quotas.of((BURST,)))

    def before(self, request: Request) -> None:
        """Raises QuotaReached once our share of the account's day is used, for the rest of this session.

        Only the next session asks HubSpot again: readers side by side must not each find out for themselves. It
        believes its own answers alone: what others were told may be of a day that has ended.
        """
        quota = self.quotas.of(request.budgets)
        left = self._reached.get(quota)
        if left is None:
            left = quota.spend(self._daily_share)
        if left is not None and quota in self._told:
            self._reached[quota] = left
            raise QuotaReached(f"{left} requests are left today")

    def observe(self, request: Request, response: Response) -> None:
        """Take over the limits that the headers tell. Searches carry none."""
        self.limits = learnt(self.limits, response, burst=request.budgets == (BURST,))
        if self.limits.answered_at is not None:
            ahead = self._clock.now() - self.limits.answered_at
            self._ahead = ahead if self._ahead is None else min(self._ahead, ahead)
        limit = number(response, "x-hubspot-ratelimit-max")
        interval = number(response, "x-hubspot-ratelimit-interval-milliseconds")
        if limit and interval and len(request.budgets) == 1:
            if self._most_per_10_s is not None:
                limit = min(limit, max(1, self._most_per_10_s * interval // _TEN_SECONDS_MS))
            self.scheduler.budget(request.budgets[0]).adjust(limit=limit, interval=timedelta(milliseconds=interval))
        daily, left = (
            number(response, "x-hubspot-ratelimit-daily"),
            number(response, "x-hubspot-ratelimit-daily-remaining"),
        )
        if daily and left is not None:
            quota = self.quotas.of(request.budgets)
            self._told.add(quota)
            if quota not in self._reached:  # else it was on its way, and is of the day that is over for us
                quota.told(daily, left)

    def in_their_time(self, now: datetime) -> datetime:
        """The moment on HubSpot's clock, where ours is clearly another. Headers tell whole seconds, cut off."""
        if self._ahead is None or abs(self._ahead) < _CLOCKS_APART:
            return now
        return now - self._ahead + timedelta(seconds=1)

    def judge(self, request: Request, response: Response) -> Refusal:
        """File an answer outside 200-299 by what the client must do."""
        detail = f"{request!r}: {response.status}"
        match response.status:
            case HTTPStatus.UNAUTHORIZED:
                refusal = self._unauthorised(response, detail)
            case HTTPStatus.FORBIDDEN:
                refusal = Refusal(error=self._forbidden(request, response, detail))
            case HTTPStatus.TOO_MANY_REQUESTS:
                refusal = self._limited(request, response, detail)
            case HTTPStatus.LOCKED:
                refusal = Refusal(error=Unreachable(detail), treatment=Treatment.BACK_OFF, wait_at_least=_LOCKED)
            case status if status == _MIGRATING:
                wait = _retry_after(response) or timedelta(0)
                migrating = RetryLater(detail, code="HUBSPOT_MIGRATING", wait_s=int(wait.total_seconds()))
                refusal = Refusal(error=migrating, treatment=Treatment.BACK_OFF, wait_at_least=wait)
            case status if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                refusal = Refusal(error=Unreachable(detail), treatment=Treatment.BACK_OFF)
            case status:
                refusal = Refusal(error=self._refused(request, response, detail))
        return refusal

    def _refused(self, request: Request, response: Response, detail: str) -> StreamStopped | RequestRefused:
        error = read_error(response.body)
        if response.status == HTTPStatus.BAD_REQUEST and error.message.startswith(_UNKNOWN_TYPE):
            return StreamStopped(detail, code="HUBSPOT_OBJECT_TYPE_UNKNOWN", object_type=request.object_type)
        return RequestRefused(f"{detail} {error.category}", status=response.status, category=error.category)

    def _unauthorised(self, response: Response, detail: str) -> Refusal:
        if read_error(response.body).category == "EXPIRED_AUTHENTICATION":
            expired = AuthorizationLost(detail, code="HUBSPOT_TOKEN_EXPIRED")
            return Refusal(error=expired, treatment=Treatment.RENEW_TOKEN)
        return Refusal(error=AuthorizationLost(detail))

    def _forbidden(self, request: Request, response: Response, detail: str) -> StreamStopped | RequestRefused:
        error = read_error(response.body)
        named = scopes_of(error)
        if _NO_PERMISSION in response.body:
            return StreamStopped(detail, code="HUBSPOT_PERMISSION_MISSING")
        if not named and error.category != "MISSING_SCOPES":
            return RequestRefused(f"{detail} {error.category}", status=403, category=error.category)
        return ScopeMissing(detail, scope=_wanted(request.object_type, named))

    def _limited(self, request: Request, response: Response, detail: str) -> Refusal:
        error = read_error(response.body)
        if error.policy_name == "DAILY" or "daily limit" in error.message:
            return Refusal(error=QuotaReached(detail))
        wait = _retry_after(response)
        limited = RateLimited(detail, retry_after=wait or timedelta(seconds=1), policy=error.policy_name)
        return Refusal(error=limited, treatment=Treatment.SLOW_DOWN, wait_at_least=wait, budgets=request.budgets)


def _wanted(name: str, named: Sequence[str]) -> str:
    """What to grant: the type's own scope, for some that HubSpot names cannot be ticked, or the other one it takes.
    Any one of those that HubSpot names is enough."""
    if not name:
        return next(iter(named), "")
    kind = object_type(name)
    return next((scope for scope in kind.also if scope in named), kind.scope)


def _retry_after(response: Response) -> timedelta | None:
    seconds = number(response, "retry-after")
    return None if seconds is None else timedelta(seconds=min(seconds, _LONGEST_WAIT_S))

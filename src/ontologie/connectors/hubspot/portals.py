"""What HubSpot counts, and by what: bursts by app and portal, searches and the day by portal (hubspot-api.md, 2).

A session learns which portal it speaks to with its first answer; from then on it counts where all others count.
"""

from datetime import timedelta

import msgspec

from ontologie.clock import Clock
from ontologie.connectors.contract import SessionTerms
from ontologie.httpclient.budget import BudgetTerms, RequestBudget
from ontologie.httpclient.scheduler import Line, Scheduler

BURST = "burst"
SEARCH = "search"
ASSOCIATIONS = "associations"
_LEAST_BURST = 100
_MOST_IN_FLIGHT = 200


def budget_terms(terms: SessionTerms) -> dict[str, BudgetTerms]:
    """Before the first header tells: the smallest documented limits. No header ever tells that of searches."""
    share, floor = terms.free_share, terms.least_share
    burst = min(_LEAST_BURST, terms.most_requests_per_10_s or _LEAST_BURST)
    ten_seconds, second = timedelta(seconds=10), timedelta(seconds=1)
    return {
        BURST: BudgetTerms(
            limit=burst,
            interval=ten_seconds,
            margin=timedelta(milliseconds=150),
            reserve=terms.reserve_requests,
            free_share=share,
            floor=floor,
        ),
        SEARCH: BudgetTerms(
            limit=terms.searches_per_s,
            interval=second,
            margin=timedelta(milliseconds=40),
            free_share=share,
            floor=floor,
        ),
        ASSOCIATIONS: BudgetTerms(limit=burst, interval=ten_seconds, free_share=share, floor=floor),
    }


class DailyQuota:
    """What is left of one account's day, as its headers told last and we have counted since."""

    def __init__(self) -> None:
        self._limit = 0
        self._left = 0
        self._doubted = False
        """Somebody was stopped by what is left, so the next answer's word counts, whatever it is."""

    def spend(self, share: float) -> int | None:
        """Count a request. Once ``share`` of the day is used it is not counted: what is left is returned instead.

        What is left is believed by one session only, so that the next one asks HubSpot again: the day may have ended.
        """
        if not self._limit or self._doubted:
            return None
        if self._left <= self._limit * (1 - share):
            self._doubted = True
            return self._left
        self._left -= 1
        return None

    def known(self) -> tuple[int, int] | None:
        """(requests a day, how many are left), as far as we know."""
        return (self._limit, self._left) if self._limit else None

    def told(self, limit: int, left: int) -> None:
        """A header's word. It does not know of our requests in flight, but it knows when a new day began."""
        known = self._limit and not self._doubted and left - self._left < _MOST_IN_FLIGHT
        self._left = min(self._left, left) if known else left
        self._limit, self._doubted = limit, False


class Quotas:
    """The days of one portal: association batches have one of their own."""

    def __init__(self) -> None:
        self._general = DailyQuota()
        self._associations = DailyQuota()

    def of(self, budgets: tuple[str, ...]) -> DailyQuota:
        """The quota that a request on these budgets draws on."""
        return self._associations if ASSOCIATIONS in budgets else self._general

    def known(self) -> tuple[int, int] | None:
        """(requests a day, how many are left), association batches apart."""
        return self._general.known()


class Portal(msgspec.Struct, frozen=True, kw_only=True):
    """What all apps of one portal share."""

    line: Line
    search: RequestBudget
    quotas: Quotas


class Portals:
    """The portals this process speaks to. Their counts outlive sessions."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._portals: dict[tuple[str, int], Portal] = {}
        self._apps: dict[tuple[str, int, str], dict[str, RequestBudget]] = {}

    def join(self, scheduler: Scheduler, *, api_url: str, portal_id: int, app: str) -> Quotas:
        """Let a session's requests count where those of this app and portal count; the portal's quotas."""
        portal = self._portals.get((api_url, portal_id))
        if portal is None:
            portal = Portal(line=Line(self._clock), search=scheduler.budget(SEARCH), quotas=Quotas())
            self._portals[api_url, portal_id] = portal
        own = {name: scheduler.budget(name) for name in (BURST, ASSOCIATIONS)}
        budgets = self._apps.setdefault((api_url, portal_id, app), own)
        scheduler.join(portal.line, {**budgets, SEARCH: portal.search})
        return portal.quotas

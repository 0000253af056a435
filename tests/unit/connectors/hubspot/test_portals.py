"""Requests are counted by what HubSpot counts, however many sources, apps and sessions send them."""

import asyncio
from datetime import timedelta

import pytest

from ontologie.clock import ManualClock, SystemClock
from ontologie.connectors.contract import SessionTerms
from ontologie.connectors.hubspot.portals import ASSOCIATIONS, BURST, SEARCH, DailyQuota, Portals, budget_terms
from ontologie.connectors.hubspot.vendor import HubSpotVendor
from ontologie.errors import QuotaReached
from ontologie.httpclient.request import Priority, Request
from ontologie.httpclient.scheduler import Scheduler
from tests.unit.connectors.hubspot.servers import vendor
from tests.unit.httpclient.clockwork import START, run, settle
from tests.unit.httpclient.doubles import answer

URL = "https://api.example"


def request(budget: str, priority: Priority = Priority.BACKFILL) -> Request:
    return Request(method="GET", path="/", budgets=(budget,), priority=priority)


def scheduler(clock: ManualClock) -> Scheduler:
    return Scheduler(budget_terms(SessionTerms(free_share=0.0)), clock)


@pytest.mark.parametrize(
    ("portals", "apps", "shared"),
    [
        ((1, 1), ("a", "a"), {BURST, SEARCH, ASSOCIATIONS}),
        ((1, 1), ("a", "b"), {SEARCH}),
        ((1, 2), ("a", "a"), set()),
    ],
)
def test_bursts_belong_to_an_app_in_a_portal_and_searches_to_the_portal(
    portals: tuple[int, int], apps: tuple[str, str], shared: set[str]
) -> None:
    clock = ManualClock(START)
    registry = Portals(clock)
    made = [scheduler(clock), scheduler(clock)]
    for one, portal_id, app in zip(made, portals, apps, strict=True):
        registry.join(one, api_url=URL, portal_id=portal_id, app=app)
    first, second = made
    assert {name for name in first.names() if first.budget(name) is second.budget(name)} == shared


async def test_what_a_new_session_sent_before_it_knew_its_portal_counts_too() -> None:
    clock = ManualClock(START)
    registry = Portals(clock)
    registry.join(scheduler(clock), api_url=URL, portal_id=1, app="a")
    late = scheduler(clock)
    for _ in range(3):
        await late.admit(request(SEARCH))
    registry.join(late, api_url=URL, portal_id=1, app="b")
    for _ in range(2):
        await asyncio.wait_for(late.admit(request(SEARCH)), 1)
    waits = asyncio.ensure_future(late.admit(request(SEARCH)))
    await settle()
    assert not waits.done()
    await run(clock, asyncio.wait([waits]))


async def test_changes_of_one_source_overtake_the_backfill_of_another_on_the_same_portal() -> None:
    clock = ManualClock(START)
    registry = Portals(clock)
    one, other = scheduler(clock), scheduler(clock)
    for made, app in ((one, "a"), (other, "b")):
        registry.join(made, api_url=URL, portal_id=1, app=app)
    for _ in range(5):
        await one.admit(request(SEARCH))
    order: list[str] = []

    async def send(made: Scheduler, name: str, priority: Priority) -> None:
        await made.admit(request(SEARCH, priority))
        order.append(name)

    work = [send(one, "backfill", Priority.BACKFILL) for _ in range(7)] + [send(other, "changes", Priority.CHANGES)]
    await run(clock, asyncio.wait([asyncio.ensure_future(item) for item in work]), step_s=0.1)
    assert order == ["changes", *["backfill"] * 7]


def test_the_day_is_one_for_all_sessions_of_a_portal() -> None:
    clock = ManualClock(START)
    registry = Portals(clock)
    vendors = []
    for app in ("a", "b"):
        made = scheduler(clock)
        vendors.append(vendor(made, daily_share=0.9))
        vendors[-1].count_in(registry.join(made, api_url=URL, portal_id=1, app=app))
    for one, left in ((vendors[1], "300"), (vendors[0], "99")):
        told = answer(x_hubspot_ratelimit_daily="1000", x_hubspot_ratelimit_daily_remaining=left)
        one.observe(request(BURST), told)
    with pytest.raises(QuotaReached):
        vendors[1].before(request(SEARCH))


def test_what_a_session_was_told_before_it_knew_its_portal_counts_from_its_next_request_on() -> None:
    """Else searches, whose answers tell nothing, go on past the end of the day until another answer comes."""
    clock = ManualClock(START)
    registry = Portals(clock)
    told = answer(x_hubspot_ratelimit_daily="1000", x_hubspot_ratelimit_daily_remaining="99")
    for _ in range(2):  # the second one asks for itself whether the day is over
        made = scheduler(clock)
        session = vendor(made, daily_share=0.9)
        session.observe(request(BURST), told)
        session.count_in(registry.join(made, api_url=URL, portal_id=1, app="a"))
        with pytest.raises(QuotaReached):
            session.before(request(SEARCH))


def test_association_batches_have_a_day_of_their_own() -> None:
    made = vendor(scheduler(ManualClock(START)), daily_share=0.9)
    told = answer(x_hubspot_ratelimit_daily="500000", x_hubspot_ratelimit_daily_remaining="10")
    made.observe(request(ASSOCIATIONS), told)
    made.before(request(BURST))
    with pytest.raises(QuotaReached):
        made.before(request(ASSOCIATIONS))


def test_we_count_what_is_in_flight_and_believe_in_a_new_day() -> None:
    quota = DailyQuota()
    quota.told(1_000, 900)
    for _ in range(50):
        assert quota.spend(0.9) is None
    quota.told(1_000, 890)  # it does not know of what is on its way
    assert quota.spend(0.15) == 850
    assert quota.spend(0.15) is None, "the next request asks"
    quota.told(1_000, 1_000)
    assert quota.spend(0.15) is None


def test_a_portal_without_a_daily_limit_is_never_stopped() -> None:
    assert DailyQuota().spend(0.01) is None


def test_the_smallest_documented_limits_hold_before_the_first_header() -> None:
    terms = budget_terms(SessionTerms(free_share=0.25))
    assert {name: (one.limit, one.interval) for name, one in terms.items()} == {
        BURST: (100, timedelta(seconds=10)),
        SEARCH: (5, timedelta(seconds=1)),
        ASSOCIATIONS: (100, timedelta(seconds=10)),
    }
    assert {one.free_share for one in terms.values()} == {0.25}


def test_what_the_operator_sets_holds_from_the_first_request_on() -> None:
    terms = budget_terms(SessionTerms(most_requests_per_10_s=40, least_share=0.3, reserve_requests=4))
    assert (terms[BURST].limit, terms[BURST].reserve, terms[ASSOCIATIONS].limit) == (40, 4, 40)
    assert {one.floor for one in terms.values()} == {0.3}


@pytest.mark.parametrize(("most", "allowed"), [(None, 190), (60, 60), (500, 190)])
def test_more_is_never_taken_than_the_operator_allows(most: int | None, allowed: int) -> None:
    made = scheduler(ManualClock(START))
    told = {"x-hubspot-ratelimit-max": "190", "x-hubspot-ratelimit-interval-milliseconds": "10000"}
    HubSpotVendor(made, SystemClock(), daily_share=0.9, most_per_10_s=most).observe(request(BURST), answer(**told))
    assert made.budget(BURST).limit == allowed

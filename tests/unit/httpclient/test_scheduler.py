"""Who goes next over several budgets."""

import asyncio
from bisect import bisect_right
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from ontologie.clock import ManualClock
from ontologie.httpclient.budget import BudgetTerms
from ontologie.httpclient.request import Priority, Request
from ontologie.httpclient.scheduler import Scheduler
from tests.unit.httpclient.clockwork import START, run, settle

SECOND = timedelta(seconds=1)


def scheduler(clock: ManualClock, **limits: int) -> Scheduler:
    """Budgets of so many requests a second, without margin."""
    return Scheduler(
        {name: BudgetTerms(limit=limit, interval=SECOND, margin=timedelta(0)) for name, limit in limits.items()}, clock
    )


def request(name: str, *budgets: str, priority: Priority = Priority.BACKFILL) -> Request:
    return Request(method="GET", path=f"/{name}", budgets=budgets, priority=priority)


async def admit_all(made: Scheduler, clock: ManualClock, requests: list[Request]) -> list[tuple[str, float]]:
    """The order and the moments in which requests that all arrive now are let go."""
    let_go: list[tuple[str, float]] = []

    async def send(one: Request) -> None:
        await made.admit(one)
        let_go.append((one.path[1:], clock.monotonic()))

    await run(clock, asyncio.wait([asyncio.ensure_future(send(one)) for one in requests]), step_s=0.1)
    return let_go


@settings(max_examples=25, deadline=None)
@given(
    arrivals=st.lists(
        st.tuples(st.floats(0, 2), st.sampled_from(list(Priority)), st.sampled_from([("a",), ("b",), ("a", "b")])),
        max_size=25,
    )
)
def test_no_budget_is_overdrawn_whatever_arrives_when(
    arrivals: list[tuple[float, Priority, tuple[str, ...]]],
) -> None:
    sent: dict[str, list[float]] = {"a": [], "b": []}

    async def scenario() -> None:
        clock = ManualClock(START)
        made = scheduler(clock, a=3, b=2)

        async def arrive(delay: float, priority: Priority, budgets: tuple[str, ...]) -> None:
            await clock.sleep(timedelta(seconds=delay))
            await made.admit(request("x", *budgets, priority=priority))
            for name in budgets:
                sent[name].append(clock.monotonic())

        await run(clock, _gather([arrive(*one) for one in arrivals]), step_s=0.2)

    async def _gather(work: list[object]) -> None:
        await asyncio.gather(*work)  # type: ignore[call-overload]

    asyncio.run(scenario())
    for name, limit in (("a", 3), ("b", 2)):
        moments = sorted(sent[name])
        for number, moment in enumerate(moments):
            assert number - bisect_right(moments, moment - (1.0 - 1e-5)) + 1 <= limit
    assert sum(map(len, sent.values())) == sum(len(budgets) for _, _, budgets in arrivals)


async def test_an_interactive_request_overtakes_changes_and_changes_overtake_backfill() -> None:
    clock = ManualClock(START)
    made = scheduler(clock, burst=1)
    await made.admit(request("fills", "burst"))
    order = await admit_all(
        made,
        clock,
        [
            request("backfill", "burst", priority=Priority.BACKFILL),
            request("changes", "burst", priority=Priority.CHANGES),
            request("person", "burst", priority=Priority.INTERACTIVE),
        ],
    )
    assert [name for name, _ in order] == ["person", "changes", "backfill"]


async def test_requests_of_one_priority_go_in_the_order_they_came() -> None:
    clock = ManualClock(START)
    order = await admit_all(scheduler(clock, burst=1), clock, [request(str(number), "burst") for number in range(5)])
    assert [name for name, _ in order] == ["0", "1", "2", "3", "4"]


async def test_a_request_that_waits_for_one_budget_does_not_hold_back_those_of_another() -> None:
    clock = ManualClock(START)
    made = scheduler(clock, burst=5, search=1)
    await made.admit(request("fills", "search"))
    order = await admit_all(made, clock, [request("search", "search"), request("list", "burst")])
    assert order == [("list", 0.0), ("search", 1.0)]


async def test_a_request_of_two_budgets_waits_for_both_and_spends_both() -> None:
    clock = ManualClock(START)
    made = scheduler(clock, burst=1, search=1)
    await made.admit(request("fills", "search"))
    order = await admit_all(made, clock, [request("both", "burst", "search"), request("next", "burst")])
    assert order in ([("both", 1.0), ("next", 2.0)], [("next", 0.0), ("both", 1.0)])


async def test_a_newcomer_that_may_go_at_once_is_not_held_by_a_sleeper() -> None:
    clock = ManualClock(START)
    made = scheduler(clock, burst=1, search=1)
    await made.admit(request("fills", "burst"))
    sleeper = asyncio.ensure_future(made.admit(request("waits", "burst")))
    await settle()
    await asyncio.wait_for(made.admit(request("search", "search")), 1)
    assert not sleeper.done()
    await run(clock, asyncio.wait([sleeper]))


async def test_a_cancelled_request_spends_nothing_and_leaves_its_place() -> None:
    clock = ManualClock(START)
    made = scheduler(clock, burst=1)
    await made.admit(request("fills", "burst"))
    given_up = asyncio.ensure_future(made.admit(request("given up", "burst")))
    follows = asyncio.ensure_future(made.admit(request("follows", "burst")))
    await settle()
    given_up.cancel()
    await settle()
    await clock.advance(SECOND)
    await settle()
    assert given_up.cancelled()
    assert follows.done()


async def test_a_request_without_budgets_goes_at_once() -> None:
    clock = ManualClock(START)
    await asyncio.wait_for(scheduler(clock, burst=1).admit(request("free")), 1)


async def test_a_waiting_request_sees_a_limit_that_grows() -> None:
    clock = ManualClock(START)
    made = scheduler(clock, burst=1)
    await made.admit(request("fills", "burst"))
    waits = asyncio.ensure_future(made.admit(request("waits", "burst")))
    await settle()
    made.budget("burst").adjust(limit=10, interval=SECOND)
    await asyncio.wait_for(made.admit(request("wakes them", "burst")), 1)
    await asyncio.wait_for(waits, 1)


async def test_a_request_that_goes_out_late_is_counted_when_it_goes() -> None:
    clock = ManualClock(START)
    made = scheduler(clock, burst=1)
    admission = await made.admit(request("late", "burst"))
    await clock.advance(SECOND * 0.9)
    admission.sent()
    follows = asyncio.ensure_future(made.admit(request("follows", "burst")))
    await settle()
    await clock.advance(SECOND * 0.9)
    await settle()
    assert not follows.done()
    await run(clock, follows)

"""One budget: a rolling window that no pattern of arrivals overfills."""

import asyncio
from bisect import bisect_right
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ontologie.clock import ManualClock
from ontologie.httpclient.budget import BudgetTerms, RequestBudget
from ontologie.httpclient.request import Priority
from tests.unit.httpclient.clockwork import START

TEN_SECONDS = timedelta(seconds=10)


def budget(clock: ManualClock, **terms: object) -> RequestBudget:
    settled = {"limit": 10, "interval": TEN_SECONDS, "margin": timedelta(0)} | terms
    return RequestBudget(BudgetTerms(**settled), clock)  # type: ignore[arg-type]


async def spend_now(made: RequestBudget, clock: ManualClock, priority: Priority = Priority.BACKFILL) -> int:
    """Send as many as may go at this moment; how many that were."""
    sent = 0
    while made.opens_at(priority, clock.monotonic()) <= clock.monotonic():
        made.spend()
        sent += 1
    return sent


def most_in_a_window(moments: list[float], width: float) -> int:
    return max((number - bisect_right(moments, moment - width) + 1 for number, moment in enumerate(moments)), default=0)


@settings(max_examples=60, deadline=None)
@given(
    limit=st.integers(1, 12),
    gaps=st.lists(st.floats(0, 15, allow_nan=False), max_size=60),
    interactive=st.lists(st.booleans(), min_size=60, max_size=60),
)
def test_no_window_holds_more_sends_than_the_limit(limit: int, gaps: list[float], interactive: list[bool]) -> None:
    clock = ManualClock(START)
    made = budget(clock, limit=limit, margin=timedelta(milliseconds=60), free_share=0.3, reserve=2)
    sent: list[float] = []

    async def arrive() -> None:
        for gap, hurried in zip(gaps, interactive, strict=False):
            await clock.advance(timedelta(seconds=gap))
            opens = made.opens_at(Priority.INTERACTIVE if hurried else Priority.BACKFILL, clock.monotonic())
            await clock.advance(max(timedelta(0), timedelta(seconds=opens - clock.monotonic())))
            made.spend()
            sent.append(clock.monotonic())

    asyncio.run(arrive())
    assert most_in_a_window(sent, 10.0) <= limit


async def test_a_full_burst_goes_at_once_and_the_next_request_waits_for_the_oldest_to_leave_the_window() -> None:
    clock = ManualClock(START)
    made = budget(clock, margin=timedelta(milliseconds=500))
    assert await spend_now(made, clock) == 10
    assert made.opens_at(Priority.BACKFILL, clock.monotonic()) == 10.5
    await clock.advance(timedelta(seconds=10.5))
    assert await spend_now(made, clock) == 10


async def test_background_requests_leave_the_free_share_and_interactive_ones_may_use_it() -> None:
    clock = ManualClock(START)
    made = budget(clock, free_share=0.4)
    assert await spend_now(made, clock, Priority.CHANGES) == 6
    assert await spend_now(made, clock, Priority.INTERACTIVE) == 4


async def test_the_reserve_is_kept_for_interactive_requests() -> None:
    clock = ManualClock(START)
    made = budget(clock, reserve=3)
    assert await spend_now(made, clock, Priority.BACKFILL) == 7
    assert await spend_now(made, clock, Priority.INTERACTIVE) == 3


async def test_the_free_share_can_change_while_requests_are_in_the_window() -> None:
    clock = ManualClock(START)
    made = budget(clock)
    with made.leaving(0.5):
        assert await spend_now(made, clock) == 5
        with made.leaving(0.1):
            assert await spend_now(made, clock) == 4
        assert await spend_now(made, clock) == 0
    assert await spend_now(made, clock) == 1


async def test_what_was_sent_under_another_name_counts_once_the_budgets_turn_out_to_be_one() -> None:
    clock = ManualClock(START)
    made, other = budget(clock), budget(clock)
    await spend_now(other, clock)
    made.absorb(other)
    made.absorb(made)
    assert await spend_now(made, clock) == 0
    await clock.advance(timedelta(seconds=10))
    assert await spend_now(made, clock) == 10


async def test_what_is_used_is_what_was_sent_within_the_last_interval() -> None:
    clock = ManualClock(START)
    made = budget(clock, margin=timedelta(seconds=1))
    for _ in range(3):
        made.spend()
        await clock.advance(timedelta(seconds=4))
    assert (made.used(), made.limit, made.interval) == (2, 10, TEN_SECONDS)
    await clock.advance(timedelta(seconds=10))
    assert made.used() == 0


async def test_even_a_share_of_nothing_lets_one_request_through() -> None:
    clock = ManualClock(START)
    assert await spend_now(budget(clock, free_share=1.0), clock) == 1
    assert await spend_now(budget(clock, limit=2, reserve=5), clock) == 1


async def test_a_refusal_pauses_for_as_long_as_the_server_says() -> None:
    clock = ManualClock(START)
    made = budget(clock)
    made.refused(timedelta(seconds=7))
    assert made.opens_at(Priority.INTERACTIVE, clock.monotonic()) == 7.0


@pytest.mark.parametrize(("seconds", "sent"), [(0, 50), (1, 60), (2, 70), (4, 90), (5, 100), (60, 100)])
async def test_a_refusal_halves_what_is_sent_and_each_quiet_second_gives_back_a_tenth(seconds: int, sent: int) -> None:
    clock = ManualClock(START)
    made = budget(clock, limit=100)
    made.refused(timedelta(0))
    await clock.advance(timedelta(seconds=seconds))
    assert await spend_now(made, clock) == sent


async def test_many_refusals_in_one_interval_halve_once() -> None:
    clock = ManualClock(START)
    made = budget(clock, limit=100)
    for _ in range(20):
        made.refused(timedelta(0))
    assert await spend_now(made, clock) == 50


async def test_refusals_in_interval_after_interval_stop_at_the_floor() -> None:
    clock = ManualClock(START)
    made = budget(clock, limit=100, interval=timedelta(seconds=1), floor=0.2)
    for _ in range(10):
        made.refused(timedelta(0))
        await clock.advance(timedelta(seconds=1))
    made.refused(timedelta(0))
    assert await spend_now(made, clock) == 20


async def test_a_refusal_widens_the_margin_up_to_a_fifth_of_the_interval() -> None:
    clock = ManualClock(START)
    made = budget(clock, margin=timedelta(seconds=1))
    margins = []
    for _ in range(4):
        made.refused(timedelta(0))
        margins.append(made.margin.total_seconds())
        await clock.advance(timedelta(seconds=13))
    assert margins == [1.5, 2.0, 2.0, 2.0]


async def test_the_limit_the_server_tells_replaces_the_assumed_one_and_nonsense_does_not() -> None:
    clock = ManualClock(START)
    made = budget(clock)
    made.adjust(limit=19, interval=TEN_SECONDS)
    made.adjust(limit=0, interval=TEN_SECONDS)
    made.adjust(limit=-5, interval=TEN_SECONDS)
    made.adjust(limit=1_000, interval=timedelta(0))
    assert made.limit == 19
    assert await spend_now(made, clock) == 19


async def test_a_limit_that_shrinks_counts_what_was_already_sent() -> None:
    clock = ManualClock(START)
    made = budget(clock, limit=20)
    assert await spend_now(made, clock) == 20
    made.adjust(limit=5, interval=TEN_SECONDS)
    await clock.advance(timedelta(seconds=5))
    assert await spend_now(made, clock) == 0
    await clock.advance(timedelta(seconds=5))
    assert await spend_now(made, clock) == 5


def test_what_is_granted_now_is_the_limit_less_what_refusals_took() -> None:
    clock = ManualClock(START)
    made = budget(clock, limit=50)
    assert made.granted_per_s == 5
    made.refused(timedelta(0))
    assert made.granted_per_s == 2.5
    made.adjust(limit=100, interval=TEN_SECONDS)
    assert made.granted_per_s == 5

"""A slice that is asked to end does so at its next commit, or is cut off when its patience runs out."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from ontologie.clock import ManualClock
from ontologie.errors import LeaseLost
from ontologie.sync.interruption import Interruption, Stop

PATIENCE = timedelta(seconds=5)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 11, 25, tzinfo=UTC))


async def begun() -> None:
    """All that was asked to begin has come to its first wait."""
    for _ in range(5):
        await asyncio.sleep(0)


async def waits() -> str:
    await asyncio.Event().wait()
    return "never"


async def test_nobody_asked_and_the_work_has_its_time(clock: ManualClock) -> None:
    async def works() -> str:
        await clock.sleep(timedelta(hours=1))
        return "done"

    bound = asyncio.create_task(Interruption().bound(clock, works()))
    await begun()
    await clock.advance(timedelta(hours=2))
    assert await bound == "done"


async def test_work_is_cut_off_when_the_patience_has_run_out_and_not_before(clock: ManualClock) -> None:
    interruption = Interruption()
    bound = asyncio.create_task(interruption.bound(clock, waits()))
    interruption.ask(Stop.CANCELLED, patience=PATIENCE)
    await begun()
    await clock.advance(PATIENCE - timedelta(milliseconds=1))
    assert not bound.done()
    await clock.advance(timedelta(milliseconds=1))
    assert await bound is None
    assert interruption.stop is Stop.CANCELLED


async def test_what_commits_while_it_is_cut_off_is_not_read_again(clock: ManualClock) -> None:
    async def commits() -> str:
        try:
            return await waits()
        except asyncio.CancelledError:
            return "committed"

    interruption = Interruption()
    interruption.ask(Stop.SLICE_OVER, patience=timedelta(0))
    assert await interruption.bound(clock, commits()) == "committed"


async def test_a_lease_found_lost_while_work_is_cut_off_is_told(clock: ManualClock) -> None:
    async def loses() -> str:
        try:
            return await waits()
        finally:
            raise LeaseLost("taken over")

    interruption = Interruption()
    interruption.ask(Stop.SLICE_OVER, patience=timedelta(0))
    with pytest.raises(LeaseLost):
        await interruption.bound(clock, loses())


async def test_the_first_to_ask_decides() -> None:
    interruption = Interruption()
    interruption.ask(Stop.CANCELLED, patience=PATIENCE)
    interruption.ask(Stop.SLICE_OVER, patience=timedelta(0))
    assert interruption.stop is Stop.CANCELLED

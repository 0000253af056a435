"""What is begun beside other work has ended and cleaned up before who began it goes on, whatever meets whatever."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from ontologie import tasks


class Slow:
    """Work that takes its time to clean up, and notes when somebody interrupts it there."""

    def __init__(self) -> None:
        self.may_end = asyncio.Event()
        self.cleaning = asyncio.Event()
        self.clean = False

    async def run(self) -> str:
        try:
            await asyncio.Event().wait()
        finally:
            self.cleaning.set()
            await self.may_end.wait()
            self.clean = True
        return "never"


async def fails() -> None:
    raise LookupError


async def waits() -> None:
    await asyncio.Event().wait()


async def gives(value: str) -> str:
    return value


async def begun(task: "asyncio.Task[None]") -> "asyncio.Task[None]":
    await asyncio.sleep(0)
    return task


@pytest.fixture
async def slow() -> AsyncIterator[Slow]:
    work = Slow()
    yield work
    work.may_end.set()


async def test_ended_is_only_what_has_cleaned_up(slow: Slow) -> None:
    task = asyncio.create_task(slow.run())
    ending = await begun(asyncio.create_task(tasks.end(task)))
    await slow.cleaning.wait()
    assert not ending.done()
    slow.may_end.set()
    await ending
    assert slow.clean
    assert task.cancelled()


async def test_a_second_cancellation_waits_for_the_cleaning_up_and_does_not_interrupt_it(slow: Slow) -> None:
    async def body() -> None:
        async with tasks.beside(slow.run()):
            await waits()

    task = await begun(asyncio.create_task(body()))
    task.cancel()
    await slow.cleaning.wait()
    task.cancel()
    await asyncio.sleep(0)
    assert not task.done()
    slow.may_end.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert slow.clean


async def test_what_has_ended_is_left_alone() -> None:
    task = asyncio.create_task(gives("seven"))
    await asyncio.sleep(0)
    await tasks.end(task)
    assert task.result() == "seven"


async def test_an_error_beside_the_body_does_not_interrupt_it_and_can_be_looked_at() -> None:
    async with tasks.beside(fails(), waits()) as (failed, waiting):
        await asyncio.sleep(0)
    assert isinstance(failed.exception(), LookupError)
    assert waiting.cancelled()


async def test_the_bodys_own_error_ends_what_goes_on_beside_it(slow: Slow) -> None:
    slow.may_end.set()

    async def body() -> None:
        async with tasks.beside(slow.run()):
            await asyncio.sleep(0)
            raise LookupError

    with pytest.raises(LookupError):
        await body()
    assert slow.clean


async def test_the_first_to_end_ends_the_others(slow: Slow) -> None:
    slow.may_end.set()
    left = []
    await tasks.until_one_ends(slow.run(), gives("done"), leaving=lambda: left.append(slow.clean))
    assert left == [False], "they are told to leave before they are ended"
    assert slow.clean


async def test_an_error_in_one_of_two_is_raised_once_the_other_has_cleaned_up(slow: Slow) -> None:
    slow.may_end.set()
    with pytest.raises(LookupError):
        await tasks.until_one_ends(slow.run(), fails())
    assert slow.clean


async def test_cancelled_all_are_ended(slow: Slow) -> None:
    slow.may_end.set()
    left = []
    task = await begun(asyncio.create_task(tasks.until_one_ends(slow.run(), waits(), leaving=lambda: left.append(1))))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert left == [1]
    assert slow.clean


async def test_work_is_cut_off_when_enough_is_enough(slow: Slow) -> None:
    slow.may_end.set()
    with pytest.raises(tasks.CutOff):
        await tasks.unless(asyncio.sleep(0), slow.run())
    assert slow.clean


async def test_a_result_that_is_there_when_work_is_cut_off_counts() -> None:
    async def commits() -> str:
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        return "committed"

    assert await tasks.unless(asyncio.sleep(0), commits()) == "committed"


async def test_an_error_met_while_work_is_cut_off_counts() -> None:
    async def breaks() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            raise LookupError

    with pytest.raises(LookupError):
        await tasks.unless(asyncio.sleep(0), breaks())


async def test_who_watches_in_vain_says_so() -> None:
    with pytest.raises(LookupError):
        await tasks.unless(fails(), waits())


async def test_a_cancellation_that_is_lost_inside_is_raised_all_the_same() -> None:
    reached = []

    async def loses() -> None:
        with tasks.kept() as check:
            with contextlib.suppress(asyncio.CancelledError):  # what wait_for does when its result is there that moment
                await asyncio.Event().wait()
            reached.append("lost")
            check()
            reached.append("went on")

    task = await begun(asyncio.create_task(loses()))
    await tasks.end(task)
    assert task.cancelled()
    assert reached == ["lost"]


async def test_a_time_limit_inside_is_no_lost_cancellation() -> None:
    with tasks.kept() as check:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0):
                await waits()
        check()


async def test_what_stands_on_work_that_fails_is_interrupted_and_raises_its_error() -> None:
    with pytest.raises(LookupError):
        async with tasks.standing_on(fails()):
            await waits()


async def test_what_stands_on_work_ends_it_and_keeps_its_own_error(slow: Slow) -> None:
    async def stands() -> None:
        async with tasks.standing_on(slow.run()):
            await asyncio.sleep(0)
            raise ZeroDivisionError

    slow.may_end.set()
    with pytest.raises(ZeroDivisionError):
        await stands()


async def test_together_gives_the_results_in_order() -> None:
    assert await tasks.together(gives("a"), gives("b")) == ["a", "b"]
    assert await tasks.together() == []


async def test_what_fails_ends_the_others_before_anybody_hears_of_it(slow: Slow) -> None:
    asked = await begun(asyncio.create_task(tasks.together(slow.run(), fails())))  # type: ignore[arg-type]
    await slow.cleaning.wait()
    assert not asked.done()
    slow.may_end.set()
    with pytest.raises(LookupError):
        await asked
    assert slow.clean

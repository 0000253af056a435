"""What users ask of runs while they run: cancel, pause, sync now, another frequency; and who comes when."""

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from hubspot_simulator import Portal
from ontologie.clock import SystemClock
from ontologie.database import runs as run_table
from ontologie.database import sources as source_table
from ontologie.model.run import Run, RunOptions, RunStatus
from ontologie.services import runs, sources
from ontologie.services.context import Context
from ontologie.settings import Settings
from ontologie.sync.engine import Outcome
from ontologie.wiring import worker
from tests.lab import Lab
from tests.waiting import begun, ended, latest, reading, until

Portals = Callable[..., tuple[Portal, str]]
SLOW: dict[str, Any] = {"contacts": 4_000, "latency_ms": 200, "burst_per_10_s": 10, "search_per_s": 1}


@contextlib.asynccontextmanager
async def working(context: Context, **settings: Any) -> AsyncIterator[None]:
    """A worker in this process."""
    usual = {"home": tempfile.gettempdir(), "slice_seconds": 1, "sources_at_once": 1}
    chosen = Settings.model_validate({**usual, **settings})
    task = asyncio.create_task(worker(context, chosen).run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def due_now(context: Context, name: str, ago: timedelta = timedelta(0)) -> None:
    """Move the source's next run to a moment in the past."""
    source = await sources.find(context, name)
    async with context.pool.connection() as connection:
        await source_table.after_run(connection, source.id, next_run_at=context.clock.now() - ago, failures=0)


@pytest.mark.parametrize("action", ["cancel", "pause"])
def test_a_cancelled_or_paused_run_does_not_wait_for_answers_and_the_next_one_goes_on(
    jobs_lab: Lab, portal: Portals, action: str
) -> None:
    # Answers that take longer than we wait: the run has to be cut off in the middle of its requests.
    account, url = portal(contacts=1_500)
    jobs_lab.add(action, url, "contacts")

    async def work(context: Context) -> Run:
        source = await sources.find(context, action)
        account.config = type(account.config)(**{**_fields(account), "latency_ms": 300_000})
        async with working(context):
            await runs.start_now(context, source, RunOptions())
            await until(lambda: begun(context, action), "begun")
            if action == "cancel":
                assert await runs.cancel(context, source)
            else:
                await sources.pause(context, action)
            await until(lambda: ended(context, action), "ended")
        run = await latest(context, action)
        assert run is not None
        return run

    assert jobs_lab.within(work).status is RunStatus.CANCELLED
    account.config = type(account.config)(**{**_fields(account), "latency_ms": 0})
    assert jobs_lab.sync(action).status is RunStatus.SYNCED
    assert jobs_lab.differences(account, action, "contacts") == []


def test_cancelling_a_run_that_still_waits_needs_no_worker(jobs_lab: Lab, portal: Portals) -> None:
    _, url = portal(contacts=10)
    jobs_lab.add("waits", url, "contacts")

    async def work(context: Context) -> tuple[bool, bool]:
        source = await sources.find(context, "waits")
        await runs.start_now(context, source, RunOptions())
        first = await runs.cancel(context, source)
        assert await ended(context, "waits")
        return first, await runs.cancel(context, source)

    assert jobs_lab.within(work) == (True, False)


def test_two_sources_of_one_portal_are_never_read_at_the_same_time(jobs_lab: Lab, portal: Portals) -> None:
    _, url = portal(contacts=600, latency_ms=100, burst_per_10_s=30, search_per_s=2)
    names = ("twin_a", "twin_b")
    for name in names:
        jobs_lab.add(name, url, "contacts")

    async def work(context: Context) -> list[int]:
        held = []
        async with working(context, sources_at_once=4):
            for name in names:
                await runs.start_now(context, await sources.find(context, name), RunOptions())
            while not all([await ended(context, name) for name in names]):
                held.append(await _leases(context, names))
                await asyncio.sleep(0.02)
        return held

    held = jobs_lab.within(work)
    assert 1 in held
    assert max(held) == 1


def test_a_run_missed_for_days_is_made_up_once(jobs_lab: Lab, portal: Portals) -> None:
    _, url = portal(contacts=5)
    jobs_lab.add("missed", url, "contacts")

    async def work(context: Context) -> list[Run]:
        far = (context.clock.now().hour + 12) % 24  # no other falls due while the test lasts
        await sources.set_frequency(context, "missed", f"cron 0 {far} * * *")
        await due_now(context, "missed", ago=timedelta(days=30))
        async with working(context):
            await until(lambda: ended(context, "missed"), "ended")
            await asyncio.sleep(2.5)  # two more looks for what is due
        source = await sources.find(context, "missed")
        assert source.next_run_at is not None
        assert source.next_run_at > datetime.now(UTC)
        await sources.set_frequency(context, "missed", "manual")
        return await runs.history(context, source, limit=10)

    assert len(jobs_lab.within(work)) == 1


class Adjusted(SystemClock):
    """A machine's clock that is set."""

    ahead = timedelta(0)

    def now(self) -> datetime:
        return super().now() + self.ahead


def test_a_clock_that_is_set_back_keeps_no_source_waiting(jobs_lab: Lab, portal: Portals) -> None:
    _, url = portal(contacts=5)
    jobs_lab.add("set_back", url, "contacts")
    clock = Adjusted()

    async def work(context: Context) -> None:
        clock.ahead = timedelta(hours=1)
        machine = msgspec.structs.replace(context, clock=clock)
        await sources.set_frequency(machine, "set_back", "5m")
        async with working(machine):
            assert not await _due_within(context, "set_back", timedelta(minutes=5))
            clock.ahead = timedelta(0)
            await until(lambda: _due_within(context, "set_back", timedelta(minutes=5)), "by the time that is right")
        await sources.set_frequency(context, "set_back", "manual")

    jobs_lab.within(work)


def test_a_clock_that_was_fast_before_the_start_keeps_no_source_waiting(jobs_lab: Lab, portal: Portals) -> None:
    _, url = portal(contacts=5)
    jobs_lab.add("was_fast", url, "contacts")
    jobs_lab.add("out_of_quota", url, "contacts")
    clock = Adjusted()
    tomorrow = datetime.now(UTC) + timedelta(days=1, minutes=30)

    async def work(context: Context) -> datetime | None:
        clock.ahead = timedelta(days=3)
        for name in ("was_fast", "out_of_quota"):
            await sources.set_frequency(msgspec.structs.replace(context, clock=clock), name, "5m")
        left = await sources.find(context, "out_of_quota")
        moving = {"wait_s": 90_000}
        outcome = Outcome(status=RunStatus.ERROR, diagnosis_code="HUBSPOT_MIGRATING", diagnosis_params=moving)
        async with context.pool.connection() as connection:
            now = context.clock.now()
            run = await run_table.insert(connection, left.id, options=RunOptions(), trigger="schedule", now=now)
            assert run is not None
            assert await context.execution.ending.end(connection, left, run, outcome, now=now)
            await connection.execute(
                "INSERT INTO portal_claims SELECT portal_key, %s, 'died', now() + interval '3 days' FROM sources"
                " WHERE id = %s",
                [run.id, (await sources.find(context, "was_fast")).id],
            )
        async with working(context):
            await until(lambda: _due_within(context, "was_fast", timedelta(minutes=5)), "by the time that is right")
            await runs.start_now(context, await sources.find(context, "was_fast"), RunOptions())
            await until(lambda: ended(context, "was_fast"), "a claim that was made by that clock holds nobody up")
        found = (await sources.find(context, "out_of_quota")).next_run_at
        for name in ("was_fast", "out_of_quota"):
            await sources.set_frequency(context, name, "manual")
        return found

    due = jobs_lab.within(work)
    assert due is not None
    assert due > tomorrow, "who was asked to wait is not brought forward"


async def _due_within(context: Context, name: str, most: timedelta) -> bool:
    due = (await sources.find(context, name)).next_run_at
    return due is not None and due <= datetime.now(UTC) + most


def test_another_frequency_counts_at_once(jobs_lab: Lab, portal: Portals) -> None:
    _, url = portal(contacts=5)
    jobs_lab.add("edited", url, "contacts")

    async def work(context: Context) -> None:
        weekly = await sources.set_frequency(context, "edited", "weekly")
        often = await sources.set_frequency(context, "edited", "5m")
        now = context.clock.now()
        assert weekly.next_run_at is not None
        assert often.next_run_at is not None
        assert often.next_run_at - now <= timedelta(minutes=5)
        assert (await sources.set_frequency(context, "edited", "manual")).next_run_at is None

    jobs_lab.within(work)


def test_sync_now_comes_before_what_the_schedule_has_queued(jobs_lab: Lab, portal: Portals) -> None:
    portals = {name: portal(contacts=5, portal_id=7_000 + number)[1] for number, name in enumerate("uvwx")}
    for name, url in portals.items():
        jobs_lab.add(name, url, "contacts")

    async def work(context: Context) -> list[str]:
        for name in "uvw":
            source = await sources.find(context, name)
            async with context.pool.connection() as connection, connection.transaction():
                run = await run_table.insert(
                    connection, source.id, options=RunOptions(), trigger="schedule", now=context.clock.now()
                )
                assert run is not None
                await context.queue.wake(connection, run.id)
        await runs.start_now(context, await sources.find(context, "x"), RunOptions())
        await runs.start_now(context, await sources.find(context, "w"), RunOptions())  # already queued: hurried
        async with working(context):
            for name in "uvwx":
                await until(lambda name=name: ended(context, name), "ended")  # type: ignore[misc]
        begun = [((await latest(context, name)).started_at, name) for name in "uvwx"]  # type: ignore[union-attr]
        return [name for _, name in sorted(begun)]  # type: ignore[type-var]

    assert set(jobs_lab.within(work)[:2]) == {"x", "w"}


def test_a_huge_first_sync_does_not_starve_the_others(jobs_lab: Lab, portal: Portals) -> None:
    _, huge = portal(**SLOW)
    _, small = portal(contacts=20, portal_id=8_001)
    jobs_lab.add("huge", huge, "contacts")
    jobs_lab.add("small", small, "contacts")

    async def work(context: Context) -> RunStatus | None:
        async with working(context, sources_at_once=1):
            await runs.start_now(context, await sources.find(context, "huge"), RunOptions())
            await until(lambda: reading(context, "huge"), "the huge one is at work")
            for _ in range(2):
                await sources.set_frequency(context, "small", "5m")
                await due_now(context, "small")
                await until(lambda: ended(context, "small"), "the small one ended")
            run = await latest(context, "huge")
            await runs.cancel(context, await sources.find(context, "huge"))
            await sources.set_frequency(context, "small", "manual")
            return run.status if run else None

    assert jobs_lab.within(work) is RunStatus.RUNNING


async def _leases(context: Context, names: tuple[str, ...]) -> int:
    """How many of the sources are being worked on now."""
    query = " UNION ALL ".join(f"SELECT 1 AS one FROM hubspot_{name}._lease WHERE expires_at > now()" for name in names)
    async with context.pool.connection() as connection:
        found = await (
            await connection.execute(
                "SELECT to_regclass('hubspot_twin_a._lease') IS NOT NULL"
                " AND to_regclass('hubspot_twin_b._lease') IS NOT NULL AS made"
            )
        ).fetchone()
        if not found or not found["made"]:
            return 0
        return len(await (await connection.execute(query.encode())).fetchall())


def _fields(account: Portal) -> dict[str, Any]:
    return {name: getattr(account.config, name) for name in type(account.config).__struct_fields__}

"""Room on the disk, and what is forgotten in time."""

import asyncio
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from hubspot_simulator import Portal
from ontologie.database import notices as notice_table
from ontologie.errors import OperatorError
from ontologie.jobs.housekeeping import Housekeeping, HousekeepingSettings
from ontologie.jobs.worker import Worker, WorkerSettings
from ontologie.model.run import RunOptions, RunStatus
from ontologie.services import health, measurements, runs, sources
from ontologie.services.context import Context
from tests.lab import Lab
from tests.waiting import begun, ended, latest, reading, until

Portals = Callable[..., tuple[Portal, str]]


def housekeeping(context: Context, logs: Path, free: list[int]) -> Housekeeping:
    settings = HousekeepingSettings(
        disk_least_free_bytes=1_000,
        keep_runs=timedelta(days=90),
        keep_logs=timedelta(days=30),
        log_folder=logs,
        free_bytes=lambda: free[0],
    )
    return Housekeeping(context.pool, context.clock, context.execution, settings)


def test_syncs_are_held_while_the_disk_is_nearly_full_and_go_on_by_themselves(
    jobs_lab: Lab, portal: Portals, tmp_path: Path
) -> None:
    account, url = portal(contacts=4_000, latency_ms=100, burst_per_10_s=12, search_per_s=1)
    jobs_lab.add("held", url, "contacts")
    free = [10_000]

    async def work(context: Context) -> None:
        watch = housekeeping(context, tmp_path, free)
        settings = WorkerSettings(slice=timedelta(seconds=30))
        worker = Worker(context.pool, context.clock, context.queue, context.execution, duties=[], settings=settings)
        working = asyncio.create_task(worker.run())
        await runs.start_now(context, await sources.find(context, "held"), RunOptions())
        await until(lambda: reading(context, "held"), "at work")
        free[0] = 500
        await watch.watch_disk()
        await until(lambda: _idle(context), "the slice has stopped", timedelta(seconds=10))
        assert [notice.code for notice in await health.notices(context)] == ["DISK_NEARLY_FULL"]
        assert await begun(context, "held"), "the run stays open"
        free[0] = 1_100  # a little more than too little: not enough to go on
        await watch.watch_disk()
        assert context.execution.held
        account.configure(burst_per_10_s=1_000, search_per_s=5)  # what could not end meanwhile need not take a minute
        free[0] = 10_000
        await watch.watch_disk()
        assert await health.notices(context) == []
        await until(lambda: ended(context, "held"), "ended")
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
        run = await latest(context, "held")
        assert run is not None
        assert run.status is RunStatus.SYNCED

    jobs_lab.within(work)
    assert jobs_lab.differences(account, "held", "contacts") == []


def test_syncs_that_wait_are_told_although_the_full_disk_takes_no_notice(jobs_lab: Lab) -> None:
    async def work(context: Context) -> None:
        context.execution.hold()
        assert b"\nontologie_syncs_held 1.0" in await measurements.exposition(context)
        context.execution.go_on()
        assert b"\nontologie_syncs_held 0.0" in await measurements.exposition(context)

    jobs_lab.within(work)


def test_a_sync_of_the_command_is_held_too(jobs_lab: Lab, portal: Portals) -> None:
    account, url = portal(contacts=20)
    jobs_lab.add("by_hand", url, "contacts")
    jobs_lab.settings["disk_least_free_mb"] = 1_000_000_000
    with pytest.raises(OperatorError) as held:
        jobs_lab.sync("by_hand")
    assert held.value.code == "DISK_NEARLY_FULL"
    del jobs_lab.settings["disk_least_free_mb"]
    assert jobs_lab.sync("by_hand").status is RunStatus.SYNCED
    assert jobs_lab.within(health.notices) == []
    assert jobs_lab.differences(account, "by_hand", "contacts") == []


async def _idle(context: Context) -> bool:
    return context.execution.working == 0


def test_old_runs_and_log_files_are_forgotten_and_the_last_run_of_a_source_is_kept(
    jobs_lab: Lab, portal: Portals, tmp_path: Path
) -> None:
    _, url = portal(contacts=1)
    jobs_lab.add("old", url, "contacts")
    for _ in range(3):
        jobs_lab.sync("old")
    now, old, rotated = tmp_path / "ontologie.log", tmp_path / "ontologie.log.2", tmp_path / "ontologie.log.1"
    for file in (now, old, rotated):
        file.touch()
    os.utime(old, (1, 1))

    async def work(context: Context) -> int:
        async with context.pool.connection() as connection:
            await connection.execute("UPDATE runs SET ended_at = now() - interval '91 days'")
            await notice_table.every(connection)
        await housekeeping(context, tmp_path, [10_000]).forget()
        return len(await runs.history(context, await sources.find(context, "old"), limit=10))

    assert jobs_lab.within(work) == 1
    assert [file.exists() for file in (now, rotated, old)] == [True, True, False]

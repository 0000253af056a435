"""Slices that are over before anything has come still come to the end of what was asked for."""

from datetime import timedelta

from ontologie.database import runs as run_rows
from ontologie.model.run import Run, RunOptions, RunStatus
from ontologie.services import sources
from ontologie.services.context import Context
from tests.lab import Lab, ids, progress

MOST_SLICES = 60


def test_a_full_check_asked_for_in_the_middle_of_a_first_sync_is_part_of_that_run(lab: Lab, portal) -> None:
    account, url = portal(contacts=3_000, companies=0, deals=0, tickets=0)
    lab.add("short", url, "contacts")
    lab.settings = {"records_per_sync_limit": 1_500}
    try:
        assert lab.sync("short").status is RunStatus.PARTIAL
    finally:
        lab.settings = {}
    for record in list(ids(account, "contacts"))[::250]:
        account.events.gdpr_delete("contacts", record)

    async def in_slices(context: Context) -> Run:
        source = await sources.find(context, "short")
        async with context.pool.connection() as connection:
            run = await run_rows.insert(
                connection, source.id, options=RunOptions(check=True), trigger="user", now=context.clock.now()
            )
        assert run is not None
        for _ in range(MOST_SLICES):
            if await context.execution.advance(run.id, owner="me", slice_=timedelta(0)) is not RunStatus.RUNNING:
                break
        async with context.pool.connection() as connection:
            ended = await run_rows.by_id(connection, run.id)
        assert ended is not None
        return ended

    run = lab.within(in_slices)
    assert run.status is RunStatus.SYNCED
    assert {item.key for item in progress(run, "contacts").covered} == {"backfill", "changes", "archived", "sweep"}
    assert lab.differences(account, "short", "contacts") == []

"""Slices that are over before anything has come still come to the end of what was asked for."""

from collections.abc import Callable
from datetime import timedelta

from ontologie.database import runs as run_rows
from ontologie.model.run import Run, RunOptions, RunStatus
from ontologie.model.stream import StreamStatus
from ontologie.services import sources
from ontologie.services.context import Context
from tests.lab import Lab, ids, progress

MOST_SLICES = 60


def in_slices(lab: Lab, name: str, options: RunOptions, between: Callable[[], None] = lambda: None) -> Run:
    """A run of slices that are over at their first commit, or the open one's; ``between`` them something may happen.
    """

    async def work(context: Context) -> Run:
        source = await sources.find(context, name)
        async with context.pool.connection() as connection:
            run = await run_rows.insert(
                connection, source.id, options=options, trigger="user", now=context.clock.now()
            )
            run = run or (await run_rows.latest(connection, source.id, limit=1))[0]
        for _ in range(MOST_SLICES):
            if await context.execution.advance(run.id, owner="me", slice_=timedelta(0)) is not RunStatus.RUNNING:
                break
            between()
        async with context.pool.connection() as connection:
            ended = await run_rows.by_id(connection, run.id)
        assert ended is not None
        return ended

    return lab.within(work)


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

    run = in_slices(lab, "short", RunOptions(check=True))
    assert run.status is RunStatus.SYNCED
    assert {item.key for item in progress(run, "contacts").covered} == {"backfill", "changes", "archived", "sweep"}
    assert lab.differences(account, "short", "contacts") == []


def test_streams_that_change_all_the_time_come_to_an_end(lab: Lab, portal) -> None:
    """Each needs another number of slices for its beginning and two for what has changed since: all are never done in
    the same one."""
    types = ("contacts", "companies", "deals")
    account, url = portal(contacts=1_500, companies=90, deals=200, tickets=0)
    lab.add("busy", url, *types)

    def edit() -> None:
        for object_type, name in zip(types, ("jobtitle", "city", "dealname"), strict=True):
            account.events.bulk_edit(object_type, [next(ids(account, object_type))], {name: "edited"})

    run = in_slices(lab, "busy", RunOptions(), edit)
    assert run.status is RunStatus.SYNCED
    assert {item.status for item in run.objects} == {StreamStatus.SYNCED}
    assert lab.sync("busy").status is RunStatus.SYNCED, "what the last slices left is read by the next run"
    assert lab.differences(account, "busy", *types) == []

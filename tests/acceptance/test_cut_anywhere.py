"""A run may be cut off after any of its requests: what goes on later comes to the same."""

import asyncio
import contextlib

from hubspot_simulator import Portal
from ontologie.model.run import RunOptions, RunStatus
from ontologie.services import runs, sources
from ontologie.services.context import Context
from tests.lab import Lab, ids

TYPES = ("contacts", "companies", "deals")
STEP, LAST = 6, 31
"""A first sync of these three types takes about so many requests, and so does a full check."""


def requests(account: Portal) -> int:
    return sum(family.requests for family in account.statistics.families.values())


def cut(lab: Lab, account: Portal, name: str, after: int, *, check: bool) -> None:
    """Begin a run, or go on with the open one, and drop everything once it has sent so many requests."""

    async def work(context: Context) -> None:
        source, before = await sources.find(context, name), requests(account)
        running = asyncio.create_task(runs.sync_here(context, source, RunOptions(check=check), lambda _: None))
        while requests(account) - before < after and not running.done():  # noqa: ASYNC110 - a thread counts
            await asyncio.sleep(0)
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running

    lab.within(work)


def test_a_run_cut_off_after_any_number_of_requests_goes_on_to_the_same_end(lab: Lab, portal) -> None:
    account, url = portal(contacts=260, companies=20, deals=10, tickets=0)
    name = "cut_anywhere"
    lab.add(name, url, *TYPES)
    for after in range(1, LAST, STEP):
        cut(lab, account, name, after, check=False)
    assert lab.sync(name).status is RunStatus.SYNCED
    assert lab.differences(account, name, *TYPES) == []
    for after in range(1, LAST, STEP):
        one, other, third, fourth = list(ids(account, "contacts"))[:4]
        account.events.archive("contacts", one)
        account.events.merge("contacts", other, third)
        account.events.gdpr_delete("contacts", fourth)
        cut(lab, account, name, after, check=True)
    lab.sync(name)
    assert lab.sync(name, check=True).status is RunStatus.SYNCED
    assert lab.differences(account, name, *TYPES) == []

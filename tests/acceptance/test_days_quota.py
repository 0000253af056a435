"""A day's quota that is reached ends with the day: the runs after midnight go on where the last one stopped."""

from datetime import timedelta

import pytest

from ontologie.model.run import Run, RunOptions, RunStatus
from ontologie.services import runs, sources
from ontologie.services.context import Context
from tests.lab import Lab, at_noon, progress

MOST_DAYS = 5
RECORDS = 9_000


@pytest.mark.usefixtures("hubspots_searches")
def test_a_first_sync_over_several_days_goes_on_and_comes_to_the_full_truth(lab: Lab, portal) -> None:
    account, url = portal(
        contacts=RECORDS, companies=0, deals=0, tickets=0, daily_limit=80, search_per_s=7, time_zone="Asia/Tokyo"
    )
    at_noon(account)
    lab.add("days", url, "contacts")

    async def days(context: Context) -> list[Run]:
        """In one process, which remembers what was left of yesterday."""
        source, found = await sources.find(context, "days"), []
        while len(found) < MOST_DAYS:
            found.append(await runs.sync_here(context, source, RunOptions(), lambda _: None))
            if found[-1].status is RunStatus.SYNCED:
                break
            again = await runs.sync_here(context, source, RunOptions(), lambda _: None)
            assert progress(again, "contacts").read == 0, "the same day has nothing left"
            account.clock.advance(timedelta(days=1))
        return found

    *stopped, last = lab.within(days)
    assert {progress(run, "contacts").diagnosis_code for run in stopped} == {"HUBSPOT_DAILY_QUOTA_REACHED"}
    assert last.status is RunStatus.SYNCED
    assert account.statistics.rate_limited == 0
    assert sum(progress(run, "contacts").read for run in (*stopped, last)) == RECORDS, "nothing is read again"
    assert lab.differences(account, "days", "contacts") == []

"""A machine whose clock is wrong sees changes all the same: windows are in HubSpot's own time."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.lab import Lab, ids


@pytest.mark.parametrize("ours", [timedelta(minutes=10), timedelta(minutes=-10), timedelta(hours=3)])
def test_changes_arrive_with_the_next_run_however_wrong_our_clock_is(lab: Lab, portal, ours: timedelta) -> None:
    account, url = portal(contacts=40, companies=0, deals=0, tickets=0)
    account.clock.set(datetime.now(UTC) - ours)
    name = f"wrong_{int(ours.total_seconds()) % 86_400}"
    lab.add(name, url, "contacts")
    lab.sync(name)
    account.events.edit("contacts", next(ids(account, "contacts")), {"jobtitle": "Changed since"})
    lab.sync(name)
    assert lab.differences(account, name, "contacts") == []

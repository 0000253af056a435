"""A machine whose clock is wrong sees changes all the same: windows are in HubSpot's own time."""

from datetime import UTC, datetime, timedelta

import pytest

from ontologie.services.context import Context
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


def test_definitions_read_by_a_clock_that_was_fast_are_read_again_once_it_is_right(lab: Lab, portal) -> None:
    account, url = portal(contacts=40, companies=0, deals=0, tickets=0)
    lab.add("was_fast", url, "contacts")
    lab.sync("was_fast")

    async def a_year_later(context: Context) -> None:
        async with context.pool.connection() as connection:
            await connection.execute("UPDATE hubspot_was_fast._rhythms SET at = at + interval '1 year'")

    lab.within(a_year_later)
    account.events.add_property("contacts", "shoe_size")
    account.events.edit("contacts", next(ids(account, "contacts")), {"shoe_size": "44"})
    lab.sync("was_fast")
    assert lab.rows("select count(*) from hubspot_was_fast.contacts where shoe_size = '44'") == [(1,)]

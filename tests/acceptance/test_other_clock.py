"""A machine whose clock is wrong sees changes all the same: windows are in HubSpot's own time."""

from datetime import UTC, datetime, timedelta

import pytest

from hubspot_simulator.bad_days import BadDays
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


@pytest.mark.parametrize("ours", [timedelta(days=120), timedelta(hours=-2)])
def test_deletions_are_told_apart_by_hubspots_time_however_wrong_our_clock_is(
    lab: Lab, portal, ours: timedelta
) -> None:
    account, url = portal(contacts=40, companies=0, deals=0, tickets=0)
    account.clock.set(datetime.now(UTC) - ours)
    name = f"deleted_{int(ours.total_seconds()) % 86_400}"
    lab.add(name, url, "contacts")
    lab.sync(name)
    kept, erased, *_ = ids(account, "contacts")
    for record in (kept, erased):
        account.events.archive("contacts", record)
    lab.sync(name, check=True)
    purged = f"select id from hubspot_{name}.contacts where _purged_at is not null"
    assert lab.rows(purged) == [], "neither is older than 90 days to HubSpot"
    account.events.gdpr_delete("contacts", erased)
    lab.sync(name, check=True)
    assert lab.rows(purged) == [(erased,)]
    assert lab.differences(account, name, "contacts") == []


def test_records_without_an_id_stay_aside_where_our_clock_is_behind(lab: Lab, portal) -> None:
    account, url = portal(contacts=200, companies=0, deals=0, tickets=0)
    account.clock.set(datetime.now(UTC) + timedelta(hours=2))
    account.mischief.days = BadDays(spoilt_records=1, families=("objects", "search"))
    lab.add("nameless_behind", url, "contacts")
    lab.sync("nameless_behind")
    aside = "select count(*) > 0 from hubspot_nameless_behind._aside where id is null"
    assert lab.rows(aside) == [(True,)]
    lab.sync("nameless_behind", check=True)
    assert lab.rows(aside) == [(True,)], "the full check has shown them again"

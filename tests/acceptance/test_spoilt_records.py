"""Records that are what no client expects are kept aside or lose one value; the others arrive, and the counts agree."""

from hubspot_simulator.bad_days import BadDays
from hubspot_simulator.spoilt import KINDS, kind_of
from ontologie.model.run import Compared, CountsMean, RunStatus
from tests.lab import Lab, ids, progress

RECORDS = 450
UNREADABLE = ("no_dates", "no_properties", "no_id")


def test_a_third_of_a_portal_is_spoilt_and_the_rest_arrives(lab: Lab, portal) -> None:
    account, url = portal(contacts=RECORDS, contact_properties=60, companies=0, deals=0, tickets=0)
    account.mischief.days = BadDays(spoilt_records=0.3)
    spoilt = [kind_of(at) for at in range(RECORDS) if account.mischief.marks("spoilt_records", "objects", at)]
    assert set(spoilt) == set(KINDS)
    lab.add("spoilt", url, "contacts")
    unreadable = sum(spoilt.count(kind) for kind in UNREADABLE)
    told = progress(lab.sync("spoilt"), "contacts")
    assert told.counts.set_aside == unreadable
    assert told.counts.rejected_values > 0
    assert told.compared == Compared(counted_ours=RECORDS, counted_theirs=RECORDS, counts_mean=CountsMean.EQUAL)
    assert lab.rows("select count(*) from hubspot_spoilt.contacts") == [(RECORDS - unreadable,)]
    checked = progress(lab.sync("spoilt", check=True), "contacts")
    assert checked.checked_ours is not None
    assert 0 <= checked.checked_ours - RECORDS <= spoilt.count("no_id"), "without an id it may count twice"
    account.mischief.days = BadDays()
    assert lab.sync("spoilt", check=True).status is RunStatus.SYNCED
    assert lab.differences(account, "spoilt", "contacts") == []
    assert lab.rows("select count(*) from hubspot_spoilt._aside") == [(0,)]


def test_deleted_records_that_come_spoilt_are_deleted_here(lab: Lab, portal) -> None:
    account, url = portal(contacts=200, contact_properties=60, companies=0, deals=0, tickets=0)
    lab.add("spoilt_bin", url, "contacts")
    lab.sync("spoilt_bin")
    for at, record in enumerate(list(ids(account, "contacts"))):
        if kind_of(at) in UNREADABLE:
            account.events.archive("contacts", record)
    account.mischief.days = BadDays(spoilt_records=1, families=("batch_read",))
    assert lab.sync("spoilt_bin", check=True, confirm_deletions=True).status is RunStatus.SYNCED
    assert lab.differences(account, "spoilt_bin", "contacts") == []
    assert lab.rows("select count(*) from hubspot_spoilt_bin.contacts where _purged_at is not null") == [(0,)]

"""From how many records on deletions are held for the user's word: the operator's bounds, to the record."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from ontologie.model.run import RunStatus
from tests.lab import Lab, ids, progress


@pytest.fixture
def bounded(lab: Lab) -> Iterator[Lab]:
    lab.settings = {"mass_deletion_records": 10, "mass_deletion_share": 0.05}
    yield lab
    lab.settings = {}


@pytest.mark.parametrize(("contacts", "bound"), [(120, 10), (400, 20)], ids=["records", "share"])
def test_deletions_up_to_the_bound_are_carried_out_and_one_more_is_held(
    bounded: Lab, portal, contacts: int, bound: int
) -> None:
    account, url = portal(contacts=2 * contacts, companies=0, deals=0, tickets=0)
    exactly, one_more = f"bound{contacts}", f"over{contacts}"
    gone = list(ids(account, "contacts"))[contacts:]
    for record in gone:
        account.events.archive("contacts", record)
    bounded.add(exactly, url, "contacts")
    bounded.add(one_more, url, "contacts")
    bounded.sync(exactly)
    bounded.sync(one_more)
    live = list(ids(account, "contacts"))
    assert len(live) == contacts
    for record in live[:bound]:
        account.events.archive("contacts", record)
    assert bounded.sync(exactly, check=True).status is RunStatus.SYNCED
    assert bounded.differences(account, exactly, "contacts") == []
    account.events.archive("contacts", live[bound])
    held = progress(bounded.sync(one_more, check=True), "contacts")
    assert (held.diagnosis_code, held.diagnosis_params["count"]) == ("MASS_DELETION_HELD", bound + 1)
    marked = f"select count(*) from hubspot_{one_more}.contacts where _archived_at is null"
    assert bounded.rows(marked) == [(contacts,)]
    assert bounded.sync(one_more, check=True, confirm_deletions=True).status is RunStatus.SYNCED
    assert bounded.differences(account, one_more, "contacts") == []


def test_what_went_earlier_in_the_same_run_counts_too(bounded: Lab, portal) -> None:
    bounded.settings |= {"archived_minutes": 0.00001, "totals_minutes": 0.00001}
    account, url = portal(contacts=120, companies=0, deals=0, tickets=0)
    bounded.add("twice", url, "contacts")
    bounded.sync("twice")
    every = list(ids(account, "contacts"))
    for record in every[:8]:
        account.events.gdpr_delete("contacts", record)
    bounded.sync("twice")  # the counts differ for the first time
    for record in every[10:18]:
        account.events.archive("contacts", record)
    held = progress(bounded.sync("twice"), "contacts")  # the list of deleted records, then a full check
    assert held.compared.gone == 8
    assert (held.diagnosis_code, held.diagnosis_params["count"]) == ("MASS_DELETION_HELD", 8)
    assert bounded.rows("select count(*) from hubspot_twice.contacts where _archived_at is null") == [(112,)]


def test_records_that_come_older_than_they_are_stored_are_no_deletions(bounded: Lab, portal) -> None:
    account, url = portal(contacts=60, companies=0, deals=0, tickets=0)
    every = list(ids(account, "contacts"))
    account.events.bulk_edit("contacts", every, {"jobtitle": "of tomorrow"}, at=datetime.now(UTC) + timedelta(days=1))
    bounded.add("restored", url, "contacts")
    bounded.sync("restored")
    account.events.bulk_edit("contacts", every, {"jobtitle": "of today"})
    run = bounded.sync("restored")
    assert (run.status, progress(run, "contacts").counts.updated) == (RunStatus.SYNCED, 60)
    assert bounded.differences(account, "restored", "contacts") == []

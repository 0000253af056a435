"""A record that a full check was not shown is asked for before it is marked: what is still there stays. So is one that
comes older than it is stored."""

from datetime import UTC, datetime, timedelta

from hubspot_simulator.bad_days import BadDays
from ontologie.model.run import RunStatus
from tests.lab import Lab, ids, progress

_HIDDEN = 0.4
_FEW = {"companies": 5, "deals": 0, "tickets": 0}


def test_hundreds_of_live_records_that_lists_and_searches_leave_out_stay(lab: Lab, portal) -> None:
    account, url = portal(contacts=1_500, **_FEW)
    lab.add("hidden", url, "contacts", "companies")
    lab.sync("hidden")
    account.mischief.days = BadDays(hidden_rows=_HIDDEN)
    hidden = [at for at in range(1_500) if account.mischief.marks("hidden_rows", "objects", at)]
    assert len(hidden) > 500
    run = lab.sync("hidden", check=True)
    assert run.status is RunStatus.SYNCED
    assert progress(run, "contacts").counts.archived == 0
    assert lab.differences(account, "hidden", "contacts", "companies") == []


def test_batch_reads_that_fail_for_some_mark_nobody_else(lab: Lab, portal) -> None:
    account, url = portal(contacts=700, **_FEW)
    lab.add("unanswered", url, "contacts", "companies")
    lab.sync("unanswered")
    gone = next(ids(account, "contacts"))
    account.events.archive("contacts", gone)
    account.mischief.days = BadDays(hidden_rows=_HIDDEN, partial_batches=0.4)
    assert lab.sync("unanswered", check=True).status is RunStatus.SYNCED
    marked = "select id from hubspot_unanswered.contacts where _archived_at is not null or _purged_at is not null"
    assert lab.rows(marked) == [(gone,)]
    assert lab.differences(account, "unanswered", "contacts", "companies") == []


def test_a_modified_date_that_goes_back_keeps_no_record_as_it_was(lab: Lab, portal) -> None:
    account, url = portal(contacts=300, **_FEW)
    edited, restored, *_ = ids(account, "contacts")
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    for record in (edited, restored):
        account.events.edit("contacts", record, {"jobtitle": "of tomorrow"}, at=tomorrow)
    lab.add("back_in_time", url, "contacts")
    lab.sync("back_in_time")
    account.events.archive("contacts", restored)
    lab.sync("back_in_time", check=True)
    account.events.edit("contacts", edited, {"jobtitle": "of today"})
    account.events.restore("contacts", restored)
    assert lab.sync("back_in_time").status is RunStatus.SYNCED, "what has changed needs no full check"
    assert lab.differences(account, "back_in_time", "contacts") == []

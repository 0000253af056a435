"""Whom HubSpot has erased is erased here, whatever had become of the record before, and the counts agree."""

import asyncio
import contextlib
from datetime import UTC, datetime, timedelta

import psycopg

from ontologie.model.run import CountsMean, RunOptions, RunStatus
from ontologie.services import runs, sources
from ontologie.services.context import Context
from tests.lab import Lab, ids, progress
from tests.waiting import until

FEW = {"companies": 5, "deals": 0, "tickets": 0, "emails": 0, "calls": 0, "notes": 40, "tasks": 0, "meetings": 0}


def test_a_person_erased_from_the_recycle_bin_is_erased_here(lab: Lab, portal) -> None:
    account, url = portal(contacts=300, **FEW)
    lab.add("binned", url, "contacts", "companies")
    lab.sync("binned")
    deleted = list(ids(account, "contacts"))[::2]
    for record in deleted:
        account.events.archive("contacts", record)
    lab.sync("binned", check=True)
    erased, restored = deleted[3], deleted[4]
    account.events.gdpr_delete("contacts", erased)
    account.events.restore("contacts", restored, at=datetime.now(UTC) - timedelta(days=2))
    lab.settings = {"archived_minutes": 0.0001}
    try:
        run = lab.sync("binned")
    finally:
        lab.settings = {}
    assert run.status is RunStatus.SYNCED
    assert lab.rows("select id from hubspot_binned.contacts where _purged_at is not null") == [(erased,)]
    assert progress(run, "contacts").compared.gone == 0, "it was gone before"
    assert lab.differences(account, "binned", "contacts", "companies") == []


def test_what_has_left_the_recycle_bin_by_age_is_kept_as_long_as_the_setting_says(lab: Lab, portal) -> None:
    account, url = portal(contacts=20, **FEW)
    lab.settings = {"erase_after_archived_days": 365, "archived_minutes": 0.0001}
    try:
        lab.add("aged", url, "contacts")
        lab.sync("aged")
        old = next(ids(account, "contacts"))
        account.events.archive("contacts", old, at=datetime.now(UTC) - timedelta(days=100))
        lab.sync("aged", check=True)
        account.events.gdpr_delete("contacts", old)  # as HubSpot does itself after 90 days
        lab.sync("aged", check=True)
    finally:
        lab.settings = {}
    assert lab.rows("select id from hubspot_aged.contacts where _purged_at is not null") == []


def test_engagements_that_stay_erased_with_a_person_are_no_difference(lab: Lab, portal) -> None:
    account, url = portal(contacts=5, **FEW)
    lab.settings = {"erase_engagements": True, "totals_minutes": 0.0001}

    links = [item for item in account.truth() if item["kind"] == "association" and item["from_type"] == "notes"]
    person = next(item["to_id"] for item in links if item["to_type"] == "contacts")
    notes = sorted({item["from_id"] for item in links if item["to_id"] == person})
    try:
        lab.add("kept_out", url, "contacts", "engagements")
        lab.sync("kept_out")
        account.events.gdpr_delete("contacts", person)
        lab.sync("kept_out", check=True)
        assert lab.rows("select count(*) from hubspot_kept_out.notes where _purged_at is not null") == [(len(notes),)]
        for deleted_too in notes[:2]:
            compared = progress(lab.sync("kept_out"), "notes").compared
            assert (compared.counts_mean, compared.counted_ours) == (CountsMean.EQUAL, compared.counted_theirs)
            account.events.archive("notes", deleted_too)
            lab.sync("kept_out", check=True)
        assert progress(lab.sync("kept_out"), "notes").compared.counts_mean is CountsMean.EQUAL
    finally:
        lab.settings = {}


def test_many_that_leave_the_recycle_bin_at_once_are_held_until_confirmed(lab: Lab, portal) -> None:
    account, url = portal(contacts=60, **FEW)
    lab.settings = {"mass_deletion_records": 10}
    try:
        lab.add("emptied", url, "contacts")
        lab.sync("emptied")
        deleted = list(ids(account, "contacts"))[:20]
        for record in deleted:
            account.events.archive("contacts", record)
        lab.sync("emptied", check=True, confirm_deletions=True)
        for record in deleted:
            account.events.gdpr_delete("contacts", record)
        held = progress(lab.sync("emptied", check=True), "contacts")
        assert held.diagnosis_code == "MASS_DELETION_HELD"
        assert lab.rows("select count(*) from hubspot_emptied.contacts where _purged_at is not null") == [(0,)]
        assert lab.sync("emptied", check=True, confirm_deletions=True).status is RunStatus.SYNCED
    finally:
        lab.settings = {}
    assert lab.rows("select count(*) from hubspot_emptied.contacts where _purged_at is not null") == [(20,)]
    assert lab.differences(account, "emptied", "contacts") == []


def test_a_kill_while_a_persons_engagements_are_erased_forgets_none(lab: Lab, portal) -> None:
    account, url = portal(contacts=5, **FEW)
    links = [item for item in account.truth() if item["kind"] == "association" and item["from_type"] == "notes"]
    person = next(item["to_id"] for item in links if item["to_type"] == "contacts")
    notes = {item["from_id"] for item in links if item["to_id"] == person}

    async def cut_off(context: Context) -> None:
        source = await sources.find(context, "killed_erasing")
        async with await psycopg.AsyncConnection.connect(context.database_url) as reader:
            await reader.execute("LOCK TABLE hubspot_killed_erasing.notes IN EXCLUSIVE MODE")

            async def waits() -> bool:
                async with context.pool.connection() as connection:
                    asked = await connection.execute("SELECT FROM pg_locks WHERE NOT granted")
                    return await asked.fetchone() is not None

            options = RunOptions(check=True, streams=("contacts",))
            running = asyncio.create_task(runs.sync_here(context, source, options, lambda _: None))
            await until(waits, "the erasing waits for the notes")
            running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await running

    lab.settings = {"erase_engagements": True}
    try:
        lab.add("killed_erasing", url, "contacts", "engagements")
        lab.sync("killed_erasing")
        account.events.gdpr_delete("contacts", person)
        lab.within(cut_off)
        lab.sync("killed_erasing")
        lab.sync("killed_erasing", check=True)
    finally:
        lab.settings = {}
    erased = {row[0] for row in lab.rows("select id from hubspot_killed_erasing.notes where _purged_at is not null")}
    assert erased == notes

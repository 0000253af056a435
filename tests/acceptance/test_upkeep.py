"""What a normal run notices beside modified dates: changed definitions, counts that differ, streams ticked later."""

from datetime import timedelta

import msgspec
import pytest
from psycopg.types.json import Jsonb

from ontologie.database import runs as run_rows
from ontologie.model.run import RunOptions, RunStatus
from ontologie.services import sources
from ontologie.services.context import Context
from tests.lab import Lab, ids, progress

FEW = {"companies": 5, "deals": 10, "tickets": 5, "emails": 0, "calls": 0, "notes": 0, "tasks": 0, "meetings": 0}


def tick(lab: Lab, name: str, *streams: str) -> None:
    async def work(context: Context) -> None:
        source = await sources.find(context, name)
        async with context.pool.connection() as connection:
            await connection.execute(
                "UPDATE ontologie.sources SET streams = %s WHERE id = %s", [list(streams), source.id]
            )

    lab.within(work)


def test_a_choice_nobody_told_of_brings_the_definitions_again_at_once(lab: Lab, portal) -> None:
    account, url = portal(contacts=5, **FEW)
    lab.add("choices", url, "contacts")
    lab.sync("choices")
    before = account.statistics.families["properties"].requests
    account.events.edit("contacts", next(ids(account, "contacts")), {"jobtitle": "Known kinds only"})
    lab.sync("choices")
    assert account.statistics.families["properties"].requests == before
    account.events.edit("contacts", next(ids(account, "contacts")), {"lifecyclestage": "just_invented"})
    lab.sync("choices")
    assert account.statistics.families["properties"].requests == before + 1


def test_a_property_that_records_no_longer_have_is_marked_at_once(lab: Lab, portal) -> None:
    account, url = portal(contacts=5, **FEW)
    account.events.add_property("contacts", "shoe_size", "string", "text")
    lab.add("vanished", url, "contacts")
    lab.sync("vanished")
    account.events.archive_property("contacts", "shoe_size")
    account.events.edit("contacts", next(ids(account, "contacts")), {"jobtitle": "Changed"})
    lab.sync("vanished")
    assert lab.rows("select archived from hubspot_vanished.properties where name = 'shoe_size'") == [(True,)]


def test_a_property_back_from_the_archive_is_filled_for_old_records_in_the_same_run(lab: Lab, portal) -> None:
    account, url = portal(contacts=30, **FEW)
    contact = next(ids(account, "contacts"))
    account.events.add_property("contacts", "shoe_size", "string", "text")
    account.events.recalculate("contacts", contact, {"shoe_size": "42"})
    lab.add("back", url, "contacts")
    lab.sync("back")
    account.events.archive_property("contacts", "shoe_size")
    lab.settings = {"definitions_minutes": 0.0001}
    try:
        lab.sync("back")
        account.events.add_property("contacts", "shoe_size", "string", "text")
        account.events.recalculate("contacts", contact, {"shoe_size": "43"})
        lab.sync("back")
    finally:
        lab.settings = {}
    assert lab.rows(f"select shoe_size from hubspot_back.contacts where id = {contact}") == [("43",)]
    assert lab.differences(account, "back", "contacts") == []


def test_definitions_that_are_as_they_were_are_looked_at_on_their_rhythm_all_the_same(lab: Lab, portal) -> None:
    _, url = portal(contacts=5, **FEW)
    lab.add("same", url, "contacts")
    looked = "select at, told from hubspot_same._rhythms where name = 'definitions:contacts'"

    async def look(context: Context) -> tuple[object, ...]:
        async with context.pool.connection() as connection:
            row = await (await connection.execute(looked.encode())).fetchone()
        assert row is not None
        return row["at"], row["told"]

    lab.sync("same")
    before, told = lab.within(look)
    lab.settings = {"definitions_minutes": 0.0001}
    try:
        lab.sync("same")
    finally:
        lab.settings = {}
    after, again = lab.within(look)
    assert told is not None
    assert (again, after > before) == (told, True)
    assert lab.sync("same", full=True).status is RunStatus.SYNCED


def test_a_renamed_label_arrives(lab: Lab, portal) -> None:
    account, url = portal(contacts=5, **FEW)
    lab.add("labels", url, "contacts")
    lab.sync("labels")
    known = account.stores["contacts"].properties["jobtitle"]
    account.stores["contacts"].define(msgspec.structs.replace(known, label="Profession"))
    lab.settings = {"definitions_minutes": 0.0001}
    try:
        lab.sync("labels")
    finally:
        lab.settings = {}
    assert lab.rows("select label from hubspot_labels.properties where name = 'jobtitle'") == [("Profession",)]


def test_an_excluded_property_has_no_column_and_is_filled_once_it_is_wanted(lab: Lab, portal) -> None:
    account, url = portal(contacts=30, **FEW)

    async def exclude(context: Context, excluded: dict[str, list[str]]) -> None:
        source = await sources.find(context, "without")
        async with context.pool.connection() as connection:
            await connection.execute(
                "UPDATE ontologie.sources SET excluded_properties = %s WHERE id = %s", [Jsonb(excluded), source.id]
            )

    lab.add("without", url, "contacts")
    lab.within(lambda context: exclude(context, {"contacts": ["jobtitle"]}))
    lab.sync("without")
    wanted = "select count(*) from information_schema.columns where column_name = 'jobtitle' and table_schema = "
    assert lab.rows(f"{wanted}'hubspot_without'") == [(0,)]
    lab.within(lambda context: exclude(context, {}))
    lab.settings = {"definitions_minutes": 0.0001}
    try:
        lab.sync("without")
    finally:
        lab.settings = {}
    assert lab.rows("select count(*) > 0 from hubspot_without.contacts where jobtitle is not null") == [(True,)]
    assert lab.differences(account, "without", "contacts") == []


def test_links_to_a_stream_ticked_later_arrive_with_its_first_sync(lab: Lab, portal) -> None:
    account, url = portal(contacts=40, **FEW)
    lab.add("later", url, "contacts")
    lab.sync("later")
    tick(lab, "later", "contacts", "companies")
    assert lab.sync("later").status is RunStatus.SYNCED
    assert lab.differences(account, "later", "contacts", "companies") == []


def test_links_made_while_a_stream_was_not_ticked_arrive_once_it_is_again(lab: Lab, portal) -> None:
    account, url = portal(contacts=40, **FEW)
    lab.add("ticked_again", url, "contacts", "companies")
    lab.sync("ticked_again")
    tick(lab, "ticked_again", "contacts")
    contact = account.events.create("contacts", {"firstname": "New"})
    account.events.associate("contacts", contact, "companies", next(ids(account, "companies")))
    lab.sync("ticked_again")
    tick(lab, "ticked_again", "contacts", "companies")
    lab.settings = {"overlap_minutes": 0.00001}
    try:
        lab.sync("ticked_again")
    finally:
        lab.settings = {}
    assert lab.differences(account, "ticked_again", "contacts", "companies") == []


def test_links_that_were_refused_arrive_once_the_scope_is_granted(lab: Lab, portal) -> None:
    account, url = portal(contacts=40, **FEW)
    token, scopes = account.config.token, set(account.config.scopes)
    account.issue(token, scopes - {"crm.objects.companies.read"})
    lab.add("granted", url, "contacts", "companies")
    assert lab.sync("granted").status is RunStatus.ACTION_REQUIRED
    account.issue(token, scopes)
    assert lab.sync("granted").status is RunStatus.SYNCED
    assert lab.differences(account, "granted", "contacts", "companies") == []


def test_a_count_that_differs_in_two_runs_is_repaired_and_told(lab: Lab, portal) -> None:
    account, url = portal(contacts=40, **FEW)
    lab.add("counts", url, "contacts")
    lab.sync("counts")
    account.events.gdpr_delete("contacts", next(ids(account, "contacts")))
    lab.settings = {"totals_minutes": 0.0001}
    try:
        assert progress(lab.sync("counts"), "contacts").checked_theirs is None
        assert lab.differences(account, "counts", "contacts") != []
        repaired = progress(lab.sync("counts"), "contacts")
    finally:
        lab.settings = {}
    assert (repaired.checked_ours, repaired.checked_theirs) == (39, 39)
    assert lab.differences(account, "counts", "contacts") == []


def test_a_mass_deletion_that_is_held_is_not_carried_out_bit_by_bit(lab: Lab, portal) -> None:
    account, url = portal(contacts=2_300, **FEW)
    lab.add("bits", url, "contacts")
    lab.sync("bits")
    for record in list(ids(account, "contacts"))[:1_300]:
        account.events.archive("contacts", record)
    lab.settings = {"archived_minutes": 0.0001}
    try:
        for _ in range(3):
            assert progress(lab.sync("bits"), "contacts").diagnosis_code == "MASS_DELETION_HELD"
    finally:
        lab.settings = {}
    assert lab.rows("select count(*) from hubspot_bits.contacts where _archived_at is null") == [(2_300,)]


@pytest.mark.usefixtures("hubspots_searches")
def test_what_is_done_stays_fresh_while_a_long_backfill_goes_on(lab: Lab, portal) -> None:
    account, url = portal(contacts=9_000, search_per_s=7, **FEW)
    lab.add("long", url, "contacts", "companies")

    async def slices(context: Context) -> str:
        source = await sources.find(context, "long")
        async with context.pool.connection() as connection:
            run = await run_rows.insert(
                connection, source.id, options=RunOptions(), trigger="user", now=context.clock.now()
            )
        assert run is not None
        advance = context.execution.advance
        for _ in range(2):  # the second one ends the companies' backfill
            assert await advance(run.id, owner="me", slice_=timedelta(0)) is RunStatus.RUNNING
        company = next(ids(account, "companies"))
        account.events.edit("companies", company, {"description": "Edited meanwhile"})
        for _ in range(2):
            assert await advance(run.id, owner="me", slice_=timedelta(0)) is RunStatus.RUNNING
        async with context.pool.connection() as connection:
            found = await connection.execute("SELECT description FROM hubspot_long.companies WHERE id = %s", [company])
            row = await found.fetchone()
        assert row is not None
        return str(row["description"])

    assert lab.within(slices) == "Edited meanwhile"

"""Streams beyond the usual five, and what is special about single records, stages and budgets."""

import asyncio
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

import msgspec
import pytest

from hubspot_simulator.data.definitions import Property
from ontologie.errors import UsageError
from ontologie.model.run import RunStatus
from ontologie.services import runs, sources
from ontologie.services.context import Context
from tests.lab import Lab, ids, progress

FEW = {"companies": 5, "deals": 10, "tickets": 5, "emails": 0, "calls": 0, "notes": 0, "tasks": 0, "meetings": 0}


def test_products_line_items_and_custom_objects_are_read_when_asked_for(lab: Lab, portal) -> None:
    account, url = portal(contacts=5, products=12, line_items=30, quotes=9, leads=8, cars=7, **FEW)
    custom = f"p{account.config.portal_id}_cars"
    optional = ("products", "line_items", "quotes", "leads")
    lab.add("extra", url, "contacts", "deals", *optional, custom)
    assert lab.sync("extra").status is RunStatus.SYNCED
    for object_type, count in (("products", 12), ("line_items", 30), ("quotes", 9), ("leads", 8), (custom, 7)):
        assert lab.rows(f"select count(*) from hubspot_extra.{object_type}") == [(count,)]
    assert lab.differences(account, "extra", "contacts", "deals", *optional) == []
    for object_type in optional:
        account.events.archive(object_type, next(ids(account, object_type)))
    lab.sync("extra", check=True)
    assert lab.differences(account, "extra", "contacts", "deals", *optional) == []


def test_without_a_word_the_optional_streams_are_off(lab: Lab, portal) -> None:
    _, url = portal(contacts=5, **FEW)
    lab.add("usual", url)
    source = lab.within(lambda context: sources.find(context, "usual"))
    assert source.streams == ("contacts", "companies", "deals", "tickets", "engagements")


def test_a_stream_that_cannot_be_is_refused(lab: Lab, portal) -> None:
    _, url = portal(contacts=5, **FEW)
    with pytest.raises(UsageError, match="widgets"):
        lab.add("nothing", url, "widgets")


def test_a_record_that_is_too_wide_for_a_row_is_stored_whole(lab: Lab, portal) -> None:
    account, url = portal(contacts=30, **FEW)
    for number in range(1_100):
        account.events.add_property("contacts", f"figure_{number}", "number", "number")
    wide = list(ids(account, "contacts"))[7]
    account.events.edit("contacts", wide, {f"figure_{number}": f"1234567890123.{number}" for number in range(1_100)})
    lab.add("wide", url, "contacts")
    run = lab.sync("wide")
    assert progress(run, "contacts").counts.set_aside == 0
    assert progress(run, "contacts").counts.inserted == 30
    texts = "(select jsonb_object_agg(key, value) from jsonb_each_text(to_jsonb(c) - '_more'))"
    [(row, more)] = lab.rows(f"select {texts}, _more from hubspot_wide.contacts c where id = {wide}")
    assert isinstance(row, dict)
    assert isinstance(more, dict)
    held = {name: value for name, value in row.items() if name.startswith("figure_") and value is not None}
    assert 0 < len(held) < 1_100
    assert {name: Decimal(value) for name, value in (held | more).items() if name.startswith("figure_")} == {
        f"figure_{number}": Decimal(f"1234567890123.{number}") for number in range(1_100)
    }


def test_a_mass_deletion_in_the_archived_list_is_held_too(lab: Lab, portal) -> None:
    account, url = portal(contacts=2_300, **FEW)
    lab.add("mass", url, "contacts")
    lab.sync("mass")
    for record in list(ids(account, "contacts"))[:1_100]:
        account.events.archive("contacts", record)
    held = progress(lab.sync("mass", check=True), "contacts")
    assert held.diagnosis_code == "MASS_DELETION_HELD"
    lab.sync("mass", check=True, confirm_deletions=True)
    assert lab.differences(account, "mass", "contacts") == []


def test_a_full_check_counts_both_sides(lab: Lab, portal) -> None:
    _, url = portal(contacts=40, **FEW)
    lab.add("counted", url, "contacts")
    assert progress(lab.sync("counted"), "contacts").checked_theirs is None
    checked = progress(lab.sync("counted", check=True), "contacts")
    assert (checked.checked_ours, checked.checked_theirs) == (40, 40)


@pytest.mark.usefixtures("hubspots_searches")
def test_two_sources_on_one_portal_share_its_searches(lab: Lab, portal) -> None:
    account, url = portal(contacts=3_000, search_per_s=7, **FEW)
    account.issue("pat-eu1-00000000-0000-4000-8000-000000000002")
    lab.add("first_app", url, "contacts")
    lab.add("second_app", url, "contacts", token="pat-eu1-00000000-0000-4000-8000-000000000002")

    async def both(context: Context) -> None:
        found = [await sources.find(context, name) for name in ("first_app", "second_app")]
        await asyncio.gather(*(runs.sync_here(context, item, runs.RunOptions(), lambda _: None) for item in found))

    lab.within(both)
    assert account.statistics.families["search"].rate_limited == 0


def test_new_retyped_and_archived_properties_are_followed(lab: Lab, portal) -> None:
    account, url = portal(contacts=60, **FEW)
    account.events.add_property("contacts", "shoe_size", "string", "text")
    contacts = list(ids(account, "contacts"))
    account.events.edit("contacts", contacts[3], {"shoe_size": "42"})
    lab.add("drift", url, "contacts")
    lab.sync("drift")
    account.events.add_property("contacts", "favourite_tea", "string", "text")
    account.events.recalculate("contacts", contacts[4], {"favourite_tea": "Earl Grey"})
    account.events.retype_property("contacts", "shoe_size", "number", "number")
    lab.sync("drift", check=True)
    assert lab.rows("select favourite_tea from hubspot_drift.contacts where favourite_tea is not null") == [
        ("Earl Grey",)
    ]
    assert lab.rows("select pg_typeof(shoe_size)::text from hubspot_drift.contacts where shoe_size = 42") == [
        ("numeric",)
    ]
    account.events.archive_property("contacts", "favourite_tea")
    lab.sync("drift", check=True)
    assert lab.rows("select archived from hubspot_drift.properties where name = 'favourite_tea'") == [(True,)]
    assert lab.differences(account, "drift", "contacts") == []


def test_a_deal_in_a_stage_nobody_told_of_brings_the_pipelines_again(lab: Lab, portal) -> None:
    account, url = portal(contacts=1, **FEW)
    lab.add("stages", url, "deals")
    lab.sync("stages")
    before = account.statistics.families["pipelines"].requests
    account.events.edit("deals", next(ids(account, "deals")), {"dealstage": "just_invented"})
    lab.sync("stages")
    assert account.statistics.families["pipelines"].requests == before + 1
    lab.sync("stages")
    assert account.statistics.families["pipelines"].requests == before + 1


def test_sensitive_properties_are_read_only_on_request(lab: Lab, portal) -> None:
    account, url = portal(contacts=3, **FEW)
    account.events.add_property("contacts", "blood_type", "string", "text")
    known: Property = account.stores["contacts"].properties["blood_type"]
    account.stores["contacts"].define(msgspec.structs.replace(known, sensitivity="sensitive"))
    lab.add("discreet", url, "contacts")
    lab.add("trusted", url, "contacts", sensitive=True)
    for name, columns in (("discreet", 0), ("trusted", 1)):
        lab.sync(name)
        found = "select count(*) from information_schema.columns where column_name = 'blood_type' and table_schema = "
        assert lab.rows(f"{found}'hubspot_{name}'") == [(columns,)]


@pytest.mark.parametrize("erased_too", [False, True])
def test_what_engagements_say_of_an_erased_person_goes_by_setting(lab: Lab, portal, erased_too: bool) -> None:
    account, url = portal(contacts=20, **{**FEW, "notes": 6})
    name = f"person_{erased_too}".lower()
    person, note = next(ids(account, "contacts")), next(ids(account, "notes"))
    account.events.associate("notes", note, "contacts", person)
    lab.settings = {"erase_engagements": erased_too}
    try:
        lab.add(name, url)
        lab.sync(name)
        account.events.gdpr_delete("contacts", person)
        lab.sync(name, check=True)
        account.events.edit("notes", note, {"hs_note_body": "Spoke again"})
        lab.sync(name, check=True)
    finally:
        lab.settings = {}
    [(body,)] = lab.rows(f"select hs_note_body from hubspot_{name}.notes where id = {note}")
    assert body == (None if erased_too else "Spoke again")


def test_a_run_says_what_it_covered(lab: Lab, portal) -> None:
    _, url = portal(contacts=30, **FEW)
    lab.add("covered", url, "contacts")

    def keys(**options: bool) -> list[str]:
        return [item.key for item in progress(lab.sync("covered", **options), "contacts").covered]

    assert keys() == ["backfill"]
    changes = progress(lab.sync("covered"), "contacts").covered
    assert [item.key for item in changes] == ["changes", "archived"]
    assert changes[0].until is not None
    assert changes[0].until - changes[0].since >= timedelta(minutes=5)
    assert keys(check=True) == ["changes", "archived", "sweep"]


def test_windows_of_changes_follow_one_another_without_a_gap(lab: Lab, portal) -> None:
    _, url = portal(contacts=5, **FEW)
    lab.add("windows", url, "contacts")
    runs_made = [progress(lab.sync("windows"), "contacts").covered for _ in range(4)]
    windows = [item for covered in runs_made for item in covered if item.key == "changes"]
    assert len(windows) == 3
    for before, after in pairwise(windows):
        assert before.until is not None
        assert after.since < before.until

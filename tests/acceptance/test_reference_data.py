"""Owners, pipelines, labels and definitions: whatever is wrong with them keeps no record out."""

import msgspec

from hubspot_simulator.bad_days import BadDays
from ontologie.model.run import RunStatus
from ontologie.model.stream import StreamStatus
from tests.lab import Lab, progress

FEW = {"contacts": 5, "companies": 5, "deals": 10, "tickets": 5}


def test_names_that_postgresql_cannot_hold_are_shown_with_what_it_can(lab: Lab, portal) -> None:
    account, url = portal(**FEW)
    store = account.stores["contacts"]
    store.define(msgspec.structs.replace(store.properties["jobtitle"], label="Job\x00title"))
    account.owners[0]["firstName"] = "A\x00da"
    account.pipelines["deals"][0]["stages"][0]["label"] = "First\x00call"
    lab.add("nul", url, "contacts", "deals")
    assert lab.sync("nul").status is RunStatus.SYNCED
    assert lab.rows("select label from hubspot_nul.properties where name = 'jobtitle'") == [("Job\u2400title",)]
    assert lab.rows("select count(*) from hubspot_nul.owners where first_name = 'A\u2400da'") == [(1,)]
    assert lab.rows("select count(*) from hubspot_nul.pipeline_stages where label = 'First\u2400call'") == [(1,)]
    assert lab.differences(account, "nul", "contacts", "deals") == []


def test_owners_that_cannot_be_read_are_told_and_the_streams_are_synced(lab: Lab, portal) -> None:
    account, url = portal(**FEW)
    account.mischief.days = BadDays(families=("owners",), malformed=1)
    lab.add("ownerless", url, "contacts", "deals")
    run = lab.sync("ownerless")
    assert (run.status, run.diagnosis_code) == (RunStatus.ERROR, "HUBSPOT_CONTRACT_BROKEN")
    assert {item.status for item in run.objects} == {StreamStatus.SYNCED}
    account.mischief.days = BadDays()
    assert lab.sync("ownerless").status is RunStatus.SYNCED
    assert lab.rows("select count(*) > 0 from hubspot_ownerless.owners") == [(True,)]
    assert progress(run, "deals").read == FEW["deals"]
    assert lab.differences(account, "ownerless", "contacts", "deals") == []


def test_a_stage_that_is_deleted_under_its_deals_keeps_them(lab: Lab, portal) -> None:
    account, url = portal(**FEW)
    lab.add("stageless", url, "deals")
    lab.sync("stageless")
    for pipeline in account.pipelines["deals"]:
        pipeline["stages"].clear()
    lab.settings = {"definitions_minutes": 0.0001}
    try:
        assert lab.sync("stageless").status is RunStatus.SYNCED
        assert lab.sync("stageless").status is RunStatus.SYNCED
    finally:
        lab.settings = {}
    assert lab.rows("select count(*) from hubspot_stageless.pipeline_stages") == [(0,)]
    assert lab.differences(account, "stageless", "deals") == []


def test_labels_that_are_refused_for_one_pair_stay_and_the_others_are_renewed(lab: Lab, portal) -> None:
    account, url = portal(**FEW)
    mine, theirs = account.links.define(("deals", "companies"), "Payer", "Payer of"), ("contacts", "companies")
    account.links.define(theirs, "Works at", "Employs")
    lab.add("labelled", url, "contacts", "companies", "deals")
    lab.sync("labelled")
    named = "select label from hubspot_labelled.association_labels where type_id > 1000 order by type_id"
    assert lab.rows(named) == [("Payer",), ("Works at",)]
    account.links.rename(("deals", "companies"), mine[0].type_id, "Paid by", None)
    account.links.rename(theirs, account.links.labels(theirs)[-1].type_id, "Employed by", None)
    account.mischief.days = BadDays(families=("association_labels",), object_types=("deals",), rate_404=1)
    assert lab.sync("labelled", check=True).status is RunStatus.SYNCED
    assert lab.rows(named) == [("Payer",), ("Employed by",)]
    account.mischief.days = BadDays()
    lab.sync("labelled", check=True)
    assert lab.rows(named) == [("Paid by",), ("Employed by",)]


def test_pipelines_that_may_not_be_read_for_one_type_keep_out_no_others(lab: Lab, portal) -> None:
    account, url = portal(**FEW)
    account.mischief.days = BadDays(families=("pipelines",), object_types=("tickets",), rate_404=1)
    lab.add("refused_pipelines", url, "deals", "tickets")
    lab.sync("refused_pipelines")
    found = "select array_agg(distinct object_type) from hubspot_refused_pipelines."
    assert lab.rows(found + "pipelines") == lab.rows(found + "pipeline_stages") == [(["deals"],)]
    account.mischief.days = BadDays()
    lab.sync("refused_pipelines", check=True)
    assert lab.rows(found + "pipelines") == lab.rows(found + "pipeline_stages") == [(["deals", "tickets"],)]

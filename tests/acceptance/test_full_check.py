"""What no modified date tells arrives with the full check."""

import json

import pytest

from ontologie.model.run import RunStatus
from tests.conftest import Installation
from tests.lab import Lab, ids


@pytest.mark.parametrize("mode", ["new_id", "primary_kept", "old_ids_gone"])
def test_merges_deletions_restores_links_and_calculated_values_arrive(lab: Lab, portal, mode: str) -> None:
    account, url = portal(contacts=300, companies=40, deals=30, tickets=10)
    name = f"check_{mode}"
    lab.add(name, url)
    lab.sync(name)
    contacts, companies = list(ids(account, "contacts")), list(ids(account, "companies"))
    events = account.events
    events.archive("contacts", contacts[10])
    events.archive("contacts", contacts[11])
    events.gdpr_delete("contacts", contacts[20])
    events.merge("contacts", contacts[30], contacts[31], mode)
    events.associate("contacts", contacts[40], "companies", companies[5])
    lab.sync(name, check=True)
    events.restore("contacts", contacts[11])
    assert lab.sync(name, check=True).status is RunStatus.SYNCED
    assert lab.differences(account, name) == []
    purged = lab.rows(f"select id from hubspot_{name}.contacts where _purged_at is not null and email is null")
    assert purged == [(contacts[20],)]


def test_one_asked_for_together_with_reading_everything_again_is_not_forgotten(lab: Lab, portal) -> None:
    account, url = portal(contacts=300, companies=40, deals=0, tickets=0)
    lab.add("full_too", url, "contacts", "companies")
    lab.sync("full_too")
    account.events.gdpr_delete("contacts", next(ids(account, "contacts")))
    assert lab.sync("full_too", full=True, check=True).status is RunStatus.SYNCED
    assert lab.differences(account, "full_too", "contacts", "companies") == []


@pytest.mark.parametrize(("name", "option"), [("held", ()), ("held_hard", ("--hard-delete",))])
def test_a_mass_deletion_is_held_until_confirmed(
    installation: Installation, portal, name: str, option: tuple[str, ...]
) -> None:
    account, url = portal(contacts=1_500, companies=5, deals=5, tickets=5)
    installation.add(name, url, "--streams", "contacts", *option)
    shown = json.loads(installation.run("source", "show", name, "--json"))
    assert shown["hard_delete"] is bool(option)
    installation.run("sync", name)
    for item in list(account.truth()):
        if item.get("type") == "contacts":
            account.events.gdpr_delete("contacts", item["id"])
    held = installation.run("sync", name, "--check", expect=4)
    assert "confirm-deletions" in held
    count = f"select count(*) as n from hubspot_{name}.contacts where _purged_at is null"
    assert json.loads(installation.run("sql", "--json", count)) == [{"n": 1_500}]
    installation.run("sync", name, "--confirm-deletions")
    assert json.loads(installation.run("sql", "--json", count)) == [{"n": 0}]
    assert "removed" in installation.run("source", "hard-delete", name)
    installation.run("sync", name, "--check")
    left = f"select count(*) as n from hubspot_{name}.contacts"
    assert json.loads(installation.run("sql", "--json", left)) == [{"n": 0}], "what was marked before goes too"

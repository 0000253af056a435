"""What no modified date tells arrives with the full check."""

import json

import pytest

from tests.conftest import Installation
from tests.truth import differences


@pytest.mark.parametrize("mode", ["new_id", "primary_kept", "old_ids_gone"])
def test_merges_deletions_restores_links_and_calculated_values_arrive(
    installation: Installation, portal, mode: str
) -> None:
    account, url = portal(contacts=300, companies=40, deals=30, tickets=10)
    name = f"check_{mode}"
    installation.add(name, url)
    installation.run("sync", name)
    ids = [item["id"] for item in account.truth() if item.get("type") == "contacts"]
    companies = [item["id"] for item in account.truth() if item.get("type") == "companies"]
    events = account.events
    events.archive("contacts", ids[10])
    events.archive("contacts", ids[11])
    events.gdpr_delete("contacts", ids[20])
    events.merge("contacts", ids[30], ids[31], mode)
    events.associate("contacts", ids[40], "companies", companies[5])
    installation.run("sync", name, "--check")
    events.restore("contacts", ids[11])
    result = json.loads(installation.run("sync", name, "--check", "--json"))
    assert result["status"] == "synced"
    assert differences(account, installation.run("database-url").strip(), f"hubspot_{name}") == []
    purged = installation.run(
        "sql", "--json", f"select id from hubspot_{name}.contacts where _purged_at is not null and email is null"
    )
    assert json.loads(purged) == [{"id": ids[20]}]


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

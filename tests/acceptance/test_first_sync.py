"""The main road: a source is added, synced, and holds what its portal holds."""

import json
from typing import Any

import psycopg
import pytest

from tests.conftest import Installation
from tests.lab import Lab, ids, progress
from tests.truth import differences


@pytest.mark.usefixtures("hubspots_searches")
def test_a_first_sync_brings_everything_the_portal_holds(installation: Installation, portal) -> None:
    # Two bursts of five may meet on a busy machine; without a budget we would send dozens.
    account, url = portal(search_per_s=10)
    installation.add("whole", url)
    result = json.loads(installation.run("sync", "whole", "--json"))
    assert result["status"] == "synced"
    assert [item["stream"] for item in result["streams"]] == [
        "contacts",
        "companies",
        "deals",
        "tickets",
        "engagements",
    ]
    engagements = result["streams"][-1]
    assert {item["object_type"] for item in engagements["objects"]} == {"emails", "calls", "notes", "tasks", "meetings"}
    assert result["streams"][0]["inserted"] == 500
    database = installation.run("database-url").strip()
    assert differences(account, database, "hubspot_whole") == []
    assert account.statistics.families["search"].rate_limited == 0


def test_a_second_sync_brings_only_what_changed(lab: Lab, portal) -> None:
    account, url = portal(contacts=120, companies=20, deals=20, tickets=5)
    lab.add("second", url)
    lab.sync("second")
    for contact in list(ids(account, "contacts"))[:3]:
        account.events.edit("contacts", contact, {"firstname": "Changed"})
    run = lab.sync("second")
    contacts = progress(run, "contacts").counts
    assert (contacts.updated, contacts.inserted) == (3, 0)
    assert sum(item.counts.updated for item in run.objects) == 3
    assert lab.differences(account, "second") == []


def test_a_run_with_nothing_to_do_asks_little(lab: Lab, portal, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the account and of the store: a thousand such sources share a worker."""
    account, url = portal(contacts=50, companies=10, deals=10, tickets=5)
    lab.add("idle", url)
    lab.sync("idle")
    lab.sync("idle")
    before = account.statistics.requests
    asked: list[str] = []
    execute = psycopg.AsyncCursor.execute

    async def noted(cursor: Any, query: Any, params: Any = None, **options: Any) -> Any:
        asked.append(f"{query} {params}")
        return await execute(cursor, query, params, **options)

    monkeypatch.setattr(psycopg.AsyncCursor, "execute", noted)
    run = lab.sync("idle")
    assert account.statistics.requests - before <= 15
    of_its_schema = [statement for statement in asked if "hubspot_idle" in statement and "_lease'" not in statement]
    assert len(of_its_schema) <= len(run.objects) + 1, "about one for each object type"


def test_a_limit_on_records_ends_partial_and_goes_on_where_it_stopped(installation: Installation, portal) -> None:
    account, url = portal(contacts=6_000, companies=10, deals=10, tickets=5)
    installation.add("partial", url, "--streams", "contacts")
    installation.run("sync", "partial", expect=3, ONTOLOGIE_RECORDS_PER_SYNC_LIMIT="2000")
    result = json.loads(installation.run("sync", "partial", "--json"))
    assert result["status"] == "synced"
    assert result["streams"][0]["inserted"] < 4_500
    assert differences(account, installation.run("database-url").strip(), "hubspot_partial", types=("contacts",)) == []

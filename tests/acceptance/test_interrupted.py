"""A process that dies in the middle loses nothing and repeats little."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable

import psycopg
import pytest

from hubspot_simulator import Portal
from tests.conftest import Installation, kill_after
from tests.fleet import until
from tests.terminal import tells
from tests.truth import differences


@pytest.mark.usefixtures("hubspots_searches")
def test_a_sync_killed_in_the_middle_ends_in_the_same_data(installation: Installation, portal) -> None:
    account, url = portal(contacts=8_000, companies=300, deals=200, latency_ms=100)
    installation.add("killed", url, "--streams", "contacts,companies,deals")
    for seconds in (3.0, 2.5):
        kill_after(installation.begin("sync", "killed"), seconds)
    result = json.loads(installation.run("sync", "killed", "--json"))
    assert result["status"] == "synced"
    database = installation.run("database-url").strip()
    assert differences(account, database, "hubspot_killed", types=("contacts", "companies", "deals")) == []


@pytest.mark.usefixtures("hubspots_searches")
def test_after_a_kill_nothing_that_was_committed_is_read_again(installation: Installation, portal) -> None:
    account, url = portal(contacts=12_000, companies=0, deals=0, latency_ms=100, burst_per_10_s=30, search_per_s=7)
    installation.add("recalled", url, "--streams", "contacts")
    database = installation.run("database-url").strip()
    process = installation.begin("sync", "recalled")
    while _stored(database) < 1_000:
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    stored = _stored(database)
    result = json.loads(installation.run("sync", "recalled", "--json"))["streams"][0]
    assert 0 < stored < 12_000
    assert result["unchanged"] == 0, "a stored record that came again would be counted here"
    assert differences(account, database, "hubspot_recalled", types=("contacts",)) == []


def _stored(database: str) -> int:
    with psycopg.connect(database) as connection:
        found = connection.execute("SELECT to_regclass('hubspot_recalled.contacts') IS NOT NULL").fetchone()
        if found is None or not found[0]:
            return 0
        [count] = connection.execute("SELECT count(*) FROM hubspot_recalled.contacts").fetchone() or (0,)
        return int(count)


@pytest.mark.usefixtures("hubspots_searches")
def test_ctrl_c_exits_130_and_the_next_sync_goes_on(installation: Installation, portal) -> None:
    account, url = portal(contacts=12_000, companies=10, deals=10, latency_ms=100, burst_per_10_s=30)
    installation.add("stopped", url, "--streams", "contacts")
    process = installation.begin("sync", "stopped")
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(timeout=3)  # it is in the middle of its work
    os.kill(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 130, errors
    assert "Traceback" not in errors
    installation.run("sync", "stopped")
    assert differences(account, installation.run("database-url").strip(), "hubspot_stopped", types=("contacts",)) == []


def test_a_source_removed_during_its_sync_ends_it_and_the_other_source_stays(
    installation: Installation, portal: Callable[..., tuple[Portal, str]]
) -> None:
    account, url = portal(contacts=4_000, latency_ms=200, burst_per_10_s=10, search_per_s=1)
    installation.add("leaving", url, "--streams", "contacts")
    process = installation.begin("sync", "leaving")
    until(lambda: "objects" in account.statistics.families, "it is at work")
    installation.run("source", "remove", "leaving", "--with-data", "--yes")
    said, errors = process.communicate(timeout=30)
    assert process.returncode == 1, said + errors
    assert tells(errors, "SOURCE_REMOVED", {})
    assert "Traceback" not in errors
    assert "hubspot_leaving" not in installation.run("sql", "--json", "select nspname from pg_namespace")

"""A process that dies in the middle loses nothing and repeats little."""

import json
import os
import signal
import subprocess

import pytest

from tests.conftest import Installation, kill_after
from tests.truth import differences


def test_a_sync_killed_in_the_middle_ends_in_the_same_data(installation: Installation, portal) -> None:
    account, url = portal(contacts=8_000, companies=300, deals=200, latency_ms=100)
    installation.add("killed", url, "--streams", "contacts,companies,deals")
    for seconds in (3.0, 2.5):
        kill_after(installation.begin("sync", "killed"), seconds)
    result = json.loads(installation.run("sync", "killed", "--json"))
    assert result["status"] == "synced"
    database = installation.run("database-url").strip()
    assert differences(account, database, "hubspot_killed", types=("contacts", "companies", "deals")) == []


def test_ctrl_c_exits_130_and_the_next_sync_goes_on(installation: Installation, portal) -> None:
    account, url = portal(contacts=6_000, companies=10, deals=10, latency_ms=100)
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

"""``ontologie start``: the worker syncs by itself, a kill loses nothing, Ctrl-C stops everything."""

import json
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import Installation
from tests.truth import differences
from tests.watching import free_port

PATIENCE_S = 40


@pytest.fixture
def served() -> Iterator[Installation]:
    """An installation whose server nobody else keeps up. Not in pytest's own folder: to that pytest locks out other
    accounts again with each session, and run by root the database server has one of its own."""
    with tempfile.TemporaryDirectory(prefix="ontologie-served-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        installation = Installation(home, {"ONTOLOGIE_PORT": str(free_port()), "ONTOLOGIE_LOG_LEVEL": "warning"})
        yield installation
        installation.run("stop")


def until(holds: Callable[[], bool], what: str) -> None:
    """Wait for something to become true."""
    end = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < end, f"never: {what}"
        time.sleep(0.2)


def started(installation: Installation) -> subprocess.Popen[str]:
    """A running ``ontologie start`` that has printed its address."""
    process = installation.begin("start")
    assert process.stdout is not None
    for line in process.stdout:
        if "Ctrl-C" in line:
            return process
    raise AssertionError(process.communicate()[1])


def statuses(installation: Installation) -> set[str]:
    [source] = json.loads(installation.run("status", "--json"))
    return {stream["status"] for stream in source["streams"]}


def test_the_worker_syncs_a_new_source_and_a_kill_or_ctrl_c_loses_nothing(served: Installation, portal) -> None:
    made, url = portal(contacts=300)
    first = started(served)
    served.run(
        "source", "add", "hubspot", "--name", "acme", "--token-env", "HUBSPOT_TOKEN", "--api-url", url,
        "--frequency", "5m",
    )  # fmt: skip
    until(lambda: statuses(served) == {"synced"}, "synced by the worker")

    os.killpg(first.pid, signal.SIGKILL)
    first.communicate()
    second = started(served)
    assert statuses(served) == {"synced"}
    edited = next(item["id"] for item in made.truth() if item["kind"] == "record" and item["type"] == "contacts")
    made.events.edit("contacts", int(edited), {"firstname": "Zoé"})
    served.run("sync", "acme")
    assert "Zoé" in served.run("sql", "select firstname from hubspot_acme.contacts where firstname = 'Zoé'")
    assert differences(made, served.run("database-url").strip(), "hubspot_acme") == []

    second.send_signal(signal.SIGINT)
    assert second.wait(timeout=15) in (0, 130)
    second.communicate()
    assert not Path(served.home, "postgres", "postmaster.pid").exists()


def test_sync_follows_the_run_that_is_open_and_ctrl_c_leaves_it_running(served: Installation, portal) -> None:
    _, url = portal(contacts=2_000, burst_per_10_s=60, latency_ms=300)
    server = started(served)
    served.run(
        "source", "add", "hubspot", "--name", "acme", "--token-env", "HUBSPOT_TOKEN", "--api-url", url,
        "--frequency", "1h",
    )  # fmt: skip
    until(lambda: "syncing" in statuses(served), "a run is open")
    following = served.begin("sync", "acme")
    time.sleep(1.5)
    following.send_signal(signal.SIGINT)
    assert following.wait(timeout=10) == 130
    following.communicate()
    report = json.loads(served.run("sync", "acme", "--json"))
    assert report["status"] == "synced"
    server.send_signal(signal.SIGTERM)
    assert server.wait(timeout=15) == 0
    server.communicate()

"""``ontologie start``: the worker syncs by itself, a kill loses nothing, Ctrl-C stops everything."""

import json
import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from ontologie.clock import SystemClock
from ontologie.database.embedded import EmbeddedServer
from tests.conftest import Installation
from tests.fleet import PATIENCE_S, until
from tests.truth import differences
from tests.watching import free_port

LOOKING = "SELECT pid FROM pg_stat_activity WHERE query LIKE 'SELECT * FROM run%' AND state = 'idle'"
"""Connections on which somebody has looked at a run."""


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


def started(installation: Installation) -> subprocess.Popen[str]:
    """A running ``ontologie start`` that has printed its address."""
    process = installation.begin("start")
    assert process.stdout is not None
    for line in process.stdout:
        if "Ctrl-C" in line:
            return process
    raise AssertionError(process.communicate()[1])


def rows(installation: Installation, statement: str) -> list[tuple[Any, ...]]:
    """What the owner of the database reads."""
    with psycopg.connect(EmbeddedServer(installation.home, SystemClock()).url) as connection:
        return connection.execute(statement.encode()).fetchall()


def statuses(installation: Installation) -> set[str]:
    [source] = json.loads(installation.run("status", "--json"))
    assert "source_id" not in source["streams"][0]["objects"][0], "its source is named above"
    return {stream["status"] for stream in source["streams"]}


def test_the_worker_syncs_a_new_source_and_a_kill_or_ctrl_c_loses_nothing(served: Installation, portal) -> None:
    made, url = portal(contacts=300)
    first = started(served)
    served.run(
        "source", "add", "hubspot", "--name", "acme", "--token-env", "HUBSPOT_TOKEN", "--api-url", url,
        "--frequency", "5m",
    )  # fmt: skip
    until(lambda: rows(served, "SELECT status FROM ontologie.runs") == [("synced",)], "synced by the worker")
    assert statuses(served) == {"synced"}

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
    assert second.wait(timeout=PATIENCE_S) in (0, 130)
    second.communicate()
    assert not Path(served.home, "postgres", "postmaster.pid").exists()


def test_sync_follows_the_run_that_is_open_and_ctrl_c_leaves_it_running(served: Installation, portal) -> None:
    made, url = portal(contacts=2_000)
    server = started(served)
    made.configure(latency_ms=1_000)
    served.run(
        "source", "add", "hubspot", "--name", "acme", "--token-env", "HUBSPOT_TOKEN", "--api-url", url,
        "--frequency", "1h",
    )  # fmt: skip
    made.configure(latency_ms=10_000)  # it reads one page after the other, and goes on for as long as we look
    until(lambda: rows(served, "SELECT status FROM ontologie.runs") == [("running",)], "a run is open")
    before = set(rows(served, LOOKING))
    following = served.begin("sync", "acme")
    until(lambda: not before.issuperset(rows(served, LOOKING)), "it looks at the run")
    following.send_signal(signal.SIGINT)
    assert following.wait(timeout=PATIENCE_S) == 130
    following.communicate()
    assert rows(served, "SELECT status FROM ontologie.runs") == [("running",)]
    made.configure(latency_ms=0)
    report = json.loads(served.run("sync", "acme", "--json"))
    assert report["status"] == "synced"
    server.send_signal(signal.SIGTERM)
    assert server.wait(timeout=PATIENCE_S) == 0
    server.communicate()

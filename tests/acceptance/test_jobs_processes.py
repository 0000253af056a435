"""Workers that are killed, frozen, asked to leave, or lose their database: every run ends once, with the right data."""

import os
import signal
from collections.abc import Callable

from hubspot_simulator import Portal
from tests.fleet import PATIENCE_S, Fleet, until

Portals = Callable[..., tuple[Portal, str]]
CONTACTS = 3_000


def begun(fleet: Fleet, name: str, portal: Portals) -> Portal:
    """A source whose first sync takes half a minute, in the middle of it."""
    made, url = portal(contacts=CONTACTS, latency_ms=200, burst_per_10_s=10, search_per_s=1)
    fleet.add(name, url)
    until(lambda: 0 < fleet.read(name) < CONTACTS, "in the middle of the first sync")
    return made


def test_a_killed_workers_run_goes_on_in_another_from_its_last_commit(fleet: Fleet, portal: Portals) -> None:
    first = fleet.worker()
    made = begun(fleet, "killed", portal)
    fleet.worker()
    os.killpg(first.pid, signal.SIGKILL)
    stored = fleet.read("killed")
    until(lambda: fleet.read("killed") > stored, "taken over")
    until(lambda: fleet.ended("killed"), "ended")
    [run] = fleet.runs("killed")
    assert run["status"] == "synced"
    assert fleet.read("killed") <= CONTACTS + 2_000, "more was read again than one batch in flight"
    assert fleet.differences(made, "killed") == []


def test_a_frozen_worker_that_wakes_up_later_commits_nothing(fleet: Fleet, portal: Portals) -> None:
    first = fleet.worker()
    made = begun(fleet, "frozen", portal)
    fleet.worker()
    [before] = fleet.rows("SELECT epoch FROM hubspot_frozen._lease")
    os.killpg(first.pid, signal.SIGSTOP)
    until(
        lambda: fleet.rows("SELECT epoch FROM hubspot_frozen._lease")[0]["epoch"] > before["epoch"], "another epoch"
    )
    os.killpg(first.pid, signal.SIGCONT)
    until(lambda: fleet.ended("frozen"), "ended")
    [run] = fleet.runs("frozen")
    assert run["status"] == "synced"
    assert first.poll() is None, "the woken worker goes on with other work"
    assert fleet.read("frozen") <= CONTACTS + 2_000
    assert fleet.differences(made, "frozen") == []


def test_a_worker_asked_to_leave_commits_and_another_goes_on(fleet: Fleet, portal: Portals) -> None:
    first = fleet.worker()
    made = begun(fleet, "left", portal)
    first.send_signal(signal.SIGTERM)
    assert first.wait(timeout=PATIENCE_S) == 0
    [run] = fleet.runs("left")
    assert run["status"] == "running"
    assert fleet.rows("SELECT count(*)::int AS held FROM portal_claims")[0]["held"] == 0
    fleet.worker()
    until(lambda: fleet.ended("left"), "ended")
    [run] = fleet.runs("left")
    assert run["status"] == "synced"
    assert fleet.differences(made, "left") == []


def test_a_database_that_dies_under_load_comes_back_and_everything_goes_on(fleet: Fleet, portal: Portals) -> None:
    worker = fleet.worker()
    made = begun(fleet, "db_died", portal)
    folder = fleet.installation.home / "postgres" / "data-18"
    os.kill(int((folder / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    until(lambda: fleet.ended("db_died"), "ended")
    [run] = fleet.runs("db_died")
    assert run["status"] == "synced"
    assert worker.poll() is None
    assert fleet.differences(made, "db_died") == []

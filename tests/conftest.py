"""What the tests stand on: one home folder with its embedded PostgreSQL, the real command, simulated portals."""

import gc
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest

from hubspot_simulator import Portal, PortalConfig, serve_in_thread
from tests.embedded import embedded
from tests.fleet import Fleet, fleet_on
from tests.installation import HUBSPOTS, HURRIED, Installation
from tests.lab import Lab

WIDE = {
    "burst_per_10_s": 2_000,
    "oauth_burst_per_10_s": 2_000,
    "association_burst_per_10_s": 2_000,
    "search_per_s": HURRIED + 30,
}


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is read and collected stays to the end: to look for garbage in it takes nearly half of the time."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.freeze()


@pytest.fixture(scope="session")
def installation() -> Iterator[Installation]:
    """One installation for all tests; its server stays up, so that commands find it running."""
    with embedded("test") as (home, _):
        yield Installation(home, {"ONTOLOGIE_SEARCHES_PER_S": str(HURRIED)})


@pytest.fixture(autouse=True)
def nothing_goes_on() -> Iterator[None]:
    """After a test, none of the commands that it began still runs."""
    yield
    Installation.end_all()


@pytest.fixture
def own() -> Iterator[Installation]:
    """An installation that nobody else keeps running."""
    with tempfile.TemporaryDirectory(prefix="ontologie-own-") as folder:
        Path(folder).chmod(0o755)
        made = Installation(Path(folder))
        yield made
        made.run("stop")


@pytest.fixture
def portal() -> Iterator[Callable[..., tuple[Portal, str]]]:
    """Starts portals: ``portal(contacts=10)`` gives the portal and its address.

    Their limits are wide unless the test sets them: who doesn't test a budget doesn't wait for it.
    """
    running = []

    def start(**settings: object) -> tuple[Portal, str]:
        made = Portal(PortalConfig(**WIDE | settings))  # type: ignore[arg-type]
        server = serve_in_thread(made)
        running.append(server)
        return made, server.__enter__().url

    yield start
    for server in running:
        server.__exit__(None, None, None)


def kill_after(process: subprocess.Popen[str], seconds: float) -> None:
    """Kill with -9, in the middle of whatever it does."""
    time.sleep(seconds)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


@pytest.fixture(scope="session")
def lab(installation: Installation) -> Lab:
    """The system in this process, on the installation's home folder."""
    return Lab(installation.home)


@pytest.fixture
def hubspots_searches(installation: Installation, lab: Lab) -> Iterator[None]:
    """As many searches as HubSpot grants: for tests of budgets, on portals that set a limit of their own."""
    installation.environment["ONTOLOGIE_SEARCHES_PER_S"] = str(HUBSPOTS)
    lab.searches_per_s = HUBSPOTS
    yield
    installation.environment["ONTOLOGIE_SEARCHES_PER_S"] = str(HURRIED)
    lab.searches_per_s = HURRIED


@pytest.fixture
def fleet() -> Iterator[Fleet]:
    """An installation of its own, with workers as processes."""
    with embedded("fleet") as (home, server), fleet_on(home, server) as made:
        yield made


@pytest.fixture(scope="module")
def jobs_lab() -> Iterator[Lab]:
    """An installation in which nobody else works."""
    with embedded("jobs") as (home, _):
        made = Lab(home)
        made.searches_per_s = HUBSPOTS
        yield made

"""The database goes away under running pages and workers: they say so, wait, and go on when it is back."""

import os
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from hubspot_simulator import Portal
from tests.fleet import until
from tests.installation import Installation
from tests.other_servers import external_server
from tests.truth import differences
from tests.watching import free_port, get


@pytest.fixture
def installation_of_its_own() -> Iterator[Installation]:
    """Not in pytest's own folder: that one locks out the account that the database server has when we are root."""
    with tempfile.TemporaryDirectory(prefix="ontologie-away-") as folder:
        Path(folder).chmod(0o755)
        made = Installation(Path(folder), {"ONTOLOGIE_LOG_LEVEL": "warning"})
        yield made
        made.run("stop")


def test_a_dead_database_of_ours_is_replaced_under_the_running_pages(installation_of_its_own: Installation) -> None:
    port = str(free_port())
    installation = installation_of_its_own
    with running(installation, "start", ONTOLOGIE_PORT=port) as process:
        lock = installation.home / "postgres" / "data-18" / "postmaster.pid"
        before = lock.read_text().split()[0]
        os.kill(int(before), signal.SIGKILL)
        until(lambda: lock.exists() and lock.read_text().split()[:1] not in ([], [before]), "another server")
        until(lambda: get(f"http://127.0.0.1:{port}/readyz")[0] == 200, "ready again")
        assert get(f"http://127.0.0.1:{port}/metrics")[0] == 200, "on loopback without a public address"
        assert process.poll() is None


def test_pages_and_a_worker_apart_outlive_a_database_of_the_operators_that_goes_under_load(
    installation_of_its_own: Installation, portal: Callable[..., tuple[Portal, str]]
) -> None:
    pages, worker = (f"http://127.0.0.1:{free_port()}" for _ in range(2))
    made, url = portal(contacts=3_000, latency_ms=100, burst_per_10_s=20, search_per_s=2)
    with external_server(18) as server:
        installation = installation_of_its_own
        installation.environment["ONTOLOGIE_DATABASE_URL"] = server.url
        installation.environment["ONTOLOGIE_PORT"] = pages.rpartition(":")[2]
        installation.environment["ONTOLOGIE_WORKER_PORT"] = worker.rpartition(":")[2]
        with running(installation, "web") as web, running(installation, "worker") as working:
            installation.run(
                "source", "add", "hubspot", "--name", "acme", "--token-env", "HUBSPOT_TOKEN", "--api-url", url,
                "--frequency", "5m", "--streams", "contacts",
            )  # fmt: skip
            until(lambda: _stored(server.url) > 0, "in the middle of the first sync")
            server.stop("immediate")
            for base in (pages, worker):
                assert get(f"{base}/readyz") == (503, "database away\n")
                assert get(f"{base}/healthz") == (200, "ok\n"), "a supervisor does not restart it"
            server.start()
            until(lambda: all(get(f"{base}/readyz")[0] == 200 for base in (pages, worker)), "ready again")
            until(lambda: _latest(server.url) == "synced", "ended")
            assert (web.poll(), working.poll()) == (None, None)
        assert differences(made, server.url, "hubspot_acme", types=("contacts",)) == []


def test_a_worker_asked_to_leave_while_its_database_is_away_leaves(
    installation_of_its_own: Installation, portal: Callable[..., tuple[Portal, str]]
) -> None:
    _, url = portal(contacts=3_000, latency_ms=100, burst_per_10_s=20, search_per_s=2)
    with external_server(18) as server:
        installation_of_its_own.environment["ONTOLOGIE_DATABASE_URL"] = server.url
        with running(installation_of_its_own, "worker") as working:
            installation_of_its_own.run(
                "source", "add", "hubspot", "--name", "acme", "--token-env", "HUBSPOT_TOKEN", "--api-url", url,
                "--frequency", "5m", "--streams", "contacts",
            )  # fmt: skip
            until(lambda: _stored(server.url) > 0, "in the middle of the first sync")
            server.stop()
            working.send_signal(signal.SIGTERM)
            try:
                assert working.wait(timeout=30) == 0
            finally:
                server.start()


def _latest(url: str) -> str:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT status FROM ontologie.runs ORDER BY id DESC").fetchone()
    return row[0] if row else ""


def _stored(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT coalesce(sum(read), 0)::int FROM ontologie.run_objects").fetchone()
    return row[0] if row else 0


@contextmanager
def running(installation: Installation, command: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """The command, once it has said that it works; asked to leave afterwards."""
    process = installation.begin(command, **environment)
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if "Ctrl-C" in line:
                break
        else:
            raise AssertionError(process.communicate()[1])
        yield process
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()

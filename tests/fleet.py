"""Workers as processes of their own on one database, and what its tables say of their runs."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import dict_row

from hubspot_simulator import Portal
from ontologie.database.embedded import EmbeddedServer
from tests.installation import Installation
from tests.truth import differences

PATIENCE_S = 60


class Fleet:
    """An installation of its own, its server kept up by us, and workers that come and go."""

    def __init__(self, home: Path, server: EmbeddedServer) -> None:
        self.server = server
        self.installation = Installation(home, {"ONTOLOGIE_SLICE_SECONDS": "3", "ONTOLOGIE_LOG_LEVEL": "warning"})
        self.workers: list[subprocess.Popen[str]] = []
        self._connection: psycopg.Connection[dict[str, Any]] | None = None
        """Kept: who waits for something asks ten times a second."""

    def worker(self, **environment: str) -> subprocess.Popen[str]:
        """A worker that has said that it works."""
        process = self.installation.begin("worker", **environment)
        self.workers.append(process)
        assert process.stdout is not None
        for line in process.stdout:
            if "Ctrl-C" in line:
                return process
        raise AssertionError(process.communicate()[1])

    def add(self, name: str, url: str, streams: str = "contacts", frequency: str = "5m") -> None:
        """A source that the workers start with at once."""
        self.installation.run(
            "source", "add", "hubspot", "--name", name, "--token-env", "HUBSPOT_TOKEN", "--api-url", url,
            "--frequency", frequency, "--streams", streams,
        )  # fmt: skip

    def rows(self, statement: str, **values: object) -> list[dict[str, Any]]:
        """What the owner's connection reads in our own tables; again and again while the server is away."""
        end = time.monotonic() + PATIENCE_S
        while True:
            try:
                if self._connection is None or self._connection.closed:
                    self._connection = psycopg.connect(
                        self.server.url,
                        row_factory=dict_row,
                        autocommit=True,
                        connect_timeout=5,
                        options="-c search_path=ontologie",
                    )
                return self._connection.execute(statement, values).fetchall()  # type: ignore[arg-type]
            except psycopg.OperationalError:
                assert time.monotonic() < end, "the database does not come back"
                time.sleep(0.2)

    def leave(self) -> None:
        """Of what reads there, nothing stays."""
        if self._connection is not None:
            self._connection.close()

    def runs(self, name: str) -> list[dict[str, Any]]:
        """All runs of a source, oldest first."""
        statement = "SELECT r.* FROM runs r JOIN sources s ON s.id = r.source_id WHERE s.name = %(name)s ORDER BY r.id"
        return self.rows(statement, name=name)

    def read(self, name: str) -> int:
        """Records that all runs of a source have read so far."""
        statement = (
            "SELECT coalesce(sum(o.read), 0)::int AS read FROM run_objects o JOIN runs r ON r.id = o.run_id"
            " JOIN sources s ON s.id = r.source_id WHERE s.name = %(name)s"
        )
        return int(self.rows(statement, name=name)[0]["read"])

    def ended(self, name: str) -> bool:
        """The source's latest run has ended."""
        found = self.runs(name)
        return bool(found) and found[-1]["status"] not in ("queued", "running")

    def differences(self, portal: Portal, name: str, *types: str) -> list[str]:
        """The store held against the portal's truth."""
        return differences(portal, self.server.url, f"hubspot_{name}", types=types or ("contacts",))


@contextmanager
def fleet_on(home: Path, server: EmbeddedServer) -> Iterator[Fleet]:
    """A fleet whose processes are all gone afterwards."""
    made = Fleet(home, server)
    try:
        made.installation.run("status")  # migrated before the first worker
        yield made
    finally:
        made.leave()
        for process in made.workers:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()


def until(holds: Callable[[], bool], what: str, patience_s: float = PATIENCE_S) -> None:
    """Wait for something to become true."""
    end = time.monotonic() + patience_s
    while not holds():
        assert time.monotonic() < end, f"never: {what}"
        time.sleep(0.1)

"""``ontologie backup`` and ``restore``, as a user runs them."""

import asyncio
import os
import signal
from collections.abc import Callable
from pathlib import Path

import psycopg

from hubspot_simulator import Portal
from ontologie.clock import SystemClock
from ontologie.database.embedded import EmbeddedServer
from tests.conftest import Installation
from tests.fleet import Fleet, until
from tests.terminal import tells

_MIGRATIONS_LOCK = 0x6F6E746F
_WAITING = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"


def test_a_source_that_was_removed_comes_back_with_its_data_and_its_token(
    installation: Installation, portal: Callable[..., tuple[Portal, str]], tmp_path: Path
) -> None:
    _, url = portal(contacts=20)
    installation.add("kept", url, "--streams", "contacts")
    installation.run("sync", "kept")
    file = tmp_path / "ontologie.backup"
    installation.run("backup", str(file))
    assert "is there already" in installation.run("backup", str(file), expect=2)
    installation.run("source", "remove", "kept", "--with-data", "--yes")
    installation.run("restore", str(file), "--yes")
    assert "20" in installation.run("sql", "SELECT count(*) FROM hubspot_kept.contacts")
    installation.run("sync", "kept")
    (tmp_path / "no.backup").write_text("no")
    assert "not a whole backup" in installation.run("restore", str(tmp_path / "no.backup"), "--yes", expect=2)
    installation.run("source", "remove", "kept", "--with-data", "--yes")


def test_a_damaged_backup_and_a_running_worker_change_nothing(
    fleet: Fleet, portal: Callable[..., tuple[Portal, str]], tmp_path: Path
) -> None:
    _, url = portal(contacts=400)
    own = fleet.installation
    own.add("kept", url, "--streams", "contacts")
    own.run("sync", "kept")
    file, damaged = tmp_path / "whole.backup", tmp_path / "damaged.backup"
    own.run("backup", str(file))
    count = ("sql", "--json", "select count(*) from hubspot_kept.contacts")
    made = bytearray(file.read_bytes())
    made[-300:-100] = b"?" * 200
    damaged.write_bytes(made)
    worker = fleet.worker()
    assert tells(own.run("restore", str(file), "--yes", expect=2), "RESTORE_IN_USE", {})
    assert worker.poll() is None, "it goes on"
    worker.terminate()
    worker.communicate(timeout=30)
    said = own.run("restore", str(damaged), "--yes", expect=1)
    assert tells(said.replace("\n", " "), "BACKUP_FAILED", {"program": "pg_restore", "reason": ""})
    assert '"count": 400' in own.run(*count)
    own.run("restore", str(file), "--yes")
    assert '"count": 400' in own.run(*count)
    own.run("sync", "kept")


def test_a_restore_killed_behind_its_last_statement_is_whole_for_readers_too(
    own: Installation, portal: Callable[..., tuple[Portal, str]], tmp_path: Path
) -> None:
    _, url = portal(contacts=3)
    own.add("kept", url, "--streams", "contacts")
    own.run("sync", "kept")
    file = tmp_path / "whole.backup"
    own.run("backup", str(file))
    server = EmbeddedServer(own.home, SystemClock())
    asyncio.run(server.acquire())
    reads = own.run("database-url").strip()
    with psycopg.connect(reads, autocommit=True) as reader:
        reader.execute("SELECT pg_advisory_lock(%s)", [_MIGRATIONS_LOCK])
        restoring = own.begin("restore", str(file), "--yes")
        until(lambda: reader.execute(_WAITING).fetchone() == (1,), "the backup is in its place")
        os.kill(restoring.pid, signal.SIGKILL)
        restoring.communicate()
    with psycopg.connect(reads) as reader:
        assert reader.execute("SELECT count(*) FROM hubspot_kept.contacts").fetchone() == (3,)
    asyncio.run(server.release())
    own.run("sync", "kept")

"""``ontologie backup`` and ``restore``, as a user runs them."""

from collections.abc import Callable
from pathlib import Path

from hubspot_simulator import Portal
from tests.conftest import Installation
from tests.fleet import Fleet
from tests.terminal import tells


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

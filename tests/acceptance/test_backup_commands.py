"""``ontologie backup`` and ``restore``, as a user runs them."""

from collections.abc import Callable
from pathlib import Path

from hubspot_simulator import Portal
from tests.conftest import Installation


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

"""``ontologie export`` and ``drift``, as a user runs them."""

import json
from collections.abc import Callable
from pathlib import Path

from hubspot_simulator import Portal
from tests.conftest import Installation
from tests.terminal import tells


def test_a_source_is_exported_and_wrong_requests_are_refused_in_words(
    installation: Installation, portal: Callable[..., tuple[Portal, str]], tmp_path: Path
) -> None:
    _, url = portal(contacts=20)
    installation.add("exported", url, "--streams", "contacts")
    installation.run("sync", "exported")
    done = json.loads(installation.run("export", "exported", str(tmp_path / "all.xlsx"), "--json"))
    assert done["records"] == {"contacts": 20}
    columns = ("--table", "contacts", "--columns", "id,email")
    installation.run("export", "exported", str(tmp_path / "c.csv"), *columns)
    assert len((tmp_path / "c.csv").read_text().splitlines()) == 21
    assert "parquet, csv" in installation.run("export", "exported", str(tmp_path / "c.doc"), expect=2)
    assert "Nothing has changed" in installation.run("drift", "exported")


def test_a_library_that_is_not_installed_is_named_and_no_file_is_left(
    installation: Installation, portal: Callable[..., tuple[Portal, str]], tmp_path: Path
) -> None:
    _, url = portal(contacts=2)
    installation.add("bare", url, "--streams", "contacts")
    installation.run("sync", "bare")
    without, target = tmp_path / "without", tmp_path / "files"
    without.mkdir()
    (without / "duckdb.py").write_text("raise ModuleNotFoundError('duckdb')")
    said = installation.run("export", "bare", str(target / "a.duckdb"), expect=2, PYTHONPATH=str(without))
    assert tells(said, "EXTRA_MISSING", {"extra": "duckdb"})
    assert list(target.iterdir()) == []
    installation.run("export", "bare", str(target / "a.parquet"), PYTHONPATH=str(without))

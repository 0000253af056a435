"""The notebook of docs/howto runs as it is written, on what a sync of the simulated portal has stored."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest

import ontologie
from hubspot_simulator import Portal
from ontologie.clock import SystemClock
from ontologie.database.embedded import EmbeddedServer
from tests.conftest import Installation
from tests.lab import Lab

NOTEBOOK = Path(__file__).parents[2] / "docs" / "howto" / "python.ipynb"


def test_every_cell_of_the_notebook_runs(
    lab: Lab, installation: Installation, portal: Callable[..., tuple[Portal, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, url = portal(contacts=30, companies=10, deals=40)
    lab.add("demo", url)
    lab.sync("demo")
    monkeypatch.setenv("ONTOLOGIE_HOME", str(installation.home))
    cells = [cell for cell in json.loads(NOTEBOOK.read_text())["cells"] if cell["cell_type"] == "code"]
    names: dict[str, object] = {}
    for cell in cells:
        exec("".join(cell["source"]), names)
    assert names["rows"] == 30


def test_a_program_uses_the_installation_as_long_as_it_is_connected(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    for folder in tmp_path.parents[:2]:
        folder.chmod(0o755)  # run by root, the server has an account of its own
    server = EmbeddedServer(tmp_path, SystemClock())
    with ontologie.connect(home=tmp_path) as live:
        assert live.sources() == []
        assert not asyncio.run(server.stop()), "in use"
    assert not asyncio.run(server.stop()), "stopped by the last to leave"

"""A portal for the peers to read, and an environment for each of them, kept in ``build/peers``."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hubspot_simulator import (
    ALL_READ_SCOPES,
    DEFAULT_CLIENT_ID,
    DEFAULT_CLIENT_SECRET,
    Portal,
    PortalConfig,
    Server,
    catalogue,
)
from hubspot_simulator import serve_in_thread as serve

# Downloads hundreds of packages and takes minutes: only where it is asked for (make test-peers).
collect_ignore_glob = [] if os.environ.get("TEST_PEERS") else ["test_*.py"]

_ROOT = Path(__file__).parents[2]
_ENVIRONMENTS = _ROOT / "build" / "peers"
SCOPES = tuple(dict.fromkeys([*ALL_READ_SCOPES, *(s for k in catalogue.TYPES for group in k.scopes for s in group)]))
TYPES = ("contacts", "companies", "deals")


class Peer:
    """A connector in its environment, pointed at the portal."""

    def __init__(self, folder: Path, server: Server, workspace: Path) -> None:
        self.folder = folder
        self.server = server
        self.workspace = workspace

    def write(self, name: str, value: Any) -> str:
        """A JSON file for the peer; its path."""
        path = self.workspace / name
        path.write_bytes(msgspec.json.encode(value))
        return str(path)

    def run(self, command: str, *arguments: str) -> list[dict[str, Any]]:
        """The JSON lines that a command prints; a test failure with its log when it fails."""
        environment = {
            "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}",
            "HOME": str(self.workspace),
            "PYTHONPATH": str(Path(__file__).parent / "redirect"),
            "PEER_PORTAL": self.server.url,
        }
        done = subprocess.run(
            [str(self.folder / "bin" / command), *arguments],
            env=environment,
            cwd=self.workspace,
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
        )
        assert done.returncode == 0, f"{command} exit {done.returncode}\n{done.stdout[-500:]}\n{done.stderr[-2_000:]}"
        lines = done.stdout.splitlines()
        if lines and lines[0] == "{":
            return [msgspec.json.decode(done.stdout)]
        return [msgspec.json.decode(line) for line in lines if line.startswith("{")]


def environment(name: str, requirement: str) -> Path:
    """A virtual environment with this package from the registry; made once."""
    folder = _ENVIRONMENTS / name
    if not (folder / "ready").exists():
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        subprocess.run([*pip, requirement], check=True, timeout=1_200)
        (folder / "ready").touch()
    return folder


@pytest.fixture
def odd_numbers() -> bool:
    """Whether number properties may hold text; overridden for a peer that dies of it."""
    return True


@pytest.fixture
def portal(odd_numbers: bool) -> Portal:
    """Enough records for pages, and associations beyond one page."""
    config = PortalConfig(contacts=1_200, companies=400, deals=600, scopes=SCOPES, odd_numbers=odd_numbers)
    return Portal(config)


@pytest.fixture
def server(portal: Portal) -> Iterator[Server]:
    with serve(portal) as running:
        yield running


@pytest.fixture
def oauth(portal: Portal) -> dict[str, str]:
    """Credentials of an installed OAuth app."""
    app = portal.accounts.apps[DEFAULT_CLIENT_ID]
    installed = portal.accounts.install(app, portal, SCOPES)
    return {
        "client_id": DEFAULT_CLIENT_ID,
        "client_secret": DEFAULT_CLIENT_SECRET,
        "refresh_token": installed.refresh_token,
    }


def live(portal: Portal, object_type: str) -> dict[int, dict[str, Any]]:
    """The live records of a type as they truly are, by id."""
    return {
        line["id"]: line["properties"]
        for line in portal.truth()
        if line["kind"] == "record"
        and line["type"] == object_type
        and not (line["archived"] or line["merged_into"] or line["purged"])
    }


def edit_some(portal: Portal) -> dict[str, set[int]]:
    """Edits seven records of each type and archives one, now (peers leave the future alone); the ids edited."""
    edited: dict[str, set[int]] = {}
    names = {"contacts": "jobtitle", "companies": "city", "deals": "dealname"}
    for object_type, name in names.items():
        ids = portal.stores[object_type].ids
        edited[object_type] = {ids.of(index) for index in range(20, 27)}
        for object_id in edited[object_type]:
            portal.events.edit(object_type, object_id, {name: f"Edited {object_id}"})
        portal.events.archive(object_type, ids.of(40))
    return edited


class Figures:
    """What a run cost, printed at its end."""

    def __init__(self, name: str, portal: Portal) -> None:
        self._name, self._portal = name, portal
        self._start = time.monotonic()
        portal.statistics.reset()

    def show(self, read: dict[str, int]) -> None:
        """One line: records by type, requests, 429s, seconds."""
        seconds, counts = time.monotonic() - self._start, self._portal.statistics
        records = ", ".join(f"{count:,} {name}" for name, count in read.items())
        families = ", ".join(f"{name} {count.requests}" for name, count in sorted(counts.families.items()))
        sys.stdout.write(
            f"\n{self._name}: {records}; {counts.requests} requests ({families}), "
            f"{counts.rate_limited} refused with 429, {seconds:.1f} s\n"
        )

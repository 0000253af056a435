"""What the tests stand on: one home folder with its embedded PostgreSQL, the real command, simulated portals."""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hubspot_simulator import DEFAULT_TOKEN, Portal, PortalConfig, serve_in_thread
from ontologie.clock import SystemClock
from ontologie.database.embedded import EmbeddedServer
from tests.lab import Lab

COMMAND = str(Path(sys.executable).with_name("ontologie"))


class Installation:
    """A home folder and the command in it, run as a user runs it."""

    def __init__(self, home: Path, environment: dict[str, str] | None = None) -> None:
        self.home = home
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("ONTOLOGIE_")},
            "ONTOLOGIE_HOME": str(home),
            "ONTOLOGIE_HUBSPOT_API_HOSTS": "127.0.0.1",
            "ONTOLOGIE_FREE_SHARE": "0",
            "ONTOLOGIE_FREE_SHARE_FIRST_SYNC": "0",
            "ONTOLOGIE_LEASE_SECONDS": "3",
            "ONTOLOGIE_SIMULATOR_PORT": "1",
            "HUBSPOT_TOKEN": DEFAULT_TOKEN,
            "LANG": "C.UTF-8",
            **(environment or {}),
        }

    def run(self, *arguments: str, expect: int = 0, **environment: str) -> str:
        """The command's stdout; a test failure with its stderr when it exits otherwise than expected."""
        done = subprocess.run(
            [COMMAND, *arguments],
            env=self.environment | environment,
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )
        assert done.returncode == expect, f"exit {done.returncode}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr + done.stdout
        return done.stdout if expect == 0 or done.stdout else done.stderr

    def begin(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """The command, running in the background in a process group of its own."""
        return subprocess.Popen(
            [COMMAND, *arguments],
            env=self.environment | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def add(self, name: str, url: str, *options: str) -> None:
        """A source on a portal at this address, synced on request only."""
        self.run(
            "source", "add", "hubspot", "--name", name, "--token-env", "HUBSPOT_TOKEN", "--api-url", url,
            "--frequency", "manual", *options,
        )  # fmt: skip


@pytest.fixture(scope="session")
def installation() -> Iterator[Installation]:
    """One installation for all tests; its server stays up, so that commands find it running."""
    with tempfile.TemporaryDirectory(prefix="ontologie-test-") as folder:
        home = Path(folder)
        home.chmod(0o755)  # run by root, the server has an account of its own
        server = EmbeddedServer(home, SystemClock())
        asyncio.run(server.acquire())
        try:
            yield Installation(home)
        finally:
            asyncio.run(server.release())


@pytest.fixture
def portal() -> Iterator[Callable[..., tuple[Portal, str]]]:
    """Starts portals: ``portal(contacts=10)`` gives the portal and its address."""
    running = []

    def start(**settings: object) -> tuple[Portal, str]:
        made = Portal(PortalConfig(**settings))  # type: ignore[arg-type]
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

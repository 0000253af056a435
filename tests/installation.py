"""A home folder and the real command in it."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import ClassVar

from hubspot_simulator import DEFAULT_TOKEN
from tests import prepared

HUBSPOTS = 5
"""Searches per second as HubSpot grants them, for the tests of limits."""
HURRIED = 50
"""The same for all others: HubSpot's five are most of what a small sync waits for."""
NOT_HANDED_ON = ("ONTOLOGIE_", "PYTHONDONTWRITEBYTECODE")
"""The second: a command that compiles itself anew takes twice as long, and there are hundreds."""
COMMAND = str(Path(sys.executable).with_name("ontologie"))


class Installation:
    """A home folder and the command in it, run as a user runs it."""

    begun: ClassVar[list[subprocess.Popen[str]]] = []
    """Processes of the running test."""

    def __init__(self, home: Path, environment: dict[str, str] | None = None) -> None:
        self.home = home
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(NOT_HANDED_ON)},
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
        command, variables = [COMMAND, *arguments], self.environment | environment
        if "PYTHONPATH" in environment:  # read at the start of Python
            done = subprocess.run(command, env=variables, capture_output=True, text=True, timeout=100, check=False)
        else:
            done = prepared.run(command, variables, timeout_s=100)
        assert done.returncode == expect, f"exit {done.returncode}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr + done.stdout
        return done.stdout if expect == 0 or done.stdout else done.stderr

    def begin(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """The command, running in the background in a process group of its own."""
        process = subprocess.Popen(
            [COMMAND, *arguments],
            env=self.environment | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.begun.append(process)
        return process

    @classmethod
    def end_all(cls) -> None:
        """Kill what a test has begun and not ended: one that failed must not make the next one fail."""
        while cls.begun:
            process = cls.begun.pop()
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()

    def add(self, name: str, url: str, *options: str) -> None:
        """A source on a portal at this address, synced on request only."""
        self.run(
            "source", "add", "hubspot", "--name", name, "--token-env", "HUBSPOT_TOKEN", "--api-url", url,
            "--frequency", "manual", *options,
        )  # fmt: skip

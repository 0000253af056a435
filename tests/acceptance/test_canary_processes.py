"""Planted secrets: neither PostgreSQL nor the simulated portal, which we start, has them around it."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

from tests.acceptance.test_canary import SECRET, TOKEN, clean
from tests.acceptance.test_server import served
from tests.installation import Installation
from tests.watching import free_port

__all__ = ["served"]
KEY = "Y2FuYXJ5a2V5Y2FuYXJ5a2V5Y2FuYXJ5a2V5MTIzNDU="


def processes(*marks: str) -> Iterator[tuple[str, str]]:
    """The command line and the environment of every process whose command line has one of these marks."""
    for place in Path("/proc").iterdir():
        try:
            command = place.joinpath("cmdline").read_text(errors="replace").replace("\0", " ")
            if place.name.isdecimal() and any(mark in command for mark in marks):
                yield command, place.joinpath("environ").read_text(errors="replace")
        except OSError:
            continue  # it has ended meanwhile


def test_neither_postgresql_nor_the_simulated_portal_gets_a_secret(served: Installation) -> None:
    port = str(free_port())
    served.environment |= {
        "ONTOLOGIE_SIMULATOR_PORT": port,
        "ONTOLOGIE_SECRET_KEY": KEY,
        "ONTOLOGIE_HUBSPOT_CLIENT_ID": "known",
        "ONTOLOGIE_HUBSPOT_CLIENT_SECRET": SECRET,
        "CANARY": TOKEN,
    }
    process = served.begin("start", "--with-simulated-portal")
    assert process.stdout is not None
    try:
        while "Ctrl-C" not in process.stdout.readline():
            assert process.poll() is None, process.communicate()
        around = list(processes(f"-D {served.home}/postgres", f"--port {port}"))
        backup = served.home / "all.backup"
        served.run("backup", str(backup))
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.communicate()
    assert {"postgres" in command for command, _ in around} == {True, False}
    for command, variables in around:
        assert "PATH=" in variables
        assert KEY not in variables
        clean(command + variables)
    written = backup.read_bytes().decode("latin-1")
    assert KEY not in written
    clean(written)
